//! What only a practice town writes into its register: receipts that come by themselves, children entrusted by its story, records by the thousand.

use rusqlite::{OptionalExtension as _, Transaction, params};
use serde::Serialize;
use uuid::Uuid;
use vicino_contract::http::{CartBody, Collection};
use vicino_domain::{CartId, Instant, ResidentId};

use crate::providers::pagopa::Receipt;
use crate::store::StoreError;

/// The cart under this identity, as it was asked for.
pub(crate) fn cart(tx: &Transaction<'_>, id: CartId) -> Result<Option<CartBody>, StoreError> {
    let mut statement = tx.prepare_cached("SELECT body FROM carts WHERE id = ?1")?;
    let body: Option<String> = statement.query_row([id.to_string()], |row| row.get(0)).optional()?;
    Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
}

/// A receipt to be told at this moment.
pub(crate) fn tell_later(tx: &Transaction<'_>, at: Instant, receipt: &Receipt) -> Result<(), StoreError> {
    tx.prepare_cached("INSERT INTO receipts_due (at, body) VALUES (?1, ?2)")?
        .execute(params![at.timestamp_millis(), serde_json::to_string(receipt)?])?;
    Ok(())
}

/// Receipts whose moment has come, taken off the list in the transaction that books them.
pub(crate) fn due_receipts(tx: &Transaction<'_>, now: Instant) -> Result<Vec<Receipt>, StoreError> {
    let mut statement = tx.prepare_cached("DELETE FROM receipts_due WHERE at <= ?1 RETURNING body")?;
    let rows = statement.query_map([now.timestamp_millis()], |row| row.get::<_, String>(0))?;
    rows.map(|body| Ok(serde_json::from_str(&body?)?)).collect()
}

/// Entrusts a resident to another until this moment.
pub(crate) fn entrust(
    tx: &Transaction<'_>,
    guardian: ResidentId,
    ward: ResidentId,
    until: Instant,
) -> Result<(), StoreError> {
    tx.execute(
        "REPLACE INTO guardians (guardian, ward, until) VALUES (?1, ?2, ?3)",
        params![guardian.to_string(), ward.to_string(), until.timestamp_millis()],
    )?;
    Ok(())
}

/// Writes a public record that is certainly new.
pub(crate) fn add(
    tx: &Transaction<'_>,
    collection: Collection,
    id: Uuid,
    body: &impl Serialize,
) -> Result<(), StoreError> {
    tx.prepare_cached("INSERT INTO records (collection, id, version, body) VALUES (?1, ?2, 1, ?3)")?
        .execute(params![collection.code(), id.to_string(), serde_json::to_string(body)?])?;
    Ok(())
}
