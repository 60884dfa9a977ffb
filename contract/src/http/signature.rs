//! Signatures on the wire: a resident asks another to sign a case before it is sent; the other reads it, and signs or declines.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;
use vicino_domain::form::Answers;
use vicino_domain::{Instant, Open, wire_enum};

use super::FileBody;

/// The person asked to sign.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// Somebody of the household, by their identity with the town.
    Resident(Uuid),
    /// Anybody the town knows, by their tax code.
    TaxCode(String),
}

/// The body a device sends with `PUT /v1/signatures/{id}`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignatureBody {
    /// The case that is being written.
    pub case: Uuid,
    /// The service it asks for.
    pub service: Uuid,
    /// The version of its form.
    #[cfg_attr(feature = "openapi", schema(format = Int32))]
    pub form_version: u32,
    /// Which of the form's co-signers, by name.
    pub signer: String,
    /// The person that is.
    pub asked: Asked,
    /// The text to be signed.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub answers: Answers,
    /// The files its answers name, as they will be announced.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileBody>,
    /// When it was asked for, by the device's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub sent_at: Instant,
}

/// The body a device sends with `PUT /v1/signatures/{id}/answer`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignatureAnswer {
    /// The digest of what was read: what is signed is that and nothing else.
    pub digest: String,
    /// Signed, or declined.
    pub signs: bool,
    /// Why not, or anything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// When, by the device's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub sent_at: Instant,
}

wire_enum! {
    /// The state of a signature asked for.
    SigningState {
        /// No answer has come.
        Waiting "waiting",
        /// It is signed.
        Signed "signed",
        /// It is declined.
        Declined "declined",
        /// The request was withdrawn or changed.
        Withdrawn "withdrawn",
    }
}

/// A signature asked for: the record of who asked (`signatures_asked`), and of who is asked (`signatures_wanted`).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignatureRecord {
    /// The identity, the same on both sides.
    pub id: Uuid,
    /// The case.
    pub case: Uuid,
    /// The name: its service's name.
    pub title: String,
    /// Which of the form's co-signers.
    pub signer: String,
    /// Who that is in the form's words.
    pub label: String,
    /// The resident who asks.
    pub asker: String,
    /// The person asked.
    pub person: String,
    /// The digest of what is to be signed ([`signed_bytes`]).
    pub digest: String,
    /// The state, by code.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub state: Open<SigningState>,
    /// What whoever was asked said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// When it was asked for.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub asked_at: Instant,
    /// When it was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub answered_at: Option<Instant>,
    /// The form, so that whoever is asked reads the questions: a [`vicino_domain::form::Form`].
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub form: Value,
    /// What was answered: [`Answers`].
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub answers: Value,
    /// The files the answers name: what they are called and what their bytes are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileBody>,
}

/// The bytes whose digest is signed: the service, the version of its form, the answers in the order of their names, and the
/// digest of each file in the order of theirs.
///
/// # Errors
/// When they cannot be written as JSON, which they always can.
pub fn signed_bytes(
    service: Uuid,
    form_version: u32,
    answers: &Answers,
    files: &[FileBody],
) -> serde_json::Result<Vec<u8>> {
    let mut digests: Vec<(Uuid, &str)> = files.iter().map(|file| (file.id, file.sha256.as_str())).collect();
    digests.sort_unstable();
    serde_json::to_vec(&(service, form_version, answers, digests))
}
