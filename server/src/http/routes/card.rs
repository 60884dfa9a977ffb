//! The town card, and whether the town answers at all.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use serde::Serialize;
use utoipa::ToSchema;
use vicino_contract::http::{CARD_SIGNATURE, TownCard};

use crate::Town;

/// Get the town's card
///
/// What a device must know before it trusts this town. The header `Vicino-Signature` carries a detached JWS
/// (RFC 7515, Appendix F) over the bytes of the body.
#[utoipa::path(get, path = "/.well-known/vicino", tag = "town", operation_id = "read-card",
    responses((status = 200, description = "The card", body = TownCard,
        headers(("Vicino-Signature" = String, description = "A detached JWS over the bytes of the body")))))]
pub(crate) async fn card(State(town): State<Arc<Town>>) -> impl IntoResponse {
    let (card, signature) = town.card.clone();
    ([(header::CONTENT_TYPE.as_str(), "application/json".to_owned()), (CARD_SIGNATURE, signature)], card)
}

/// The town answers.
#[derive(Serialize, ToSchema)]
pub(crate) struct Status {
    /// Always `ok`.
    status: &'static str,
}

/// Check that the town answers
#[utoipa::path(get, path = "/status", tag = "town", operation_id = "read-status",
    responses((status = 200, description = "The server is up", body = Status)))]
pub(crate) async fn status() -> Json<Status> {
    Json(Status { status: "ok" })
}
