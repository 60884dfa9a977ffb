//! What the interface reads: the core's facts, arranged for a screen.

mod case;
mod catalogue;
mod certificate;
mod declaration;
mod document;
mod dossier;
mod file;
pub mod finding;
mod inbox;
mod outbox;
mod paying;
mod payment;
mod people;
mod profile;
mod report;
mod signature;
mod town;

pub use crate::http::{Author, NoticeKind, NoticePurpose, WhomKind};
pub use crate::{Freshness, Language, Settings, StuckReason, TextSize, Verdict};
pub use case::{
    CaseDraftRow, CaseDraftView, CaseList, CaseRow, CaseView, FieldKind, FieldView, Keyboard, SectionView, StepView,
    SummaryLine, SummaryPart,
};
pub use catalogue::{
    ActView, BulletinKind, BulletinList, BulletinRow, BulletinView, CounterKind, CounterList, CounterRow, Hours,
    OfficeSheet, OfficeView, ServiceList, ServiceRow, ServiceView, Term,
};
pub use certificate::{
    AboutRow, CertificateList, CertificateRow, CertificateState, CertificateView, CheckView, HeldView, KindView,
    SaidView,
};
pub use declaration::{BlankView, StatementList, StatementView};
pub use document::{
    DeliveryView, DocumentCount, DocumentKind, DocumentList, DocumentOf, DocumentRow, FileSheet, PaperRow,
};
pub use dossier::{ConsumptionList, ConsumptionView, DossierView, HoldingView, TaxView, Unit, YearView};
pub use file::{FileRow, FileTo, FileView};
pub use finding::{Finding, Findings, Group};
pub use inbox::{Alert, CalendarWords, DeadlineList, DeadlineRow, News, Target, ThreadList, ThreadRow};
pub use outbox::{OutboxView, RequestRow, WaitsFor};
pub use paying::{
    CodeRow, CodeView, Declaration, PaperOf, PaperView, PayLine, PayingNow, PayingView, PaymentReceiptView, ReadView,
    ReceiptList, ReceiptRow,
};
pub use payment::{
    EventView, F24View, InstallmentView, LineView, NoticeEvent, NoticeRow, NoticeView, PaymentList, PlanView,
    WhomGroup, WhomView,
};
pub use people::{
    CollectionRow, DeviceRow, DevicesView, OnboardingView, PeopleView, PersonRow, SignInView, SigningOut, SyncState,
};
pub use profile::{MemberRow, PersonFacts, ProfileView, Relation};
pub use report::{
    AddedPhoto, Delivery, DraftRow, DraftView, HistoryEntry, MessageView, PhotoView, ReceiptView, ReportList,
    ReportRow, ReportView, Saved, Writer, whole_metres,
};
pub use signature::{
    Candidate, CoSignerView, SignatureList, SignatureRow, SignatureState, SignatureStatus, SignatureView, Whom,
};
pub use town::{
    KeyHolder, NearbyReport, PublicReportList, PublicReportRow, PublicReportView, Status, StreetRow, TownView,
};
