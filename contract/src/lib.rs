//! What crosses a wall, declared once.
//!
//! Vicino has two walls. Between the interface and the core stand [`ipc`] (every command), [`Event`] (what changed)
//! and [`Failure`] (codes the interface turns into words): both sides are of one release, so domain types cross as
//! they are. Between a device and a town stands [`http`]: an old app meets a new server there, so its shapes are
//! their own and turn into domain types only when they are sound.

pub mod composed;
mod event;
mod failure;
mod freshness;
pub mod http;
pub mod ipc;
#[cfg(feature = "signatures")]
pub mod jws;
mod matter;
mod message_kind;
#[cfg(feature = "signatures")]
pub mod seal;
mod settings;
mod stuck;
mod verdict;
#[cfg(feature = "signatures")]
pub mod verify;

pub use event::Event;
pub use failure::{Failure, FailureCode};
pub use freshness::Freshness;
pub use matter::{Matter, MatterKind, NotAMatter};
pub use message_kind::MessageKind;
pub use settings::{Language, Settings, TextSize};
pub use stuck::{StuckCode, StuckReason};
pub use verdict::Verdict;
