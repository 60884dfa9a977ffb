//! Files that are there whole or not at all, and folders that one program uses at a time.

mod claim;
mod whole;

pub use claim::{Claim, Unclaimed};
pub use whole::{sweep_parts, write_whole};
