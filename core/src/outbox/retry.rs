//! When a request is tried again, or why it is stuck: a function of values, and nothing else.

use chrono::Duration;
use vicino_contract::{FailureCode, StuckReason};
use vicino_domain::Instant;

use crate::store::request::Obstacle;

/// What the api room made of an answer, or of the want of one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Something was put right on the way: go on at once.
    Now,
    /// Not yet.
    Later {
        /// The town asked for this much patience (`Retry-After`).
        after: Option<Duration>,
        /// What was missing.
        obstacle: Obstacle,
        /// Tells whether it is certain that nothing of the request left this device.
        nothing_left: bool,
    },
    /// Not yet: something of this device's own failed on the way.
    Here(FailureCode),
    /// The town refused this very request.
    Never(StuckReason),
}

/// What follows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Next {
    /// Again at once.
    AtOnce,
    /// Again then.
    At(Instant),
    /// It waits for the resident.
    Stuck(StuckReason),
}

/// The first wait is at most this long; each further one at most twice the one before.
const BASE: Duration = Duration::seconds(2);
/// No wait is longer, save one the town asks for.
const CAP: Duration = Duration::minutes(15);
/// A town that asks for more patience than this is asked again all the same.
const LONGEST_PATIENCE: Duration = Duration::hours(24);
/// *Now* more often than this is a circle: it becomes *later*.
const PATIENCE_WITH_NOW: u32 = 4;

/// What follows a try. `tries` counts this one; `chance` is uniform in `0.0..1.0`.
///
/// Waits are spread with full jitter: uniform between nothing and a bound that doubles up to a cap, so that devices
/// cut off together do not come back together. A town's `Retry-After` is the least that is waited.
#[must_use]
pub fn next(verdict: Verdict, tries: u32, now: Instant, chance: f64) -> Next {
    let after = match verdict {
        Verdict::Never(reason) => return Next::Stuck(reason),
        Verdict::Now if tries <= PATIENCE_WITH_NOW => return Next::AtOnce,
        Verdict::Now | Verdict::Here(_) => Duration::zero(),
        Verdict::Later { after, .. } => after.unwrap_or_else(Duration::zero),
    };
    let least = after.clamp(Duration::zero(), LONGEST_PATIENCE);
    Next::At(now + least + spread(tries, chance))
}

/// No wait is ever longer.
pub(crate) fn longest() -> Duration {
    LONGEST_PATIENCE + CAP
}

/// A wait between nothing and the bound for this many tries.
fn spread(tries: u32, chance: f64) -> Duration {
    let doublings = tries.saturating_sub(1).min(20);
    let bound = BASE.num_milliseconds().saturating_mul(1_i64 << doublings).min(CAP.num_milliseconds());
    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "milliseconds under an hour")]
    let millis = (bound as f64 * chance.clamp(0.0, 1.0)) as i64;
    Duration::milliseconds(millis)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use vicino_contract::StuckCode;
    use vicino_contract::http::ProblemCode;

    fn later(after: Option<i64>) -> Verdict {
        Verdict::Later { after: after.map(Duration::seconds), obstacle: Obstacle::Nothing, nothing_left: false }
    }

    #[test]
    fn the_bound_doubles_up_to_the_cap() {
        let bound = |tries| match next(later(None), tries, Instant::default(), 1.0) {
            Next::At(at) => (at - Instant::default()).num_seconds(),
            other => panic!("{other:?}"),
        };
        assert_eq!([bound(1), bound(2), bound(3), bound(8), bound(9), bound(400)], [2, 4, 8, 256, 512, 900]);
    }

    #[test]
    fn never_is_stuck_at_once() {
        let reason = StuckReason::of(StuckCode::Town(ProblemCode::Invalid));
        assert_eq!(next(Verdict::Never(reason.clone()), 1, Instant::default(), 0.5), Next::Stuck(reason));
    }

    proptest! {
        #[test]
        fn waits_stay_within_their_bounds(tries in 0..u32::MAX, chance in 0.0..1.0_f64, after in proptest::option::of(-10..200_000_i64)) {
            let Next::At(at) = next(later(after), tries, Instant::default(), chance) else {
                return Err(TestCaseError::fail("later is always a moment"));
            };
            let waited = at - Instant::default();
            let least = Duration::seconds(after.unwrap_or(0).clamp(0, 86_400));
            prop_assert!(waited >= least && waited <= least + CAP);
        }

        #[test]
        fn more_chance_waits_longer(tries in 1..40_u32, one in 0.0..1.0_f64, two in 0.0..1.0_f64) {
            let at = |chance| match next(later(None), tries, Instant::default(), chance) { Next::At(at) => at, _ => Instant::default() };
            prop_assert_eq!(at(one) < at(two) || at(one) == at(two), one <= two || at(one) == at(two));
        }

        #[test]
        fn now_does_not_go_round_for_ever(tries in 1..100_u32) {
            let at_once = next(Verdict::Now, tries, Instant::default(), 0.5) == Next::AtOnce;
            prop_assert_eq!(at_once, tries <= PATIENCE_WITH_NOW);
        }
    }
}
