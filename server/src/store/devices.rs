//! Devices and their tokens; of both secrets only a digest is kept.

use rusqlite::{OptionalExtension as _, Transaction, params};
use vicino_domain::{DeviceId, Instant, Sha256};

use super::StoreError;

/// Makes the device known, or finds it with the same secret; `false`: known with another one.
pub(crate) fn register_device(
    tx: &Transaction<'_>,
    id: DeviceId,
    secret: Sha256,
    now: Instant,
) -> Result<bool, StoreError> {
    tx.execute(
        "INSERT INTO devices (id, secret_sha256, created_at) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO NOTHING",
        params![id.to_string(), secret.to_string(), now.to_rfc3339()],
    )?;
    let known: String =
        tx.query_row("SELECT secret_sha256 FROM devices WHERE id = ?1", [id.to_string()], |row| row.get(0))?;
    Ok(known == secret.to_string())
}

/// Whether the town knows this device.
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

/// The device that holds this token.
pub(crate) fn device_of(tx: &Transaction<'_>, token: Sha256) -> Result<Option<DeviceId>, StoreError> {
    let id: Option<String> = tx
        .query_row("SELECT device FROM tokens WHERE token_sha256 = ?1", [token.to_string()], |row| row.get(0))
        .optional()?;
    Ok(id.and_then(|id| id.parse().ok()))
}
