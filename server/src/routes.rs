//! The HTTP face of the town: which call lives where, and what every answer has in common.

mod caller;
mod card;
mod cases;
mod certificates;
mod changes;
mod conditions;
mod devices;
mod every_answer;
mod files;
mod oauth;
mod office;
mod office_cases;
mod office_certificates;
mod office_notices;
mod openapi;
mod operators;
mod payments;
mod practice;
mod reports;
mod signatures;
mod snapshot;
pub mod table;
mod tus;
mod verify;

use std::collections::HashSet;
use std::sync::Arc;

use axum::{Router, middleware};
use serde::de::DeserializeOwned;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vicino_contract::composed;
use vicino_contract::http::ProblemCode;

pub(crate) use caller::unauthorized;
pub use openapi::document;
pub(crate) use tus::override_method;

use crate::{Refusal, Town};

/// Every route with its documentation.
fn documented() -> OpenApiRouter<Arc<Town>> {
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
        .routes(routes!(tus::create, tus::abilities))
        .routes(routes!(tus::look, tus::append, tus::terminate))
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
        .routes(routes!(office::queue))
        .routes(routes!(office::report))
        .routes(routes!(office::transition))
        .routes(routes!(office::message))
        .routes(routes!(operators::list, operators::name))
        .routes(routes!(operators::end))
        .routes(routes!(operators::audit))
        .routes(routes!(office_cases::queue))
        .routes(routes!(office_cases::case))
        .routes(routes!(office_cases::transition))
        .routes(routes!(office_cases::message))
        .routes(routes!(office_notices::declarations))
        .routes(routes!(office_notices::notice, office_notices::issue))
        .routes(routes!(office_notices::contradict))
        .routes(routes!(office_notices::take_back))
        .routes(routes!(office_certificates::queue))
        .routes(routes!(office_certificates::certificate))
        .routes(routes!(office_certificates::issue))
        .routes(routes!(office_certificates::take_back))
}

/// The whole service. The method of a call is settled before ([`override_method`]): it decides the route.
pub(crate) fn service(town: Arc<Town>) -> Router {
    let (router, document) = documented().split_for_parts();
    router
        .merge(openapi::route(document))
        .merge(practice::routes())
        .layer(middleware::from_fn(every_answer::problems))
        .layer(CatchPanicLayer::custom(every_answer::fault))
        .layer(middleware::from_fn_with_state(town.clone(), every_answer::door))
        // A snapshot is compressed already, once for everyone.
        .layer(
            CompressionLayer::new()
                .compress_when(DefaultPredicate::new().and(NotForContentType::const_new("application/zstd"))),
        )
        .layer(middleware::from_fn(every_answer::log))
        .with_state(town)
}

/// Runs work that waits for the register or the disk, away from the threads that answer.
pub(crate) async fn blocking<T: Send + 'static>(
    town: &Arc<Town>,
    work: impl FnOnce(&Arc<Town>) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let town = town.clone();
    let done = tokio::task::spawn_blocking(move || work(&town)).await;
    done.unwrap_or_else(|_| Err(Refusal::new(500, ProblemCode::Internal, "Internal fault")))
}

/// A JSON body of this shape.
fn parse<T: DeserializeOwned>(headers: &axum::http::HeaderMap, body: &[u8]) -> Result<T, Refusal> {
    let kind = headers.get(axum::http::header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.split(';').next().map(str::trim) != Some("application/json") {
        return Err(Refusal::new(415, ProblemCode::UnsupportedMediaType, "Send application/json"));
    }
    // The place of the fault is told, never the text around it: that is the resident's.
    composed::from_slice(body).map_err(|fault| {
        let place = format!("line {}, column {}", fault.line(), fault.column());
        Refusal::new(400, ProblemCode::Malformed, "Malformed").detail(place)
    })
}

/// The most fields of a form.
const FIELDS: usize = 32;

/// The fields of a form (`application/x-www-form-urlencoded`).
fn fields(headers: &axum::http::HeaderMap, body: &[u8]) -> Result<Vec<(String, String)>, Refusal> {
    let kind = headers.get(axum::http::header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.split(';').next().map(str::trim) != Some("application/x-www-form-urlencoded") {
        return Err(Refusal::new(415, ProblemCode::UnsupportedMediaType, "Send application/x-www-form-urlencoded"));
    }
    let fields: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().take(FIELDS + 1).collect();
    // A parameter that is there twice means nothing certain (RFC 6749 section 3.1).
    let names: HashSet<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
    if fields.len() > FIELDS || names.len() < fields.len() {
        return Err(Refusal::new(400, ProblemCode::Malformed, "A field is there twice, or there are too many"));
    }
    Ok(fields)
}

/// An identity in a path.
fn identity<T: std::str::FromStr>(text: &str) -> Result<T, Refusal> {
    text.parse().map_err(|_| Refusal::not_found())
}
