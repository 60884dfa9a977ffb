//! The services a town connects: who recognises residents, who seals its papers, where residents pay.

pub mod pagopa;
pub(crate) mod signing;
