//! What the interface reads: the core's facts, arranged for a screen.

use serde::{Deserialize, Serialize};
use vicino_domain::{
    Accuracy, Border, Category, Instant, Limits, MessageId, PhotoId, Place, Point, ReportDraft, ReportId, ReportState,
    RequestId,
};

/// As of when a collection is known, and when it was last asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Freshness {
    /// The town confirmed it then; `None`: not known yet, which is not the same as empty.
    pub as_of: Option<Instant>,
    /// The last attempt, whatever came of it.
    pub last_try: Option<Instant>,
}

/// The town, as its signed card shows it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TownView {
    /// Its name, such as *Comune di Pietrachiara*.
    pub name: String,
    /// Its code in the national index of public bodies (IPA).
    pub ipa_code: String,
    /// Whether it is a town to practise in.
    pub practice: bool,
    /// Where it answers.
    pub url: String,
    /// The thumbprint of its signing key (RFC 7638), in groups of four.
    pub fingerprint: String,
    /// What it accepts.
    pub limits: Limits,
    /// Its edge.
    pub border: Border,
    /// The categories it takes.
    pub categories: Vec<Category>,
    /// What it offers: `reports`, …; what is not here is not shown.
    pub capabilities: Vec<String>,
}

/// Where the key of the private store is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyHolder {
    /// The system's keyring.
    Keyring,
    /// A file only its owner can read, because this system has no keyring: said aloud in the settings.
    OwnerFile,
}

/// What the strip says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Status {
    /// Whether the town could be reached at the last attempt; `None` before the first.
    pub online: Option<bool>,
    /// Requests not delivered yet, stuck ones not counted.
    pub waiting: u32,
    /// Requests that need the resident.
    pub stuck: u32,
    /// As of when the town's facts are known.
    pub freshness: Freshness,
    /// Whether the resident paused sending.
    pub hold: bool,
    /// Whether photos wait for a network that is not metered.
    pub photos_wait: bool,
    /// Where the key is.
    pub key: KeyHolder,
}

/// A photo on this device.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PhotoView {
    /// Its identity; the interface shows it by this and never learns a path.
    pub id: PhotoId,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Bytes to deliver.
    pub bytes: u64,
    /// Bytes delivered so far.
    pub sent: u64,
    /// Whether the town has all of it.
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
    /// What was typed.
    pub draft: ReportDraft,
    /// The step, 1 to 3.
    pub step: u8,
    /// When it was last kept.
    pub saved_at: Instant,
    /// Its photos, in the order of the draft.
    pub photos: Vec<PhotoView>,
}

/// A draft in a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DraftRow {
    /// Its identity.
    pub id: ReportId,
    /// Its title, perhaps empty.
    pub title: String,
    /// Its category, if chosen.
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

/// How far a report has come from this device to the town.
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

/// Why a request cannot go on by itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StuckReason {
    /// The town's stable problem code, such as `invalid`.
    pub code: String,
    /// The fields it names.
    #[serde(default)]
    pub invalid: Vec<vicino_domain::Invalid>,
    /// The town's own sentence, in its language; shown as a quotation.
    #[serde(default)]
    pub detail: Option<String>,
}

/// A page of the resident's reports.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReportList {
    /// The rows of this page.
    pub rows: Vec<ReportRow>,
    /// How many there are in all.
    pub total: u32,
    /// As of when the town's part of it is known.
    pub freshness: Freshness,
}

/// A report in a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReportRow {
    /// Its identity.
    pub id: ReportId,
    /// Its title.
    pub title: String,
    /// Its category.
    pub category: Category,
    /// How far it has come.
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

/// One line of a report's story.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// The state reached.
    pub state: ReportState,
    /// When.
    pub at: Instant,
    /// By which office.
    pub office: Option<String>,
    /// What it said.
    pub note: Option<String>,
}

/// Who wrote a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// The resident.
    Resident,
    /// The office.
    Office,
}

/// One entry of a thread.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MessageView {
    /// Its identity.
    pub id: MessageId,
    /// Who wrote it.
    pub author: Author,
    /// The office, when it was one.
    pub office: Option<String>,
    /// What it says.
    pub text: String,
    /// When it was written.
    pub at: Instant,
    /// Whether the town has it.
    pub delivered: bool,
}

/// One report, whole.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ReportView {
    /// Its line in the list.
    pub row: ReportRow,
    /// What there is to know.
    pub details: String,
    /// Where it is.
    pub place: Place,
    /// Whether only the office may read it.
    pub private: bool,
    /// How to reach the resident.
    pub contact: Option<String>,
    /// Its photos, in order.
    pub photos: Vec<PhotoView>,
    /// The town's story of it, oldest first.
    pub history: Vec<HistoryEntry>,
    /// Its thread, oldest first.
    pub messages: Vec<MessageView>,
    /// By when the town means to answer.
    pub expected_by: Option<Instant>,
    /// Whether the resident asked for it back, and the town does not know yet.
    pub withdrawing: bool,
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

/// A page of public reports.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PublicReportList {
    /// The rows of this page.
    pub rows: Vec<PublicReportRow>,
    /// How many there are in all.
    pub total: u32,
    /// As of when they are known.
    pub freshness: Freshness,
}

/// A public report in a list.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PublicReportRow {
    /// Its identity.
    pub id: ReportId,
    /// Its title.
    pub title: String,
    /// What there is to know.
    pub details: String,
    /// Its category; `None` when this app does not know it.
    pub category: Option<Category>,
    /// Where it is, in words.
    pub where_: String,
    /// Where it is.
    pub point: Option<Point>,
    /// The town's state; `None` when this app does not know it.
    pub state: Option<ReportState>,
    /// When it was received.
    pub received_at: Instant,
}

/// A public report near a point.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct NearbyReport {
    /// The report.
    pub report: PublicReportRow,
    /// How far away, in whole metres.
    pub metres: u32,
}

/// A street found.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct StreetRow {
    /// Its name.
    pub name: String,
    /// A point on it.
    pub point: Option<Point>,
}

/// What a request is about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestKind {
    /// A report.
    Report,
    /// One of its photos.
    Photo,
    /// A message to the office.
    Message,
    /// The wish to take a report back.
    Withdrawal,
}

/// What a waiting request waits for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitsFor {
    /// Its turn, or the next attempt.
    NextTry,
    /// The network.
    Network,
    /// What comes before it in the same report.
    Earlier,
    /// The resident, who paused sending.
    Hold,
    /// A network that is not metered.
    Unmetered,
}

/// One request of the outbox.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RequestRow {
    /// Its identity.
    pub id: RequestId,
    /// What it is about.
    pub kind: RequestKind,
    /// The report it belongs to.
    pub report: ReportId,
    /// That report's title.
    pub title: String,
    /// When it was saved here.
    pub saved_at: Instant,
    /// Bytes to deliver; only photos count them.
    pub bytes: u64,
    /// Bytes delivered so far.
    pub sent: u64,
    /// Attempts so far.
    pub tries: u32,
    /// When it is tried again.
    pub next_try: Option<Instant>,
    /// What it waits for.
    pub waits_for: WaitsFor,
    /// Why it is stuck, when it is.
    pub stuck: Option<StuckReason>,
    /// When the town signed for it, when it did.
    pub delivered_at: Option<Instant>,
    /// The town's number, for a delivered report.
    pub number: Option<String>,
}

/// The outbox, in the order a resident needs it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OutboxView {
    /// What needs the resident.
    pub stuck: Vec<RequestRow>,
    /// What waits, in the order it will go.
    pub waiting: Vec<RequestRow>,
    /// What was delivered last, newest first; at most thirty.
    pub delivered: Vec<RequestRow>,
}

/// The language of the interface.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// As the system says; Italian when it speaks neither.
    #[default]
    System,
    /// Italiano.
    It,
    /// English.
    En,
}

/// The size of the text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextSize {
    /// As the system says.
    #[default]
    Normal,
    /// A quarter larger.
    Large,
    /// Half as large again.
    Larger,
}

/// The resident's preferences.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The language.
    pub language: Language,
    /// The size of the text.
    pub text_size: TextSize,
    /// Nothing is sent while this is on.
    pub hold: bool,
    /// Photos go over a metered network too.
    pub photos_on_metered: bool,
}

/// An accuracy to show, in whole metres.
#[must_use]
pub fn whole_metres(accuracy: Accuracy) -> u32 {
    // The cast saturates: a negative or absurd accuracy shows as 0 or as the largest number, never wraps.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "float to integer casts saturate")]
    let metres = accuracy.0.ceil() as u32;
    metres
}
