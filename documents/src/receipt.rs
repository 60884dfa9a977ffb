//! A payment receipt on paper, with the town's signed word as a code that anybody can check.

use chrono::NaiveDate;
use serde::Serialize;

use crate::PaperError;
use crate::engine::draw;
use crate::plain::Plain;
use crate::sheet::Sheet;

/// A receipt on paper. Sums and days are written already as people read them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ReceiptPaper {
    /// The sum that was paid.
    pub subject: String,
    /// The amount.
    pub amount: String,
    /// When.
    pub paid: String,
    /// Whom or what it was for.
    pub whom: String,
    /// The creditor that was paid.
    pub creditor: String,
    /// The tax code.
    pub creditor_code: String,
    /// The notice number, in groups of four.
    pub number: String,
    /// The receipt's own number.
    pub receipt: String,
    /// The payment service provider.
    pub psp: String,
    /// What the provider took for itself; empty where that is not known.
    pub fee: String,
    /// Tells whether the town is one to practise in.
    pub practice: bool,
    /// The thumbprint of the key that signed it; nothing: the signature does not hold here, and the paper says so.
    pub key: String,
}

impl ReceiptPaper {
    /// Draws it, with the signed word as an SVG image of a QR code.
    ///
    /// # Errors
    /// [`PaperError`] when it cannot be drawn.
    pub fn pdf(&self, qr: &str, dated: NaiveDate) -> Result<Vec<u8>, PaperError> {
        draw(include_str!("../templates/receipt.typ"), self, &[("qr.svg", qr)], (&self.receipt, dated))
    }

    /// As this program makes papers: see [`Sheet`].
    ///
    /// # Errors
    /// [`PaperError`] when it cannot be drawn.
    pub fn sheet(&self, qr: &str, dated: NaiveDate) -> Result<Sheet, PaperError> {
        Sheet::of(|| self.pdf(qr, dated), || self.page(qr))
    }

    /// Draws the paper as a page of HTML.
    #[must_use]
    pub fn page(&self, qr: &str) -> String {
        let check = match self.key.as_str() {
            "" => {
                "La firma nel codice non corrisponde a una chiave del Comune conosciuta su questo dispositivo: chiedi conferma al Comune."
            }
            _ => {
                "Il codice contiene questi dati firmati dal Comune (Ed25519, JWS): chi ha la sua chiave può controllarli anche senza rete."
            }
        };
        Plain {
            title: "Ricevuta di pagamento",
            practice: self.practice.then_some("PROVA: questa ricevuta è di un Comune che non esiste."),
            before: vec![self.subject.clone(), self.amount.clone()],
            facts: vec![
                ("Pagato il", self.paid.clone()),
                ("Per", self.whom.clone()),
                ("Pagato a", format!("{}, codice fiscale {}", self.creditor, self.creditor_code)),
                ("Codice avviso", self.number.clone()),
                ("Numero della ricevuta", self.receipt.clone()),
                ("Tramite", self.psp.clone()),
                ("Commissione", self.fee.clone()),
                ("Impronta della chiave", self.key.clone()),
            ],
            says: &[],
            after: vec![check],
            codes: vec![("La ricevuta firmata dal Comune, come codice QR", qr)],
            signed: false,
        }
        .html()
    }
}

#[cfg(all(test, feature = "pdf"))]
mod tests {
    use super::*;

    fn paper() -> ReceiptPaper {
        ReceiptPaper {
            subject: "Mensa scolastica, febbraio".into(),
            amount: "€ 62,40".into(),
            paid: "12 marzo 2026".into(),
            whom: "Giulia Moretti".into(),
            creditor: "Comune di Pietrachiara".into(),
            creditor_code: "77777777777".into(),
            number: "3472 0000 0000 7919 45".into(),
            receipt: "PROVA-1".into(),
            psp: "Banca di prova".into(),
            fee: String::new(),
            practice: true,
            key: "DjIz Ooy3".into(),
        }
    }

    const DOT: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 4 4\" width=\"4\" height=\"4\"><path d=\"M0 0h2v2H0z\"/></svg>";

    #[test]
    fn the_same_facts_give_the_same_bytes() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 12).unwrap();
        let (one, other) = (paper().pdf(DOT, day).unwrap(), paper().pdf(DOT, day).unwrap());
        assert!(one.starts_with(b"%PDF-") && one == other);
        let whom = "سميرة 山田 Łukasz Đặng".into();
        let hostile = ReceiptPaper { subject: "#panic() $x$ *a_ <b> \\ \u{7}".into(), whom, ..paper() };
        assert!(hostile.pdf(DOT, day).is_ok(), "facts are words, never a program");
        assert!(paper().pdf("no picture", day).is_err());
    }
}
