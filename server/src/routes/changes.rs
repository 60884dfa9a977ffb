//! What changed, and a stream that says that something did.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Query, State};
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::{Stream, StreamExt as _};
use serde::Deserialize;
use tokio_stream::wrappers::BroadcastStream;
use utoipa::IntoParams;
use vicino_contract::http::{Changes, Problem, ProblemCode, Scope};

use super::blocking;
use super::caller::Device;
use crate::{Changed, Refusal, Town};

/// What to read.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// `public`, or `own`, which needs a token.
    #[param(inline)]
    scope: Scope,
    /// Where the last page ended; none: from the start.
    #[param(max_length = 1024)]
    cursor: Option<String>,
    /// Most records of a page.
    #[param(minimum = 1, maximum = 1000, format = Int32)]
    limit: Option<u32>,
}

/// What changed after a cursor
///
/// Whole records and tombstones in the town's order. 410 when the cursor is of a past that this town no longer has:
/// read again from the start.
#[utoipa::path(get, path = "/v1/changes", tag = "changes", operation_id = "read-changes", params(Asked), security((), ("device" = [])),
    responses((status = 200, description = "A page", body = Changes),
        (status = 410, description = "The cursor is of a lost past", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn changes(
    State(town): State<Arc<Town>>,
    device: Option<Device>,
    Query(asked): Query<Asked>,
) -> Result<Json<Changes>, Refusal> {
    let limit = asked.limit.unwrap_or(200).clamp(1, 1000);
    let reader = device.map(|Device(device)| device);
    let page = blocking(&town, move |town| town.changes(asked.scope, reader, asked.cursor.as_deref(), limit)).await?;
    let lost = || Refusal::new(410, ProblemCode::CursorExpired, "Read again from the start");
    page.map(Json).ok_or_else(lost)
}

/// Something changed
///
/// A stream of server-sent events named `changed`, whose data is the scope to read again; never the records.
#[utoipa::path(get, path = "/v1/events", tag = "changes", operation_id = "listen", security((), ("device" = [])),
    responses((status = 200, description = "A stream", content_type = "text/event-stream", body = String)))]
pub(super) async fn events(
    State(town): State<Arc<Town>>,
    device: Option<Device>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let reader = device.map(|Device(device)| device);
    let ended = town.ended();
    let changes = BroadcastStream::new(town.listen()).filter_map(move |changed| async move {
        let scope = match changed {
            Ok(Changed(None)) => Scope::Public,
            Ok(Changed(owner)) if owner == reader => Scope::Own,
            Ok(_) => return None,
            // Some were missed while the reader was slow: it reads everything again.
            Err(_) => Scope::Own,
        };
        Some(Ok(Event::default().event("changed").data(scope.wire())))
    });
    let stream = changes.take_until(async move { ended.wait().await });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(25)))
}
