//! Steps that several journeys take: what they write, send, pay and ask for.

pub(crate) mod agreement;
pub(crate) mod cases;
pub(crate) mod certificate_page;
pub(crate) mod certificates;
pub(crate) mod files;
pub(crate) mod notices;
pub(crate) mod operators;
pub(crate) mod payments;
pub(crate) mod sessions;
pub(crate) mod shelf;
pub(crate) mod signatures;
