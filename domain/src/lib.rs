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
//! | [`pagopa`] | the number, the QR code and the postal code of a payment notice |
//! | [`tally`], [`NoticeState`] | whether a notice is paid, told from facts that are only added |
//! | [`check_cart`], [`BadCart`] | what may be paid together |
//! | [`PositionState`], [`Fine`] | where a debt stands with pagoPA; what a fine costs, and until when |
//! | [`paper`] | papers of one's own, and how long they hold |
//! | [`certificate`] | the kinds of certificates, whom they may be shown to, how long they hold, their stamp duty |
//! | [`declaration`] | self-certifications: a wording, filled |
//! | [`registry`] | what the registry knows of somebody, and how it is said |
//! | [`Cents`], [`Instant`], [`Sha256`] | sizes whose unit is in the type |
//!
//! Every decision here is a function of values: time and randomness come in as arguments.

mod act;
mod border;
mod cart;
mod case;
mod category;
pub mod certificate;
pub mod codes;
mod deadline;
pub mod declaration;
mod digest;
mod fine;
mod fold;
pub mod form;
mod id;
mod invalid;
mod limits;
pub mod media;
mod money;
mod month;
pub mod pagopa;
pub mod paper;
mod payment;
mod place;
mod position;
pub mod registry;
mod report;
mod state;
pub mod text;
mod wire_enum;

pub use act::ActType;
pub use border::Border;
pub use cart::{BadCart, CART, CartLine, MOST_CENTS, Payable, check_cart};
pub use case::{
    CaseState, Clock, Counts, Move, Phrase, Term, Turn, clock, is_holiday, town_day, town_moment, town_time,
};
pub use category::{Category, UnknownCategory};
pub use deadline::{DeadlineKind, Quiet, Reminder, reminder};
pub use digest::{BadDigest, Sha256};
pub use fine::{Fine, FineStep, served_on};
pub use fold::fold;
pub use id::{
    AttachmentId, BadId, BulletinId, CartId, CaseId, CertificateId, DeviceId, MessageId, NoticeId, OfficeId, PaperId,
    PersonId, PhotoId, ReportId, RequestId, ResidentId, ServiceId, SignatureId, StreetId, is_made_on_device,
};
pub use invalid::{Field, Invalid, Rule};
pub use limits::Limits;
pub use money::{BadAmount, Cents};
pub use month::{italian_day, italian_month, said_on};
pub use payment::{Dated, Fact, NoticeState, Outcome, Tally, tally};
pub use place::{Accuracy, BadPoint, Place, PlaceSource, Point};
pub use position::{InstallmentState, PlanFacts, PositionState, installment_state, position_state};
pub use report::{Report, ReportDraft};
pub use state::ReportState;
pub use wire_enum::{Open, WireWord};

/// A moment in UTC; on the wire RFC 3339 with `Z` (ModI, RAC_GEN_FORMAT_003).
pub type Instant = chrono::DateTime<chrono::Utc>;
