//! Uploads under way and ended; their bytes lie in files beside the register.

use chrono::DateTime;
use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use uuid::Uuid;
use vicino_domain::{Instant, PhotoId, ReportId, Sha256};

use super::StoreError;
use crate::reader::{Owner, Reader};

/// One upload.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Upload {
    /// Its identity, part of its address.
    pub id: Uuid,
    /// The device that began it.
    pub owner: Owner,
    /// The report its photo belongs to.
    pub report: ReportId,
    /// The photo.
    pub photo: PhotoId,
    /// What the whole file must digest to.
    pub sha256: Sha256,
    /// How many bytes it will have.
    pub length: i64,
    /// `Upload-Metadata`, as it was sent.
    pub metadata: String,
    /// When it is forgotten if it stays unfinished.
    pub expires_at: Instant,
    /// Whether all bytes arrived and were accepted.
    pub ended: bool,
}

const COLUMNS: &str = "id, owner, report, photo, sha256, length, metadata, expires_at, ended";

/// Keeps a new upload, or an old one with a new end.
pub(crate) fn create_upload(tx: &Transaction<'_>, upload: &Upload) -> Result<(), StoreError> {
    tx.execute(
        "REPLACE INTO uploads (id, owner, report, photo, sha256, length, metadata, expires_at, ended)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            upload.id.to_string(),
            upload.owner.to_string(),
            upload.report.to_string(),
            upload.photo.to_string(),
            upload.sha256.to_string(),
            upload.length,
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
    Ok(tx.query_row(&sql, [id.to_string()], read).optional()?.flatten())
}

/// The ended upload of a photo, or the one under way.
pub(crate) fn upload_of_photo(
    tx: &Transaction<'_>,
    report: ReportId,
    photo: PhotoId,
) -> Result<Option<Upload>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM uploads WHERE report = ?1 AND photo = ?2 ORDER BY ended DESC LIMIT 1");
    Ok(tx.query_row(&sql, [report.to_string(), photo.to_string()], read).optional()?.flatten())
}

/// Whether a whole file with this digest belongs to this reader; the office (`None`) may read any.
pub(crate) fn is_readable_file(
    tx: &Transaction<'_>,
    reader: Option<&Reader>,
    digest: Sha256,
) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM uploads WHERE sha256 = ?1 AND ended = 1 AND (?2 IS NULL OR owner IN (SELECT value FROM json_each(?2))))";
    Ok(tx.query_row(sql, params![digest.to_string(), reader.map(|reader| super::list(reader.owners()))], |row| {
        row.get(0)
    })?)
}

/// Forgets an upload.
pub(crate) fn end_upload(tx: &Transaction<'_>, id: Uuid) -> Result<(), StoreError> {
    tx.execute("DELETE FROM uploads WHERE id = ?1", [id.to_string()])?;
    Ok(())
}

/// Unfinished uploads whose time is over.
pub(crate) fn expired_uploads(tx: &Transaction<'_>, now: Instant) -> Result<Vec<Upload>, StoreError> {
    let mut statement = tx.prepare(&format!("SELECT {COLUMNS} FROM uploads WHERE ended = 0"))?;
    let rows = statement.query_map([], read)?;
    let uploads: Vec<Option<Upload>> = rows.collect::<Result<_, _>>()?;
    Ok(uploads.into_iter().flatten().filter(|upload| upload.expires_at <= now).collect())
}

/// `None` inside when a column holds what no release ever wrote.
fn read(row: &Row<'_>) -> rusqlite::Result<Option<Upload>> {
    let text = |at: usize| row.get::<_, String>(at);
    let (id, owner, report, photo) = (text(0)?, text(1)?, text(2)?, text(3)?);
    let (sha256, length, metadata, expires, ended) = (text(4)?, row.get(5)?, text(6)?, text(7)?, row.get(8)?);
    Ok((|| {
        Some(Upload {
            id: id.parse().ok()?,
            owner: owner.parse().ok()?,
            report: report.parse().ok()?,
            photo: photo.parse().ok()?,
            sha256: sha256.parse().ok()?,
            length,
            metadata,
            expires_at: DateTime::parse_from_rfc3339(&expires).ok()?.to_utc(),
            ended,
        })
    })())
}
