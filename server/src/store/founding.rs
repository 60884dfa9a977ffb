//! As what a register was founded: a town's, or a practice town's. It never becomes the other.

use rusqlite::{OptionalExtension as _, Transaction};
use uuid::Uuid;
use vicino_contract::http::Collection;

use crate::store::StoreError;

/// Returns whether the register is a practice town's. A new one is what its founder says; of a release that did not write it down, `sign` is
/// the identity of a street that every practice town has.
pub(crate) fn found(tx: &Transaction<'_>, practice: bool, sign: Uuid) -> Result<bool, StoreError> {
    let known: Option<bool> = tx.query_row("SELECT practice FROM founding", [], |row| row.get(0)).optional()?;
    if let Some(known) = known {
        return Ok(known);
    }
    // One without a record is new, also when its first start was cut off.
    let was = if has_past(tx)? {
        let sql = "SELECT EXISTS (SELECT 1 FROM records WHERE collection = ?1 AND id = ?2)";
        tx.query_row(sql, [Collection::Streets.code(), &sign.to_string()], |row| row.get(0))?
    } else {
        practice
    };
    tx.execute("INSERT INTO founding (only, practice) VALUES (1, ?1)", [was])?;
    Ok(was)
}

/// Returns whether anybody may have seen this town's key: something was written down or signed for, or a device has joined.
pub(crate) fn is_known(tx: &Transaction<'_>) -> Result<bool, StoreError> {
    Ok(has_past(tx)? || tx.query_row("SELECT EXISTS (SELECT 1 FROM devices)", [], |row| row.get(0))?)
}

/// Returns whether anything was ever written down or signed for here.
fn has_past(tx: &Transaction<'_>) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM records) OR EXISTS (SELECT 1 FROM acknowledgements)";
    Ok(tx.query_row(sql, [], |row| row.get(0))?)
}
