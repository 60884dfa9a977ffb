//! Who is calling: a device by its token, a resident by theirs, or the office by its own.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts, OptionalFromRequestParts};
use axum::http::{HeaderMap, header, request::Parts};
use vicino_contract::http::ProblemCode;

use crate::operators::Operator;
use crate::{Reader, Refusal, Town};

/// A caller known to the town: a device, or a resident on one.
pub(super) struct Known(pub(super) Reader);

/// Whoever acts for an office.
pub(super) struct Office(pub(super) Operator);

/// Says that a token is missing or unknown.
pub(crate) fn unauthorized() -> Refusal {
    Refusal::new(401, ProblemCode::Unauthorized, "A known token is needed")
}

/// The bearer token of a request (RFC 6750 §2.1).
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

impl<S: Sync> FromRequestParts<S> for Known
where
    Arc<Town>: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let token = bearer(&parts.headers).ok_or_else(unauthorized)?;
        let reader = Arc::<Town>::from_ref(state).reader(token)?;
        reader.map(Known).ok_or_else(unauthorized)
    }
}

/// No token is fine where everyone may read; a wrong one is not.
impl<S: Sync> OptionalFromRequestParts<S> for Known
where
    Arc<Town>: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Refusal> {
        if bearer(&parts.headers).is_none() {
            return Ok(None);
        }
        <Self as FromRequestParts<S>>::from_request_parts(parts, state).await.map(Some)
    }
}

impl<S: Sync> FromRequestParts<S> for Office
where
    Arc<Town>: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let town = Arc::<Town>::from_ref(state);
        let token = bearer(&parts.headers).ok_or_else(unauthorized)?;
        town.operator(token)?.map(Self).ok_or_else(unauthorized)
    }
}
