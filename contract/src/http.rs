//! The wall between device and town: paths, shapes and codes of the municipal API, each declared once.
//!
//! Names on the wire are `snake_case`, times RFC 3339 in UTC, collections wrapped in an object, no personal data in a
//! path or a query (ModI, RAC_REST and RAC_GEN rules). A shape here is believed only after it became a domain type.

mod acknowledgement;
mod card;
mod changes;
mod device;
pub mod office;
pub mod path;
mod problem;
mod report;
pub mod tus;

pub use acknowledgement::{Acknowledged, Acknowledgement};
pub use card::{CARD_SIGNATURE, LimitsBody, PointBody, TownCard, TownKey};
pub use changes::{Change, Changes, Collection, OfficeRecord, Scope, StreetRecord};
pub use device::{DeviceBody, DeviceReply};
pub use problem::{PROBLEM_TYPE, Problem, ProblemCode};
pub use report::{
    HistoryRecord, MessageBody, MessageRecord, PhotoBody, PhotoRecord, PlaceBody, PublicReportRecord, ReportBody,
    ReportRecord, Unsound, WithdrawalBody,
};
