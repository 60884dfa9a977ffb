//! The only room of the core that knows SQL: one table, one file; every write in a transaction.
//!
//! Two files. `private.db` holds what a resident said and what the town told only them: one for each who uses this device,
//! encrypted as a whole with a key of its own. `public.db` holds the town's public facts ([`public`]); it is plain, shared,
//! and is made anew when it cannot be read. Both keep the town's records in the tables of `vicino_records`, and are written
//! with `synchronous=FULL`: after a commit returns, a power cut loses nothing.

pub(crate) mod cases;
pub(crate) mod certificates;
pub(crate) mod cursors;
pub(crate) mod drafts;
pub(crate) mod files;
pub(crate) mod finding;
pub(crate) mod identity;
pub(crate) mod inbox;
pub(crate) mod matters;
pub(crate) mod messages;
pub(crate) mod outbox;
pub(crate) mod papers;
pub(crate) mod payments;
pub(crate) mod person;
pub(crate) mod photos;
pub(crate) mod public;
pub(crate) mod records;
pub(crate) mod reports;
pub(crate) mod salvage;
pub(crate) mod settings;
pub(crate) mod signatures;
pub(crate) mod told;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};
use rusqlite_migration::{M, Migrations};
use vicino_domain::Instant;

use crate::error::{Error, is_spoiled};
pub(crate) use public::Public;

const PRIVATE: &[M<'static>] = &[
    M::up(include_str!("../migrations/private/001_first.sql")),
    M::up(include_str!("../migrations/private/002_records.sql")),
    M::up(include_str!("../migrations/private/003_people.sql")),
    M::up(include_str!("../migrations/private/004_cases.sql")),
    M::up(include_str!("../migrations/private/005_files.sql")),
    M::up(include_str!("../migrations/private/006_inbox.sql")),
    M::up(include_str!("../migrations/private/007_payments.sql")),
    M::up(include_str!("../migrations/private/008_shelf.sql")),
    M::up(include_str!("../migrations/private/009_lack.sql")),
    M::up(include_str!("../migrations/private/010_folded.sql")),
];

/// Older ones can corrupt a write-ahead log under concurrent checkpoints.
const OLDEST_SQLITE: i32 = 3_051_003;

/// The two databases of whoever uses this device now.
pub(crate) struct Store {
    folder: PathBuf,
    private: Mutex<Connection>,
    public: Arc<Public>,
}

impl Store {
    /// Opens the private file in this folder, makes it if need be, and brings it to this release's schema.
    pub(crate) fn open(folder: &Path, key: &[u8; 32], public: Arc<Public>) -> Result<Self, Error> {
        if rusqlite::version_number() < OLDEST_SQLITE {
            return Err(Error::OldSqlite(rusqlite::version()));
        }
        salvage::finish(folder)?;
        let private = open_private(&folder.join("private.db"), key)?;
        let store = Self { folder: folder.to_owned(), private: Mutex::new(private), public };
        store.private(told::after_upgrade)?;
        store.private(|tx| {
            records::look_again(tx, |record| {
                reports::apply(tx, record, record.received_at)?;
                finding::put_report(tx, vicino_domain::ReportId::from_uuid(record.id))
            })
        })?;
        Ok(store)
    }

    /// Runs work on the private file in one transaction.
    pub(crate) fn private<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let done = in_transaction(&self.private, work);
        if done.as_ref().is_err_and(is_spoiled) {
            // Met deep in the file, where opening does not look: the next start mends it.
            salvage::note(&self.folder);
        }
        done
    }

    /// Runs work on the public file in one transaction.
    pub(crate) fn public<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, Error>) -> Result<T, Error> {
        self.public.write(work)
    }

    /// Looks into the public file beside whoever writes there.
    pub(crate) fn look<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, Error>) -> Result<T, Error> {
        self.public.look(work)
    }

    /// The public file itself.
    pub(crate) fn shelf(&self) -> &Arc<Public> {
        &self.public
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
    let mut connection = unlock(file, key)?;
    settle(&connection)?;
    Migrations::from_slice(PRIVATE).to_latest(&mut connection)?;
    Ok(connection)
}

/// Opens a private file as it is.
fn unlock(file: &Path, key: &[u8; 32]) -> Result<Connection, Error> {
    let connection = Connection::open(file)?;
    // The caller reports the error in a sentence of ours; SQLite's own text would end up on a resident's terminal.
    connection.pragma_update(None, "cipher_log_level", "NONE")?;
    // A raw key: a passphrase would cost a third of a second at every start (SQLCipher, "PRAGMA key").
    let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    connection.pragma_update(None, "key", format!("x'{hex}'"))?;
    // A wrong key shows here, before anything else is believed.
    let first: rusqlite::Result<()> = connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()));
    match first {
        // Its first page is not what this key wrote: another's, or damaged. Nobody can tell which.
        Err(cause) if cause.sqlite_error_code() == Some(ErrorCode::NotADatabase) => Err(Error::KeyDoesNotFit),
        other => other.map(|()| connection).map_err(Error::from),
    }
}

/// What holds for every connection.
fn settle(connection: &Connection) -> Result<(), Error> {
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.set_prepared_statement_cache_capacity(96);
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
pub(crate) mod tests {
    use super::*;
    use std::fs;

    /// A store in this folder, with this key.
    pub(crate) fn open(folder: &Path, key: u8) -> Result<Store, Error> {
        let public = Arc::new(Public::open(folder)?);
        Store::open(folder, &[key; 32], public)
    }

    #[test]
    fn the_private_file_is_unreadable_without_its_key() {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path(), 1).unwrap();
        store
            .private(|tx| {
                drafts::save(
                    tx,
                    "canary",
                    &serde_json::json!({"title": "Canarino"}).to_string(),
                    1,
                    Instant::default(),
                )?;
                let face =
                    vicino_records::face::Face { title: "Canarino".into(), understood: true, ..Default::default() };
                finding::put(tx, "reports", uuid::Uuid::nil(), &face)
            })
            .unwrap();
        drop(store);
        for name in ["private.db", "private.db-wal"] {
            let bytes = fs::read(folder.path().join(name)).unwrap_or_default();
            assert!(!bytes.windows(8).any(|window| window.eq_ignore_ascii_case(b"canarino")), "{name}");
            assert!(!bytes.starts_with(b"SQLite format 3"), "{name}");
        }
        assert!(open(folder.path(), 2).is_err());
        assert!(open(folder.path(), 1).is_ok());
    }

    #[test]
    fn what_an_office_gave_before_the_upgrade_is_on_the_shelf() {
        let folder = tempfile::tempdir().unwrap();
        let (case, file) = (uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(2));
        let body = serde_json::json!({
            "id": case, "number": "1", "service": uuid::Uuid::nil(), "office": uuid::Uuid::nil(), "title": "Mensa", "state": "accepted",
            "received_at": "2026-03-12T08:00:00Z", "sent_at": "2026-03-12T08:00:00Z", "form": {}, "answers": {}, "messages": [],
            "history": [{ "state": "accepted", "at": "2026-03-14T08:00:00Z", "files": [
                { "id": file, "sha256": "00".repeat(32), "size": 1, "name": "esito.pdf", "media": "application/pdf", "arrived": true }
            ] }],
        });
        // A store as the release before left it.
        let mut old = Connection::open(folder.path().join("private.db")).unwrap();
        old.pragma_update(None, "key", format!("x'{}'", "01".repeat(32))).unwrap();
        Migrations::from_slice(PRIVATE).to_version(&mut old, 7).unwrap();
        let tx = old.transaction().unwrap();
        let face = vicino_records::face::face("cases", &body.to_string());
        let mut filling = vicino_records::Filling::new(&tx);
        filling.put("cases", case, 1, Some(&body.to_string()), &face).unwrap();
        filling.end().unwrap();
        tx.execute(
            "INSERT INTO files (id, matter, sha256, name, media, bytes, here, arrived) VALUES (?1, ?2, ?3, 'esito.pdf', 'application/pdf', 1, 1, 1)",
            rusqlite::params![file.to_string(), case.to_string(), "00".repeat(32)],
        )
        .unwrap();
        tx.commit().unwrap();
        drop(old);
        let given = |store: &Store| store.private(files::given).unwrap();
        let store = open(folder.path(), 1).unwrap();
        let all = given(&store);
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].given_at, Some("2026-03-14T08:00:00Z".parse().unwrap()));
        drop(store);
        assert_eq!(given(&open(folder.path(), 1).unwrap()), all, "once");
    }

    #[test]
    fn the_steps_are_well_formed() {
        Migrations::from_slice(PRIVATE).validate().unwrap();
    }
}
