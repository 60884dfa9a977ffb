//! The OpenAPI document, generated from the routes themselves.

use std::sync::Arc;

use axum::routing::get;
use axum::{Json, Router};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    ContactBuilder, ContentBuilder, InfoBuilder, LicenseBuilder, OpenApi, Ref, Response, ResponseBuilder, ServerBuilder,
};
use vicino_contract::http::{PROBLEM_TYPE, path};

use super::table::{Brings, Pace, Row, TABLE, Who};
use crate::Town;

/// The document of this release (OpenAPI 3.1).
#[must_use]
pub fn document() -> OpenApi {
    describe(super::documented().split_for_parts().1)
}

/// The route that serves it.
pub(super) fn route(bare: OpenApi) -> Router<Arc<Town>> {
    let document = Arc::new(describe(bare));
    Router::new().route(path::OPENAPI, get(move || async move { Json(OpenApi::clone(&document)) }))
}

/// Adds what belongs to the whole: who, under which licence, how to prove who one is.
fn describe(mut document: OpenApi) -> OpenApi {
    document.info = InfoBuilder::new()
        .title("Vicino, the municipal API")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "What a device and a town say to each other. Every refusal is application/problem+json with a stable code.",
        ))
        .license(Some(LicenseBuilder::new().name("EUPL-1.2").build()))
        .contact(Some(ContactBuilder::new().name(Some("Vicino")).build()))
        .build();
    document.servers = Some(vec![ServerBuilder::new().url("/").description(Some("This town")).build()]);
    let bearer = || SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("device", bearer());
    components.add_security_scheme("resident", bearer());
    components.add_security_scheme("office", bearer());
    say_every_status(&mut document);
    document
}

/// Adds the refusals that follow from the table of callers, so that every status a route can give is named.
fn say_every_status(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let verbs = [
            ("GET", &mut item.get),
            ("PUT", &mut item.put),
            ("POST", &mut item.post),
            ("PATCH", &mut item.patch),
            ("DELETE", &mut item.delete),
            ("HEAD", &mut item.head),
            ("OPTIONS", &mut item.options),
        ];
        for (verb, operation) in verbs {
            let Some(operation) = operation else { continue };
            let Some(row) = TABLE.iter().find(|row| row.verb == verb && row.path == path) else { continue };
            for (status, description) in refusals(row) {
                let said = operation.responses.responses.entry(status.to_string());
                said.or_insert_with(|| problem(description).into());
            }
        }
    }
}

/// The refusals a route may answer, whatever it does: by who may call it, and what they bring.
fn refusals(row: &Row) -> Vec<(u16, &'static str)> {
    let mut all = vec![
        (429, "Too often, or too much: `Retry-After` says when again"),
        (500, "A fault of the town's server"),
        (503, "The town cannot answer now"),
    ];
    if row.pace == Pace::Call {
        all.push((408, "It took too long"));
    }
    if row.who != Who::Anyone {
        all.push((401, "No token, or one the town does not know"));
    }
    match row.who {
        Who::Resident => all.push((403, "Nobody has signed in")),
        Who::Office(_) => all.push((403, "The operator's role may not do this")),
        Who::Anyone | Who::Known | Who::KnownOrOffice => {}
    }
    if row.path.contains('{') {
        all.push((404, "There is nothing here that the caller may see"));
    }
    if row.verb == "GET" || row.brings != Brings::Nothing || row.path == path::UPLOADS {
        all.push((400, "Malformed"));
    }
    if row.brings != Brings::Nothing {
        all.extend([
            (408, "It took too long"),
            (413, "Larger than the town accepts"),
            (415, "Of another media type"),
            (422, "Not valid, or the id stands for other content"),
        ]);
    }
    if row.path == path::CHANGES || row.path == path::EVENTS {
        all.push((401, "A token the town does not know"));
    }
    if row.path.starts_with(path::UPLOADS) {
        all.extend([
            (404, "There is none"),
            (409, "The upload has ended, or the piece begins elsewhere"),
            (410, "It has expired"),
            (412, "Another version of tus"),
            (413, "More bytes than announced, or than the town takes"),
            (422, "Nothing announces this file, or it is not what was announced"),
            (423, "A piece is being written"),
            (507, "There is no room but for words"),
        ]);
    }
    all
}

fn problem(description: &str) -> Response {
    let schema = Ref::from_schema_name("Problem");
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new().description(description).content(PROBLEM_TYPE, content).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_of_the_contract_is_documented_and_no_other() {
        let mut promised = vec![
            path::CARD,
            path::STATUS,
            path::DEVICES,
            path::DEVICE,
            path::OFFICE_DEVICES,
            path::OFFICE_DEVICES_END,
            path::REPORT,
            path::MESSAGE,
            path::WITHDRAWAL,
            path::SIGNATURE,
            path::SIGNATURE_ANSWER,
            path::SIGNATURE_WITHDRAWAL,
            path::DECLARATION,
            path::CART,
            path::CERTIFICATE,
            path::CERTIFICATE_WITHDRAWAL,
            path::UPLOADS,
            path::UPLOAD,
            path::FILE,
            path::CHANGES,
            path::EVENTS,
            path::SNAPSHOT,
            path::SNAPSHOT_FILE,
            path::AUTHORIZE,
            path::IDENTITY,
            path::TOKEN,
            path::REVOKE,
            path::OAUTH,
            path::CASE,
            path::CASE_MESSAGE,
            path::CASE_INTEGRATION,
            path::CASE_WITHDRAWAL,
            path::OFFICE_FILES,
            path::OFFICE_OPERATORS,
            path::OFFICE_OPERATOR,
            path::OFFICE_AUDIT,
            path::OFFICE_CASES,
            path::OFFICE_CASE,
            path::OFFICE_CASE_TRANSITIONS,
            path::OFFICE_CASE_MESSAGES,
            path::OFFICE_DECLARATIONS,
            path::OFFICE_NOTICE,
            path::OFFICE_CONTRADICTIONS,
            path::OFFICE_NOTICE_WITHDRAWAL,
            path::OFFICE_CERTIFICATES,
            path::OFFICE_CERTIFICATE,
            path::OFFICE_CERTIFICATE_ISSUE,
            path::OFFICE_CERTIFICATE_REVOCATION,
            path::CHECK,
            path::OFFICE_REPORTS,
            path::OFFICE_REPORT,
            path::OFFICE_TRANSITIONS,
            path::OFFICE_MESSAGES,
        ];
        promised.sort_unstable();
        let document = document();
        let documented: Vec<&str> = document.paths.paths.keys().map(String::as_str).collect();
        assert_eq!(documented, promised);
    }

    /// The table is complete by construction: a route without a row is closed, and is told of here.
    #[test]
    fn every_operation_is_a_row_of_the_table_and_every_row_a_route() {
        let document = serde_json::to_value(document()).unwrap();
        let mut documented = Vec::new();
        for (path, verbs) in document["paths"].as_object().unwrap() {
            documented.extend(verbs.as_object().unwrap().keys().map(|verb| (verb.to_uppercase(), path.clone())));
        }
        // Routes that are no part of the municipal API: its description, and the practice town's false page.
        documented.push((String::from("GET"), path::OPENAPI.to_owned()));
        documented.extend(["GET", "POST"].map(|verb| (verb.to_owned(), crate::practice::checkout::PAGE.to_owned())));
        let mut rows: Vec<_> = TABLE.iter().map(|row| (row.verb.to_owned(), row.path.to_owned())).collect();
        documented.sort();
        rows.sort();
        assert_eq!(rows, documented);
    }

    #[test]
    fn every_operation_says_what_it_is() {
        let document = serde_json::to_value(document()).unwrap();
        for (path, verbs) in document["paths"].as_object().unwrap() {
            for (verb, operation) in verbs.as_object().unwrap() {
                assert!(operation["summary"].is_string(), "{verb} {path}");
                assert!(operation["operationId"].is_string(), "{verb} {path}");
            }
        }
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    }
}
