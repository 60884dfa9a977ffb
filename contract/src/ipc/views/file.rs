//! Files as screens show them: what they are, how far they came, where they may go.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use vicino_domain::form::Path;
use vicino_domain::{AttachmentId, CaseId, Instant, PaperId};

use crate::Matter;

/// Where a file goes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileTo {
    /// To a question of a case being written.
    Answer {
        /// The case.
        case: CaseId,
        /// The question.
        path: Path,
    },
    /// To the message being written about a report or a case.
    Letter(Matter),
    /// To a paper of one's own, kept to be used again.
    Paper(PaperId),
}

/// A file of a case or a thread.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FileView {
    /// The identity; the interface shows it by this and never learns a path.
    pub id: AttachmentId,
    /// The name.
    pub name: String,
    /// The kind of its bytes: a media type.
    pub media: String,
    /// The number of bytes.
    pub bytes: u64,
    /// Bytes delivered so far.
    pub sent: u64,
    /// Tells whether the town has all of it.
    pub arrived: bool,
    /// Tells whether all of it is on this device, so that it can be looked at.
    pub here: bool,
    /// The date the resident told of it.
    pub dated: Option<NaiveDate>,
    /// When the town gave it; nothing: it is the resident's own.
    pub given_at: Option<Instant>,
}

/// A file that could be used again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FileRow {
    /// The file.
    pub file: FileView,
    /// The thing it belongs to: the title of a case or a report.
    pub title: String,
}
