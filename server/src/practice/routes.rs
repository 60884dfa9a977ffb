//! The false payment page of a practice town: shown, and played. Another town has none of it.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use vicino_domain::CartId;

use crate::http::extract::identity;
use crate::http::router::fields;
use crate::http::routes::oauth::{see_other, show};
use crate::http::table::PRACTICE_PAGE;
use crate::practice::checkout;
use crate::practice::checkout::Played;
use crate::town::blocking::blocking;
use crate::{Refusal, Town};

/// The routes; they are no part of the municipal API.
pub(crate) fn routes() -> Router<Arc<Town>> {
    Router::new().route(PRACTICE_PAGE, get(page).post(play))
}

async fn page(State(town): State<Arc<Town>>, Path(id): Path<String>) -> Result<Response, Refusal> {
    let id: CartId = identity(&id)?;
    blocking(&town, move |town| checkout::false_page(town, id)).await.map(show)
}

async fn play(
    State(town): State<Arc<Town>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let id: CartId = identity(&id)?;
    let chosen = fields(&headers, &body)?.into_iter().find(|(name, _)| name == "play").map(|(_, value)| value);
    match blocking(&town, move |town| checkout::play(town, id, &chosen.unwrap_or_default())).await? {
        Played::Back(url) => see_other(&url),
        Played::Stays(page) => Ok(show(page)),
    }
}
