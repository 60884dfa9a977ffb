//! Files of cases and threads: which matter they belong to, how much of each the town has, and how much is here.

use chrono::NaiveDate;
use rusqlite::{Params, Row, Transaction, params};
use vicino_contract::Matter;
use vicino_contract::http::{FileBody, FileRecord};
use vicino_domain::{AttachmentId, Instant, MessageId, Sha256};

use crate::error::Error;
use crate::store::codec::{Millis, Text, matter};

/// What a file goes with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum With {
    /// The case itself.
    Case,
    /// A message being written.
    Letter,
    /// A message.
    Message(MessageId),
}

/// A file known here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct KeptFile {
    pub(crate) id: AttachmentId,
    pub(crate) matter: Matter,
    pub(crate) with: With,
    pub(crate) sha256: Sha256,
    pub(crate) name: String,
    pub(crate) media: String,
    pub(crate) bytes: i64,
    pub(crate) dated: Option<NaiveDate>,
    pub(crate) here: bool,
    pub(crate) upload: Option<String>,
    pub(crate) sent: i64,
    pub(crate) arrived: bool,
    /// When the town gave it; nothing: it is the resident's own.
    pub(crate) given_at: Option<Instant>,
}

impl KeptFile {
    /// As it is announced to the town.
    pub(crate) fn body(&self) -> FileBody {
        FileBody {
            id: self.id.uuid(),
            sha256: self.sha256.to_string(),
            size: u64::try_from(self.bytes).unwrap_or(0),
            name: self.name.clone(),
            media: self.media.clone(),
            dated: self.dated,
        }
    }
}

const COLUMNS: &str =
    "id, matter_kind, matter, message, sha256, name, media, bytes, dated, here, upload, sent, arrived, given_at";

fn read(row: &Row<'_>) -> rusqlite::Result<KeptFile> {
    let with = match row.get::<_, Option<String>>(3)? {
        None => With::Case,
        Some(message) if message.is_empty() => With::Letter,
        Some(_) => With::Message(row.get::<_, Text<_>>(3)?.0),
    };
    Ok(KeptFile {
        id: row.get::<_, Text<_>>(0)?.0,
        matter: matter(row, 1)?,
        with,
        sha256: row.get::<_, Text<_>>(4)?.0,
        name: row.get(5)?,
        media: row.get(6)?,
        bytes: row.get(7)?,
        // What is no day is none: the file is there all the same.
        dated: row.get::<_, Option<String>>(8)?.and_then(|day| day.parse().ok()),
        here: row.get(9)?,
        upload: row.get(10)?,
        sent: row.get(11)?,
        arrived: row.get(12)?,
        given_at: row.get::<_, Option<Millis>>(13)?.map(|at| at.0),
    })
}

fn select(tx: &Transaction<'_>, which: &str, values: impl Params) -> Result<Vec<KeptFile>, Error> {
    let mut statement = tx.prepare_cached(&format!("SELECT {COLUMNS} FROM files {which}"))?;
    let rows = statement.query_map(values, read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn message(with: With) -> Option<String> {
    match with {
        With::Case => None,
        With::Letter => Some(String::new()),
        With::Message(id) => Some(id.to_string()),
    }
}

/// Keeps a file.
pub(crate) fn insert(tx: &Transaction<'_>, file: &KeptFile) -> Result<(), Error> {
    tx.prepare_cached(
        "INSERT INTO files (id, matter_kind, matter, message, sha256, name, media, bytes, dated, here, arrived, given_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?
    .execute(params![
        Text(file.id),
        file.matter.kind().code(),
        Text(file.matter.uuid()),
        message(file.with),
        Text(file.sha256),
        file.name,
        file.media,
        file.bytes,
        file.dated.map(Text),
        file.here,
        file.arrived,
        file.given_at.map(Millis),
    ])?;
    Ok(())
}

/// Keeps what the town tells of a file. One this device does not have is fetched once the town has all of it.
pub(crate) fn tell(tx: &Transaction<'_>, matter: Matter, with: With, record: &FileRecord) -> Result<(), Error> {
    let file = AttachmentId::from_uuid(record.file.id);
    if find(tx, file)?.is_some() {
        give(tx, file, matter, record.given_at)?;
        return if record.arrived { set_arrived(tx, file, true) } else { Ok(()) };
    }
    // A digest that is none cannot be fetched: such a file is not there.
    let Ok(sha256) = record.file.sha256.parse() else { return Ok(()) };
    insert(
        tx,
        &KeptFile {
            id: file,
            matter,
            with,
            sha256,
            name: record.file.name.clone(),
            media: record.file.media.clone(),
            bytes: i64::try_from(record.file.size).unwrap_or(i64::MAX),
            dated: record.file.dated,
            here: false,
            upload: None,
            sent: 0,
            arrived: record.arrived,
            given_at: record.given_at,
        },
    )
}

/// The town says of which matter a file is that is known here already, and when it gave it.
fn give(tx: &Transaction<'_>, file: AttachmentId, matter: Matter, at: Option<Instant>) -> Result<(), Error> {
    let sql = "UPDATE files SET given_at = coalesce(given_at, ?2), matter_kind = iif(matter = ?4, ?3, matter_kind) WHERE id = ?1";
    let (kind, id) = (matter.kind().code(), Text(matter.uuid()));
    tx.prepare_cached(sql)?.execute(params![Text(file), at.map(Millis), kind, id])?;
    Ok(())
}

/// The file under this identity.
pub(crate) fn find(tx: &Transaction<'_>, file: AttachmentId) -> Result<Option<KeptFile>, Error> {
    Ok(select(tx, "WHERE id = ?1", [Text(file)])?.pop())
}

/// Every file of a matter, in the order they came.
pub(crate) fn of(tx: &Transaction<'_>, matter: impl Into<Matter>) -> Result<Vec<KeptFile>, Error> {
    select(tx, "WHERE matter = ?1 ORDER BY rowid", [Text(matter.into().uuid())])
}

/// Files the town gave, newest first; the papers of certificates too.
pub(crate) fn given(tx: &Transaction<'_>) -> Result<Vec<KeptFile>, Error> {
    select(tx, "WHERE given_at IS NOT NULL ORDER BY given_at DESC, rowid DESC", [])
}

/// These bytes on this disk are not what they were. Whether any file with them can be fetched from the town again; if one can, all wait
/// for it.
pub(crate) fn lost(tx: &Transaction<'_>, sha256: Sha256) -> Result<bool, Error> {
    let sql = "SELECT EXISTS (SELECT 1 FROM files WHERE sha256 = ?1 AND arrived)";
    let again = tx.prepare_cached(sql)?.query_row([Text(sha256)], |row| row.get(0))?;
    if again {
        tx.prepare_cached("UPDATE files SET here = 0 WHERE sha256 = ?1")?.execute([Text(sha256)])?;
    }
    Ok(again)
}

/// Files that are here and could be used again, newest first.
pub(crate) fn usable(tx: &Transaction<'_>, limit: u32) -> Result<Vec<KeptFile>, Error> {
    select(tx, "WHERE here ORDER BY rowid DESC LIMIT ?1", [limit])
}

/// Files the town has and this device does not.
pub(crate) fn to_fetch(tx: &Transaction<'_>) -> Result<Vec<KeptFile>, Error> {
    select(tx, "WHERE arrived AND NOT here ORDER BY rowid DESC LIMIT 50", [])
}

/// The files of the message being written go with this one.
pub(crate) fn enclose(tx: &Transaction<'_>, matter: Matter, with: MessageId) -> Result<(), Error> {
    tx.prepare_cached("UPDATE files SET message = ?2 WHERE matter = ?1 AND message = ''")?
        .execute(params![Text(matter.uuid()), Text(with)])?;
    Ok(())
}

/// The date the resident told.
pub(crate) fn date(tx: &Transaction<'_>, file: AttachmentId, dated: Option<NaiveDate>) -> Result<(), Error> {
    tx.prepare_cached("UPDATE files SET dated = ?2 WHERE id = ?1")?.execute(params![Text(file), dated.map(Text)])?;
    Ok(())
}

/// Notes where the upload stands.
pub(crate) fn progress(tx: &Transaction<'_>, file: AttachmentId, upload: Option<&str>, sent: i64) -> Result<(), Error> {
    tx.prepare_cached("UPDATE files SET upload = ?2, sent = ?3 WHERE id = ?1")?.execute(params![
        Text(file),
        upload,
        sent
    ])?;
    Ok(())
}

/// Notes whether the town has all of it.
pub(crate) fn set_arrived(tx: &Transaction<'_>, file: AttachmentId, arrived: bool) -> Result<(), Error> {
    let sql = "UPDATE files SET arrived = ?2, sent = CASE WHEN ?2 THEN bytes ELSE 0 END, upload = CASE WHEN ?2 THEN upload END WHERE id = ?1";
    tx.prepare_cached(sql)?.execute(params![Text(file), arrived])?;
    Ok(())
}

/// Takes a file out of its matter.
pub(crate) fn remove(tx: &Transaction<'_>, file: AttachmentId) -> Result<(), Error> {
    for sql in ["DELETE FROM file_pieces WHERE file = ?1", "DELETE FROM files WHERE id = ?1"] {
        tx.prepare_cached(sql)?.execute([Text(file)])?;
    }
    Ok(())
}

/// Returns whether any file still needs the bytes with this digest.
pub(crate) fn needs(tx: &Transaction<'_>, sha256: Sha256) -> Result<bool, Error> {
    let sql = "SELECT EXISTS (SELECT 1 FROM files WHERE sha256 = ?1)";
    Ok(tx.prepare_cached(sql)?.query_row([Text(sha256)], |row| row.get(0))?)
}

/// The number of bytes of a file that have come.
pub(crate) fn come(tx: &Transaction<'_>, file: AttachmentId) -> Result<u64, Error> {
    let sql = "SELECT coalesce(sum(length(bytes)), 0) FROM file_pieces WHERE file = ?1";
    let sum: i64 = tx.prepare_cached(sql)?.query_row([Text(file)], |row| row.get(0))?;
    Ok(u64::try_from(sum).unwrap_or(0))
}

/// Another piece came.
pub(crate) fn add_piece(tx: &Transaction<'_>, file: AttachmentId, at: u64, bytes: &[u8]) -> Result<(), Error> {
    tx.prepare_cached("INSERT OR REPLACE INTO file_pieces (file, at, bytes) VALUES (?1, ?2, ?3)")?.execute(params![
        Text(file),
        i64::try_from(at).unwrap_or(i64::MAX),
        bytes
    ])?;
    Ok(())
}

/// Everything that came of a file, in order.
pub(crate) fn pieces(tx: &Transaction<'_>, file: AttachmentId) -> Result<Vec<u8>, Error> {
    let mut statement = tx.prepare_cached("SELECT bytes FROM file_pieces WHERE file = ?1 ORDER BY at")?;
    let rows = statement.query_map([Text(file)], |row| row.get::<_, Vec<u8>>(0))?;
    let mut whole = Vec::new();
    for row in rows {
        whole.extend(row?);
    }
    Ok(whole)
}

/// Throws away what came of a file piece by piece.
pub(crate) fn drop_pieces(tx: &Transaction<'_>, file: AttachmentId) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM file_pieces WHERE file = ?1")?.execute([Text(file)])?;
    Ok(())
}

/// Notes that all of a file is on the disk: it serves every file with the same bytes, and no piece of it is needed any more.
pub(crate) fn set_here(tx: &Transaction<'_>, file: AttachmentId) -> Result<(), Error> {
    drop_pieces(tx, file)?;
    let sql = "UPDATE files SET here = 1 WHERE id = ?1 OR sha256 = (SELECT sha256 FROM files WHERE id = ?1)";
    tx.prepare_cached(sql)?.execute([Text(file)])?;
    Ok(())
}

/// Stops fetching a file until the town lists it again.
pub(crate) fn give_up_fetch(tx: &Transaction<'_>, file: AttachmentId) -> Result<(), Error> {
    tx.prepare_cached("UPDATE files SET arrived = 0 WHERE id = ?1 AND NOT here")?.execute([Text(file)])?;
    Ok(())
}
