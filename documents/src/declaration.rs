//! A self-certification on paper, ready to be signed: who declares, under which law, what, and as of when it was known.

use chrono::NaiveDate;
use serde::Serialize;

use crate::PaperError;
use crate::engine::draw;
use crate::plain::Plain;
use crate::sheet::Sheet;

/// A self-certification on paper.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DeclarationPaper {
    /// Who declares, with birth, tax code and home.
    pub declarant: String,
    /// The child it is about, when it is.
    pub about: String,
    /// What is declared, sentence by sentence.
    pub says: Vec<String>,
    /// The day the registry's facts are of: *del 9 novembre 2026*.
    pub as_of: String,
    /// Where and when it is written.
    pub place_and_day: String,
    /// Tells whether the town is one to practise in.
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

    /// As this program makes papers: see [`Sheet`].
    ///
    /// # Errors
    /// [`PaperError`] when it cannot be drawn.
    pub fn sheet(&self, dated: NaiveDate) -> Result<Sheet, PaperError> {
        Sheet::of(|| self.pdf(dated), || self.page())
    }

    /// Draws the paper as a page of HTML.
    #[must_use]
    pub fn page(&self) -> String {
        let who = match self.about.as_str() {
            "" => format!("Io, {},", self.declarant),
            about => format!("Io, {}, che esercito la responsabilità genitoriale su {about},", self.declarant),
        };
        Plain {
            title: "Dichiarazione sostitutiva di certificazione (art. 46 del D.P.R. 28 dicembre 2000, n. 445)",
            practice: self.practice.then_some("PROVA: scritta con i dati di un Comune che non esiste."),
            before: vec![
                who,
                String::from("sapendo che chi dichiara il falso è punito dal codice penale e dalle leggi speciali in materia e perde i benefici ottenuti (artt. 75 e 76 del D.P.R. 445/2000),"),
                String::from(if self.about.is_empty() { "dichiaro" } else { "dichiaro che" }),
            ],
            facts: vec![("Dati dell’anagrafe", self.as_of.clone()), ("Luogo e data", self.place_and_day.clone())],
            says: &self.says,
            after: vec![
                "Prima di firmare controlla che i dati presi dall’anagrafe siano ancora giusti.",
                "Questa dichiarazione è esente dall’imposta di bollo (art. 37 del D.P.R. 445/2000) e sostituisce il certificato.",
                "Testo da far controllare ai legali del Comune.",
            ],
            codes: Vec::new(),
            signed: true,
        }
        .html()
    }
}
