//! Photos: which report they belong to, and how much of each the town has.

use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use vicino_domain::{PhotoId, ReportId, Sha256};

use crate::error::Error;
use crate::store::codec::Text;

/// A photo kept here.
#[derive(Clone)]
pub(crate) struct Photo {
    pub(crate) id: PhotoId,
    pub(crate) sha256: Sha256,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) bytes: i64,
    pub(crate) upload: Option<String>,
    pub(crate) sent: i64,
    pub(crate) arrived: bool,
}

const COLUMNS: &str = "id, sha256, width, height, bytes, upload, sent, arrived";

fn read(row: &Row<'_>) -> rusqlite::Result<Photo> {
    Ok(Photo {
        id: row.get::<_, Text<_>>(0)?.0,
        sha256: row.get::<_, Text<_>>(1)?.0,
        width: row.get(2)?,
        height: row.get(3)?,
        bytes: row.get(4)?,
        upload: row.get(5)?,
        sent: row.get(6)?,
        arrived: row.get(7)?,
    })
}

/// Keeps a photo of a report.
pub(crate) fn insert(tx: &Transaction<'_>, report: ReportId, photo: &Photo) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO photos (id, report, sha256, width, height, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![Text(photo.id), Text(report), Text(photo.sha256), photo.width, photo.height, photo.bytes],
    )?;
    Ok(())
}

/// The photos of a report, in the order they were taken in.
pub(crate) fn of_report(tx: &Transaction<'_>, report: ReportId) -> Result<Vec<Photo>, Error> {
    let mut statement = tx.prepare_cached(&format!("SELECT {COLUMNS} FROM photos WHERE report = ?1 ORDER BY rowid"))?;
    let rows = statement.query_map([Text(report)], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The photo under this identity.
pub(crate) fn find(tx: &Transaction<'_>, photo: PhotoId) -> Result<Option<Photo>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM photos WHERE id = ?1");
    Ok(tx.prepare_cached(&sql)?.query_row([Text(photo)], read).optional()?)
}

/// Notes where the upload stands.
pub(crate) fn progress(tx: &Transaction<'_>, photo: PhotoId, upload: Option<&str>, sent: i64) -> Result<(), Error> {
    tx.prepare_cached("UPDATE photos SET upload = ?2, sent = ?3 WHERE id = ?1")?.execute(params![
        Text(photo),
        upload,
        sent
    ])?;
    Ok(())
}

/// Notes whether the town has all of it.
pub(crate) fn set_arrived(tx: &Transaction<'_>, photo: PhotoId, arrived: bool) -> Result<(), Error> {
    let sql = "UPDATE photos SET arrived = ?2, sent = CASE WHEN ?2 THEN bytes ELSE 0 END, upload = CASE WHEN ?2 THEN upload END WHERE id = ?1";
    tx.prepare_cached(sql)?.execute(params![Text(photo), arrived])?;
    Ok(())
}

/// Takes a photo out of its report.
pub(crate) fn remove(tx: &Transaction<'_>, report: ReportId, photo: PhotoId) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM photos WHERE id = ?1 AND report = ?2")?
        .execute(params![Text(photo), Text(report)])?;
    Ok(())
}

/// Returns whether any photo still needs the file with this digest: two photos may be the same picture.
pub(crate) fn needs(tx: &Transaction<'_>, sha256: Sha256) -> Result<bool, Error> {
    let sql = "SELECT EXISTS (SELECT 1 FROM photos WHERE sha256 = ?1)";
    Ok(tx.prepare_cached(sql)?.query_row([Text(sha256)], |row| row.get(0))?)
}
