//! What the town makes known: news, notices, acts of the notice board (*albo pretorio*, art. 32 L. 69/2009).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vicino_domain::Instant;

/// A piece of news, a notice, an act.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulletinRecord {
    /// The identity.
    pub id: Uuid,
    /// `news`, `notice` or `act`.
    pub kind: String,
    /// The title; of an act, its subject.
    pub title: String,
    /// A sentence.
    #[serde(default)]
    pub summary: String,
    /// The whole text; paragraphs are parted by an empty line.
    #[serde(default)]
    pub text: String,
    /// When it was published.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub published_at: Instant,
    /// The last day it is up, or matters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub until: Option<NaiveDate>,
    /// The office that published it.
    #[serde(default)]
    pub office: Option<String>,
    /// The type of an act.
    #[serde(default)]
    pub act: Option<ActBody>,
    /// Tells whether it cannot wait, such as a weather warning.
    #[serde(default)]
    pub urgent: bool,
}

/// An act of the notice board.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActBody {
    /// The type, such as `A.04.02` (national vocabulary *municipal-notice-board*).
    pub code: String,
    /// The number in the register of the year.
    #[cfg_attr(feature = "openapi", schema(format = Int32))]
    pub register: u32,
    /// The year.
    #[cfg_attr(feature = "openapi", schema(format = Int32))]
    pub year: i32,
}
