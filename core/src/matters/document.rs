//! Documents: everything the town gave, and the papers a resident keeps of their own.

pub(crate) mod delivery;
pub(crate) mod library;
pub(crate) mod personal;
pub(crate) mod personal_store;
pub(crate) mod reading;
