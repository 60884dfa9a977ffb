//! What arrived, once, and the numbers given to reports.

use rusqlite::{OptionalExtension as _, Transaction, params};
use uuid::Uuid;
use vicino_contract::MessageKind;
use vicino_domain::Sha256;

use crate::reader::Owner;
use crate::store::StoreError;

/// A request that arrived before.
pub struct Arrival {
    /// Whose it was.
    pub owner: Owner,
    /// The digest of what arrived.
    pub body: String,
    /// The acknowledgement given then.
    pub jws: String,
}

/// What arrived under this kind and identity.
pub(crate) fn acknowledged(tx: &Transaction<'_>, kind: MessageKind, id: Uuid) -> Result<Option<Arrival>, StoreError> {
    let found: Option<(String, String, String)> = tx
        .query_row(
            "SELECT owner, body_sha256, jws FROM acknowledgements WHERE kind = ?1 AND id = ?2",
            params![kind.acknowledged_as().code(), id.to_string()],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .optional()?;
    Ok(found.and_then(|(owner, body, jws)| Some(Arrival { owner: owner.parse().ok()?, body, jws })))
}

/// Keeps the acknowledgement of what arrives now.
pub(crate) fn keep_acknowledgement(
    tx: &Transaction<'_>,
    (kind, id): (MessageKind, Uuid),
    owner: Owner,
    body: Sha256,
    jws: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO acknowledgements (kind, id, owner, body_sha256, jws) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![kind.acknowledged_as().code(), id.to_string(), owner.to_string(), body.to_string(), jws],
    )?;
    Ok(())
}

/// Puts other words in the place of those that `other` finds one for.
pub(crate) fn replace_acknowledgements(
    tx: &Transaction<'_>,
    other: impl Fn(&str) -> Option<String>,
) -> Result<(), StoreError> {
    let mut all = tx.prepare("SELECT rowid, jws FROM acknowledgements")?;
    let mut replace = tx.prepare("UPDATE acknowledgements SET jws = ?2 WHERE rowid = ?1")?;
    let rows = all.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?;
    let found: Vec<(i64, String)> = rows.collect::<Result<_, _>>()?;
    for (row, word) in found {
        if let Some(word) = other(&word) {
            replace.execute(params![row, word])?;
        }
    }
    Ok(())
}

/// The next number of this year, from 1.
pub(crate) fn next_number(tx: &Transaction<'_>, year: i32) -> Result<i64, StoreError> {
    Ok(tx.query_row(
        "INSERT INTO numbers (year, last) VALUES (?1, 1)
         ON CONFLICT (year) DO UPDATE SET last = last + 1 RETURNING last",
        [year],
        |row| row.get(0),
    )?)
}

/// The next protocol number of a year.
pub(crate) fn next_protocol(tx: &Transaction<'_>, year: i32) -> Result<i64, StoreError> {
    let sql = "INSERT INTO protocols (year, last) VALUES (?1, 1) ON CONFLICT (year) DO UPDATE SET last = last + 1 RETURNING last";
    Ok(tx.query_row(sql, [year], |row| row.get(0))?)
}
