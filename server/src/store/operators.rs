//! Those who work in the town's offices, and the audit of what they read and did.

use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use uuid::Uuid;
use vicino_contract::http::{AuditRow, OperatorBody, OperatorRecord};
use vicino_domain::{Instant, Sha256};
use vicino_records::sql::{Json, Text};

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
    tx.query_row(sql, [token.to_string()], read).optional().map_err(StoreError::from)
}

/// Everyone who works here or did, by name.
pub(crate) fn operators(tx: &Transaction<'_>) -> Result<Vec<OperatorRecord>, StoreError> {
    let mut statement =
        tx.prepare("SELECT id, name, role, offices, ended, circles FROM operators ORDER BY name, id")?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Deactivates an operator; returns `false` when there is none with this id.
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
        Ok(AuditRow {
            n: row.get(0)?,
            at: row.get::<_, Text<_>>(1).map(|at| at.0).unwrap_or_default(),
            operator: row.get(2)?,
            deed: row.get(3)?,
            matters: row.get::<_, Json<_>>(4)?.0,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<OperatorRecord> {
    Ok(OperatorRecord {
        id: row.get::<_, Text<_>>(0).map(|id| id.0).unwrap_or_default(),
        operator: OperatorBody {
            name: row.get(1)?,
            role: row.get::<_, Json<_>>(2)?.0,
            offices: row.get::<_, Json<_>>(3)?.0,
            circles: row.get::<_, Json<_>>(5)?.0,
        },
        ended: row.get(4)?,
    })
}
