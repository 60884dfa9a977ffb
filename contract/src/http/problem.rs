//! Every refusal of the town: problem+json (RFC 9457; ModI, RAC_REST_NAME_008) with a stable code.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use vicino_domain::form::FieldError;
use vicino_domain::{BadCart, Invalid};

/// The media type of a refusal.
pub const PROBLEM_TYPE: &str = "application/problem+json";

/// Why the town refused. A code, once released, keeps its meaning; an unknown one reads as [`ProblemCode::Other`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// No token, or one this town does not know.
    Unauthorized,
    /// The operator's role may not do this.
    RoleTooSmall,
    /// There is nothing here that the caller may see.
    NotFound,
    /// The path exists, not with this verb.
    MethodNotAllowed,
    /// The body is not of the announced or the expected media type.
    UnsupportedMediaType,
    /// The body is not of the expected shape.
    Malformed,
    /// The shape is right and some fields are not.
    Invalid,
    /// The same identity was used before for other content.
    IdConflict,
    /// Larger than the town accepts.
    TooLarge,
    /// More than the town accepts.
    TooMany,
    /// Too often; `Retry-After` says when again.
    RateLimited,
    /// The call took longer than the town waits.
    TooSlow,
    /// So much was brought today that more is taken tomorrow, or there is no room but for words; `Retry-After` says when again.
    NoRoom,
    /// This device was shut out; it introduces itself no more.
    DeviceEnded,
    /// The cursor of the public feed is of a past that this town no longer has; read that feed from the start.
    PublicCursorExpired,
    /// The cursor of the own feed is of a past that this town no longer has; read that feed from the start.
    OwnCursorExpired,
    /// The cursor of the own feed is of a time when the caller might see other things; read that feed from the start, and
    /// let go of what is not told again.
    OwnViewChanged,
    /// The sign-in was asked for in a way that is not taken, or too long ago.
    SignInRefused,
    /// The piece does not begin where the last one ended (tus).
    OffsetConflict,
    /// The bytes do not have the announced digest (tus, 460).
    ChecksumMismatch,
    /// The version of the upload protocol is not spoken here (tus, 412).
    TusVersion,
    /// The upload expired or was ended (tus, 410).
    UploadGone,
    /// The town knows nobody of that tax code.
    NobodyKnown,
    /// The bytes are not of the announced kind, or of one that is not taken.
    FileKind,
    /// This service cannot be asked for, or not any more.
    ServiceClosed,
    /// The state asked for may not follow the present one.
    TransitionRefused,
    /// Somebody changed it in the meantime.
    Stale,
    /// What was asked for is of an older form than the one the town has now.
    FormChanged,
    /// These notices cannot be paid together, or not like this: `cart` says why.
    CartRefused,
    /// The payment page cannot be reached now.
    CheckoutUnreachable,
    /// The payment page refuses this cart.
    CheckoutRefused,
    /// The payment page answered what no payment page answers; nothing was paid.
    CheckoutNonsense,
    /// A fault of the town's server.
    Internal,
    /// The town's server cannot answer now.
    Unavailable,
    /// A code this release does not know.
    #[serde(other)]
    Other,
}

impl ProblemCode {
    /// The code as it stands on the wire.
    #[must_use]
    pub fn code(self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::String(code)) => code,
            _ => String::from("other"),
        }
    }
}

/// A refusal.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// A URI for the kind of problem; `about:blank` here, the code says more.
    #[serde(rename = "type", default = "blank")]
    pub kind: String,
    /// At most 64 printable ASCII characters.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// A sentence for people, in the town's language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The stable code.
    pub code: ProblemCode,
    /// The fields that are not as they must be.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "those_known")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    pub invalid: Vec<Invalid>,
    /// The part that is missing or wrong in a service's form.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "those_known")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    pub gaps: Vec<FieldError>,
    /// Why a cart cannot be paid.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "if_known")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub cart: Option<BadCart>,
}

/// Reads the faults this release has words for. One that a town of tomorrow names otherwise is left out: the refusal's code still says
/// what to do, and a refusal that could not be read at all would be taken for no answer and tried for ever.
fn those_known<'de, D: Deserializer<'de>, T: DeserializeOwned>(wire: D) -> Result<Vec<T>, D::Error> {
    let all = Vec::<serde_json::Value>::deserialize(wire)?;
    Ok(all.into_iter().filter_map(|one| serde_json::from_value(one).ok()).collect())
}

/// Reads the reason when this release has words for it.
fn if_known<'de, D: Deserializer<'de>, T: DeserializeOwned>(wire: D) -> Result<Option<T>, D::Error> {
    let one = Option::<serde_json::Value>::deserialize(wire)?;
    Ok(one.and_then(|one| serde_json::from_value(one).ok()))
}

fn blank() -> String {
    String::from("about:blank")
}

impl Problem {
    /// A problem with this status, code and title.
    #[must_use]
    pub fn new(status: u16, code: ProblemCode, title: &str) -> Self {
        Self {
            kind: blank(),
            title: title.to_owned(),
            status,
            detail: None,
            code,
            invalid: Vec::new(),
            gaps: Vec::new(),
            cart: None,
        }
    }

    /// The same, with a sentence for people.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// A failure with the fields it is about.
    #[must_use]
    pub fn invalid(mut self, invalid: Vec<Invalid>) -> Self {
        self.invalid = invalid;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_of_tomorrow_is_read_today() {
        let json = r#"{"title":"Teapot","status":418,"code":"teapot"}"#;
        let problem: Problem = serde_json::from_str(json).unwrap();
        assert_eq!(problem.code, ProblemCode::Other);
        assert_eq!(problem.kind, "about:blank");
        assert_eq!(ProblemCode::IdConflict.code(), "id_conflict");
    }

    #[test]
    fn a_refusal_that_names_a_fault_of_tomorrow_is_still_read() {
        let json = r#"{"title":"Form incomplete","status":422,"code":"invalid","cart":{"holograms":3},
            "invalid":[{"field":"hologram","rule":"missing"},{"field":"title","rule":"missing"}],
            "gaps":[{"at":null,"lack":{"too_dim":3}},{"at":null,"lack":"missing"},{"at":null,"lack":"faint"}]}"#;
        let problem: Problem = serde_json::from_str(json).unwrap();
        assert_eq!((problem.code, problem.cart), (ProblemCode::Invalid, None));
        assert_eq!(
            problem.invalid,
            [Invalid { field: vicino_domain::Field::Title, rule: vicino_domain::Rule::Missing }]
        );
        assert_eq!(problem.gaps, [FieldError { at: None, lack: vicino_domain::form::FieldErrorKind::Missing }]);
    }
}
