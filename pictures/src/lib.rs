//! Pictures: photos made fit to send, square codes found in pictures and papers, square codes drawn, papers read.
//!
//! Device and town look at what anybody hands them with the same eyes. Of a picture bounds come before decoding. A PDF has none that could be
//! known before: it is drawn and read on the device of whoever chose it, and never by a town; [`looking`] bounds what any look may cost.

pub mod draw;
pub mod looking;
pub mod photo;
pub mod scan;
pub mod words;
