//! Random bytes for identities and tokens.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as B64;
use vicino_contract::http::ProblemCode;

use crate::Refusal;
use crate::refusal::RefusalKind;

/// Random bytes from the system.
///
/// # Errors
/// A [`Refusal`] when the system has none to give.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Refusal> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|_| Refusal::new(RefusalKind::Unavailable, ProblemCode::Unavailable, "Random numbers unavailable"))?;
    Ok(bytes)
}

/// A token of 256 random bits, base64url.
pub(crate) fn token() -> Result<String, Refusal> {
    Ok(B64.encode(random::<32>()?))
}

/// The SHA-256 of these bytes.
pub(crate) fn digest(bytes: &[u8]) -> vicino_domain::Sha256 {
    use sha2::Digest as _;
    vicino_domain::Sha256(sha2::Sha256::digest(bytes).into())
}
