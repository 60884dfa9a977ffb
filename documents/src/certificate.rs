//! A certificate of the registry: what the town certifies, the wordings the law asks for, and the code that anybody can check.

use chrono::NaiveDate;
use serde::{Serialize, Serializer};

use crate::PaperError;
use crate::engine::draw;

/// A certificate on paper. Days are written already as people read them.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct CertificatePaper {
    /// The name; several titles, one after the other, for several kinds.
    pub title: String,
    /// The town.
    pub town: String,
    /// The office that issues it.
    pub office: String,
    /// Whom it is about, with birth and tax code.
    pub person: String,
    /// What is certified, sentence by sentence.
    pub says: Vec<String>,
    /// The number; empty on the draft that a stamp is bought for.
    pub number: String,
    /// The day it was issued.
    pub issued: String,
    /// Until when it holds, *al 9 novembre 2026*; empty: for ever.
    pub until: String,
    /// The stamp duty: paid, exempt and why, or free by law.
    pub stamp: String,
    /// Words of whoever asked for it, quoted; empty: there are none. They stand on a line of their own, and are no part of what is certified.
    pub declared: String,
    /// The thumbprint of the key under its code.
    pub key: String,
    /// The address of the page on which it is checked; empty where the town did not say.
    pub check_at: String,
    /// Tells whether the town is one to practise in.
    pub practice: bool,
    /// The town's crest, an SVG image; empty: it stands without one. The template learns only whether there is one.
    #[serde(serialize_with = "is_there")]
    pub crest: String,
}

/// Nothing to see, where a code is not there yet.
const BLANK: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\" width=\"1\" height=\"1\"><path fill=\"#fff\" d=\"M0 0h1v1H0z\"/></svg>";

fn is_there<S: Serializer>(picture: &str, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_bool(!picture.is_empty())
}

impl CertificatePaper {
    /// Returns whether a paper can be drawn with this crest.
    #[must_use]
    pub fn bears(crest: &str) -> bool {
        let paper =
            Self { title: String::from("-"), person: String::from("-"), crest: crest.to_owned(), ..Self::default() };
        !crest.is_empty() && paper.pdf(None, NaiveDate::default()).is_ok()
    }

    /// Draws it with its code, an SVG image; without one it is the draft of which the digest is signed.
    ///
    /// # Errors
    /// [`PaperError`] when it cannot be drawn.
    pub fn pdf(&self, code: Option<&str>, dated: NaiveDate) -> Result<Vec<u8>, PaperError> {
        let crest = if self.crest.is_empty() { BLANK } else { &self.crest };
        let pictures = [("qr.svg", code.unwrap_or(BLANK)), ("crest.svg", crest)];
        let identity = format!("{}/{}/{}", self.number, self.person, self.says.join(" "));
        draw(include_str!("../templates/certificate.typ"), self, &pictures, (&identity, dated))
    }
}
