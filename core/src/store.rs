//! The only room of the core that knows SQL: one table, one file; every write in a transaction.
//!
//! Two files. `private.db` holds what a resident said and what the town told only them: one for each who uses this device,
//! encrypted as a whole with a key of its own. `public.db` holds the town's public facts ([`public`]); it is plain, shared,
//! and is made anew when it cannot be read. Both keep the town's records in the tables of `vicino_records`, and are written
//! with `synchronous=FULL`: after a commit returns, a power cut loses nothing.

pub(crate) mod codec;
pub(crate) mod cursors;
pub(crate) mod files;
pub(crate) mod finding;
pub(crate) mod identity;
pub(crate) mod inbox;
pub(crate) mod messages;
pub(crate) mod outbox;
pub(crate) mod person;
pub(crate) mod public;
pub(crate) mod records;
pub(crate) mod request;
pub(crate) mod salvage;
pub(crate) mod settings;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};
use rusqlite_migration::{M, MigrationDefinitionError, Migrations};

use crate::error::{Error, is_unreadable};
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
    M::up(include_str!("../migrations/private/011_matter_kind.sql")),
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
        if salvage::is_missing(folder) {
            return Err(Error::StoreIsMissing);
        }
        let private = open_private(&folder.join("private.db"), key)?;
        Ok(Self { folder: folder.to_owned(), private: Mutex::new(private), public })
    }

    /// Runs work on the private file in one transaction.
    pub(crate) fn private<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let done = in_transaction(&self.private, work);
        if done.as_ref().is_err_and(is_unreadable) {
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

/// Returns whether this is still to be done once, by an upgrade that asked for it; from here on it counts as done.
pub(crate) fn once(tx: &Transaction<'_>, what: &str) -> Result<bool, Error> {
    Ok(tx.execute("DELETE FROM once WHERE what = ?1", [what])? > 0)
}

fn open_private(file: &Path, key: &[u8; 32]) -> Result<Connection, Error> {
    open_private_of(file, key, None)
}

/// Opens a private file and brings it to the schema of this many migrations; of none named, to the latest.
fn open_private_of(file: &Path, key: &[u8; 32], release: Option<usize>) -> Result<Connection, Error> {
    let mut connection = unlock(file, key)?;
    settle(&connection)?;
    match release {
        Some(release) => Migrations::from_slice(PRIVATE).to_version(&mut connection, release)?,
        None => bring_to_latest(&mut connection)?,
    }
    Ok(connection)
}

/// Brings a private file to this release's schema.
fn bring_to_latest(connection: &mut Connection) -> Result<(), Error> {
    Ok(Migrations::from_slice(PRIVATE).to_latest(connection)?)
}

/// The number of migrations that a private file has had.
fn release_of(connection: &Connection) -> Result<usize, Error> {
    let had: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let had = usize::try_from(had).unwrap_or(usize::MAX);
    // A later release wrote it: nothing here may make another file of it.
    let newer = || rusqlite_migration::Error::MigrationDefinition(MigrationDefinitionError::DatabaseTooFarAhead);
    if had <= PRIVATE.len() { Ok(had) } else { Err(newer().into()) }
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

/// Sets what holds for every connection.
fn settle(connection: &Connection) -> Result<(), Error> {
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.set_prepared_statement_cache_capacity(96);
    Ok(())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::matters::report::drafts_store;
    use std::fs;
    use vicino_contract::{Matter, MatterKind, MessageKind};
    use vicino_domain::Instant;

    /// A store in this folder, with this key.
    pub(crate) fn open(folder: &Path, key: u8) -> Result<Store, Error> {
        let public = Arc::new(Public::open(folder)?);
        let store = Store::open(folder, &[key; 32], public)?;
        crate::matters::bring_up::bring_up(&store)?;
        Ok(store)
    }

    #[test]
    fn the_private_file_is_unreadable_without_its_key() {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path(), 1).unwrap();
        store
            .private(|tx| {
                drafts_store::save(
                    tx,
                    "canary",
                    &serde_json::json!({"title": "Canarino"}).to_string(),
                    1,
                    Instant::default(),
                )?;
                let entry = vicino_records::index_entry::IndexEntry {
                    title: "Canarino".into(),
                    understood: true,
                    ..Default::default()
                };
                finding::put(tx, "reports", uuid::Uuid::nil(), &entry)
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
        let entry = vicino_records::index_entry::index_entry("cases", &body.to_string());
        let mut writer = vicino_records::IndexWriter::new(&tx);
        writer.put("cases", case, 1, Some(&body.to_string()), &entry).unwrap();
        writer.end().unwrap();
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
    fn what_hangs_on_a_matter_of_before_learns_its_kind() {
        let folder = tempfile::tempdir().unwrap();
        let mut old = Connection::open(folder.path().join("private.db")).unwrap();
        old.pragma_update(None, "key", format!("x'{}'", "01".repeat(32))).unwrap();
        // A store as the release before left it: every kind of request, and files of every kind of matter.
        Migrations::from_slice(PRIVATE).to_version(&mut old, 10).unwrap();
        let id = |n: usize| uuid::Uuid::from_u128(n as u128 + 1);
        let tx = old.transaction().unwrap();
        for (n, kind) in MessageKind::ALL.iter().enumerate() {
            tx.execute(
                "INSERT INTO outbox (id, matter, kind, subject, body, saved_at) VALUES (?1, ?2, ?3, ?2, x'', 0)",
                [id(n).to_string(), id(n).to_string(), kind.code().to_owned()],
            )
            .unwrap();
        }
        // What an upgrade does with whole records is told elsewhere.
        tx.execute("DELETE FROM once", []).unwrap();
        let (report, paper, notice, told, nobody) = (id(100), id(101), id(102), id(103), id(104));
        tx.execute("INSERT INTO reports (id, body, sent_at, changed_at) VALUES (?1, '{}', 0, 0)", [report.to_string()])
            .unwrap();
        tx.execute("INSERT INTO papers (id, kind, name, kept_at) VALUES (?1, 'other', '', 0)", [paper.to_string()])
            .unwrap();
        tx.execute(
            "INSERT INTO kept_notices (id, creditor, number, amount, creditor_name, title, kept_at)
             VALUES (?1, '', '', 0, '', '', 0)",
            [notice.to_string()],
        )
        .unwrap();
        let entry = vicino_records::index_entry::index_entry("certificates", "{}");
        let mut writer = vicino_records::IndexWriter::new(&tx);
        writer.put("certificates", told, 1, Some("{}"), &entry).unwrap();
        writer.end().unwrap();
        for matter in [report, paper, notice, told, nobody] {
            tx.execute(
                "INSERT INTO files (id, matter, sha256, name, media, bytes, here) VALUES (?1, ?1, ?2, '', '', 1, 1)",
                [matter.to_string(), "00".repeat(32)],
            )
            .unwrap();
            tx.execute("INSERT INTO threads_read (matter, up_to) VALUES (?1, 0)", [matter.to_string()]).unwrap();
        }
        tx.commit().unwrap();
        drop(old);
        let store = open(folder.path(), 1).unwrap();
        store
            .private(|tx| {
                for request in outbox::pending(tx)? {
                    assert_eq!(request.matter.kind(), request.kind.matter(), "{}", request.kind);
                }
                let wanted = [
                    (report, MatterKind::Report),
                    (paper, MatterKind::Paper),
                    (notice, MatterKind::Notice),
                    (told, MatterKind::Certificate),
                    (nobody, MatterKind::Report),
                ];
                for (id, kind) in wanted {
                    let file = files::find(tx, vicino_domain::AttachmentId::from_uuid(id))?.unwrap();
                    assert_eq!(file.matter, Matter::new(kind, id));
                    let sql = "SELECT matter_kind FROM threads_read WHERE matter = ?1";
                    let read: String = tx.query_row(sql, [id.to_string()], |row| row.get(0))?;
                    assert_eq!(read, kind.code());
                }
                Ok(())
            })
            .unwrap();
    }

    /// A store of every release before opens with this one, and is of this one then.
    #[test]
    fn a_store_of_every_schema_before_is_brought_up() {
        for had in 1..PRIVATE.len() {
            let folder = tempfile::tempdir().unwrap();
            drop(open_private_of(&folder.path().join("private.db"), &[1; 32], Some(had)).unwrap());
            let store = open(folder.path(), 1).unwrap_or_else(|cause| panic!("of schema {had}: {cause}"));
            let now: usize = store
                .private(|tx| Ok(tx.query_row("PRAGMA user_version", [], |row| row.get::<_, u32>(0))? as usize))
                .unwrap();
            assert_eq!(now, PRIVATE.len(), "of schema {had}");
        }
    }

    #[test]
    fn the_steps_are_well_formed() {
        Migrations::from_slice(PRIVATE).validate().unwrap();
    }
}
