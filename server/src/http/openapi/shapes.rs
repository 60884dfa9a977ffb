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
        (name = "town", description = "The town's card and status"),
        (name = "devices", description = "Registration of devices, and a resident's own devices"),
        (name = "sign-in", description = "OAuth 2 for devices (RFC 6749, 7636, 8252)"),
        (name = "reports", description = "Reports of what is broken, and where"),
        (name = "cases", description = "Applications to the town's services"),
        (name = "signatures", description = "Co-signatures: requested, given, declined"),
        (name = "payments", description = "Debts and payments"),
        (name = "certificates", description = "Registry certificates and their verification"),
        (name = "uploads", description = "Photos and files, in pieces (tus 1.0.0)"),
        (name = "files", description = "The bytes of photos and papers"),
        (name = "changes", description = "Changes, events and the snapshot"),
        (name = "office", description = "For the town's offices"),
    ),
)]
pub(crate) struct Shapes;
