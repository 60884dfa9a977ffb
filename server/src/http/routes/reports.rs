//! What a device tells the town of a report: the report itself, a message, the wish to take it back.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use vicino_contract::http::{Acknowledged, MessageBody, ReportBody, WithdrawalBody};
use vicino_domain::{MessageId, ReportId};

use crate::entropy::digest;
use crate::http::extract::{Id, Ids, Known, Sent};
use crate::http::openapi::words::DeviceMade;
use crate::matters::message;
use crate::matters::receive_once::Arrived;
use crate::matters::report;
use crate::town::blocking::blocking;
use crate::{Refusal, Town};

pub(crate) type Answer = Result<(StatusCode, Json<Acknowledged>), Refusal>;

/// What a device is told of what arrived.
pub(crate) fn answer(arrived: Arrived) -> (StatusCode, Json<Acknowledged>) {
    let status = if arrived.new { StatusCode::CREATED } else { StatusCode::OK };
    (status, Json(Acknowledged { acknowledgement: arrived.jws }))
}

/// Submit a report
///
/// Idempotent by its id: 201 the first time, 200 for the same body again, 422 for another body.
#[utoipa::path(put, path = "/v1/reports/{id}", tag = "reports", operation_id = "send-report", request_body = ReportBody,
    params(("id" = inline(DeviceMade), Path, description = "Made on the device (UUIDv7)")),
    responses((status = 201, description = "Received now", body = Acknowledged),
        (status = 200, description = "Received before; acknowledged again", body = Acknowledged),
        (status = 422, description = "Invalid fields, or the id was used for other content")))]
pub(crate) async fn put_report(
    State(town): State<Arc<Town>>,
    Known(reader): Known,
    Id(id): Id<ReportId>,
    Sent(body, bytes): Sent<ReportBody>,
) -> Answer {
    blocking(&town, move |town| report::receive(town, &reader, id, body, digest(&bytes))).await.map(answer)
}

/// Send a message about a report
#[utoipa::path(put, path = "/v1/reports/{id}/messages/{message}", tag = "reports", operation_id = "send-message",
    request_body = MessageBody,
    params(("id" = uuid::Uuid, Path, description = "The report"), ("message" = inline(DeviceMade), Path, description = "Made on the device (UUIDv7)")),
    responses((status = 201, description = "Received now", body = Acknowledged),
        (status = 200, description = "Received before; acknowledged again", body = Acknowledged),
        (status = 404, description = "The caller has no such report")))]
pub(crate) async fn put_message(
    State(town): State<Arc<Town>>,
    Known(reader): Known,
    Ids(report, id): Ids<ReportId, MessageId>,
    Sent(body, bytes): Sent<MessageBody>,
) -> Answer {
    blocking(&town, move |town| message::receive(town, &reader, report, id, body, digest(&bytes))).await.map(answer)
}

/// Withdraw a report
#[utoipa::path(put, path = "/v1/reports/{id}/withdrawal", tag = "reports", operation_id = "withdraw-report",
    request_body = WithdrawalBody, params(("id" = uuid::Uuid, Path, description = "The report")),
    responses((status = 201, description = "Applied now", body = Acknowledged),
        (status = 200, description = "Already applied", body = Acknowledged),
        (status = 404, description = "The caller has no such report")))]
pub(crate) async fn put_withdrawal(
    State(town): State<Arc<Town>>,
    Known(reader): Known,
    Id(id): Id<ReportId>,
    Sent(_, bytes): Sent<WithdrawalBody>,
) -> Answer {
    blocking(&town, move |town| report::receive_withdrawal(town, &reader, id, digest(&bytes))).await.map(answer)
}
