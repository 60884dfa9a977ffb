//! The municipal API, short enough to be read as its specification and real enough to run.
//!
//! A request goes through [`http`], which knows HTTP, to the room of a matter in [`matters`], which decides, to the
//! [`store`], which knows SQL; [`Town`] holds what they work with. Whatever arrives is acknowledged with the town's signature in the transaction that
//! keeps it, so that the same request again is answered with the same word.
//!
//! The server is a library too: the app runs the `practice` town in its own process (a feature, which a real
//! town's program leaves out).

pub mod access;
mod entropy;
pub mod feed;
pub mod http;
mod janitor;
mod limits;
pub mod matters;
pub mod payments;
#[cfg(feature = "practice")]
pub mod practice;
pub mod providers;
mod reader;
mod refusal;
mod service;
mod settings;
mod store;
mod town;

use std::future::Future;
use std::io;
use std::sync::Arc;

use tokio::net::TcpListener;

pub use limits::bounds::Bounds;
pub use matters::certificate::{Signer, Unsigned};
pub use payments::receipts::follow;
pub use providers::pagopa;
pub use reader::{Owner, Reader};
pub use refusal::{Refusal, RefusalKind};
pub use service::open;
pub use settings::{Desks, Retention};
pub use store::{Record, StoreError};
pub use town::card::TownIdentity;
pub use town::keys::{revoke, rotate};
pub use town::register::{Changed, Register};
pub use town::{Clock, OpenError, Town, system_clock};

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
    #[cfg(feature = "practice")]
    let more = practice::routes::routes();
    #[cfg(not(feature = "practice"))]
    let more = http::router::Routes::new();
    service::serve_with(listener, (town, more), stop).await
}
