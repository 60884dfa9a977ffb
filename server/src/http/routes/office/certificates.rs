//! The office's side of certificates: those that wait, issued by hand, taken back.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use utoipa::IntoParams;
use vicino_contract::http::{CertificateQueue, OfficeCertificate, TakenBackBody};
use vicino_domain::CertificateId;

use crate::http::extract::{Id, Office, Sent};
use crate::matters::certificate;
use crate::town::blocking::blocking;
use crate::{Refusal, Town};

/// Which of them.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CertificateQueueQuery {
    /// The number on the paper, such as `2026/000004`.
    number: Option<String>,
}

/// List certificates that wait
///
/// For the town, for their stamp, or held; with `number`, the one of that number, whatever became of it. Of the office that keeps the registry, and
/// of those who are over every office.
#[utoipa::path(get, path = "/office/v1/certificates", tag = "office", operation_id = "read-certificate-queue", params(CertificateQueueQuery),
    responses((status = 200, description = "The certificates", body = CertificateQueue),
        (status = 404, description = "The operator does not work in the registry office")))]
pub(crate) async fn queue(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Query(asked): Query<CertificateQueueQuery>,
) -> Result<Json<CertificateQueue>, Refusal> {
    let queue = move |town: &Arc<Town>| certificate::office::queue(town, &by, asked.number.as_deref());
    blocking(&town, queue).await.map(|items| Json(CertificateQueue { items }))
}

/// Get a certificate as the office sees it
#[utoipa::path(get, path = "/office/v1/certificates/{id}", tag = "office", operation_id = "read-office-certificate",
    params(("id" = uuid::Uuid, Path, description = "The certificate")),
    responses((status = 200, description = "The certificate", body = OfficeCertificate),
        (status = 404, description = "Not found")))]
pub(crate) async fn certificate(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Id(id): Id<CertificateId>,
) -> Result<Json<OfficeCertificate>, Refusal> {
    blocking(&town, move |town| certificate::office::show(town, &by, id)).await.map(Json)
}

/// Issue a certificate by hand
///
/// One that is held because no stamp is due for a reason in the resident's words, which the office has read; or because its stamp was paid, and the registry says something else since: the stamp stands for what it says today.
#[utoipa::path(post, path = "/office/v1/certificates/{id}/issue", tag = "office", operation_id = "issue-certificate",
    params(("id" = uuid::Uuid, Path, description = "The certificate")),
    responses((status = 200, description = "The certificate as it is now", body = OfficeCertificate),
        (status = 404, description = "Not found"),
        (status = 409, description = "The request is not waiting for this step")))]
pub(crate) async fn issue(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Id(id): Id<CertificateId>,
) -> Result<Json<OfficeCertificate>, Refusal> {
    blocking(&town, move |town| certificate::office::issue_by_hand(town, &by, id)).await.map(Json)
}

/// Revoke a certificate
///
/// It stays with the resident, and says so; its number goes into the list that everybody reads who checks one.
#[utoipa::path(post, path = "/office/v1/certificates/{id}/revocation", tag = "office", operation_id = "take-certificate-back",
    request_body = TakenBackBody, params(("id" = uuid::Uuid, Path, description = "The certificate")),
    responses((status = 200, description = "The certificate as it is now", body = OfficeCertificate),
        (status = 404, description = "Not found"),
        (status = 409, description = "Not issued, or already revoked"),
        (status = 422, description = "The explanation is missing")))]
pub(crate) async fn take_back(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Id(id): Id<CertificateId>,
    Sent(body, _): Sent<TakenBackBody>,
) -> Result<Json<OfficeCertificate>, Refusal> {
    blocking(&town, move |town| certificate::office::revoke(town, &by, id, &body.note)).await.map(Json)
}
