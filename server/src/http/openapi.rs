//! The OpenAPI document, generated from the routes themselves.

pub(crate) mod answers;
pub(crate) mod shapes;
pub(crate) mod words;

use std::sync::Arc;

use axum::routing::get;
use axum::{Json, Router};
use utoipa::OpenApi as _;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ContactBuilder, InfoBuilder, LicenseBuilder, OpenApi, ServerBuilder};
use vicino_contract::http::path;
use vicino_domain::Limits;

pub(crate) use shapes::Raw;

use crate::Town;
use crate::http::table::{Row, TABLE, Who};

/// The document of this release (OpenAPI 3.1), as a town without an address and with the usual limits gives it.
#[must_use]
pub fn document() -> OpenApi {
    describe(crate::http::router::documented().split_for_parts().1, None, &Limits::default())
}

/// The route that serves it.
pub(crate) fn route(bare: OpenApi, town: &Town) -> Router<Arc<Town>> {
    let document = Arc::new(describe(bare, town.identity.address.as_deref(), &town.identity.limits));
    Router::new().route(path::OPENAPI, get(move || async move { Json(OpenApi::clone(&document)) }))
}

/// Adds what belongs to the whole, and what the table of callers and the limits say of each route.
fn describe(mut document: OpenApi, address: Option<&str>, limits: &Limits) -> OpenApi {
    let summary = "The town hall that also works where the network does not";
    document.info = InfoBuilder::new()
        .title("Vicino, the municipal API")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "What a device and a town say to each other. Every refusal is application/problem+json with a stable code. \
             Lists of words may grow in a release to come: what a client does not know, it keeps and does not act on.",
        ))
        .license(Some(LicenseBuilder::new().name("EUPL-1.2").identifier(Some("EUPL-1.2")).build()))
        .contact(Some(ContactBuilder::new().name(Some("Vicino")).build()))
        // ModI, RAC_GENERAL_001.
        .extensions(Some(ExtensionsBuilder::new().add("x-summary", summary).build()))
        .build();
    document.servers =
        Some(vec![ServerBuilder::new().url(address.unwrap_or("/")).description(Some("This town")).build()]);
    document.merge(shapes::Shapes::openapi());
    let components = document.components.get_or_insert_default();
    for caller in ["device", "resident", "office"] {
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        components.add_security_scheme(caller, SecurityScheme::Http(bearer));
    }
    answers::name_headers(&mut document);
    words::close(&mut document, limits);
    for (path, item) in &mut document.paths.paths {
        for row in TABLE.iter().filter(|row| row.path == path) {
            let Some(operation) = operation_of(item, row.verb) else { continue };
            operation.security = Some(callers(row));
            answers::complete(operation, row);
            words::close_parameters(operation, path);
        }
    }
    document
}

fn operation_of<'a>(item: &'a mut PathItem, verb: &str) -> Option<&'a mut Operation> {
    match verb {
        "GET" => item.get.as_mut(),
        "PUT" => item.put.as_mut(),
        "POST" => item.post.as_mut(),
        "PATCH" => item.patch.as_mut(),
        "DELETE" => item.delete.as_mut(),
        "HEAD" => item.head.as_mut(),
        "OPTIONS" => item.options.as_mut(),
        _ => None,
    }
}

/// The tokens a route accepts, any one of them.
fn callers(row: &Row) -> Vec<SecurityRequirement> {
    let named = |names: &[&str]| names.iter().map(|name| SecurityRequirement::new(*name, [""; 0])).collect();
    match row.who {
        Who::AnyoneOrKnown => [vec![SecurityRequirement::default()], named(&["device", "resident"])].concat(),
        Who::Anyone => vec![SecurityRequirement::default()],
        Who::Known => named(&["device", "resident"]),
        Who::Owner | Who::Resident => named(&["resident"]),
        Who::KnownOrOffice => named(&["device", "resident", "office"]),
        Who::Office(_) => named(&["office"]),
    }
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
        documented.extend(["GET", "POST"].map(|verb| (verb.to_owned(), crate::http::table::PRACTICE_PAGE.to_owned())));
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
