//! A case: where the town stands with it, who may move it, and by when.

mod clock;
mod state;

pub use clock::{Clock, Counts, Move, Term, clock, is_holiday, town_day, town_moment, town_time};
pub use state::{CaseState, Phrase, Turn};
