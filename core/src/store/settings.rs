//! The resident's preferences.

use rusqlite::{OptionalExtension as _, Transaction};
use vicino_contract::Settings;

use crate::error::Error;

/// The preferences; the defaults before any were kept, or when they are of a release to come.
pub(crate) fn read(tx: &Transaction<'_>) -> Result<Settings, Error> {
    let body: Option<String> =
        tx.prepare_cached("SELECT body FROM settings")?.query_row([], |row| row.get(0)).optional()?;
    Ok(body.and_then(|body| serde_json::from_str(&body).ok()).unwrap_or_default())
}

/// Keeps the preferences of somebody who has none yet.
pub(crate) fn begin(tx: &Transaction<'_>, settings: &Settings) -> Result<(), Error> {
    let sql = "INSERT INTO settings (only, body) VALUES (1, ?1) ON CONFLICT DO NOTHING";
    tx.prepare_cached(sql)?.execute([serde_json::to_string(settings)?])?;
    Ok(())
}

/// Keeps the preferences.
pub(crate) fn write(tx: &Transaction<'_>, settings: &Settings) -> Result<(), Error> {
    let sql = "INSERT INTO settings (only, body) VALUES (1, ?1) ON CONFLICT DO UPDATE SET body = ?1";
    tx.prepare_cached(sql)?.execute([serde_json::to_string(settings)?])?;
    Ok(())
}
