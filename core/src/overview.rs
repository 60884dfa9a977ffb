//! Views across matters and of the town: the inbox, documents, files, deadlines, search, the directory, the state of sending and reading.

pub(crate) mod alerts;
pub(crate) mod deadlines;
pub(crate) mod delivery;
pub(crate) mod files;
pub(crate) mod inbox;
pub(crate) mod library;
pub(crate) mod outbox;
pub(crate) mod papers;
pub(crate) mod profile;
pub(crate) mod reading;
pub(crate) mod search;
pub(crate) mod settings;
pub(crate) mod sync_status;
pub(crate) mod town;
