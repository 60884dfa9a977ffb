//! The municipal API, short enough to be read as its specification and real enough to run.
//!
//! A request goes through [`routes`], which know HTTP, to a matter ([`town::Town`]'s methods), which decides, to the
//! [`store`], which knows SQL. Whatever arrives is acknowledged with the town's signature in the transaction that
//! keeps it, so that the same request again is answered with the same word.
//!
//! The server is a library too: the app runs the [`practice`] town in its own process.

mod address;
mod arrivals;
mod bounds;
mod card;
mod carts;
mod cases;
mod certificates;
mod changes;
mod desks;
mod devices;
mod entropy;
mod files;
mod honest;
pub mod identity;
mod keys;
mod limits;
mod messages;
mod notices;
mod operators;
mod page;
pub mod pagopa;
mod positions;
pub mod practice;
mod reader;
mod refusal;
mod reports;
mod residents;
mod retention;
mod room;
pub mod routes;
mod seats;
mod serving;
mod sessions;
mod signatures;
mod snapshot;
mod store;
mod sweeping;
mod town;
mod uploads;

use std::future::Future;
use std::io;
use std::sync::Arc;

use tokio::net::TcpListener;

pub use bounds::Bounds;
pub use card::TownIdentity;
pub use certificates::{Signer, Unsigned};
pub use desks::Desks;
pub use keys::{revoke, rotate};
pub use positions::follow;
pub use reader::{Owner, Reader};
pub use refusal::Refusal;
pub use retention::Retention;
pub use store::{Record, StoreError};
pub use town::{Changed, Clock, OpenError, Town, system_clock};

/// Answers for this town on this listener until `stop` completes; calls under way are finished first, within
/// [`Bounds::closing`].
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    town: Arc<Town>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let sweeping = tokio::spawn(sweeping::sweep(town.clone()));
    let tending = tokio::spawn(snapshot::tend(town.clone()));
    let issuing = tokio::spawn(certificates::follow(town.clone()));
    let served = serving::answer(listener, town, stop).await;
    sweeping.abort();
    tending.abort();
    issuing.abort();
    served
}
