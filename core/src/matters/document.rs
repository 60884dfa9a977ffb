//! Personal documents of a resident, each with its kind and its last day.

pub(crate) mod personal;
pub(crate) mod personal_store;
