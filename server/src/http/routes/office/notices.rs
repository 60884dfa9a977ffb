//! The office's side of debts: issued, said to be paid, contradicted, taken back.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use vicino_contract::http::{ContradictionBody, Declarations, DueBody, OfficeNotice, TakenBackBody};
use vicino_domain::NoticeId;

use crate::http::extract::{Id, Office, Sent};
use crate::town::blocking::blocking;
use crate::{Refusal, Town};

/// What residents say they have paid
///
/// Debts of the caller's offices of which some notice was said to be paid, and neither a receipt nor the office has answered.
/// Proofs are among a debt's files.
#[utoipa::path(get, path = "/office/v1/declarations", tag = "office", operation_id = "read-declarations",
    responses((status = 200, description = "The debts", body = Declarations)))]
pub(crate) async fn declarations(
    State(town): State<Arc<Town>>,
    Office(by): Office,
) -> Result<Json<Declarations>, Refusal> {
    blocking(&town, move |town| town.declarations(&by)).await.map(|items| Json(Declarations { items }))
}

/// A debt as the office sees it
#[utoipa::path(get, path = "/office/v1/notices/{id}", tag = "office", operation_id = "read-notice",
    params(("id" = uuid::Uuid, Path, description = "The debt")),
    responses((status = 200, description = "The debt", body = OfficeNotice),
        (status = 404, description = "There is none")))]
pub(crate) async fn notice(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Id(id): Id<NoticeId>,
) -> Result<Json<OfficeNotice>, Refusal> {
    blocking(&town, move |town| town.office_notice(&by, id)).await.map(Json)
}

/// An office issues a debt, or changes one
///
/// Where the town has pagoPA's debt positions, the position is created or changed first: nobody is asked for what cannot be paid.
/// Sending the same again changes nothing; what was paid, and the debt's story, stay.
#[utoipa::path(put, path = "/office/v1/notices/{id}", tag = "office", operation_id = "issue-notice", request_body = DueBody,
    params(("id" = uuid::Uuid, Path, description = "The debt; with pagoPA its IUPD")),
    responses((status = 200, description = "The debt as it is now", body = OfficeNotice),
        (status = 404, description = "It is of another office"),
        (status = 409, description = "pagoPA has another debt under this identity, or it may not be changed any more"),
        (status = 422, description = "Nobody has this tax code, there is nothing to pay, a number is another debt's, or it is said not where the money goes"),
        (status = 503, description = "pagoPA does not answer")))]
pub(crate) async fn issue(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Id(id): Id<NoticeId>,
    Sent(body, _): Sent<DueBody>,
) -> Result<Json<OfficeNotice>, Refusal> {
    town.issue_by(by, id, body).await.map(Json)
}

/// The creditor's word against a payment
///
/// What a resident said, or even a receipt, is not so for the creditor: shown beside it, never instead of it.
#[utoipa::path(post, path = "/office/v1/notices/{id}/contradictions", tag = "office", operation_id = "contradict-payment",
    request_body = ContradictionBody, params(("id" = uuid::Uuid, Path, description = "The debt")),
    responses((status = 200, description = "The debt as it is now", body = OfficeNotice),
        (status = 404, description = "There is no such debt or notice"),
        (status = 409, description = "It stands otherwise meanwhile"),
        (status = 422, description = "It does not say why")))]
pub(crate) async fn contradict(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Id(id): Id<NoticeId>,
    Sent(body, _): Sent<ContradictionBody>,
) -> Result<Json<OfficeNotice>, Refusal> {
    blocking(&town, move |town| town.contradict_by(&by, id, &body)).await.map(Json)
}

/// An office takes a debt back
///
/// Where the town has pagoPA's debt positions, there first. It stays with the resident, and says so.
#[utoipa::path(post, path = "/office/v1/notices/{id}/withdrawal", tag = "office", operation_id = "take-notice-back",
    request_body = TakenBackBody, params(("id" = uuid::Uuid, Path, description = "The debt")),
    responses((status = 200, description = "The debt as it is now", body = OfficeNotice),
        (status = 404, description = "There is none"),
        (status = 409, description = "Something of it is paid"),
        (status = 422, description = "It does not say why")))]
pub(crate) async fn take_back(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Id(id): Id<NoticeId>,
    Sent(body, _): Sent<TakenBackBody>,
) -> Result<Json<OfficeNotice>, Refusal> {
    town.take_back_by(by, id, &body.note).await.map(Json)
}
