//! Uploads under way and ended; their bytes lie in files beside the register.

use rusqlite::types::Type;
use rusqlite::{Row, Transaction, params};
use uuid::Uuid;
use vicino_contract::http::tus::Part;
use vicino_domain::{Instant, Sha256, wire_enum};
use vicino_records::sql::Text;

use crate::reader::{Owner, Reader};
use crate::store::{StoreError, if_readable, readable};

/// An upload.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Upload {
    /// The identity, part of its address.
    pub id: Uuid,
    /// Whom it belongs to: whoever may read their things may read it.
    pub owner: Owner,
    /// What it is a part of.
    pub part: Part,
    /// What the whole file must digest to.
    pub sha256: Sha256,
    /// The number of bytes it will have.
    pub length: i64,
    /// What it is announced as: a media type.
    pub media: String,
    /// `Upload-Metadata`, as it was sent.
    pub metadata: String,
    /// When it is forgotten if it stays unfinished.
    pub expires_at: Instant,
    /// Tells whether all bytes arrived and were accepted.
    pub ended: bool,
}

const COLUMNS: &str = "id, owner, part, matter, file, sha256, length, media, metadata, expires_at, ended";

/// Keeps a new upload, or an old one with a new end.
pub(crate) fn create_upload(tx: &Transaction<'_>, upload: &Upload) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO uploads (id, owner, part, matter, file, sha256, length, media, metadata, expires_at, ended)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
         ON CONFLICT (id) DO UPDATE SET expires_at = excluded.expires_at, ended = excluded.ended",
        params![
            upload.id.to_string(),
            upload.owner.to_string(),
            PartKind::of(upload.part).code(),
            upload.part.matter().uuid().to_string(),
            upload.part.id().to_string(),
            upload.sha256.to_string(),
            upload.length,
            upload.media,
            upload.metadata,
            upload.expires_at.to_rfc3339(),
            upload.ended,
        ],
    )?;
    Ok(())
}

/// The upload under this identity.
pub(crate) fn find_upload(tx: &Transaction<'_>, id: Uuid) -> Result<Option<Upload>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM uploads WHERE id = ?1");
    Ok(if_readable(tx.query_row(&sql, [id.to_string()], read))?)
}

/// The ended upload of a part, or the one under way.
pub(crate) fn upload_of(tx: &Transaction<'_>, part: Part) -> Result<Option<Upload>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM uploads WHERE matter = ?1 AND file = ?2 AND part = ?3 ORDER BY ended DESC LIMIT 1"
    );
    let key = (part.matter().uuid().to_string(), part.id().to_string(), PartKind::of(part).code());
    Ok(if_readable(tx.query_row(&sql, key, read))?)
}

/// Every whole file with this digest: of one reader, or anybody's.
pub(crate) fn whole_files(
    tx: &Transaction<'_>,
    reader: Option<&Reader>,
    digest: Sha256,
) -> Result<Vec<Upload>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM uploads WHERE sha256 = ?1 AND ended = 1 AND freed = 0
         AND (?2 IS NULL OR owner IN (SELECT value FROM json_each(?2)))"
    );
    let owners = reader.map(|reader| crate::store::list(reader.owners()));
    let mut statement = tx.prepare(&sql)?;
    let rows = statement.query_map(params![digest.to_string(), owners], read)?;
    readable(rows)
}

/// Forgets an upload.
pub(crate) fn end_upload(tx: &Transaction<'_>, id: Uuid) -> Result<(), StoreError> {
    tx.execute("DELETE FROM uploads WHERE id = ?1", [id.to_string()])?;
    Ok(())
}

/// Unfinished uploads of an owner.
pub(crate) fn open_uploads(tx: &Transaction<'_>, owner: Owner) -> Result<i64, StoreError> {
    let mut of = tx.prepare_cached("SELECT count(*) FROM uploads WHERE owner = ?1 AND ended = 0")?;
    Ok(of.query_row([owner.to_string()], |row| row.get(0))?)
}

/// Says that a matter needs its files no more: that they arrived stays known, nobody reads them, and their bytes may go.
pub(crate) fn free_uploads(tx: &Transaction<'_>, matter: Uuid) -> Result<(), StoreError> {
    tx.execute("UPDATE uploads SET freed = 1 WHERE matter = ?1", [matter.to_string()])?;
    Ok(())
}

/// Returns whether some matter needs these bytes, or an operator brought them after this moment.
pub(crate) fn is_needed(tx: &Transaction<'_>, digest: Sha256, brought: Instant) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM uploads WHERE sha256 = ?1 AND ended = 1 AND freed = 0)
               OR EXISTS (SELECT 1 FROM brought WHERE sha256 = ?1 AND at > ?2)";
    let key = params![digest.to_string(), brought.timestamp_millis()];
    Ok(tx.prepare_cached(sql)?.query_row(key, |row| row.get(0))?)
}

/// The files that some matter needs, each once.
pub(crate) fn needed_files(tx: &Transaction<'_>) -> Result<Vec<String>, StoreError> {
    let mut statement = tx.prepare("SELECT DISTINCT sha256 FROM uploads WHERE ended = 1 AND freed = 0")?;
    let names = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(names)
}

/// Forgets an upload that is unfinished still and whose time is over; answers whether it was.
pub(crate) fn forget_expired(tx: &Transaction<'_>, id: Uuid, now: Instant) -> Result<bool, StoreError> {
    let found = find_upload(tx, id)?.filter(|upload| !upload.ended && upload.expires_at <= now);
    if found.is_some() {
        end_upload(tx, id)?;
    }
    Ok(found.is_some())
}

/// Unfinished uploads whose time is over.
pub(crate) fn expired_uploads(tx: &Transaction<'_>, now: Instant) -> Result<Vec<Upload>, StoreError> {
    let mut statement = tx.prepare(&format!("SELECT {COLUMNS} FROM uploads WHERE ended = 0"))?;
    let rows = statement.query_map([], read)?;
    let uploads: Vec<Upload> = readable(rows)?;
    Ok(uploads.into_iter().filter(|upload| upload.expires_at <= now).collect())
}

wire_enum! {
    /// The kind of a part, by the word it is stored under.
    PartKind {
        /// A photo of a report.
        Photo "photo",
        /// A file of a report's thread.
        ReportFile "report_file",
        /// A file of a case.
        CaseFile "case_file",
        /// A proof of a payment.
        NoticeFile "notice_file",
        /// A certificate's paper.
        CertificateFile "certificate_file",
    }
}

impl PartKind {
    const fn of(part: Part) -> Self {
        match part {
            Part::Photo(..) => Self::Photo,
            Part::ReportFile(..) => Self::ReportFile,
            Part::CaseFile(..) => Self::CaseFile,
            Part::NoticeFile(..) => Self::NoticeFile,
            Part::CertificateFile(..) => Self::CertificateFile,
        }
    }

    /// Reads a part of this kind; `None` for an identity that no release ever wrote.
    fn part(self, matter: &str, file: &str) -> Option<Part> {
        Some(match self {
            Self::Photo => Part::Photo(matter.parse().ok()?, file.parse().ok()?),
            Self::ReportFile => Part::ReportFile(matter.parse().ok()?, file.parse().ok()?),
            Self::CaseFile => Part::CaseFile(matter.parse().ok()?, file.parse().ok()?),
            Self::NoticeFile => Part::NoticeFile(matter.parse().ok()?, file.parse().ok()?),
            Self::CertificateFile => Part::CertificateFile(matter.parse().ok()?, file.parse().ok()?),
        })
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Upload> {
    let (word, matter, file): (String, String, String) = (row.get(2)?, row.get(3)?, row.get(4)?);
    Ok(Upload {
        id: row.get::<_, Text<_>>(0)?.0,
        owner: row.get::<_, Text<_>>(1)?.0,
        part: PartKind::from_code(&word).and_then(|kind| kind.part(&matter, &file)).ok_or_else(unreadable)?,
        sha256: row.get::<_, Text<_>>(5)?.0,
        length: row.get(6)?,
        media: row.get(7)?,
        metadata: row.get(8)?,
        expires_at: row.get::<_, Text<_>>(9)?.0,
        ended: row.get(10)?,
    })
}

/// The fault of a part, or of an identity beside it, that no release ever wrote.
fn unreadable() -> rusqlite::Error {
    rusqlite::Error::InvalidColumnType(2, String::from("part"), Type::Text)
}
