//! The only room of the server that knows SQL: one file, few tables, every write in one transaction with its effect.

mod certificates;
mod devices;
mod lineage;
mod operators;
mod payments;
mod people;
mod records;
mod requests;
pub(crate) mod sessions;
mod snapshot;
mod uploads;

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};
use rusqlite_migration::{M, Migrations};
use thiserror::Error;

use crate::reader::Owner;

pub(crate) use certificates::{certificate_of, number_certificate, open_certificates};
pub(crate) use devices::{device_of, is_device, keep_token, register_device};
pub use lineage::Cursor;
pub(crate) use operators::{add_operator, audit, audited, brings, brought, end_operator, operator_of, operators};
pub(crate) use payments::{
    OpenCart, due_receipts, find_cart, keep_cart, keep_looked_at, keep_read, looked_at, notice_of, point_numbers,
    tell_later, to_read, unread,
};
pub(crate) use people::{entrust, resident_by_tax_code, wards};
pub use records::Record;
pub(crate) use records::{add, all, bury, find, write};
pub(crate) use requests::{acknowledged, keep_acknowledgement, next_number, next_protocol};
pub(crate) use snapshot::fill as fill_snapshot;
pub use uploads::Upload;
pub(crate) use uploads::{create_upload, end_upload, expired_uploads, find_upload, upload_of, whole_files};

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
];
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
}

/// The town's register.
pub struct Store {
    connection: Connection,
    boot: lineage::Boot,
}

impl Store {
    /// Opens the register in this file, makes it if need be, and notes the start.
    ///
    /// # Errors
    /// [`StoreError`] when the file cannot be opened or is of a newer release.
    pub fn open(file: &Path) -> Result<Self, StoreError> {
        let mut connection = Connection::open(file)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        MIGRATIONS.to_latest(&mut connection)?;
        let boot = lineage::begin(&connection)?;
        Ok(Self { connection, boot })
    }

    /// Reads, as things stand now.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        work(&self.connection)
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

/// Several owners as one value: a JSON list, for `json_each`.
fn list(owners: &[Owner]) -> String {
    let quoted: Vec<String> = owners.iter().map(|owner| format!("\"{owner}\"")).collect();
    format!("[{}]", quoted.join(","))
}
