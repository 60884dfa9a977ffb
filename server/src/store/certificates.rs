//! Certificates that wait for something, and their numbers.

use rusqlite::Transaction;
use vicino_contract::http::CertificateRecord;

use super::{Record, StoreError};

/// Those that are neither issued nor taken back, oldest change first.
pub(crate) fn open_certificates(tx: &Transaction<'_>) -> Result<Vec<Record<CertificateRecord>>, StoreError> {
    let mut statement = tx.prepare_cached(
        "SELECT version, owner, body FROM records WHERE collection = 'certificates' AND NOT deleted
         AND body ->> '$.state' IN ('asked', 'held', 'stamp_due') ORDER BY seq",
    )?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let (owner, body): (Option<String>, String) = (row.get(1)?, row.get(2)?);
        let owner = owner.and_then(|owner| owner.parse().ok());
        all.push(Record { version: row.get(0)?, owner, body: serde_json::from_str(&body)? });
    }
    Ok(all)
}

/// The next number of a certificate of a year.
pub(crate) fn next_certificate(tx: &Transaction<'_>, year: i32) -> Result<i64, StoreError> {
    let sql = "INSERT INTO certificates (year, last) VALUES (?1, 1) ON CONFLICT (year) DO UPDATE SET last = last + 1 RETURNING last";
    Ok(tx.query_row(sql, [year], |row| row.get(0))?)
}
