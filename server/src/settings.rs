//! Settings of a town that are files of JSON beside its command line: which office reports are for, how long what is over is kept.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vicino_contract::http::ReportRecord;
use vicino_domain::Category;

/// The settings in a file.
///
/// # Errors
/// A sentence that names the file, and the place in it that is no such setting.
fn read<T: DeserializeOwned>(path: &Path) -> io::Result<T> {
    serde_json::from_str(&vicino_disk::read_text(path)?).map_err(|cause| {
        let place = format!("{}: line {}, column {}", path.display(), cause.line(), cause.column());
        vicino_disk::saying(io::ErrorKind::InvalidData, format!("{place}: not as `--help` shows it for this file"))
    })
}

/// The office that reports of a category are for; of one that is not named, those who are over every office.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Desks(pub BTreeMap<Category, Uuid>);

impl Desks {
    /// Reads them from a file: a JSON object of the offices' identities, by category.
    ///
    /// # Errors
    /// When the file cannot be read, or says something else.
    pub fn read(path: &Path) -> io::Result<Self> {
        read(path).map(Self)
    }

    /// The office of a report.
    pub(crate) fn of(&self, report: &ReportRecord) -> Option<Uuid> {
        let category = report.report.category.known()?;
        self.0.get(&category).copied()
    }
}

/// Days each kind is kept after it is over; none: for ever.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Retention {
    /// Reports that were resolved, declined or withdrawn.
    pub reports: Option<u32>,
    /// Cases that were decided or withdrawn.
    pub cases: Option<u32>,
    /// Debts that were paid or withdrawn.
    pub notices: Option<u32>,
    /// Receipts of what was paid.
    pub payments: Option<u32>,
    /// Days of what was consumed: meals, rides.
    pub consumptions: Option<u32>,
    /// Certificates that hold no longer, and those asked for no more; one without an end is kept for ever.
    pub certificates: Option<u32>,
    /// Lines of the audit.
    pub audit: Option<u32>,
}

impl Retention {
    /// Reads it from a file: a JSON object of days.
    ///
    /// # Errors
    /// When the file cannot be read, or says something else.
    pub fn read(path: &Path) -> io::Result<Self> {
        read(path)
    }
}
