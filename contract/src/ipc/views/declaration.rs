//! Self-certifications as screens show them: what can be declared, about whom, and how it reads.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use vicino_domain::declaration::BlankKind;

use super::AboutRow;

/// Something that only the writer knows.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BlankView {
    /// The name.
    pub name: String,
    /// What is asked, in Italian and in English.
    pub label: (String, String),
    /// The kind, by which what is typed is checked.
    pub kind: BlankKind,
    /// The year it is now at the town: no later one is taken.
    pub this_year: i32,
}

/// A thing that can be declared.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StatementView {
    /// The word.
    pub code: String,
    /// The name, in Italian and in English.
    pub title: (String, String),
    /// The way it reads, as far as it can; nothing: something is still to be typed.
    pub reads: Option<String>,
    /// Tells whether the registry does not say what it needs.
    pub unknown: bool,
    /// The blanks still to be typed.
    pub asks: Vec<BlankView>,
}

/// The statements there are.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StatementList {
    /// About oneself, or a child in one's care.
    pub people: Vec<AboutRow>,
    /// The statements, as they read of whoever was asked for.
    pub statements: Vec<StatementView>,
    /// As of which day the registry's facts are; nothing: it tells none here.
    pub as_of: Option<NaiveDate>,
}
