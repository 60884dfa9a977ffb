//! How recent what a device knows is.

use serde::{Deserialize, Serialize};
use vicino_domain::Instant;

/// The moment as of which a collection is known, and the moment it was last asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Freshness {
    /// The town confirmed it then; `None`: not known yet, which is not the same as empty.
    pub as_of: Option<Instant>,
    /// The last attempt, whatever came of it.
    pub last_try: Option<Instant>,
}
