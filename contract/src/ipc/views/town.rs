//! The town as screens show it: its card, the strip, streets, what others reported.

use crate::Freshness;
use serde::{Deserialize, Serialize};
use vicino_domain::{Border, Category, Instant, Limits, Point, ReportId, ReportState};

/// The town, as its signed card shows it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TownView {
    /// The name, such as *Comune di Pietrachiara*.
    pub name: String,
    /// The code in the national index of public bodies (IPA).
    pub ipa_code: String,
    /// Tells whether it is a town to practise in.
    pub practice: bool,
    /// Where it answers.
    pub url: String,
    /// The thumbprint of its signing key (RFC 7638), in groups of four.
    pub fingerprint: String,
    /// The kinds it accepts.
    pub limits: Limits,
    /// The edge.
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

/// The state of the strip.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Status {
    /// Tells whether the town could be reached at the last attempt; `None` before the first.
    pub online: Option<bool>,
    /// Requests not delivered yet, stuck ones not counted.
    pub waiting: u32,
    /// Requests that need the resident.
    pub stuck: u32,
    /// As of when the town's facts are known.
    pub freshness: Freshness,
    /// Tells whether the resident paused sending.
    pub hold: bool,
    /// Tells whether photos wait for a network that is not metered.
    pub photos_wait: bool,
    /// Tells whether the resident has to sign in again before what is theirs goes on.
    pub signed_out: bool,
    /// Where the key is.
    pub key: KeyHolder,
}

/// A page of public reports.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PublicReportList {
    /// The rows of this page.
    pub rows: Vec<PublicReportRow>,
    /// The number of all of them.
    pub total: u32,
    /// As of when they are known.
    pub freshness: Freshness,
}

/// A public report in a list.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PublicReportRow {
    /// The identity.
    pub id: ReportId,
    /// The title.
    pub title: String,
    /// The details.
    pub details: String,
    /// The category; `None` when this app does not know it.
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

/// A public report.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PublicReportView {
    /// The line in the list.
    pub row: PublicReportRow,
    /// As of when it is known.
    pub freshness: Freshness,
}

/// A public report near a point.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct NearbyReport {
    /// The report.
    pub report: PublicReportRow,
    /// The distance, in whole metres.
    pub metres: u32,
}

/// A street found.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct StreetRow {
    /// The name.
    pub name: String,
    /// A point on it.
    pub point: Option<Point>,
}
