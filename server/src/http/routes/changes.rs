//! What changed, and a stream that says that something did.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::sse::{Event, KeepAlive};
use axum::response::{IntoResponse as _, Response, Sse};
use futures_util::{Stream, StreamExt as _};
use serde::Deserialize;
use tokio_stream::wrappers::BroadcastStream;
use utoipa::IntoParams;
use vicino_contract::http::{Changes, ProblemCode, Scope};

use crate::access::sessions;
use crate::feed::changes;
use crate::feed::changes::FeedQuery;
use crate::http::conditions::names;
use crate::http::extract::{From, Known, bearer};
use crate::limits::address::Address;
use crate::limits::meters::too_often;
use crate::limits::seats::Seat;
use crate::refusal::RefusalKind;
use crate::town::blocking::blocking;
use crate::{Changed, Reader, Refusal, Town};

/// What to read: a feed is read when its cursor is given; an empty one reads from the start.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Feeds {
    /// Where the last page of the caller's own records ended; needs a token.
    #[param(max_length = 1024)]
    own: Option<String>,
    /// Where the last page of the public records ended.
    #[param(max_length = 1024)]
    public: Option<String>,
    /// Most records of a page.
    #[param(minimum = 1, maximum = 1000, format = Int32)]
    limit: Option<u32>,
}

/// Read what changed after a cursor
///
/// Whole records and tombstones in the town's order. 304 when `If-None-Match` carries the tag of an answer after which
/// nothing has changed. 410 when a cursor is of a past that this town no longer has: the code says which feed to read again
/// from the start.
#[utoipa::path(get, path = "/v1/changes", tag = "changes", operation_id = "read-changes",
    params(Feeds, ("If-None-Match" = Option<String>, Header, description = "The tag of the last answer")),
    responses((status = 200, description = "A page of each feed asked for", body = Changes,
            headers(("ETag" = String, description = "Tag of this answer; present when nothing is left to read"), ("Cache-Control" = String), ("Vary" = String))),
        (status = 304, description = "Not modified",
            headers(("ETag" = String), ("Cache-Control" = String), ("Vary" = String))),
        (status = 410, description = "A cursor belongs to a past this town no longer has")))]
pub(crate) async fn changes(
    State(town): State<Arc<Town>>,
    caller: Option<Known>,
    headers: HeaderMap,
    Query(feeds): Query<Feeds>,
) -> Result<Response, Refusal> {
    if feeds.own.is_none() && feeds.public.is_none() {
        return Err(Refusal::new(
            RefusalKind::Malformed,
            ProblemCode::Malformed,
            "Name at least one feed: own or public",
        ));
    }
    let reader = caller.map(|Known(reader)| reader);
    let asked = FeedQuery { own: feeds.own, public: feeds.public, limit: feeds.limit.unwrap_or(200).clamp(1, 1000) };
    let page = blocking(&town, move |town| changes::since(town, reader.as_ref(), &asked)).await?;
    // Weak: the same page travels in several encodings.
    let tag = page.tag.as_deref().and_then(|tag| HeaderValue::from_str(&format!("W/{tag}")).ok());
    let named = page.nothing_new && page.tag.as_deref().is_some_and(|tag| names(&headers, tag));
    let mut response =
        if named { StatusCode::NOT_MODIFIED.into_response() } else { Json(page.changes).into_response() };
    if let Some(tag) = tag {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    response.headers_mut().append(header::VARY, HeaderValue::from_static("authorization, accept-encoding"));
    Ok(response)
}

/// Listen for changes
///
/// A stream of server-sent events named `changed`, whose data is the feed to read again; never the records.
#[utoipa::path(get, path = "/v1/events", tag = "changes", operation_id = "listen",
    responses((status = 200, description = "An event stream; it ends when the token expires or is revoked", content_type = "text/event-stream", body = String)))]
pub(crate) async fn events(
    State(town): State<Arc<Town>>,
    caller: Option<Known>,
    From(address): From,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refusal> {
    let reader = caller.map(|Known(reader)| reader);
    let seats = seats(&town, reader.as_ref(), address)?;
    let ended = town.ended();
    let token = bearer(&headers).filter(|_| reader.is_some()).map(str::to_owned);
    let changes = BroadcastStream::new(town.register.listen()).filter_map(move |changed| {
        // The stream holds its seats as long as it lives.
        let _held = &seats;
        let scope = match changed {
            Ok(Changed(None)) => Some(Scope::Public),
            Ok(Changed(Some(owner))) => reader.as_ref().filter(|reader| reader.may_see(owner)).map(|_| Scope::Own),
            // Some were missed while the reader was slow: it reads everything again.
            Err(_) => Some(Scope::Own),
        };
        async move { scope }
    });
    // A token that is good no more hears nothing more: its stream ends, and whoever may listens again.
    let good = move |scope: Scope| {
        let (town, token) = (town.clone(), token.clone());
        async move {
            let Some(token) = token else { return Some(scope) };
            let known = blocking(&town, move |town| Ok(sessions::reader_of(town, &token)?)).await;
            matches!(known, Ok(Some(_))).then_some(scope)
        }
    };
    let told = changes.then(good).take_while(|scope| std::future::ready(scope.is_some())).filter_map(|scope| {
        std::future::ready(scope.map(|scope| Ok(Event::default().event("changed").data(scope.code()))))
    });
    let stream = told.take_until(async move { ended.wait().await });
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(25))))
}

/// The seats of a stream: one of its device's, if there is one, and one of its address's.
fn seats(town: &Town, reader: Option<&Reader>, address: Address) -> Result<Vec<Seat<String>>, Refusal> {
    let [devices, addresses] = &town.limits.streams;
    let keys = [
        reader.map(|reader| (devices, format!("device:{}", reader.device))),
        Some((addresses, format!("address:{address}"))),
    ];
    let taken = keys.into_iter().flatten().map(|(seats, key)| seats.take(key));
    taken.collect::<Option<Vec<_>>>().ok_or_else(|| too_often(Duration::from_secs(60)))
}
