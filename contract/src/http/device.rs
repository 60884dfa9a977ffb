//! How a device introduces itself to a town.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The introduction. Asking again with the same identity and secret gives a new token for the same device, so that a
/// lost answer, or a town restored from an older copy, takes nothing away from it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceBody {
    /// Made on the device (UUIDv7).
    pub id: Uuid,
    /// Thirty-two random bytes made on the device, base64url; the town keeps only their digest.
    pub secret: String,
}

/// The town's answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceReply {
    /// A bearer token (RFC 6750) for every call of this device.
    pub token: String,
}
