//! What changed in the town after a cursor: whole records and tombstones, in the town's order.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;
use vicino_domain::{Instant, wire_enum};

/// Whose changes are read. A device keeps the town's public facts and its resident's own matters in two files,
/// each with a cursor of its own, so that a page and its cursor are always written together.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The public feed; needs no token.
    Public,
    /// The caller's own records.
    Own,
}

impl Scope {
    /// The word on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Own => "own",
        }
    }
}

wire_enum! {
    /// The collections that have a name in this release. A device keeps the records of others too, and waits.
    Collection {
        /// The caller's reports: [`super::ReportRecord`].
        Reports "reports",
        /// The caller, and those entrusted to them: [`super::ResidentRecord`].
        Residents "residents",
        /// The caller's procedures: [`super::CaseRecord`].
        Cases "cases",
        /// Signatures the caller asked others for: [`super::SignatureRecord`].
        SignaturesAsked "signatures_asked",
        /// Signatures others ask the caller for: [`super::SignatureRecord`].
        SignaturesWanted "signatures_wanted",
        /// The debts of the caller: [`super::NoticeRecord`].
        Notices "notices",
        /// The payments of the caller: [`super::PaymentRecord`].
        Payments "payments",
        /// The caller's properties and vehicles: [`super::HoldingRecord`].
        Holdings "holdings",
        /// The consumption of the caller: [`super::ConsumptionRecord`].
        Consumptions "consumptions",
        /// The caller's certificates; no room yet.
        Certificates "certificates",
        /// Entries of the caller's threads; no room yet.
        Messages "messages",
        /// Days that ask something of the caller: [`super::DeadlineRecord`].
        Deadlines "deadlines",
        /// The devices the caller is signed in on: [`super::SignedInRecord`].
        Devices "devices",
        /// The town's services: [`super::ServiceRecord`].
        Services "services",
        /// The town's offices: [`super::OfficeRecord`].
        Offices "offices",
        /// News, notices, acts: [`super::BulletinRecord`].
        Bulletins "bulletins",
        /// The reports made public: [`super::PublicReportRecord`].
        PublicReports "public_reports",
        /// The town's streets: [`super::StreetRecord`].
        Streets "streets",
        /// Certificates taken back, by number: [`super::RevocationRecord`].
        Revocations "revocations",
        /// Where papers are had in person: [`super::CounterRecord`].
        Counters "counters",
    }
}

impl Collection {
    /// In which feed it travels.
    #[must_use]
    pub const fn scope(self) -> Scope {
        match self {
            Self::Services
            | Self::Offices
            | Self::Counters
            | Self::Bulletins
            | Self::PublicReports
            | Self::Streets
            | Self::Revocations => Scope::Public,
            _ => Scope::Own,
        }
    }
}

/// A page of each feed that was asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Changes {
    /// The caller's own records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<ChangePage>,
    /// The public records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public: Option<ChangePage>,
}

/// A page of one feed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangePage {
    /// Whole records and tombstones, in the town's order.
    pub items: Vec<Change>,
    /// The cursor to ask with next; opaque.
    pub next: String,
    /// Tells whether more is waiting now.
    pub has_more: bool,
    /// How much further than this page the newest snapshot reaches, in changes at most: with many, it is the shorter way.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(format = Int64))]
    pub snapshot_ahead: i64,
}

/// A record that changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Change {
    /// The collection; a device keeps those it does not know as they are.
    pub collection: String,
    /// The identity.
    pub id: Uuid,
    /// Grows with every change of the record.
    #[cfg_attr(feature = "openapi", schema(format = Int64))]
    pub version: i64,
    /// Tells whether it is gone.
    #[serde(default)]
    pub deleted: bool,
    /// The whole record, as the town wrote it: in `reports` a `ReportRecord`, and so on, each a schema of this document; `null` when it
    /// is gone.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>, required = true))]
    pub body: Box<RawValue>,
}

impl Change {
    /// The record, when this release understands it.
    #[must_use]
    pub fn read<'a, T: Deserialize<'a>>(&'a self) -> Option<T> {
        if self.deleted { None } else { serde_json::from_str(self.body.get()).ok() }
    }
}

/// The label of a snapshot, signed by the town: what a device must find in the file before it believes it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SnapshotLabel {
    /// The town that signs, by its IPA code.
    pub iss: String,
    /// Always `snapshot`: no other word of the town can stand for this one.
    pub kind: String,
    /// The form of the file inside; a device that knows another takes the changes one by one.
    #[cfg_attr(feature = "openapi", schema(format = Int32))]
    pub format: u32,
    /// The SHA-256 of the file as it travels (Zstandard, RFC 8878), in hexadecimal; its name too.
    pub sha256: String,
    /// The bytes.
    #[cfg_attr(feature = "openapi", schema(format = Int64))]
    pub bytes: u64,
    /// The SHA-256 of the file inside.
    pub plain_sha256: String,
    /// The bytes of the file inside.
    #[cfg_attr(feature = "openapi", schema(format = Int64))]
    pub plain_bytes: u64,
    /// Where reading the public feed goes on after it.
    pub cursor: String,
    /// As of when it is true, by the town's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub made_at: Instant,
    /// The number of records it holds.
    #[cfg_attr(feature = "openapi", schema(format = Int64))]
    pub records: i64,
}

impl SnapshotLabel {
    /// The word that [`Self::kind`] holds.
    pub const KIND: &'static str = "snapshot";
}

/// The answer that carries a label.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SnapshotReply {
    /// A compact JWS whose content is a [`SnapshotLabel`].
    pub label: String,
}
