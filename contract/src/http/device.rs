//! How a device introduces itself to a town, and what a resident is told of the devices they are signed in on.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use vicino_domain::{DeviceId, Instant};

/// The introduction. Asking again with the same identity and secret gives a new token for the same device, so that a
/// lost answer, or a town restored from an older copy, takes nothing away from it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceBody {
    /// Made on the device (UUIDv7).
    pub id: Uuid,
    /// Thirty-two random bytes made on the device, base64url; the town keeps only their digest.
    pub secret: String,
    /// The name its user knows it by, up to 60 letters; empty when it did not say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// `phone`, `computer`, `shell` or `browser`; empty when it did not say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
}

/// The town's answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceReply {
    /// A bearer token (RFC 6750) for every call of this device; another one is given for the same introduction.
    pub token: String,
}

/// A device on which a resident is signed in, or was.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedInRecord {
    /// The sign-in's identity; it opens nothing.
    pub id: Uuid,
    /// The resident who is signed in.
    pub resident: Uuid,
    /// The device, by a name that it alone can tell for its own ([`SignedInRecord::device_of`]).
    pub device: Uuid,
    /// The device's own name.
    pub name: String,
    /// The kind: `phone`, `computer`, `shell`, `browser`, or nothing.
    pub kind: String,
    /// The moment they signed in, when that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub since: Option<Instant>,
    /// The day the town last heard of it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub seen_at: Instant,
}

impl SignedInRecord {
    /// The name of a device in these records: it follows from the device's id, and does not tell it.
    #[must_use]
    pub fn device_of(id: DeviceId) -> Uuid {
        let mut short = [0; 16];
        short.iter_mut().zip(Sha256::digest(format!("device/{id}"))).for_each(|(to, from)| *to = from);
        uuid::Builder::from_random_bytes(short).into_uuid()
    }
}

/// The devices somebody is signed in on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedInDevices {
    /// The last used first.
    pub items: Vec<SignedInRecord>,
    /// The one that asks, when it is among them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub here: Option<Uuid>,
}

/// A question for a resident's devices: by tax code, in a body, for a path would stand in logs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WhoseDevices {
    /// The resident's tax code.
    pub tax_code: String,
    /// The one to be shut out; none: all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
}
