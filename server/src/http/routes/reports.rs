//! What a device tells the town of a report: the report itself, a message, the wish to take it back.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use vicino_contract::http::{Acknowledged, MessageBody, ReportBody, WithdrawalBody};
use vicino_domain::{MessageId, ReportId};

use crate::entropy::digest;
use crate::http::extract::Known;
use crate::http::router::{identity, parse};
use crate::matters::receive_once::Arrived;
use crate::town::blocking::blocking;
use crate::{Refusal, Town};

pub(crate) type Answer = Result<(StatusCode, Json<Acknowledged>), Refusal>;

/// What a device is told of what arrived.
pub(crate) fn answer(arrived: Arrived) -> (StatusCode, Json<Acknowledged>) {
    let status = if arrived.new { StatusCode::CREATED } else { StatusCode::OK };
    (status, Json(Acknowledged { acknowledgement: arrived.jws }))
}

/// A report arrives
///
/// Idempotent by its id: 201 the first time, 200 for the same body again, 422 for another body.
#[utoipa::path(put, path = "/v1/reports/{id}", tag = "reports", operation_id = "send-report", request_body = ReportBody,
    params(("id" = uuid::Uuid, Path, description = "Made on the device, UUIDv7")),
    responses((status = 201, description = "It arrived now", body = Acknowledged),
        (status = 200, description = "It had arrived before", body = Acknowledged),
        (status = 422, description = "Fields are not valid, or the id stands for other content")))]
pub(crate) async fn put_report(
    State(town): State<Arc<Town>>,
    Known(reader): Known,
    Path(id): Path<String>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Answer {
    let id: ReportId = identity(&id)?;
    let body: ReportBody = parse(&headers, &bytes)?;
    blocking(&town, move |town| town.receive_report(&reader, id, body, digest(&bytes))).await.map(answer)
}

/// A resident's message arrives
#[utoipa::path(put, path = "/v1/reports/{id}/messages/{message}", tag = "reports", operation_id = "send-message",
    request_body = MessageBody,
    params(("id" = uuid::Uuid, Path, description = "The report"), ("message" = uuid::Uuid, Path, description = "Made on the device")),
    responses((status = 201, description = "It arrived now", body = Acknowledged),
        (status = 200, description = "It had arrived before", body = Acknowledged),
        (status = 404, description = "The caller has no such report")))]
pub(crate) async fn put_message(
    State(town): State<Arc<Town>>,
    Known(reader): Known,
    Path((report, id)): Path<(String, String)>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Answer {
    let (report, id): (ReportId, MessageId) = (identity(&report)?, identity(&id)?);
    let body: MessageBody = parse(&headers, &bytes)?;
    blocking(&town, move |town| town.receive_message(&reader, report, id, body, digest(&bytes))).await.map(answer)
}

/// A resident takes a report back
#[utoipa::path(put, path = "/v1/reports/{id}/withdrawal", tag = "reports", operation_id = "withdraw-report",
    request_body = WithdrawalBody, params(("id" = uuid::Uuid, Path, description = "The report")),
    responses((status = 201, description = "Done now", body = Acknowledged),
        (status = 200, description = "Done before", body = Acknowledged),
        (status = 404, description = "The caller has no such report")))]
pub(crate) async fn put_withdrawal(
    State(town): State<Arc<Town>>,
    Known(reader): Known,
    Path(id): Path<String>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Answer {
    let id: ReportId = identity(&id)?;
    parse::<WithdrawalBody>(&headers, &bytes)?;
    blocking(&town, move |town| town.receive_withdrawal(&reader, id, digest(&bytes))).await.map(answer)
}
