//! Compact JWS signed with Ed25519: how a town says *this is my word* (RFC 7515, RFC 8037).
//!
//! Two forms are used: a whole one for acknowledgements, which carry their content, and a detached one
//! (RFC 7515, Appendix F) for the town card, whose bytes stand in the body of the answer. Each word says in its header what it is
//! (`typ`), and is taken as that and nothing else ([`Kind`]).

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as B64;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use crate::http::{CertificateClaims, ReceiptClaims, ServicePack, SnapshotLabel, TownKey};

/// The signature does not hold: broken, by an unknown key, or over other bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("the signature does not hold")]
pub struct BadSignature;

/// What a signed word is: its `typ` (RFC 7515 §4.1.9). A word of one kind never stands for one of another.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// Something arrived ([`crate::http::Acknowledgement`]).
    Acknowledgement,
    /// The town's card, detached.
    Card,
    /// A key's word for the next one.
    Successor,
    /// A refresh token.
    Refresh,
    /// A service's form ([`crate::http::ServicePack`]).
    Service,
    /// A receipt ([`crate::http::ReceiptClaims`]).
    Payment,
    /// The word of a certificate's code ([`crate::http::CertificateClaims`]).
    Certificate,
    /// The seal of a paper, detached.
    Seal,
    /// The label of a snapshot ([`crate::http::SnapshotLabel`]).
    Snapshot,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Acknowledgement,
        Self::Card,
        Self::Successor,
        Self::Refresh,
        Self::Service,
        Self::Payment,
        Self::Certificate,
        Self::Seal,
        Self::Snapshot,
    ];

    /// The `typ` in a header; short, for it stands in square codes too.
    const fn typ(self) -> &'static str {
        match self {
            Self::Acknowledgement => "v-ack",
            Self::Card => "v-card",
            Self::Successor => "v-next",
            Self::Refresh => "v-refresh",
            Self::Service => "v-form",
            Self::Payment => "v-paid",
            Self::Certificate => "v-cert",
            Self::Seal => "v-seal",
            Self::Snapshot => "v-snap",
        }
    }

    /// Returns whether content is of this kind, by itself: words of before the header said so, and of those that sign for a town, have no
    /// `typ`. No two kinds have content in common.
    fn fits(self, payload: &[u8]) -> bool {
        if self == Self::Seal {
            return payload.starts_with(b"%PDF-");
        }
        let Ok(Value::Object(said)) = serde_json::from_slice::<Value>(payload) else { return false };
        let kind = said.get("kind").and_then(Value::as_str);
        let has = |name: &str| said.contains_key(name);
        match self {
            Self::Acknowledgement => kind.is_some() && has("body_sha256"),
            Self::Card => kind.is_none() && has("keys") && has("capabilities"),
            Self::Successor => said.len() == 2 && has("kid") && has("x"),
            Self::Refresh => kind.is_none() && has("session") && has("generation"),
            Self::Service => kind == Some(ServicePack::KIND) && has("form"),
            Self::Payment => kind == Some(ReceiptClaims::KIND) && has("receipt"),
            Self::Certificate => kind == Some(CertificateClaims::KIND) && has("says"),
            Self::Snapshot => kind == Some(SnapshotLabel::KIND) && has("plain_sha256"),
            Self::Seal => false,
        }
    }
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: String,
    #[serde(default)]
    typ: Option<String>,
    /// Extensions that must be understood (RFC 7515 §4.1.11): none is.
    #[serde(default)]
    crit: Option<Value>,
}

#[derive(Serialize)]
struct Head<'a> {
    alg: &'a str,
    kid: &'a str,
    typ: &'a str,
}

/// A town's signing key.
pub struct TownSigner {
    key: SigningKey,
    public: TownKey,
}

impl fmt::Debug for TownSigner {
    /// By its public thumbprint alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TownSigner").field("kid", &self.public.kid()).finish_non_exhaustive()
    }
}

impl TownSigner {
    /// The signer with this Ed25519 seed (RFC 8032 §5.1.5).
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        let key = SigningKey::from_bytes(&seed);
        let public = TownKey::of(key.verifying_key().as_bytes());
        Self { key, public }
    }

    /// The public half, as a town card carries it.
    #[must_use]
    pub fn public(&self) -> TownKey {
        self.public.clone()
    }

    /// Signs bytes and carries them along: `header.payload.signature`.
    #[must_use]
    pub fn sign(&self, kind: Kind, payload: &[u8]) -> String {
        let (head, body) = (self.head(kind), B64.encode(payload));
        let signature = self.key.sign(format!("{head}.{body}").as_bytes());
        format!("{head}.{body}.{}", B64.encode(signature.to_bytes()))
    }

    /// Signs bytes that travel elsewhere: `header..signature`.
    #[must_use]
    pub fn sign_detached(&self, kind: Kind, payload: &[u8]) -> String {
        let head = self.head(kind);
        let signature = self.key.sign(format!("{head}.{}", B64.encode(payload)).as_bytes());
        format!("{head}..{}", B64.encode(signature.to_bytes()))
    }

    fn head(&self, kind: Kind) -> String {
        let head = Head { alg: "EdDSA", kid: self.public.kid(), typ: kind.typ() };
        // Three short texts are always JSON.
        B64.encode(serde_json::to_vec(&head).unwrap_or_default())
    }
}

/// Checks a whole JWS of a kind against the keys of a town, and returns the bytes it carries.
///
/// # Errors
/// [`BadSignature`], whatever is wrong with it.
pub fn verify(kind: Kind, jws: &str, keys: &[TownKey]) -> Result<Vec<u8>, BadSignature> {
    let mut parts = jws.split('.');
    let (Some(head), Some(body), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(BadSignature);
    };
    let payload = B64.decode(body).map_err(|_| BadSignature)?;
    check(kind, head, (body, &payload), signature, keys)?;
    Ok(payload)
}

/// Checks a detached JWS of a kind over these bytes against the keys of a town.
///
/// # Errors
/// [`BadSignature`], whatever is wrong with it.
pub fn verify_detached(kind: Kind, jws: &str, payload: &[u8], keys: &[TownKey]) -> Result<(), BadSignature> {
    let (head, signature) = jws.split_once("..").ok_or(BadSignature)?;
    check(kind, head, (&B64.encode(payload), payload), signature, keys)
}

/// By which key it says that it is signed, whether its signature holds or not.
#[must_use]
pub fn kid(jws: &str) -> Option<String> {
    let head = B64.decode(jws.split('.').next()?).ok()?;
    serde_json::from_slice::<Header>(&head).ok().map(|header| header.kid)
}

/// Decodes the payload of a compact JWS without checking its signature: for words read back from the own store.
#[must_use]
pub fn unchecked(jws: &str) -> Option<Vec<u8>> {
    B64.decode(jws.split('.').nth(1)?).ok()
}

/// Follows a town's succession from the keys that are trusted already, the newest of which comes first. Only the newest vouches for
/// another, and what it vouches for is the newest then: a key that has a successor opens nothing any more.
#[must_use]
pub fn follow(trusted: &[TownKey], succession: &[String]) -> Vec<TownKey> {
    let mut known = trusted.to_vec();
    for link in succession {
        let newest = known.get(..1).unwrap_or_default();
        let next = verify(Kind::Successor, link, newest).ok();
        let next = next.and_then(|key| serde_json::from_slice::<TownKey>(&key).ok());
        if let Some(next) = next.filter(|next| !known.contains(next)) {
            known.insert(0, next);
        }
    }
    known
}

fn check(
    kind: Kind,
    head: &str,
    (body, payload): (&str, &[u8]),
    signature: &str,
    keys: &[TownKey],
) -> Result<(), BadSignature> {
    let header: Header =
        B64.decode(head).ok().and_then(|json| serde_json::from_slice(&json).ok()).ok_or(BadSignature)?;
    let is_kind = header.typ.as_deref().map_or_else(|| kind.fits(payload), |typ| typ == kind.typ());
    if header.alg != "EdDSA" || header.crit.is_some() || !is_kind {
        return Err(BadSignature);
    }
    let key = keys.iter().find(|key| key.kid() == header.kid).ok_or(BadSignature)?;
    let bytes = B64.decode(key.x()).ok().and_then(|x| <[u8; 32]>::try_from(x).ok()).ok_or(BadSignature)?;
    let key = VerifyingKey::from_bytes(&bytes).map_err(|_| BadSignature)?;
    let signature = B64.decode(signature).map_err(|_| BadSignature)?;
    let signature = Signature::from_slice(&signature).map_err(|_| BadSignature)?;
    key.verify_strict(format!("{head}.{body}").as_bytes(), &signature).map_err(|_| BadSignature)
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
        assert_eq!(public.x(), "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        assert_eq!(public.kid(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn the_signature_of_the_rfc_holds() {
        // RFC 8037, Appendix A.4, whose header has no `kid`: the check itself is what is compared here.
        let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        let payload = "RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        let bytes: [u8; 32] = B64.decode(rfc_key().public().x()).unwrap().try_into().unwrap();
        let signature = Signature::from_slice(&B64.decode(signature).unwrap()).unwrap();
        let signed = format!("eyJhbGciOiJFZERTQSJ9.{payload}");
        VerifyingKey::from_bytes(&bytes).unwrap().verify_strict(signed.as_bytes(), &signature).unwrap();
    }

    #[test]
    fn an_algorithm_of_another_name_is_refused() {
        let signer = rfc_key();
        let head = B64.encode(format!(r#"{{"alg":"none","kid":"{}"}}"#, signer.public().kid()));
        assert_eq!(verify(Kind::Refresh, &format!("{head}.e30."), &[signer.public()]), Err(BadSignature));
    }

    /// A signature with this header.
    fn headed(signer: &TownSigner, more: &str, payload: &[u8]) -> String {
        let head = B64.encode(format!(r#"{{"alg":"EdDSA","kid":"{}"{more}}}"#, signer.public().kid()));
        let signed = format!("{head}.{}", B64.encode(payload));
        let signature = signer.key.sign(signed.as_bytes());
        format!("{signed}.{}", B64.encode(signature.to_bytes()))
    }

    #[test]
    fn a_word_of_before_is_taken_by_what_it_says_and_an_extension_is_not() {
        let signer = rfc_key();
        let keys = [signer.public()];
        let refresh = br#"{"session":"s","device":"d","resident":"r","generation":1,"exp":9}"#;
        let old = headed(&signer, "", refresh);
        assert!(verify(Kind::Refresh, &old, &keys).is_ok());
        for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Refresh) {
            assert_eq!(verify(kind, &old, &keys), Err(BadSignature), "{kind:?}");
        }
        let key = serde_json::to_vec(&signer.public()).unwrap();
        assert!(verify(Kind::Successor, &headed(&signer, "", &key), &keys).is_ok());
        assert_eq!(
            verify(Kind::Refresh, &headed(&signer, r#","crit":["exp"],"typ":"v-refresh""#, refresh), &keys),
            Err(BadSignature)
        );
    }

    #[test]
    fn only_the_newest_key_vouches() {
        let [one, two, three, thief] = [1, 2, 3, 9].map(|seed| TownSigner::from_seed([seed; 32]));
        let link =
            |by: &TownSigner, next: &TownSigner| by.sign(Kind::Successor, &serde_json::to_vec(&next.public()).unwrap());
        let chain = [link(&one, &two), link(&two, &three)];
        assert_eq!(follow(&[one.public()], &chain), [three.public(), two.public(), one.public()]);
        // A device that has followed to the second key takes nothing more from the first key.
        let known = [two.public(), one.public()];
        assert_eq!(follow(&known, &[link(&one, &thief)]), known);
        assert_eq!(follow(&known, &[chain[0].clone(), link(&one, &thief), chain[1].clone()])[0], three.public());
        assert_eq!(follow(&[], &chain), []);
    }

    proptest! {
        #[test]
        fn what_is_signed_is_read_back_as_that_and_by_that_key(
            payload: Vec<u8>, seed: [u8; 32], other: [u8; 32], kind in 0..9_usize, another in 0..9_usize
        ) {
            prop_assume!(seed != other);
            let (signer, other) = (TownSigner::from_seed(seed), TownSigner::from_seed(other));
            let (kind, another) = (Kind::ALL[kind], Kind::ALL[another]);
            let jws = signer.sign(kind, &payload);
            prop_assert_eq!(verify(kind, &jws, &[other.public(), signer.public()]), Ok(payload.clone()));
            prop_assert_eq!(verify(kind, &jws, &[other.public()]), Err(BadSignature));
            prop_assert_eq!(verify(another, &jws, &[signer.public()]).is_ok(), kind == another);
            let detached = signer.sign_detached(kind, &payload);
            prop_assert_eq!(verify_detached(kind, &detached, &payload, &[signer.public()]), Ok(()));
            prop_assert_eq!(verify_detached(another, &detached, &payload, &[signer.public()]).is_ok(), kind == another);
        }

        #[test]
        fn one_changed_letter_breaks_it(at in 0..150_usize, letter in "[A-Za-z0-9_-]") {
            let signer = rfc_key();
            let jws = signer.sign(Kind::Payment, b"{\"number\":\"2026/00001\"}");
            let mut letters: Vec<char> = jws.chars().collect();
            let at = at % letters.len();
            prop_assume!(letters[at] != '.' && letters[at] != letter.chars().next().unwrap());
            // The last letter of a base64 part may hold unused bits.
            prop_assume!(letters.get(at + 1).is_some_and(|next| *next != '.'));
            letters[at] = letter.chars().next().unwrap();
            let changed: String = letters.into_iter().collect();
            prop_assert_eq!(verify(Kind::Payment, &changed, &[signer.public()]), Err(BadSignature));
        }
    }
}
