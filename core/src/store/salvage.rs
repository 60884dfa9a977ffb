//! What can still be read of a damaged private file, taken over into a new one; the damaged one is kept beside it.
//!
//! Only what stands nowhere else is taken over: drafts, what waits to be sent, what was sent, papers, who one is. The town tells its own
//! records again. Each page of the file vouches for itself (SQLCipher), so what is read is what was written; a page that does not is a
//! hole in its table, and reading goes on behind it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, Transaction, params_from_iter};
use serde::Serialize;
use vicino_disk::write_whole;

use crate::error::{Error, is_spoiled};
use crate::store::{bring_to_latest, open_private_of, release_of, unlock};

/// The tables that nobody but this device has.
const ONLY_HERE: &[&str] = &[
    "town",
    "identity",
    "settings",
    "person",
    "drafts",
    "photos",
    "reports",
    "messages",
    "outbox",
    "case_drafts",
    "cases",
    "files",
    "threads_read",
    "payment_facts",
    "kept_notices",
    "carts",
    "papers",
    "once",
];
/// The file itself, and what is being made of it.
const PRIVATE: &str = "private.db";
/// The folder of the files that it names, beside it.
const FILES: &str = "files";
const MADE: &str = "mended.db";
/// Says that what was made is whole, and under which name the damaged file is kept.
const MARK: &str = "mended";
/// Says that a page could not be read.
const NOTED: &str = "damaged";
/// What SQLite keeps beside a file, and the file.
const SUFFIXES: [&str; 3] = ["-wal", "-shm", ""];
/// Holes of one table that are stepped over, each wider than the one before it.
const PATIENCE: u32 = 40;

/// From this many rows on, a step over a hole is twice the one before it; until then it is one row wider.
const FAR: i64 = 16;

/// The outcome of a damaged file.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Salvaged {
    /// The damaged file, under the name it is kept by.
    pub kept: PathBuf,
    /// Rows that were taken over.
    pub rows: u64,
    /// Places where something could not be read; how much stood there nobody knows.
    pub holes: u64,
}

/// Notes that a page of the private file in this folder could not be read: the next start mends it.
pub(crate) fn note(folder: &Path) {
    // On a full disk it is met again.
    let _ = write_whole(&folder.join(NOTED), b"");
}

/// Returns whether a page of it could not be read since it was last mended.
pub(crate) fn is_noted(folder: &Path) -> bool {
    folder.join(NOTED).exists()
}

/// Returns whether the private file of a folder that had one is gone, or empty. Its sealed files are made after it, so a first start that
/// was cut off has none.
pub(crate) fn is_missing(folder: &Path) -> bool {
    let is_there = fs::metadata(folder.join(PRIVATE)).is_ok_and(|file| file.len() > 0);
    !is_there && folder.join(FILES).is_dir()
}

/// Puts the sealed files of a store that is gone aside, so that no sweep takes them away: they can be read again once the store and its key
/// are put back from a copy. Answers their new folder.
pub(crate) fn put_files_aside(folder: &Path) -> Result<PathBuf, Error> {
    let free = (1_u32..).map(|n| folder.join(format!("{FILES}-{n}"))).find(|name| !name.exists());
    let kept = free.ok_or_else(Error::not_found)?;
    fs::rename(folder.join(FILES), &kept)?;
    Ok(kept)
}

/// Begins a private file anew where the one before is gone.
pub(crate) fn begin_anew(folder: &Path, key: &[u8; 32], kept: PathBuf) -> Result<Salvaged, Error> {
    // A log without its file says nothing, and must not stand beside another.
    for suffix in SUFFIXES {
        match fs::remove_file(with(&folder.join(PRIVATE), suffix)) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(cause.into()),
            _ => {}
        }
    }
    open_private_of(&folder.join(PRIVATE), key, None)?;
    let _ = fs::remove_file(folder.join(NOTED));
    Ok(Salvaged { kept, rows: 0, holes: 1 })
}

/// Returns whether the private file in this folder is damaged somewhere: every page is looked at.
pub(crate) fn is_damaged(folder: &Path, key: &[u8; 32]) -> Result<bool, Error> {
    let file = folder.join(PRIVATE);
    if !file.exists() {
        return Ok(false);
    }
    let looked = unlock(&file, key).and_then(|connection| {
        // Every page by itself: what the codec says afterwards, when it is asked for more, is no matter.
        let mut faults = connection.prepare("PRAGMA cipher_integrity_check")?;
        if faults.query([])?.next()?.is_some() {
            return Ok(true);
        }
        let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        Ok(verdict != "ok")
    });
    match looked {
        Err(Error::KeyDoesNotFit) => Ok(true),
        // A system that is short of memory is no damage.
        Err(cause) if is_spoiled(&cause) => Ok(true),
        Ok(false) => {
            let _ = fs::remove_file(folder.join(NOTED));
            Ok(false)
        }
        other => other,
    }
}

/// Makes another private file of what can be read of the one in this folder, and puts it in its place. Until the last step the damaged one is
/// where it was, and nothing of it is written to; what was cut off begins again, or is ended by [`finish`].
pub(crate) fn salvage(folder: &Path, key: &[u8; 32]) -> Result<Salvaged, Error> {
    let (file, made) = (folder.join(PRIVATE), folder.join(MADE));
    // What an earlier try left: without its mark it is not whole.
    for suffix in SUFFIXES {
        let _ = fs::remove_file(with(&made, suffix));
    }
    let free = (1_u32..).map(|n| format!("damaged-{n}.db")).find(|name| !folder.join(name).exists());
    let name = free.ok_or_else(Error::not_found)?;
    let mut salvaged = Salvaged { kept: folder.join(&name), ..Salvaged::default() };
    let release = match unlock(&file, key).and_then(|damaged| release_of(&damaged)) {
        Ok(release) => Some(release),
        // Not even its first page: there is nothing to look for behind it.
        Err(cause) if is_hole(&cause) => None,
        Err(cause) => return Err(cause),
    };
    // Made as the release made it that wrote the damaged one, and brought up when its rows are in: what an upgrade fills in, it fills in.
    let mut fresh = open_private_of(&made, key, release)?;
    if release.is_some() {
        fresh.pragma_update(None, "foreign_keys", false)?;
        let tx = fresh.transaction()?;
        for table in ONLY_HERE {
            let (rows, holes) = take_over(&tx, (&file, key), table)?;
            salvaged.rows += rows;
            salvaged.holes += holes;
        }
        tx.commit()?;
        bring_to_latest(&mut fresh)?;
        // Whatever was delivered is looked for in what the town tells again.
        fresh.execute("UPDATE outbox SET confirmed = 0", [])?;
        fresh.execute("UPDATE reports SET seen = 0", [])?;
    } else {
        salvaged.holes = 1;
    }
    // All of it in one file, with no log beside it.
    fresh.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    fresh.close().map_err(|(_, cause)| Error::from(cause))?;
    // The step: from here on the new one counts.
    write_whole(&folder.join(MARK), name.as_bytes())?;
    finish(folder)?;
    Ok(salvaged)
}

/// Ends a mend whose step was taken: the damaged file, with its log, is kept under its name, and the new one takes its place.
pub(crate) fn finish(folder: &Path) -> Result<(), Error> {
    let (file, made, mark) = (folder.join(PRIVATE), folder.join(MADE), folder.join(MARK));
    let name = match fs::read_to_string(&mark) {
        Ok(name) => name,
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(other) => return Err(other.into()),
    };
    // Where the new one stands in its place already, nothing there is the damaged one's any more.
    if made.exists() {
        let kept = folder.join(name.trim());
        // The file itself last: a log must never stand beside a file that is not its own.
        for suffix in SUFFIXES {
            match fs::rename(with(&file, suffix), with(&kept, suffix)) {
                Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(cause.into()),
                _ => {}
            }
        }
        fs::rename(&made, &file)?;
        #[cfg(unix)]
        fs::File::open(folder)?.sync_all()?;
    }
    let _ = fs::remove_file(folder.join(NOTED));
    Ok(fs::remove_file(mark)?)
}

/// A database's file, or what SQLite keeps beside it.
fn with(file: &Path, suffix: &str) -> PathBuf {
    PathBuf::from(format!("{}{suffix}", file.display()))
}

/// Takes the rows of a table over: how many, and over how many holes.
fn take_over(tx: &Transaction<'_>, old: (&Path, &[u8; 32]), table: &str) -> Result<(u64, u64), Error> {
    let (mut rows, mut holes, mut after, mut step) = (0, 0, 0_i64, 1_i64);
    loop {
        let before = after;
        match rows_after(tx, old, table, &mut after) {
            Ok(taken) => return Ok((rows + taken, holes)),
            // A disk that is full is no hole.
            Err(cause) if !is_hole(&cause) => return Err(cause),
            Err(cause) => {
                tracing::warn!(%cause, table, "unreadable rows skipped while a store is rebuilt");
                rows += u64::try_from(after - before).unwrap_or_default();
                holes += 1;
                // Behind one hole the steps are small again.
                step = match step {
                    _ if after > before => 1,
                    small @ 0..FAR => small + 1,
                    wide => wide.saturating_mul(2),
                };
                after = after.saturating_add(step);
            }
        }
        if holes >= u64::from(PATIENCE) {
            return Ok((rows, holes));
        }
    }
}

/// Returns whether the old file, and nothing else, is at fault.
fn is_hole(cause: &Error) -> bool {
    let inner = match cause {
        Error::KeyDoesNotFit => return true,
        Error::Sqlite(inner) => inner,
        _ => return false,
    };
    // A codec that met a broken page refuses everything afterwards, each time in other words.
    let codes = [rusqlite::ErrorCode::OutOfMemory, rusqlite::ErrorCode::SystemIoFailure, rusqlite::ErrorCode::Unknown];
    is_spoiled(cause) || inner.sqlite_error_code().is_some_and(|code| codes.contains(&code))
}

/// Takes over the rows behind this one; `after` follows. A connection that met a broken page is of no use any more: each try has its own.
fn rows_after(
    tx: &Transaction<'_>,
    (file, key): (&Path, &[u8; 32]),
    table: &str,
    after: &mut i64,
) -> Result<u64, Error> {
    let old = unlock(file, key)?;
    let known = columns(&old, table)?;
    let columns: Vec<String> = columns(tx, table)?.into_iter().filter(|name| known.contains(name)).collect();
    if columns.is_empty() {
        return Ok(0);
    }
    let list = columns.join(", ");
    let marks = vec!["?"; columns.len()].join(", ");
    let mut insert = tx.prepare_cached(&format!("INSERT OR REPLACE INTO {table} ({list}) VALUES ({marks})"))?;
    let mut select = old.prepare(&format!("SELECT rowid, {list} FROM {table} WHERE rowid > ?1 ORDER BY rowid"))?;
    let mut rows = select.query([*after])?;
    let mut taken = 0;
    while let Some(row) = rows.next()? {
        let values: Vec<Value> = (1..=columns.len()).map(|at| row.get(at)).collect::<Result<_, _>>()?;
        // A fault of the new file is no hole in the old one: it ends the mend, and nothing is taken away.
        insert.execute(params_from_iter(values)).map_err(|cause| Error::Io(io::Error::other(cause)))?;
        *after = row.get(0)?;
        taken += 1;
    }
    Ok(taken)
}

fn columns(connection: &Connection, table: &str) -> Result<Vec<String>, Error> {
    let mut statement = connection.prepare("SELECT name FROM pragma_table_info(?1)")?;
    Ok(statement.query_map([table], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests;
