//! Who works in the offices, and the audit: a manager's.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;
use vicino_contract::http::{Audit, NewOperator, OperatorBody, Operators};

use crate::http::extract::{Office, Sent, identity};
use crate::town::blocking::blocking;
use crate::{Refusal, Town};

/// Which lines of the audit.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditQuery {
    /// Only lines about this case, report or file, by its identity.
    matter: Option<String>,
    /// Only lines before this one (`n`), for the page after another.
    before: Option<i64>,
}

/// Those who work in the offices
#[utoipa::path(get, path = "/office/v1/operators", tag = "office", operation_id = "read-operators",
    responses((status = 200, description = "Everyone, those who left too", body = Operators),
        (status = 403, description = "Not a manager")))]
pub(crate) async fn list(State(town): State<Arc<Town>>, Office(by): Office) -> Result<Json<Operators>, Refusal> {
    blocking(&town, move |town| town.operators(&by)).await.map(|items| Json(Operators { items }))
}

/// Somebody new works in an office
///
/// Their token is in the answer and nowhere else.
#[utoipa::path(post, path = "/office/v1/operators", tag = "office", operation_id = "name-operator", request_body = OperatorBody,
    responses((status = 201, description = "They may act now", body = NewOperator),
        (status = 403, description = "Not a manager")))]
pub(crate) async fn name(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Sent(body, _): Sent<OperatorBody>,
) -> Result<(StatusCode, Json<NewOperator>), Refusal> {
    let named = blocking(&town, move |town| town.name_operator(&by, body)).await?;
    Ok((StatusCode::CREATED, Json(named)))
}

/// Somebody works here no more
#[utoipa::path(delete, path = "/office/v1/operators/{id}", tag = "office", operation_id = "end-operator",
    params(("id" = uuid::Uuid, Path, description = "The operator")),
    responses((status = 204, description = "Their token is not taken any more"),
        (status = 404, description = "There is none")))]
pub(crate) async fn end(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    let id = identity(&id)?;
    blocking(&town, move |town| town.end_operator(&by, id)).await.map(|()| StatusCode::NO_CONTENT)
}

/// Who read or did what with whose matter
#[utoipa::path(get, path = "/office/v1/audit", tag = "office", operation_id = "read-audit", params(AuditQuery),
    responses((status = 200, description = "A thousand lines at most, newest first", body = Audit),
        (status = 403, description = "Not a manager")))]
pub(crate) async fn audit(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Query(asked): Query<AuditQuery>,
) -> Result<Json<Audit>, Refusal> {
    blocking(&town, move |town| town.audited(&by, asked.matter.as_deref(), asked.before)).await.map(Json)
}
