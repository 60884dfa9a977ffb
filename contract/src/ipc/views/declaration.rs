//! Self-certifications as screens show them: what can be declared, about whom, and how it reads.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::AboutRow;

/// Something that only the writer knows.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BlankView {
    /// Its name.
    pub name: String,
    /// What is asked, in Italian and in English.
    pub label: (String, String),
}

/// One thing that can be declared.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StatementView {
    /// Its word.
    pub code: String,
    /// What it is called, in Italian and in English.
    pub title: (String, String),
    /// How it reads, as far as it can; nothing: something is still to be typed.
    pub reads: Option<String>,
    /// Whether the registry does not say what it needs.
    pub unknown: bool,
    /// What is still to be typed.
    pub asks: Vec<BlankView>,
}

/// What can be declared.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StatementList {
    /// About oneself, or a child in one's care.
    pub people: Vec<AboutRow>,
    /// The statements, as they read of whoever was asked for.
    pub statements: Vec<StatementView>,
    /// As of which day the registry's facts are; nothing: it tells none here.
    pub as_of: Option<NaiveDate>,
}
