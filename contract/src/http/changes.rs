//! What changed in the town after a cursor: whole records and tombstones, in the town's order.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::PointBody;

/// Whose changes are read. A device keeps the town's public facts and its resident's own matters in two files,
/// each with a cursor of its own, so that a page and its cursor are always written together.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// What anyone may read; needs no token.
    Public,
    /// What only the caller may read.
    Own,
}

impl Scope {
    /// The word on the wire.
    #[must_use]
    pub const fn wire(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Own => "own",
        }
    }
}

/// The collections of this release.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Collection {
    /// The caller's reports: [`super::ReportRecord`].
    Reports,
    /// The reports made public: [`super::PublicReportRecord`].
    PublicReports,
    /// The town's streets: [`StreetRecord`].
    Streets,
    /// The town's offices: [`OfficeRecord`].
    Offices,
}

impl Collection {
    /// The word on the wire.
    #[must_use]
    pub const fn wire(self) -> &'static str {
        match self {
            Self::Reports => "reports",
            Self::PublicReports => "public_reports",
            Self::Streets => "streets",
            Self::Offices => "offices",
        }
    }

    /// The collection of this name, when this release knows it.
    #[must_use]
    pub fn from_wire(word: &str) -> Option<Self> {
        [Self::Reports, Self::PublicReports, Self::Streets, Self::Offices]
            .into_iter()
            .find(|known| known.wire() == word)
    }
}

/// A page of changes.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Changes {
    /// Whole records and tombstones, in the town's order.
    pub items: Vec<Change>,
    /// The cursor to ask with next; opaque.
    pub next: String,
    /// Whether more is waiting now.
    pub has_more: bool,
}

/// One record that changed.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Change {
    /// Its collection; a device keeps to those it knows and reads past the others.
    pub collection: String,
    /// Its identity.
    pub id: Uuid,
    /// Grows with every change of the record.
    #[cfg_attr(feature = "openapi", schema(format = Int64))]
    pub version: i64,
    /// Whether it is gone.
    #[serde(default)]
    pub deleted: bool,
    /// The whole record; `null` when it is gone.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub body: serde_json::Value,
}

/// A street.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StreetRecord {
    /// Its identity.
    pub id: Uuid,
    /// Its full name.
    pub name: String,
    /// A point on it.
    #[serde(default)]
    pub point: Option<PointBody>,
}

/// An office.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfficeRecord {
    /// Its identity.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// How to reach it, as the town writes it.
    #[serde(default)]
    pub contact: Option<String>,
}
