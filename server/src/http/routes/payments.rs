//! What a resident tells the town of a payment: that they want to pay, that they have paid.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use vicino_contract::http::{Acknowledged, CartBody, CartReply, PaidBody};
use vicino_domain::{CartId, MessageId, NoticeId};

use crate::entropy::digest;
use crate::http::extract::{Id, Ids, Known, Sent};
use crate::http::openapi::words::DeviceMade;
use crate::http::routes::reports::{Answer, answer};
use crate::matters::notice;
use crate::payments::carts;
use crate::town::blocking::blocking;
use crate::{Refusal, Town};

/// Declare a notice paid
///
/// It proves nothing and moves nothing: only a receipt does. The office sees it, and the proof that follows as an upload.
#[utoipa::path(put, path = "/v1/notices/{id}/declarations/{declaration}", tag = "payments", operation_id = "say-paid",
    request_body = PaidBody,
    params(("id" = uuid::Uuid, Path, description = "The debt"), ("declaration" = inline(DeviceMade), Path, description = "Made on the device (UUIDv7)")),
    responses((status = 201, description = "Received now", body = Acknowledged),
        (status = 200, description = "Received before; acknowledged again", body = Acknowledged),
        (status = 404, description = "The caller has no such debt")))]
pub(crate) async fn put_declaration(
    State(town): State<Arc<Town>>,
    Known(reader): Known,
    Ids(notice, id): Ids<NoticeId, MessageId>,
    Sent(body, bytes): Sent<PaidBody>,
) -> Answer {
    let received =
        move |town: &Arc<Town>| notice::receive_declaration(town, &reader, (notice, id), &body, digest(&bytes));
    blocking(&town, received).await.map(answer)
}

/// Open a payment page
///
/// One to five notices, one's own or somebody else's, at the amounts that were shown. The answer is the address of the payment
/// page, for the system's browser: no card is ever seen by a device or a town. Idempotent by its id: the same cart again has the
/// same page. That the page comes back proves nothing; the receipt, in `payments`, does.
#[utoipa::path(put, path = "/v1/carts/{id}", tag = "payments", operation_id = "pay", request_body = CartBody,
    params(("id" = inline(DeviceMade), Path, description = "Made on the device (UUIDv7)")),
    responses((status = 201, description = "The payment page was opened now", body = CartReply),
        (status = 200, description = "Opened before; the same payment page", body = CartReply),
        (status = 403, description = "No resident is signed in and the town does not know the notice"),
        (status = 404, description = "This town takes no payments"),
        (status = 422, description = "The cart cannot be paid (`cart` says why), the payment page refuses it, or the id was used for other content"),
        (status = 502, description = "The payment page answered nonsense"),
        (status = 503, description = "The payment page cannot be reached")))]
pub(crate) async fn put_cart(
    State(town): State<Arc<Town>>,
    Known(reader): Known,
    Id(id): Id<CartId>,
    Sent(body, bytes): Sent<CartBody>,
) -> Result<(StatusCode, Json<CartReply>), Refusal> {
    let (new, reply) = carts::open(&town, reader, id, body, digest(&bytes)).await?;
    Ok((if new { StatusCode::CREATED } else { StatusCode::OK }, Json(reply)))
}
