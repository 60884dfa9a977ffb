//! A device introduces itself; a resident looks after theirs, and an office after a lost one.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use vicino_contract::http::{DeviceBody, DeviceReply, ProblemCode, SignedInDevices, WhoseDevices};

use crate::http::extract::{From, Known, Office, Sent, identity};
use crate::refusal::RefusalKind;
use crate::town::blocking::blocking;
use crate::{Refusal, Town};

/// A device introduces itself
///
/// Answers a bearer token. The same identity and secret again give a new token for the same device.
#[utoipa::path(post, path = "/v1/devices", tag = "devices", operation_id = "introduce-device", request_body = DeviceBody,
    responses((status = 201, description = "A token", body = DeviceReply),
        (status = 403, description = "It was shut out"),
        (status = 422, description = "Known with another secret, or the id is another's")))]
pub(crate) async fn introduce(
    State(town): State<Arc<Town>>,
    From(address): From,
    Sent(device, _): Sent<DeviceBody>,
) -> Result<(StatusCode, Json<DeviceReply>), Refusal> {
    if !(32..=128).contains(&device.secret.len()) {
        return Err(Refusal::new(
            RefusalKind::Malformed,
            ProblemCode::Malformed,
            "The secret is too short or too long",
        ));
    }
    let token = blocking(&town, move |town| town.introduce(&device, address)).await?;
    Ok((StatusCode::CREATED, Json(DeviceReply { token })))
}

/// The devices the caller is signed in on
#[utoipa::path(get, path = "/v1/devices", tag = "devices", operation_id = "read-devices",
    responses((status = 200, description = "The last used first", body = SignedInDevices)))]
pub(crate) async fn mine(
    State(town): State<Arc<Town>>,
    Known(reader): Known,
) -> Result<Json<SignedInDevices>, Refusal> {
    blocking(&town, move |town| town.my_devices(&reader)).await.map(Json)
}

/// A resident signs out everywhere
///
/// Also where they call from.
#[utoipa::path(delete, path = "/v1/devices", tag = "devices", operation_id = "sign-out-everywhere",
    responses((status = 204, description = "Every session of theirs has ended")))]
pub(crate) async fn everywhere(State(town): State<Arc<Town>>, Known(reader): Known) -> Result<StatusCode, Refusal> {
    blocking(&town, move |town| town.sign_out_there(&reader, None)).await.map(|()| StatusCode::NO_CONTENT)
}

/// A resident signs out on a device of theirs
#[utoipa::path(delete, path = "/v1/devices/{id}", tag = "devices", operation_id = "sign-out-there",
    params(("id" = uuid::Uuid, Path, description = "The sign-in, as it is listed")),
    responses((status = 204, description = "That session has ended")))]
pub(crate) async fn there(
    State(town): State<Arc<Town>>,
    Known(reader): Known,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    let id = identity(&id)?;
    blocking(&town, move |town| town.sign_out_there(&reader, Some(id))).await.map(|()| StatusCode::NO_CONTENT)
}

/// A manager looks at a resident's devices
#[utoipa::path(post, path = "/office/v1/devices", tag = "office", operation_id = "read-residents-devices", request_body = WhoseDevices,
    responses((status = 200, description = "The last used first", body = SignedInDevices),
        (status = 404, description = "Nobody has this tax code")))]
pub(crate) async fn of_resident(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Sent(whose, _): Sent<WhoseDevices>,
) -> Result<Json<SignedInDevices>, Refusal> {
    blocking(&town, move |town| town.devices_of(&by, &whose)).await.map(Json)
}

/// A manager shuts a lost device out
///
/// Its session ends, and the device itself is believed no more; without `id`, all of the resident's.
#[utoipa::path(post, path = "/office/v1/devices/end", tag = "office", operation_id = "shut-device-out", request_body = WhoseDevices,
    responses((status = 200, description = "Those that are left", body = SignedInDevices),
        (status = 404, description = "There is none")))]
pub(crate) async fn shut_out(
    State(town): State<Arc<Town>>,
    Office(by): Office,
    Sent(whose, _): Sent<WhoseDevices>,
) -> Result<Json<SignedInDevices>, Refusal> {
    blocking(&town, move |town| town.shut_out(&by, &whose)).await.map(Json)
}
