//! A self-certification on paper, ready to be signed: who declares, under which law, what, and as of when it was known.

use chrono::NaiveDate;
use serde::Serialize;

use crate::engine::{PaperError, draw};

/// What a self-certification says on paper.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DeclarationPaper {
    /// Who declares, with birth, tax code and home.
    pub declarant: String,
    /// The child it is about, when it is.
    pub about: String,
    /// What is declared, sentence by sentence.
    pub says: Vec<String>,
    /// The day the registry's facts are of.
    pub as_of: String,
    /// Where and when it is written.
    pub place_and_day: String,
    /// Whether the town is one to practise in.
    pub practice: bool,
}

impl DeclarationPaper {
    /// Draws it.
    ///
    /// # Errors
    /// [`PaperError`] when it cannot be drawn.
    pub fn pdf(&self, dated: NaiveDate) -> Result<Vec<u8>, PaperError> {
        let identity = format!("{}/{}", self.declarant, self.says.join(" "));
        draw(include_str!("../templates/declaration.typ"), self, &[], (&identity, dated))
    }
}
