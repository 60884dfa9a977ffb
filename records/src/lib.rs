//! Records in a SQLite file: kept whole, counted, found.
//!
//! A device fills such a file page by page from the town's changes; a town fills one whole and ships it as a snapshot. Both
//! use this crate, so that a snapshot is what the device would have made itself: the same tables ([`SCHEMA`]), the same
//! reading of a record ([`index_entry`]), the same words ([`words`]).
//!
//! What this release does not know is kept all the same: a record of a collection without a room here waits as it came; one
//! that cannot be read is set aside and counted, and read again by the release that can.

pub mod index_entry;
pub mod sql;
mod store;
pub mod words;

use thiserror::Error;

pub use store::fill::IndexWriter;
pub use store::find::{Found, Hit, find};
pub use store::read::{
    Count, around, bodies, body, counts, each, has_schema, identified, number_of, optimize, page, set_aside, total,
};

/// The tables of this form.
pub const SCHEMA: &str = include_str!("../schema/001_records.sql");

/// The number of this form: it changes with [`SCHEMA`], and with whatever changes the words of a record. 1 was a file of
/// another shape; 2 knew fewer letters.
pub const FORMAT: u32 = 3;

/// The file could not be read or written.
#[derive(Debug, Error)]
pub enum RecordsError {
    /// SQLite said no.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}
