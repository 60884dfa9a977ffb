//! Which debt a notice number belongs to, carts that were opened, receipts that were fetched or are still to be told.

use rusqlite::{OptionalExtension as _, Transaction, params};
use uuid::Uuid;
use vicino_contract::http::{CartBody, NoticeRecord};
use vicino_domain::pagopa::{Creditor, NoticeNumber};
use vicino_domain::{CartId, Instant, Sha256};

use crate::reader::Owner;
use crate::store::StoreError;

/// The numbers of a debt lead to it.
pub(crate) fn point_numbers(tx: &Transaction<'_>, record: &NoticeRecord) -> Result<(), StoreError> {
    let sql = "INSERT INTO notice_numbers (creditor, number, notice) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
    let mut statement = tx.prepare_cached(sql)?;
    let creditor = record.creditor.tax_code.to_string();
    for one in record.plans.iter().flat_map(|plan| &plan.installments) {
        statement.execute(params![creditor, one.number.to_string(), record.id.to_string()])?;
    }
    Ok(())
}

/// The debt a number belongs to.
pub(crate) fn notice_of(
    tx: &Transaction<'_>,
    creditor: Creditor,
    number: NoticeNumber,
) -> Result<Option<Uuid>, StoreError> {
    let sql = "SELECT notice FROM notice_numbers WHERE creditor = ?1 AND number = ?2";
    let found: Option<String> = tx
        .prepare_cached(sql)?
        .query_row(params![creditor.to_string(), number.to_string()], |row| row.get(0))
        .optional()?;
    Ok(found.and_then(|id| id.parse().ok()))
}

/// A cart that was opened.
pub(crate) struct OpenCart {
    pub(crate) owner: Option<Owner>,
    pub(crate) sha256: String,
    pub(crate) location: String,
}

/// The cart under this identity.
pub(crate) fn find_cart(tx: &Transaction<'_>, id: CartId) -> Result<Option<OpenCart>, StoreError> {
    let found: Option<(String, String, String)> = tx
        .prepare_cached("SELECT owner, sha256, location FROM carts WHERE id = ?1")?
        .query_row([id.to_string()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    Ok(found.map(|(owner, sha256, location)| OpenCart { owner: owner.parse().ok(), sha256, location }))
}

/// Keeps a cart; one that is there already stays.
pub(crate) fn keep_cart(
    tx: &Transaction<'_>,
    id: CartId,
    owner: Owner,
    (digest, body): (Sha256, &CartBody),
    (location, now): (&str, Instant),
) -> Result<(), StoreError> {
    let sql = "INSERT INTO carts (id, owner, sha256, body, location, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING";
    tx.prepare_cached(sql)?.execute(params![
        id.to_string(),
        owner.to_string(),
        digest.to_string(),
        serde_json::to_string(body)?,
        location,
        now.timestamp_millis()
    ])?;
    Ok(())
}

/// Forgets the carts that were opened before this moment.
pub(crate) fn forget_carts(tx: &Transaction<'_>, before: Instant) -> Result<(), StoreError> {
    tx.execute("DELETE FROM carts WHERE at < ?1", [before.timestamp_millis()])?;
    Ok(())
}

/// Which of these receipts of a creditor were never asked for.
pub(crate) fn unread(tx: &Transaction<'_>, creditor: Creditor, iuvs: Vec<String>) -> Result<Vec<String>, StoreError> {
    let mut statement = tx.prepare_cached("SELECT 1 FROM receipts_read WHERE creditor = ?1 AND iuv = ?2")?;
    let mut left = Vec::new();
    for iuv in iuvs {
        if !statement.exists(params![creditor.to_string(), iuv])? {
            left.push(iuv);
        }
    }
    Ok(left)
}

/// A receipt was asked for: it is booked, or to be asked for again at this moment.
pub(crate) fn keep_read(
    tx: &Transaction<'_>,
    (creditor, iuv): (Creditor, &str),
    again: Option<Instant>,
) -> Result<(), StoreError> {
    let sql = "REPLACE INTO receipts_read (creditor, iuv, again_at) VALUES (?1, ?2, ?3)";
    let again = again.map(|at| at.timestamp_millis());
    tx.prepare_cached(sql)?.execute(params![creditor.to_string(), iuv, again])?;
    Ok(())
}

/// The receipts of a creditor that are to be asked for again by now.
pub(crate) fn to_read(tx: &Transaction<'_>, creditor: Creditor, now: Instant) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT iuv FROM receipts_read WHERE creditor = ?1 AND again_at <= ?2 ORDER BY iuv";
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map(params![creditor.to_string(), now.timestamp_millis()], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// When every receipt of a creditor had last been looked at.
pub(crate) fn looked_at(tx: &Transaction<'_>, creditor: Creditor) -> Result<Option<Instant>, StoreError> {
    let mut statement = tx.prepare_cached("SELECT at FROM receipts_looked_at WHERE creditor = ?1")?;
    let at: Option<i64> = statement.query_row([creditor.to_string()], |row| row.get(0)).optional()?;
    Ok(at.and_then(Instant::from_timestamp_millis))
}

/// Every receipt of a creditor was looked at, as of this moment.
pub(crate) fn keep_looked_at(tx: &Transaction<'_>, creditor: Creditor, at: Instant) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO receipts_looked_at (creditor, at) VALUES (?1, ?2) ON CONFLICT (creditor) DO UPDATE SET at = ?2";
    tx.prepare_cached(sql)?.execute(params![creditor.to_string(), at.timestamp_millis()])?;
    Ok(())
}
