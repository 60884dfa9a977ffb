//! Conditions and ranges of a request (RFC 9110, sections 13 and 14), made plain before anything is served.

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use vicino_contract::http::ProblemCode;

use crate::Refusal;
use crate::refusal::RefusalKind;

/// Returns whether `If-None-Match` names this tag: any of a list, or `*`, compared weakly (section 13.1.2).
pub(crate) fn names(headers: &HeaderMap, tag: &str) -> bool {
    let lines = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    let opaque = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag).to_owned();
    lines.flat_map(|line| line.split(',')).map(str::trim).any(|one| one == "*" || opaque(one) == opaque(tag))
}

/// The strong tag of bytes that are called by their digest.
pub(crate) fn tag_of(digest: vicino_domain::Sha256) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{digest}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

/// Makes a request for a file plain: at most one range within it, and only where the condition holds. What is no range of bytes is as if it
/// were not there (section 14.2); an answer comes back where nothing is to be served.
pub(crate) fn plain(method: &Method, headers: &mut HeaderMap, tag: &HeaderValue, length: u64) -> Option<Response> {
    if names(headers, tag.to_str().unwrap_or_default()) {
        return Some((StatusCode::NOT_MODIFIED, [(header::ETAG, tag.clone())]).into_response());
    }
    // Where a tag is named, a date says nothing (section 13.1.3).
    if headers.contains_key(header::IF_NONE_MATCH) {
        headers.remove(header::IF_MODIFIED_SINCE);
    }
    // Nothing here is ever written by a caller, who has nothing to protect (section 13.1.4).
    headers.remove(header::IF_UNMODIFIED_SINCE);
    headers.remove(header::IF_MATCH);
    let asked = headers.remove(header::RANGE);
    let condition = headers.remove(header::IF_RANGE);
    // A weak tag or a date vouches for no byte here (section 13.1.5).
    let holds = condition.is_none_or(|condition| condition == *tag);
    let asked = asked.filter(|_| holds && *method == Method::GET);
    match range(asked.as_ref().and_then(|asked| asked.to_str().ok()).unwrap_or_default(), length) {
        Range::Whole => None,
        Range::Part(first, last) => {
            if let Ok(plain) = HeaderValue::from_str(&format!("bytes={first}-{last}")) {
                headers.insert(header::RANGE, plain);
            }
            None
        }
        Range::Beyond => {
            let mut refused = Refusal::new(RefusalKind::Range, ProblemCode::Other, "Range beyond the end of the file")
                .into_response();
            if let Ok(whole) = HeaderValue::from_str(&format!("bytes */{length}")) {
                refused.headers_mut().insert(header::CONTENT_RANGE, whole);
            }
            Some(refused)
        }
    }
}

/// The bytes a caller wants.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Range {
    /// All of them.
    Whole,
    /// From here to there.
    Part(u64, u64),
    /// None that are there.
    Beyond,
}

/// Reads a `Range`. Several ranges, and those in another unit, are answered with the whole.
fn range(text: &str, length: u64) -> Range {
    let Some((unit, set)) = text.split_once('=') else { return Range::Whole };
    let Some((first, last)) = set.trim().split_once('-') else { return Range::Whole };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !unit.trim().eq_ignore_ascii_case("bytes") || !digits(first) || !digits(last) {
        return Range::Whole;
    }
    // A number too large to be one lies beyond any file.
    let number = |text: &str| text.parse::<u64>().unwrap_or(u64::MAX);
    let end = length.saturating_sub(1);
    match (first, last) {
        ("", "") => Range::Whole,
        ("", "0") => Range::Beyond,
        _ if length == 0 => Range::Beyond,
        ("", last) => Range::Part(length.saturating_sub(number(last)), end),
        (first, _) if number(first) >= length => Range::Beyond,
        (first, "") => Range::Part(number(first), end),
        (first, last) if number(last) < number(first) => Range::Whole,
        (first, last) => Range::Part(number(first), number(last).min(end)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_as_the_standard_has_them() {
        let read = [
            ("bytes=0-4", Range::Part(0, 4)),
            ("bytes=5-", Range::Part(5, 9)),
            ("bytes=-3", Range::Part(7, 9)),
            ("bytes=-99999", Range::Part(0, 9)),
            ("bytes=0-99999999999999999999999", Range::Part(0, 9)),
            ("Bytes=2-3", Range::Part(2, 3)),
            ("bytes=10-", Range::Beyond),
            ("bytes=99999999999999999999999-", Range::Beyond),
            ("bytes=-0", Range::Beyond),
            ("items=0-1", Range::Whole),
            ("bytes=0-1,3-4", Range::Whole),
            ("bytes=4-2", Range::Whole),
            ("bytes=a-b", Range::Whole),
            ("bytes=-", Range::Whole),
            ("bytes", Range::Whole),
            ("", Range::Whole),
        ];
        for (text, wanted) in read {
            assert_eq!(range(text, 10), wanted, "{text}");
        }
        assert_eq!(range("bytes=0-", 0), Range::Beyond);
    }

    #[test]
    fn a_tag_is_named_in_a_list_weakly_or_by_a_star() {
        let named = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static(value));
            names(&headers, "\"abc\"")
        };
        for value in ["\"abc\"", "W/\"abc\"", "\"x\", \"abc\"", "\"x\",W/\"abc\"", "*"] {
            assert!(named(value), "{value}");
        }
        for value in ["\"x\"", "abc", "", "W/abc"] {
            assert!(!named(value), "{value}");
        }
    }
}
