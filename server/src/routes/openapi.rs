//! The OpenAPI document, generated from the routes themselves.

use std::sync::Arc;

use axum::routing::get;
use axum::{Json, Router};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContactBuilder, InfoBuilder, LicenseBuilder, OpenApi, ServerBuilder};
use vicino_contract::http::path;

use crate::Town;

/// The document of this release (OpenAPI 3.1).
#[must_use]
pub fn document() -> OpenApi {
    describe(super::documented(super::BODY).split_for_parts().1)
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
    document
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
