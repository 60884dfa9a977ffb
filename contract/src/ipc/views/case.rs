//! Cases as screens show them: drafts with their form, and what became of those that were sent.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use vicino_domain::form::{Answer, Choice, FieldError, FieldErrorKind, Path};
use vicino_domain::{CaseId, CaseState, Cents, Clock, Instant, ServiceId};

use super::{Candidate, CoSignerView, Delivery, FileView, Freshness, MessageView, OfficeView, PaperRow, Writer};

/// The resident's cases.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CaseList {
    /// Those being written, the one touched last first.
    pub drafts: Vec<CaseDraftRow>,
    /// A page of those sent: what the town has not told of yet, then the one that moved last first.
    pub rows: Vec<CaseRow>,
    /// The number sent in all.
    pub total: u32,
    /// As of when the town's part of it is known.
    pub freshness: Freshness,
}

/// A case being written, in a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CaseDraftRow {
    /// The identity.
    pub id: CaseId,
    /// The name.
    pub title: String,
    /// Whom of the household it is about, when it asks that.
    pub whom: Option<String>,
    /// The amount that is missing or wrong.
    pub gaps: u32,
    /// When it was last kept.
    pub saved_at: Instant,
}

/// A case in a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CaseRow {
    /// The identity.
    pub id: CaseId,
    /// The name.
    pub title: String,
    /// Whom of the household it is about, when it asks that.
    pub whom: Option<String>,
    /// The point it has reached from this device.
    pub delivery: Delivery,
    /// The town's word on it; `None` before there is one, or when this app does not know it.
    pub state: Option<CaseState>,
    /// When it was sent.
    pub sent_at: Instant,
    /// When it last moved.
    pub changed_at: Instant,
    /// The clock, once it runs.
    pub clock: Option<Clock>,
}

/// A case being written.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CaseDraftView {
    /// The identity.
    pub id: CaseId,
    /// The service it asks for.
    pub service: ServiceId,
    /// The name.
    pub title: String,
    /// What is asked now, with these answers.
    pub sections: Vec<SectionView>,
    /// Everything that is missing or wrong; nothing: it may be sent.
    pub gaps: Vec<FieldError>,
    /// The answers so far, to be looked over before it is sent.
    pub summary: Vec<SummaryPart>,
    /// The section the resident stands at; after the last comes the summary.
    pub section: u16,
    /// When it was last kept.
    pub saved_at: Instant,
    /// The version of the form it was begun with.
    pub version: u32,
    /// A newer version of the form, when the town has one.
    pub newer: Option<u32>,
    /// Within how many days the office must answer, when there is a term.
    pub days: Option<u16>,
    /// Tells whether only working days count.
    pub working_days: bool,
    /// The price.
    pub fee: Option<Cents>,
    /// The stamp duty due with it.
    pub stamp: Option<Cents>,
    /// The last day on which it may be sent.
    pub closes_on: Option<NaiveDate>,
    /// The case it is about, when help with one is asked for: its identity and what it is called.
    pub about: Option<(CaseId, String)>,
    /// The co-signers needed, with these answers.
    pub co_signers: Vec<CoSignerView>,
    /// Who of the household could be asked.
    pub candidates: Vec<Candidate>,
    /// Tells whether somebody is signed in, so that it may be sent in their name.
    pub signed_in: bool,
}

/// A part of a form under a heading.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SectionView {
    /// The name among the form's.
    pub id: String,
    /// The heading.
    pub title: String,
    /// A sentence below it.
    pub help: Option<String>,
    /// The fields, once for each repeat.
    pub repeats: Vec<Vec<FieldView>>,
    /// The index of the repeat that may be added, while fewer than the most are there.
    pub may_add: Option<u16>,
}

/// A question with its answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FieldView {
    /// Where its answer stands.
    pub path: Path,
    /// The question.
    pub label: String,
    /// A sentence that helps to answer it.
    pub hint: Option<String>,
    /// Tells whether it may not be left out.
    pub required: bool,
    /// The kind of its answer.
    pub kind: FieldKind,
    /// The answer as typed.
    pub answer: Option<Answer>,
    /// The fault of what was typed; what is only missing is told before sending.
    pub lack: Option<FieldErrorKind>,
}

/// The kind of an answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// Words on one line; what a keyboard should offer for them.
    Line(Keyboard),
    /// Words over several lines.
    Long,
    /// A day.
    Date,
    /// One of these, or several.
    Choice {
        /// The choices.
        options: Vec<Choice>,
        /// Tells whether several may be chosen.
        many: bool,
    },
    /// Somebody of the household, by name.
    People(Vec<String>),
    /// Something one declares by ticking it.
    Declaration,
    /// Files.
    Files {
        /// Media types taken.
        types: Vec<String>,
        /// Most files.
        most: u16,
        /// Tells whether the date of each is asked for.
        dated: bool,
        /// Those chosen.
        files: Vec<FileView>,
        /// Papers of one's own that are what is asked for.
        own: Vec<PaperRow>,
    },
    /// A kind of a release to come.
    Elsewhere,
}

/// The keyboard to be offered.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keyboard {
    /// Letters.
    Text,
    /// Digits and a comma.
    Decimal,
    /// Digits.
    Digits,
    /// A telephone's.
    Phone,
    /// An address with an at sign.
    Email,
}

/// A case.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct CaseView {
    /// The line in the list.
    pub row: CaseRow,
    /// The protocol number and when it was given.
    pub protocol: Option<(String, Instant)>,
    /// Tells whether this device holds the town's signed word that it arrived.
    pub receipt: bool,
    /// What was sent, under its headings: questions and answers.
    pub answers: Vec<SummaryPart>,
    /// The timeline, oldest first.
    pub steps: Vec<StepView>,
    /// The thread, oldest first.
    pub messages: Vec<MessageView>,
    /// The files of the message being written.
    pub enclosed: Vec<FileView>,
    /// The office that answers for it.
    pub office: Option<OfficeView>,
    /// The case it is about, when help with one is asked for: its identity and what it is called.
    pub about: Option<(CaseId, String)>,
    /// The service with which help with this case is asked for, when the town has one.
    pub help: Option<ServiceId>,
    /// By which day the resident is asked to answer, while it is their turn.
    pub answer_by: Option<NaiveDate>,
    /// Tells whether it may be taken back now.
    pub may_withdraw: bool,
    /// Tells whether the wish to take it back has not been heard yet.
    pub withdrawing: bool,
    /// As of when it is known.
    pub freshness: Freshness,
}

/// What was answered under one heading.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SummaryPart {
    /// The heading.
    pub title: String,
    /// Questions and answers.
    pub lines: Vec<SummaryLine>,
}

/// A question and its answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SummaryLine {
    /// The question.
    pub question: String,
    /// The answer in words; nothing: something one declared, or files.
    pub answer: String,
    /// The files it was answered with.
    pub files: Vec<FileView>,
}

/// An entry of a case's timeline.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StepView {
    /// The state it came to; `None` when this app does not know it.
    pub state: Option<CaseState>,
    /// When.
    pub at: Instant,
    /// By which office.
    pub office: Option<String>,
    /// The words.
    pub note: Option<String>,
    /// The member of the household, when the town said.
    pub by: Option<Writer>,
    /// Tells whether the term was suspended with it, or let run again.
    pub suspends: Option<bool>,
    /// Documents the office gave with it.
    pub files: Vec<FileView>,
}
