//! The page on which anybody has a certificate checked.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::multipart::{MultipartError, MultipartRejection};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Multipart, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use vicino_contract::http::ProblemCode;

use crate::http::extract::From;
use crate::http::middleware::InItsOwnWords;
use crate::http::routes::oauth::show;
use crate::http::verify_page;
use crate::http::verify_page::{Language, Shown};
use crate::limits::address::Address;
use crate::refusal::RefusalKind;
use crate::town::blocking::blocking;
use crate::{Refusal, Town};

/// The largest file somebody may have looked at, in bytes.
pub(crate) const LARGEST: usize = 12_000_000;
/// The time somebody may take to send it.
const PATIENCE: Duration = Duration::from_secs(30);

/// The way the page is asked for.
#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct VerifyQuery {
    /// `it` or `en`; otherwise what the browser would rather read.
    lang: Option<String>,
}

/// The form of the page.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only the OpenAPI document reads it")]
struct ShownForm {
    /// A PDF, or a picture of a code: 12 MB at most.
    #[schema(value_type = Option<String>, format = Binary)]
    file: Option<Vec<u8>>,
    /// The text of a code.
    text: Option<String>,
}

impl VerifyQuery {
    /// Falls back to the browser's language when the query cannot be read: the page is shown in any case.
    fn or_usual(asked: Result<Query<Self>, QueryRejection>) -> Self {
        asked.map_or_else(|_| Self::default(), |Query(asked)| asked)
    }

    fn language(&self, headers: &HeaderMap) -> Language {
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|accepted| accepted.to_str().ok());
        Language::preferred(self.lang.as_deref().or(accepted).unwrap_or_default())
    }
}

/// Get the page that checks certificates
#[utoipa::path(get, path = "/verifica", tag = "certificates", operation_id = "show-checking-page", params(VerifyQuery),
    responses((status = 200, description = "The page", content_type = "text/html", body = String)))]
pub(crate) async fn page(
    State(town): State<Arc<Town>>,
    asked: Result<Query<VerifyQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let language = VerifyQuery::or_usual(asked).language(&headers);
    show(verify_page::checking_page(&town, language))
}

/// Check a certificate
///
/// `file`, a PDF or a picture of its code, or `text`, what its code says. Nothing of it is kept.
#[utoipa::path(post, path = "/verifica", tag = "certificates", operation_id = "check-certificate", params(VerifyQuery),
    request_body(content = ShownForm, content_type = "multipart/form-data"),
    responses((status = 200, description = "The page with the result", content_type = "text/html", body = String),
        (status = 400, description = "Not a form of this page; the page says so", content_type = "text/html", body = String),
        (status = 408, description = "The check took too long; the page says so", content_type = "text/html", body = String),
        (status = 413, description = "Too large; the page says so", content_type = "text/html", body = String),
        (status = 429, description = "Too many requests; the page says so", content_type = "text/html", body = String),
        (status = 503, description = "Too many checks in progress; the page says so", content_type = "text/html", body = String)))]
pub(crate) async fn check(
    State(town): State<Arc<Town>>,
    From(address): From,
    asked: Result<Query<VerifyQuery>, QueryRejection>,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let language = VerifyQuery::or_usual(asked).language(&headers);
    let page = match form {
        Ok(form) => looked_at(&town, language, address, form).await,
        Err(_) => Err(Refusal::new(RefusalKind::Malformed, ProblemCode::Malformed, "Malformed request")),
    };
    page.map_or_else(
        |refusal| {
            // The status and when to come again are the refusal's; what stands in the browser is a page.
            let (page, body) = show(verify_page::unchecked_page(&town, language, &refusal)).into_parts();
            let mut response = refusal.into_response();
            response.extensions_mut().insert(InItsOwnWords);
            response.headers_mut().extend(page.headers);
            *response.body_mut() = body;
            response
        },
        show,
    )
}

/// The outcome of it, as a page.
async fn looked_at(
    town: &Arc<Town>,
    language: Language,
    address: Address,
    mut form: Multipart,
) -> Result<String, Refusal> {
    let busy = || {
        Refusal::new(RefusalKind::Unavailable, ProblemCode::Unavailable, "Too many checks in progress; try again later")
    };
    town.limits.meters.checks.take(&format!("address:{address}"), 1)?;
    // A seat from the first byte to the answer: of one address a few, so that whoever is silent, or brings what is hard to look at, takes
    // nobody else's.
    let seat = town.limits.bringing.take(address).ok_or_else(busy)?;
    let shown = tokio::time::timeout(PATIENCE, taken_in(&mut form)).await;
    let shown = shown
        .map_err(|_| Refusal::new(RefusalKind::TooSlow, ProblemCode::Malformed, "The request took too long"))??;
    // The look itself takes its turn once everything is there: a turn lasts no longer than a look may. It is held until the work is done,
    // also when whoever asked has left.
    let turn = town.limits.looking.clone().acquire_owned().await.map_err(|_| busy())?;
    let looked = move |town: &Arc<Town>| {
        let page = verify_page::checked_page(town, language, &shown);
        drop((turn, seat));
        page
    };
    blocking(town, looked).await
}

async fn taken_in(form: &mut Multipart) -> Result<Shown, Refusal> {
    let mut shown = Shown::default();
    while let Some(field) = form.next_field().await.map_err(unread)? {
        match field.name() {
            Some("file") => shown.file = field.bytes().await.map_err(unread)?.into(),
            Some("text") => shown.text = field.text().await.map_err(unread)?,
            _ => {}
        }
    }
    Ok(shown)
}

fn unread(cause: MultipartError) -> Refusal {
    match cause.status().as_u16() {
        413 => Refusal::new(RefusalKind::TooLarge, ProblemCode::TooLarge, "Larger than this town accepts"),
        _ => Refusal::new(RefusalKind::Malformed, ProblemCode::Malformed, "Malformed request"),
    }
}
