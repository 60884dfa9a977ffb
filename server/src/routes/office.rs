//! The office's side of reports: its queue, transitions, answers.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use serde::Deserialize;
use utoipa::IntoParams;
use vicino_contract::http::office::{OfficeMessage, OfficeReport, Queue, Transition};
use vicino_contract::http::{Problem, ProblemCode};
use vicino_domain::{ReportId, ReportState};

use super::caller::Office;
use super::{blocking, identity, parse};
use crate::{Refusal, Town};

/// Which part of the queue.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Only reports in this state, by code.
    state: Option<String>,
}

/// The office's queue
#[utoipa::path(get, path = "/office/v1/reports", tag = "office", operation_id = "read-queue", params(Asked), security(("office" = [])),
    responses((status = 200, description = "The reports", body = Queue)))]
pub(super) async fn queue(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Query(asked): Query<Asked>,
) -> Result<Json<Queue>, Refusal> {
    let unknown = || Refusal::new(400, ProblemCode::Malformed, "No such state");
    let state = asked.state.map(|code| ReportState::from_code(&code).ok_or_else(unknown)).transpose()?;
    blocking(&town, move |town| town.queue(&by, state)).await.map(|items| Json(Queue { items }))
}

/// One report as the office sees it
#[utoipa::path(get, path = "/office/v1/reports/{id}", tag = "office", operation_id = "read-report", security(("office" = [])),
    params(("id" = uuid::Uuid, Path, description = "The report")),
    responses((status = 200, description = "The report", body = OfficeReport),
        (status = 404, description = "There is none", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn report(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Path(id): Path<String>,
) -> Result<Json<OfficeReport>, Refusal> {
    let id: ReportId = identity(&id)?;
    blocking(&town, move |town| town.office_report(&by, id)).await.map(Json)
}

/// The office moves a report
///
/// 409 when the state may not follow the present one, or somebody changed the report since `version`.
#[utoipa::path(post, path = "/office/v1/reports/{id}/transitions", tag = "office", operation_id = "move-report",
    request_body = Transition, security(("office" = [])), params(("id" = uuid::Uuid, Path, description = "The report")),
    responses((status = 200, description = "The report as it is now", body = OfficeReport),
        (status = 409, description = "Not from here, or not any more", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Not a state an office sets, or a note is missing", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn transition(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Path(id): Path<String>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Json<OfficeReport>, Refusal> {
    let id: ReportId = identity(&id)?;
    let step: Transition = parse(&headers, &bytes)?;
    blocking(&town, move |town| town.transition(&by, id, step)).await.map(Json)
}

/// The office writes to the resident
#[utoipa::path(post, path = "/office/v1/reports/{id}/messages", tag = "office", operation_id = "answer-report",
    request_body = OfficeMessage, security(("office" = [])), params(("id" = uuid::Uuid, Path, description = "The report")),
    responses((status = 200, description = "The report as it is now", body = OfficeReport),
        (status = 422, description = "The text is missing or too long, or the id was used", body = Problem,
            content_type = "application/problem+json")))]
pub(super) async fn message(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Path(id): Path<String>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Json<OfficeReport>, Refusal> {
    let id: ReportId = identity(&id)?;
    let message: OfficeMessage = parse(&headers, &bytes)?;
    blocking(&town, move |town| town.answer(&by, id, message)).await.map(Json)
}
