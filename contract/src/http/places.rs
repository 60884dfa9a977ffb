//! Streets, offices, and counters that are no office of the town.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::PointBody;

/// A street.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StreetRecord {
    /// The identity.
    pub id: Uuid,
    /// The full name.
    pub name: String,
    /// A point on it.
    #[serde(default)]
    pub point: Option<PointBody>,
}

/// An office.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfficeRecord {
    /// The identity.
    pub id: Uuid,
    /// The name.
    pub name: String,
    /// The task it has, in a sentence.
    #[serde(default)]
    pub what: Option<String>,
    /// The way to reach it by mail.
    #[serde(default)]
    pub contact: Option<String>,
    /// The telephone number (E.164, as written by the town).
    #[serde(default)]
    pub phone: Option<String>,
    /// Where it is.
    #[serde(default)]
    pub address: Option<String>,
    /// The same as a point.
    #[serde(default)]
    pub point: Option<PointBody>,
    /// When it is open.
    #[serde(default)]
    pub hours: Vec<HoursBody>,
}

/// Where papers are had in person: a tobacconist, a post office, a library, an office of the town.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CounterRecord {
    /// The identity.
    pub id: Uuid,
    /// The name.
    pub name: String,
    /// What it is: `tobacconist`, `post_office`, `library`, `office`, `other`.
    pub kind: String,
    /// What is had there, as the town says it: *certificati anagrafici, anche per altri della famiglia*.
    pub gives: String,
    /// The kinds it takes for itself, as the town says it; nothing: nothing.
    #[serde(default)]
    pub fee: Option<String>,
    /// The telephone number.
    #[serde(default)]
    pub phone: Option<String>,
    /// Where it is.
    pub address: String,
    /// The same as a point.
    #[serde(default)]
    pub point: Option<PointBody>,
    /// When it is open; on holidays it may not be.
    #[serde(default)]
    pub hours: Vec<HoursBody>,
}

/// A stretch of a weekday in which an office is open.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HoursBody {
    /// The weekday, 1 Monday to 7 Sunday (ISO 8601).
    #[cfg_attr(feature = "openapi", schema(format = Int32))]
    pub day: u8,
    /// From, `HH:MM` by the town's clock.
    pub from: String,
    /// To, `HH:MM`.
    pub to: String,
}
