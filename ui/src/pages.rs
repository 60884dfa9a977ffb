//! The screens: each reads signals, actions, view.

mod home;
mod missing;
mod outbox;
mod report;
mod reports;
mod settings;
mod wizard;

pub use home::Home;
pub use missing::Missing;
pub use outbox::Outbox;
pub use report::ReportPage;
pub use reports::Reports;
pub use settings::SettingsPage;
pub use wizard::{New, Wizard};
