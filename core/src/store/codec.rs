//! Identities, matters and moments as the stores write them.

use vicino_contract::{Matter, MatterKind};
use vicino_domain::Instant;

use crate::error::Error;

/// A moment as it is stored.
pub(crate) fn millis(at: Instant) -> i64 {
    at.timestamp_millis()
}

/// A stored moment; one that is none reads as the beginning of time.
pub(crate) fn instant(millis: i64) -> Instant {
    Instant::from_timestamp_millis(millis).unwrap_or_default()
}

/// A stored identity. What no release ever wrote reads as the identity of nothing.
pub(crate) fn id<T: std::str::FromStr>(text: &str) -> Result<T, Error> {
    text.parse().map_err(|_| Error::not_found())
}

/// A stored matter: the word of its kind and its identity.
pub(crate) fn matter(kind: &str, id: &str) -> Result<Matter, Error> {
    let kind = MatterKind::from_code(kind).ok_or_else(Error::not_found)?;
    Ok(Matter::new(kind, crate::store::codec::id(id)?))
}
