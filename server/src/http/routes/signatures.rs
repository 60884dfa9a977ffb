//! What residents tell the town of signatures: asked for, given, declined.

use std::sync::Arc;

use axum::extract::State;
use uuid::Uuid;
use vicino_contract::http::{Acknowledged, SignatureAnswer, SignatureBody, WithdrawalBody};

use crate::Town;
use crate::entropy::digest;
use crate::http::extract::{Id, Known, Sent};
use crate::http::openapi::words::DeviceMade;
use crate::http::routes::reports::{Answer, answer};
use crate::matters::signature;
use crate::town::blocking::blocking;

/// Request a co-signature
///
/// Idempotent by its id. Whoever is asked reads it in their changes (`signatures_wanted`); who asked reads the answer in
/// theirs (`signatures_asked`). What is signed is exactly these answers: with others, it is asked for again.
#[utoipa::path(put, path = "/v1/signatures/{id}", tag = "signatures", operation_id = "ask-signature", request_body = SignatureBody,
    params(("id" = inline(DeviceMade), Path, description = "Made on the device (UUIDv7)")),
    responses((status = 201, description = "Received now", body = Acknowledged),
        (status = 200, description = "Received before; acknowledged again", body = Acknowledged),
        (status = 403, description = "No resident is signed in"),
        (status = 422, description = "The form asks for no such signature, or the answers are not those it asks for; whether a tax code is known is not revealed")))]
pub(crate) async fn put_signature(
    State(town): State<Arc<Town>>,
    Known(reader): Known,
    Id(id): Id<Uuid>,
    Sent(body, bytes): Sent<SignatureBody>,
) -> Answer {
    blocking(&town, move |town| signature::receive(town, &reader, id, body, digest(&bytes))).await.map(answer)
}

/// Sign or decline
#[utoipa::path(put, path = "/v1/signatures/{id}/answer", tag = "signatures", operation_id = "answer-signature",
    request_body = SignatureAnswer,
    params(("id" = uuid::Uuid, Path, description = "The signature asked for")),
    responses((status = 201, description = "Received now", body = Acknowledged),
        (status = 200, description = "Received before; acknowledged again", body = Acknowledged),
        (status = 404, description = "No such signature is asked of the caller"),
        (status = 422, description = "The signed answers differ from those asked for")))]
pub(crate) async fn put_answer(
    State(town): State<Arc<Town>>,
    Known(reader): Known,
    Id(id): Id<Uuid>,
    Sent(body, bytes): Sent<SignatureAnswer>,
) -> Answer {
    blocking(&town, move |town| signature::receive_answer(town, &reader, id, &body, digest(&bytes))).await.map(answer)
}

/// Withdraw a co-signature request
#[utoipa::path(put, path = "/v1/signatures/{id}/withdrawal", tag = "signatures", operation_id = "withdraw-signature",
    request_body = WithdrawalBody,
    params(("id" = uuid::Uuid, Path, description = "The signature asked for")),
    responses((status = 201, description = "Received now", body = Acknowledged),
        (status = 200, description = "Received before; acknowledged again", body = Acknowledged),
        (status = 404, description = "The caller requested no such signature")))]
pub(crate) async fn put_withdrawal(
    State(town): State<Arc<Town>>,
    Known(reader): Known,
    Id(id): Id<Uuid>,
    Sent(_, bytes): Sent<WithdrawalBody>,
) -> Answer {
    blocking(&town, move |town| signature::receive_withdrawal(town, &reader, id, digest(&bytes))).await.map(answer)
}
