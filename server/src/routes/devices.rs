//! A device introduces itself.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use vicino_contract::http::{DeviceBody, DeviceReply, Problem, ProblemCode};
use vicino_domain::DeviceId;

use super::caller::From;
use super::{blocking, parse};
use crate::{Refusal, Town};

/// A device introduces itself
///
/// Answers a bearer token. The same identity and secret again give a new token for the same device.
#[utoipa::path(post, path = "/v1/devices", tag = "devices", operation_id = "introduce-device", request_body = DeviceBody,
    responses((status = 201, description = "A token", body = DeviceReply),
        (status = 422, description = "Known with another secret", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn introduce(
    State(town): State<Arc<Town>>,
    From(address): From,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<DeviceReply>), Refusal> {
    let device: DeviceBody = parse(&headers, &body)?;
    if !(32..=128).contains(&device.secret.len()) {
        return Err(Refusal::new(400, ProblemCode::Malformed, "The secret is too short or too long"));
    }
    let token =
        blocking(&town, move |town| town.introduce(DeviceId::from_uuid(device.id), &device.secret, address)).await?;
    Ok((StatusCode::CREATED, Json(DeviceReply { token })))
}
