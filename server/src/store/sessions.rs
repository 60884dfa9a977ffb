//! Sign-ins under way and sessions; of every secret only a digest is kept.

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};
use uuid::Uuid;
use vicino_domain::{DeviceId, Instant, ResidentId, Sha256};
use vicino_records::sql::{Millis, Text};

use crate::store::{StoreError, if_readable, readable};

/// A sign-in under way.
#[derive(Clone, Debug)]
pub(crate) struct Authorization {
    pub(crate) device: DeviceId,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: String,
    pub(crate) state: String,
    pub(crate) expires_at: Instant,
    pub(crate) resident: Option<ResidentId>,
    /// The session its code opened.
    pub(crate) session: Option<Uuid>,
}

/// A resident on a device, until they sign out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Session {
    pub(crate) id: Uuid,
    pub(crate) device: DeviceId,
    pub(crate) resident: ResidentId,
    pub(crate) generation: i64,
    pub(crate) seen: bool,
    pub(crate) ended: bool,
    /// When none of its refresh tokens can be good any more.
    pub(crate) expires_at: Instant,
    /// When it was opened.
    pub(crate) opened_at: Instant,
    /// When it was last heard of.
    pub(crate) seen_at: Instant,
}

/// Keeps a sign-in that begins; those whose time is over go.
pub(crate) fn ask(tx: &Transaction<'_>, ticket: Sha256, asked: &Authorization, now: Instant) -> Result<(), StoreError> {
    tx.execute("DELETE FROM authorizations WHERE expires_at <= ?1", [now.timestamp_millis()])?;
    tx.execute(
        "INSERT INTO authorizations (ticket_sha256, device, redirect_uri, challenge, state, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            ticket.to_string(),
            asked.device.to_string(),
            asked.redirect_uri,
            asked.challenge,
            asked.state,
            asked.expires_at.timestamp_millis(),
        ],
    )?;
    Ok(())
}

/// The sign-in of this ticket.
pub(crate) fn asked(tx: &Transaction<'_>, ticket: Sha256) -> Result<Option<Authorization>, StoreError> {
    authorization(tx, "WHERE ticket_sha256 = ?1", &ticket.to_string())
}

/// The sign-in that was answered with this code.
pub(crate) fn answered(tx: &Transaction<'_>, code: Sha256) -> Result<Option<Authorization>, StoreError> {
    authorization(tx, "WHERE code_sha256 = ?1", &code.to_string())
}

fn authorization(tx: &Transaction<'_>, which: &str, digest: &str) -> Result<Option<Authorization>, StoreError> {
    let columns = "device, redirect_uri, challenge, state, expires_at, resident, session";
    let found = tx.query_row(&format!("SELECT {columns} FROM authorizations {which}"), [digest], |row| {
        Ok(Authorization {
            device: row.get::<_, Text<_>>(0)?.0,
            redirect_uri: row.get(1)?,
            challenge: row.get(2)?,
            state: row.get(3)?,
            expires_at: row.get::<_, Millis>(4)?.0,
            resident: row.get::<_, Option<Text<_>>>(5)?.map(|resident| resident.0),
            session: row.get::<_, Option<Text<_>>>(6)?.map(|session| session.0),
        })
    });
    Ok(if_readable(found)?)
}

/// Answers a sign-in with who they are and a code.
pub(crate) fn answer(tx: &Transaction<'_>, ticket: Sha256, who: ResidentId, code: Sha256) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE authorizations SET resident = ?2, code_sha256 = ?3 WHERE ticket_sha256 = ?1",
        params![ticket.to_string(), who.to_string(), code.to_string()],
    )?;
    Ok(())
}

/// The code of a sign-in opened this session.
pub(crate) fn use_code(tx: &Transaction<'_>, code: Sha256, session: Uuid) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE authorizations SET session = ?2 WHERE code_sha256 = ?1",
        params![code.to_string(), session.to_string()],
    )?;
    Ok(())
}

/// The session of this name.
pub(crate) fn session(tx: &Connection, id: Uuid) -> Result<Option<Session>, StoreError> {
    let found = tx.query_row(&format!("SELECT {SESSION} FROM sessions WHERE id = ?1"), [id.to_string()], read);
    Ok(if_readable(found)?)
}

/// The sessions of a resident that have not ended.
pub(crate) fn of_resident(tx: &Connection, resident: ResidentId) -> Result<Vec<Session>, StoreError> {
    let mut statement =
        tx.prepare_cached(&format!("SELECT {SESSION} FROM sessions WHERE resident = ?1 AND NOT ended"))?;
    let rows = statement.query_map([resident.to_string()], read)?;
    readable(rows)
}

const SESSION: &str = "id, device, resident, generation, seen, ended, expires_at, opened_at, seen_at";

fn read(row: &Row<'_>) -> rusqlite::Result<Session> {
    // One of before there was such a moment has none: its column holds more than a moment can be.
    let expires_at = Instant::from_timestamp_millis(row.get(6)?).unwrap_or(Instant::MAX_UTC);
    Ok(Session {
        id: row.get::<_, Text<_>>(0)?.0,
        device: row.get::<_, Text<_>>(1)?.0,
        resident: row.get::<_, Text<_>>(2)?.0,
        generation: row.get(3)?,
        seen: row.get(4)?,
        ended: row.get(5)?,
        expires_at,
        opened_at: row.get::<_, Millis>(7)?.0,
        seen_at: row.get::<_, Millis>(8)?.0,
    })
}

/// Keeps a session as it is now.
pub(crate) fn keep_session(tx: &Transaction<'_>, session: &Session) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO sessions (id, device, resident, generation, seen, ended, expires_at, opened_at, seen_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (id) DO UPDATE SET generation = ?4, seen = ?5, ended = ?6, expires_at = ?7, seen_at = ?9",
        params![
            session.id.to_string(),
            session.device.to_string(),
            session.resident.to_string(),
            session.generation,
            session.seen,
            session.ended,
            session.expires_at.timestamp_millis(),
            session.opened_at.timestamp_millis(),
            session.seen_at.timestamp_millis(),
        ],
    )?;
    if session.ended {
        tx.execute("DELETE FROM access_tokens WHERE session = ?1", [session.id.to_string()])?;
    }
    Ok(())
}

/// A device has shown that it holds the present tokens of a session. Of a session that went on meanwhile nothing is said.
pub(crate) fn see(tx: &Transaction<'_>, session: &Session) -> Result<(), StoreError> {
    let sql = "UPDATE sessions SET seen = 1 WHERE id = ?1 AND generation = ?2 AND NOT ended";
    tx.execute(sql, params![session.id.to_string(), session.generation])?;
    Ok(())
}

/// Gives a session an access token; those whose time is over go.
pub(crate) fn keep_access(
    tx: &Transaction<'_>,
    token: Sha256,
    session: &Session,
    (now, expires_at): (Instant, Instant),
) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM access_tokens WHERE session = ?1 AND expires_at <= ?2",
        params![session.id.to_string(), now.timestamp_millis()],
    )?;
    tx.execute(
        "INSERT INTO access_tokens (token_sha256, session, generation, expires_at) VALUES (?1, ?2, ?3, ?4)",
        params![token.to_string(), session.id.to_string(), session.generation, expires_at.timestamp_millis()],
    )?;
    Ok(())
}

/// The sessions whose time is over.
pub(crate) fn expired(tx: &Transaction<'_>, now: Instant) -> Result<Vec<Session>, StoreError> {
    let mut statement = tx.prepare_cached(&format!("SELECT {SESSION} FROM sessions WHERE expires_at <= ?1"))?;
    let rows = statement.query_map([now.timestamp_millis()], read)?;
    readable(rows)
}

/// The living sessions on a device, whosoever they are.
pub(crate) fn on_device(tx: &Transaction<'_>, device: DeviceId) -> Result<Vec<Session>, StoreError> {
    let mut statement =
        tx.prepare_cached(&format!("SELECT {SESSION} FROM sessions WHERE device = ?1 AND NOT ended"))?;
    let rows = statement.query_map([device.to_string()], read)?;
    readable(rows)
}

/// Forgets the sign-ins under way of a resident: nobody comes in by one of them any more.
pub(crate) fn forget_sign_ins(tx: &Transaction<'_>, resident: ResidentId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM authorizations WHERE resident = ?1", [resident.to_string()])?;
    Ok(())
}

/// Forgets the sign-ins, tokens and sessions whose time is over.
pub(crate) fn sweep(tx: &Transaction<'_>, now: Instant) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM authorizations WHERE expires_at <= ?1",
        "DELETE FROM access_tokens WHERE expires_at <= ?1",
        "DELETE FROM sessions WHERE expires_at <= ?1 AND id NOT IN (SELECT session FROM access_tokens)",
    ] {
        tx.execute(sql, [now.timestamp_millis()])?;
    }
    Ok(())
}

/// The session and generation of an access token that is good now.
pub(crate) fn session_of(tx: &Connection, token: Sha256, now: Instant) -> Result<Option<(Session, i64)>, StoreError> {
    let found: Option<(String, i64)> = tx
        .prepare_cached("SELECT session, generation FROM access_tokens WHERE token_sha256 = ?1 AND expires_at > ?2")?
        .query_row(params![token.to_string(), now.timestamp_millis()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((id, generation)) = found else { return Ok(None) };
    let Ok(id) = id.parse() else { return Ok(None) };
    Ok(session(tx, id)?.filter(|session| !session.ended).map(|session| (session, generation)))
}
