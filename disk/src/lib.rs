//! Files that are there whole or not at all, folders that one program uses at a time, and what a person is told when a disk refuses.

mod claim;
mod sentence;
mod whole;

pub use claim::{Claim, Unclaimed};
pub use sentence::{named, read_text, saying, sentence, unheard};
pub use whole::{is_full, sweep_parts, write_whole};
