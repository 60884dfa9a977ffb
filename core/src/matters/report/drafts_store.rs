//! Drafts, kept as they are typed.

use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use vicino_domain::{Instant, ReportDraft, ReportId};

use crate::error::Error;
use crate::store::codec::{Json, Millis, Text};

/// A draft with the step it was left at.
pub(crate) struct KeptDraft {
    pub(crate) draft: ReportDraft,
    pub(crate) step: u8,
    pub(crate) saved_at: Instant,
}

/// Keeps a draft as it is now.
pub(crate) fn save(tx: &Transaction<'_>, id: &str, body: &str, step: u8, now: Instant) -> Result<(), Error> {
    tx.prepare_cached(
        "INSERT INTO drafts (id, body, step, saved_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (id) DO UPDATE SET body = ?2, step = ?3, saved_at = ?4",
    )?
    .execute(params![id, body, step, Millis(now)])?;
    Ok(())
}

/// The draft under this identity.
pub(crate) fn find(tx: &Transaction<'_>, id: ReportId) -> Result<Option<KeptDraft>, Error> {
    let sql = "SELECT body, step, saved_at FROM drafts WHERE id = ?1";
    Ok(tx.prepare_cached(sql)?.query_row([Text(id)], read).optional()?)
}

/// Every draft, the one touched last first.
pub(crate) fn all(tx: &Transaction<'_>) -> Result<Vec<KeptDraft>, Error> {
    let mut statement = tx.prepare_cached("SELECT body, step, saved_at FROM drafts ORDER BY saved_at DESC, id DESC")?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<KeptDraft> {
    Ok(KeptDraft { draft: row.get::<_, Json<_>>(0)?.0, step: row.get(1)?, saved_at: row.get::<_, Millis>(2)?.0 })
}

/// Takes a draft away.
pub(crate) fn remove(tx: &Transaction<'_>, id: ReportId) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM drafts WHERE id = ?1")?.execute([Text(id)])?;
    Ok(())
}
