//! The office's side of debts: issued, said to be paid, contradicted, taken back.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use vicino_contract::http::{ContradictionBody, Declarations, DueBody, OfficeNotice, TakenBackBody};
use vicino_domain::NoticeId;

use crate::http::extract::{Id, Office, Sent};
use crate::matters::notice;
use crate::town::blocking::blocking;
use crate::{Refusal, Town};

/// List payments that residents declared
///
/// Debts of the caller's offices of which some notice was said to be paid, and neither a receipt nor the office has answered.
/// Proofs are among a debt's files.
#[utoipa::path(get, path = "/office/v1/declarations", tag = "office", operation_id = "read-declarations",
    responses((status = 200, description = "The debts", body = Declarations)))]
pub(crate) async fn declarations(
    State(town): State<Arc<Town>>,
    Office(by): Office,
) -> Result<Json<Declarations>, Refusal> {
    blocking(&town, move |town| notice::office::declarations(town, &by)).await.map(|items| Json(Declarations { items }))
}

/// Get a debt as the office sees it
#[utoipa::path(get, path = "/office/v1/notices/{id}", tag = "office", operation_id = "read-notice",
    params(("id" = uuid::Uuid, Path, description = "The debt")),
    responses((status = 200, description = "The debt", body = OfficeNotice),
        (status = 404, description = "Not found")))]
pub(crate) async fn notice(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Id(id): Id<NoticeId>,
) -> Result<Json<OfficeNotice>, Refusal> {
    blocking(&town, move |town| notice::office::show(town, &by, id)).await.map(Json)
}

/// Issue or change a debt
///
/// Where the town has pagoPA's debt positions, the position is created or changed first: nobody is asked for what cannot be paid.
/// Sending the same again changes nothing; what was paid, and the debt's story, stay.
#[utoipa::path(put, path = "/office/v1/notices/{id}", tag = "office", operation_id = "issue-notice", request_body = DueBody,
    params(("id" = uuid::Uuid, Path, description = "The debt; with pagoPA its IUPD")),
    responses((status = 200, description = "The debt as it is now", body = OfficeNotice),
        (status = 404, description = "Belongs to another office"),
        (status = 409, description = "pagoPA has another debt with this id, or the debt can no longer change"),
        (status = 422, description = "No resident has this tax code, there is no amount to pay, a notice number belongs to another debt, or the account is missing"),
        (status = 503, description = "pagoPA unreachable, or its answer is not valid")))]
pub(crate) async fn issue(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Id(id): Id<NoticeId>,
    Sent(body, _): Sent<DueBody>,
) -> Result<Json<OfficeNotice>, Refusal> {
    notice::office::issue(&town, by, id, body).await.map(Json)
}

/// Contest a declared payment
///
/// What a resident said, or even a receipt, is not so for the creditor: shown beside it, never instead of it.
#[utoipa::path(post, path = "/office/v1/notices/{id}/contradictions", tag = "office", operation_id = "contradict-payment",
    request_body = ContradictionBody, params(("id" = uuid::Uuid, Path, description = "The debt")),
    responses((status = 200, description = "The debt as it is now", body = OfficeNotice),
        (status = 404, description = "No such debt or notice"),
        (status = 409, description = "Changed in the meantime"),
        (status = 422, description = "The explanation is missing")))]
pub(crate) async fn contradict(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Id(id): Id<NoticeId>,
    Sent(body, _): Sent<ContradictionBody>,
) -> Result<Json<OfficeNotice>, Refusal> {
    blocking(&town, move |town| notice::office::contradict(town, &by, id, &body)).await.map(Json)
}

/// Withdraw a debt
///
/// Where the town has pagoPA's debt positions, there first. It stays with the resident, and says so.
#[utoipa::path(post, path = "/office/v1/notices/{id}/withdrawal", tag = "office", operation_id = "take-notice-back",
    request_body = TakenBackBody, params(("id" = uuid::Uuid, Path, description = "The debt")),
    responses((status = 200, description = "The debt as it is now", body = OfficeNotice),
        (status = 404, description = "Not found"),
        (status = 409, description = "Paid, being paid, or already withdrawn"),
        (status = 422, description = "The explanation is missing")))]
pub(crate) async fn take_back(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Id(id): Id<NoticeId>,
    Sent(body, _): Sent<TakenBackBody>,
) -> Result<Json<OfficeNotice>, Refusal> {
    notice::office::take_back(&town, by, id, &body.note).await.map(Json)
}
