//! A town at work: its routes answer, and beside them it is swept, its snapshot is kept, and its certificates are issued.

use std::io;
use std::path::Path;
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::feed::snapshot;
use crate::http::router::Routes;
use crate::http::serving;
use crate::janitor;
use crate::matters::{case, certificate, receive_once};
use crate::town::card::TownIdentity;
use crate::town::{Clock, OpenError, Town};

/// Opens the town kept in this folder, or founds it there.
///
/// # Errors
/// [`OpenError`] when the folder or the register cannot be used.
pub fn open(folder: &Path, identity: TownIdentity, clock: Clock) -> Result<Town, OpenError> {
    let town = Town::open(folder, identity, clock)?;
    // A town that has got a new key since: what it gives out is signed by the one it has.
    case::sign_forms_again(&town)?;
    receive_once::sign_words_again(&town)?;
    Ok(town)
}

/// Answers for this town, and on routes that are no part of the municipal API, until `stop` completes.
pub(crate) async fn serve_with(
    listener: TcpListener,
    (town, more): (Arc<Town>, Routes),
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let sweeping = tokio::spawn(janitor::sweep(town.clone()));
    let tending = tokio::spawn(snapshot::tend(town.clone()));
    let issuing = tokio::spawn(certificate::follow(town.clone()));
    let served = serving::answer(listener, (town, more), stop).await;
    sweeping.abort();
    tending.abort();
    issuing.abort();
    served
}
