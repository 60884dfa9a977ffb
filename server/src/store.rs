//! The only room of the server that knows SQL: one file, few tables, every write in one transaction with its effect.

pub(crate) mod certificates;
pub(crate) mod devices;
pub(crate) mod founding;
pub(crate) mod lineage;
pub(crate) mod operators;
pub(crate) mod payments;
pub(crate) mod people;
pub(crate) mod pool;
pub(crate) mod records;
pub(crate) mod requests;
pub(crate) mod sessions;
pub(crate) mod snapshot;
pub(crate) mod uploads;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use rusqlite_migration::{M, Migrations};
use thiserror::Error;
use vicino_contract::http::ProblemCode;

use crate::reader::Owner;
use crate::refusal::{Refusal, RefusalKind};

pub(crate) use certificates::{certificate_of, number_certificate, open_certificates, waiting_certificates};
pub(crate) use devices::{
    describe_device, description_of, device_of, end_device, forget_silent_devices, is_device, is_ended, keep_token,
    register_device,
};
pub(crate) use founding::{found, is_known};
pub use lineage::Cursor;
pub(crate) use operators::{
    add_operator, audit, audited, brings, brought, end_operator, forget_audit, operator_of, operators,
};
pub(crate) use payments::{
    OpenCart, find_cart, forget_carts, keep_cart, keep_looked_at, keep_read, looked_at, notice_of, point_numbers,
    to_read, unread,
};
pub(crate) use people::{resident_by_tax_code, wards};
pub(crate) use pool::Readers;
pub use records::Record;
pub(crate) use records::{all, find, is_taken, tombstone, write};
pub(crate) use requests::{
    Arrival, acknowledged, keep_acknowledgement, next_number, next_protocol, replace_acknowledgements,
};
pub(crate) use snapshot::fill as fill_snapshot;
pub use uploads::Upload;
pub(crate) use uploads::{
    create_upload, end_upload, expired_uploads, find_upload, forget_expired, free_uploads, is_needed, needed_files,
    open_uploads, upload_of, whole_files,
};

const STEPS: &[M<'static>] = &[
    M::up(include_str!("../migrations/001_register.sql")),
    M::up(include_str!("../migrations/002_people.sql")),
    M::up(include_str!("../migrations/003_sessions_end.sql")),
    M::up(include_str!("../migrations/004_protocol.sql")),
    M::up(include_str!("../migrations/005_files.sql")),
    M::up(include_str!("../migrations/006_operators.sql")),
    M::up(include_str!("../migrations/007_audit.sql")),
    M::up(include_str!("../migrations/008_payments.sql")),
    M::up(include_str!("../migrations/009_receipts_read.sql")),
    M::up(include_str!("../migrations/010_certificates.sql")),
    M::up(include_str!("../migrations/011_certificate_numbers.sql")),
    M::up(include_str!("../migrations/012_owners.sql")),
    M::up(include_str!("../migrations/013_devices.sql")),
    M::up(include_str!("../migrations/014_room.sql")),
    M::up(include_str!("../migrations/015_circles.sql")),
    M::up(include_str!("../migrations/016_founding.sql")),
    M::up(include_str!("../migrations/017_ids.sql")),
];
/// The time a connection waits for another that writes.
const PATIENCE: Duration = Duration::from_secs(5);
const MIGRATIONS: Migrations<'static> = Migrations::from_slice(STEPS);

/// The register could not be read or written.
#[derive(Debug, Error)]
pub enum StoreError {
    /// SQLite said no.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// The file is of a newer or a broken schema.
    #[error(transparent)]
    Migration(#[from] rusqlite_migration::Error),
    /// A record holds what this release does not read.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// The town is closing.
    #[error("the register is closed")]
    Closed,
}

/// The town's register.
pub struct Store {
    connection: Connection,
    boot: Arc<lineage::Boot>,
}

impl Store {
    /// Opens the register in this file, makes it if need be, and notes the start.
    ///
    /// # Errors
    /// [`StoreError`] when the file cannot be opened or is of a newer release.
    pub fn open(file: &Path) -> Result<Self, StoreError> {
        let mut connection = Connection::open(file)?;
        connection.busy_timeout(PATIENCE)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        MIGRATIONS.to_latest(&mut connection)?;
        let boot = Arc::new(lineage::begin(&connection)?);
        Ok(Self { connection, boot })
    }

    /// Runs writes in one transaction that begins by taking the right to write, so that the order of `seq` is the
    /// order in which transactions become visible.
    pub(crate) fn write<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(StoreError::from)?;
        let done = work(&transaction)?;
        transaction.commit().map_err(StoreError::from)?;
        Ok(done)
    }
}

/// The first fault that `SQLite` finds in a register: a page, an index or a row that is not what was written. Looked for through a
/// connection of its own, which takes some seconds for each gigabyte and holds up nobody.
///
/// # Errors
/// [`StoreError`] when the file cannot be opened or read for another reason.
pub(crate) fn fault(file: &Path) -> Result<Option<String>, StoreError> {
    let found = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).and_then(|register| {
        register.busy_timeout(PATIENCE)?;
        register.query_row("PRAGMA integrity_check(1)", [], |row| row.get::<_, String>(0))
    });
    match found {
        Ok(verdict) => Ok((verdict != "ok").then_some(verdict)),
        Err(cause) if is_damage(&cause) => Ok(Some(cause.to_string())),
        Err(cause) => Err(cause.into()),
    }
}

/// Returns `true` if an error is the file's and not the moment's.
fn is_damage(cause: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    matches!(cause.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase))
}

/// Several owners as one value: a JSON list, for `json_each`.
fn list(owners: &[Owner]) -> String {
    let quoted: Vec<String> = owners.iter().map(|owner| format!("\"{owner}\"")).collect();
    format!("[{}]", quoted.join(","))
}

impl From<StoreError> for Refusal {
    fn from(cause: StoreError) -> Self {
        tracing::error!(%cause, "statement of the register failed");
        Self::new(RefusalKind::Unavailable, ProblemCode::Unavailable, "The register cannot answer now")
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(cause: rusqlite::Error) -> Self {
        StoreError::from(cause).into()
    }
}

/// The rows that can be read. One with a column that holds what no release ever wrote is left out and logged, so that it keeps no
/// other from being read, listed or swept.
pub(crate) fn readable<T>(rows: impl Iterator<Item = rusqlite::Result<T>>) -> Result<Vec<T>, StoreError> {
    Ok(rows.filter_map(|row| if_readable(row).transpose()).collect::<Result<_, _>>()?)
}

/// A row, when it is there and can be read.
pub(crate) fn if_readable<T>(row: rusqlite::Result<T>) -> rusqlite::Result<Option<T>> {
    use rusqlite::Error::{FromSqlConversionFailure, InvalidColumnType, QueryReturnedNoRows};
    match row {
        Ok(row) => Ok(Some(row)),
        Err(QueryReturnedNoRows) => Ok(None),
        Err(FromSqlConversionFailure(column, ..) | InvalidColumnType(column, ..)) => {
            tracing::error!(column, "register row unreadable; skipped");
            Ok(None)
        }
        Err(cause) => Err(cause),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A register of every release before opens with this one, and is of this one then.
    #[test]
    fn a_register_of_every_schema_before_is_brought_up() {
        for had in 1..STEPS.len() {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("town.db");
            MIGRATIONS.to_version(&mut Connection::open(&file).unwrap(), had).unwrap();
            drop(Store::open(&file).unwrap_or_else(|cause| panic!("of schema {had}: {cause}")));
            let register = Connection::open(&file).unwrap();
            let now: u32 = register.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
            assert_eq!(now as usize, STEPS.len(), "of schema {had}");
        }
    }

    #[test]
    fn a_register_whose_index_is_not_what_its_table_says_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("town.db");
        drop(Store::open(&file).unwrap());
        assert_eq!(fault(&file).unwrap(), None);
        // An index that leads where another table lies.
        let broken = Connection::open(&file).unwrap();
        broken.pragma_update(None, "writable_schema", true).unwrap();
        let sql = "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'boots')
                   WHERE name = (SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL LIMIT 1)";
        assert_eq!(broken.execute(sql, []).unwrap(), 1);
        drop(broken);
        assert!(fault(&file).unwrap().is_some());
        std::fs::write(&file, vec![7; 8192]).unwrap();
        assert!(fault(&file).unwrap().is_some(), "nor is this one");
        assert!(fault(&folder.path().join("nothing.db")).is_err());
    }

    /// A register of the release before owners had a kind.
    #[test]
    fn owners_of_before_are_compared_with_the_residents() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("town.db");
        let mut old = Connection::open(&file).unwrap();
        Migrations::from_slice(STEPS).to_version(&mut old, 11).unwrap();
        let (anna, phone, thief) =
            ("11111111-1111-4111-8111-111111111111", "0190a000-0000-7000-8000-000000000001", "x");
        old.execute_batch(&format!(
            "INSERT INTO records (collection, id, owner, version, body) VALUES
                 ('residents', '{anna}', '{anna}', 1, '{{}}'), ('reports', 'r1', '{anna}', 1, '{{}}'),
                 ('reports', 'r2', '{phone}', 1, '{{}}'), ('streets', 's', NULL, 1, '{{}}');
             INSERT INTO devices VALUES ('{phone}', '{thief}', ''), ('{anna}', '{thief}', '');
             INSERT INTO tokens VALUES ('t1', '{phone}', ''), ('t2', '{anna}', '');
             INSERT INTO acknowledgements VALUES ('report', 'r1', '{anna}', '', ''), ('report', 'r2', '{phone}', '', '');
             INSERT INTO carts VALUES ('c', '{anna}', '', '{{}}', '');"
        ))
        .unwrap();
        drop(old);
        let store = Store::open(&file).unwrap();
        let all = |sql: &str| -> Vec<Option<String>> {
            let mut statement = store.connection.prepare(sql).unwrap();
            statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
        };
        let (resident, device) = (Some(format!("resident:{anna}")), Some(format!("device:{phone}")));
        assert_eq!(
            all("SELECT owner FROM records ORDER BY seq"),
            [resident.clone(), resident.clone(), device.clone(), None]
        );
        assert_eq!(all("SELECT owner FROM acknowledgements ORDER BY id"), [resident.clone(), device]);
        assert_eq!(all("SELECT owner FROM carts"), [resident]);
        assert_eq!(
            all("SELECT id FROM devices"),
            [Some(phone.to_owned())],
            "a device under a resident's id is shut out"
        );
        assert_eq!(all("SELECT token_sha256 FROM tokens"), [Some("t1".to_owned())]);
    }
}
