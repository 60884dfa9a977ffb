//! A paper as this program makes it: a PDF, or where Typst weighs too much a page of HTML that says the same.

use crate::PaperError;
use crate::engine::DRAWS;

/// A paper, ready to be shown, kept or printed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sheet {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The media type of them.
    pub media: &'static str,
    /// The way its name ends on a disk.
    pub ending: &'static str,
}

impl Sheet {
    /// Tells whether papers are PDF here.
    pub const IS_PDF: bool = DRAWS;

    pub(crate) fn of(
        pdf: impl FnOnce() -> Result<Vec<u8>, PaperError>,
        page: impl FnOnce() -> String,
    ) -> Result<Self, PaperError> {
        Ok(if DRAWS {
            Self { bytes: pdf()?, media: "application/pdf", ending: "pdf" }
        } else {
            Self { bytes: page().into_bytes(), media: "text/html", ending: "html" }
        })
    }
}
