//! Official codes as people type them: read, checked with their own algorithm, and written one way.
//!
//! Each reader takes what was typed, with blanks and small letters, and answers the code as it is written officially, or what is
//! wrong with it. Nothing is guessed: a code that is sound may still be nobody's.

mod everyday;
mod iban;
mod tax_code;
mod vat;

pub use everyday::{date, decimal, email, phone, postal_code};
pub use iban::iban;
pub use tax_code::{TaxCode, tax_code};
pub use vat::{entity_code, vat_number};

use serde::{Deserialize, Serialize};

use crate::text;

/// The fault of a code.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadCode {
    /// It has another length, or characters that do not belong there.
    Shape,
    /// The date inside does not exist.
    Date,
    /// The check character says that something was mistyped.
    Check,
}

/// What was typed without blanks, dots and dashes, in capitals: how people break codes up means nothing.
fn compact(typed: &str) -> String {
    text::code(typed)
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.' | '/'))
        .flat_map(char::to_uppercase)
        .collect()
}
