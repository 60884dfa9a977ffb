//! Why something a resident wrote cannot be sent yet: one reason, one field.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{Limits, text};

/// The field a reason belongs to; the interface puts the words beside it and the focus in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The consent of the first step.
    Privacy,
    /// Where it is.
    Place,
    /// The place told in words.
    PlaceNote,
    /// The place as an address.
    Address,
    /// The kind of problem.
    Category,
    /// The title.
    Title,
    /// The details.
    Details,
    /// The photos.
    Photos,
    /// The way to reach the resident.
    Contact,
    /// The creditor.
    Creditor,
    /// The amount that is owed.
    Amount,
    /// A message to the office.
    Message,
}

/// The rule that does not hold.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Nothing is there and something must be.
    #[error("missing")]
    Missing,
    /// Longer than the town accepts.
    #[error("longer than {max}: {found}")]
    TooLong {
        /// Most characters.
        max: u32,
        /// Characters found.
        found: u32,
    },
    /// More than the town accepts.
    #[error("more than {max}: {found}")]
    TooMany {
        /// Most of them.
        max: u32,
        /// The number of them.
        found: u32,
    },
    /// Holds a character that is no text. Older towns still send it; such characters are dropped now.
    #[error("not text")]
    NotText,
}

impl std::fmt::Display for Field {
    /// The word, as it travels.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let word = match self {
            Self::Privacy => "privacy",
            Self::Place => "place",
            Self::PlaceNote => "place_note",
            Self::Address => "address",
            Self::Category => "category",
            Self::Title => "title",
            Self::Details => "details",
            Self::Photos => "photos",
            Self::Contact => "contact",
            Self::Creditor => "creditor",
            Self::Amount => "amount",
            Self::Message => "message",
        };
        f.write_str(word)
    }
}

/// A field and the rule that does not hold for it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Error, Serialize, Deserialize)]
#[error("{field}: {rule}")]
pub struct Invalid {
    /// Which field.
    pub field: Field,
    /// Which rule.
    pub rule: Rule,
}

impl Invalid {
    /// The field is empty.
    #[must_use]
    pub const fn missing(field: Field) -> Self {
        Self { field, rule: Rule::Missing }
    }
}

/// Checks the length of a text that must be there.
pub(crate) fn required(field: Field, text: &str, max: u32) -> Option<Invalid> {
    // What shows nothing is not there.
    if text::lines(text).is_empty() { Some(Invalid::missing(field)) } else { optional(field, text, max) }
}

impl Limits {
    /// The text of a message as it is kept, when it is one the town takes.
    ///
    /// # Errors
    /// The rule that the text breaks.
    pub fn message_text(&self, text: &str) -> Result<String, Invalid> {
        let text = text::lines(text);
        required(Field::Message, &text, self.message).map_or(Ok(text), Err)
    }
}

/// Checks the length of a text that may be empty, as it will be kept: control signs and letters that nobody sees are dropped, here and at
/// the town, and do not count.
pub(crate) fn optional(field: Field, text: &str, max: u32) -> Option<Invalid> {
    let kept = if many_lines(field) { text::lines(text) } else { text::line(text) };
    let found = text::count(&kept);
    (found > max).then_some(Invalid { field, rule: Rule::TooLong { max, found } })
}

/// Fields that are written over several lines.
const fn many_lines(field: Field) -> bool {
    matches!(field, Field::Details | Field::Message)
}
