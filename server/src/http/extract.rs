//! What a handler is given of a call: who makes it, asked once for each call; the identities in its path; the body it brings.

use std::str::FromStr;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, OptionalFromRequestParts, Path, Request};
use axum::http::{HeaderMap, header, request::Parts};
use axum::response::{IntoResponse as _, Response};
use serde::de::DeserializeOwned;
use vicino_contract::composed;
use vicino_contract::http::ProblemCode;

use crate::access::operators;
use crate::access::operators::Operator;
use crate::access::sessions;
use crate::limits::address::Address;
use crate::refusal::{RefusalKind, unauthorized};
use crate::{Reader, Refusal, Town};

/// Whoever calls, as the town knows them.
#[derive(Clone, Debug)]
pub(crate) enum Caller {
    /// Nobody showed a token.
    Nobody,
    /// Somebody showed one that the town does not know, or not any more.
    Stranger,
    /// A device, or a resident on one.
    Known(Reader),
    /// An operator.
    Office(Operator),
}

impl Caller {
    /// Asks the register whose token a call shows.
    pub(crate) fn of(town: &Town, token: Option<&str>) -> Result<Self, Refusal> {
        let Some(token) = token else { return Ok(Self::Nobody) };
        if let Some(reader) = sessions::reader_of(town, token)? {
            return Ok(Self::Known(reader));
        }
        Ok(operators::by_token(town, token)?.map_or(Self::Stranger, Self::Office))
    }

    /// The key of the meter that pays for a call.
    pub(crate) fn meter(&self, address: Address) -> String {
        match self {
            Self::Nobody | Self::Stranger => format!("address:{address}"),
            Self::Known(reader) => format!("device:{}", reader.device),
            Self::Office(operator) => format!("operator:{}", operator.id),
        }
    }
}

/// A caller known to the town: a device, or a resident on one.
pub(crate) struct Known(pub(crate) Reader);

/// Whoever acts for an office.
pub(crate) struct Office(pub(crate) Operator);

/// The address a call comes from.
pub(crate) struct From(pub(crate) Address);

/// The bearer token of a request (RFC 6750 §2.1).
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// What the door found out; without a door nobody is known.
fn caller(parts: &Parts) -> Caller {
    parts.extensions.get::<Caller>().cloned().unwrap_or(Caller::Nobody)
}

impl FromRequestParts<Arc<Town>> for Known {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Town>) -> Result<Self, Refusal> {
        match caller(parts) {
            Caller::Known(reader) => Ok(Self(reader)),
            _ => Err(unauthorized()),
        }
    }
}

/// No token is fine where everyone may read; a wrong one is not.
impl OptionalFromRequestParts<Arc<Town>> for Known {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Town>) -> Result<Option<Self>, Refusal> {
        match caller(parts) {
            Caller::Nobody => Ok(None),
            Caller::Known(reader) => Ok(Some(Self(reader))),
            Caller::Stranger | Caller::Office(_) => Err(unauthorized()),
        }
    }
}

impl FromRequestParts<Arc<Town>> for Office {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Town>) -> Result<Self, Refusal> {
        match caller(parts) {
            Caller::Office(operator) => Ok(Self(operator)),
            _ => Err(unauthorized()),
        }
    }
}

impl FromRequestParts<Arc<Town>> for From {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Town>) -> Result<Self, Refusal> {
        let address = parts.extensions.get::<Address>().copied();
        address.map(Self).ok_or_else(|| Refusal::new(RefusalKind::Internal, ProblemCode::Internal, "Internal error"))
    }
}

/// The identity in a route's path. A text that is no identity of this kind is not found.
pub(crate) struct Id<T>(pub(crate) T);

impl<T: FromStr> FromRequestParts<Arc<Town>> for Id<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, town: &Arc<Town>) -> Result<Self, Response> {
        let Path(text) = <Path<String> as FromRequestParts<_>>::from_request_parts(parts, town)
            .await
            .map_err(|bad| bad.into_response())?;
        identity(&text).map(Self).map_err(|refusal| refusal.into_response())
    }
}

/// The two identities in a route's path: of a matter, and of what is said about it.
pub(crate) struct Ids<A, B>(pub(crate) A, pub(crate) B);

impl<A: FromStr, B: FromStr> FromRequestParts<Arc<Town>> for Ids<A, B> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, town: &Arc<Town>) -> Result<Self, Response> {
        let path = <Path<(String, String)> as FromRequestParts<_>>::from_request_parts(parts, town).await;
        let Path((matter, about)) = path.map_err(|bad| bad.into_response())?;
        let both = identity(&matter).and_then(|matter| Ok(Self(matter, identity(&about)?)));
        both.map_err(|refusal| refusal.into_response())
    }
}

/// A JSON body, and the very bytes it came as.
pub(crate) struct Sent<T>(pub(crate) T, pub(crate) Bytes);

impl<T: DeserializeOwned> FromRequest<Arc<Town>> for Sent<T> {
    type Rejection = Response;

    async fn from_request(request: Request, town: &Arc<Town>) -> Result<Self, Response> {
        let headers = request.headers().clone();
        let bytes = Bytes::from_request(request, town).await.map_err(|bad| bad.into_response())?;
        let body = parse(&headers, &bytes).map_err(|refusal| refusal.into_response())?;
        Ok(Self(body, bytes))
    }
}

/// A JSON body of this shape.
fn parse<T: DeserializeOwned>(headers: &HeaderMap, body: &[u8]) -> Result<T, Refusal> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.split(';').next().map(str::trim) != Some("application/json") {
        return Err(Refusal::new(
            RefusalKind::Media,
            ProblemCode::UnsupportedMediaType,
            "Content-Type must be application/json",
        ));
    }
    // The place of the fault is told, never the text around it: that is the resident's.
    composed::from_slice(body).map_err(|fault| {
        let malformed = Refusal::new(RefusalKind::Malformed, ProblemCode::Malformed, "Malformed request");
        // A text that was composed first has lost its places.
        match fault.line() {
            0 => malformed,
            line => malformed.detail(format!("line {line}, column {}", fault.column())),
        }
    })
}

/// An identity in a path.
pub(crate) fn identity<T: std::str::FromStr>(text: &str) -> Result<T, Refusal> {
    text.parse().map_err(|_| Refusal::not_found())
}
