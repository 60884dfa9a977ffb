//! The resident's reports: what they sent, and what the town last told of each.

use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use vicino_contract::MessageKind;
use vicino_contract::http::ReportRecord;
use vicino_domain::{Instant, Report, ReportId};

use crate::error::Error;
use crate::store::codec::{Json, Millis, Text};
use crate::store::cursors::Resync;

/// A report of this device.
pub(crate) struct KeptReport {
    pub(crate) report: Report,
    pub(crate) changed_at: Instant,
    pub(crate) record: Option<ReportRecord>,
}

/// Keeps a report that is sent now.
pub(crate) fn insert(tx: &Transaction<'_>, report: &Report, now: Instant) -> Result<(), Error> {
    tx.prepare_cached(
        "INSERT INTO reports (id, body, sent_at, changed_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (id) DO UPDATE SET body = ?2, sent_at = ?3, changed_at = ?4",
    )?
    .execute(params![Text(report.id), Json(report), Millis(report.sent_at), Millis(now)])?;
    Ok(())
}

/// Takes a report away from this device.
pub(crate) fn remove(tx: &Transaction<'_>, id: ReportId) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM reports WHERE id = ?1")?.execute([Text(id)])?;
    Ok(())
}

/// The report under this identity.
pub(crate) fn find(tx: &Transaction<'_>, id: ReportId) -> Result<Option<KeptReport>, Error> {
    let sql = "SELECT body, changed_at, record FROM reports WHERE id = ?1";
    Ok(tx.prepare_cached(sql)?.query_row([Text(id)], read).optional()?)
}

/// A page of the reports, newest first.
pub(crate) fn page(tx: &Transaction<'_>, offset: u32, limit: u32) -> Result<Vec<KeptReport>, Error> {
    let sql = "SELECT body, changed_at, record FROM reports ORDER BY sent_at DESC, id DESC LIMIT ?2 OFFSET ?1";
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map([offset, limit], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The number of them.
pub(crate) fn count(tx: &Transaction<'_>) -> Result<u32, Error> {
    Ok(tx.prepare_cached("SELECT count(*) FROM reports")?.query_row([], |row| row.get(0))?)
}

/// Keeps what the town tells of a report; one this device does not know is made from it.
pub(crate) fn apply(tx: &Transaction<'_>, record: &ReportRecord, now: Instant) -> Result<(), Error> {
    let body = serde_json::to_string(record)?;
    let report: ReportId = ReportId::from_uuid(record.id);
    let known = tx.execute(
        "UPDATE reports SET record = ?2, changed_at = ?3, seen = 1 WHERE id = ?1",
        params![Text(report), body, Millis(now)],
    )?;
    if known == 0
        && let Ok(report) = record.report.clone().into_report(report)
    {
        insert(tx, &report, now)?;
        tx.prepare_cached("UPDATE reports SET record = ?2, seen = 1 WHERE id = ?1")?
            .execute(params![Text(report.id), body])?;
    }
    Ok(())
}

/// Forgets that the town told of any: its changes are read from the start.
pub(crate) fn forget_seen(tx: &Transaction<'_>) -> Result<(), Error> {
    tx.prepare_cached("UPDATE reports SET seen = 0")?.execute([])?;
    Ok(())
}

/// Returns the record of a report, if the town has sent it since its changes were last read from the start.
pub(crate) fn told_since(tx: &Transaction<'_>, id: ReportId) -> Result<Option<ReportRecord>, Error> {
    let sql = "SELECT record FROM reports WHERE id = ?1 AND seen";
    let found: Option<Option<Json<ReportRecord>>> =
        tx.prepare_cached(sql)?.query_row([Text(id)], |row| row.get(0)).optional()?;
    Ok(found.flatten().map(|record| record.0))
}

/// The reports of others that the town, telling everything again, did not tell of. After a lost past, one that this device
/// still has something to say about is waited for: whoever wrote it will tell it again.
pub(crate) fn unseen(tx: &Transaction<'_>, why: Resync) -> Result<Vec<ReportId>, Error> {
    let sql = "SELECT id FROM reports WHERE NOT seen
               AND NOT EXISTS (SELECT 1 FROM outbox WHERE matter = reports.id AND (kind = ?2 OR ?1))";
    let mut statement = tx.prepare_cached(sql)?;
    let asked = params![why == Resync::PastLost, MessageKind::Report.code()];
    let rows = statement.query_map(asked, |row| Ok(row.get::<_, Text<ReportId>>(0)?.0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Takes a report away with everything that belongs to it, save files, which only cost room.
pub(crate) fn forget(tx: &Transaction<'_>, report: ReportId) -> Result<(), Error> {
    for sql in [
        "DELETE FROM outbox WHERE matter = ?1",
        "DELETE FROM messages WHERE matter = ?1",
        "DELETE FROM photos WHERE report = ?1",
        "DELETE FROM reports WHERE id = ?1",
    ] {
        tx.prepare_cached(sql)?.execute([Text(report)])?;
    }
    Ok(())
}

/// What the town once told no longer holds: it has lost the report.
pub(crate) fn drop_record(tx: &Transaction<'_>, id: ReportId) -> Result<(), Error> {
    tx.prepare_cached("UPDATE reports SET record = NULL WHERE id = ?1")?.execute([Text(id)])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<KeptReport> {
    Ok(KeptReport {
        report: row.get::<_, Json<_>>(0)?.0,
        changed_at: row.get::<_, Millis>(1)?.0,
        record: row.get::<_, Option<Json<_>>>(2)?.map(|record| record.0),
    })
}
