//! The HTTP face of resumable uploads: tus 1.0.0, core, creation, checksum, termination and expiration.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use futures_util::StreamExt as _;
use sha2::Digest as _;
use uuid::Uuid;
use vicino_contract::http::tus::{
    ACKNOWLEDGEMENT, ALGORITHMS, CHECKSUM, CHECKSUM_ALGORITHM, DEFER_LENGTH, EXPIRES, EXTENSION, EXTENSIONS, LENGTH,
    MAX_SIZE, METADATA, METHOD_OVERRIDE, OFFSET, PIECE_TYPE, Part, RESUMABLE, VERSION, VERSIONS,
};
use vicino_contract::http::{ProblemCode, path};
use vicino_domain::Sha256;

use crate::http::extract::{From, Known, identity};
use crate::http::openapi::Raw;
use crate::matters::upload;
use crate::matters::upload::{Piece, Progress};
use crate::refusal::RefusalKind;
use crate::town::blocking::blocking;
use crate::{Reader, Refusal, Town};

/// A client that cannot say PATCH or DELETE says it in a header of a POST (tus 1.0.0): of uploads, and of nothing else.
pub(crate) fn override_method(request: &mut Request) {
    let of_uploads = request.uri().path().starts_with(path::UPLOADS);
    let wanted = request.headers().get(METHOD_OVERRIDE).and_then(|name| Method::from_bytes(name.as_bytes()).ok());
    if let Some(method) = wanted.filter(|_| of_uploads && request.method() == Method::POST) {
        *request.method_mut() = method;
    }
}

/// Get the server's upload capabilities
#[utoipa::path(options, path = "/v1/uploads", tag = "uploads", operation_id = "read-upload-abilities",
    responses((status = 204, description = "Versions, extensions and the largest size, in headers",
        headers(("Tus-Version" = String), ("Tus-Extension" = String), ("Tus-Checksum-Algorithm" = String), ("Tus-Max-Size" = u64)))))]
pub(crate) async fn abilities(State(town): State<Arc<Town>>) -> Response {
    let limits = &town.identity.limits;
    let largest = limits.photo_bytes.max(limits.file_bytes).to_string();
    let headers =
        [(VERSIONS, VERSION), (EXTENSION, EXTENSIONS), (CHECKSUM_ALGORITHM, ALGORITHMS), (MAX_SIZE, &largest)];
    spoken((StatusCode::NO_CONTENT, tell(&headers)).into_response())
}

/// Begin an upload
///
/// `Upload-Metadata` names the matter (`report`, `case` or `notice`), its part (`photo` or `file`) and the SHA-256 of the whole. The same part again is answered with
/// the upload it already has, and `Upload-Offset` says how far that has come.
#[utoipa::path(post, path = "/v1/uploads", tag = "uploads", operation_id = "begin-upload",
    params(("Tus-Resumable" = String, Header, description = "1.0.0", pattern = "^1\\.0\\.0$"),
        ("Upload-Length" = u64, Header, description = "The bytes of the whole"),
        ("Upload-Metadata" = String, Header, description = "Comma-separated pairs of a key and its base64 value: `report`, `case` or `notice`; `photo` or `file`; `sha256`")),
    responses((status = 201, description = "`Location` names the upload",
            headers(("Location" = String, description = "The upload"), ("Upload-Offset" = u64, description = "Bytes received so far"), ("Upload-Expires" = String, description = "When the upload expires (HTTP date)"), ("Vicino-Acknowledgement" = String, description = "The town's signed acknowledgement, once the upload is complete"))),
        (status = 412, description = "Unsupported tus version"),
        (status = 413, description = "Larger than Tus-Max-Size")))]
pub(crate) async fn create(
    State(town): State<Arc<Town>>,
    From(address): From,
    headers: HeaderMap,
    caller: Result<Known, Refusal>,
) -> Response {
    answer(&headers, caller, async |reader| {
        if headers.contains_key(DEFER_LENGTH) {
            return Err(malformed("Upload-Defer-Length is not spoken here"));
        }
        let length = number(&headers, LENGTH)?;
        let metadata = text(&headers, METADATA).unwrap_or_default().to_owned();
        let named = announced(&metadata)
            .ok_or_else(|| malformed("Upload-Metadata must name report, case or notice, photo or file, and sha256"))?;
        let progress =
            blocking(&town, move |town| upload::begin(town, (&reader, address), length, metadata, named)).await?;
        let mut response = told(StatusCode::CREATED, &progress);
        let location = format!("/v1/uploads/{}", progress.upload.id);
        response.headers_mut().extend(tell(&[(header::LOCATION.as_str(), &location)]));
        Ok(response)
    })
    .await
}

/// Get an upload's offset
#[utoipa::path(head, path = "/v1/uploads/{id}", tag = "uploads", operation_id = "look-at-upload",
    params(("id" = Uuid, Path, description = "The upload"), ("Tus-Resumable" = String, Header, description = "1.0.0", pattern = "^1\\.0\\.0$")),
    responses((status = 200, description = "Bytes received so far",
            headers(("Upload-Offset" = u64, description = "Bytes received so far"), ("Upload-Length" = u64), ("Upload-Metadata" = String), ("Cache-Control" = String), ("Upload-Expires" = String, description = "When the upload expires (HTTP date)"), ("Vicino-Acknowledgement" = String, description = "The town's signed acknowledgement, once the upload is complete"))),
        (status = 404, description = "Not found"),
        (status = 410, description = "Expired")))]
pub(crate) async fn look(
    State(town): State<Arc<Town>>,
    headers: HeaderMap,
    caller: Result<Known, Refusal>,
    Path(id): Path<String>,
) -> Response {
    answer(&headers, caller, async |reader| {
        let id: Uuid = identity(&id)?;
        let progress = blocking(&town, move |town| upload::progress(town, &reader, id)).await?;
        let mut response = told(StatusCode::OK, &progress);
        let length = progress.upload.length.to_string();
        let more = tell(&[
            (LENGTH, &length),
            (METADATA, &progress.upload.metadata),
            (header::CACHE_CONTROL.as_str(), "no-store"),
        ]);
        response.headers_mut().extend(more);
        Ok(response)
    })
    .await
}

/// Append a piece
///
/// Bytes are kept as they come, also when the connection is cut. With the last one the whole is compared with its
/// digest, and the header `Vicino-Acknowledgement` carries the town's signed word.
#[utoipa::path(patch, path = "/v1/uploads/{id}", tag = "uploads", operation_id = "append-piece",
    params(("id" = Uuid, Path, description = "The upload"), ("Tus-Resumable" = String, Header, description = "1.0.0", pattern = "^1\\.0\\.0$"),
        ("Upload-Offset" = u64, Header, description = "Offset of the piece: the bytes received so far"),
        ("Upload-Checksum" = Option<String>, Header, description = "`sha1` or `sha256`, and the digest of the piece in base64")),
    request_body(content = Raw, content_type = "application/offset+octet-stream"),
    responses((status = 204, description = "`Upload-Offset` is the number of bytes received",
            headers(("Upload-Offset" = u64, description = "Bytes received so far"), ("Upload-Expires" = String, description = "When the upload expires (HTTP date)"), ("Vicino-Acknowledgement" = String, description = "The town's signed acknowledgement, once the upload is complete"))),
        (status = 409, description = "Upload-Offset does not match the bytes received"),
        (status = 415, description = "Not application/offset+octet-stream"),
        (status = 460, description = "The digest does not match")))]
pub(crate) async fn append(
    State(town): State<Arc<Town>>,
    headers: HeaderMap,
    caller: Result<Known, Refusal>,
    Path(id): Path<String>,
    body: Body,
) -> Response {
    answer(&headers, caller, async |reader| {
        let id: Uuid = identity(&id)?;
        if text(&headers, header::CONTENT_TYPE.as_str()) != Some(PIECE_TYPE) {
            return Err(Refusal::new(
                RefusalKind::Media,
                ProblemCode::UnsupportedMediaType,
                "Content-Type must be application/offset+octet-stream",
            ));
        }
        let offset = number(&headers, OFFSET)?;
        let expected = text(&headers, CHECKSUM).map(Checksum::read).transpose()?;
        let vouched = expected.is_some();
        let piece = blocking(&town, move |town| upload::open_piece(town, &reader, id, offset, vouched)).await?;
        let piece = pour(piece, body, expected).await?;
        let progress = blocking(&town, move |_| piece.close()).await?;
        Ok(told(StatusCode::NO_CONTENT, &progress))
    })
    .await
}

/// End an upload
#[utoipa::path(delete, path = "/v1/uploads/{id}", tag = "uploads", operation_id = "end-upload",
    params(("id" = Uuid, Path, description = "The upload"), ("Tus-Resumable" = String, Header, description = "1.0.0", pattern = "^1\\.0\\.0$")),
    responses((status = 204, description = "The bytes are gone"), (status = 404, description = "Not found")))]
pub(crate) async fn terminate(
    State(town): State<Arc<Town>>,
    headers: HeaderMap,
    caller: Result<Known, Refusal>,
    Path(id): Path<String>,
) -> Response {
    answer(&headers, caller, async |reader| {
        let id: Uuid = identity(&id)?;
        blocking(&town, move |town| upload::terminate(town, &reader, id)).await?;
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}

/// Checks the version before anything else, runs the call for its caller, and says the version in whatever it answers.
async fn answer(
    headers: &HeaderMap,
    caller: Result<Known, Refusal>,
    call: impl AsyncFnOnce(Reader) -> Result<Response, Refusal>,
) -> Response {
    if text(headers, RESUMABLE) != Some(VERSION) {
        let refusal = Refusal::new(RefusalKind::Precondition, ProblemCode::TusVersion, "Tus-Resumable must be 1.0.0");
        let mut response = spoken(refusal.into_response());
        response.headers_mut().extend(tell(&[(VERSIONS, VERSION)]));
        return response;
    }
    let answered = match caller {
        Ok(Known(reader)) => call(reader).await,
        Err(refusal) => Err(refusal),
    };
    spoken(answered.unwrap_or_else(Refusal::into_response))
}

/// The time a device may be silent in the middle of a piece.
const SILENCE: Duration = Duration::from_secs(30);

/// A device that stopped speaking.
#[derive(Debug, thiserror::Error)]
#[error("the other side fell silent")]
struct SilentError;

/// Pours a body into an upload. A cut keeps what came, unless a checksum was to vouch for it.
async fn pour(mut piece: Piece, body: Body, mut expected: Option<Checksum>) -> Result<Piece, Refusal> {
    let mut stream = body.into_data_stream();
    let mut cut = false;
    // A connection that fell silent is as good as cut: nobody else may write meanwhile.
    while let Some(read) =
        tokio::time::timeout(SILENCE, stream.next()).await.unwrap_or(Some(Err(axum::Error::new(SilentError))))
    {
        let Ok(bytes) = read else {
            cut = true;
            break;
        };
        if let Some(checksum) = &mut expected {
            checksum.update(&bytes);
        }
        piece = write(piece, bytes).await?;
    }
    if expected.is_some_and(|checksum| cut || !checksum.holds()) {
        let title = "The piece does not have the announced checksum";
        return Err(Refusal::new(RefusalKind::Checksum, ProblemCode::ChecksumMismatch, title));
    }
    piece.keep();
    Ok(piece)
}

async fn write(mut piece: Piece, bytes: Bytes) -> Result<Piece, Refusal> {
    let written = tokio::task::spawn_blocking(move || piece.append(&bytes).map(|()| piece)).await;
    written.unwrap_or_else(|_| Err(Refusal::new(RefusalKind::Internal, ProblemCode::Internal, "Internal error")))
}

/// `Upload-Checksum`: an algorithm and the digest it must give.
struct Checksum {
    hasher: Hasher,
    expected: Vec<u8>,
}

enum Hasher {
    Sha1(sha1::Sha1),
    Sha256(sha2::Sha256),
}

impl Checksum {
    fn read(value: &str) -> Result<Self, Refusal> {
        let (algorithm, digest) = value.split_once(' ').ok_or_else(|| malformed("Upload-Checksum"))?;
        let hasher = match algorithm {
            "sha1" => Hasher::Sha1(sha1::Sha1::new()),
            "sha256" => Hasher::Sha256(sha2::Sha256::new()),
            _ => return Err(malformed("Upload-Checksum: an algorithm not spoken here")),
        };
        let expected = BASE64_STANDARD.decode(digest).map_err(|_| malformed("Upload-Checksum"))?;
        Ok(Self { hasher, expected })
    }

    fn update(&mut self, bytes: &[u8]) {
        match &mut self.hasher {
            Hasher::Sha1(hasher) => sha1::Digest::update(hasher, bytes),
            Hasher::Sha256(hasher) => hasher.update(bytes),
        }
    }

    fn holds(self) -> bool {
        match self.hasher {
            Hasher::Sha1(hasher) => sha1::Digest::finalize(hasher).as_slice() == self.expected,
            Hasher::Sha256(hasher) => hasher.finalize().as_slice() == self.expected,
        }
    }
}

/// The headers that tell how far an upload has come.
fn told(status: StatusCode, progress: &Progress) -> Response {
    let mut response = status.into_response();
    let offset = progress.offset.to_string();
    response.headers_mut().extend(tell(&[(OFFSET, &offset)]));
    if !progress.upload.ended {
        // An HTTP date (RFC 9110 §5.6.7), as the expiration extension asks.
        let expires = progress.upload.expires_at.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        response.headers_mut().extend(tell(&[(EXPIRES, &expires)]));
    }
    if let Some(jws) = &progress.acknowledgement {
        response.headers_mut().extend(tell(&[(ACKNOWLEDGEMENT, jws)]));
    }
    response
}

/// Says the version that is spoken, as every answer about uploads does.
pub(crate) fn spoken(mut response: Response) -> Response {
    response.headers_mut().insert(HeaderName::from_static(RESUMABLE), HeaderValue::from_static(VERSION));
    response
}

fn tell(pairs: &[(&str, &str)]) -> HeaderMap {
    let named = pairs.iter().filter_map(|(name, value)| {
        Some((HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_str(value).ok()?))
    });
    named.collect()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// A header that holds a number of bytes; never negative.
fn number(headers: &HeaderMap, name: &'static str) -> Result<i64, Refusal> {
    let plain = |text: &&str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text(headers, name).filter(plain).and_then(|text| text.parse().ok()).ok_or_else(|| malformed(name))
}

fn malformed(what: &str) -> Refusal {
    Refusal::new(RefusalKind::Malformed, ProblemCode::Malformed, "Malformed request").detail(what)
}

/// What an upload is a part of and its digest, out of `Upload-Metadata`: pairs of a key and a base64 value, comma between.
fn announced(metadata: &str) -> Option<(Part, Sha256)> {
    let value = |wanted: &str| {
        let pairs = metadata.split(',').filter_map(|pair| pair.trim().split_once(' '));
        let found = pairs.into_iter().find(|(key, _)| *key == wanted)?.1;
        String::from_utf8(BASE64_STANDARD.decode(found).ok()?).ok()
    };
    Some((Part::read(value)?, value("sha256")?.parse().ok()?))
}
