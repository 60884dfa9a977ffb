//! The screens: each reads signals, actions, view.

mod bulletins;
mod case;
mod cases;
mod home;
mod missing;
mod office;
mod outbox;
mod people;
mod report;
mod reports;
mod search;
mod service;
mod services;
mod settings;
mod start;
mod sync;
mod town_report;
mod wizard;

pub use bulletins::{Bulletin, Bulletins};
pub use case::{Case, CaseForm};
pub use cases::Cases;
pub use home::Home;
pub use missing::{Missing, page_of};
pub use office::Office;
pub use outbox::Outbox;
pub use people::{People, name_of};
pub use report::ReportPage;
pub use reports::Reports;
pub use search::Search;
pub use service::Service;
pub use services::Services;
pub use settings::SettingsPage;
pub use start::Start;
pub use sync::SyncPage;
pub use town_report::TownReport;
pub use wizard::{New, Wizard};
