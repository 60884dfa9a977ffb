//! The refusal of a request: its kind, a stable code, and what the caller may know. How it travels is told in `http::problem`; causes go
//! to the log.

use uuid::Uuid;
use vicino_contract::http::ProblemCode;
use vicino_domain::form::FieldError;
use vicino_domain::{BadCart, Invalid, is_made_on_device};

/// The kind of a refusal, whatever carries it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RefusalKind {
    /// The request has not the expected shape.
    Malformed,
    /// No caller is known by what was shown.
    Unauthorized,
    /// The caller is known, and may not do this.
    Forbidden,
    /// Nothing is there that the caller may see.
    NotFound,
    /// This is not done there.
    Method,
    /// The request came too slowly.
    TooSlow,
    /// Something stands against it now: a state, a version, another use of the same identity.
    Conflict,
    /// It was there, and is not any more.
    Gone,
    /// A condition of the protocol is not met.
    Precondition,
    /// The request is larger than is read.
    TooLarge,
    /// The bytes are of a kind that is not taken.
    Media,
    /// The part asked for lies beyond the end.
    Range,
    /// The shape is right, and what it says is not.
    Unprocessable,
    /// Another call is at work on it.
    Locked,
    /// The bytes are not those that were announced.
    Checksum,
    /// The caller asks, or brings, too much for now.
    TooOften,
    /// The server is at fault.
    Internal,
    /// A service behind the town answered nonsense.
    BadGateway,
    /// The town cannot answer now.
    Unavailable,
    /// The town has no room.
    NoRoom,
}

/// A refusal on its way out.
#[derive(Debug)]
pub struct Refusal {
    /// The kind.
    pub kind: RefusalKind,
    /// The part a caller reads. Boxed: a refusal is rare, and every result would be as large as it.
    pub reason: Box<Reason>,
    /// Seconds after which trying again makes sense.
    pub retry_after: Option<u64>,
    /// The calls allowed in a period, where there were too many.
    pub(crate) allowed: Option<u32>,
}

/// The part of a refusal that a caller reads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reason {
    /// The stable code.
    pub code: ProblemCode,
    /// An English title, at most 64 printable ASCII characters.
    pub title: String,
    /// A sentence for people.
    pub detail: Option<String>,
    /// The fields that are not as they must be.
    pub invalid: Vec<Invalid>,
    /// The faults of a filled-in form.
    pub gaps: Vec<FieldError>,
    /// The reason why a cart cannot be paid.
    pub cart: Option<BadCart>,
}

impl Refusal {
    /// A refusal of this kind, with its code and English title.
    #[must_use]
    pub fn new(kind: RefusalKind, code: ProblemCode, title: &str) -> Self {
        // Whoever cannot be answered now is told when to try again (RFC 9110 section 10.2.3).
        let retry_after = (kind == RefusalKind::Unavailable).then_some(5);
        let (title, detail, cart) = (title.to_owned(), None, None);
        let reason = Reason { code, title, detail, invalid: Vec::new(), gaps: Vec::new(), cart };
        Self { kind, reason: Box::new(reason), retry_after, allowed: None }
    }

    /// The same, with a sentence for people.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.reason.detail = Some(detail.into());
        self
    }

    /// There is nothing here that the caller may see; said alike whether it exists or not.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(RefusalKind::NotFound, ProblemCode::NotFound, "Not found")
    }

    /// Fields that are not as they must be.
    #[must_use]
    pub fn invalid(invalid: Vec<Invalid>) -> Self {
        let mut refusal = Self::new(RefusalKind::Unprocessable, ProblemCode::Invalid, "Some fields are not valid");
        refusal.reason.invalid = invalid;
        refusal
    }

    /// The same identity with other content.
    #[must_use]
    pub fn id_conflict() -> Self {
        Self::new(RefusalKind::Unprocessable, ProblemCode::IdConflict, "This id was used for other content")
    }
}

impl From<std::io::Error> for Refusal {
    fn from(cause: std::io::Error) -> Self {
        tracing::error!(cause = ?cause.kind(), "file of the town not read or written");
        Self::new(RefusalKind::Unavailable, ProblemCode::Unavailable, "The files cannot be reached now")
    }
}

/// Says that a token is missing or unknown.
pub(crate) fn unauthorized() -> Refusal {
    Refusal::new(RefusalKind::Unauthorized, ProblemCode::Unauthorized, "A valid access token is required")
}

/// Refuses an id that no device may have made.
///
/// # Errors
/// 400 `malformed`.
pub(crate) fn sound_id(id: Uuid) -> Result<(), Refusal> {
    if is_made_on_device(id) {
        return Ok(());
    }
    Err(Refusal::new(RefusalKind::Malformed, ProblemCode::Malformed, "Malformed request")
        .detail("An id made on a device is a UUIDv7"))
}
