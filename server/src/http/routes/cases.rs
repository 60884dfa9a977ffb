//! What a resident tells the town of a case: the case itself, a message, what an office asked for, the wish to take it back.

use std::sync::Arc;

use axum::extract::State;
use vicino_contract::http::{Acknowledged, CaseBody, MessageBody, WithdrawalBody};
use vicino_domain::{CaseId, MessageId};

use crate::Town;
use crate::entropy::digest;
use crate::http::extract::{Id, Ids, Known, Sent};
use crate::http::openapi::words::DeviceMade;
use crate::http::routes::reports::{Answer, answer};
use crate::matters::case;
use crate::matters::case::Writes;
use crate::town::blocking::blocking;

/// Submit a case
///
/// Idempotent by its id: 201 the first time, 200 for the same body again, 422 for another body. The answers are checked with the
/// service's form as it is now; what is missing or wrong is told in `gaps`.
#[utoipa::path(put, path = "/v1/cases/{id}", tag = "cases", operation_id = "send-case", request_body = CaseBody,
    params(("id" = inline(DeviceMade), Path, description = "Made on the device (UUIDv7)")),
    responses((status = 201, description = "Received now", body = Acknowledged),
        (status = 200, description = "Received before; acknowledged again", body = Acknowledged),
        (status = 403, description = "No resident is signed in"),
        (status = 422, description = "Answers missing or invalid, service closed, or the id was used for other content")))]
pub(crate) async fn put_case(
    State(town): State<Arc<Town>>,
    Known(reader): Known,
    Id(id): Id<CaseId>,
    Sent(body, bytes): Sent<CaseBody>,
) -> Answer {
    blocking(&town, move |town| case::receive(town, &reader, id, body, digest(&bytes))).await.map(answer)
}

/// Send a message about a case
#[utoipa::path(put, path = "/v1/cases/{id}/messages/{message}", tag = "cases", operation_id = "send-case-message",
    request_body = MessageBody,
    params(("id" = uuid::Uuid, Path, description = "The case"), ("message" = inline(DeviceMade), Path, description = "Made on the device (UUIDv7)")),
    responses((status = 201, description = "Received now", body = Acknowledged),
        (status = 200, description = "Received before; acknowledged again", body = Acknowledged),
        (status = 404, description = "The caller has no such case")))]
pub(crate) async fn put_message(
    state: State<Arc<Town>>,
    caller: Known,
    path: Ids<CaseId, MessageId>,
    sent: Sent<MessageBody>,
) -> Answer {
    written(state, caller, path, Writes::Message, sent).await
}

/// Answer an office's request for more
///
/// The message joins the thread, and the case goes on when it was the resident's turn.
#[utoipa::path(put, path = "/v1/cases/{id}/integrations/{message}", tag = "cases", operation_id = "send-integration",
    request_body = MessageBody,
    params(("id" = uuid::Uuid, Path, description = "The case"), ("message" = inline(DeviceMade), Path, description = "Made on the device (UUIDv7)")),
    responses((status = 201, description = "Received now", body = Acknowledged),
        (status = 200, description = "Received before; acknowledged again", body = Acknowledged),
        (status = 404, description = "The caller has no such case")))]
pub(crate) async fn put_integration(
    state: State<Arc<Town>>,
    caller: Known,
    path: Ids<CaseId, MessageId>,
    sent: Sent<MessageBody>,
) -> Answer {
    written(state, caller, path, Writes::Integration, sent).await
}

async fn written(
    State(town): State<Arc<Town>>,
    Known(reader): Known,
    Ids(case, id): Ids<CaseId, MessageId>,
    writes: Writes,
    Sent(body, bytes): Sent<MessageBody>,
) -> Answer {
    let received =
        move |town: &Arc<Town>| case::receive_message(town, &reader, (case, id), writes, &body, digest(&bytes));
    blocking(&town, received).await.map(answer)
}

/// Withdraw a case
#[utoipa::path(put, path = "/v1/cases/{id}/withdrawal", tag = "cases", operation_id = "withdraw-case",
    request_body = WithdrawalBody, params(("id" = uuid::Uuid, Path, description = "The case")),
    responses((status = 201, description = "Received now", body = Acknowledged),
        (status = 200, description = "Received before; acknowledged again", body = Acknowledged),
        (status = 404, description = "The caller has no such case")))]
pub(crate) async fn put_withdrawal(
    State(town): State<Arc<Town>>,
    Known(reader): Known,
    Id(id): Id<CaseId>,
    Sent(_, bytes): Sent<WithdrawalBody>,
) -> Answer {
    blocking(&town, move |town| case::receive_withdrawal(town, &reader, id, digest(&bytes))).await.map(answer)
}
