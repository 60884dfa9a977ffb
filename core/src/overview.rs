//! Views across matters and of the town: the inbox, deadlines, search, the directory, the state of sending and reading.

pub(crate) mod alerts;
pub(crate) mod deadlines;
pub(crate) mod inbox;
pub(crate) mod outbox;
pub(crate) mod profile;
pub(crate) mod search;
pub(crate) mod settings;
pub(crate) mod sync_status;
pub(crate) mod town;
