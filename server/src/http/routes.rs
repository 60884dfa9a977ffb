//! Handlers, a file for each subject: they read a request, ask the town, and tell its answer.

pub(crate) mod card;
pub(crate) mod cases;
pub(crate) mod certificates;
pub(crate) mod changes;
pub(crate) mod devices;
pub(crate) mod files;
pub(crate) mod oauth;
pub(crate) mod office;
pub(crate) mod payments;
pub(crate) mod reports;
pub(crate) mod signatures;
pub(crate) mod snapshot;
pub(crate) mod uploads;
pub(crate) mod verify;
