//! A payment receipt on paper, with the town's signed word as a code that anybody can check.

use chrono::NaiveDate;
use serde::Serialize;

use crate::engine::{PaperError, draw};

/// What a receipt says on paper. Sums and days are written already as people read them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ReceiptPaper {
    /// What was paid.
    pub subject: String,
    /// How much.
    pub amount: String,
    /// When.
    pub paid: String,
    /// Whom or what it was for.
    pub whom: String,
    /// Who was paid.
    pub creditor: String,
    /// Its tax code.
    pub creditor_code: String,
    /// The notice number, in groups of four.
    pub number: String,
    /// The receipt's own number.
    pub receipt: String,
    /// The payment service provider.
    pub psp: String,
    /// What the provider took for itself; empty where that is not known.
    pub fee: String,
    /// Whether the town is one to practise in.
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
}

#[cfg(test)]
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
