//! Which town this device has joined, and who it is there.

use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use vicino_contract::http::{CompromisedKey, TownCard, TownKey};
use vicino_contract::jws;
use vicino_domain::{DeviceId, Instant};

use crate::error::Error;
use crate::store::codec::Text;

/// The town joined.
#[derive(Clone)]
pub(crate) struct Joined {
    pub(crate) url: String,
    pub(crate) card: TownCard,
    /// Pinned when joining, and those they vouched for since; the newest first.
    pub(crate) keys: Vec<TownKey>,
}

impl Joined {
    /// The keys that are believed for what comes now: those that nobody else may hold.
    pub(crate) fn believed(&self) -> Vec<TownKey> {
        CompromisedKey::spare(&self.keys, &self.card.compromised)
    }

    /// Returns whether a word that was here before, with this date, is believed still.
    pub(crate) fn believes(&self, word: &str, said_at: Instant) -> bool {
        CompromisedKey::allow(&self.card.compromised, jws::kid(word).as_deref(), said_at)
    }

    /// Every key that a certificate of this town may be signed with: those that seal for it are good for nothing else.
    pub(crate) fn certificate_keys(&self) -> Vec<TownKey> {
        self.keys.iter().chain(&self.card.sealers).cloned().collect()
    }
}

/// Who this device is for the town.
#[derive(Clone)]
pub(crate) struct Identity {
    pub(crate) device: DeviceId,
    pub(crate) secret: String,
    pub(crate) token: Option<String>,
}

/// The town joined, if any.
pub(crate) fn town(tx: &Transaction<'_>) -> Result<Option<Joined>, Error> {
    let found: Option<(String, String, String)> = tx
        .prepare_cached("SELECT url, card, keys FROM town")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((url, card, keys)) = found else { return Ok(None) };
    // A town of before whose key is not what it calls itself is none: it is chosen anew, by what its key is.
    match (serde_json::from_str(&card), serde_json::from_str(&keys)) {
        (Ok(card), Ok(keys)) => Ok(Some(Joined { url, card, keys })),
        (Err(cause), _) | (_, Err(cause)) => {
            tracing::warn!(%cause, "stored town card unreadable");
            Ok(None)
        }
    }
}

/// Joins a town, or notes its new address, card and keys.
pub(crate) fn join(tx: &Transaction<'_>, joined: &Joined) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO town (only, url, card, keys) VALUES (1, ?1, ?2, ?3) ON CONFLICT DO UPDATE SET url = ?1, card = ?2, keys = ?3",
        params![joined.url, serde_json::to_string(&joined.card)?, serde_json::to_string(&joined.keys)?],
    )?;
    Ok(())
}

/// Who this device is, if it has been anyone.
pub(crate) fn find(tx: &Transaction<'_>) -> Result<Option<Identity>, Error> {
    let sql = "SELECT device, secret, token FROM identity";
    let read =
        |row: &Row<'_>| Ok(Identity { device: row.get::<_, Text<_>>(0)?.0, secret: row.get(1)?, token: row.get(2)? });
    Ok(tx.prepare_cached(sql)?.query_row([], read).optional()?)
}

/// Becomes someone.
pub(crate) fn begin(tx: &Transaction<'_>, identity: &Identity) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO identity (only, device, secret) VALUES (1, ?1, ?2) ON CONFLICT DO NOTHING",
        params![Text(identity.device), identity.secret],
    )?;
    Ok(())
}

/// Becomes somebody else: nothing the one before was given is good any more.
pub(crate) fn begin_anew(tx: &Transaction<'_>, identity: &Identity) -> Result<(), Error> {
    let sql = "UPDATE identity SET device = ?1, secret = ?2, token = NULL";
    tx.execute(sql, params![Text(identity.device), identity.secret])?;
    Ok(())
}

/// Keeps the token the town gave.
pub(crate) fn set_token(tx: &Transaction<'_>, token: &str) -> Result<(), Error> {
    tx.prepare_cached("UPDATE identity SET token = ?1")?.execute([token])?;
    Ok(())
}

/// Forgets a token the town no longer takes; another one given meanwhile stays.
pub(crate) fn forget_token(tx: &Transaction<'_>, token: &str) -> Result<(), Error> {
    tx.prepare_cached("UPDATE identity SET token = NULL WHERE token = ?1")?.execute([token])?;
    Ok(())
}
