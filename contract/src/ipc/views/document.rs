//! The shelf: everything the town ever gave, and papers of one's own, as screens show them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vicino_domain::paper::PaperKind;
use vicino_domain::{AttachmentId, CertificateId, Instant, PaperId};

use crate::Matter;

use super::{FileView, Freshness, ReceiptView};

/// The documents the town gave.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// A certificate of the registry.
    Certificate,
    /// A payment's receipt.
    Payment,
    /// The signed word that a report or a case arrived, or the number it has in the protocol.
    Delivery,
    /// A file an office gave: of a case, a thread, a debt.
    Attachment,
}

impl DocumentKind {
    /// Every one, in the order of the screen.
    pub const ALL: [Self; 4] = [Self::Certificate, Self::Payment, Self::Delivery, Self::Attachment];
}

/// Which document.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentOf {
    /// A certificate.
    Certificate(CertificateId),
    /// A payment's receipt.
    Payment(Uuid),
    /// The receipt of a report or a case.
    Delivery(Matter),
    /// A file.
    Attachment(AttachmentId),
}

/// A document on the shelf.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DocumentRow {
    /// Which.
    pub of: DocumentOf,
    /// The name.
    pub title: String,
    /// The thing it belongs to, whom it is about, or its number.
    pub about: String,
    /// When the town gave it.
    pub at: Instant,
    /// The last day it holds, of what has one.
    pub until: Option<NaiveDate>,
    /// Days until then; below zero: it is over, and stays as a record.
    pub days: Option<i64>,
    /// Tells whether it is no longer what it was: the town took it back.
    pub revoked: bool,
    /// Tells whether all of it is on this device.
    pub here: bool,
}

/// The number of documents of a kind, and the date of the last.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DocumentCount {
    /// The kind.
    pub kind: DocumentKind,
    /// The number.
    pub count: u32,
    /// When the last came.
    pub last: Option<Instant>,
}

/// A page of the shelf.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DocumentList {
    /// The newest first.
    pub rows: Vec<DocumentRow>,
    /// How many there are of what was asked for.
    pub total: u32,
    /// How many of each kind, whatever was asked for.
    pub counts: Vec<DocumentCount>,
    /// The number of personal papers kept on the device.
    pub own: u32,
    /// As of when the town's are known.
    pub freshness: Freshness,
}

/// The receipt of a report or a case.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DeliveryView {
    /// What it is of.
    pub matter: Matter,
    /// The title.
    pub title: String,
    /// The number in the protocol, and since when.
    pub protocol: Option<(String, Instant)>,
    /// The town's signed word; nothing: it was sent from another device, which has it.
    pub receipt: Option<ReceiptView>,
}

/// A file, read on the screen.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FileSheet {
    /// The file.
    pub file: FileView,
    /// The thing it belongs to: the title of a case, a report, a debt; the name of a paper.
    pub title: String,
    /// What its pages say, line by line; of a picture nothing.
    pub pages: Vec<Vec<String>>,
    /// Tells whether it is a picture.
    pub picture: bool,
}

/// A paper of one's own.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PaperRow {
    /// Which.
    pub id: PaperId,
    /// The kind.
    pub kind: PaperKind,
    /// The name the resident gave it.
    pub name: String,
    /// The last day it holds.
    pub expires: Option<NaiveDate>,
    /// Days until then; below zero: it is over.
    pub days: Option<i64>,
    /// The pages.
    pub files: Vec<FileView>,
}
