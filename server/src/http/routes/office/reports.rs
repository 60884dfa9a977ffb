//! The office's side of reports: its queue, transitions, answers.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use utoipa::IntoParams;
use vicino_contract::http::ProblemCode;
use vicino_contract::http::office::{OfficeMessage, OfficeReport, Queue, Transition};
use vicino_domain::{ReportId, ReportState};

use crate::http::extract::{Id, Office, Sent};
use crate::matters::message;
use crate::matters::report;
use crate::refusal::RefusalKind;
use crate::town::blocking::blocking;
use crate::{Refusal, Town};

/// Which part of the queue.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReportQueueQuery {
    /// Only reports in this state, by code.
    state: Option<String>,
}

/// List the office's reports
#[utoipa::path(get, path = "/office/v1/reports", tag = "office", operation_id = "read-queue", params(ReportQueueQuery),
    responses((status = 200, description = "The reports", body = Queue)))]
pub(crate) async fn queue(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Query(asked): Query<ReportQueueQuery>,
) -> Result<Json<Queue>, Refusal> {
    let unknown = || Refusal::new(RefusalKind::Malformed, ProblemCode::Malformed, "Unknown state");
    let state = asked.state.map(|code| ReportState::from_code(&code).ok_or_else(unknown)).transpose()?;
    blocking(&town, move |town| report::queue(town, &by, state)).await.map(|items| Json(Queue { items }))
}

/// Get a report as the office sees it
#[utoipa::path(get, path = "/office/v1/reports/{id}", tag = "office", operation_id = "read-report",
    params(("id" = uuid::Uuid, Path, description = "The report")),
    responses((status = 200, description = "The report", body = OfficeReport),
        (status = 404, description = "Not found")))]
pub(crate) async fn report(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Id(id): Id<ReportId>,
) -> Result<Json<OfficeReport>, Refusal> {
    blocking(&town, move |town| report::show(town, &by, id)).await.map(Json)
}

/// Move a report
///
/// 409 when the state may not follow the present one, or somebody changed the report since `version`.
#[utoipa::path(post, path = "/office/v1/reports/{id}/transitions", tag = "office", operation_id = "move-report",
    request_body = Transition, params(("id" = uuid::Uuid, Path, description = "The report")),
    responses((status = 200, description = "The report as it is now", body = OfficeReport),
        (status = 409, description = "Not allowed in the present state"),
        (status = 422, description = "Offices cannot set this state, or a note is missing")))]
pub(crate) async fn transition(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Id(id): Id<ReportId>,
    Sent(step, _): Sent<Transition>,
) -> Result<Json<OfficeReport>, Refusal> {
    blocking(&town, move |town| report::transition(town, &by, id, step)).await.map(Json)
}

/// Write to the resident about a report
#[utoipa::path(post, path = "/office/v1/reports/{id}/messages", tag = "office", operation_id = "answer-report",
    request_body = OfficeMessage, params(("id" = uuid::Uuid, Path, description = "The report")),
    responses((status = 200, description = "The report as it is now", body = OfficeReport),
        (status = 422, description = "Text missing or too long, or the id was used for other content")))]
pub(crate) async fn message(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Id(id): Id<ReportId>,
    Sent(message, _): Sent<OfficeMessage>,
) -> Result<Json<OfficeReport>, Refusal> {
    blocking(&town, move |town| message::answer(town, &by, id, message)).await.map(Json)
}
