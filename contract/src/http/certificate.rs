//! Certificates on the wire: what a device asks for, what the town issues, and the signed word that third parties check.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vicino_domain::certificate::{Audience, CertificateKind, IssueState, StampDuty};
use vicino_domain::{Instant, Open};

use super::FileRecord;

/// The body a device sends with `PUT /v1/certificates/{id}`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CertificateBody {
    /// A kind, or several on one paper, by code.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub kinds: Vec<CertificateKind>,
    /// Whom it is about: the resident who asks, or somebody of their family on the registry.
    pub person: Uuid,
    /// Whom it is for: `private` or `court_or_abroad`; a public body may not ask for one.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub audience: Audience,
    /// The stamp duty: `due`, or `exempt` with the code of its reason.
    #[cfg_attr(feature = "openapi", schema(value_type = StampShape))]
    pub stamp: StampDuty,
    /// When the resident sent it, by the device's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub sent_at: Instant,
}

/// A certificate as the town has it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CertificateRecord {
    /// The identity, made on the device.
    pub id: Uuid,
    /// The kinds, by code.
    pub kinds: Vec<String>,
    /// Whom it is about.
    pub person: Uuid,
    /// Their name.
    pub person_name: String,
    /// The stamp duty.
    #[cfg_attr(feature = "openapi", schema(value_type = StampShape))]
    pub stamp: StampDuty,
    /// When it was asked for, by the town's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub asked_at: Instant,
    /// The state, by code.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub state: Open<IssueState>,
    /// Why it cannot be issued now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<HeldBody>,
    /// The debt of its stamp.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Uuid>,
    /// What the stamp is bound to: the paper that is issued when it is paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<BoundBody>,
    /// The paper that was issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued: Option<IssuedBody>,
    /// When and why it was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<RevokedBody>,
    /// The moment an office allowed a reason in the resident's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub allowed_at: Option<Instant>,
}

/// Why a certificate cannot be issued now.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeldBody {
    /// Which of the kinds, by code; nothing: all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Why, in words for the resident.
    pub why: String,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub since: Option<NaiveDate>,
    /// Until when, as far as is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub until: Option<NaiveDate>,
    /// Whom to ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<Uuid>,
    /// A code by which that office finds the cause.
    pub code: String,
}

/// The stamp duty as it travels: `"due"`, or `{"exempt": {"code": …, "reason": …}}`.
#[cfg(feature = "openapi")]
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = StampDuty)]
#[expect(dead_code, reason = "its shape is what counts")]
pub enum StampShape {
    /// It is paid.
    Due,
    /// It is not due, for a reason of the law.
    Exempt(ExemptionShape),
}

/// A reason for which no stamp is due, as it travels.
#[cfg(feature = "openapi")]
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = ExemptionBody)]
pub struct ExemptionShape {
    /// The reason, by code.
    pub code: String,
    /// The reason in words; required with `other`.
    pub reason: Option<String>,
}

/// The paper that a stamp was asked for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BoundBody {
    /// The text.
    pub says: Vec<SaidBody>,
    /// The SHA-256, in hexadecimal, before code and seal.
    pub document: String,
    /// When an office let the stamp stand for a paper that says something else: what is said above is that paper's, the digest the first one's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub by_hand: Option<Instant>,
}

/// A certificate as the office sees it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfficeCertificate {
    /// Grows with every change.
    #[cfg_attr(feature = "openapi", schema(format = Int64))]
    pub version: i64,
    /// The certificate.
    #[serde(flatten)]
    pub record: CertificateRecord,
}

/// The certificates that wait for something: the town, a stamp, an office's hand.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CertificateQueue {
    /// The oldest change first.
    pub items: Vec<OfficeCertificate>,
}

/// An issued certificate.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssuedBody {
    /// The number.
    pub number: String,
    /// The day it was issued.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: NaiveDate,
    /// The last day it holds; nothing: for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub until: Option<NaiveDate>,
    /// What it says, sentence by sentence, for whoever does not see the paper.
    pub says: Vec<SaidBody>,
    /// The paper.
    pub file: FileRecord,
    /// The town's signed word, as its code carries it: a JWS over a [`CertificateClaims`].
    pub word: String,
}

/// A sentence of a certificate.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SaidBody {
    /// By which of its kinds, by code.
    pub kind: String,
    /// The text.
    pub text: String,
}

/// A certificate taken back.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RevokedBody {
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Instant,
    /// Why.
    pub why: String,
}

/// A certificate that was taken back, for everybody who checks one: its number says nothing of whose it was.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RevocationRecord {
    /// The certificate's number.
    pub number: String,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Instant,
}

/// What the code on a certificate says, signed by the town: all that somebody needs who holds the paper and knows the town's key.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CertificateClaims {
    /// The town's IPA code.
    pub iss: String,
    /// [`CertificateClaims::KIND`].
    pub kind: String,
    /// The certificate's number.
    pub number: String,
    /// Whom it is about.
    pub name: String,
    /// When they were born.
    pub born_on: NaiveDate,
    /// The text, sentence by sentence.
    pub says: Vec<String>,
    /// The day it was issued.
    pub on: NaiveDate,
    /// The last day it holds; nothing: for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// The paper's SHA-256, in hexadecimal, before the code and the seal were put on it; the stamp was bought for the same.
    pub document: String,
}

impl CertificateClaims {
    /// What it is, among the town's signed words.
    pub const KIND: &'static str = "certificate";
}
