//! The only room of the core that knows SQL: one table, one file; every write in a transaction.
//!
//! Two files. `private.db` holds what the resident said and what the town told only them; it is encrypted as a whole
//! and written with `synchronous=FULL`: after a commit returns, a power cut loses nothing. `public.db` holds the
//! town's public facts; it is plain, and is made anew when it cannot be read.

pub(crate) mod cursors;
pub(crate) mod drafts;
pub(crate) mod identity;
pub(crate) mod messages;
pub(crate) mod outbox;
pub(crate) mod photos;
pub(crate) mod public;
pub(crate) mod reports;
pub(crate) mod settings;

use std::fs;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};
use rusqlite_migration::{M, Migrations};
use vicino_domain::Instant;

use crate::error::Error;

const PRIVATE: &[M<'static>] = &[M::up(include_str!("../migrations/private/001_first.sql"))];
const PUBLIC: &[M<'static>] = &[M::up(include_str!("../migrations/public/001_first.sql"))];

/// Older ones can corrupt a write-ahead log under concurrent checkpoints.
const OLDEST_SQLITE: i32 = 3_051_003;

/// The device's two databases.
pub(crate) struct Store {
    private: Mutex<Connection>,
    public: Mutex<Connection>,
}

impl Store {
    /// Opens both files in this folder, makes them if need be, and brings them to this release's schema.
    pub(crate) fn open(folder: &Path, key: &[u8; 32]) -> Result<Self, Error> {
        if rusqlite::version_number() < OLDEST_SQLITE {
            return Err(Error::OldSqlite(rusqlite::version()));
        }
        let private = open_private(&folder.join("private.db"), key)?;
        let file = folder.join("public.db");
        let public = open_public(&file).or_else(|cause| {
            tracing::warn!(%cause, "the public facts are read again from the town");
            for suffix in ["", "-wal", "-shm"] {
                let mut name = file.clone().into_os_string();
                name.push(suffix);
                let _ = fs::remove_file(name);
            }
            open_public(&file)
        })?;
        Ok(Self { private: Mutex::new(private), public: Mutex::new(public) })
    }

    /// Runs work on the private file in one transaction.
    pub(crate) fn private<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, Error>) -> Result<T, Error> {
        in_transaction(&self.private, work)
    }

    /// Runs work on the public file in one transaction.
    pub(crate) fn public<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, Error>) -> Result<T, Error> {
        in_transaction(&self.public, work)
    }
}

fn in_transaction<T>(
    connection: &Mutex<Connection>,
    work: impl FnOnce(&Transaction<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    // A panic while holding the lock rolled its transaction back: what is behind it is sound.
    let mut connection: MutexGuard<'_, Connection> = connection.lock().unwrap_or_else(PoisonError::into_inner);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Deferred)?;
    let done = work(&transaction)?;
    transaction.commit()?;
    Ok(done)
}

fn open_private(file: &Path, key: &[u8; 32]) -> Result<Connection, Error> {
    let mut connection = Connection::open(file)?;
    // A raw key: a passphrase would cost a third of a second at every start (SQLCipher, "PRAGMA key").
    let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    connection.pragma_update(None, "key", format!("x'{hex}'"))?;
    // A wrong key shows here, before anything else is believed.
    connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
    settle(&mut connection, "FULL", PRIVATE)?;
    Ok(connection)
}

fn open_public(file: &Path) -> Result<Connection, Error> {
    let mut connection = Connection::open(file)?;
    settle(&mut connection, "NORMAL", PUBLIC)?;
    Ok(connection)
}

fn settle(connection: &mut Connection, synchronous: &str, steps: &[M<'static>]) -> Result<(), Error> {
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.set_prepared_statement_cache_capacity(64);
    Migrations::from_slice(steps).to_latest(connection)?;
    Ok(())
}

/// A moment as it is stored.
pub(crate) fn millis(at: Instant) -> i64 {
    at.timestamp_millis()
}

/// A stored moment; one that is none reads as the beginning of time.
pub(crate) fn instant(millis: i64) -> Instant {
    Instant::from_timestamp_millis(millis).unwrap_or_default()
}

/// A stored identity. What no release ever wrote reads as the identity of nothing.
pub(crate) fn id<T: std::str::FromStr>(text: &str) -> Result<T, Error> {
    text.parse().map_err(|_| Error::not_found())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_private_file_is_unreadable_without_its_key() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), &[1; 32]).unwrap();
        store
            .private(|tx| {
                drafts::save(tx, "canary", &serde_json::json!({"title": "Canarino"}).to_string(), 1, Instant::default())
            })
            .unwrap();
        drop(store);
        for name in ["private.db", "private.db-wal"] {
            let bytes = fs::read(folder.path().join(name)).unwrap_or_default();
            assert!(!bytes.windows(8).any(|window| window == b"Canarino"), "{name}");
            assert!(!bytes.starts_with(b"SQLite format 3"), "{name}");
        }
        assert!(Store::open(folder.path(), &[2; 32]).is_err());
        assert!(Store::open(folder.path(), &[1; 32]).is_ok());
    }

    #[test]
    fn broken_public_facts_are_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("public.db"), vec![0x5a; 8192]).unwrap();
        let store = Store::open(folder.path(), &[1; 32]).unwrap();
        assert!(store.public(cursors::public).unwrap().cursor.is_none());
    }

    #[test]
    fn the_steps_are_well_formed() {
        Migrations::from_slice(PRIVATE).validate().unwrap();
        Migrations::from_slice(PUBLIC).validate().unwrap();
    }
}
