//! Who is calling: a device by its token, a resident by theirs, or the office by its own; asked once for each call.

use std::sync::Arc;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::{HeaderMap, header, request::Parts};
use vicino_contract::http::ProblemCode;

use crate::access::operators::Operator;
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
        if let Some(reader) = town.reader(token)? {
            return Ok(Self::Known(reader));
        }
        Ok(town.operator(token)?.map_or(Self::Stranger, Self::Office))
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
        address.map(Self).ok_or_else(|| Refusal::new(RefusalKind::Internal, ProblemCode::Internal, "Internal fault"))
    }
}
