//! What a search finds, grouped and dated.

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vicino_domain::Instant;

use super::Freshness;

/// The group a finding is shown in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SearchGroup {
    /// The resident's drafts.
    Drafts,
    /// The resident's reports, with their threads.
    Reports,
    /// The resident's cases.
    Cases,
    /// What the resident owes or has paid.
    Notices,
    /// Other matters of the resident that have no page yet.
    Matters,
    /// Services.
    Services,
    /// Offices.
    Offices,
    /// News, notices, acts.
    Bulletins,
    /// Reports made public.
    PublicReports,
    /// Streets.
    Streets,
    /// Records of a collection that this app does not know.
    Others,
}

/// The findings of a search.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Findings {
    /// What was searched for, as it came.
    pub text: String,
    /// Groups with something in them, the resident's own first.
    pub groups: Vec<Group>,
    /// Tells whether everything was looked at; otherwise the newest part was.
    pub complete: bool,
    /// As of when the public facts are known.
    pub freshness: Freshness,
}

/// The findings of a group.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Group {
    /// The group.
    pub kind: SearchGroup,
    /// The best or the newest first.
    pub rows: Vec<Finding>,
    /// Tells whether there are more.
    pub more: bool,
}

/// A thing that was found.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Finding {
    /// The identity.
    pub id: Uuid,
    /// The name.
    pub title: String,
    /// The words around what was searched for.
    pub snippet: String,
    /// The moment, when it has one.
    pub at: Option<Instant>,
}
