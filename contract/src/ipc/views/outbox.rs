//! The outbox as screens show it: what waits and why, what is stuck, what was delivered.

use serde::{Deserialize, Serialize};
use vicino_domain::{Instant, MatterId, RequestId};

/// Why a request cannot go on by itself.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct StuckReason {
    /// The town's stable problem code, such as `invalid`.
    pub code: String,
    /// The fields it names.
    #[serde(default)]
    pub invalid: Vec<vicino_domain::Invalid>,
    /// What is missing or wrong in a service's form.
    #[serde(default)]
    pub gaps: Vec<vicino_domain::form::Gap>,
    /// The town's own sentence, in its language; shown as a quotation.
    #[serde(default)]
    pub detail: Option<String>,
}

/// What a request is about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestKind {
    /// A report.
    Report,
    /// One of its photos.
    Photo,
    /// A message to the office.
    Message,
    /// A file of its thread.
    File,
    /// The wish to take a report back.
    Withdrawal,
    /// A case.
    Case,
    /// A message about a case.
    CaseMessage,
    /// The answer to an office that asked for more.
    CaseIntegration,
    /// A file of a case, or of its thread.
    CaseFile,
    /// The wish to take a case back.
    CaseWithdrawal,
    /// A signature asked of somebody else, for a case being written.
    Signature,
    /// The answer to somebody who asked for a signature.
    SignatureAnswer,
    /// A signature is asked for no more: its case was thrown away.
    SignatureWithdrawal,
    /// The resident's word that a notice is paid.
    Declaration,
    /// A proof that goes with it.
    NoticeFile,
    /// A certificate asked for.
    Certificate,
    /// It is asked for no more.
    CertificateWithdrawal,
}

impl RequestKind {
    /// Whether it belongs to a case, and not to a report.
    #[must_use]
    pub const fn is_of_case(self) -> bool {
        !matches!(
            self,
            Self::Report
                | Self::Photo
                | Self::Message
                | Self::File
                | Self::Withdrawal
                | Self::Declaration
                | Self::NoticeFile
                | Self::Certificate
                | Self::CertificateWithdrawal
        )
    }

    /// Whether its bytes are those of a file, which travel in pieces.
    #[must_use]
    pub const fn is_file(self) -> bool {
        matches!(self, Self::Photo | Self::File | Self::CaseFile | Self::NoticeFile)
    }

    /// Whether it belongs to a notice.
    #[must_use]
    pub const fn is_of_notice(self) -> bool {
        matches!(self, Self::Declaration | Self::NoticeFile)
    }

    /// Whether it is the matter itself, which everything else of it follows.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        matches!(self, Self::Report | Self::Case)
    }
}

/// What a waiting request waits for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitsFor {
    /// Its turn, or the next attempt.
    NextTry,
    /// The network.
    Network,
    /// What comes before it in the same report.
    Earlier,
    /// The resident, who paused sending.
    Hold,
    /// A network that is not metered.
    Unmetered,
    /// The resident, who has to sign in again.
    SignIn,
    /// Room at the town, which for now takes words and no photos.
    Room,
}

/// One request of the outbox.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RequestRow {
    /// Its identity.
    pub id: RequestId,
    /// What it is about.
    pub kind: RequestKind,
    /// The report or the case it belongs to.
    pub matter: MatterId,
    /// Its title.
    pub title: String,
    /// When it was saved here.
    pub saved_at: Instant,
    /// Bytes to deliver; only photos and files count them.
    pub bytes: u64,
    /// Bytes delivered so far.
    pub sent: u64,
    /// Attempts so far.
    pub tries: u32,
    /// When it is tried again.
    pub next_try: Option<Instant>,
    /// What it waits for; nothing once it is stuck or delivered.
    pub waits_for: Option<WaitsFor>,
    /// Why it is stuck, when it is.
    pub stuck: Option<StuckReason>,
    /// When the town signed for it, when it did.
    pub delivered_at: Option<Instant>,
    /// The town's number, for a delivered report or case.
    pub number: Option<String>,
}

/// The outbox, in the order a resident needs it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OutboxView {
    /// What needs the resident.
    pub stuck: Vec<RequestRow>,
    /// What waits, in the order it will go.
    pub waiting: Vec<RequestRow>,
    /// What was delivered last, newest first; at most thirty.
    pub delivered: Vec<RequestRow>,
}
