//! A payment notice on paper, in the shape of pagoPA's *avviso di pagamento*: what, how much, by when, where, and its codes.

use chrono::NaiveDate;
use serde::Serialize;

use crate::PaperError;
use crate::engine::draw;
use crate::plain::Plain;
use crate::sheet::Sheet;

/// A notice on paper. Sums and days are written already as people read them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct NoticePaper {
    /// What is paid.
    pub subject: String,
    /// The creditor.
    pub creditor: String,
    /// The tax code.
    pub creditor_code: String,
    /// The debtor.
    pub debtor: String,
    /// Their tax code.
    pub debtor_code: String,
    /// Whom or what it is for.
    pub whom: String,
    /// The amount.
    pub amount: String,
    /// By when, *il 9 novembre 2026*; empty where that is not known.
    pub due: String,
    /// Where that day comes from.
    pub due_from: String,
    /// Which instalment, such as `rata 1 di 2`; empty for the whole.
    pub part: String,
    /// The notice number, in groups of four.
    pub number: String,
    /// The parts of the sum.
    pub lines: Vec<NoticeLine>,
    /// What they come to together: the whole debt, also on the notice of one instalment.
    pub total: String,
    /// Tells whether the town is one to practise in, so that nothing is paid with it.
    pub practice: bool,
    /// Tells whether there is a postal code.
    pub postal: bool,
    /// The day it was printed.
    pub printed: String,
}

/// A line of the sum.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct NoticeLine {
    /// The kind.
    pub what: String,
    /// The way it was reckoned; empty where that is not said.
    pub how: String,
    /// The amount.
    pub amount: String,
}

impl NoticePaper {
    /// Draws it, with its codes as SVG images.
    ///
    /// # Errors
    /// [`PaperError`] when it cannot be drawn.
    pub fn pdf(&self, qr: &str, matrix: Option<&str>, dated: NaiveDate) -> Result<Vec<u8>, PaperError> {
        let facts = Self { postal: matrix.is_some(), ..self.clone() };
        let pictures = [("qr.svg", qr), ("matrix.svg", matrix.unwrap_or(qr))];
        draw(include_str!("../templates/notice.typ"), &facts, &pictures, (&self.number, dated))
    }

    /// As this program makes papers: see [`Sheet`].
    ///
    /// # Errors
    /// [`PaperError`] when it cannot be drawn.
    pub fn sheet(&self, qr: &str, matrix: Option<&str>, dated: NaiveDate) -> Result<Sheet, PaperError> {
        Sheet::of(|| self.pdf(qr, matrix, dated), || self.page(qr, matrix))
    }

    /// Draws the paper as a page of HTML.
    #[must_use]
    pub fn page(&self, qr: &str, matrix: Option<&str>) -> String {
        let line = |line: &NoticeLine| match line.how.as_str() {
            "" => format!("{}: {}", line.what, line.amount),
            how => format!("{} ({how}): {}", line.what, line.amount),
        };
        let lines: Vec<String> = self.lines.iter().map(line).collect();
        let postal = matrix.map(|matrix| ("Bollettino postale PA: codice Data Matrix per la posta", matrix));
        Plain {
            title: "Avviso di pagamento",
            practice: self.practice.then_some("PROVA: questo avviso è di un Comune che non esiste e non paga nulla."),
            before: vec![self.subject.clone(), self.amount.clone()],
            facts: vec![
                ("Entro", self.due.clone()),
                ("Da dove viene la data", self.due_from.clone()),
                ("Rata", self.part.clone()),
                ("Totale", self.total.clone()),
                ("Ente creditore", format!("{}, codice fiscale {}", self.creditor, self.creditor_code)),
                ("Destinatario", self.debtor.clone()),
                ("Codice fiscale del destinatario", self.debtor_code.clone()),
                ("Per", self.whom.clone()),
                ("Codice avviso", self.number.clone()),
                ("Stampato il", self.printed.clone()),
            ],
            says: &lines,
            after: vec![
                "Si paga in banca, in ricevitoria, dal tabaccaio, al bancomat, alla posta, sul sito o nell’app del Comune e della tua banca. L’importo può cambiare per interessi, sgravi o riduzioni: il canale che usi te lo dirà.",
            ],
            codes: std::iter::once(("Codice QR pagoPA", qr)).chain(postal).collect(),
            signed: false,
        }
        .html()
    }
}
