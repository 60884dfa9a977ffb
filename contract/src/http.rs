//! The wall between device and town: paths, shapes and codes of the municipal API, each declared once.
//!
//! Names on the wire are `snake_case`, times RFC 3339 in UTC, collections wrapped in an object, no personal data in a
//! path or a query (ModI, RAC_REST and RAC_GEN rules). A shape here is believed only after it became a domain type.

mod acknowledgement;
mod bulletin;
mod card;
mod case;
mod certificate;
mod changes;
mod deadline;
mod device;
mod dossier;
mod due;
mod file;
mod key;
mod lifecycle;
mod notice;
pub mod oauth;
pub mod office;
mod operator;
mod pack;
pub mod path;
pub mod payment;
mod places;
mod problem;
mod report;
mod resident;
mod service;
mod signature;
pub mod tus;

pub use acknowledgement::{Acknowledged, Acknowledgement};
pub use bulletin::{ActBody, BulletinRecord};
pub use card::{CARD_SIGNATURE, LimitsBody, PaceBody, PointBody, TownCard};
pub use case::{CaseBody, CaseQueue, CaseRecord, CaseStep, CaseTransition, OfficeCase, ProtocolBody, SignedBy};
pub use certificate::{
    BoundBody, CertificateBody, CertificateClaims, CertificateQueue, CertificateRecord, HeldBody, IssuedBody,
    OfficeCertificate, RevocationRecord, RevokedBody, SaidBody,
};
pub use changes::{Change, ChangePage, Changes, Collection, Scope, SnapshotLabel, SnapshotReply};
pub use deadline::DeadlineRecord;
pub use device::{DeviceBody, DeviceReply, SignedInDevices, SignedInRecord, WhoseDevices};
pub use dossier::{ConsumedBody, ConsumptionRecord, FactBody, HoldingRecord};
pub use due::{AccountBody, ContradictionBody, Declarations, DueBody, OfficeNotice, TakenBackBody};
pub use file::{BroughtFile, FileBody, FileRecord, OfficeFile};
pub use key::{CompromisedKey, NotAKey, TownKey};
pub use notice::{
    BoughtStampBody, CreditorBody, DebtEvent, DebtorBody, F24Row, InstallmentBody, LineBody, NoticeKind, NoticePurpose,
    NoticeRecord, NoticeStep, PaidBody, PlanBody, PurposeBody, StampBody, WhomBody, WhomKind,
};
pub use operator::{Audit, AuditRow, Circle, NewOperator, OperatorBody, OperatorRecord, Operators, Role};
pub use pack::{ServicePack, sheet_bytes};
pub use payment::{CartBody, CartNotice, CartReply, PaymentRecord, ReceiptClaims, payment_return_is_ours};
pub use places::{CounterRecord, HoursBody, OfficeRecord, StreetRecord};
pub use problem::{PROBLEM_TYPE, Problem, ProblemCode};
pub use report::{
    Author, AuthorBody, HistoryRecord, MessageBody, MessageRecord, PhotoBody, PhotoRecord, PlaceBody,
    PublicReportRecord, ReportBody, ReportRecord, Unsound, WithdrawalBody,
};
pub use resident::{MemberBody, RegistryBody, ResidentRecord};
pub use service::{ServiceRecord, TimeBody};
pub use signature::{Asked, SignatureAnswer, SignatureBody, SignatureRecord, SigningState, signed_bytes};
