//! How far this device has read the town's changes, and as of when it knows them.

use rusqlite::{Transaction, params};
use vicino_contract::ipc::Freshness;
use vicino_domain::Instant;

use super::{instant, millis};
use crate::error::Error;

/// Where reading stands.
pub(crate) struct Position {
    pub(crate) cursor: Option<String>,
    /// Reading from the start because the town lost its past.
    pub(crate) relearning: bool,
    pub(crate) freshness: Freshness,
}

/// Where reading the resident's own records stands.
pub(crate) fn own(tx: &Transaction<'_>) -> Result<Position, Error> {
    read(tx, "SELECT cursor, relearning, as_of, last_try FROM cursors")
}

/// Where reading the public records stands.
pub(crate) fn public(tx: &Transaction<'_>) -> Result<Position, Error> {
    read(tx, "SELECT cursor, 0, as_of, last_try FROM cursors")
}

fn read(tx: &Transaction<'_>, sql: &str) -> Result<Position, Error> {
    Ok(tx.prepare_cached(sql)?.query_row([], |row| {
        let (as_of, last_try): (Option<i64>, Option<i64>) = (row.get(2)?, row.get(3)?);
        let freshness = Freshness { as_of: as_of.map(instant), last_try: last_try.map(instant) };
        Ok(Position { cursor: row.get(0)?, relearning: row.get(1)?, freshness })
    })?)
}

/// Moves on; with the last page of a round what is known is as of now.
pub(crate) fn advance(tx: &Transaction<'_>, cursor: &str, complete: Option<Instant>) -> Result<(), Error> {
    tx.prepare_cached("UPDATE cursors SET cursor = ?1, as_of = coalesce(?2, as_of)")?
        .execute(params![cursor, complete.map(millis)])?;
    Ok(())
}

/// Notes an attempt, whatever comes of it.
pub(crate) fn tried(tx: &Transaction<'_>, now: Instant) -> Result<(), Error> {
    tx.prepare_cached("UPDATE cursors SET last_try = ?1")?.execute([millis(now)])?;
    Ok(())
}

/// Begins again from the start.
pub(crate) fn forget(tx: &Transaction<'_>) -> Result<(), Error> {
    tx.prepare_cached("UPDATE cursors SET cursor = NULL")?.execute([])?;
    Ok(())
}

/// Whether the own records are being read from the start because the town lost its past.
pub(crate) fn set_relearning(tx: &Transaction<'_>, relearning: bool) -> Result<(), Error> {
    tx.prepare_cached("UPDATE cursors SET relearning = ?1")?.execute([relearning])?;
    Ok(())
}
