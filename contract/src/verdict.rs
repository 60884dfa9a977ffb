//! The worth of a certificate that somebody shows, as devices and towns say it.

use serde::{Deserialize, Serialize};

/// The outcome of a check.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The town said this, and it holds today.
    Genuine,
    /// The town said this; its time is over.
    Expired,
    /// The town said this, and took it back.
    Revoked,
    /// It bears this town's name, and is not what the town sealed or signed.
    Altered,
    /// It bears this town's name, and a key that this device does not know yet.
    UnknownKey,
    /// A PDF that bears no seal of the town: only its code was checked, and what the paper says may be another's.
    CodeOnly,
    /// Signed by nobody whom this device knows.
    UnknownTown,
    /// There is no certificate in it.
    NotOne,
    /// It is signed with a key that somebody else may hold: only the town's own register can tell.
    Compromised,
    /// It was issued on a day that this device's clock has not reached: the clock is to be looked at.
    Clock,
}
