//! What a service asks and promises, signed by the town: a device trusts no other form.

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vicino_domain::form::Form;
use vicino_domain::{Cents, Term};

/// A service's pack: the content of the compact JWS in [`super::ServiceRecord::pack`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ServicePack {
    /// The town that signs, by its IPA code.
    pub iss: String,
    /// Always `service`: no other word of the town can stand for this one.
    pub kind: String,
    /// The service.
    pub service: Uuid,
    /// What is asked.
    pub form: Form,
    /// Within how long the office must conclude, when there is such a term.
    #[serde(default)]
    pub term: Option<Term>,
    /// What it costs.
    #[serde(default)]
    pub fee: Option<Cents>,
    /// The stamp duty due with the request.
    #[serde(default)]
    pub stamp: Option<Cents>,
}

impl ServicePack {
    /// The word that [`Self::kind`] holds.
    pub const KIND: &'static str = "service";
}
