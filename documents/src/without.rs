//! In the place of Typst, where a program is to stay small: nothing is drawn, and whoever asks is told.

use chrono::NaiveDate;
use serde::Serialize;

use crate::PaperError;

/// Tells whether this program draws PDF.
pub(crate) const DRAWS: bool = false;

pub(crate) fn draw(
    _template: &str,
    _facts: &impl Serialize,
    _pictures: &[(&str, &str)],
    _named: (&str, NaiveDate),
) -> Result<Vec<u8>, PaperError> {
    Err(PaperError(String::from("this program draws no PDF")))
}
