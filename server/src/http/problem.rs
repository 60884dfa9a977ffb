//! Refusals as they travel: problem+json (RFC 9457), with the status and the headers of their kind.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use vicino_contract::http::tus::CHECKSUM_MISMATCH;
use vicino_contract::http::{PROBLEM_TYPE, Problem, ProblemCode};

use crate::refusal::{Refusal, RefusalKind};

impl RefusalKind {
    /// The status it travels with.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::Malformed => 400,
            Self::Unauthorized => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Method => 405,
            Self::TooSlow => 408,
            Self::Conflict => 409,
            Self::Gone => 410,
            Self::Precondition => 412,
            Self::TooLarge => 413,
            Self::Media => 415,
            Self::Range => 416,
            Self::Unprocessable => 422,
            Self::Locked => 423,
            Self::TooOften => 429,
            Self::Checksum => CHECKSUM_MISMATCH,
            Self::Internal => 500,
            Self::BadGateway => 502,
            Self::Unavailable => 503,
            Self::NoRoom => 507,
        }
    }
}

/// A refusal of the framework's own, as a problem of this status.
pub(crate) fn problem(status: StatusCode, code: ProblemCode, title: &str) -> Response {
    told(status, Problem::new(status.as_u16(), code, title))
}

fn told(status: StatusCode, problem: Problem) -> Response {
    let mut response = (status, Json(problem)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_TYPE));
    if status == StatusCode::UNAUTHORIZED {
        // RFC 9110 section 11.6.1, RFC 6750 section 3.
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"vicino\""));
    }
    response
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let reason = *self.reason;
        let problem = Problem {
            detail: reason.detail,
            invalid: reason.invalid,
            gaps: reason.gaps,
            cart: reason.cart,
            ..Problem::new(status.as_u16(), reason.code, &reason.title)
        };
        let mut response = told(status, problem);
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
