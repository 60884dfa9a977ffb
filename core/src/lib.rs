//! A resident's device without a screen.
//!
//! | room | does |
//! |---|---|
//! | [`App`] | the only public door: a folder opened, commands answered, profiles that take turns, a town joined and kept in step with |
//! | `overview`, `directory` | views across matters, and of the town's services and offices |
//! | `matters` | a room for each kind of matter: what is drafted, sent, shown and kept of it |
//! | `sync` | what waits is delivered, what the town tells is read |
//! | `api`, `client` | the only rooms that know HTTP; every outcome becomes *now*, *later* or *never* |
//! | `outbox` | the queue of what this device still has to tell the town; the heart |
//! | `device` | one profile's store, its sealed files, and what all profiles share |
//! | `store` | all SQL, together with the files named `…store.rs` |
//! | `vault`, `config`, `platform` | keys, the way a device is opened, and the system's keyring |
//!
//! Each room knows those below it and none above: ARCHITECTURE.md draws the floors.
//!
//! What holds: a fact and the intention to tell it are written in one transaction, and the word *saved* comes after
//! it; reading never waits for the network; nothing is called received before its signed acknowledgement is stored.

mod api;
mod app;
mod client;
mod config;
mod device;
mod directory;
mod entropy;
mod error;
mod matters;
mod outbox;
mod overview;
mod platform;
mod store;
mod sync;
mod vault;

pub use app::App;
pub use app::checkout::PaymentPage;
pub use config::{Browser, Clock, KeyPlace, Opening, Practise, Viewer};
pub use error::OpenError;
pub use matters::notice::cart::IfMaybePaid;
pub use outbox::{Next, Verdict, next};
pub use store::salvage::Salvaged;
pub use sync::Round;
pub use vicino_pictures::looking;
