//! What residents tell the town of signatures: asked for, given, declined.

use std::sync::Arc;

use axum::extract::State;
use uuid::Uuid;
use vicino_contract::http::{Acknowledged, SignatureAnswer, SignatureBody, WithdrawalBody};

use crate::Town;
use crate::entropy::digest;
use crate::http::extract::{Id, Known, Sent};
use crate::http::routes::reports::{Answer, answer};
use crate::town::blocking::blocking;

/// A resident asks another to sign a case
///
/// Idempotent by its id. Whoever is asked reads it in their changes (`signatures_wanted`); who asked reads the answer in
/// theirs (`signatures_asked`). What is signed is exactly these answers: with others, it is asked for again.
#[utoipa::path(put, path = "/v1/signatures/{id}", tag = "signatures", operation_id = "ask-signature", request_body = SignatureBody,
    params(("id" = uuid::Uuid, Path, description = "Made on the device, UUIDv7")),
    responses((status = 201, description = "It arrived now", body = Acknowledged),
        (status = 200, description = "It had arrived before", body = Acknowledged),
        (status = 403, description = "Nobody has signed in"),
        (status = 422, description = "The form asks no such signature, or the answers are not those it asks; whether a code is known is not told")))]
pub(crate) async fn put_signature(
    State(town): State<Arc<Town>>,
    Known(reader): Known,
    Id(id): Id<Uuid>,
    Sent(body, bytes): Sent<SignatureBody>,
) -> Answer {
    blocking(&town, move |town| town.receive_signature(&reader, id, body, digest(&bytes))).await.map(answer)
}

/// Whoever is asked signs, or declines
#[utoipa::path(put, path = "/v1/signatures/{id}/answer", tag = "signatures", operation_id = "answer-signature",
    request_body = SignatureAnswer,
    params(("id" = uuid::Uuid, Path, description = "The signature asked for")),
    responses((status = 201, description = "It arrived now", body = Acknowledged),
        (status = 200, description = "It had arrived before", body = Acknowledged),
        (status = 404, description = "Nobody asks the caller for it"),
        (status = 422, description = "Something else was signed than what is asked for")))]
pub(crate) async fn put_answer(
    State(town): State<Arc<Town>>,
    Known(reader): Known,
    Id(id): Id<Uuid>,
    Sent(body, bytes): Sent<SignatureAnswer>,
) -> Answer {
    blocking(&town, move |town| town.receive_signature_answer(&reader, id, &body, digest(&bytes))).await.map(answer)
}

/// Whoever asked for a signature asks for it no more
#[utoipa::path(put, path = "/v1/signatures/{id}/withdrawal", tag = "signatures", operation_id = "withdraw-signature",
    request_body = WithdrawalBody,
    params(("id" = uuid::Uuid, Path, description = "The signature asked for")),
    responses((status = 201, description = "It arrived now", body = Acknowledged),
        (status = 200, description = "It had arrived before", body = Acknowledged),
        (status = 404, description = "The caller asked for no such signature")))]
pub(crate) async fn put_withdrawal(
    State(town): State<Arc<Town>>,
    Known(reader): Known,
    Id(id): Id<Uuid>,
    Sent(_, bytes): Sent<WithdrawalBody>,
) -> Answer {
    blocking(&town, move |town| town.receive_signature_withdrawal(&reader, id, digest(&bytes))).await.map(answer)
}
