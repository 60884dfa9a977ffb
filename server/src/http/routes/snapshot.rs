//! The snapshot of the public records: its signed label, and its bytes with `Range`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use tower::ServiceExt as _;
use tower_http::services::ServeFile;
use vicino_contract::http::SnapshotReply;
use vicino_domain::Sha256;

use crate::http::conditions::{plain, tag_of};
use crate::http::extract::identity;
use crate::http::openapi::Raw;
use crate::http::routes::files::length_of;
use crate::{Refusal, Town};

/// Get the newest snapshot's label
///
/// A compact JWS. A device takes the file only when signature, size, digests and form agree.
#[utoipa::path(get, path = "/v1/snapshot", tag = "changes", operation_id = "read-snapshot-label",
    responses((status = 200, description = "The label", body = SnapshotReply),
        (status = 404, description = "No snapshot: read the changes instead")))]
pub(crate) async fn label(State(town): State<Arc<Town>>) -> Result<Json<SnapshotReply>, Refusal> {
    let newest = town.snapshots.newest().ok_or_else(Refusal::not_found)?;
    Ok(Json(SnapshotReply { label: newest.signed }))
}

/// The time it is kept: its name is its digest, and it never changes.
const KEPT: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Download a snapshot
#[utoipa::path(get, path = "/v1/snapshot/{sha256}", tag = "changes", operation_id = "read-snapshot",
    params(("sha256" = String, Path, description = "The digest of the bytes, in hexadecimal"),
        ("Range" = Option<String>, Header, description = "One range of bytes"), ("If-Range" = Option<String>, Header, description = "The tag the range is of"),
        ("If-None-Match" = Option<String>, Header, description = "The tag of what the caller has")),
    responses((status = 200, description = "The whole file, Zstandard", body = Raw, content_type = "application/zstd",
            headers(("ETag" = String, description = "The digest of the whole"), ("Cache-Control" = String), ("Accept-Ranges" = String), ("Last-Modified" = String))),
        (status = 206, description = "The requested range", body = Raw, content_type = "application/zstd",
            headers(("ETag" = String), ("Cache-Control" = String), ("Content-Range" = String, description = "The bytes that came, and of how many"), ("Last-Modified" = String))),
        (status = 304, description = "Not modified", headers(("ETag" = String), ("Cache-Control" = String))),
        (status = 416, description = "Range beyond the end of the file", headers(("Content-Range" = String, description = "Size in bytes"))),
        (status = 404, description = "No such snapshot, or no longer")))]
pub(crate) async fn file(
    State(town): State<Arc<Town>>,
    Path(sha256): Path<String>,
    mut request: Request,
) -> Result<Response, Refusal> {
    let digest: Sha256 = identity(&sha256)?;
    let path = town.folder.snapshot(digest);
    let (tag, length) = (tag_of(digest), length_of(&path).await?);
    let method = request.method().clone();
    if let Some(mut answer) = plain(&method, request.headers_mut(), &tag, length) {
        answer.headers_mut().insert(header::CACHE_CONTROL, KEPT);
        return Ok(answer);
    }
    let served = ServeFile::new(path).oneshot(request).await;
    let Ok(mut response) = served.map(|response| response.into_response());
    if response.status() == StatusCode::NOT_FOUND {
        return Err(Refusal::not_found());
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zstd"));
    headers.insert(header::CACHE_CONTROL, KEPT);
    headers.insert(header::ETAG, tag);
    Ok(response)
}
