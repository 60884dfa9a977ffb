//! The town's nouns and their rules: no input, no output, no clock; also compiles to wasm.
//!
//! | noun | is |
//! |---|---|
//! | [`Report`] | a problem in the territory, with place and photos; a [`ReportDraft`] until it is sent |
//! | [`Place`] | where it is, how that is known, and how precisely |
//! | [`Category`] | one of the eleven official kinds of *disservizio* |
//! | [`Border`] | the town's edge |
//! | [`CaseState`], [`Clock`] | where the town stands with a case, and by when it must conclude |
//! | [`DeadlineKind`], [`reminder`], [`Quiet`] | days that ask something, and when a device reminds of them |
//! | [`form`] | what a service asks, and what is missing before it may be sent |
//! | [`media`] | what a file is, by its bytes |
//! | [`codes`] | official codes as people type them |
//! | [`Cents`], [`Instant`], [`Sha256`] | sizes whose unit is in the type |
//!
//! Every decision here is a function of values: time and randomness come in as arguments.

mod act;
mod border;
mod case;
mod category;
pub mod codes;
mod deadline;
mod digest;
mod fold;
pub mod form;
mod id;
mod invalid;
mod limits;
pub mod media;
mod money;
mod place;
mod report;
mod state;

pub use act::ActType;
pub use border::Border;
pub use case::{CaseState, Clock, Counts, Move, Phrase, Term, Turn, clock, is_holiday, town_day};
pub use category::{Category, UnknownCategory};
pub use deadline::{DeadlineKind, Quiet, Reminder, reminder};
pub use digest::{BadDigest, Sha256};
pub use fold::fold;
pub use id::{
    AttachmentId, BulletinId, CaseId, DeviceId, MatterId, MessageId, OfficeId, PersonId, PhotoId, ReportId, RequestId,
    ResidentId, ServiceId, StreetId,
};
pub use invalid::{Field, Invalid, Rule};
pub use limits::Limits;
pub use money::{BadAmount, Cents};
pub use place::{Accuracy, BadPoint, Place, PlaceSource, Point};
pub use report::{Report, ReportDraft};
pub use state::ReportState;

/// A moment in UTC; on the wire RFC 3339 with `Z` (ModI, RAC_GEN_FORMAT_003).
pub type Instant = chrono::DateTime<chrono::Utc>;
