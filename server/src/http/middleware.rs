//! What every answer has in common: a refusal is a problem, the rate is told, one line is logged.

use std::any::Any;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant as Stopwatch;

use axum::extract::{ConnectInfo, DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use uuid::Uuid;
use vicino_contract::http::{PROBLEM_TYPE, ProblemCode, path};

use crate::access::operators;
use crate::http::extract::{Caller, bearer};
use crate::http::problem::problem;
use crate::http::routes::uploads::spoken;
use crate::http::routes::verify::LARGEST as PAPER;
use crate::http::table::{Brings, Metered, Row, Who, row_of, verbs_of};
use crate::limits::address::{Address, FORWARDED};
use crate::limits::meters::Allowance;
use crate::refusal::{RefusalKind, unauthorized};
use crate::town::blocking::blocking;
use crate::{Refusal, Town};

/// The bytes of a call that brings words.
const WORDS: usize = 256 * 1024;

/// Marks a refusal that is no problem and stays as it is: one in the words of RFC 6749 section 5.2, a page in a browser.
#[derive(Clone, Copy)]
pub(crate) struct InItsOwnWords;

/// Turns refusals of the framework itself into problems (RFC 9457), so that there is one kind of refusal.
pub(crate) async fn problems(request: Request, next: Next) -> Response {
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
        StatusCode::METHOD_NOT_ALLOWED => (ProblemCode::MethodNotAllowed, "Method not allowed"),
        StatusCode::PAYLOAD_TOO_LARGE => (ProblemCode::TooLarge, "Larger than this town accepts"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => (ProblemCode::UnsupportedMediaType, "Unsupported media type"),
        StatusCode::BAD_REQUEST => (ProblemCode::Malformed, "Malformed request"),
        other if other.is_client_error() => (ProblemCode::Other, "Refused"),
        _ => (ProblemCode::Internal, "Internal error"),
    };
    let allow = response.headers().get(header::ALLOW).cloned();
    let mut answer = problem(status, code, title);
    if let Some(allow) = allow {
        answer.headers_mut().insert(header::ALLOW, allow);
    }
    answer
}

/// What a panic in a handler becomes.
pub(crate) fn fault(_cause: Box<dyn Any + Send>) -> Response {
    tracing::error!("handler panicked");
    Refusal::new(RefusalKind::Internal, ProblemCode::Internal, "Internal error").into_response()
}

/// The door: who calls is asked once, the table of callers says what they may, their meter pays, and the call ends in time.
pub(crate) async fn door(State(town): State<Arc<Town>>, mut request: Request, next: Next) -> Response {
    let matched = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let row = matched.as_deref().and_then(|path| row_of(request.method(), path));
    let address = match request.extensions().get::<ConnectInfo<SocketAddr>>() {
        Some(ConnectInfo(peer)) => {
            let said = request.headers().get_all(FORWARDED).iter().filter_map(|line| line.to_str().ok());
            Address::of(peer.ip(), said, &town.identity.proxies)
        }
        None => Address::from(IpAddr::from([0, 0, 0, 0])),
    };
    // Whatever somebody has routed and not written into the table is not there.
    if let Some(path) = matched.as_deref().filter(|_| row.is_none()) {
        let answer = match let_in(&town, None, (&Caller::Nobody, address), 0) {
            Ok(left) => with_allowance(unwritten(path), left),
            Err(refused) => *refused,
        };
        return by_plain_rules(&town, answer, false);
    }
    let token = bearer(request.headers()).map(str::to_owned);
    let caller = match blocking(&town, move |town| Caller::of(town, token.as_deref())).await {
        Ok(caller) => caller,
        Err(refusal) => return by_plain_rules(&town, refusal.into_response(), true),
    };
    let (private, stranger) = (!matches!(caller, Caller::Nobody), matches!(caller, Caller::Stranger));
    let refused =
        if let Caller::Office(operator) = &caller { Some((operator.id.clone(), named(&request))) } else { None };
    let mut response = match let_in(&town, row, (&caller, address), said(&request)) {
        Err(refused) => *refused,
        Ok(left) => {
            let pace = row.map_or(Metered::Call, |row| row.pace);
            DefaultBodyLimit::max(most(&town, row)).apply(&mut request);
            request.extensions_mut().insert(caller);
            request.extensions_mut().insert(address);
            let response = match pace {
                Metered::Call | Metered::Session => in_time(&town, next.run(request)).await,
                Metered::Piece | Metered::Stream => next.run(request).await,
            };
            with_allowance(response, left)
        }
    };
    if let Some((operator, about)) = refused.filter(|_| REFUSED.contains(&response.status())) {
        let noted = blocking(&town, move |town| operators::note_refusal(town, &operator, &about)).await;
        if let Err(refusal) = noted {
            return by_plain_rules(&town, refusal.into_response(), private);
        }
    }
    if row.is_some_and(|row| row.path.starts_with(path::UPLOADS)) {
        response = spoken(response);
    }
    if stranger && response.status() == StatusCode::UNAUTHORIZED {
        // RFC 6750 section 3.1: a token was shown, and is not known or not good any more.
        let invalid = HeaderValue::from_static("Bearer realm=\"vicino\", error=\"invalid_token\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, invalid);
    }
    by_plain_rules(&town, response, private)
}

/// The answer to a call without a row: of a path with none, and of a verb with none.
fn unwritten(path: &str) -> Response {
    let verbs = verbs_of(path).join(", ");
    if verbs.is_empty() {
        return Refusal::not_found().into_response();
    }
    let mut refused =
        Refusal::new(RefusalKind::Method, ProblemCode::MethodNotAllowed, "Method not allowed").into_response();
    if let Ok(verbs) = HeaderValue::from_str(&verbs) {
        refused.headers_mut().insert(header::ALLOW, verbs);
    }
    refused
}

/// The answers to an operator that are written into the audit: what they may not do, and what is not theirs to see or is not there.
const REFUSED: [StatusCode; 2] = [StatusCode::FORBIDDEN, StatusCode::NOT_FOUND];

/// The subject of a call: the identities in its path, or else the path.
fn named(request: &Request) -> Vec<String> {
    let path = request.uri().path();
    let ids: Vec<String> = path.split('/').filter(|part| part.parse::<Uuid>().is_ok()).map(str::to_owned).collect();
    // Whatever a caller writes is not kept at any length.
    if ids.is_empty() { vec![path.chars().take(100).collect()] } else { ids }
}

/// The amount a call says that it brings, in kilobytes; one that does not say brings what any may.
fn said(request: &Request) -> u32 {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    u32::try_from(length.unwrap_or(256_000_u64).div_ceil(1024)).unwrap_or(u32::MAX)
}

/// Returns whether a call goes on; with what is left of its caller's meter, where that is charged here.
fn let_in(
    town: &Town,
    row: Option<&Row>,
    (caller, address): (&Caller, Address),
    kilobytes: u32,
) -> Result<Option<Allowance>, Box<Response>> {
    let left = charged(town, row, (caller, address), kilobytes).map_err(|refusal| {
        let (limit, reset) = (refusal.allowed.unwrap_or_default(), refusal.retry_after.unwrap_or(1));
        let mut response = refusal.into_response();
        tell(response.headers_mut(), u64::from(limit), 0, reset);
        Box::new(response)
    })?;
    let refusal = match (row.map(|row| row.who), caller) {
        // Whatever the router says of a path that is none.
        (None | Some(Who::Anyone | Who::AnyoneOrKnown), _) => None,
        (Some(Who::Known | Who::Owner | Who::KnownOrOffice), Caller::Known(_)) => None,
        (Some(Who::KnownOrOffice), Caller::Office(_)) => None,
        (Some(Who::Resident), Caller::Known(reader)) if reader.resident.is_some() => None,
        (Some(Who::Resident), Caller::Known(_)) => {
            Some(Refusal::new(RefusalKind::Forbidden, ProblemCode::SignInRefused, "A signed-in resident is required"))
        }
        (Some(Who::Office(least)), Caller::Office(operator)) => operator.at_least(least).err(),
        (Some(_), _) => Some(unauthorized()),
    };
    let Some(refusal) = refusal else { return Ok(left) };
    Err(Box::new(with_allowance(refusal.into_response(), left)))
}

/// Charges a call to everybody behind its address, its words to whose they are, and itself to its caller; answers what is left to the
/// caller, where that is charged here.
fn charged(
    town: &Town,
    row: Option<&Row>,
    (caller, address): (&Caller, Address),
    kilobytes: u32,
) -> Result<Option<Allowance>, Refusal> {
    let meters = &town.limits.meters;
    meters.address_calls.take(&format!("address:{address}"), 1)?;
    // A device's words are kept: they have a share of the day, as its pictures have.
    if matches!((row.map(|row| row.brings), caller), (Some(Brings::Words), Caller::Known(_))) {
        meters.words.take(&caller.meter(address), kilobytes)?;
        meters.address_words.take(&format!("address:{address}"), kilobytes)?;
        meters.town_words.take("town", kilobytes)?;
    }
    match row.map(|row| row.pace) {
        // Charged where the token of the session is read.
        Some(Metered::Session) => Ok(None),
        _ => meters.calls.take(&caller.meter(address), 1).map(Some),
    }
}

/// The bytes a call may bring.
fn most(town: &Town, row: Option<&Row>) -> usize {
    match row.map_or(Brings::Nothing, |row| row.brings) {
        Brings::Nothing | Brings::Words => WORDS,
        Brings::File => usize::try_from(town.identity.limits.file_bytes).unwrap_or(usize::MAX),
        Brings::Paper => PAPER,
        // Read as a stream, and counted there.
        Brings::Piece => usize::MAX,
    }
}

/// The answer, if it comes in time: whoever drips a body, or never ends it, is not waited for.
async fn in_time(town: &Town, answer: impl Future<Output = Response>) -> Response {
    match tokio::time::timeout(town.identity.bounds.call, answer).await {
        Ok(response) => response,
        Err(_) => {
            let mut late =
                Refusal::new(RefusalKind::TooSlow, ProblemCode::TooSlow, "The request took too long").into_response();
            late.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            late
        }
    }
}

/// What every answer says to whoever keeps or guesses (RFC 9111 section 5.2.2.5; `nosniff`; RFC 6797 where the town is reached sealed).
fn by_plain_rules(town: &Town, mut response: Response, private: bool) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if private && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if town.identity.address.as_deref().is_some_and(|address| address.starts_with("https://")) {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}

/// An answer that tells what is left of its caller's meter, where that was charged.
fn with_allowance(mut response: Response, left: Option<Allowance>) -> Response {
    if let Some(left) = left {
        tell(response.headers_mut(), u64::from(left.limit), u64::from(left.remaining), left.reset);
    }
    response
}

fn tell(headers: &mut HeaderMap, limit: u64, remaining: u64, reset: u64) {
    for (name, value) in
        [("x-ratelimit-limit", limit), ("x-ratelimit-remaining", remaining), ("x-ratelimit-reset", reset)]
    {
        headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
    }
}

/// A line for each call: the route's pattern, never its identities, nothing of anyone.
pub(crate) async fn log(request: Request, next: Next) -> Response {
    let begun = Stopwatch::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", |path| path.as_str()).to_owned();
    let response = next.run(request).await;
    let millis = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(%method, route, status = response.status().as_u16(), millis, "answered");
    response
}
