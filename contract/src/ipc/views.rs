//! What the interface reads: the core's facts, arranged for a screen.

mod outbox;
mod report;
mod settings;
mod town;

pub use outbox::{OutboxView, RequestKind, RequestRow, StuckReason, WaitsFor};
pub use report::{
    AddedPhoto, Author, Delivery, DraftRow, DraftView, HistoryEntry, MessageView, PhotoView, ReceiptView, ReportList,
    ReportRow, ReportView, Saved, whole_metres,
};
pub use settings::{Language, Settings, TextSize};
pub use town::{Freshness, KeyHolder, NearbyReport, PublicReportList, PublicReportRow, Status, StreetRow, TownView};
