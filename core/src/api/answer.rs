//! What an answer means: *now*, *later* or *never*; and whether a signature vouches for it.

use std::sync::atomic::Ordering;

use chrono::{DateTime, Duration, Utc};
use reqwest::{Response, StatusCode, header};
use vicino_contract::http::{Acknowledgement, PROBLEM_TYPE, Problem, ProblemCode, TownKey};
use vicino_contract::jws::{self, Kind};
use vicino_contract::{FailureCode, MessageKind, StuckCode, StuckReason};
use vicino_domain::Sha256;

use crate::api::bounded;
use crate::device::Device;
use crate::error::Error;
use crate::outbox::{Obstacle, Verdict};

/// The town was not reached.
pub(crate) fn unreached(cause: reqwest::Error) -> Verdict {
    // The address is cut off: a log must not say where a resident turns.
    let verdict = Verdict::Later { after: None, obstacle: Obstacle::Network, nothing_left: cause.is_connect() };
    tracing::info!(cause = %cause.without_url(), "town unreachable");
    verdict
}

/// Not now, for no reason of the town's.
pub(crate) const fn later() -> Verdict {
    Verdict::Later { after: None, obstacle: Obstacle::Nothing, nothing_left: false }
}

/// Not now, because this device's own store does not answer.
#[allow(clippy::needless_pass_by_value, reason = "it stands in map_err")]
pub(crate) fn broken(cause: Error) -> Verdict {
    tracing::error!(%cause, "store failed during a call to the town");
    Verdict::Here(cause.code())
}

/// A yes passes; a no becomes a verdict.
///
/// *Never* only when a town says so: with its own media type and a code of the contract. A login page of a hotel's
/// network, a proxy's error, a town under repair are all *later*.
pub(crate) async fn verdict(response: Response) -> Result<Response, Verdict> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let after = retry_after(&response);
    let is_problem =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes() == PROBLEM_TYPE.as_bytes());
    let problem: Option<Problem> = if is_problem { bounded::json(response, bounded::WORDS).await.ok() } else { None };
    Err(match problem {
        Some(problem) if is_final(status, problem.code) => Verdict::Never(StuckReason {
            code: StuckCode::Town(problem.code),
            invalid: problem.invalid,
            gaps: problem.gaps,
            detail: problem.detail,
        }),
        Some(Problem { code: ProblemCode::NoRoom, .. }) => {
            Verdict::Later { after, obstacle: Obstacle::Room, nothing_left: false }
        }
        _ => Verdict::Later { after, obstacle: Obstacle::Nothing, nothing_left: false },
    })
}

/// Passes a successful answer on when it is JSON, as every answer of a town's API is; otherwise [`FailureCode::NotATown`], as for a
/// hotel's sign-in page.
pub(crate) fn of_a_town(response: Response) -> Result<Response, Verdict> {
    if media_type(&response).eq_ignore_ascii_case("application/json") {
        Ok(response)
    } else {
        Err(Verdict::Here(FailureCode::NotATown))
    }
}

/// Returns whether this is a page for people, which no route of a town's answers with to a program.
pub(crate) fn is_page(response: &Response) -> bool {
    media_type(response).eq_ignore_ascii_case("text/html")
}

/// The media type without its parameters; empty when there is none.
pub(crate) fn media_type(response: &Response) -> &str {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim()
}

/// Returns whether the same request can never be answered otherwise.
fn is_final(status: StatusCode, code: ProblemCode) -> bool {
    status.is_client_error()
        && matches!(
            code,
            ProblemCode::NotFound
                | ProblemCode::Malformed
                | ProblemCode::Invalid
                | ProblemCode::IdConflict
                | ProblemCode::TooLarge
                | ProblemCode::TooMany
                | ProblemCode::UnsupportedMediaType
                | ProblemCode::ServiceClosed
                | ProblemCode::FileKind
                | ProblemCode::NobodyKnown
                | ProblemCode::Stale
                | ProblemCode::FormChanged
                | ProblemCode::DeviceEnded
        )
}

/// `Retry-After`, in seconds or as a date (RFC 9110 §10.2.3); `X-RateLimit-Reset` when that is all there is.
fn retry_after(response: &Response) -> Option<Duration> {
    let text = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let limited = response.status() == StatusCode::TOO_MANY_REQUESTS;
    let reset = text("x-ratelimit-reset").filter(|_| limited);
    patience(text("retry-after").or(reset)?, Utc::now())
}

fn patience(text: &str, now: DateTime<Utc>) -> Option<Duration> {
    if let Ok(number) = text.parse::<i64>() {
        // A number too large to be a wait is a moment (ModI lets X-RateLimit-Reset be either).
        let seconds = if number > 1_000_000_000 { number - now.timestamp() } else { number };
        return Some(Duration::seconds(seconds.clamp(0, 86_400)));
    }
    let at = DateTime::parse_from_rfc2822(text).ok()?;
    Some((at.to_utc() - now).max(Duration::zero()))
}

/// Returns whether the town signed for this kind, identity and bytes.
pub(crate) fn signed(
    device: &Device,
    word: &str,
    keys: &[TownKey],
    kind: MessageKind,
    id: &str,
    digest: Sha256,
) -> Result<(), Verdict> {
    let said = jws::verify(Kind::Acknowledgement, word, keys)
        .ok()
        .and_then(|json| serde_json::from_slice::<Acknowledgement>(&json).ok());
    let fits = |said: &Acknowledgement| {
        said.kind == kind.acknowledged_as().code()
            && said.id.to_string() == id
            && said.body_sha256 == digest.to_string()
    };
    if said.as_ref().is_some_and(fits) {
        device.shared.impostor.store(false, Ordering::Relaxed);
        return Ok(());
    }
    device.shared.strange_key.store(true, Ordering::Relaxed);
    tracing::warn!(kind = kind.code(), "acknowledgement rejected: signature not verified");
    Err(later())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_is_read_as_seconds_a_date_or_a_moment() {
        let now = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        assert_eq!(patience("120", now), Some(Duration::seconds(120)));
        assert_eq!(patience("1700000060", now), Some(Duration::seconds(60)));
        assert_eq!(patience("Tue, 14 Nov 2023 22:14:20 GMT", now), Some(Duration::seconds(60)));
        assert_eq!(patience("Tue, 14 Nov 2000 22:14:20 GMT", now), Some(Duration::zero()));
        assert_eq!(patience("-5", now), Some(Duration::zero()));
        assert_eq!(patience("soon", now), None);
    }
}
