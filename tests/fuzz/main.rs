//! Whatever comes from outside, spoilt at random: nothing falls over, nothing that is spoilt is believed, and what is read reads the same again.
//!
//! Each target begins from real examples (`corpus/`, and what the running programs say), spoils them, and is tried some hundred times in
//! the test command and for a minute in `cargo xtask torture --full` (`VICINO_FUZZ_SECONDS`). What failed is kept in `corpus/` and tried first.

mod codes;
mod commands;
mod files;
mod spoilt;
mod town;
mod words;
