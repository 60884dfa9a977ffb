//! Pictures: photos made fit to send, square codes found in pictures and papers, square codes drawn, papers read.
//!
//! Device and town look at what anybody hands them with the same eyes: bounds come before decoding, and whatever a file does to
//! the program that reads it ends here.

pub mod draw;
pub mod photo;
pub mod scan;
pub mod words;
