//! The records as devices read them: pages of changes, and the public ones whole.

pub(crate) mod changes;
pub mod snapshot;
