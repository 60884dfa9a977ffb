//! Cases on the wire: what a device sends, what its owner and the office read back.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;
use vicino_domain::form::{Answers, Form};
use vicino_domain::{CaseState, Instant, Open, Term};

use super::{AuthorBody, FileBody, FileRecord, MessageRecord, OfficeFile};

/// The body a device sends with `PUT /v1/cases/{id}`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseBody {
    /// The service that was asked for.
    pub service: Uuid,
    /// The version of the form that was filled.
    #[cfg_attr(feature = "openapi", schema(format = Int32))]
    pub form_version: u32,
    /// The answers, by the name of each field.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub answers: Answers,
    /// The files its answers name; their bytes follow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileBody>,
    /// The case this one is about, when help with it is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Uuid>,
    /// When the resident sent it, by the device's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub sent_at: Instant,
}

/// An entry of a case's timeline.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseStep {
    /// The state it came to, by code.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub state: Open<CaseState>,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Instant,
    /// By which office.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<String>,
    /// The words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The member of the household who did it, when they had signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<AuthorBody>,
    /// Tells whether the office suspended the term with it, or let it run again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspends: Option<bool>,
    /// By which day the resident is asked to answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub answer_by: Option<NaiveDate>,
    /// Documents the office gave with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileRecord>,
}

/// A case's place in the town's register of documents.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProtocolBody {
    /// The number, such as `1184/2026`.
    pub number: String,
    /// When it was registered.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Instant,
}

/// A case as its owner and the office read it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseRecord {
    /// The identity.
    pub id: Uuid,
    /// The name: its service's name.
    pub title: String,
    /// The office that answers for it.
    pub office: Uuid,
    /// The town's number, such as `2026/00142`.
    pub number: String,
    /// When the town received it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub received_at: Instant,
    /// The state, by code.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub state: Open<CaseState>,
    /// The protocol, once it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<ProtocolBody>,
    /// The service that was asked for.
    pub service: Uuid,
    /// When the resident sent it, by their device's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub sent_at: Instant,
    /// The case this one is about, when help with it is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Uuid>,
    /// Within how long the office must conclude: a [`Term`].
    #[serde(default, skip_serializing_if = "Value::is_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub term: Value,
    /// The form as it was filled, a [`Form`]: a case reads the same for ever.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub form: Value,
    /// The resident's answers: [`Answers`].
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub answers: Value,
    /// The files the answers name, and whether they arrived.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileRecord>,
    /// The co-signers of what was sent: the evidence that they signed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signatures: Vec<SignedBy>,
    /// The timeline, oldest first.
    pub history: Vec<CaseStep>,
    /// The thread, oldest first.
    pub messages: Vec<MessageRecord>,
}

/// A signature that a case arrived with.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedBy {
    /// The co-signer, by its name in the form.
    pub signer: String,
    /// The signer.
    pub person: String,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Instant,
    /// The SHA-256 of the signed bytes, in hexadecimal: [`signed_bytes`](super::signed_bytes) of what was sent.
    pub digest: String,
}

impl CaseRecord {
    /// Within how long the office must conclude, when this release can read it.
    #[must_use]
    pub fn term(&self) -> Option<Term> {
        serde_json::from_value(self.term.clone()).ok()
    }

    /// The form as it was filled; one that this release cannot read asks nothing.
    #[must_use]
    pub fn form(&self) -> Form {
        serde_json::from_value(self.form.clone()).unwrap_or_default()
    }

    /// Every file of it: the resident's, those of its thread, those the office gave.
    pub fn all_files(&self) -> impl Iterator<Item = &FileRecord> {
        let thread = self.messages.iter().flat_map(|message| &message.files);
        self.files.iter().chain(thread).chain(self.history.iter().flat_map(|step| &step.files))
    }

    /// Every file of it, to be changed.
    pub fn all_files_mut(&mut self) -> impl Iterator<Item = &mut FileRecord> {
        let thread = self.messages.iter_mut().flat_map(|message| &mut message.files);
        self.files.iter_mut().chain(thread).chain(self.history.iter_mut().flat_map(|step| &mut step.files))
    }

    /// What the resident answered; those of a kind that this release does not know are left out.
    #[must_use]
    pub fn answers(&self) -> Answers {
        let all = self.answers.as_object().into_iter().flatten();
        let read =
            all.filter_map(|(path, answer)| Some((path.parse().ok()?, serde_json::from_value(answer.clone()).ok()?)));
        Answers(read.collect())
    }
}

/// The office moves a case.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseTransition {
    /// The state to reach, by code; the present one to suspend or resume its term alone.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub state: Open<CaseState>,
    /// The version the clerk has in front of them.
    #[cfg_attr(feature = "openapi", schema(format = Int64))]
    pub version: i64,
    /// The office that acts.
    pub office: String,
    /// What it says to the resident; required when it asks for more, refuses, revokes, suspends, or opens again what was over.
    #[serde(default)]
    pub note: Option<String>,
    /// Tells whether the term stands still from now on (`true`) or runs again (`false`).
    #[serde(default)]
    pub suspends: Option<bool>,
    /// By which day the resident is asked to answer.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub answer_by: Option<NaiveDate>,
    /// Documents given with it.
    #[serde(default)]
    pub files: Vec<OfficeFile>,
}

/// A case as the office sees it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfficeCase {
    /// Grows with every change; sent back with a transition, so that two clerks never overwrite each other.
    #[cfg_attr(feature = "openapi", schema(format = Int64))]
    pub version: i64,
    /// The case.
    #[serde(flatten)]
    pub record: CaseRecord,
}

/// A page of the office's queue of cases.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseQueue {
    /// The cases, oldest change first.
    pub items: Vec<OfficeCase>,
}
