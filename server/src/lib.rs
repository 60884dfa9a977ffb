//! The municipal API, short enough to be read as its specification and real enough to run.
//!
//! A request goes through [`routes`], which know HTTP, to a matter ([`town::Town`]'s methods), which decides, to the
//! [`store`], which knows SQL. Whatever arrives is acknowledged with the town's signature in the transaction that
//! keeps it, so that the same request again is answered with the same word.
//!
//! The server is a library too: the app runs the [`practice`] town in its own process.

mod arrivals;
mod card;
mod carts;
mod cases;
mod certificates;
mod changes;
mod entropy;
mod files;
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
pub mod routes;
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

pub use card::TownIdentity;
pub use certificates::{Signer, Unsigned};
pub use keys::rotate;
pub use positions::follow;
pub use reader::{Owner, Reader};
pub use refusal::Refusal;
pub use store::{Record, StoreError};
pub use town::{Changed, Clock, OpenError, Town, system_clock};

/// Answers for this town on this listener until `stop` completes; requests under way are finished first.
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
    let ended = town.ended();
    let stop = async move {
        stop.await;
        // Event streams would keep the server waiting for ever.
        ended.cancel();
    };
    let served = axum::serve(listener, routes::service(town)).with_graceful_shutdown(stop).await;
    sweeping.abort();
    tending.abort();
    issuing.abort();
    served
}
