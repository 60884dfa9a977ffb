//! How often a caller may ask, and how much they may bring: meters that fill up again with time.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::{Quota, RateLimiter};
use vicino_contract::http::ProblemCode;

use crate::Refusal;
use crate::limits::bounds::Bounds;
use crate::refusal::RefusalKind;

type Buckets = RateLimiter<
    String,
    governor::state::keyed::DefaultKeyedStateStore<String>,
    DefaultClock,
    StateInformationMiddleware,
>;

/// Values of the rate limit headers (ModI, RAC_ROBUSTEZZA_001).
pub(crate) struct Allowance {
    /// Calls per minute.
    pub(crate) limit: u32,
    /// Calls left now.
    pub(crate) remaining: u32,
    /// Seconds until all are there again.
    pub(crate) reset: u64,
}

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(86_400);

/// A bucket for each key: so much at once, and so much in a period in the long run.
pub(crate) struct Meter {
    buckets: Buckets,
    limit: NonZeroU32,
    period: Duration,
}

impl Meter {
    fn new(limit: u32, period: Duration) -> Self {
        let limit = NonZeroU32::new(limit).unwrap_or(NonZeroU32::MIN);
        // A period shorter than a nanosecond for each cell cannot be: the quota of a minute stands in.
        let quota = Quota::with_period(period / limit.get()).unwrap_or(Quota::per_minute(limit)).allow_burst(limit);
        let buckets = RateLimiter::keyed(quota).with_middleware();
        Self { buckets, limit, period }
    }

    /// Takes so much from a key's bucket, or says when to come again.
    pub(crate) fn take(&self, key: &str, cells: u32) -> Result<Allowance, Refusal> {
        // Nothing is as good as one; more than a bucket holds is a whole one.
        let cells = NonZeroU32::new(cells).unwrap_or(NonZeroU32::MIN).min(self.limit);
        match self.buckets.check_key_n(&key.to_owned(), cells) {
            Ok(Ok(state)) => {
                let remaining = state.remaining_burst_capacity();
                let missing = f64::from(self.limit.get().saturating_sub(remaining)) / f64::from(self.limit.get());
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "seconds of a day at most")]
                let reset = (missing * self.period.as_secs_f64()).ceil() as u64;
                Ok(Allowance { limit: self.limit.get(), remaining, reset })
            }
            Ok(Err(not_until)) => {
                let wait = not_until.wait_time_from(DefaultClock::default().now()).max(Duration::from_secs(1));
                Err(Refusal { allowed: Some(self.limit.get()), ..too_often(wait) })
            }
            Err(_) => Err(too_often(self.period)),
        }
    }

    /// Forgets keys whose buckets are full again.
    fn sweep(&self) {
        self.buckets.retain_recent();
        self.buckets.shrink_to_fit();
    }
}

/// A refusal for now; `Retry-After` says until when.
pub(crate) fn too_often(wait: Duration) -> Refusal {
    let mut refusal = Refusal::new(RefusalKind::TooOften, ProblemCode::RateLimited, "Too many requests");
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "seconds of a day at most")]
    let seconds = wait.as_secs_f64().ceil().max(1.0) as u64;
    refusal.retry_after = Some(seconds);
    refusal
}

/// Every meter of the town. Keys name their kind (`device:`, `resident:`, `session:`, `operator:`, `address:`), so that none
/// of one kind is charged for one of another.
pub(crate) struct Meters {
    /// Calls.
    pub(crate) calls: Meter,
    /// Calls of everybody behind an address.
    pub(crate) address_calls: Meter,
    /// Kilobytes of words of a device.
    pub(crate) words: Meter,
    /// The same of everybody behind an address.
    pub(crate) address_words: Meter,
    /// The same of everybody.
    pub(crate) town_words: Meter,
    /// Refreshes of a session.
    pub(crate) refreshes: Meter,
    /// Papers and codes to be checked.
    pub(crate) checks: Meter,
    /// New devices of an address.
    pub(crate) devices: Meter,
    /// Payment pages of a device or resident.
    pub(crate) carts: Meter,
    /// Payment pages of everybody who has not signed in.
    pub(crate) unsigned_carts: Meter,
    /// Certificates of a resident.
    pub(crate) certificates: Meter,
    /// Signatures a resident asks of others.
    pub(crate) signatures: Meter,
    /// Kilobytes of a device nobody has signed in on.
    pub(crate) unsigned_kilobytes: Meter,
    /// Kilobytes of a resident.
    pub(crate) kilobytes: Meter,
    /// Kilobytes of an address.
    pub(crate) address_kilobytes: Meter,
    /// Kilobytes of everybody.
    pub(crate) town_kilobytes: Meter,
}

impl Meters {
    pub(crate) fn new(bounds: &Bounds) -> Self {
        Self {
            calls: Meter::new(bounds.calls_per_minute, MINUTE),
            address_calls: Meter::new(bounds.address_calls_per_minute, MINUTE),
            words: Meter::new(bounds.words_kilobytes_per_day, DAY),
            address_words: Meter::new(bounds.address_words_kilobytes_per_day, DAY),
            town_words: Meter::new(bounds.town_words_kilobytes_per_day, DAY),
            refreshes: Meter::new(bounds.refreshes_per_minute, MINUTE),
            checks: Meter::new(bounds.checks_per_minute, MINUTE),
            devices: Meter::new(bounds.devices_per_day, DAY),
            carts: Meter::new(bounds.carts_per_hour, HOUR),
            unsigned_carts: Meter::new(bounds.unsigned_carts_per_hour, HOUR),
            certificates: Meter::new(bounds.certificates_per_day, DAY),
            signatures: Meter::new(bounds.signatures_per_day, DAY),
            unsigned_kilobytes: Meter::new(bounds.unsigned_kilobytes_per_day, DAY),
            kilobytes: Meter::new(bounds.kilobytes_per_day, DAY),
            address_kilobytes: Meter::new(bounds.address_kilobytes_per_day, DAY),
            town_kilobytes: Meter::new(bounds.town_kilobytes_per_day, DAY),
        }
    }

    /// Forgets callers whose buckets are full again.
    pub(crate) fn sweep(&self) {
        let Self { calls, refreshes, checks, devices, carts, unsigned_carts, certificates, signatures, .. } = self;
        let Self { unsigned_kilobytes, kilobytes, address_kilobytes, town_kilobytes, address_calls, words, .. } = self;
        let Self { address_words, town_words, .. } = self;
        let often = [calls, refreshes, checks, devices, carts, unsigned_carts, certificates, signatures];
        let much = [
            unsigned_kilobytes,
            kilobytes,
            address_kilobytes,
            town_kilobytes,
            address_calls,
            words,
            address_words,
            town_words,
        ];
        often.into_iter().chain(much).for_each(Meter::sweep);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_its_keys_own_and_says_when_to_come_again() {
        let meter = Meter::new(100, DAY);
        assert_eq!(meter.take("device:1", 60).unwrap().remaining, 40);
        let refused = meter.take("device:1", 60).map(drop).unwrap_err();
        assert_eq!(refused.kind, RefusalKind::TooOften);
        assert!(refused.retry_after.is_some_and(|wait| (1..=86_400).contains(&wait)));
        assert_eq!(meter.take("operator:1", 1000).unwrap().remaining, 0, "more than a bucket is a whole one");
        assert_eq!(meter.take("device:1", 40).unwrap().limit, 100);
    }
}
