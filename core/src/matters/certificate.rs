//! Certificates: asked for, shown, checked, and the self-certification that takes their place.

pub(crate) mod commands;
pub(crate) mod self_certification;
pub(crate) mod store;
pub(crate) mod verify;
