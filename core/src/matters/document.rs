//! Papers of one's own, kept with what they are and until when.

pub(crate) mod personal;
pub(crate) mod personal_store;
