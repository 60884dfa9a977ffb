//! A debt position with pagoPA (*posizione debitoria*): its states and those of its instalments, as the GPD service has them.
//!
//! Names are those of version 3; each has its name of version 1. The moves are those of PagoPA's own implementation: a past due
//! date closes nothing unless the position says so (*switchToExpired*).

use crate::Instant;
use crate::wire_enum;

wire_enum! {
    /// Where a position stands.
    PositionState {
        /// Written, and not yet the debtor's to see.
        Draft "DRAFT",
        /// Seen; it may be paid from its day of validity on.
        Published "PUBLISHED",
        /// It may be paid.
        Valid "VALID",
        /// Nobody may pay it any more: taken back, or expired.
        Unpayable "UNPAYABLE",
        /// Some of its instalments are paid.
        PartiallyPaid "PARTIALLY_PAID",
        /// It is paid.
        Paid "PAID",
    }
    /// Where an instalment stands.
    InstallmentState {
        /// To be paid.
        Unpaid "UNPAID",
        /// Paid.
        Paid "PAID",
        /// Paid; the bank has told of some of its transfers.
        PartiallyReported "PARTIALLY_REPORTED",
        /// Paid; the bank has told of all its transfers.
        Reported "REPORTED",
        /// Nobody may pay it any more: another way of paying the same debt was taken, or it was taken back.
        Unpayable "UNPAYABLE",
        /// Its day is past, and its position says that this closes it.
        Expired "EXPIRED",
    }
}

impl PositionState {
    /// Returns whether it may be paid.
    #[must_use]
    pub const fn is_payable(self) -> bool {
        matches!(self, Self::Valid | Self::PartiallyPaid)
    }

    /// Returns whether what it asks may still be changed.
    #[must_use]
    pub const fn may_be_changed(self) -> bool {
        matches!(self, Self::Draft | Self::Published | Self::Valid)
    }

    /// Returns whether it may be taken back.
    #[must_use]
    pub const fn may_be_invalidated(self) -> bool {
        matches!(self, Self::Published | Self::Valid)
    }

    /// The state that a word of version 1 means.
    #[must_use]
    pub fn from_v1(word: &str) -> Option<Self> {
        match word {
            "EXPIRED" | "INVALID" => Some(Self::Unpayable),
            "REPORTED" => Some(Self::Paid),
            other => Self::from_code(other).filter(|state| *state != Self::Unpayable),
        }
    }
}

impl InstallmentState {
    /// Returns whether its money has arrived.
    #[must_use]
    pub const fn is_paid(self) -> bool {
        matches!(self, Self::Paid | Self::PartiallyReported | Self::Reported)
    }

    /// The word of version 1; one that is closed has none there, its position says it.
    #[must_use]
    pub const fn v1(self) -> &'static str {
        match self {
            Self::Unpaid | Self::Unpayable | Self::Expired => "PO_UNPAID",
            Self::Paid => "PO_PAID",
            Self::PartiallyReported => "PO_PARTIALLY_REPORTED",
            Self::Reported => "PO_REPORTED",
        }
    }

    /// The state that a word of version 1 means.
    #[must_use]
    pub fn from_v1(word: &str) -> Option<Self> {
        Self::from_code(word.strip_prefix("PO_")?)
    }
}

/// A way of paying a debt: all its instalments, or one alone.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PlanFacts {
    /// From when it may be paid; `None`: from its publication.
    pub valid_from: Option<Instant>,
    /// Tells whether a past due date closes it.
    pub switch_to_expired: bool,
    /// The due date of each instalment, and whether it is paid.
    pub installments: Vec<(Instant, bool)>,
}

/// Where a position stands that was published, has these ways of being paid, and was not taken back.
#[must_use]
pub fn position_state(plans: &[PlanFacts], now: Instant) -> PositionState {
    let paid = |plan: &PlanFacts| plan.installments.iter().filter(|(_, paid)| *paid).count();
    if plans.iter().any(|plan| !plan.installments.is_empty() && paid(plan) == plan.installments.len()) {
        return PositionState::Paid;
    }
    if plans.iter().any(|plan| paid(plan) > 0) {
        return PositionState::PartiallyPaid;
    }
    let begins = plans.iter().map(|plan| plan.valid_from).min().flatten();
    if begins.is_some_and(|begins| begins > now) {
        return PositionState::Published;
    }
    let closes = !plans.is_empty() && plans.iter().all(|plan| plan.switch_to_expired);
    let last = plans.iter().flat_map(|plan| &plan.installments).map(|(due, _)| *due).max();
    if closes && last.is_some_and(|last| now > last) { PositionState::Unpayable } else { PositionState::Valid }
}

/// Where an instalment of a position stands.
#[must_use]
pub const fn installment_state(position: PositionState, paid: bool, other_way_taken: bool) -> InstallmentState {
    match (paid, position) {
        (true, _) => InstallmentState::Paid,
        (false, PositionState::Paid | PositionState::Unpayable) => InstallmentState::Unpayable,
        (false, _) if other_way_taken => InstallmentState::Unpayable,
        (false, _) => InstallmentState::Unpaid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i64) -> Instant {
        Instant::UNIX_EPOCH + chrono::Duration::days(20_000 + day)
    }

    fn plan(from: Option<i64>, closes: bool, installments: &[(i64, bool)]) -> PlanFacts {
        let installments = installments.iter().map(|(due, paid)| (at(*due), *paid)).collect();
        PlanFacts { valid_from: from.map(at), switch_to_expired: closes, installments }
    }

    #[test]
    fn a_past_day_closes_only_what_says_so() {
        let stays = [plan(None, true, &[(10, false)]), plan(None, false, &[(5, false), (20, false)])];
        assert_eq!(position_state(&stays, at(300)), PositionState::Valid);
        let closes = [plan(None, true, &[(10, false)]), plan(None, true, &[(5, false), (20, false)])];
        assert_eq!(position_state(&closes, at(20)), PositionState::Valid);
        assert_eq!(position_state(&closes, at(21)), PositionState::Unpayable);
    }

    #[test]
    fn it_waits_for_its_day_and_is_paid_by_any_whole_way() {
        assert_eq!(position_state(&[plan(Some(3), false, &[(10, false)])], at(1)), PositionState::Published);
        assert_eq!(position_state(&[plan(Some(3), false, &[(10, false)])], at(3)), PositionState::Valid);
        let ways = [plan(None, false, &[(10, false)]), plan(None, false, &[(5, true), (20, false)])];
        assert_eq!(position_state(&ways, at(6)), PositionState::PartiallyPaid);
        let whole = [plan(None, false, &[(10, true)]), plan(None, false, &[(5, false), (20, false)])];
        assert_eq!(position_state(&whole, at(6)), PositionState::Paid);
        assert_eq!(installment_state(PositionState::Paid, false, false), InstallmentState::Unpayable);
        assert_eq!(installment_state(PositionState::PartiallyPaid, false, true), InstallmentState::Unpayable);
    }

    #[test]
    fn the_words_of_version_1() {
        for (word, state) in [
            ("EXPIRED", PositionState::Unpayable),
            ("INVALID", PositionState::Unpayable),
            ("REPORTED", PositionState::Paid),
            ("PARTIALLY_PAID", PositionState::PartiallyPaid),
            ("DRAFT", PositionState::Draft),
        ] {
            assert_eq!(PositionState::from_v1(word), Some(state));
        }
        assert_eq!(PositionState::from_v1("UNPAYABLE"), None, "a word of version 3");
        for state in [InstallmentState::Unpaid, InstallmentState::Paid, InstallmentState::Reported] {
            assert_eq!(InstallmentState::from_v1(state.v1()), Some(state));
        }
    }
}
