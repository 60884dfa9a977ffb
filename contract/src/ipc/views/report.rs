//! Reports as screens show them: drafts, photos, lists, one report whole, its receipt.

use serde::{Deserialize, Serialize};
use vicino_domain::{
    Accuracy, Category, Instant, MessageId, PhotoId, Place, ReportDraft, ReportId, ReportState, ResidentId,
};

use super::{FileView, Freshness, StuckReason};
use crate::http::Author;

/// A photo on this device.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PhotoView {
    /// The identity; the interface shows it by this and never learns a path.
    pub id: PhotoId,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Bytes to deliver.
    pub bytes: u64,
    /// Bytes delivered so far.
    pub sent: u64,
    /// Tells whether the town has all of it.
    pub arrived: bool,
}

/// A photo just taken in, and what the camera had written into it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AddedPhoto {
    /// The photo, as it is kept.
    pub photo: PhotoView,
    /// Where it was taken, offered as the place; it is not in the file any more.
    pub place: Option<Place>,
    /// When it was taken, by the camera's clock, `YYYY-MM-DD HH:MM:SS` without zone (EXIF 2.32 §4.6.5).
    pub taken: Option<String>,
}

/// A draft and where the resident stands in it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DraftView {
    /// The text as it was typed.
    pub draft: ReportDraft,
    /// The step, 1 to 3.
    pub step: u8,
    /// When it was last kept.
    pub saved_at: Instant,
    /// The photos, in the order of the draft.
    pub photos: Vec<PhotoView>,
}

/// A draft in a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DraftRow {
    /// The identity.
    pub id: ReportId,
    /// The title, perhaps empty.
    pub title: String,
    /// The category, if chosen.
    pub category: Option<Category>,
    /// When it was last kept.
    pub saved_at: Instant,
}

/// The moment from which something is safe on this device.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Saved {
    /// When.
    pub at: Instant,
}

/// The point a report has reached from this device to the town.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// Only here.
    Waiting,
    /// The town signed for it.
    Delivered {
        /// The town's number.
        number: String,
        /// When the town received it.
        at: Instant,
    },
    /// The town refused it for good; it waits for the resident.
    Stuck {
        /// Why.
        reason: StuckReason,
    },
}

/// A page of the resident's reports.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReportList {
    /// The rows of this page.
    pub rows: Vec<ReportRow>,
    /// The number of all of them.
    pub total: u32,
    /// As of when the town's part of it is known.
    pub freshness: Freshness,
}

/// A report in a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReportRow {
    /// The identity.
    pub id: ReportId,
    /// The title.
    pub title: String,
    /// The category.
    pub category: Category,
    /// The point it has reached.
    pub delivery: Delivery,
    /// The town's state, once it has one.
    pub state: Option<ReportState>,
    /// When the resident sent it.
    pub sent_at: Instant,
    /// When something last happened to it.
    pub changed_at: Instant,
    /// Photos the town does not have yet.
    pub photos_to_come: u32,
}

/// A line of a report's story.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// The state reached.
    pub state: ReportState,
    /// When.
    pub at: Instant,
    /// By which office.
    pub office: Option<String>,
    /// The words it said.
    pub note: Option<String>,
    /// The member of the household, when the town said.
    pub by: Option<Writer>,
}

/// A member of a household who wrote or took something back.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Writer {
    /// The person.
    pub id: ResidentId,
    /// Their name.
    pub name: String,
}

/// An entry of a thread.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MessageView {
    /// The identity.
    pub id: MessageId,
    /// The author.
    pub author: Author,
    /// The office, when it was one.
    pub office: Option<String>,
    /// The member of the household, when the town said.
    pub by: Option<Writer>,
    /// The text.
    pub text: String,
    /// When it was written.
    pub at: Instant,
    /// Tells whether the town has it.
    pub delivered: bool,
    /// The files it carries.
    pub files: Vec<FileView>,
}

/// A report, whole.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ReportView {
    /// The line in the list.
    pub row: ReportRow,
    /// The details.
    pub details: String,
    /// Where it is.
    pub place: Place,
    /// Tells whether only the office may read it.
    pub private: bool,
    /// The way to reach the resident.
    pub contact: Option<String>,
    /// The photos, in order.
    pub photos: Vec<PhotoView>,
    /// The town's story of it, oldest first.
    pub history: Vec<HistoryEntry>,
    /// The thread, oldest first.
    pub messages: Vec<MessageView>,
    /// The files of the message being written.
    pub enclosed: Vec<FileView>,
    /// By when the town means to answer.
    pub expected_by: Option<Instant>,
    /// Tells whether the resident asked for it back, and the town does not know yet.
    pub withdrawing: bool,
    /// Tells whether it is certain that the town does not have it: taking it back leaves nothing anywhere.
    pub only_here: bool,
    /// As of when the town's part is known.
    pub freshness: Freshness,
}

/// The town's signed word that a report arrived.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReceiptView {
    /// The town's number.
    pub number: String,
    /// The town's name.
    pub town: String,
    /// When it arrived, by the town's clock.
    pub received_at: Instant,
    /// The SHA-256 of what arrived, in hexadecimal.
    pub body_sha256: String,
    /// The acknowledgement itself, a compact JWS (RFC 7515) signed with Ed25519.
    pub jws: String,
    /// The thumbprint of the key that signed it.
    pub fingerprint: String,
    /// The acknowledgement as a QR code, an SVG image.
    pub qr_svg: String,
}

/// An accuracy to show, in whole metres.
#[must_use]
pub fn whole_metres(accuracy: Accuracy) -> u32 {
    // The cast saturates: a negative or absurd accuracy shows as 0 or as the largest number, never wraps.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "float to integer casts saturate")]
    let metres = accuracy.0.ceil() as u32;
    metres
}
