//! Who signs certificates: the town's own key, or a seal kept by somebody else, asked over a network.

use std::fmt::Debug;

use vicino_contract::http::TownKey;
use vicino_contract::jws::{Kind, TownSigner};

/// A certificate could not be signed now: it waits, and is tried again.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the signing service does not answer")]
pub struct Unsigned;

/// Signs certificates, with Ed25519 (`EdDSA`, RFC 8037): the one algorithm that is checked. A remote seal stands behind this; it may take its
/// time, and the town goes on answering meanwhile. What it answers is checked before it is kept.
pub trait Signer: Debug + Send + Sync {
    /// A compact JWS over a payload (RFC 7515): the word that a paper's code carries.
    ///
    /// # Errors
    /// [`Unsigned`] when it cannot now.
    fn sign(&self, payload: &[u8]) -> Result<String, Unsigned>;

    /// A detached JWS over a payload (RFC 7515, Appendix F): the seal of a paper.
    ///
    /// # Errors
    /// [`Unsigned`] when it cannot now.
    fn seal(&self, payload: &[u8]) -> Result<String, Unsigned>;

    /// The key that checks what it signs; it stands in the town's card, for certificates alone.
    fn key(&self) -> TownKey;
}

/// The town's own key, at hand.
impl Signer for TownSigner {
    fn sign(&self, payload: &[u8]) -> Result<String, Unsigned> {
        Ok(Self::sign(self, Kind::Certificate, payload))
    }

    fn seal(&self, payload: &[u8]) -> Result<String, Unsigned> {
        Ok(self.sign_detached(Kind::Seal, payload))
    }

    fn key(&self) -> TownKey {
        self.public()
    }
}
