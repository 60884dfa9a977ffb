//! Whether a notice is paid: three states, told from facts that are only ever added, so that none goes back.

use serde::{Deserialize, Serialize};

use crate::wire_enum;
use crate::{Cents, Instant};

/// Tells whether a notice is paid.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeState {
    /// It is to be paid.
    ToPay,
    /// The resident has paid it; the creditor's word is on its way.
    OnItsWay,
    /// A receipt says so.
    Confirmed,
}

wire_enum! {
    /// The outcome of a visit to the payment page, as the page itself said. It proves nothing: only a receipt does.
    Outcome {
        /// *returnOkUrl*
        Paid "paid",
        /// *returnCancelUrl*
        Cancelled "cancelled",
        /// *returnErrorUrl*
        Refused "refused",
        /// *returnWaitingUrl*: whether it was paid is not known yet.
        Unknown "unknown",
    }
}

/// Something that is known about whether a notice is paid. Nothing of it is ever taken away.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// The payment page was opened.
    Begun,
    /// It came back, and said this.
    Returned(Outcome),
    /// The resident says that they paid it elsewhere.
    Said,
    /// The receipt of this number.
    Receipt {
        /// The number.
        number: String,
        /// The sum that was paid.
        amount: Cents,
    },
    /// The creditor says that it is not paid, after all.
    Contrary,
}

/// When something became known.
pub type Dated = (Instant, Fact);

/// The state that follows from everything known about one notice.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tally {
    /// Tells whether it is paid.
    pub state: NoticeState,
    /// A payment was begun at this moment, and how it ended is not known: whoever pays now may pay twice.
    pub open_since: Option<Instant>,
    /// More than one receipt: the second is to be asked back.
    pub paid_twice: bool,
    /// The creditor's last word is against it.
    pub contrary: bool,
}

/// Judges a notice by everything known of it, in whatever order it came to be known.
///
/// A state never goes back: more facts answer the same or a later one.
#[must_use]
pub fn tally(facts: &[Dated]) -> Tally {
    let mut sorted: Vec<&Dated> = facts.iter().collect();
    sorted.sort_by_key(|(at, _)| *at);
    let mut tally = Tally { state: NoticeState::ToPay, open_since: None, paid_twice: false, contrary: false };
    let mut receipts: Vec<&str> = Vec::new();
    // One page that ended unpaid says nothing of another that is still open: as many stay as did not come back.
    let mut open: Vec<Instant> = Vec::new();
    for (at, fact) in sorted {
        match fact {
            Fact::Begun => open.push(*at),
            Fact::Returned(Outcome::Paid) | Fact::Said => {
                tally.state = tally.state.max(NoticeState::OnItsWay);
                open.clear();
            }
            // Whoever went back in the page after it was cancelled may have paid all the same.
            Fact::Returned(Outcome::Unknown) if open.is_empty() => open.push(*at),
            Fact::Returned(Outcome::Unknown) => {}
            Fact::Returned(Outcome::Cancelled | Outcome::Refused) => drop(open.pop()),
            Fact::Receipt { number, .. } => {
                tally.state = NoticeState::Confirmed;
                tally.contrary = false;
                if !receipts.contains(&number.as_str()) {
                    receipts.push(number);
                }
            }
            Fact::Contrary => tally.contrary = true,
        }
    }
    tally.paid_twice = receipts.len() > 1;
    tally.open_since = open.first().copied().filter(|_| tally.state != NoticeState::Confirmed);
    tally
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fact() -> impl Strategy<Value = Fact> {
        let outcome =
            prop_oneof![Just(Outcome::Paid), Just(Outcome::Cancelled), Just(Outcome::Refused), Just(Outcome::Unknown)];
        let receipt = (0_u8..3).prop_map(|n| Fact::Receipt { number: format!("R{n}"), amount: Cents(100) });
        prop_oneof![
            Just(Fact::Begun),
            outcome.prop_map(Fact::Returned),
            Just(Fact::Said),
            receipt,
            Just(Fact::Contrary)
        ]
    }

    fn facts() -> impl Strategy<Value = Vec<Dated>> {
        let dated =
            (0_i64..50, fact()).prop_map(|(at, fact)| (Instant::UNIX_EPOCH + chrono::Duration::minutes(at), fact));
        prop::collection::vec(dated, 0..12)
    }

    proptest! {
        #[test]
        fn more_facts_never_make_it_go_back(known in facts(), more in facts()) {
            let before = tally(&known);
            let all: Vec<Dated> = known.into_iter().chain(more).collect();
            let after = tally(&all);
            prop_assert!(after.state >= before.state);
            prop_assert!(after.paid_twice || !before.paid_twice, "a doubled payment is not forgotten");
        }

        #[test]
        fn it_does_not_matter_in_which_order_they_came(known in facts(), turn in 0_usize..12) {
            let mut turned = known.clone();
            // Equal moments stay in their order: what happened in one instant is told in one order by everybody.
            turned.dedup_by_key(|(at, _)| *at);
            let straight = tally(&turned.clone());
            let mut seen = std::collections::HashSet::new();
            prop_assume!(turned.iter().all(|(at, _)| seen.insert(*at)));
            let len = turned.len().max(1);
            turned.rotate_left(turn % len);
            prop_assert_eq!(tally(&turned), straight);
        }

        #[test]
        fn only_a_receipt_confirms(known in facts()) {
            let receipt = known.iter().any(|(_, fact)| matches!(fact, Fact::Receipt { .. }));
            prop_assert_eq!(tally(&known).state == NoticeState::Confirmed, receipt);
        }
    }

    #[test]
    fn a_payment_begun_and_not_known_to_have_ended_warns() {
        let at = |minutes| Instant::UNIX_EPOCH + chrono::Duration::minutes(minutes);
        let begun = vec![(at(1), Fact::Begun), (at(3), Fact::Returned(Outcome::Unknown))];
        assert_eq!(tally(&begun).open_since, Some(at(1)));
        let cancelled = [begun.clone(), vec![(at(4), Fact::Returned(Outcome::Cancelled))]].concat();
        assert_eq!((tally(&cancelled).open_since, tally(&cancelled).state), (None, NoticeState::ToPay));
        let again = [cancelled.clone(), vec![(at(6), Fact::Returned(Outcome::Unknown))]].concat();
        assert_eq!(tally(&again).open_since, Some(at(6)), "whoever goes back in a page may pay after all");
        let other = [begun.clone(), vec![(at(4), Fact::Begun), (at(5), Fact::Returned(Outcome::Cancelled))]].concat();
        assert_eq!(tally(&other).open_since, Some(at(1)), "the first page may have been paid");
        let contrary =
            [(at(1), Fact::Receipt { number: String::from("R"), amount: Cents(1) }), (at(2), Fact::Contrary)];
        assert!(tally(&contrary).contrary && tally(&contrary).state == NoticeState::Confirmed);
    }
}
