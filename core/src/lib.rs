//! A resident's device without a screen.
//!
//! | room | does |
//! |---|---|
//! | [`App`] | the only public door: a folder opened, commands answered, a town kept in step with |
//! | `store` | the only room that knows SQL |
//! | `outbox` | what this device still has to tell the town; the heart |
//! | `sync` | what the town tells this device |
//! | `api` | the only room that knows HTTP; turns every outcome into *now*, *later* or *never* |
//! | `photo`, `files` | photos made fit to send, kept sealed under their digest |
//! | `runner` | one task that wakes, delivers, reads, and sleeps again |
//!
//! What holds: a fact and the intention to tell it are written in one transaction, and the word *saved* comes after
//! it; reading never waits for the network; nothing is called received before its signed acknowledgement is stored.

mod answers;
mod api;
mod app;
mod entropy;
mod error;
mod files;
mod key;
mod outbox;
pub mod photo;
mod runner;
mod store;
mod sync;

pub use app::{App, Clock, KeyPlace, OpenError, Opening};
pub use outbox::{Next, Verdict, next};
pub use sync::Round;
