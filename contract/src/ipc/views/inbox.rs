//! Threads, days and alerts as screens show them: from everything, each in one list.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vicino_domain::{CaseId, DeadlineKind, Instant, NoticeId, PaperId, Reminder, ReportId, SignatureId};

use super::{Freshness, Writer};
use crate::http::Author;

/// The page that a thread, a day or an alert leads to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// A report.
    Report(ReportId),
    /// A case.
    Case(CaseId),
    /// A case being written.
    Draft(CaseId),
    /// A signature somebody asks for.
    Signature(SignatureId),
    /// A notice.
    Notice(NoticeId),
    /// A paper of one's own.
    Paper(PaperId),
    /// Nothing that has a page here.
    None,
}

/// Every thread with an office.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ThreadList {
    /// The one in which something was written last first.
    pub rows: Vec<ThreadRow>,
    /// Messages of offices not read here yet.
    pub unread: u32,
    /// As of when the town's part of it is known.
    pub freshness: Freshness,
}

/// A thread in a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ThreadRow {
    /// The thing it belongs to.
    pub matter: Target,
    /// The title.
    pub title: String,
    /// The author of the last message.
    pub author: Author,
    /// The office, when it was one.
    pub office: Option<String>,
    /// The member of the household, when the town said.
    pub by: Option<Writer>,
    /// The last message.
    pub text: String,
    /// When.
    pub at: Instant,
    /// Tells whether the town has it.
    pub delivered: bool,
    /// Messages of the office not read here yet.
    pub unread: u32,
}

/// Every day that asks something of somebody, the nearest first.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DeadlineList {
    /// The days; those behind stay until what they ask is done.
    pub rows: Vec<DeadlineRow>,
    /// As of when the town's part of it is known.
    pub freshness: Freshness,
}

/// A day that asks something.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DeadlineRow {
    /// The day.
    pub on: NaiveDate,
    /// The question.
    pub kind: DeadlineKind,
    /// The subject.
    pub title: String,
    /// Whom it is about, when it is somebody else than the resident.
    pub beneficiary: Option<String>,
    /// Days from today; below zero: it is over.
    pub days: i64,
    /// The thing it belongs to.
    pub matter: Target,
    /// The identity of what tells of the day, the same however often it moves.
    pub id: Uuid,
}

/// Something to be told once, when it is not quiet.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Alert {
    /// The thing it belongs to.
    pub matter: Target,
    /// The title.
    pub title: String,
    /// The event.
    pub news: News,
}

/// The news of an alert.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum News {
    /// A day comes near.
    Day {
        /// The day.
        on: NaiveDate,
        /// How near.
        reminder: Reminder,
    },
    /// An office asks for something.
    YourTurn,
    /// An office wrote. What it wrote is not shown where others may look.
    Message {
        /// The office.
        office: Option<String>,
    },
    /// A case is concluded, one way or the other.
    Concluded,
    /// Somebody asks for a signature.
    Signature,
}

/// The words of a calendar's entries: the interface has them in the resident's language.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CalendarWords {
    /// Before what a resident answers.
    pub answer: String,
    /// Before what a resident sends.
    pub send: String,
    /// Before what a resident pays.
    pub pay: String,
    /// Before what an office concludes.
    pub conclude: String,
    /// Before what an office answers.
    pub report: String,
    /// Before a paper of one's own that ends.
    pub renew: String,
}
