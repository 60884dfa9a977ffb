//! What the server says no with: a problem outside, the cause in the log.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use vicino_contract::http::{PROBLEM_TYPE, Problem, ProblemCode};
use vicino_domain::Invalid;

use crate::store::StoreError;

/// A refusal on its way out.
#[derive(Debug)]
pub struct Refusal {
    /// What the caller reads. Boxed: a refusal is rare, and every result would be as large as it.
    pub problem: Box<Problem>,
    /// Seconds after which trying again makes sense.
    pub retry_after: Option<u64>,
    /// What may be asked in a period, where it was asked too often.
    pub(crate) allowed: Option<u32>,
}

impl Refusal {
    /// A refusal with this status, code and English title.
    #[must_use]
    pub fn new(status: u16, code: ProblemCode, title: &str) -> Self {
        Self { problem: Box::new(Problem::new(status, code, title)), retry_after: None, allowed: None }
    }

    /// The same, with a sentence for people.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.problem.detail = Some(detail.into());
        self
    }

    /// There is nothing here that the caller may see; said alike whether it exists or not.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(404, ProblemCode::NotFound, "Not found")
    }

    /// Fields that are not as they must be.
    #[must_use]
    pub fn invalid(invalid: Vec<Invalid>) -> Self {
        let mut refusal = Self::new(422, ProblemCode::Invalid, "Some fields are not valid");
        refusal.problem.invalid = invalid;
        refusal
    }

    /// The same identity with other content.
    #[must_use]
    pub fn id_conflict() -> Self {
        Self::new(422, ProblemCode::IdConflict, "This id was used for other content")
    }
}

impl From<StoreError> for Refusal {
    fn from(cause: StoreError) -> Self {
        tracing::error!(%cause, "the register failed");
        Self { retry_after: Some(5), ..Self::new(503, ProblemCode::Unavailable, "The register cannot answer now") }
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(cause: rusqlite::Error) -> Self {
        StoreError::from(cause).into()
    }
}

impl From<std::io::Error> for Refusal {
    fn from(cause: std::io::Error) -> Self {
        tracing::error!(kind = ?cause.kind(), "a file failed");
        Self { retry_after: Some(5), ..Self::new(503, ProblemCode::Unavailable, "The files cannot be reached now") }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(*self.problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_TYPE));
        if status == StatusCode::UNAUTHORIZED {
            // RFC 9110 section 11.6.1, RFC 6750 section 3.
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"vicino\""));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
