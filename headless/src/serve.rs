//! The interface in a plain browser: the same commands over HTTP, on the loopback interface, behind a token.
//!
//! A word stands in the address that is printed. The first visit spends it, and gives a cookie that no script reads and no other site
//! can use; after that nothing is answered without the cookie.

mod door;

use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event as Sent, KeepAlive};
use axum::response::{IntoResponse as _, Response, Sse};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as B64;
use futures_util::{Stream, StreamExt as _};
use tokio::net::TcpListener;
use tokio_stream::wrappers::BroadcastStream;
use tower_http::services::{ServeDir, ServeFile};
use vicino_contract::ipc::{self, ARGUMENTS};
use vicino_contract::{Failure, FailureCode};
use vicino_domain::media::UNKNOWN;

pub use door::{Door, Tell};

/// Room for the largest photo taken in, and a little more so that the core can say that one is too heavy.
const LARGEST: usize = 41_000_000;
/// What the page may load and reach: itself alone.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; \
    font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A word or a pass: 256 random bits, base64url.
///
/// # Errors
/// When the system has no randomness.
fn token() -> std::io::Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
    Ok(B64.encode(bytes))
}

/// The way a device of this program practises: the practice town runs in the same process.
#[must_use]
pub fn practise() -> vicino_core::Practise {
    Arc::new(|home| {
        Box::pin(async move {
            let started = vicino_server::practice::at_home(&home).await;
            started.map_err(|cause| {
                tracing::error!(%cause, "practice town not started");
                Failure::new(FailureCode::Internal)
            })
        })
    })
}

/// Listens on an address of its own on the loopback interface: a browser gives the cookies of a host to every port of it, and no other
/// program answers for this one. Where the system has a single such address, on that.
///
/// # Errors
/// When nothing can be listened to, or the system has no randomness.
pub async fn listener() -> std::io::Result<TcpListener> {
    let mut own = [0; 3];
    getrandom::fill(&mut own).map_err(std::io::Error::other)?;
    let [a, b, c] = own;
    match TcpListener::bind((Ipv4Addr::new(127, a, b, c.clamp(2, 254)), 0)).await {
        Ok(listener) => Ok(listener),
        Err(_) => TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await,
    }
}

/// The routes of a device shown in a browser; `ui` is the folder with the built interface.
pub fn router(door: Door, ui: PathBuf) -> Router {
    let door = Arc::new(door);
    let pages = ServeDir::new(&ui).fallback(ServeFile::new(ui.join("index.html")));
    Router::new()
        .route("/ipc/events", get(events))
        .route("/ipc/{name}", post(command))
        .route("/photo/{id}", get(photo))
        .route("/file/{id}", get(file))
        .fallback_service(pages)
        .layer(DefaultBodyLimit::max(LARGEST))
        .layer(middleware::from_fn_with_state(door.clone(), door::admit))
        .layer(middleware::from_fn(close))
        .with_state(door)
}

/// Headers that keep the page to itself.
async fn close(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin"));
    response
}

/// A command: its arguments are the body, or a header when the body is a file.
async fn command(State(door): State<Arc<Door>>, Path(name): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    let bad = || Failure::new(FailureCode::BadCall);
    let arguments = match headers.get(ARGUMENTS) {
        Some(value) => serde_json::from_slice(value.as_bytes()).map(|arguments| (arguments, Vec::from(body))),
        None => serde_json::from_slice(&body).map(|arguments| (arguments, Vec::new())),
    };
    let answered = match arguments {
        Err(_) => Err(bad()),
        Ok((arguments, bytes)) => {
            let work = tokio::task::spawn_blocking(move || ipc::dispatch(&door.app, &name, arguments, bytes));
            work.await.unwrap_or_else(|_| Err(Failure::new(FailureCode::Internal)))
        }
    };
    match answered {
        Ok(reply) => ([(header::CONTENT_TYPE, "application/octet-stream")], reply).into_response(),
        Err(failure) => (StatusCode::BAD_REQUEST, ipc::pack(&failure)).into_response(),
    }
}

/// A photo by its identity.
async fn photo(State(door): State<Arc<Door>>, Path(id): Path<String>) -> Response {
    let Ok(id) = id.parse() else { return StatusCode::NOT_FOUND.into_response() };
    let read = tokio::task::spawn_blocking(move || door.app.photo(id)).await;
    match read {
        Ok(Ok(jpeg)) => {
            let headers = [(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, "private, no-store")];
            (headers, jpeg).into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A file of a case or a thread by its identity, shown and not saved: a shared computer keeps nothing of it.
async fn file(State(door): State<Arc<Door>>, Path(id): Path<String>) -> Response {
    let Ok(id) = id.parse() else { return StatusCode::NOT_FOUND.into_response() };
    let read = tokio::task::spawn_blocking(move || door.app.file(id)).await;
    match read {
        Ok(Ok((media, bytes))) => {
            let media = HeaderValue::from_str(&media).unwrap_or(HeaderValue::from_static(UNKNOWN));
            // What is no paper is not shown on this page's own ground.
            let shown = HeaderValue::from_static(if media == UNKNOWN { "attachment" } else { "inline" });
            let headers = [
                (header::CONTENT_TYPE, media),
                (header::CONTENT_DISPOSITION, shown),
                (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
            ];
            (headers, bytes).into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// What changed, as it happens.
async fn events(State(door): State<Arc<Door>>) -> Sse<impl Stream<Item = Result<Sent, Infallible>>> {
    let events = BroadcastStream::new(door.app.listen()).map(|event| {
        // Missed some: everything is read again.
        let names = match event {
            Ok(event) => event.code(),
            Err(_) => "missed",
        };
        Ok(Sent::default().data(names))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(20)))
}
