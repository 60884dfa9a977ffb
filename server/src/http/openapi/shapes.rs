//! The shapes the document tells beside those its routes name: refusals, the records in the feeds, the words the town signs.

use utoipa::{OpenApi, ToSchema};
use vicino_contract::http::{
    Acknowledgement, BulletinRecord, CaseRecord, CertificateRecord, ConsumptionRecord, CounterRecord, DeadlineRecord,
    HoldingRecord, NoticeRecord, OfficeRecord, PaymentRecord, Problem, PublicReportRecord, ReportRecord,
    ResidentRecord, RevocationRecord, ServiceRecord, SignatureRecord, SignedInRecord, SnapshotLabel, StreetRecord,
};

/// Bytes as they are.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only the OpenAPI document reads it")]
pub(crate) struct Raw(Vec<u8>);

/// Every such shape, and a sentence on each group of routes.
#[derive(OpenApi)]
#[openapi(
    components(schemas(
        Problem, Acknowledgement, SnapshotLabel,
        BulletinRecord, CaseRecord, CertificateRecord, ConsumptionRecord, CounterRecord, DeadlineRecord, HoldingRecord,
        NoticeRecord, OfficeRecord, PaymentRecord, PublicReportRecord, ReportRecord, ResidentRecord, RevocationRecord,
        ServiceRecord, SignatureRecord, SignedInRecord, StreetRecord,
    )),
    tags(
        (name = "town", description = "What the town is, and whether it answers"),
        (name = "devices", description = "A device introduces itself; a resident looks after theirs"),
        (name = "sign-in", description = "OAuth 2 for devices (RFC 6749, 7636, 8252)"),
        (name = "reports", description = "What is broken, and where"),
        (name = "cases", description = "A service asked for"),
        (name = "signatures", description = "Co-signatures on a request: asked for, given, declined"),
        (name = "payments", description = "What is owed and paid"),
        (name = "certificates", description = "Papers of the registry, and whether one is true"),
        (name = "uploads", description = "Photos and files, in pieces (tus 1.0.0)"),
        (name = "files", description = "The bytes of photos and papers"),
        (name = "changes", description = "What there is to know, and what is new"),
        (name = "office", description = "For those who work in the town's offices"),
    ),
)]
pub(crate) struct Shapes;
