//! Devices and their tokens; of both secrets only a digest is kept.

use rusqlite::{OptionalExtension as _, Transaction, params};
use vicino_domain::{DeviceId, Instant, Sha256};

use crate::store::StoreError;

/// Makes the device known, or finds it with the same secret; `false`: known with another one.
pub(crate) fn register_device(
    tx: &Transaction<'_>,
    id: DeviceId,
    secret: Sha256,
    now: Instant,
) -> Result<bool, StoreError> {
    tx.execute(
        "INSERT INTO devices (id, secret_sha256, created_at, seen_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (id) DO NOTHING",
        params![id.to_string(), secret.to_string(), now.to_rfc3339(), now.timestamp_millis()],
    )?;
    let known: String =
        tx.query_row("SELECT secret_sha256 FROM devices WHERE id = ?1", [id.to_string()], |row| row.get(0))?;
    Ok(known == secret.to_string())
}

/// Returns whether the town knows this device.
pub(crate) fn is_device(tx: &Transaction<'_>, id: DeviceId) -> Result<bool, StoreError> {
    Ok(tx.query_row("SELECT EXISTS (SELECT 1 FROM devices WHERE id = ?1)", [id.to_string()], |row| row.get(0))?)
}

/// Gives the device a token; its older ones stay good, since an answer may be under way.
pub(crate) fn keep_token(
    tx: &Transaction<'_>,
    device: DeviceId,
    token: Sha256,
    now: Instant,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO tokens (token_sha256, device, created_at) VALUES (?1, ?2, ?3)",
        params![token.to_string(), device.to_string(), now.to_rfc3339()],
    )?;
    // The last few are enough: a device asks for a new one only when it has lost the one before.
    tx.execute(
        "DELETE FROM tokens WHERE device = ?1 AND token_sha256 NOT IN
             (SELECT token_sha256 FROM tokens WHERE device = ?1 ORDER BY rowid DESC LIMIT 4)",
        [device.to_string()],
    )?;
    Ok(())
}

/// The device that holds this token, when the token was given after `since` and the device is not shut out.
pub(crate) fn device_of(tx: &Transaction<'_>, token: Sha256, since: Instant) -> Result<Option<DeviceId>, StoreError> {
    let sql = "SELECT device, tokens.created_at FROM tokens JOIN devices ON devices.id = device
               WHERE token_sha256 = ?1 AND ended_at IS NULL";
    let found: Option<(String, String)> =
        tx.prepare_cached(sql)?.query_row([token.to_string()], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let given = |at: &str| at.parse::<Instant>().is_ok_and(|at| at > since);
    Ok(found.filter(|(_, at)| given(at)).and_then(|(id, _)| id.parse().ok()))
}

/// Notes what a device calls itself, and that it was heard of.
pub(crate) fn describe_device(
    tx: &Transaction<'_>,
    id: DeviceId,
    (name, kind): (&str, &str),
    now: Instant,
) -> Result<(), StoreError> {
    // What it does not say this time stays as it said before.
    let sql =
        "UPDATE devices SET name = iif(?2 = '', name, ?2), kind = iif(?3 = '', kind, ?3), seen_at = ?4 WHERE id = ?1";
    tx.prepare_cached(sql)?.execute(params![id.to_string(), name, kind, now.timestamp_millis()])?;
    Ok(())
}

/// What a device calls itself: its name and its kind.
pub(crate) fn description_of(tx: &Transaction<'_>, id: DeviceId) -> Result<(String, String), StoreError> {
    let sql = "SELECT name, kind FROM devices WHERE id = ?1";
    let found = tx.prepare_cached(sql)?.query_row([id.to_string()], |row| Ok((row.get(0)?, row.get(1)?)));
    Ok(found.optional()?.unwrap_or_default())
}

/// Returns whether a device is shut out.
pub(crate) fn is_ended(tx: &Transaction<'_>, id: DeviceId) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM devices WHERE id = ?1 AND ended_at IS NOT NULL)";
    Ok(tx.prepare_cached(sql)?.query_row([id.to_string()], |row| row.get(0))?)
}

/// Shuts a device out: it has no token any more, and is given none.
pub(crate) fn end_device(tx: &Transaction<'_>, id: DeviceId, now: Instant) -> Result<(), StoreError> {
    tx.execute("DELETE FROM tokens WHERE device = ?1", [id.to_string()])?;
    tx.execute("DELETE FROM authorizations WHERE device = ?1", [id.to_string()])?;
    tx.execute(
        "UPDATE devices SET ended_at = ?2 WHERE id = ?1 AND ended_at IS NULL",
        params![id.to_string(), now.timestamp_millis()],
    )?;
    Ok(())
}

/// Forgets the devices that were last heard of before this moment and never sent anything: no word of theirs was signed for, nobody has
/// signed in on them, nothing of theirs is on its way. One that comes back is new again.
pub(crate) fn forget_silent_devices(tx: &Transaction<'_>, before: Instant) -> Result<(), StoreError> {
    let silent = "SELECT id FROM devices WHERE seen_at < ?1 AND ended_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM acknowledgements WHERE owner = 'device:' || devices.id)
        AND NOT EXISTS (SELECT 1 FROM uploads WHERE owner = 'device:' || devices.id)
        AND NOT EXISTS (SELECT 1 FROM records WHERE owner = 'device:' || devices.id)
        AND NOT EXISTS (SELECT 1 FROM sessions WHERE device = devices.id)";
    for sql in [
        format!("DELETE FROM tokens WHERE device IN ({silent})"),
        format!("DELETE FROM authorizations WHERE device IN ({silent})"),
        format!("DELETE FROM devices WHERE id IN ({silent})"),
    ] {
        tx.execute(&sql, [before.timestamp_millis()])?;
    }
    Ok(())
}
