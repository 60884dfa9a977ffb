//! Drafts, kept as they are typed.

use rusqlite::{OptionalExtension as _, Transaction, params};
use vicino_domain::{Instant, ReportDraft, ReportId};

use crate::error::Error;
use crate::store::codec::{instant, millis};

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
    .execute(params![id, body, step, millis(now)])?;
    Ok(())
}

/// The draft under this identity.
pub(crate) fn find(tx: &Transaction<'_>, id: ReportId) -> Result<Option<KeptDraft>, Error> {
    let sql = "SELECT body, step, saved_at FROM drafts WHERE id = ?1";
    let found: Option<(String, u8, i64)> = tx
        .prepare_cached(sql)?
        .query_row([id.to_string()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((body, step, saved_at)) = found else { return Ok(None) };
    Ok(Some(KeptDraft { draft: serde_json::from_str(&body)?, step, saved_at: instant(saved_at) }))
}

/// Every draft, the one touched last first.
pub(crate) fn all(tx: &Transaction<'_>) -> Result<Vec<KeptDraft>, Error> {
    let mut statement = tx.prepare_cached("SELECT body, step, saved_at FROM drafts ORDER BY saved_at DESC, id DESC")?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get::<_, i64>(2)?)))?;
    rows.map(|row| {
        let (body, step, saved_at) = row?;
        Ok(KeptDraft { draft: serde_json::from_str(&body)?, step, saved_at: instant(saved_at) })
    })
    .collect()
}

/// Takes a draft away.
pub(crate) fn remove(tx: &Transaction<'_>, id: ReportId) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM drafts WHERE id = ?1")?.execute([id.to_string()])?;
    Ok(())
}
