//! A device introduces itself; a resident looks after theirs, and an office after a lost one.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use vicino_contract::http::{DeviceBody, DeviceReply, ProblemCode, SignedInDevices, WhoseDevices};

use crate::access::devices;
use crate::http::extract::{From, Known, Office, Sent, identity};
use crate::refusal::RefusalKind;
use crate::town::blocking::blocking;
use crate::{Refusal, Town};

/// Register a device
///
/// Answers a bearer token. The same identity and secret again give a new token for the same device.
#[utoipa::path(post, path = "/v1/devices", tag = "devices", operation_id = "introduce-device", request_body = DeviceBody,
    responses((status = 201, description = "The device's access token", body = DeviceReply),
        (status = 403, description = "The device was revoked"),
        (status = 422, description = "Registered with another secret, or the id belongs to something else")))]
pub(crate) async fn introduce(
    State(town): State<Arc<Town>>,
    From(address): From,
    Sent(device, _): Sent<DeviceBody>,
) -> Result<(StatusCode, Json<DeviceReply>), Refusal> {
    if !(32..=128).contains(&device.secret.len()) {
        return Err(Refusal::new(
            RefusalKind::Malformed,
            ProblemCode::Malformed,
            "Device secret too short or too long",
        ));
    }
    let token = blocking(&town, move |town| devices::introduce(town, &device, address)).await?;
    Ok((StatusCode::CREATED, Json(DeviceReply { token })))
}

/// List the caller's devices
#[utoipa::path(get, path = "/v1/devices", tag = "devices", operation_id = "read-devices",
    responses((status = 200, description = "Most recently used first", body = SignedInDevices)))]
pub(crate) async fn mine(
    State(town): State<Arc<Town>>,
    Known(reader): Known,
) -> Result<Json<SignedInDevices>, Refusal> {
    blocking(&town, move |town| devices::mine(town, &reader)).await.map(Json)
}

/// Sign out everywhere
///
/// Also where they call from.
#[utoipa::path(delete, path = "/v1/devices", tag = "devices", operation_id = "sign-out-everywhere",
    responses((status = 204, description = "All sessions of the resident were ended")))]
pub(crate) async fn everywhere(State(town): State<Arc<Town>>, Known(reader): Known) -> Result<StatusCode, Refusal> {
    blocking(&town, move |town| devices::sign_out_there(town, &reader, None)).await.map(|()| StatusCode::NO_CONTENT)
}

/// Sign out on one device
#[utoipa::path(delete, path = "/v1/devices/{id}", tag = "devices", operation_id = "sign-out-there",
    params(("id" = uuid::Uuid, Path, description = "The sign-in, as it is listed")),
    responses((status = 204, description = "The session was ended")))]
pub(crate) async fn there(
    State(town): State<Arc<Town>>,
    Known(reader): Known,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    let id = identity(&id)?;
    blocking(&town, move |town| devices::sign_out_there(town, &reader, Some(id))).await.map(|()| StatusCode::NO_CONTENT)
}

/// List a resident's devices
#[utoipa::path(post, path = "/office/v1/devices", tag = "office", operation_id = "read-residents-devices", request_body = WhoseDevices,
    responses((status = 200, description = "Most recently used first", body = SignedInDevices),
        (status = 404, description = "No resident has this tax code")))]
pub(crate) async fn of_resident(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Sent(whose, _): Sent<WhoseDevices>,
) -> Result<Json<SignedInDevices>, Refusal> {
    blocking(&town, move |town| devices::of_resident(town, &by, &whose)).await.map(Json)
}

/// Revoke a lost device
///
/// Its session ends, and the device itself is believed no more; without `id`, all of the resident's.
#[utoipa::path(post, path = "/office/v1/devices/end", tag = "office", operation_id = "shut-device-out", request_body = WhoseDevices,
    responses((status = 200, description = "The remaining devices", body = SignedInDevices),
        (status = 404, description = "Not found")))]
pub(crate) async fn shut_out(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Sent(whose, _): Sent<WhoseDevices>,
) -> Result<Json<SignedInDevices>, Refusal> {
    blocking(&town, move |town| devices::shut_out(town, &by, &whose)).await.map(Json)
}
