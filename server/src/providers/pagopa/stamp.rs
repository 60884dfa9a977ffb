//! The electronic stamp (*marca da bollo digitale*, MarcaDaBollo.xsd of 2014): what the receipt of a stamp's payment carries, bound to one
//! paper by its digest.
//!
//! It is signed by whoever sold it (XMLDSig, under a certificate of the Agenzia delle Entrate). That signature is kept with it and not
//! checked here: what is checked is that it is this paper's, of the right sum and kind.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Utc};
use roxmltree::{Document, Node};
use serde::{Deserialize, Serialize};
use vicino_contract::http::StampBody;
use vicino_domain::certificate::STAMP;
use vicino_domain::{Cents, Instant};

use crate::providers::pagopa::gpd::moment;

/// The namespace of the schema.
const NAMESPACE: &str = "http://www.agenziaentrate.gov.it/2014/MarcaDaBollo";
/// The one digest it may name.
const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";

/// What came as a stamp.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum StampCame {
    /// One that is read.
    Read(ElectronicStamp),
    /// Something that is none.
    Unreadable,
}

impl StampCame {
    /// Reads what a receipt carries as a stamp: the base64 of its XML.
    #[must_use]
    pub fn of(attachment: &str) -> Self {
        ElectronicStamp::read(attachment).map_or(Self::Unreadable, Self::Read)
    }
}

/// A stamp that was bought.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ElectronicStamp {
    /// The number (*IUBD*), by which it is found again.
    pub iubd: String,
    /// When it was bought.
    pub bought_at: Instant,
    /// What it cost.
    pub amount: Cents,
    /// *Tipo bollo*: [`StampBody::ORDINARY`].
    pub kind: String,
    /// Base64 of the SHA-256 of the paper it is for.
    pub digest: String,
    /// Who sold it.
    pub psp: String,
    /// The stamp itself, as it was signed.
    pub xml: String,
}

impl ElectronicStamp {
    /// Reads a stamp as a receipt carries it: the base64 of its XML. `None`: it is none, or not as the schema has it.
    #[must_use]
    pub fn read(attachment: &str) -> Option<Self> {
        let compact: String = attachment.split_whitespace().collect();
        let xml = String::from_utf8(BASE64_STANDARD.decode(compact).ok()?).ok()?;
        let paper = Document::parse(&xml).ok()?;
        let root = paper.root_element();
        (root.tag_name().name() == "marcaDaBollo" && root.tag_name().namespace() == Some(NAMESPACE)).then_some(())?;
        let node = |name: &str| {
            let wanted =
                |node: &Node<'_, '_>| node.tag_name().name() == name && node.tag_name().namespace() == Some(NAMESPACE);
            root.descendants().find(wanted)
        };
        let text = |name: &str| node(name).and_then(|node| node.text()).map(|text| text.trim().to_owned());
        let print = node("ImprontaDocumento")?;
        // The digest within may be of the schema's own name or of XMLDSig's.
        let within = |name: &str| print.descendants().find(|node| node.tag_name().name() == name);
        (within("DigestMethod")?.attribute("Algorithm") == Some(SHA256)).then_some(())?;
        Some(Self {
            iubd: text("IUBD")?,
            bought_at: moment(&text("OraAcquisto")?)?,
            amount: text("Importo")?.parse().ok()?,
            kind: text("TipoBollo")?,
            digest: within("DigestValue")?.text()?.trim().to_owned(),
            psp: text("Denominazione").unwrap_or_default(),
            xml: xml.clone(),
        })
    }

    /// Returns whether it is the stamp that was asked for: of this very paper, of the one sum and kind there is.
    #[must_use]
    pub fn is_for(&self, asked: &StampBody) -> bool {
        self.digest == asked.document_hash && self.kind == asked.kind && self.amount == STAMP
    }
}

/// A stamp as the schema has it, with a signature that signs nothing: for practice and tests. Base64, as a receipt carries it.
#[must_use]
pub fn false_stamp(asked: &StampBody, bought_at: DateTime<Utc>) -> String {
    let iubd: String = asked.document_hash.chars().filter(char::is_ascii_alphanumeric).take(12).collect();
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><marcaDaBollo xmlns=\"{NAMESPACE}\" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">\
         <PSP><CodiceFiscale>77777777777</CodiceFiscale><Denominazione>Banca di prova</Denominazione></PSP><IUBD>PROVA{iubd}</IUBD>\
         <OraAcquisto>{}</OraAcquisto><Importo>16.00</Importo><TipoBollo>{}</TipoBollo>\
         <ImprontaDocumento><DigestMethod Algorithm=\"{SHA256}\"/><DigestValue>{}</DigestValue></ImprontaDocumento>\
         <ds:Signature><ds:SignatureValue>cHJvdmE=</ds:SignatureValue></ds:Signature></marcaDaBollo>",
        bought_at.to_rfc3339(),
        asked.kind,
        asked.document_hash
    );
    BASE64_STANDARD.encode(xml)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> StampBody {
        StampBody {
            // The sample of docs.pagopa.it.
            document_hash: String::from("a/CWqtFtCEyA/ymBySahGSaqKMiak5mlX3BoX0jupy8="),
            kind: StampBody::ORDINARY.to_owned(),
            province: String::from("LU"),
            bought: None,
            wrong: false,
        }
    }

    fn changed(from: &str, to: &str) -> Option<ElectronicStamp> {
        let stamp = BASE64_STANDARD.decode(false_stamp(&asked(), DateTime::UNIX_EPOCH)).unwrap();
        let xml = String::from_utf8(stamp).unwrap();
        assert!(xml.contains(from), "{from}");
        ElectronicStamp::read(&BASE64_STANDARD.encode(xml.replace(from, to)))
    }

    #[test]
    fn a_stamp_is_read_and_is_one_paper_s_alone() {
        let stamp = ElectronicStamp::read(&false_stamp(&asked(), DateTime::UNIX_EPOCH)).unwrap();
        assert!(stamp.is_for(&asked()) && stamp.iubd.starts_with("PROVA") && stamp.xml.contains("SignatureValue"));
        let other = StampBody { document_hash: BASE64_STANDARD.encode([7; 32]), ..asked() };
        assert!(!stamp.is_for(&other), "another paper's");
        assert!(!changed("16.00", "2.00").unwrap().is_for(&asked()));
        assert!(!changed("<TipoBollo>01", "<TipoBollo>02").unwrap().is_for(&asked()));
    }

    #[test]
    fn what_is_no_stamp_is_none() {
        for (from, to) in [
            ("xmlenc#sha256", "xmlenc#sha1"),
            (NAMESPACE, "urn:other"),
            ("<IUBD>", "<X>"),
            ("<Importo>16.00", "<Importo>sedici"),
        ] {
            assert_eq!(changed(from, to), None, "{from}");
        }
        for nothing in ["", "not base64!", "aGVsbG8="] {
            assert_eq!(ElectronicStamp::read(nothing), None);
        }
    }
}
