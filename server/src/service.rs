//! A town at work: its routes answer, and beside them it is swept, its snapshot is kept, and its certificates are issued.

use std::io;
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::feed::snapshot;
use crate::http::router::Routes;
use crate::http::serving;
use crate::janitor;
use crate::matters::certificate;
use crate::town::Town;

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
