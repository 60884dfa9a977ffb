//! The table of callers: for every route who may call it, how much they may bring and how long it may take.
//!
//! A route is a row here before it is code: [`crate::http::middleware::door`] answers nothing that has none, and a test holds the
//! table against the router and the OpenAPI document.

use axum::http::Method;
use vicino_contract::http::{Role, path};

/// Where the false payment page of a practice town is.
pub(crate) const PRACTICE_PAGE: &str = "/practice/checkout/{id}";

/// The callers that are let in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Who {
    /// Anybody, with or without a token.
    Anyone,
    /// Anybody; a device or a resident, by their token, reads what is theirs as well.
    AnyoneOrKnown,
    /// A device the town knows, or a resident on one; whose things they see is asked in each matter.
    Known,
    /// A device the town knows, or a resident on one; what it is about is a resident's, and for a device alone there is none (404).
    Owner,
    /// A resident.
    Resident,
    /// A known device or resident, or an operator.
    KnownOrOffice,
    /// An operator of at least this role.
    Office(Role),
}

/// The bytes a call may bring.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Brings {
    /// None that are read.
    Nothing,
    /// Words: 256 kB.
    Words,
    /// A file an office brings, as large as the card says.
    File,
    /// A paper or a photo to be checked: 12 MB.
    Paper,
    /// A piece of an upload, bounded by what the upload announced.
    Piece,
}

/// The time a call may take, and whose meter pays for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Metered {
    /// The usual time, paid by its caller.
    Call,
    /// The usual time; paid by the session whose token it shows, or else by its address.
    Session,
    /// As long as bytes keep coming.
    Piece,
    /// As long as both sides like; seats are counted.
    Stream,
}

/// A route.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The verb.
    pub verb: &'static str,
    /// The path, as the contract has it.
    pub path: &'static str,
    /// The callers that are let in.
    pub who: Who,
    /// What a call brings.
    pub brings: Brings,
    /// The time it takes.
    pub pace: Metered,
}

const fn row(verb: &'static str, path: &'static str, who: Who, brings: Brings) -> Row {
    Row { verb, path, who, brings, pace: Metered::Call }
}

const fn paced(row: Row, pace: Metered) -> Row {
    Row { pace, ..row }
}

use Brings::{File, Nothing, Paper, Piece, Words};
use Who::{Anyone, AnyoneOrKnown, Known, KnownOrOffice, Office, Owner, Resident};

/// Every route there is.
pub const TABLE: &[Row] = &[
    row("GET", path::CARD, Anyone, Nothing),
    row("GET", path::STATUS, Anyone, Nothing),
    row("GET", path::OPENAPI, Anyone, Nothing),
    row("POST", path::DEVICES, Anyone, Words),
    row("GET", path::DEVICES, Resident, Nothing),
    row("DELETE", path::DEVICES, Resident, Nothing),
    row("DELETE", path::DEVICE, Resident, Nothing),
    row("PUT", path::REPORT, Known, Words),
    row("PUT", path::MESSAGE, Known, Words),
    row("PUT", path::WITHDRAWAL, Known, Words),
    row("PUT", path::CASE, Resident, Words),
    row("PUT", path::CASE_MESSAGE, Owner, Words),
    row("PUT", path::CASE_INTEGRATION, Owner, Words),
    row("PUT", path::CASE_WITHDRAWAL, Owner, Words),
    row("PUT", path::SIGNATURE, Resident, Words),
    row("PUT", path::SIGNATURE_ANSWER, Owner, Words),
    row("PUT", path::SIGNATURE_WITHDRAWAL, Owner, Words),
    row("PUT", path::DECLARATION, Owner, Words),
    row("PUT", path::CART, Known, Words),
    row("PUT", path::CERTIFICATE, Resident, Words),
    row("GET", path::CERTIFICATE, Owner, Nothing),
    row("PUT", path::CERTIFICATE_WITHDRAWAL, Owner, Words),
    row("POST", path::UPLOADS, Known, Nothing),
    row("OPTIONS", path::UPLOADS, Anyone, Nothing),
    row("HEAD", path::UPLOAD, Known, Nothing),
    paced(row("PATCH", path::UPLOAD, Known, Piece), Metered::Piece),
    row("DELETE", path::UPLOAD, Known, Nothing),
    row("GET", path::FILE, KnownOrOffice, Nothing),
    row("GET", path::CHANGES, AnyoneOrKnown, Nothing),
    paced(row("GET", path::EVENTS, AnyoneOrKnown, Nothing), Metered::Stream),
    row("GET", path::SNAPSHOT, Anyone, Nothing),
    row("GET", path::SNAPSHOT_FILE, Anyone, Nothing),
    row("GET", path::AUTHORIZE, Anyone, Nothing),
    row("POST", path::IDENTITY, Anyone, Words),
    paced(row("POST", path::TOKEN, Anyone, Words), Metered::Session),
    paced(row("POST", path::REVOKE, Anyone, Words), Metered::Session),
    row("GET", path::OAUTH, Anyone, Nothing),
    row("GET", path::CHECK, Anyone, Nothing),
    row("POST", path::CHECK, Anyone, Paper),
    row("GET", PRACTICE_PAGE, Anyone, Nothing),
    row("POST", PRACTICE_PAGE, Anyone, Words),
    row("GET", path::OFFICE_REPORTS, Office(Role::Reader), Nothing),
    row("GET", path::OFFICE_REPORT, Office(Role::Reader), Nothing),
    row("POST", path::OFFICE_TRANSITIONS, Office(Role::Clerk), Words),
    row("POST", path::OFFICE_MESSAGES, Office(Role::Clerk), Words),
    row("POST", path::OFFICE_FILES, Office(Role::Clerk), File),
    row("GET", path::OFFICE_OPERATORS, Office(Role::Manager), Nothing),
    row("POST", path::OFFICE_OPERATORS, Office(Role::Manager), Words),
    row("DELETE", path::OFFICE_OPERATOR, Office(Role::Manager), Nothing),
    row("POST", path::OFFICE_DEVICES, Office(Role::Manager), Words),
    row("POST", path::OFFICE_DEVICES_END, Office(Role::Manager), Words),
    row("GET", path::OFFICE_AUDIT, Office(Role::Manager), Nothing),
    row("GET", path::OFFICE_CASES, Office(Role::Reader), Nothing),
    row("GET", path::OFFICE_CASE, Office(Role::Reader), Nothing),
    row("POST", path::OFFICE_CASE_TRANSITIONS, Office(Role::Clerk), Words),
    row("POST", path::OFFICE_CASE_MESSAGES, Office(Role::Clerk), Words),
    row("GET", path::OFFICE_DECLARATIONS, Office(Role::Reader), Nothing),
    row("GET", path::OFFICE_NOTICE, Office(Role::Reader), Nothing),
    row("PUT", path::OFFICE_NOTICE, Office(Role::Clerk), Words),
    row("POST", path::OFFICE_CONTRADICTIONS, Office(Role::Clerk), Words),
    row("POST", path::OFFICE_NOTICE_WITHDRAWAL, Office(Role::Clerk), Words),
    row("GET", path::OFFICE_CERTIFICATES, Office(Role::Reader), Nothing),
    row("GET", path::OFFICE_CERTIFICATE, Office(Role::Reader), Nothing),
    row("POST", path::OFFICE_CERTIFICATE_ISSUE, Office(Role::Clerk), Nothing),
    row("POST", path::OFFICE_CERTIFICATE_REVOCATION, Office(Role::Clerk), Words),
];

/// The verbs a path has rows for.
pub(crate) fn verbs_of(path: &str) -> Vec<&'static str> {
    let verbs = TABLE.iter().filter(|row| row.path == path).map(|row| row.verb);
    // A router answers HEAD where it answers GET.
    verbs.flat_map(|verb| if verb == "GET" { vec![verb, "HEAD"] } else { vec![verb] }).collect()
}

/// The row of a call: none, and nobody is let in.
pub(crate) fn row_of(verb: &Method, path: &str) -> Option<&'static Row> {
    // A router answers HEAD where it answers GET.
    let stands = |row: &&Row, verb: &str| row.verb == verb && row.path == path;
    let found = TABLE.iter().find(|row| stands(row, verb.as_str()));
    found.or_else(|| TABLE.iter().find(|row| *verb == Method::HEAD && stands(row, "GET")))
}
