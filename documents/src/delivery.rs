//! The receipt of a report or a case on paper: that it arrived, when, under which numbers, with the town's signed word as a code.

use chrono::NaiveDate;
use serde::Serialize;

use crate::PaperError;
use crate::engine::draw;
use crate::plain::Plain;
use crate::sheet::Sheet;

/// A delivery receipt on paper. Moments are written already as people read them.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct DeliveryPaper {
    /// What arrived.
    pub subject: String,
    /// The town.
    pub town: String,
    /// The town's number; empty where only the protocol is known here.
    pub number: String,
    /// When it arrived, by the town's clock.
    pub received: String,
    /// The number in the protocol; empty while it has none.
    pub protocol: String,
    /// Since when.
    pub registered: String,
    /// The SHA-256 of what arrived.
    pub digest: String,
    /// The thumbprint of the key that signed it; empty: there is no signed word here.
    pub key: String,
    /// Tells whether the town is one to practise in.
    pub practice: bool,
}

impl DeliveryPaper {
    /// Draws it, with the signed word as an SVG image of a QR code, where there is one.
    ///
    /// # Errors
    /// [`PaperError`] when it cannot be drawn.
    pub fn pdf(&self, qr: Option<&str>, dated: NaiveDate) -> Result<Vec<u8>, PaperError> {
        let identity = format!("{}/{}/{}", self.number, self.protocol, self.digest);
        let pictures: Vec<(&str, &str)> = qr.iter().map(|qr| ("qr.svg", *qr)).collect();
        draw(include_str!("../templates/delivery.typ"), self, &pictures, (&identity, dated))
    }

    /// As this program makes papers: see [`Sheet`].
    ///
    /// # Errors
    /// [`PaperError`] when it cannot be drawn.
    pub fn sheet(&self, qr: Option<&str>, dated: NaiveDate) -> Result<Sheet, PaperError> {
        Sheet::of(|| self.pdf(qr, dated), || self.page(qr))
    }

    /// Draws the paper as a page of HTML.
    #[must_use]
    pub fn page(&self, qr: Option<&str>) -> String {
        let after = match qr {
            Some(_) => {
                "Il codice contiene la parola del Comune, firmata (Ed25519, JWS): che cosa è arrivato, quando, con quale numero."
            }
            None => "Inviata da un altro dispositivo, che ha la ricevuta firmata dal Comune.",
        };
        Plain {
            title: if self.protocol.is_empty() { "Ricevuta di consegna" } else { "Ricevuta di protocollo" },
            practice: self.practice.then_some("PROVA: questa ricevuta è di un Comune che non esiste."),
            before: vec![self.subject.clone()],
            facts: vec![
                ("Ricevuta da", self.town.clone()),
                ("Numero", self.number.clone()),
                ("Arrivata il", self.received.clone()),
                ("Protocollo", self.protocol.clone()),
                ("Protocollata il", self.registered.clone()),
                ("Impronta di quello che è arrivato (SHA-256)", self.digest.clone()),
                ("Impronta della chiave", self.key.clone()),
            ],
            says: &[],
            after: vec![after],
            codes: qr.map(|qr| ("La ricevuta firmata dal Comune, come codice QR", qr)).into_iter().collect(),
            signed: false,
        }
        .html()
    }
}
