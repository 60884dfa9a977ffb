//! Callers as the town knows them: devices, residents and their sessions, operators and what each may see.

pub(crate) mod desks;
pub(crate) mod devices;
pub(crate) mod operators;
pub mod residents;
pub(crate) mod sessions;
