//! Files of cases and threads: which matter they belong to, how much of each the town has, and how much is here.

use chrono::NaiveDate;
use rusqlite::{Params, Row, Transaction, params};
use vicino_contract::Matter;
use vicino_contract::http::{FileBody, FileRecord};
use vicino_contract::ipc::FileView;
use vicino_domain::{AttachmentId, Instant, MessageId, Sha256};

use crate::error::Error;
use crate::store::codec::{id, instant, matter, millis};

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
    /// As the interface sees it.
    pub(crate) fn view(&self) -> FileView {
        FileView {
            id: self.id,
            name: self.name.clone(),
            media: self.media.clone(),
            bytes: u64::try_from(self.bytes).unwrap_or(0),
            sent: u64::try_from(self.sent).unwrap_or(0),
            arrived: self.arrived,
            here: self.here,
            dated: self.dated,
            given_at: self.given_at,
        }
    }

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

type Stored = (String, String, String, Option<String>, String, Option<String>, Rest);

/// The columns that need no reading of their own.
struct Rest {
    name: String,
    media: String,
    bytes: i64,
    here: bool,
    upload: Option<String>,
    sent: i64,
    arrived: bool,
    given_at: Option<Instant>,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Stored> {
    let rest = Rest {
        name: row.get(5)?,
        media: row.get(6)?,
        bytes: row.get(7)?,
        here: row.get(9)?,
        upload: row.get(10)?,
        sent: row.get(11)?,
        arrived: row.get(12)?,
        given_at: row.get::<_, Option<i64>>(13)?.map(instant),
    };
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(8)?, rest))
}

fn sound((file, kind, of, message, sha256, dated, rest): Stored) -> Result<KeptFile, Error> {
    let with = match message.as_deref() {
        None => With::Case,
        Some("") => With::Letter,
        Some(message) => With::Message(id(message)?),
    };
    let Rest { name, media, bytes, here, upload, sent, arrived, given_at } = rest;
    Ok(KeptFile {
        id: id(&file)?,
        matter: matter(&kind, &of)?,
        with,
        sha256: id(&sha256)?,
        name,
        media,
        bytes,
        dated: dated.and_then(|day| day.parse().ok()),
        here,
        upload,
        sent,
        arrived,
        given_at,
    })
}

fn select(tx: &Transaction<'_>, which: &str, values: impl Params) -> Result<Vec<KeptFile>, Error> {
    let mut statement = tx.prepare_cached(&format!("SELECT {COLUMNS} FROM files {which}"))?;
    let rows = statement.query_map(values, read)?;
    rows.map(|row| sound(row?)).collect()
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
        file.id.to_string(),
        file.matter.kind().code(),
        file.matter.uuid().to_string(),
        message(file.with),
        file.sha256.to_string(),
        file.name,
        file.media,
        file.bytes,
        file.dated.map(|day| day.to_string()),
        file.here,
        file.arrived,
        file.given_at.map(millis),
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
    let (kind, id) = (matter.kind().code(), matter.uuid().to_string());
    tx.prepare_cached(sql)?.execute(params![file.to_string(), at.map(millis), kind, id])?;
    Ok(())
}

/// The file under this identity.
pub(crate) fn find(tx: &Transaction<'_>, file: AttachmentId) -> Result<Option<KeptFile>, Error> {
    Ok(select(tx, "WHERE id = ?1", [file.to_string()])?.pop())
}

/// Every file of a matter, in the order they came.
pub(crate) fn of(tx: &Transaction<'_>, matter: impl Into<Matter>) -> Result<Vec<KeptFile>, Error> {
    select(tx, "WHERE matter = ?1 ORDER BY rowid", [matter.into().uuid().to_string()])
}

/// Files the town gave, newest first; the papers of certificates too.
pub(crate) fn given(tx: &Transaction<'_>) -> Result<Vec<KeptFile>, Error> {
    select(tx, "WHERE given_at IS NOT NULL ORDER BY given_at DESC, rowid DESC", [])
}

/// These bytes on this disk are not what they were. Whether any file with them can be fetched from the town again; if one can, all wait
/// for it.
pub(crate) fn lost(tx: &Transaction<'_>, sha256: Sha256) -> Result<bool, Error> {
    let sql = "SELECT EXISTS (SELECT 1 FROM files WHERE sha256 = ?1 AND arrived)";
    let again = tx.prepare_cached(sql)?.query_row([sha256.to_string()], |row| row.get(0))?;
    if again {
        tx.prepare_cached("UPDATE files SET here = 0 WHERE sha256 = ?1")?.execute([sha256.to_string()])?;
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
        .execute([matter.uuid().to_string(), with.to_string()])?;
    Ok(())
}

/// The date the resident told.
pub(crate) fn date(tx: &Transaction<'_>, file: AttachmentId, dated: Option<NaiveDate>) -> Result<(), Error> {
    tx.prepare_cached("UPDATE files SET dated = ?2 WHERE id = ?1")?
        .execute(params![file.to_string(), dated.map(|day| day.to_string())])?;
    Ok(())
}

/// Notes where the upload stands.
pub(crate) fn progress(tx: &Transaction<'_>, file: AttachmentId, upload: Option<&str>, sent: i64) -> Result<(), Error> {
    tx.prepare_cached("UPDATE files SET upload = ?2, sent = ?3 WHERE id = ?1")?.execute(params![
        file.to_string(),
        upload,
        sent
    ])?;
    Ok(())
}

/// Notes whether the town has all of it.
pub(crate) fn set_arrived(tx: &Transaction<'_>, file: AttachmentId, arrived: bool) -> Result<(), Error> {
    let sql = "UPDATE files SET arrived = ?2, sent = CASE WHEN ?2 THEN bytes ELSE 0 END, upload = CASE WHEN ?2 THEN upload END WHERE id = ?1";
    tx.prepare_cached(sql)?.execute(params![file.to_string(), arrived])?;
    Ok(())
}

/// Takes a file out of its matter.
pub(crate) fn remove(tx: &Transaction<'_>, file: AttachmentId) -> Result<(), Error> {
    for sql in ["DELETE FROM file_pieces WHERE file = ?1", "DELETE FROM files WHERE id = ?1"] {
        tx.prepare_cached(sql)?.execute([file.to_string()])?;
    }
    Ok(())
}

/// Returns whether any file still needs the bytes with this digest.
pub(crate) fn needs(tx: &Transaction<'_>, sha256: Sha256) -> Result<bool, Error> {
    let sql = "SELECT EXISTS (SELECT 1 FROM files WHERE sha256 = ?1)";
    Ok(tx.prepare_cached(sql)?.query_row([sha256.to_string()], |row| row.get(0))?)
}

/// The number of bytes of a file that have come.
pub(crate) fn come(tx: &Transaction<'_>, file: AttachmentId) -> Result<u64, Error> {
    let sql = "SELECT coalesce(sum(length(bytes)), 0) FROM file_pieces WHERE file = ?1";
    let sum: i64 = tx.prepare_cached(sql)?.query_row([file.to_string()], |row| row.get(0))?;
    Ok(u64::try_from(sum).unwrap_or(0))
}

/// Another piece came.
pub(crate) fn add_piece(tx: &Transaction<'_>, file: AttachmentId, at: u64, bytes: &[u8]) -> Result<(), Error> {
    tx.prepare_cached("INSERT OR REPLACE INTO file_pieces (file, at, bytes) VALUES (?1, ?2, ?3)")?.execute(params![
        file.to_string(),
        i64::try_from(at).unwrap_or(i64::MAX),
        bytes
    ])?;
    Ok(())
}

/// Everything that came of a file, in order.
pub(crate) fn pieces(tx: &Transaction<'_>, file: AttachmentId) -> Result<Vec<u8>, Error> {
    let mut statement = tx.prepare_cached("SELECT bytes FROM file_pieces WHERE file = ?1 ORDER BY at")?;
    let rows = statement.query_map([file.to_string()], |row| row.get::<_, Vec<u8>>(0))?;
    let mut whole = Vec::new();
    for row in rows {
        whole.extend(row?);
    }
    Ok(whole)
}

/// What came of a file is thrown away; `here`: because all of it is on the disk now.
pub(crate) fn end_fetch(tx: &Transaction<'_>, file: AttachmentId, here: bool) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM file_pieces WHERE file = ?1")?.execute([file.to_string()])?;
    // What came serves every file with the same bytes.
    let sql = "UPDATE files SET here = here OR ?2 WHERE id = ?1 OR sha256 = (SELECT sha256 FROM files WHERE id = ?1)";
    tx.prepare_cached(sql)?.execute(params![file.to_string(), here])?;
    Ok(())
}

/// The town cannot give it: it is not waited for until the town tells of it again.
pub(crate) fn give_up_fetch(tx: &Transaction<'_>, file: AttachmentId) -> Result<(), Error> {
    tx.prepare_cached("UPDATE files SET arrived = 0 WHERE id = ?1 AND NOT here")?.execute([file.to_string()])?;
    Ok(())
}
