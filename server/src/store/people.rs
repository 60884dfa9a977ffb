//! Whom the household rules entrust to whom.

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use vicino_domain::{Instant, ResidentId};

use crate::store::StoreError;

/// The resident with this tax code.
pub(crate) fn resident_by_tax_code(tx: &Transaction<'_>, code: &str) -> Result<Option<ResidentId>, StoreError> {
    let sql = "SELECT id FROM records WHERE collection = 'residents' AND NOT deleted AND body ->> '$.tax_code' = ?1";
    let found: Option<String> = tx.prepare_cached(sql)?.query_row([code], |row| row.get(0)).optional()?;
    Ok(found.and_then(|id| id.parse().ok()))
}

/// The residents entrusted to this one now.
pub(crate) fn wards(tx: &Connection, guardian: ResidentId, now: Instant) -> Result<Vec<ResidentId>, StoreError> {
    let mut statement = tx.prepare_cached("SELECT ward FROM guardians WHERE guardian = ?1 AND until > ?2")?;
    let rows = statement.query_map(params![guardian.to_string(), now.timestamp_millis()], |row| row.get(0))?;
    let wards: Vec<String> = rows.collect::<Result<_, _>>()?;
    Ok(wards.iter().filter_map(|ward| ward.parse().ok()).collect())
}
