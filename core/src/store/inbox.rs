//! What was read here, and what was told already.

use rusqlite::{OptionalExtension as _, Transaction, params};
use vicino_contract::Matter;
use vicino_domain::Instant;

use crate::error::Error;
use crate::store::codec::{Millis, Text};

/// Up to when a thread was read.
pub(crate) fn read_up_to(tx: &Transaction<'_>, matter: Matter) -> Result<Option<Instant>, Error> {
    let sql = "SELECT up_to FROM threads_read WHERE matter = ?1";
    let found: Option<Millis> =
        tx.prepare_cached(sql)?.query_row([Text(matter.uuid())], |row| row.get(0)).optional()?;
    Ok(found.map(|up_to| up_to.0))
}

/// A thread was read up to a message of this moment; never less far than before. Answers whether it is further now.
pub(crate) fn read(tx: &Transaction<'_>, matter: Matter, up_to: Instant) -> Result<bool, Error> {
    let sql = "INSERT INTO threads_read (matter_kind, matter, up_to) VALUES (?1, ?2, ?3)
               ON CONFLICT (matter) DO UPDATE SET up_to = ?3, matter_kind = ?1 WHERE up_to < ?3";
    let done = tx.prepare_cached(sql)?.execute(params![matter.kind().code(), Text(matter.uuid()), Millis(up_to)])?;
    Ok(done > 0)
}

/// Notes that something is told now; `false`: it was told before.
pub(crate) fn tell(tx: &Transaction<'_>, what: &str, now: Instant) -> Result<bool, Error> {
    let sql = "INSERT INTO alerts_told (what, at) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    Ok(tx.prepare_cached(sql)?.execute(params![what, Millis(now)])? > 0)
}

/// Returns whether something was told.
pub(crate) fn is_told(tx: &Transaction<'_>, what: &str) -> Result<bool, Error> {
    let sql = "SELECT EXISTS (SELECT 1 FROM alerts_told WHERE what = ?1)";
    Ok(tx.prepare_cached(sql)?.query_row([what], |row| row.get(0))?)
}

/// Forgets what was told before this moment: nothing of it can come again.
pub(crate) fn forget_told(tx: &Transaction<'_>, before: Instant) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM alerts_told WHERE at < ?1")?.execute([Millis(before)])?;
    Ok(())
}
