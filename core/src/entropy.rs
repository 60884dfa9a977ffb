//! Random bytes, and what is made of them.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as B64;
use sha2::Digest as _;
use vicino_domain::Sha256;

use crate::error::Error;

/// Random bytes from the system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| Error::NoRandomness)?;
    Ok(bytes)
}

/// A secret of 256 random bits, base64url.
pub(crate) fn secret() -> Result<String, Error> {
    Ok(B64.encode(random::<32>()?))
}

/// A number from 0 up to 1, for spreading retries.
pub(crate) fn jitter() -> f64 {
    // Without randomness retries come at their latest moment, which is safe.
    random::<4>().map_or(1.0, |bytes| f64::from(u32::from_le_bytes(bytes)) / (f64::from(u32::MAX) + 1.0))
}

/// The SHA-256 of these bytes.
pub(crate) fn digest(bytes: &[u8]) -> Sha256 {
    Sha256(sha2::Sha256::digest(bytes).into())
}
