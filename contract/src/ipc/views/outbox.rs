//! The outbox as screens show it: what waits and why, what is stuck, what was delivered.

use serde::{Deserialize, Serialize};
use vicino_domain::{Instant, RequestId};

use crate::{Matter, MessageKind, StuckReason};

/// The thing a waiting request waits for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitsFor {
    /// The turn, or the next attempt.
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

/// A request of the outbox.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RequestRow {
    /// The identity.
    pub id: RequestId,
    /// The subject.
    pub kind: MessageKind,
    /// The report or the case it belongs to.
    pub matter: Matter,
    /// The title.
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
    /// The requests that need the resident.
    pub stuck: Vec<RequestRow>,
    /// The requests that wait, in the order they will go.
    pub waiting: Vec<RequestRow>,
    /// The last deliveries, newest first; at most thirty.
    pub delivered: Vec<RequestRow>,
}
