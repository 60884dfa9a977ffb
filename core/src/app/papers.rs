//! Papers in one go, as a shell brings and takes them.

use vicino_contract::Failure;
use vicino_domain::PaperId;
use vicino_domain::paper::PaperKind;

use crate::app::App;
use crate::matters::document::personal;
use crate::matters::notice::print;

impl App {
    /// Keeps a new paper with all of its pages, each a name and its bytes, or nothing of it; name and end as they were typed.
    ///
    /// # Errors
    /// A [`Failure`] when a page is not taken, the name is too long, or the end is no day.
    pub fn keep_paper(
        &self,
        kind: PaperKind,
        named: (&str, &str),
        pages: Vec<(String, Vec<u8>)>,
    ) -> Result<PaperId, Failure> {
        Ok(personal::keep(&self.device(), kind, named, pages)?)
    }

    /// The receipts of a year, or all, as files: each a path that begins with its year, and its bytes. Every receipt is a paper, and
    /// beside it the record with the town's signed word.
    ///
    /// # Errors
    /// A [`Failure`] when this device's own store fails.
    pub fn export_receipts(&self, year: Option<i32>) -> Result<Vec<(String, Vec<u8>)>, Failure> {
        Ok(print::exported(&self.device(), year)?)
    }
}
