//! Handlers of the office API.

pub(crate) mod cases;
pub(crate) mod certificates;
pub(crate) mod notices;
pub(crate) mod operators;
pub(crate) mod reports;
