//! pagoPA's codes: the notice number, the QR code and the postal Data Matrix of a notice; read, checked, written.
//!
//! Readers are lenient where the standard is (a check digit that is wrong warns, as many official samples have one) and strict
//! where money could go elsewhere: whatever is not eighteen digits for the notice and eleven for the creditor is refused.

mod code;
mod number;
mod postal;

pub use code::NoticeCode;
pub use number::{Aux, Check, NoticeNumber};
pub use postal::PostalCode;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{Cents, text};

/// The fault of a notice that was read or typed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadNotice {
    /// There is nothing to read.
    #[error("nothing to read")]
    Empty,
    /// A code of another kind: it is not of a pagoPA notice.
    #[error("a code of another kind")]
    OtherCode,
    /// A pagoPA code of another version than 002.
    #[error("a pagoPA code of another version")]
    Version,
    /// A pagoPA code with a part missing: it is torn, or was read only in part.
    #[error("a part of the code is missing")]
    Torn,
    /// A notice number has eighteen digits.
    #[error("a notice number has 18 digits, not {found}")]
    Digits {
        /// The number of them.
        found: u32,
    },
    /// Letters where only digits can be.
    #[error("letters in a notice number")]
    Letters,
    /// The first digit is 0, 1, 2 or 3.
    #[error("no notice number begins with this digit")]
    Aux,
    /// The creditor's tax code has eleven digits.
    #[error("a creditor's tax code has 11 digits")]
    Creditor,
    /// The amount is no number of one to ten digits.
    #[error("not an amount of one to ten digits")]
    Amount,
    /// Nothing is to be paid.
    #[error("an amount of zero")]
    Zero,
}

/// What stands in a code, or was typed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// A number alone, as it is printed: whose it is and how much are not in it.
    Number(NoticeNumber),
    /// The square code of the payment service providers.
    Code(NoticeCode),
    /// The square code of the post offices.
    Postal(PostalCode),
}

impl Found {
    /// The number of the notice.
    #[must_use]
    pub const fn number(&self) -> NoticeNumber {
        match self {
            Self::Number(number) => *number,
            Self::Code(code) => code.number,
            Self::Postal(code) => code.number,
        }
    }

    /// The creditor's tax code and the amount, when they stand there.
    #[must_use]
    pub fn owed(&self) -> Option<(Creditor, Cents)> {
        match self {
            Self::Number(_) => None,
            Self::Code(code) => Some((code.creditor, code.amount())),
            Self::Postal(code) => Some((code.creditor, code.amount)),
        }
    }
}

/// Reads what a camera saw or a hand typed: a code of either kind, or a number with or without blanks.
///
/// # Errors
/// [`BadNotice`], the first thing that is wrong.
pub fn read(text: &str) -> Result<Found, BadNotice> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0');
    // Pasted from a page, a number brings signs that nobody sees; the codes' own blanks stay, which count places.
    let pasted =
        if text.starts_with("PAGOPA|") || text.starts_with("codfase=") { text.to_owned() } else { text::code(text) };
    let text = pasted.as_str();
    if text.is_empty() {
        return Err(BadNotice::Empty);
    }
    let owed_to_somebody = |found: Found| match found.owed() {
        Some((creditor, _)) if creditor.is_nobody() => Err(BadNotice::Creditor),
        _ => Ok(found),
    };
    if text.starts_with("PAGOPA|") || text == "PAGOPA" {
        return NoticeCode::read(text).map(Found::Code).and_then(owed_to_somebody);
    }
    if text.starts_with("codfase=") {
        return PostalCode::read(text).map(Found::Postal).and_then(owed_to_somebody);
    }
    let digits = text.chars().filter(char::is_ascii_digit).count();
    // Hardly a digit in it, or a scheme in front: another square code, and not a number that somebody mistyped.
    if digits < 8 && text.chars().count() > 8 || text.contains("://") || text.contains('|') || text.contains('=') {
        return Err(BadNotice::OtherCode);
    }
    text.parse().map(Found::Number)
}

/// The tax code of a creditor: eleven digits. Its check digit is not asked for: official samples fail it (`77777777777`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Creditor(u64);

impl Creditor {
    /// Returns whether it is all zeros, which is nobody's. Releases before kept notices with it, so it can still be read.
    #[must_use]
    pub const fn is_nobody(self) -> bool {
        self.0 == 0
    }
}

impl std::fmt::Display for Creditor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:011}", self.0)
    }
}

impl std::str::FromStr for Creditor {
    type Err = BadNotice;

    fn from_str(text: &str) -> Result<Self, BadNotice> {
        digits::<11>(text).map(Self).ok_or(BadNotice::Creditor)
    }
}

impl TryFrom<String> for Creditor {
    type Error = BadNotice;

    fn try_from(text: String) -> Result<Self, BadNotice> {
        text.parse()
    }
}

impl From<Creditor> for String {
    fn from(creditor: Creditor) -> Self {
        creditor.to_string()
    }
}

/// Exactly so many digits, as a number.
fn digits<const LENGTH: usize>(text: &str) -> Option<u64> {
    let plain = text.len() == LENGTH && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_no_creditor_of_what_is_read_now() {
        assert_eq!(read("PAGOPA|002|302032002700000251|00000000000|100").unwrap_err(), BadNotice::Creditor);
        // What a release before kept can still be read.
        assert!("00000000000".parse::<Creditor>().is_ok_and(Creditor::is_nobody));
    }

    #[test]
    fn what_is_no_notice_is_told_apart() {
        for (text, why) in [
            ("", BadNotice::Empty),
            (" \n", BadNotice::Empty),
            ("https://example.org/menu", BadNotice::OtherCode),
            ("WIFI:S:casa;T:WPA;P:x;;", BadNotice::OtherCode),
            ("PAGOPA", BadNotice::Torn),
            ("PAGOPA|002|3020320", BadNotice::Torn),
            ("14401234567890120", BadNotice::Digits { found: 17 }),
            ("24401234567890120X", BadNotice::Letters),
            ("444012345678901200", BadNotice::Aux),
        ] {
            assert_eq!(read(text), Err(why), "{text}");
        }
    }
}
