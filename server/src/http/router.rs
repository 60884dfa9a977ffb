//! The HTTP face of the town: which call lives where, and what every answer has in common.

use std::collections::HashSet;
use std::sync::Arc;

use axum::Router;
use axum::http::{Extensions, HeaderMap, StatusCode, Version, header};
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate as _};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vicino_contract::http::ProblemCode;

pub(crate) use crate::http::routes::uploads::override_method;

use crate::http::routes::{
    card, cases, certificates, changes, devices, files, oauth, office, payments, reports, signatures, snapshot,
    uploads, verify,
};
use crate::http::{middleware, openapi};
use crate::refusal::RefusalKind;
use crate::{Refusal, Town};

/// Routes of a town.
pub(crate) type Routes = Router<Arc<Town>>;

/// Every route with its documentation.
pub(crate) fn documented() -> OpenApiRouter<Arc<Town>> {
    OpenApiRouter::new()
        .routes(routes!(card::card))
        .routes(routes!(card::status))
        .routes(routes!(devices::introduce, devices::mine, devices::everywhere))
        .routes(routes!(devices::there))
        .routes(routes!(devices::of_resident))
        .routes(routes!(devices::shut_out))
        .routes(routes!(reports::put_report))
        .routes(routes!(reports::put_message))
        .routes(routes!(reports::put_withdrawal))
        .routes(routes!(cases::put_case))
        .routes(routes!(cases::put_message))
        .routes(routes!(cases::put_integration))
        .routes(routes!(cases::put_withdrawal))
        .routes(routes!(signatures::put_signature))
        .routes(routes!(signatures::put_answer))
        .routes(routes!(signatures::put_withdrawal))
        .routes(routes!(payments::put_declaration))
        .routes(routes!(payments::put_cart))
        .routes(routes!(certificates::put, certificates::look))
        .routes(routes!(certificates::put_withdrawal))
        .routes(routes!(uploads::create, uploads::abilities))
        .routes(routes!(uploads::look, uploads::append, uploads::terminate))
        .routes(routes!(files::file))
        .routes(routes!(changes::changes))
        .routes(routes!(changes::events))
        .routes(routes!(snapshot::label))
        .routes(routes!(snapshot::file))
        .routes(routes!(oauth::authorize))
        .routes(routes!(oauth::identity))
        .routes(routes!(oauth::token))
        .routes(routes!(oauth::revoke))
        .routes(routes!(oauth::metadata))
        .routes(routes!(files::bring))
        .routes(routes!(verify::page, verify::check))
        .routes(routes!(office::reports::queue))
        .routes(routes!(office::reports::report))
        .routes(routes!(office::reports::transition))
        .routes(routes!(office::reports::message))
        .routes(routes!(office::operators::list, office::operators::name))
        .routes(routes!(office::operators::end))
        .routes(routes!(office::operators::audit))
        .routes(routes!(office::cases::queue))
        .routes(routes!(office::cases::case))
        .routes(routes!(office::cases::transition))
        .routes(routes!(office::cases::message))
        .routes(routes!(office::notices::declarations))
        .routes(routes!(office::notices::notice, office::notices::issue))
        .routes(routes!(office::notices::contradict))
        .routes(routes!(office::notices::take_back))
        .routes(routes!(office::certificates::queue))
        .routes(routes!(office::certificates::certificate))
        .routes(routes!(office::certificates::issue))
        .routes(routes!(office::certificates::take_back))
}

/// Returns whether other bytes may stand for those of an answer: a strong tag names the very bytes, and ranges of them are asked for by it (RFC 9110
/// section 8.8.1).
fn may_be_compressed(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    headers.get(header::ETAG).is_none_or(|tag| tag.as_bytes().starts_with(b"W/"))
}

/// The whole service, with routes that are no part of the municipal API. The method of a call is settled before ([`override_method`]): it decides the route.
pub(crate) fn service(town: Arc<Town>, more: Routes) -> Router {
    let (router, document) = documented().split_for_parts();
    router
        .merge(openapi::route(document, &town))
        .merge(more)
        .layer(from_fn(middleware::problems))
        .layer(CatchPanicLayer::custom(middleware::fault))
        .layer(from_fn_with_state(town.clone(), middleware::door))
        .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(may_be_compressed)))
        .layer(from_fn(middleware::log))
        .with_state(town)
}

/// The most fields of a form.
const FIELDS: usize = 32;

/// The fields of a form (`application/x-www-form-urlencoded`).
pub(crate) fn fields(headers: &axum::http::HeaderMap, body: &[u8]) -> Result<Vec<(String, String)>, Refusal> {
    let kind = headers.get(axum::http::header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.split(';').next().map(str::trim) != Some("application/x-www-form-urlencoded") {
        return Err(Refusal::new(
            RefusalKind::Media,
            ProblemCode::UnsupportedMediaType,
            "Content-Type must be application/x-www-form-urlencoded",
        ));
    }
    let fields: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().take(FIELDS + 1).collect();
    // A parameter that is there twice means nothing certain (RFC 6749 section 3.1).
    let names: HashSet<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
    if fields.len() > FIELDS || names.len() < fields.len() {
        return Err(Refusal::new(RefusalKind::Malformed, ProblemCode::Malformed, "Duplicate or too many form fields"));
    }
    Ok(fields)
}
