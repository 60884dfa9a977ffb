//! The office's side: its queue, and what it may do with a report.

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vicino_domain::{Instant, Open, ReportState};

use super::{OfficeFile, ReportRecord};

/// A page of the office's queue.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Queue {
    /// The reports, oldest first.
    pub items: Vec<OfficeReport>,
}

/// A report as the office sees it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfficeReport {
    /// Grows with every change; sent back with a transition, so that two clerks never overwrite each other.
    #[cfg_attr(feature = "openapi", schema(format = Int64))]
    pub version: i64,
    /// The report.
    #[serde(flatten)]
    pub record: ReportRecord,
}

/// The office moves a report: takes it in charge, asks for more, solves it, declines it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Transition {
    /// The state to reach, by code.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub state: Open<ReportState>,
    /// The version the clerk has in front of them.
    #[cfg_attr(feature = "openapi", schema(format = Int64))]
    pub version: i64,
    /// The office that acts.
    pub office: String,
    /// What it says to the resident; required when it asks for more or declines.
    #[serde(default)]
    pub note: Option<String>,
    /// By when the town means to answer.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub expected_by: Option<Instant>,
}

/// The office writes to the resident.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfficeMessage {
    /// Made by the caller; the same again is the same message.
    pub id: Uuid,
    /// The office that writes.
    pub office: String,
    /// The message it writes.
    pub text: String,
    /// Documents given with it.
    #[serde(default)]
    pub files: Vec<OfficeFile>,
}
