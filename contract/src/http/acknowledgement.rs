//! The town's signed word that a request arrived, once.

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vicino_domain::Instant;

/// The claims of an acknowledgement; on the wire it is the content of a compact JWS signed by the town.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Acknowledgement {
    /// The town that signs, by its IPA code.
    pub iss: String,
    /// What arrived: `report`, `message`, `withdrawal`, `photo`.
    pub kind: String,
    /// The identity under which it arrived.
    pub id: Uuid,
    /// The SHA-256 of the bytes that arrived, in hexadecimal.
    pub body_sha256: String,
    /// When, by the town's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub received_at: Instant,
    /// The number the town gave to the report it belongs to.
    pub number: String,
}

/// The answer to a request that arrived: now (`201`) or before (`200`), with the same acknowledgement.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Acknowledged {
    /// The acknowledgement, a compact JWS whose content is an [`Acknowledgement`].
    pub acknowledgement: String,
}
