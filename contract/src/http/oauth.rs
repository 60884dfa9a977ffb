//! How a resident signs in: OAuth 2 with an authorization code and PKCE S256 (RFC 6749, RFC 7636, RFC 8252).
//!
//! The device is a public client named by its [`vicino_domain::DeviceId`]. It returns on a loopback port, or by the app's
//! own scheme on a phone.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The app's own scheme, with the path a sign-in returns to on a phone (RFC 8252 §7.1).
pub const APP_RETURN: &str = "it.vicino.app:/signed-in";
/// The path a sign-in returns to on a loopback port (RFC 8252 §7.3).
pub const LOOPBACK_RETURN: &str = "/signed-in";
/// The only transformation of the verifier that is taken (RFC 7636 §4.2).
pub const CHALLENGE_METHOD: &str = "S256";

/// Returns whether an address is one a device may be sent back to: its own scheme, or a port of its own machine.
#[must_use]
pub fn redirect_is_ours(uri: &str) -> bool {
    uri == APP_RETURN || is_loopback(uri, LOOPBACK_RETURN)
}

/// Returns whether an address is this path on a port of the caller's own machine (RFC 8252 §7.3).
pub(super) fn is_loopback(uri: &str, path: &str) -> bool {
    let Some(rest) = uri.strip_prefix("http://127.0.0.1:").or_else(|| uri.strip_prefix("http://[::1]:")) else {
        return false;
    };
    rest.strip_suffix(path)
        .is_some_and(|port| !port.is_empty() && port.len() <= 5 && port.bytes().all(|b| b.is_ascii_digit()))
}

/// The reply of the token endpoint (RFC 6749 §5.1).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenReply {
    /// Goes with every call, for a short while.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: String,
    /// For how many seconds.
    #[cfg_attr(feature = "openapi", schema(format = Int64))]
    pub expires_in: u64,
    /// Gets the next pair, once.
    pub refresh_token: String,
    /// The resident who has signed in.
    pub resident: Uuid,
}

/// The refusal of the token endpoint (RFC 6749 §5.2).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OauthError {
    /// Something is missing or of another shape.
    InvalidRequest,
    /// The code or the refresh token is not good, or not any more.
    InvalidGrant,
    /// A way of asking that is not spoken here.
    UnsupportedGrantType,
    /// A token of a kind that is not revoked (RFC 7009 section 2.2.1).
    UnsupportedTokenType,
}

/// The body of such a refusal.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OauthRefusal {
    /// Why.
    pub error: OauthError,
}

/// Where to ask for what (RFC 8414 §2).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OauthMetadata {
    /// The address of the town.
    pub issuer: String,
    /// Where a browser goes.
    pub authorization_endpoint: String,
    /// Where a device asks for tokens.
    pub token_endpoint: String,
    /// Where a device gives them back.
    pub revocation_endpoint: String,
    /// Always `code`.
    pub response_types_supported: Vec<String>,
    /// Codes and refresh tokens.
    pub grant_types_supported: Vec<String>,
    /// Always `S256`.
    pub code_challenge_methods_supported: Vec<String>,
    /// Always `none`: devices are public clients.
    pub token_endpoint_auth_methods_supported: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_sent_back_to_itself_and_nowhere_else() {
        for fine in [APP_RETURN, "http://127.0.0.1:4711/signed-in", "http://[::1]:80/signed-in"] {
            assert!(redirect_is_ours(fine), "{fine}");
        }
        let foreign = [
            "",
            "https://127.0.0.1:1/signed-in",
            "http://127.0.0.1/signed-in",
            "http://127.0.0.1:/signed-in",
            "http://127.0.0.1:80@evil.example/signed-in",
            "http://127.0.0.1:80/elsewhere",
            "http://localhost:80/signed-in",
            "it.vicino.app:/signed-in?x",
            "http://127.0.0.1:80/signed-in#x",
        ];
        for uri in foreign {
            assert!(!redirect_is_ours(uri), "{uri}");
        }
    }
}
