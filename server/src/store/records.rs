//! Records: written whole, each time under a new `seq`; read after a cursor by who may see them.

use rusqlite::{OptionalExtension as _, Transaction, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use uuid::Uuid;
use vicino_contract::http::{Change, Collection};

use crate::reader::Owner;
use crate::store::{Store, StoreError, list};

/// A record with the version it stands at.
pub struct Record<T> {
    /// Grows with every change.
    pub version: i64,
    /// Whom it belongs to; none: it is public.
    pub owner: Option<Owner>,
    /// The record.
    pub body: T,
}

/// Writes a record whole, under a new `seq`.
///
/// # Errors
/// [`StoreError`] when it cannot be written.
pub fn write(
    tx: &Transaction<'_>,
    collection: &str,
    id: &str,
    owner: Option<Owner>,
    body: &impl Serialize,
) -> Result<(), StoreError> {
    let version: i64 = tx.query_row(
        "SELECT coalesce(max(version), 0) + 1 FROM records WHERE collection = ?1 AND id = ?2",
        params![collection, id],
        |row| row.get(0),
    )?;
    // REPLACE takes the old row away and inserts a new one, which is what gives it a new seq.
    tx.execute(
        "REPLACE INTO records (collection, id, owner, version, body) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![collection, id, owner.map(|owner| owner.to_string()), version, serde_json::to_string(body)?],
    )?;
    Ok(())
}

/// Leaves a tombstone where a record was; nothing when there was none.
///
/// # Errors
/// [`StoreError`] when it cannot be written.
pub fn tombstone(tx: &Transaction<'_>, collection: &str, id: &str) -> Result<(), StoreError> {
    let found: Option<(Option<String>, i64)> = tx
        .query_row(
            "SELECT owner, version FROM records WHERE collection = ?1 AND id = ?2 AND deleted = 0",
            params![collection, id],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    if let Some((owner, version)) = found {
        tx.execute(
            "REPLACE INTO records (collection, id, owner, version, deleted, body) VALUES (?1, ?2, ?3, ?4, 1, 'null')",
            params![collection, id, owner, version + 1],
        )?;
    }
    Ok(())
}

/// The record under this identity.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub fn find<T: DeserializeOwned>(
    tx: &Transaction<'_>,
    collection: Collection,
    id: &str,
) -> Result<Option<Record<T>>, StoreError> {
    let found: Option<(i64, Option<String>, String)> = tx
        .query_row(
            "SELECT version, owner, body FROM records WHERE collection = ?1 AND id = ?2 AND deleted = 0",
            params![collection.code(), id],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .optional()?;
    let Some((version, owner, body)) = found else { return Ok(None) };
    let owner = owner.and_then(|owner| owner.parse().ok());
    Ok(Some(Record { version, owner, body: serde_json::from_str(&body)? }))
}

/// Returns whether an id stands for anything in the register already, living or taken back: no stranger's request may take its place.
pub(crate) fn is_taken(tx: &Transaction<'_>, id: Uuid) -> Result<bool, StoreError> {
    let id = id.to_string();
    // By collection, which the index begins with.
    let mut of = tx.prepare_cached("SELECT 1 FROM records WHERE collection = ?1 AND id = ?2")?;
    for collection in Collection::ALL {
        if of.exists(params![collection.code(), id])? {
            return Ok(true);
        }
    }
    let sql = "SELECT EXISTS (SELECT 1 FROM devices WHERE id = ?1) OR EXISTS (SELECT 1 FROM operators WHERE id = ?1)
               OR EXISTS (SELECT 1 FROM carts WHERE id = ?1) OR EXISTS (SELECT 1 FROM acknowledgements WHERE id = ?1)";
    Ok(tx.prepare_cached(sql)?.query_row([id], |row| row.get(0))?)
}

/// Every living record of a collection, oldest change first.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn all<T: DeserializeOwned>(tx: &Transaction<'_>, collection: Collection) -> Result<Vec<Record<T>>, StoreError> {
    let mut statement = tx.prepare_cached(
        "SELECT version, owner, body FROM records WHERE collection = ?1 AND deleted = 0 ORDER BY seq",
    )?;
    let rows = statement.query_map([collection.code()], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, Option<String>>(1)?, row.get::<_, String>(2)?))
    })?;
    rows.map(|row| {
        let (version, owner, body) = row?;
        let owner = owner.and_then(|owner| owner.parse().ok());
        Ok(Record { version, owner, body: serde_json::from_str(&body)? })
    })
    .collect()
}

impl Store {
    /// What changed after `seq` of what belongs to these owners (`None`: of what is public), and the `seq` of each change.
    pub(crate) fn changes(
        &self,
        owners: Option<&[Owner]>,
        after: i64,
        limit: u32,
    ) -> Result<Vec<(i64, Change)>, StoreError> {
        let sql = match owners {
            None => {
                "SELECT seq, collection, id, version, deleted, body FROM records
                 WHERE owner IS NULL AND ?1 IS NULL AND seq > ?2 ORDER BY seq LIMIT ?3"
            }
            Some(_) => {
                "SELECT seq, collection, id, version, deleted, body FROM records
                 WHERE owner IN (SELECT value FROM json_each(?1)) AND seq > ?2 ORDER BY seq LIMIT ?3"
            }
        };
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map(params![owners.map(list), after, limit], |row| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, String>(2)?,
                row.get::<_, i64>(3)?,
                row.get::<_, bool>(4)?,
                row.get::<_, String>(5)?,
            ))
        })?;
        rows.map(|row| {
            let (seq, collection, id, version, deleted, body) = row?;
            let id = id.parse().unwrap_or_default();
            Ok((seq, Change { collection, id, version, deleted, body: RawValue::from_string(body)? }))
        })
        .collect()
    }

    /// The last `seq` given.
    pub(crate) fn last_seq(&self) -> Result<i64, StoreError> {
        Ok(self.connection.query_row("SELECT coalesce(max(seq), 0) FROM records", [], |row| row.get(0))?)
    }
}
