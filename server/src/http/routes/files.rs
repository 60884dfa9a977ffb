//! One's own files, by the digest of their bytes, with `Range`; and those an office brings.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use tower::ServiceExt as _;
use tower_http::services::ServeFile;
use vicino_contract::http::BroughtFile;
use vicino_domain::Sha256;
use vicino_domain::media::UNKNOWN;

use crate::http::conditions::{plain, tag_of};
use crate::http::extract::{Known, Office, identity};
use crate::http::openapi::Raw;
use crate::matters::{attachment, part};
use crate::refusal::unauthorized;
use crate::town::blocking::blocking;
use crate::{Refusal, Town};

/// Download a file
///
/// The office may read every file; a resident those of their own reports and cases.
#[utoipa::path(get, path = "/v1/files/{sha256}", tag = "files", operation_id = "read-file",
    params(("sha256" = String, Path, description = "The SHA-256 of the file, in hexadecimal"),
        ("Range" = Option<String>, Header, description = "One range of bytes"), ("If-Range" = Option<String>, Header, description = "The tag the range is of"),
        ("If-None-Match" = Option<String>, Header, description = "The tag of what the caller has")),
    responses((status = 200, description = "The whole file, as the kind it was found to be",
            content((Raw = "image/jpeg"), (Raw = "image/png"), (Raw = "application/pdf"), (Raw = "application/octet-stream")),
            headers(("ETag" = String, description = "The digest of the whole"), ("Cache-Control" = String), ("Accept-Ranges" = String), ("Last-Modified" = String), ("Content-Disposition" = String, description = "`attachment`"))),
        (status = 206, description = "The requested range",
            content((Raw = "image/jpeg"), (Raw = "image/png"), (Raw = "application/pdf"), (Raw = "application/octet-stream")),
            headers(("ETag" = String), ("Cache-Control" = String), ("Content-Range" = String, description = "The bytes that came, and of how many"), ("Last-Modified" = String), ("Content-Disposition" = String, description = "`attachment`"))),
        (status = 304, description = "Not modified", headers(("ETag" = String), ("Cache-Control" = String))),
        (status = 416, description = "Range beyond the end of the file", headers(("Content-Range" = String, description = "Size in bytes"))),
        (status = 404, description = "The caller has no such file")))]
pub(crate) async fn file(
    State(town): State<Arc<Town>>,
    caller: Result<Known, Refusal>,
    office: Result<Office, Refusal>,
    Path(sha256): Path<String>,
    mut request: Request,
) -> Result<Response, Refusal> {
    let digest: Sha256 = identity(&sha256)?;
    let read = move |town: &Arc<Town>| match (caller, office) {
        (Ok(Known(reader)), _) => part::own(town, &reader, digest),
        (_, Ok(Office(by))) => part::of_office(town, &by, digest),
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

/// The number of bytes a file has; one that is gone from the disk is not found.
pub(crate) async fn length_of(path: &std::path::Path) -> Result<u64, Refusal> {
    match tokio::fs::metadata(path).await {
        Ok(facts) => Ok(facts.len()),
        Err(missing) if missing.kind() == std::io::ErrorKind::NotFound => Err(Refusal::not_found()),
        Err(other) => Err(other.into()),
    }
}

/// Upload a file for a resident
///
/// A PDF, a JPEG or a PNG, as it is. A message or a transition then gives it to a resident, by its digest.
#[utoipa::path(post, path = "/office/v1/files", tag = "office", operation_id = "bring-file",
    request_body(content((Raw = "application/pdf"), (Raw = "image/jpeg"), (Raw = "image/png"))),
    responses((status = 200, description = "Stored", body = BroughtFile),
        (status = 413, description = "Larger than this town accepts"),
        (status = 415, description = "File type not accepted, or file empty")))]
pub(crate) async fn bring(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    bytes: Bytes,
) -> Result<Json<BroughtFile>, Refusal> {
    blocking(&town, move |town| attachment::bring(town, &by, &bytes)).await.map(Json)
}
