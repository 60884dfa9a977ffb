//! Reports: drafted, sent with their photos, listed and shown.

pub(crate) mod commands;
pub(crate) mod drafts;
pub(crate) mod drafts_store;
pub(crate) mod index;
pub(crate) mod photos;
pub(crate) mod photos_store;
pub(crate) mod store;
pub(crate) mod view;
