//! Who works in the offices, and the audit: a manager's.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;
use vicino_contract::http::{Audit, NewOperator, OperatorBody, Operators};

use crate::access::operators;
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

/// List operators
#[utoipa::path(get, path = "/office/v1/operators", tag = "office", operation_id = "read-operators",
    responses((status = 200, description = "All operators, former ones included", body = Operators),
        (status = 403, description = "The operator is not a manager")))]
pub(crate) async fn list(State(town): State<Arc<Town>>, Office(by): Office) -> Result<Json<Operators>, Refusal> {
    blocking(&town, move |town| operators::all(town, &by)).await.map(|items| Json(Operators { items }))
}

/// Create an operator
///
/// Their token is in the answer and nowhere else.
#[utoipa::path(post, path = "/office/v1/operators", tag = "office", operation_id = "name-operator", request_body = OperatorBody,
    responses((status = 201, description = "The operator was created", body = NewOperator),
        (status = 403, description = "The operator is not a manager")))]
pub(crate) async fn name(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Sent(body, _): Sent<OperatorBody>,
) -> Result<(StatusCode, Json<NewOperator>), Refusal> {
    let named = blocking(&town, move |town| operators::name(town, &by, body)).await?;
    Ok((StatusCode::CREATED, Json(named)))
}

/// End an operator
#[utoipa::path(delete, path = "/office/v1/operators/{id}", tag = "office", operation_id = "end-operator",
    params(("id" = uuid::Uuid, Path, description = "The operator")),
    responses((status = 204, description = "The operator's token is no longer valid"),
        (status = 404, description = "Not found")))]
pub(crate) async fn end(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    let id = identity(&id)?;
    blocking(&town, move |town| operators::end(town, &by, id)).await.map(|()| StatusCode::NO_CONTENT)
}

/// Read the audit log
#[utoipa::path(get, path = "/office/v1/audit", tag = "office", operation_id = "read-audit", params(AuditQuery),
    responses((status = 200, description = "At most a thousand entries, newest first", body = Audit),
        (status = 403, description = "The operator is not a manager")))]
pub(crate) async fn audit(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Query(asked): Query<AuditQuery>,
) -> Result<Json<Audit>, Refusal> {
    blocking(&town, move |town| operators::audited(town, &by, asked.matter.as_deref(), asked.before)).await.map(Json)
}
