//! Public keys of towns: a key is its thumbprint, and no value of this type says otherwise.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as B64;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use thiserror::Error;
use vicino_domain::Instant;

/// An Ed25519 public key, named by its own thumbprint: one under another name cannot be read.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(try_from = "Written")]
pub struct TownKey {
    /// The thumbprint (RFC 7638).
    kid: String,
    /// The thirty-two bytes, base64url (RFC 8037 §2).
    x: String,
}

/// A key as it stands written, before anybody has looked.
#[derive(Deserialize)]
struct Written {
    kid: String,
    x: String,
}

/// It is no key, or bears another key's name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("not a key, or not this key's thumbprint")]
pub struct NotAKey;

impl TryFrom<Written> for TownKey {
    type Error = NotAKey;

    fn try_from(written: Written) -> Result<Self, NotAKey> {
        let bytes = B64.decode(&written.x).ok().and_then(|x| <[u8; 32]>::try_from(x).ok()).ok_or(NotAKey)?;
        let key = Self::of(&bytes);
        if key.kid == written.kid && key.x == written.x { Ok(key) } else { Err(NotAKey) }
    }
}

impl TownKey {
    /// The key of these bytes (RFC 8032 §5.1.5).
    #[must_use]
    pub fn of(bytes: &[u8; 32]) -> Self {
        let x = B64.encode(bytes);
        // The JWK thumbprint (RFC 7638 §3, members as in RFC 8037 §2).
        let kid = B64.encode(Sha256::digest(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#)));
        Self { kid, x }
    }

    /// The thumbprint, by which signatures name it.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The thirty-two bytes, base64url.
    #[must_use]
    pub fn x(&self) -> &str {
        &self.x
    }

    /// The thumbprint in groups of four, for eyes to compare.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let letters: Vec<char> = self.kid.chars().collect();
        letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
    }
}

/// A key that somebody else may hold: what it signed from that day on is believed for nothing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CompromisedKey {
    /// The thumbprint.
    pub kid: String,
    /// Since when.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub since: Instant,
}

impl CompromisedKey {
    /// The keys among these that nobody else may hold.
    #[must_use]
    pub fn spare(keys: &[TownKey], compromised: &[Self]) -> Vec<TownKey> {
        keys.iter().filter(|key| compromised.iter().all(|bad| bad.kid != key.kid)).cloned().collect()
    }

    /// Returns whether a word with this date may be believed, by the key it names: what a thief writes bears whatever date the thief likes,
    /// so this is for words that were here before, or that somebody else vouches for.
    #[must_use]
    pub fn allow(compromised: &[Self], kid: Option<&str>, said_at: Instant) -> bool {
        compromised.iter().filter(|bad| Some(bad.kid.as_str()) == kid).all(|bad| said_at < bad.since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_under_another_name_is_no_key() {
        let (one, two) = (TownKey::of(&[1; 32]), TownKey::of(&[2; 32]));
        let json = |kid: &str, x: &str| serde_json::json!({ "kid": kid, "x": x }).to_string();
        let read = |json: String| serde_json::from_str::<TownKey>(&json).ok();
        assert_eq!(read(json(one.kid(), one.x())), Some(one.clone()));
        assert_eq!(read(serde_json::to_string(&one).unwrap()), Some(one.clone()));
        assert_eq!(read(json(one.kid(), two.x())), None, "another's name");
        for odd in
            [json("", one.x()), json(one.kid(), ""), json(one.kid(), "AA"), json(one.kid(), &format!("{}=", one.x()))]
        {
            assert_eq!(read(odd.clone()), None, "{odd}");
        }
    }

    #[test]
    fn a_compromised_key_is_believed_for_what_was_said_before_its_day() {
        let keys = [TownKey::of(&[1; 32]), TownKey::of(&[2; 32])];
        let at = |seconds| Instant::from_timestamp(seconds, 0).unwrap();
        let bad = [CompromisedKey { kid: keys[1].kid().to_owned(), since: at(100) }];
        assert_eq!(CompromisedKey::spare(&keys, &bad), keys[..1]);
        assert!(CompromisedKey::allow(&bad, Some(keys[1].kid()), at(99)));
        assert!(!CompromisedKey::allow(&bad, Some(keys[1].kid()), at(100)));
        assert!(CompromisedKey::allow(&bad, Some(keys[0].kid()), at(100)));
    }
}
