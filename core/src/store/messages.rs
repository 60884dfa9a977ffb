//! What the resident wrote to an office from this device, about a report or a case.

use rusqlite::{Transaction, params};
use vicino_contract::Matter;
use vicino_domain::{Instant, MessageId};

use crate::error::Error;
use crate::store::codec::{id, instant, millis};

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
        params![
            message.id.to_string(),
            matter.kind().code(),
            matter.uuid().to_string(),
            message.text,
            millis(message.at)
        ],
    )?;
    Ok(())
}

/// The messages of a matter, oldest first.
pub(crate) fn of(tx: &Transaction<'_>, matter: impl Into<Matter>) -> Result<Vec<Written>, Error> {
    let mut statement = tx.prepare_cached("SELECT id, text, at FROM messages WHERE matter = ?1 ORDER BY at, id")?;
    let rows = statement.query_map([matter.into().uuid().to_string()], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)?))
    })?;
    rows.map(|row| {
        let (message, text, at) = row?;
        Ok(Written { id: id(&message)?, text, at: instant(at) })
    })
    .collect()
}

/// Takes a message away.
pub(crate) fn remove(tx: &Transaction<'_>, id: &str) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM messages WHERE id = ?1")?.execute([id])?;
    Ok(())
}
