//! One's own files, by the digest of their bytes, with `Range`; and those an office brings.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use tower::ServiceExt as _;
use tower_http::services::ServeFile;
use vicino_contract::http::{BroughtFile, Problem};
use vicino_domain::Sha256;
use vicino_domain::media::UNKNOWN;

use super::caller::{Known, Office, unauthorized};
use super::conditions::{plain, tag_of};
use super::{blocking, identity};
use crate::{Refusal, Town};

/// One of the caller's own files
///
/// The office may read every file; a resident those of their own reports and cases.
#[utoipa::path(get, path = "/v1/files/{sha256}", tag = "files", operation_id = "read-file", security(("device" = []), ("resident" = []), ("office" = [])),
    params(("sha256" = String, Path, description = "The SHA-256 of the file, in hexadecimal")),
    responses((status = 200, description = "The whole file", content_type = "image/jpeg"),
        (status = 206, description = "The range asked for", content_type = "application/pdf"),
        (status = 404, description = "The caller has no such file", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn file(
    State(town): State<Arc<Town>>,
    caller: Result<Known, Refusal>,
    office: Result<Office, Refusal>,
    Path(sha256): Path<String>,
    mut request: Request,
) -> Result<Response, Refusal> {
    let digest: Sha256 = identity(&sha256)?;
    let read = move |town: &Arc<Town>| match (caller, office) {
        (Ok(Known(reader)), _) => town.own_file(&reader, digest),
        (_, Ok(Office(by))) => town.office_file(&by, digest),
        _ => Err(unauthorized()),
    };
    let file = blocking(&town, read).await?;
    let (tag, length) = (tag_of(digest), length_of(&file.path).await?);
    let method = request.method().clone();
    if let Some(mut answer) = plain(&method, request.headers_mut(), &tag, length) {
        answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
        return Ok(answer);
    }
    let Ok(mut response) = ServeFile::new(file.path).oneshot(request).await.map(|response| response.into_response());
    // What somebody else sent: said as it was found to be, and nothing is to be guessed or run.
    let headers = response.headers_mut();
    let media = HeaderValue::from_str(&file.media).unwrap_or(HeaderValue::from_static(UNKNOWN));
    headers.insert(header::CONTENT_TYPE, media);
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(header::ETAG, tag);
    Ok(response)
}

/// How many bytes a file has; one that is gone from the disk is not found.
pub(super) async fn length_of(path: &std::path::Path) -> Result<u64, Refusal> {
    match tokio::fs::metadata(path).await {
        Ok(facts) => Ok(facts.len()),
        Err(missing) if missing.kind() == std::io::ErrorKind::NotFound => Err(Refusal::not_found()),
        Err(other) => Err(other.into()),
    }
}

/// An office brings a file
///
/// A PDF, a JPEG or a PNG, as it is. A message or a transition then gives it to a resident, by its digest.
#[utoipa::path(post, path = "/office/v1/files", tag = "office", operation_id = "bring-file", security(("office" = [])),
    request_body(content = Vec<u8>, content_type = "application/pdf"),
    responses((status = 200, description = "It is kept", body = BroughtFile),
        (status = 413, description = "Empty or too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not of a kind that is taken", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn bring(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    bytes: Bytes,
) -> Result<Json<BroughtFile>, Refusal> {
    blocking(&town, move |town| town.bring(&by, &bytes)).await.map(Json)
}
