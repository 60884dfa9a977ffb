//! A resident's device without a screen.
//!
//! | room | does |
//! |---|---|
//! | [`App`] | the only public door: a folder opened, commands answered, a town kept in step with |
//! | `people`, `device` | who uses this device, each with a store and a key of their own |
//! | `sign_in`, `meeting` | how a resident and a town come to trust this device |
//! | `store` | the only room that knows SQL |
//! | `outbox` | what this device still has to tell the town; the heart |
//! | `sync` | what the town tells this device |
//! | `api` | the only room that knows HTTP; turns every outcome into *now*, *later* or *never* |
//! | `files` | files kept sealed under their digest |
//! | `viewing` | a file shown in the system's viewer, and swept away after |
//! | `runner` | one task that wakes, delivers, reads, and sleeps again |
//!
//! What holds: a fact and the intention to tell it are written in one transaction, and the word *saved* comes after
//! it; reading never waits for the network; nothing is called received before its signed acknowledgement is stored.

mod answers;
mod api;
mod app;
mod device;
mod entropy;
mod error;
mod files;
mod meeting;
mod outbox;
mod paying;
mod people;
mod runner;
mod sign_in;
mod store;
mod sync;
mod vault;
mod viewing;

pub use app::{App, Browser, Clock, KeyPlace, Opening, Viewer};
pub use error::OpenError;
pub use meeting::Practise;
pub use outbox::{Next, Verdict, next};
pub use paying::PaymentPage;
pub use store::salvage::Salvaged;
pub use sync::Round;
pub use vicino_pictures::looking;
