//! Cases: their form, filled in and sent whole, their state, and the signatures of others.

pub(crate) mod commands;
pub(crate) mod form_view;
pub(crate) mod signatures;
pub(crate) mod signatures_store;
pub(crate) mod store;
pub(crate) mod view;
