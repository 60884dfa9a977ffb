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
use crate::http::openapi::words::DeviceMade;
use crate::http::routes::reports::{Answer, answer};
use crate::matters::certificate;
use crate::town::blocking::blocking;
use crate::{Refusal, Town};

/// Request a certificate
///
/// Taken at once, issued beside (ModI, non-blocking REST): `Location` is where it is looked at, and its record in the changes tells
/// as well. For oneself or somebody of the same family. A public body may not ask for one (art. 40 DPR 445/2000): refused.
#[utoipa::path(put, path = "/v1/certificates/{id}", tag = "certificates", operation_id = "ask-certificate", request_body = CertificateBody,
    params(("id" = inline(DeviceMade), Path, description = "Made on the device (UUIDv7)")),
    responses((status = 202, description = "Requested, now or before", body = Acknowledged,
            headers(("Location" = String, description = "Where the certificate can be read"))),
        (status = 403, description = "No resident is signed in"),
        (status = 404, description = "The person is not in the caller's household"),
        (status = 422, description = "The request is not valid, or the id was used for other content")))]
pub(crate) async fn put(
    State(town): State<Arc<Town>>,
    Known(reader): Known,
    Id(id): Id<CertificateId>,
    Sent(body, bytes): Sent<CertificateBody>,
) -> Result<Response, Refusal> {
    let received = move |town: &Arc<Town>| certificate::receive(town, &reader, id, body, digest(&bytes));
    let arrived = blocking(&town, received).await?;
    let answer = Json(Acknowledged { acknowledgement: arrived.jws });
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, path::certificate(id))], answer).into_response())
}

/// Withdraw a certificate request
///
/// While it waits, is held, or wants its stamp, which is then not to be paid any more. What is issued or paid for stays.
#[utoipa::path(put, path = "/v1/certificates/{id}/withdrawal", tag = "certificates", operation_id = "withdraw-certificate",
    request_body = WithdrawalBody, params(("id" = uuid::Uuid, Path, description = "The certificate")),
    responses((status = 201, description = "Received now", body = Acknowledged),
        (status = 200, description = "Received before; acknowledged again", body = Acknowledged),
        (status = 404, description = "The caller has no such certificate")))]
pub(crate) async fn put_withdrawal(
    State(town): State<Arc<Town>>,
    Known(reader): Known,
    Id(id): Id<CertificateId>,
    Sent(_, bytes): Sent<WithdrawalBody>,
) -> Answer {
    let received = move |town: &Arc<Town>| certificate::receive_withdrawal(town, &reader, id, digest(&bytes));
    blocking(&town, received).await.map(answer)
}

/// Get the state of a certificate
///
/// 200 while it waits, is held, wants its stamp, or was taken back; 303 to its paper once it is issued.
#[utoipa::path(get, path = "/v1/certificates/{id}", tag = "certificates", operation_id = "read-certificate",
    params(("id" = uuid::Uuid, Path, description = "The certificate")),
    responses((status = 200, description = "The certificate request as it stands", body = CertificateRecord),
        (status = 303, description = "Issued; the PDF is available", body = CertificateRecord,
            headers(("Location" = String, description = "The address of the paper"))),
        (status = 404, description = "The caller has no such certificate")))]
pub(crate) async fn look(
    State(town): State<Arc<Town>>,
    Known(reader): Known,
    Id(id): Id<CertificateId>,
) -> Result<Response, Refusal> {
    let record = blocking(&town, move |town| certificate::own(town, &reader, id)).await?;
    let paper = record.issued.as_ref().filter(|_| record.revoked.is_none());
    let paper = paper.and_then(|issued| issued.file.file.sha256.parse::<Sha256>().ok());
    let there = paper.and_then(|sha256| HeaderValue::from_str(&path::file(sha256)).ok());
    let answer = Json(record);
    Ok(match there {
        Some(there) => (StatusCode::SEE_OTHER, [(header::LOCATION, there)], answer).into_response(),
        None => answer.into_response(),
    })
}
