//! Where the town stands with a report, and what may follow what.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The town's word on a report it has received. What the device has not delivered yet has no such state.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportState {
    /// The town has it: an acknowledgement exists.
    Received,
    /// An office works on it.
    InCharge,
    /// The office asks the resident for more.
    YourTurn,
    /// The problem is solved.
    Resolved,
    /// The town will not act, and said why.
    Declined,
    /// The resident took it back.
    Withdrawn,
}

impl ReportState {
    /// All of them.
    pub const ALL: &'static [Self] =
        &[Self::Received, Self::InCharge, Self::YourTurn, Self::Resolved, Self::Declined, Self::Withdrawn];

    /// Returns whether `next` may come right after this state.
    ///
    /// A closed report may be taken in charge again (the pothole is back); a withdrawn one stays withdrawn.
    #[must_use]
    pub const fn may_be_followed_by(self, next: Self) -> bool {
        match (self, next) {
            (Self::Received, Self::Received) | (_, Self::Received) | (Self::Withdrawn, _) => false,
            (Self::Received | Self::InCharge | Self::YourTurn, Self::Withdrawn) => true,
            (Self::Received | Self::YourTurn, _) => !matches!((self, next), (Self::YourTurn, Self::YourTurn)),
            (Self::InCharge, Self::YourTurn | Self::Resolved | Self::Declined) => true,
            (Self::Resolved | Self::Declined, Self::InCharge) => true,
            (Self::InCharge | Self::Resolved | Self::Declined, _) => false,
        }
    }

    /// Returns whether nothing more is expected of anyone.
    #[must_use]
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Resolved | Self::Declined | Self::Withdrawn)
    }

    /// The stable code, as on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::InCharge => "in_charge",
            Self::YourTurn => "your_turn",
            Self::Resolved => "resolved",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state with this code, if there is one.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.code() == code)
    }
}

impl fmt::Display for ReportState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ReportState::{Declined, InCharge, Received, Resolved, Withdrawn, YourTurn};
    use proptest::prelude::*;

    #[test]
    fn the_whole_table() {
        let allowed = [
            (Received, InCharge),
            (Received, YourTurn),
            (Received, Resolved),
            (Received, Declined),
            (Received, Withdrawn),
            (InCharge, YourTurn),
            (InCharge, Resolved),
            (InCharge, Declined),
            (InCharge, Withdrawn),
            (YourTurn, InCharge),
            (YourTurn, Resolved),
            (YourTurn, Declined),
            (YourTurn, Withdrawn),
            (Resolved, InCharge),
            (Declined, InCharge),
        ];
        for from in ReportState::ALL {
            for to in ReportState::ALL {
                assert_eq!(from.may_be_followed_by(*to), allowed.contains(&(*from, *to)), "{from} -> {to}");
            }
        }
    }

    #[test]
    fn code_and_wire_are_the_same_word() {
        for state in ReportState::ALL {
            assert_eq!(serde_json::to_value(state).unwrap(), state.code());
            assert_eq!(ReportState::from_code(state.code()), Some(*state));
        }
    }

    proptest! {
        #[test]
        fn no_walk_leaves_withdrawn_or_comes_back_to_received(steps in proptest::collection::vec(0..6_usize, 0..30)) {
            let mut state = Received;
            for next in steps.into_iter().map(|step| ReportState::ALL[step]) {
                if state.may_be_followed_by(next) {
                    prop_assert_ne!(next, Received);
                    prop_assert_ne!(state, Withdrawn);
                    prop_assert_ne!(state, next);
                    state = next;
                }
            }
        }
    }
}
