//! The office's side of cases: its queue, transitions, answers.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use utoipa::IntoParams;
use vicino_contract::http::office::OfficeMessage;
use vicino_contract::http::{CaseQueue, CaseTransition, OfficeCase, ProblemCode};
use vicino_domain::{CaseId, CaseState, OfficeId};

use crate::http::extract::{Id, Office, Sent};
use crate::matters::case;
use crate::refusal::RefusalKind;
use crate::town::blocking::blocking;
use crate::{Refusal, Town};

/// Which part of the queue.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CaseQueueQuery {
    /// Only cases in this state, by code.
    state: Option<String>,
    /// Only cases of this office, by its identity.
    office: Option<uuid::Uuid>,
}

/// List the office's cases
#[utoipa::path(get, path = "/office/v1/cases", tag = "office", operation_id = "read-case-queue", params(CaseQueueQuery),
    responses((status = 200, description = "The cases", body = CaseQueue)))]
pub(crate) async fn queue(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Query(asked): Query<CaseQueueQuery>,
) -> Result<Json<CaseQueue>, Refusal> {
    let unknown = || Refusal::new(RefusalKind::Malformed, ProblemCode::Malformed, "Unknown state");
    let state = asked.state.map(|code| CaseState::from_code(&code).ok_or_else(unknown)).transpose()?;
    let office = asked.office.map(OfficeId::from_uuid);
    blocking(&town, move |town| case::office::queue(town, &by, state, office))
        .await
        .map(|items| Json(CaseQueue { items }))
}

/// Get a case as the office sees it
#[utoipa::path(get, path = "/office/v1/cases/{id}", tag = "office", operation_id = "read-case",
    params(("id" = uuid::Uuid, Path, description = "The case")),
    responses((status = 200, description = "The case", body = OfficeCase),
        (status = 404, description = "Not found")))]
pub(crate) async fn case(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Id(id): Id<CaseId>,
) -> Result<Json<OfficeCase>, Refusal> {
    blocking(&town, move |town| case::office::show(town, &by, id)).await.map(Json)
}

/// Move a case, or suspend its term
///
/// 409 when the state may not follow the present one, or somebody changed the case since `version`.
#[utoipa::path(post, path = "/office/v1/cases/{id}/transitions", tag = "office", operation_id = "move-case",
    request_body = CaseTransition, params(("id" = uuid::Uuid, Path, description = "The case")),
    responses((status = 200, description = "The case as it is now", body = OfficeCase),
        (status = 403, description = "The operator's role does not allow this state"),
        (status = 409, description = "Not allowed in the present state"),
        (status = 422, description = "Offices cannot set this state, or a note is missing")))]
pub(crate) async fn transition(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Id(id): Id<CaseId>,
    Sent(wish, _): Sent<CaseTransition>,
) -> Result<Json<OfficeCase>, Refusal> {
    blocking(&town, move |town| case::office::transition(town, &by, id, wish)).await.map(Json)
}

/// Write to the resident about a case
#[utoipa::path(post, path = "/office/v1/cases/{id}/messages", tag = "office", operation_id = "answer-case",
    request_body = OfficeMessage, params(("id" = uuid::Uuid, Path, description = "The case")),
    responses((status = 200, description = "The case as it is now", body = OfficeCase),
        (status = 422, description = "Text missing or too long, or the id was used for other content")))]
pub(crate) async fn message(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Id(id): Id<CaseId>,
    Sent(message, _): Sent<OfficeMessage>,
) -> Result<Json<OfficeCase>, Refusal> {
    blocking(&town, move |town| case::office::answer(town, &by, id, message)).await.map(Json)
}
