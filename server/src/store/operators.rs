//! Those who work in the town's offices, and the audit of what they read and did.

use chrono::DateTime;
use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use uuid::Uuid;
use vicino_contract::http::{AuditRow, OperatorBody, OperatorRecord};
use vicino_domain::{Instant, Sha256};

use crate::store::StoreError;

/// Makes an operator known.
pub(crate) fn add_operator(tx: &Transaction<'_>, record: &OperatorRecord, token: Sha256) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO operators (id, name, role, offices, token_sha256, circles) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            record.id.to_string(),
            record.operator.name,
            serde_json::to_string(&record.operator.role)?,
            serde_json::to_string(&record.operator.offices)?,
            token.to_string(),
            serde_json::to_string(&record.operator.circles)?,
        ],
    )?;
    Ok(())
}

/// The operator who holds this token and still works here.
pub(crate) fn operator_of(tx: &Transaction<'_>, token: Sha256) -> Result<Option<OperatorRecord>, StoreError> {
    let sql = "SELECT id, name, role, offices, ended, circles FROM operators WHERE token_sha256 = ?1 AND ended = 0";
    tx.query_row(sql, [token.to_string()], read).optional()?.map(sound).transpose()
}

/// Everyone who works here or did, by name.
pub(crate) fn operators(tx: &Transaction<'_>) -> Result<Vec<OperatorRecord>, StoreError> {
    let mut statement =
        tx.prepare("SELECT id, name, role, offices, ended, circles FROM operators ORDER BY name, id")?;
    let rows = statement.query_map([], read)?;
    rows.map(|row| sound(row?)).collect()
}

/// They work here no more; `false`: nobody of that identity did.
pub(crate) fn end_operator(tx: &Transaction<'_>, id: Uuid) -> Result<bool, StoreError> {
    Ok(tx.execute("UPDATE operators SET ended = 1 WHERE id = ?1", [id.to_string()])? > 0)
}

/// Writes a line of the audit.
pub(crate) fn audit(
    tx: &Transaction<'_>,
    at: Instant,
    operator: &str,
    deed: &str,
    matters: &[String],
) -> Result<(), StoreError> {
    tx.prepare_cached("INSERT INTO audit (at, operator, deed, matters) VALUES (?1, ?2, ?3, ?4)")?.execute(params![
        at.to_rfc3339(),
        operator,
        deed,
        serde_json::to_string(matters)?
    ])?;
    let line = tx.last_insert_rowid();
    let mut by_matter = tx.prepare_cached("INSERT OR IGNORE INTO audit_matters (matter, n) VALUES (?1, ?2)")?;
    for matter in matters {
        by_matter.execute(params![matter, line])?;
    }
    Ok(())
}

/// Forgets the lines of the audit written before this moment.
pub(crate) fn forget_audit(tx: &Transaction<'_>, before: Instant) -> Result<(), StoreError> {
    let last = "SELECT max(n) FROM audit WHERE at < ?1";
    let last: Option<i64> = tx.query_row(last, [before.to_rfc3339()], |row| row.get(0))?;
    if let Some(last) = last {
        tx.execute("DELETE FROM audit_matters WHERE n <= ?1", [last])?;
        tx.execute("DELETE FROM audit WHERE n <= ?1", [last])?;
    }
    Ok(())
}

/// An operator brought these bytes.
pub(crate) fn brings(tx: &Transaction<'_>, sha256: Sha256, operator: &str, at: Instant) -> Result<(), StoreError> {
    tx.prepare_cached("REPLACE INTO brought (sha256, operator, at) VALUES (?1, ?2, ?3)")?.execute(params![
        sha256.to_string(),
        operator,
        at.timestamp_millis()
    ])?;
    Ok(())
}

/// Returns whether an operator brought these bytes.
pub(crate) fn brought(tx: &Transaction<'_>, sha256: Sha256, operator: &str) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM brought WHERE sha256 = ?1 AND operator = ?2)";
    Ok(tx.prepare_cached(sql)?.query_row([&sha256.to_string(), operator], |row| row.get(0))?)
}

/// The last lines of the audit before the `before`th, newest first; of one matter, when one is named.
pub(crate) fn audited(
    tx: &Transaction<'_>,
    matter: Option<&str>,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<AuditRow>, StoreError> {
    let mut statement = tx.prepare(
        "SELECT n, at, operator, deed, matters FROM audit
         WHERE (?1 IS NULL OR n IN (SELECT n FROM audit_matters WHERE matter = ?1)) AND (?2 IS NULL OR n < ?2)
         ORDER BY n DESC LIMIT ?3",
    )?;
    let rows = statement.query_map(params![matter, before, limit], |row| {
        Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?, row.get(3)?, row.get::<_, String>(4)?))
    })?;
    rows.map(|row| {
        let (n, at, operator, deed, matters) = row?;
        let at = DateTime::parse_from_rfc3339(&at).map(|at| at.to_utc()).unwrap_or_default();
        Ok(AuditRow { n, at, operator, deed, matters: serde_json::from_str(&matters)? })
    })
    .collect()
}

type Stored = (String, String, String, String, bool, String);

fn read(row: &Row<'_>) -> rusqlite::Result<Stored> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
}

fn sound((id, name, role, offices, ended, circles): Stored) -> Result<OperatorRecord, StoreError> {
    let (offices, circles) = (serde_json::from_str(&offices)?, serde_json::from_str(&circles)?);
    let operator = OperatorBody { name, role: serde_json::from_str(&role)?, offices, circles };
    Ok(OperatorRecord { id: id.parse().unwrap_or_default(), operator, ended })
}
