//! Compact JWS signed with Ed25519: how a town says *this is my word* (RFC 7515, RFC 8037).
//!
//! Two forms are used: a whole one for acknowledgements, which carry their content, and a detached one
//! (RFC 7515, Appendix F) for the town card, whose bytes stand in the body of the answer.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as B64;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::http::TownKey;

/// The signature does not hold: broken, by an unknown key, or over other bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("the signature does not hold")]
pub struct BadSignature;

#[derive(Serialize, Deserialize)]
struct Header {
    alg: String,
    kid: String,
}

/// A town's signing key.
pub struct TownSigner {
    key: SigningKey,
    kid: String,
}

impl fmt::Debug for TownSigner {
    /// By its public thumbprint alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TownSigner").field("kid", &self.kid).finish_non_exhaustive()
    }
}

impl TownSigner {
    /// The signer with this Ed25519 seed (RFC 8032 §5.1.5).
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        let key = SigningKey::from_bytes(&seed);
        let kid = thumbprint(&key.verifying_key());
        Self { key, kid }
    }

    /// The public half, as a town card carries it.
    #[must_use]
    pub fn public(&self) -> TownKey {
        TownKey { kid: self.kid.clone(), x: B64.encode(self.key.verifying_key().as_bytes()) }
    }

    /// Signs bytes and carries them along: `header.payload.signature`.
    #[must_use]
    pub fn sign(&self, payload: &[u8]) -> String {
        let (head, body) = (self.head(), B64.encode(payload));
        let signature = self.key.sign(format!("{head}.{body}").as_bytes());
        format!("{head}.{body}.{}", B64.encode(signature.to_bytes()))
    }

    /// Signs bytes that travel elsewhere: `header..signature`.
    #[must_use]
    pub fn sign_detached(&self, payload: &[u8]) -> String {
        let head = self.head();
        let signature = self.key.sign(format!("{head}.{}", B64.encode(payload)).as_bytes());
        format!("{head}..{}", B64.encode(signature.to_bytes()))
    }

    fn head(&self) -> String {
        B64.encode(format!(r#"{{"alg":"EdDSA","kid":"{}"}}"#, self.kid))
    }
}

/// Checks a whole JWS against the keys of a town, and returns the bytes it carries.
///
/// # Errors
/// [`BadSignature`], whatever is wrong with it.
pub fn verify(jws: &str, keys: &[TownKey]) -> Result<Vec<u8>, BadSignature> {
    let mut parts = jws.split('.');
    let (Some(head), Some(body), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(BadSignature);
    };
    check(head, body, signature, keys)?;
    B64.decode(body).map_err(|_| BadSignature)
}

/// Checks a detached JWS over these bytes against the keys of a town.
///
/// # Errors
/// [`BadSignature`], whatever is wrong with it.
pub fn verify_detached(jws: &str, payload: &[u8], keys: &[TownKey]) -> Result<(), BadSignature> {
    let (head, signature) = jws.split_once("..").ok_or(BadSignature)?;
    check(head, &B64.encode(payload), signature, keys)
}

/// By which key it says that it is signed, whether its signature holds or not.
#[must_use]
pub fn kid(jws: &str) -> Option<String> {
    let head = B64.decode(jws.split('.').next()?).ok()?;
    serde_json::from_slice::<Header>(&head).ok().map(|header| header.kid)
}

/// Follows a town's succession from the keys that are trusted already: every key that one of them vouched for, directly or
/// through others, is trusted too. The newest comes first.
#[must_use]
pub fn follow(trusted: &[TownKey], succession: &[String]) -> Vec<TownKey> {
    let mut known = trusted.to_vec();
    for link in succession {
        let next = verify(link, &known).ok().and_then(|key| serde_json::from_slice::<TownKey>(&key).ok());
        if let Some(next) = next.filter(|next| !known.contains(next)) {
            known.insert(0, next);
        }
    }
    known
}

fn check(head: &str, body: &str, signature: &str, keys: &[TownKey]) -> Result<(), BadSignature> {
    let header: Header =
        B64.decode(head).ok().and_then(|json| serde_json::from_slice(&json).ok()).ok_or(BadSignature)?;
    let key = keys.iter().find(|key| key.kid == header.kid && header.alg == "EdDSA").ok_or(BadSignature)?;
    let bytes = B64.decode(&key.x).ok().and_then(|x| <[u8; 32]>::try_from(x).ok()).ok_or(BadSignature)?;
    let key = VerifyingKey::from_bytes(&bytes).map_err(|_| BadSignature)?;
    let signature = B64.decode(signature).map_err(|_| BadSignature)?;
    let signature = Signature::from_slice(&signature).map_err(|_| BadSignature)?;
    key.verify_strict(format!("{head}.{body}").as_bytes(), &signature).map_err(|_| BadSignature)
}

/// The JWK thumbprint of a key (RFC 7638 §3, members as in RFC 8037 §2).
fn thumbprint(key: &VerifyingKey) -> String {
    let jwk = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, B64.encode(key.as_bytes()));
    B64.encode(Sha256::digest(jwk))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The key of RFC 8037, Appendix A.1.
    fn rfc_key() -> TownSigner {
        let seed = B64.decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap();
        TownSigner::from_seed(seed.try_into().unwrap())
    }

    #[test]
    fn the_public_key_and_thumbprint_of_the_rfc() {
        let public = rfc_key().public();
        assert_eq!(public.x, "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        assert_eq!(public.kid, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn the_signature_of_the_rfc_holds() {
        // RFC 8037, Appendix A.4, whose header has no `kid`: the check itself is what is compared here.
        let key = [TownKey { kid: String::new(), x: rfc_key().public().x }];
        let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        let payload = "RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        let bytes: [u8; 32] = B64.decode(&key[0].x).unwrap().try_into().unwrap();
        let signature = Signature::from_slice(&B64.decode(signature).unwrap()).unwrap();
        let signed = format!("eyJhbGciOiJFZERTQSJ9.{payload}");
        VerifyingKey::from_bytes(&bytes).unwrap().verify_strict(signed.as_bytes(), &signature).unwrap();
    }

    #[test]
    fn an_algorithm_of_another_name_is_refused() {
        let signer = rfc_key();
        let head = B64.encode(format!(r#"{{"alg":"none","kid":"{}"}}"#, signer.public().kid));
        assert_eq!(verify(&format!("{head}.e30."), &[signer.public()]), Err(BadSignature));
    }

    proptest! {
        #[test]
        fn what_is_signed_is_read_back_and_no_other_key_will_do(payload: Vec<u8>, seed: [u8; 32], other: [u8; 32]) {
            prop_assume!(seed != other);
            let (signer, other) = (TownSigner::from_seed(seed), TownSigner::from_seed(other));
            let jws = signer.sign(&payload);
            prop_assert_eq!(verify(&jws, &[other.public(), signer.public()]), Ok(payload.clone()));
            prop_assert_eq!(verify(&jws, &[other.public()]), Err(BadSignature));
            let detached = signer.sign_detached(&payload);
            prop_assert_eq!(verify_detached(&detached, &payload, &[signer.public()]), Ok(()));
        }

        #[test]
        fn one_changed_letter_breaks_it(at in 0..150_usize, letter in "[A-Za-z0-9_-]") {
            let signer = rfc_key();
            let jws = signer.sign(b"{\"number\":\"2026/00001\"}");
            let mut letters: Vec<char> = jws.chars().collect();
            let at = at % letters.len();
            prop_assume!(letters[at] != '.' && letters[at] != letter.chars().next().unwrap());
            // The last letter of a base64 part may hold unused bits.
            prop_assume!(letters.get(at + 1).is_some_and(|next| *next != '.'));
            letters[at] = letter.chars().next().unwrap();
            let changed: String = letters.into_iter().collect();
            prop_assert_eq!(verify(&changed, &[signer.public()]), Err(BadSignature));
        }
    }
}
