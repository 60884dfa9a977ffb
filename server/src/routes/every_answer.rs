//! What every answer has in common: a refusal is a problem, the rate is told, one line is logged.

use std::any::Any;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant as Stopwatch;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use vicino_contract::http::{PROBLEM_TYPE, ProblemCode};

use super::caller::bearer;
use crate::{Refusal, Town};

/// Marks a refusal that is no problem and stays as it is: one in the words of RFC 6749 section 5.2, a page in a browser.
#[derive(Clone, Copy)]
pub(super) struct InItsOwnWords;

/// Turns refusals of the framework itself into problems (RFC 9457), so that there is one kind of refusal.
pub(super) async fn problems(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    let fine = status.as_u16() < 400
        || response.extensions().get::<InItsOwnWords>().is_some()
        || response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes() == PROBLEM_TYPE.as_bytes());
    if fine {
        return response;
    }
    let (code, title) = match status {
        StatusCode::NOT_FOUND => (ProblemCode::NotFound, "Not found"),
        StatusCode::METHOD_NOT_ALLOWED => (ProblemCode::MethodNotAllowed, "Not with this method"),
        StatusCode::PAYLOAD_TOO_LARGE => (ProblemCode::TooLarge, "Larger than this town accepts"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => (ProblemCode::UnsupportedMediaType, "Unsupported media type"),
        StatusCode::BAD_REQUEST => (ProblemCode::Malformed, "Malformed"),
        other if other.is_client_error() => (ProblemCode::Other, "Refused"),
        _ => (ProblemCode::Internal, "Internal fault"),
    };
    let allow = response.headers().get(header::ALLOW).cloned();
    let mut problem = Refusal::new(status.as_u16(), code, title).into_response();
    for (name, value) in response.headers().iter().filter(|(name, _)| name.as_str().starts_with("x-ratelimit")) {
        problem.headers_mut().insert(name.clone(), value.clone());
    }
    if let Some(allow) = allow {
        problem.headers_mut().insert(header::ALLOW, allow);
    }
    problem
}

/// What a panic in a handler becomes.
pub(super) fn fault(_cause: Box<dyn Any + Send>) -> Response {
    tracing::error!("a handler panicked");
    Refusal::new(500, ProblemCode::Internal, "Internal fault").into_response()
}

/// Counts the call against its caller, and tells what is left (ModI, RAC_ROBUSTEZZA_001).
pub(super) async fn rate(State(town): State<Arc<Town>>, request: Request, next: Next) -> Response {
    let caller = caller(&town, &request);
    match town.rates.take(&caller) {
        Ok(left) => {
            let mut response = next.run(request).await;
            tell(response.headers_mut(), u64::from(left.limit), u64::from(left.remaining), left.reset);
            response
        }
        Err(refusal) => {
            let reset = refusal.retry_after.unwrap_or(1);
            let mut response = refusal.into_response();
            tell(response.headers_mut(), 0, 0, reset);
            response
        }
    }
}

/// Whose bucket a call is taken from: a known device's or the office's own, everyone else's by their address.
fn caller(town: &Town, request: &Request) -> String {
    let token = bearer(request.headers());
    if let Some(reader) = token.and_then(|token| town.reader(token).ok().flatten()) {
        return reader.device.to_string();
    }
    if let Some(operator) = token.and_then(|token| town.operator(token).ok().flatten()) {
        return operator.id;
    }
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    peer.map_or_else(|| String::from("nobody"), |ConnectInfo(address)| address.ip().to_string())
}

fn tell(headers: &mut HeaderMap, limit: u64, remaining: u64, reset: u64) {
    for (name, value) in
        [("x-ratelimit-limit", limit), ("x-ratelimit-remaining", remaining), ("x-ratelimit-reset", reset)]
    {
        headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
    }
}

/// One line for each call: the route's pattern, never its identities, nothing of anyone.
pub(super) async fn log(request: Request, next: Next) -> Response {
    let begun = Stopwatch::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", |path| path.as_str()).to_owned();
    let response = next.run(request).await;
    let millis = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(%method, route, status = response.status().as_u16(), millis, "answered");
    response
}
