//! One's own files, by the digest of their bytes, with `Range`.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use tower::ServiceExt as _;
use tower_http::services::ServeFile;
use vicino_contract::http::Problem;
use vicino_domain::Sha256;

use super::caller::{Known, Office, unauthorized};
use super::{blocking, identity};
use crate::{Refusal, Town};

/// One of the caller's own files
///
/// The office may read every file; a resident those of their own reports.
#[utoipa::path(get, path = "/v1/files/{sha256}", tag = "files", operation_id = "read-file", security(("device" = []), ("resident" = []), ("office" = [])),
    params(("sha256" = String, Path, description = "The SHA-256 of the file, in hexadecimal")),
    responses((status = 200, description = "The whole file", content_type = "image/jpeg"),
        (status = 206, description = "The range asked for", content_type = "image/jpeg"),
        (status = 404, description = "The caller has no such file", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn file(
    State(town): State<Arc<Town>>,
    caller: Result<Known, Refusal>,
    office: Result<Office, Refusal>,
    Path(sha256): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    let digest: Sha256 = identity(&sha256)?;
    let reader = match (caller, office) {
        (Ok(Known(reader)), _) => Some(reader),
        (_, Ok(Office)) => None,
        _ => return Err(unauthorized()),
    };
    let path = blocking(&town, move |town| town.readable_file(reader.as_ref(), digest)).await?;
    let Ok(mut response) = ServeFile::new(path).oneshot(request).await.map(|response| response.into_response());
    // Only photos that this project's own devices re-encoded lie here; nothing is to be guessed about them.
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(response)
}
