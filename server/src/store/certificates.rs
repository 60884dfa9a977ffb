//! Certificates that wait for something, and their numbers.

use rusqlite::{OptionalExtension as _, Transaction};
use vicino_contract::http::CertificateRecord;
use vicino_domain::CertificateId;

use crate::reader::Owner;
use crate::store::{Record, StoreError};

/// Lists the certificates still open, and the withdrawn ones whose stamp may have been paid; oldest change first.
pub(crate) fn open_certificates(tx: &Transaction<'_>) -> Result<Vec<Record<CertificateRecord>>, StoreError> {
    let mut statement = tx.prepare_cached(
        "SELECT version, owner, body FROM records WHERE collection = 'certificates' AND NOT deleted
         AND (body ->> '$.state' IN ('asked', 'held', 'stamp_due')
              OR (body ->> '$.state' = 'withdrawn' AND body ->> '$.bound' IS NOT NULL)) ORDER BY seq",
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

/// How many of an owner's are neither issued nor taken back.
pub(crate) fn waiting_certificates(tx: &Transaction<'_>, owner: Owner) -> Result<usize, StoreError> {
    let sql = "SELECT count(*) FROM records WHERE collection = 'certificates' AND NOT deleted AND owner = ?1
               AND body ->> '$.state' IN ('asked', 'held', 'stamp_due')";
    let count: i64 = tx.prepare_cached(sql)?.query_row([owner.to_string()], |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// The number of a certificate: its own if it was given one, or the next of a year. Answers its year too.
pub(crate) fn number_certificate(tx: &Transaction<'_>, id: CertificateId, year: i32) -> Result<(i32, i64), StoreError> {
    let own = "SELECT year, number FROM certificate_numbers WHERE id = ?1";
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    if let Some(own) = tx.query_row(own, [id.to_string()], read).optional()? {
        return Ok(own);
    }
    let next = "INSERT INTO certificates (year, last) VALUES (?1, 1) ON CONFLICT (year) DO UPDATE SET last = last + 1 RETURNING last";
    let number: i64 = tx.query_row(next, [year], |row| row.get(0))?;
    let keep = "INSERT INTO certificate_numbers (id, year, number) VALUES (?1, ?2, ?3)";
    tx.execute(keep, rusqlite::params![id.to_string(), year, number])?;
    Ok((year, number))
}

/// Which certificate has this number, such as `2026/000004`.
pub(crate) fn certificate_of(tx: &Transaction<'_>, number: &str) -> Result<Option<CertificateId>, StoreError> {
    let parts =
        number.trim().split_once('/').and_then(|(year, n)| Some((year.parse::<i32>().ok()?, n.parse::<i64>().ok()?)));
    let Some((year, n)) = parts else { return Ok(None) };
    let sql = "SELECT id FROM certificate_numbers WHERE year = ?1 AND number = ?2";
    let found: Option<String> = tx.query_row(sql, [i64::from(year), n], |row| row.get(0)).optional()?;
    Ok(found.and_then(|id| id.parse().ok()))
}
