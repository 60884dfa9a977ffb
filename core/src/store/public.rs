//! The file of the town's public facts: read beside whoever writes, and put in the place of another in one step.
//!
//! A file put in another's place must never meet that one's write-ahead log. So each has a name of its own, and a small file
//! beside them says which one counts: renaming that one is the step.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags, Transaction};
use vicino_contract::http::PublicReportRecord;
use vicino_disk::write_whole;
use vicino_domain::{Instant, Point, fold};
use vicino_records::{FORMAT, SCHEMA};

use crate::entropy::random;
use crate::error::{Error, is_spoiled};
use crate::store::{cursors, in_transaction, records, settle};

const LOCAL: &str = include_str!("../../migrations/public/001_local.sql");
/// The name of the first file.
const FIRST: &str = "public.db";
/// Says which file counts.
const POINTER: &str = "public.name";
/// The beginning of every such file's name.
const PREFIX: &str = "public";

/// The town's public facts.
pub(crate) struct Public {
    folder: PathBuf,
    write: Mutex<Connection>,
    look: Mutex<Connection>,
    /// Tells whether the file was made anew since somebody last asked: what is remembered of it elsewhere holds no longer.
    spoiled: AtomicBool,
    /// Tells whether something in it could not be read as what it is, since the program began.
    garbled: AtomicBool,
}

impl Public {
    /// Opens the file that counts, or begins one. What a crash left beside it is swept out.
    pub(crate) fn open(folder: &Path) -> Result<Self, Error> {
        let name = name(folder);
        let file = folder.join(&name);
        let write = match open(&file) {
            Err(cause) if is_useless(&cause) => {
                tracing::warn!(%cause, "public store rebuilt");
                remove(&file);
                open(&file)?
            }
            // A full disk, or a file somebody holds: what is there stays there.
            other => other?,
        };
        sweep(folder, &name);
        let look = open(&file)?;
        let public = Self {
            folder: folder.to_owned(),
            write: Mutex::new(write),
            look: Mutex::new(look),
            spoiled: AtomicBool::new(false),
            garbled: AtomicBool::new(false),
        };
        public.write(|tx| records::look_again(tx, |_| Ok(())))?;
        Ok(public)
    }

    /// Runs work in one transaction.
    pub(crate) fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, Error>) -> Result<T, Error> {
        self.mended(in_transaction(&self.write, work))
    }

    /// Looks, beside whoever writes.
    pub(crate) fn look<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, Error>) -> Result<T, Error> {
        self.mended(in_transaction(&self.look, work))
    }

    /// Whatever came of some work; when the file turned out to be spoiled, it is made anew meanwhile, and the town tells everything again.
    fn mended<T>(&self, done: Result<T, Error>) -> Result<T, Error> {
        // Also what SQLite reads and nobody else can: once a start, for a town may have sent it like that.
        if let Err(cause) = done.as_ref()
            && (is_spoiled(cause) || is_garbled(cause) && !self.garbled.swap(true, Ordering::Relaxed))
        {
            tracing::warn!(%cause, "public store rebuilt");
            self.begin_anew()?;
            self.spoiled.store(true, Ordering::Relaxed);
        }
        done
    }

    /// Returns whether the file was spoiled, and made anew, since this was last asked.
    pub(crate) fn was_spoiled(&self) -> bool {
        self.spoiled.swap(false, Ordering::Relaxed)
    }

    /// The folder in which files wait to take the place of this one.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Puts a checked file in the place of the one that counts; the old one goes.
    pub(crate) fn replace(&self, fresh: &Path, digest: &str, cursor: &str, as_of: Instant) -> Result<(), Error> {
        let name = format!("{PREFIX}-{}.db", digest.get(..16).unwrap_or(digest));
        if name == crate::store::public::name(&self.folder) {
            return Ok(());
        }
        let file = self.folder.join(&name);
        remove(&file);
        fs::rename(fresh, &file)?;
        let connection = Connection::open(&file)?;
        settle(&connection)?;
        connection.execute_batch(LOCAL)?;
        let mut write = connection;
        let tx = write.transaction()?;
        cursors::advance(&tx, cursor, Some(as_of))?;
        tx.commit()?;
        self.put(&name, write)
    }

    /// Begins with a file that knows nothing; the old one goes.
    pub(crate) fn begin_anew(&self) -> Result<(), Error> {
        let name = format!("{PREFIX}-{:016x}.db", u64::from_be_bytes(random()?));
        let write = open(&self.folder.join(&name))?;
        self.put(&name, write)
    }

    /// From now on this file counts.
    fn put(&self, name: &str, write: Connection) -> Result<(), Error> {
        let look = open(&self.folder.join(name))?;
        // Nobody is between the two: whoever looks waits for the step.
        let mut writing = self.write.lock().unwrap_or_else(PoisonError::into_inner);
        let mut looking = self.look.lock().unwrap_or_else(PoisonError::into_inner);
        point(&self.folder, name)?;
        *writing = write;
        *looking = look;
        drop((writing, looking));
        sweep(&self.folder, name);
        Ok(())
    }
}

/// The file that counts.
fn name(folder: &Path) -> String {
    let named = fs::read_to_string(folder.join(POINTER)).unwrap_or_default();
    let sound = named.starts_with(PREFIX) && !named.contains(['/', '\\']) && folder.join(&named).is_file();
    if sound { named } else { FIRST.to_owned() }
}

/// Says, in one step, which file counts from now on.
fn point(folder: &Path, name: &str) -> Result<(), Error> {
    Ok(write_whole(&folder.join(POINTER), name.as_bytes())?)
}

fn open(file: &Path) -> Result<Connection, Error> {
    let mut connection = Connection::open(file)?;
    settle(&connection)?;
    let form: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if form == FORMAT {
        return Ok(connection);
    }
    let empty: bool = connection.query_row("SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)", [], |row| row.get(0))?;
    if !empty {
        // Of another release: the town has all of it.
        return Err(Error::OtherForm);
    }
    let tx = connection.transaction()?;
    tx.execute_batch(SCHEMA)?;
    tx.execute_batch(LOCAL)?;
    tx.pragma_update(None, "user_version", FORMAT)?;
    tx.commit()?;
    Ok(connection)
}

/// Returns whether a file is sound and of our form: for one that comes from elsewhere.
pub(crate) fn is_sound(file: &Path) -> Result<bool, Error> {
    let connection =
        Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    let form: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if form != FORMAT || !vicino_records::has_schema(&connection)? {
        return Ok(false);
    }
    // Table by table: checking the file as a whole would read every word of the index a second time, which its tables and
    // its digest vouch for.
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0";
    let names: Vec<String> = connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for name in names {
        let sql = format!("PRAGMA quick_check(\"{}\")", name.replace('"', "\"\""));
        let verdict: String = connection.query_row(&sql, [], |row| row.get(0))?;
        if verdict != "ok" {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Returns whether a value is not of the shape it was written in.
fn is_garbled(cause: &Error) -> bool {
    use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error};
    let odd = |cause: &rusqlite::Error| {
        matches!(
            cause,
            FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..) | Utf8Error(..)
        )
    };
    matches!(cause, Error::Json(_)) || matches!(cause, Error::Sqlite(cause) if odd(cause))
}

/// Returns whether a file can only be made anew: broken, or of another release.
fn is_useless(cause: &Error) -> bool {
    match cause {
        Error::OtherForm => true,
        other => is_spoiled(other),
    }
}

fn remove(file: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = file.to_owned().into_os_string();
        name.push(suffix);
        let _ = fs::remove_file(name);
    }
}

/// Takes away every public file but the one that counts.
fn sweep(folder: &Path, counts: &str) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let old = name.starts_with(PREFIX) && name.contains(".db") && !name.starts_with(counts);
        if old || (name.starts_with(POINTER) && name != POINTER) {
            // One that cannot be taken away only costs room.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// A street of the town.
pub(crate) struct Street {
    pub(crate) name: String,
    /// A point on it, where the town gave one.
    pub(crate) point: Option<Point>,
}

/// Streets in which every word begins a word of the name; those that begin with the first word come first.
pub(crate) fn find_streets(tx: &Transaction<'_>, text: &str, limit: usize) -> Result<Vec<Street>, Error> {
    let folded = fold(text);
    let words: Vec<String> = folded.split(' ').filter(|word| !word.is_empty()).map(|word| format!(" {word}")).collect();
    let Some(first) = words.first() else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    vicino_records::each(tx, "streets", |name, point: Option<Point>| {
        let folded = format!(" {}", fold(name));
        if let Some(at) =
            folded.find(first.as_str()).filter(|_| words.iter().all(|word| folded.contains(word.as_str())))
        {
            found.push((at, Street { name: name.to_owned(), point }));
        }
    })?;
    found.sort_by(|one, other| (one.0, &one.1.name).cmp(&(other.0, &other.1.name)));
    Ok(found.into_iter().take(limit).map(|(_, street)| street).collect())
}

/// Public reports in a box of degrees around a point.
pub(crate) fn around(tx: &Transaction<'_>, point: Point, lat: f64, lon: f64) -> Result<Vec<PublicReportRecord>, Error> {
    let found = vicino_records::around(tx, "public_reports", point, (lat, lon))?;
    found.iter().map(|body| Ok(serde_json::from_str(body)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::records::put;

    #[test]
    fn streets_are_found_as_one_types() {
        let folder = tempfile::tempdir().unwrap();
        let public = Public::open(folder.path()).unwrap();
        let names =
            ["Via Cesàre Battisti", "Traversa dell’Orto", "Via dell’Orto Vecchio", "Via Roma", "Piazza della Libertà"];
        let found = public.write(|tx| {
            for (n, name) in names.iter().enumerate() {
                let id = uuid::Uuid::from_u128(n as u128);
                put(tx, "streets", id, &serde_json::json!({ "id": id, "name": name }).to_string())?;
            }
            let names =
                |text| Ok::<_, Error>(find_streets(tx, text, 9)?.into_iter().map(|row| row.name).collect::<Vec<_>>());
            Ok((
                names("orto")?,
                names("via ort")?,
                names("LIBERTA")?,
                names("cesare bat")?,
                names("oma")?,
                names("  ")?,
            ))
        });
        let (orto, via_orto, liberta, cesare, middle, nothing) = found.unwrap();
        assert_eq!(orto, ["Via dell’Orto Vecchio", "Traversa dell’Orto"]);
        assert_eq!(via_orto, ["Via dell’Orto Vecchio"]);
        assert_eq!(liberta, ["Piazza della Libertà"]);
        assert_eq!(cesare, ["Via Cesàre Battisti"]);
        assert!(middle.is_empty() && nothing.is_empty());
    }

    #[test]
    fn broken_public_facts_are_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FIRST), vec![0x5a; 8192]).unwrap();
        let public = Public::open(folder.path()).unwrap();
        assert!(public.look(cursors::read).unwrap().cursor.is_none());
    }

    #[test]
    fn facts_that_break_while_they_are_read_are_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        let public = Public::open(folder.path()).unwrap();
        let body = |n: u128| serde_json::json!({ "id": uuid::Uuid::from_u128(n), "name": "x".repeat(900) }).to_string();
        public
            .write(|tx| {
                (0..400).try_for_each(|n| put(tx, "streets", uuid::Uuid::from_u128(n), &body(n)))?;
                cursors::advance(tx, "cursor", Some(Instant::default()))
            })
            .unwrap();
        drop(public);
        // Deep in the file, where opening does not look.
        let file = folder.path().join(FIRST);
        let mut bytes = fs::read(&file).unwrap();
        let (from, to) = (bytes.len() / 4, bytes.len() * 9 / 10);
        bytes[from..to].fill(0x5a);
        fs::write(&file, bytes).unwrap();
        let public = Public::open(folder.path()).unwrap();
        let count = || public.look(|tx| Ok(vicino_records::bodies(tx, "streets")?.len()));
        assert!(count().is_err() && public.was_spoiled() && !public.was_spoiled());
        assert_eq!(count().unwrap(), 0);
        assert!(public.look(cursors::read).unwrap().cursor.is_none(), "the town tells everything again");
    }

    #[test]
    fn a_pointer_to_nowhere_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(POINTER), "public-../../etc/passwd").unwrap();
        assert!(Public::open(folder.path()).is_ok());
        assert_eq!(name(folder.path()), FIRST);
    }
}
