//! The town's door on the network: connections that are bounded in number and patience, and a closing that ends.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1::Builder;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt as _;

use crate::http::router;
use crate::limits::address::Address;
use crate::limits::seats::Seats;
use crate::town::Town;

/// After an accept that failed: a full table of descriptors is not emptied by asking again at once.
const BREATH: Duration = Duration::from_millis(100);

/// Answers for this town, and on routes that are no part of the municipal API, on this listener until `stop` completes; calls under way are finished first, within
/// [`crate::Bounds::closing`].
pub(crate) async fn answer(
    listener: TcpListener,
    (town, more): (Arc<Town>, Router<Arc<Town>>),
    stop: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let bounds = town.identity.bounds.clone();
    let seats = Seats::new(bounds.connections_per_address, bounds.connections);
    // Whoever comes through a proxy shares its address: each caller behind it is counted by what it says of them.
    let proxied = Seats::new(bounds.connections, bounds.connections);
    let (graceful, mut connections) = (GracefulShutdown::new(), JoinSet::new());
    let mut builder = Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(bounds.head).max_buf_size(64 * 1024);
    let router = router::service(town.clone(), more);
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
            // Those that ended are forgotten.
            Some(_) = connections.join_next() => continue,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(cause) => {
                tracing::warn!(cause = ?cause.kind(), "connection not accepted");
                tokio::time::sleep(BREATH).await;
                continue;
            }
        };
        let behind_proxy = town.identity.proxies.iter().any(|proxy| proxy.contains(&peer.ip().to_canonical()));
        let seat = if behind_proxy { &proxied } else { &seats }.take(Address::from(peer.ip()));
        // Without a word: a refusal would cost more than what it refuses.
        let Some(seat) = seat else { continue };
        let router = router.clone();
        let answer = service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            router::override_method(&mut request);
            router.clone().oneshot(request)
        });
        // Whoever never reads what they asked for holds nothing for ever.
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(bounds.call));
        let served = graceful.watch(builder.serve_connection(TokioIo::new(Box::pin(stream)), answer));
        connections.spawn(async move {
            // What a client did to its own connection is no news.
            let _ = served.await;
            drop(seat);
        });
    }
    drop(listener);
    // Event streams would keep the town open for ever.
    town.ended().cancel();
    if tokio::time::timeout(bounds.closing, graceful.shutdown()).await.is_err() {
        tracing::warn!("closing: open calls cut off");
        connections.shutdown().await;
    }
    Ok(())
}
