//! The public records as one file of `vicino_records`: filled in the town's order, in one look at the register.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use uuid::Uuid;
use vicino_records::{FORMAT, IndexWriter, RecordsError, SCHEMA, index_entry};

use crate::store::{Cursor, Store, StoreError};

/// What a file was filled with.
pub(crate) struct Filled {
    pub(crate) records: i64,
    pub(crate) cursor: Cursor,
}

impl Store {
    /// The number of changes of public records after this `seq`.
    pub(crate) fn public_changes_after(&self, seq: i64) -> Result<i64, StoreError> {
        let sql = "SELECT count(*) FROM records WHERE owner IS NULL AND seq > ?1";
        Ok(self.connection.prepare_cached(sql)?.query_row([seq], |row| row.get(0))?)
    }

    /// The number of public records taken back after this `seq`.
    pub(crate) fn public_tombstones_after(&self, seq: i64) -> Result<i64, StoreError> {
        let sql = "SELECT count(*) FROM records WHERE owner IS NULL AND seq > ?1 AND deleted = 1";
        Ok(self.connection.prepare_cached(sql)?.query_row([seq], |row| row.get(0))?)
    }

    /// The name of the present run, for cursors made elsewhere.
    pub(crate) fn boot(&self) -> String {
        self.boot.id.clone()
    }
}

/// Fills a new file with the public records of a register, without holding up those who write there.
pub(crate) fn fill(register: &Path, boot: &str, file: &Path) -> Result<Filled, StoreError> {
    let mut register = Connection::open_with_flags(register, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // One look: whatever is written meanwhile is after it.
    let look = register.transaction()?;
    let seq: i64 = look.query_row("SELECT coalesce(max(seq), 0) FROM records", [], |row| row.get(0))?;
    let cursor = Cursor::public(boot, seq);
    let mut target = Connection::open(file)?;
    target.pragma_update(None, "journal_mode", "OFF")?;
    target.pragma_update(None, "synchronous", "OFF")?;
    target.execute_batch(SCHEMA)?;
    target.pragma_update(None, "user_version", FORMAT)?;
    let tx = target.transaction()?;
    let records = pour(&look, &tx, seq)?;
    tx.commit()?;
    vicino_records::optimize(&target)?;
    target.execute_batch("VACUUM")?;
    Ok(Filled { records, cursor })
}

fn pour(look: &Connection, tx: &Connection, seq: i64) -> Result<i64, StoreError> {
    let mut writer = IndexWriter::fresh(tx);
    let mut records = 0;
    let sql = "SELECT collection, id, version, body FROM records
               WHERE owner IS NULL AND deleted = 0 AND seq <= ?1 ORDER BY seq";
    let mut statement = look.prepare(sql)?;
    let mut rows = statement.query([seq])?;
    while let Some(row) = rows.next()? {
        let collection = row.get_ref(0)?.as_str().unwrap_or_default();
        let id: Uuid = row.get_ref(1)?.as_str().unwrap_or_default().parse().unwrap_or_default();
        let body = row.get_ref(3)?.as_str().unwrap_or_default();
        writer.put(collection, id, row.get(2)?, Some(body), &index_entry::index_entry(collection, body))?;
        records += 1;
    }
    writer.end()?;
    Ok(records)
}

impl From<RecordsError> for StoreError {
    fn from(cause: RecordsError) -> Self {
        match cause {
            RecordsError::Sqlite(cause) => Self::Sqlite(cause),
        }
    }
}
