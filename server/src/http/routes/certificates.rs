//! Certificates: asked for, waited for, issued.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use vicino_contract::http::{Acknowledged, CertificateBody, CertificateRecord, WithdrawalBody, path};
use vicino_domain::{CertificateId, Sha256};

use crate::entropy::digest;
use crate::http::extract::{Id, Known, Sent};
use crate::http::routes::reports::{Answer, answer};
use crate::town::blocking::blocking;
use crate::{Refusal, Town};

/// A resident asks for a certificate
///
/// Taken at once, issued beside (ModI, non-blocking REST): `Location` is where it is looked at, and its record in the changes tells
/// as well. For oneself or somebody of the same family. A public body may not ask for one (art. 40 DPR 445/2000): refused.
#[utoipa::path(put, path = "/v1/certificates/{id}", tag = "certificates", operation_id = "ask-certificate", request_body = CertificateBody,
    params(("id" = uuid::Uuid, Path, description = "Made on the device, UUIDv7")),
    responses((status = 202, description = "It is asked for, now or before", body = Acknowledged,
            headers(("Location" = String, description = "Where it is looked at"))),
        (status = 403, description = "Nobody is signed in"),
        (status = 404, description = "The person is not of the caller's family"),
        (status = 422, description = "It cannot be asked for like this, or the id stands for other content")))]
pub(crate) async fn put(
    State(town): State<Arc<Town>>,
    Known(reader): Known,
    Id(id): Id<CertificateId>,
    Sent(body, bytes): Sent<CertificateBody>,
) -> Result<Response, Refusal> {
    let received = move |town: &Arc<Town>| town.receive_certificate(&reader, id, body, digest(&bytes));
    let arrived = blocking(&town, received).await?;
    let answer = Json(Acknowledged { acknowledgement: arrived.jws });
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, path::certificate(id))], answer).into_response())
}

/// A resident asks for a certificate no more
///
/// While it waits, is held, or wants its stamp, which is then not to be paid any more. What is issued or paid for stays.
#[utoipa::path(put, path = "/v1/certificates/{id}/withdrawal", tag = "certificates", operation_id = "withdraw-certificate",
    request_body = WithdrawalBody, params(("id" = uuid::Uuid, Path, description = "The certificate")),
    responses((status = 201, description = "The wish arrived now", body = Acknowledged),
        (status = 200, description = "It had arrived before", body = Acknowledged),
        (status = 404, description = "The caller has none")))]
pub(crate) async fn put_withdrawal(
    State(town): State<Arc<Town>>,
    Known(reader): Known,
    Id(id): Id<CertificateId>,
    Sent(_, bytes): Sent<WithdrawalBody>,
) -> Answer {
    let received = move |town: &Arc<Town>| town.receive_certificate_withdrawal(&reader, id, digest(&bytes));
    blocking(&town, received).await.map(answer)
}

/// One of the caller's certificates
///
/// 200 while it waits, is held, wants its stamp, or was taken back; 303 to its paper once it is issued.
#[utoipa::path(get, path = "/v1/certificates/{id}", tag = "certificates", operation_id = "read-certificate",
    params(("id" = uuid::Uuid, Path, description = "The certificate")),
    responses((status = 200, description = "As it stands", body = CertificateRecord),
        (status = 303, description = "Issued: its paper is there", body = CertificateRecord,
            headers(("Location" = String, description = "The address of the paper"))),
        (status = 404, description = "The caller has none")))]
pub(crate) async fn look(
    State(town): State<Arc<Town>>,
    Known(reader): Known,
    Id(id): Id<CertificateId>,
) -> Result<Response, Refusal> {
    let record = blocking(&town, move |town| town.own_certificate(&reader, id)).await?;
    let paper = record.issued.as_ref().filter(|_| record.revoked.is_none());
    let paper = paper.and_then(|issued| issued.file.file.sha256.parse::<Sha256>().ok());
    let there = paper.and_then(|sha256| HeaderValue::from_str(&path::file(sha256)).ok());
    let answer = Json(record);
    Ok(match there {
        Some(there) => (StatusCode::SEE_OTHER, [(header::LOCATION, there)], answer).into_response(),
        None => answer.into_response(),
    })
}
