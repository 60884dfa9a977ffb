//! The reason why a request waits for the resident.

use serde::{Deserialize, Serialize};
use vicino_domain::Invalid;
use vicino_domain::form::FieldError;

use crate::http::ProblemCode;

/// The code of a reason: the town's, or this device's own.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StuckCode {
    /// The file to be sent is not on this device any more, or does not open.
    FileLost,
    /// The town does not believe the refresh token (RFC 6749 §5.2).
    InvalidGrant,
    /// The town refused the request.
    #[serde(untagged)]
    Town(ProblemCode),
}

impl Default for StuckCode {
    fn default() -> Self {
        Self::Town(ProblemCode::Other)
    }
}

impl StuckCode {
    /// The code as it is stored, and as it is read out to an office.
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Self::FileLost => String::from("file_lost"),
            Self::InvalidGrant => String::from("invalid_grant"),
            Self::Town(code) => code.code(),
        }
    }
}

impl StuckReason {
    /// A reason that is no more than its code.
    #[must_use]
    pub fn of(code: StuckCode) -> Self {
        Self { code, ..Self::default() }
    }
}

/// The reason why a request cannot go on by itself.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct StuckReason {
    /// The stable code.
    #[serde(default)]
    pub code: StuckCode,
    /// The fields it names.
    #[serde(default)]
    pub invalid: Vec<Invalid>,
    /// The part that is missing or wrong in a service's form.
    #[serde(default)]
    pub gaps: Vec<FieldError>,
    /// The town's own sentence, in its language; shown as a quotation.
    #[serde(default)]
    pub detail: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_stored_in_their_words_and_a_code_of_tomorrow_is_read() {
        let words = [
            (StuckCode::FileLost, "file_lost"),
            (StuckCode::InvalidGrant, "invalid_grant"),
            (StuckCode::Town(ProblemCode::IdConflict), "id_conflict"),
            (StuckCode::default(), "other"),
        ];
        for (code, word) in words {
            assert_eq!(serde_json::to_value(code).unwrap(), word);
            assert_eq!(code.code(), word);
            let read: StuckReason = serde_json::from_value(serde_json::json!({ "code": word })).unwrap();
            assert_eq!(read, StuckReason::of(code));
        }
        let tomorrow: StuckCode = serde_json::from_value("teapot".into()).unwrap();
        assert_eq!(tomorrow, StuckCode::default());
    }
}
