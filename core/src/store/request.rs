//! A request of the outbox as its row says it.

use vicino_contract::{Matter, MessageKind, StuckReason};
use vicino_domain::{Instant, RequestId};

/// A thing to tell the town.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Request {
    /// The order in which they were queued.
    pub(crate) seq: i64,
    pub(crate) id: RequestId,
    /// The report or the case it belongs to.
    pub(crate) matter: Matter,
    pub(crate) kind: MessageKind,
    /// The identity it travels under.
    pub(crate) subject: String,
    pub(crate) saved_at: Instant,
    pub(crate) tries: u32,
    pub(crate) next_try: Option<Instant>,
    /// The thing that the last try lacked.
    pub(crate) obstacle: Obstacle,
    /// Tells whether any of it may have left this device: a try that found no road at all does not count.
    pub(crate) left: bool,
    pub(crate) stuck: Option<StuckReason>,
    pub(crate) delivered_at: Option<Instant>,
    pub(crate) acknowledgement: Option<String>,
    /// Tells whether a complete reading of the town has held what was delivered.
    pub(crate) confirmed: bool,
    /// Of a file: whether the message it goes with is stuck. The town takes none of a message it does not have.
    pub(crate) letter_stuck: bool,
}

impl Request {
    /// Delivered, and not read again since.
    pub(crate) const fn is_unconfirmed(&self) -> bool {
        self.delivered_at.is_some() && !self.confirmed
    }
}

/// The thing that a try lacked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Obstacle {
    /// Nothing that is known.
    #[default]
    Nothing,
    /// The network: the town was not reached at all.
    Network,
    /// Room at the town, which for now takes words and no files.
    Room,
}
