//! Signatures as screens show them: those a case needs, and those others ask for.

use serde::{Deserialize, Serialize};
use vicino_domain::{Instant, ResidentId, SignatureId};

use super::{Freshness, StuckReason, SummaryPart};

/// Somebody else who must sign a case before it may be sent.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CoSignerView {
    /// The name among the form's.
    pub id: String,
    /// Who they are, in the form's words.
    pub label: String,
    /// The point their signature has reached.
    pub status: SignatureStatus,
    /// The person who was asked.
    pub person: Option<String>,
    /// The answer they gave.
    pub note: Option<String>,
}

/// The point a signature has reached.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureStatus {
    /// Nobody was asked.
    NotAsked,
    /// Asked here, and not delivered yet.
    ToDeliver,
    /// The town could not ask.
    Refused(StuckReason),
    /// Asked, and not answered.
    Waiting,
    /// Signed, exactly as it is written now.
    Signed,
    /// Signed or asked for what has been changed since: it must be asked for again.
    Outdated,
    /// Declined.
    Declined,
}

/// Who could be asked: a grown-up of the household.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Candidate {
    /// Their identity with the town.
    pub id: ResidentId,
    /// Their name.
    pub name: String,
}

/// Whom a resident asks to sign.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whom {
    /// Somebody of the household.
    Resident(ResidentId),
    /// Somebody else, by their tax code as typed.
    TaxCode(String),
}

/// The status of a signature request for the person asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureState {
    /// It is their turn.
    YourTurn,
    /// Answered here, and not delivered yet.
    ToDeliver,
    /// Signed.
    Signed,
    /// Declined.
    Declined,
    /// Not asked for any more.
    Withdrawn,
}

/// The signatures others ask for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SignatureList {
    /// Those that wait first, then the newest.
    pub rows: Vec<SignatureRow>,
    /// As of when the town's part of it is known.
    pub freshness: Freshness,
}

/// A signature somebody asks for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SignatureRow {
    /// The identity.
    pub id: SignatureId,
    /// The text to be signed.
    pub title: String,
    /// The resident who asks.
    pub asker: String,
    /// The status.
    pub state: SignatureState,
    /// When it was asked for.
    pub asked_at: Instant,
}

/// A signature somebody asks for, whole: what is signed is read first.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SignatureView {
    /// The line in the list.
    pub row: SignatureRow,
    /// As whom one signs, in the form's words.
    pub label: String,
    /// What was said with the answer.
    pub note: Option<String>,
    /// What is to be signed, under its headings.
    pub answers: Vec<SummaryPart>,
}
