//! Where the town stands with a report, and what may follow what.

use crate::wire_enum;

wire_enum! {
    /// The town's word on a report it has received. What the device has not delivered yet has no such state.
    ReportState {
        /// The town has it: an acknowledgement exists.
        Received "received",
        /// An office works on it.
        InCharge "in_charge",
        /// The office asks the resident for more.
        YourTurn "your_turn",
        /// The problem is solved.
        Resolved "resolved",
        /// The town will not act, and said why.
        Declined "declined",
        /// The resident took it back.
        Withdrawn "withdrawn",
    }
}

impl ReportState {
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
