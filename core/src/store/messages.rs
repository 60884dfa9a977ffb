//! What the resident wrote to an office from this device, about a report or a case.

use rusqlite::{Transaction, params};
use vicino_contract::Matter;
use vicino_domain::{Instant, MessageId};

use crate::error::Error;
use crate::store::codec::{Millis, Text};

/// A message written here.
pub(crate) struct Written {
    pub(crate) id: MessageId,
    pub(crate) text: String,
    pub(crate) at: Instant,
}

/// Keeps a message.
pub(crate) fn insert(tx: &Transaction<'_>, matter: Matter, message: &Written) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO messages (id, matter_kind, matter, text, at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![Text(message.id), matter.kind().code(), Text(matter.uuid()), message.text, Millis(message.at)],
    )?;
    Ok(())
}

/// The messages of a matter, oldest first.
pub(crate) fn of(tx: &Transaction<'_>, matter: impl Into<Matter>) -> Result<Vec<Written>, Error> {
    let mut statement = tx.prepare_cached("SELECT id, text, at FROM messages WHERE matter = ?1 ORDER BY at, id")?;
    let rows = statement.query_map([Text(matter.into().uuid())], |row| {
        Ok(Written { id: row.get::<_, Text<_>>(0)?.0, text: row.get(1)?, at: row.get::<_, Millis>(2)?.0 })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Takes a message away.
pub(crate) fn remove(tx: &Transaction<'_>, id: &str) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM messages WHERE id = ?1")?.execute([id])?;
    Ok(())
}
