//! How often a caller may ask: a bucket per device or address that fills up again with time.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use vicino_contract::http::ProblemCode;

use crate::Refusal;

/// Calls a caller may make at once, and per minute in the long run.
const BURST: NonZeroU32 = match NonZeroU32::new(600) {
    Some(calls) => calls,
    None => NonZeroU32::MIN,
};

type Buckets = RateLimiter<
    String,
    governor::state::keyed::DefaultKeyedStateStore<String>,
    DefaultClock,
    StateInformationMiddleware,
>;

/// What stands in the rate limit headers (ModI, RAC_ROBUSTEZZA_001).
pub(crate) struct Allowance {
    /// Calls per minute.
    pub(crate) limit: u32,
    /// Calls left now.
    pub(crate) remaining: u32,
    /// Seconds until all are there again.
    pub(crate) reset: u64,
}

/// The buckets of everyone who called lately.
pub(crate) struct Rates {
    buckets: Buckets,
}

impl Rates {
    pub(crate) fn new() -> Self {
        let quota = Quota::per_minute(BURST);
        let buckets: DefaultKeyedRateLimiter<String> = RateLimiter::keyed(quota);
        Self { buckets: buckets.with_middleware() }
    }

    /// Takes one call from the caller's bucket.
    pub(crate) fn take(&self, caller: &str) -> Result<Allowance, Refusal> {
        match self.buckets.check_key(&caller.to_owned()) {
            Ok(state) => {
                let remaining = state.remaining_burst_capacity();
                let missing = u64::from(BURST.get().saturating_sub(remaining));
                Ok(Allowance { limit: BURST.get(), remaining, reset: (missing * 60).div_ceil(u64::from(BURST.get())) })
            }
            Err(not_until) => {
                let wait = not_until.wait_time_from(DefaultClock::default().now()).max(Duration::from_secs(1));
                let mut refusal = Refusal::new(429, ProblemCode::RateLimited, "Too many requests");
                refusal.retry_after = Some(wait.as_secs_f64().ceil().max(1.0) as u64);
                Err(refusal)
            }
        }
    }

    /// Forgets callers whose buckets are full again.
    pub(crate) fn sweep(&self) {
        self.buckets.retain_recent();
    }
}
