//! How far this device has read the town's changes, and as of when it knows them: the same table in both files.

use rusqlite::{Transaction, params};
use vicino_contract::Freshness;
use vicino_domain::Instant;

use crate::error::Error;
use crate::store::codec::Millis;

/// Why a feed is read from the start, over what is here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Resync {
    /// It is not.
    No,
    /// The town lost its past.
    PastLost,
    /// The resident may see other things than before.
    OtherView,
}

/// Where reading stands.
pub(crate) struct Position {
    pub(crate) cursor: Option<String>,
    pub(crate) resync: Resync,
    pub(crate) freshness: Freshness,
}

/// Where reading stands.
pub(crate) fn read(tx: &Transaction<'_>) -> Result<Position, Error> {
    let sql = "SELECT cursor, relearning, as_of, last_try FROM cursors";
    Ok(tx.prepare_cached(sql)?.query_row([], |row| {
        let moment = |at: usize| Ok::<_, rusqlite::Error>(row.get::<_, Option<Millis>>(at)?.map(|at| at.0));
        let freshness = Freshness { as_of: moment(2)?, last_try: moment(3)? };
        let resync = match row.get(1)? {
            0_i64 => Resync::No,
            2 => Resync::OtherView,
            _ => Resync::PastLost,
        };
        Ok(Position { cursor: row.get(0)?, resync, freshness })
    })?)
}

/// Moves on; with the last page of a round what is known is as of now.
pub(crate) fn advance(tx: &Transaction<'_>, cursor: &str, complete: Option<Instant>) -> Result<(), Error> {
    tx.prepare_cached(
        "UPDATE cursors SET cursor = ?1, as_of = coalesce(?2, as_of), last_try = coalesce(?2, last_try)",
    )?
    .execute(params![cursor, complete.map(Millis)])?;
    Ok(())
}

/// Notes an attempt, whatever comes of it, and as of when what is known is true.
pub(crate) fn note(tx: &Transaction<'_>, freshness: Freshness) -> Result<(), Error> {
    tx.prepare_cached("UPDATE cursors SET as_of = coalesce(?1, as_of), last_try = coalesce(?2, last_try)")?
        .execute(params![freshness.as_of.map(Millis), freshness.last_try.map(Millis)])?;
    Ok(())
}

/// Begins again from the start.
pub(crate) fn begin_resync(tx: &Transaction<'_>, why: Resync) -> Result<(), Error> {
    let why = if why == Resync::OtherView { 2 } else { 1 };
    tx.prepare_cached("UPDATE cursors SET cursor = NULL, relearning = ?1")?.execute([why])?;
    Ok(())
}

/// What was read from the start is complete.
pub(crate) fn end_resync(tx: &Transaction<'_>) -> Result<(), Error> {
    tx.prepare_cached("UPDATE cursors SET relearning = 0")?.execute([])?;
    Ok(())
}
