//! The screens: each reads signals, actions, view.

mod bulletins;
mod case;
mod cases;
mod deadlines;
mod documents;
mod home;
mod messages;
mod mine;
mod missing;
mod office;
mod outbox;
mod paper;
mod payments;
mod people;
mod profile;
mod report;
mod reports;
mod search;
mod service;
mod services;
mod settings;
mod signature;
mod start;
mod sync;
mod town_report;
mod wizard;

pub use bulletins::{Bulletin, Bulletins};
pub use case::{Case, CaseForm};
pub use cases::Cases;
pub use deadlines::Deadlines;
pub use documents::{
    AskPage, Certificate, Check, Counters, Declare, Delivery, Documents, FilePage, Papers, Shelf, paper_until,
};
pub use home::Home;
pub use messages::Messages;
pub use missing::{Missing, ThingPage};
pub use office::Office;
pub use outbox::Outbox;
pub use paper::{Letter, Paper};
pub use payments::{Cart, CartPage, Consumption, Dossier, Notice, PaymentReceipt, Payments, Reading, Receipts};
pub use people::{People, name_of};
pub use profile::Profile;
pub use report::ReportPage;
pub use reports::Reports;
pub use search::Search;
pub use service::Service;
pub use services::Services;
pub use settings::SettingsPage;
pub use signature::Signature;
pub use start::Start;
pub use sync::SyncPage;
pub use town_report::TownReport;
pub use wizard::{New, Wizard};
