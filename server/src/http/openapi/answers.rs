//! Every answer a route may give: the refusals that follow from the table of callers, and the headers that come with a status.

use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::schema::{Object, ObjectBuilder, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{
    ContentBuilder, Header, HeaderBuilder, KnownFormat, OpenApi, Ref, RefOr, Response, ResponseBuilder,
};
use vicino_contract::http::{PROBLEM_TYPE, Role, path};

use crate::http::table::{Brings, Metered, Row, Who};

/// A header that many answers have.
struct Common {
    name: &'static str,
    description: &'static str,
    is_number: bool,
}

impl Common {
    const fn text(name: &'static str, description: &'static str) -> Self {
        Self { name, description, is_number: false }
    }

    const fn number(name: &'static str, description: &'static str) -> Self {
        Self { name, description, is_number: true }
    }

    fn header(&self) -> Header {
        let schema =
            if self.is_number { whole_number() } else { ObjectBuilder::new().schema_type(Type::String).build() };
        HeaderBuilder::new().schema(Some(schema)).description(Some(self.description)).build()
    }

    fn add_to(&self, response: &mut Response) {
        let there = || RefOr::Ref(Ref::new(format!("#/components/headers/{}", self.name)));
        response.headers.entry(self.name.to_owned()).or_insert_with(there);
    }
}

/// Seconds after which trying again makes sense.
const RETRY_AFTER: Common = Common::number("Retry-After", "Seconds to wait before trying again");
/// The way to say who one is.
const WWW_AUTHENTICATE: Common = Common::text("WWW-Authenticate", "A bearer token (RFC 6750 section 3)");
/// The version of the upload protocol.
const TUS_RESUMABLE: Common = Common::text("Tus-Resumable", "The version of tus that is spoken: 1.0.0");
/// The rate limit of the caller (ModI, RAC_ROBUSTEZZA_001).
const RATE: [Common; 3] = [
    Common::number("X-RateLimit-Limit", "Calls a minute"),
    Common::number("X-RateLimit-Remaining", "Calls left now"),
    Common::number("X-RateLimit-Reset", "Seconds until the limit is reset"),
];

/// The statuses that say when to come again.
const LATER: [&str; 4] = ["423", "429", "503", "507"];

/// Adds the headers every answer may name.
pub(crate) fn name_headers(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    for common in RATE.iter().chain([&RETRY_AFTER, &WWW_AUTHENTICATE, &TUS_RESUMABLE]) {
        components.headers.insert(common.name.to_owned(), common.header().into());
    }
}

/// Adds the refusals of a route, and to each of its answers the headers it comes with.
pub(crate) fn complete(operation: &mut Operation, row: &Row) {
    let responses = &mut operation.responses.responses;
    let asks = operation
        .parameters
        .iter()
        .flatten()
        .any(|one| matches!(one, RefOr::T(one) if one.parameter_in == ParameterIn::Query));
    for (status, description) in refusals(row, asks) {
        let said = || ResponseBuilder::new().description(description).build().into();
        responses.entry(status.to_string()).or_insert_with(said);
    }
    for (status, response) in responses {
        let RefOr::T(response) = response else { continue };
        // RFC 6749 has words of its own. A page answers in HTML, and as a problem where the call never reached it.
        if is_refusal(status) && !response.content.contains_key("application/json") && row.verb != "HEAD" {
            let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
            response.content.insert(PROBLEM_TYPE.to_owned(), problem.into());
        }
        if row.pace != Metered::Session {
            RATE.iter().for_each(|common| common.add_to(response));
        }
        if status == "401" {
            WWW_AUTHENTICATE.add_to(response);
        }
        if LATER.contains(&status.as_str()) {
            RETRY_AFTER.add_to(response);
        }
        if row.path.starts_with(path::UPLOADS) {
            TUS_RESUMABLE.add_to(response);
        }
    }
}

fn is_refusal(status: &str) -> bool {
    status.starts_with(['4', '5'])
}

fn whole_number() -> Object {
    let kind = SchemaType::Type(Type::Integer);
    ObjectBuilder::new()
        .schema_type(kind)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
        .minimum(Some(0))
        .build()
}

/// The refusals a route may answer, whatever it does: by who may call it, and what they bring. The first of a status is the one that is told.
fn refusals(row: &Row, asks: bool) -> Vec<(u16, &'static str)> {
    let mut all = vec![
        (429, "Rate limit or daily share exceeded; `Retry-After` says when to try again"),
        (500, "Internal error"),
        (503, "Temporarily unavailable"),
    ];
    if row.who != Who::Anyone {
        all.push((401, "Access token missing, expired or revoked"));
    }
    all.extend(forbidden(row.who).map(|description| (403, description)));
    all.extend(of_uploads(row));
    if row.path.contains('{') {
        all.push((404, "Not found, or not visible to the caller"));
    }
    if asks || row.brings != Brings::Nothing {
        all.push((400, "Malformed request"));
    }
    if row.brings != Brings::Nothing {
        all.push((413, "Larger than this town accepts"));
    }
    // The page for papers answers a form that is none with 400.
    if !matches!(row.brings, Brings::Nothing | Brings::Paper) {
        all.extend([(415, "Unsupported media type"), (422, "Invalid, or the id was used for other content")]);
    }
    if row.brings != Brings::Nothing || row.pace == Metered::Call {
        all.push((408, "The request took too long"));
    }
    all
}

/// The refusals of the upload protocol.
fn of_uploads(row: &Row) -> Vec<(u16, &'static str)> {
    if !row.path.starts_with(path::UPLOADS) || row.verb == "OPTIONS" {
        return Vec::new();
    }
    let mut all = vec![(404, "Not found"), (412, "Unsupported tus version")];
    if row.path == path::UPLOAD {
        all.push((410, "Expired"));
    }
    if matches!(row.verb, "POST" | "PATCH") {
        all.extend([
            (400, "Malformed request"),
            (409, "The upload is complete, or the offset does not match"),
            (413, "More bytes than announced, or larger than this town accepts"),
            (422, "No message announces this file, or its type differs from the announced one"),
            (507, "No storage left for files; text is still accepted"),
        ]);
    }
    if matches!(row.verb, "PATCH" | "DELETE") {
        all.push((423, "Another piece of this upload is being written"));
    }
    all
}

/// Describes the refusal of a caller without the right to call.
fn forbidden(who: Who) -> Option<&'static str> {
    match who {
        Who::Anyone | Who::AnyoneOrKnown | Who::Known | Who::Owner | Who::KnownOrOffice => None,
        Who::Resident => Some("No resident is signed in"),
        Who::Office(Role::Reader) => Some("The operator's role may not do this"),
        Who::Office(Role::Clerk) => Some("For clerks and roles above"),
        Who::Office(Role::Registrar) => Some("For registrars and managers"),
        Who::Office(Role::Manager) => Some("For managers"),
    }
}
