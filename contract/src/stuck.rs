//! The reason why a request waits for the resident.

use serde::{Deserialize, Serialize};
use vicino_domain::Invalid;
use vicino_domain::form::FieldError;

/// The reason why a request cannot go on by itself.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct StuckReason {
    /// The town's stable problem code, such as `invalid`.
    pub code: String,
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
