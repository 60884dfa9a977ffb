//! What the core tells the interface: *what* changed, never the data. The interface reads again.

use serde::{Deserialize, Serialize};

/// Something on this device changed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A draft was written, sent or thrown away.
    Drafts,
    /// One of the resident's reports changed, or its thread.
    Reports,
    /// Something waits, moves, is stuck or was delivered; also the progress of an upload.
    Outbox,
    /// The town's public facts changed: its card, streets, public reports.
    Town,
    /// The network, the last attempt, or the resident's hand on sending changed.
    Status,
    /// A preference changed.
    Settings,
}
