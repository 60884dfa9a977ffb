//! The outbox's rows; what they mean is told in `outbox`.

use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use vicino_contract::{Matter, MessageKind, StuckReason};
use vicino_domain::{Instant, RequestId};

use crate::error::Error;
use crate::store::codec::{Json, Millis, Text, matter, message_kind};
use crate::store::request::{Obstacle, Request};

/// Everything but the body, which only a request under way needs.
const COLUMNS: &str = "seq, id, matter_kind, matter, kind, subject, saved_at, tries, next_try, lack, stuck, delivered_at, acknowledgement, left_device, confirmed,
     EXISTS (SELECT 1 FROM files JOIN outbox AS letter ON letter.matter = files.matter AND letter.subject = files.message
             WHERE files.id = outbox.subject AND letter.stuck IS NOT NULL)";

/// The name of a request in the queue, and what it is about.
#[derive(Clone, Copy)]
pub(crate) struct NewRequest {
    pub(crate) id: RequestId,
    pub(crate) matter: Matter,
    pub(crate) kind: MessageKind,
}

/// Queues a request.
pub(crate) fn insert(
    tx: &Transaction<'_>,
    NewRequest { id, matter, kind }: NewRequest,
    subject: &str,
    body: &[u8],
    now: Instant,
) -> Result<(), Error> {
    tx.prepare_cached(
        "INSERT INTO outbox (id, matter_kind, matter, kind, subject, body, saved_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        Text(id),
        matter.kind().code(),
        Text(matter.uuid()),
        kind.code(),
        subject,
        body,
        Millis(now)
    ])?;
    Ok(())
}

/// Every request not delivered yet, in the order they were queued.
pub(crate) fn pending(tx: &Transaction<'_>) -> Result<Vec<Request>, Error> {
    select(tx, "WHERE delivered_at IS NULL ORDER BY seq", [])
}

/// How many are not delivered yet: waiting, stuck.
pub(crate) fn count(tx: &Transaction<'_>) -> Result<(u32, u32), Error> {
    let sql = "SELECT coalesce(sum(stuck IS NULL), 0), coalesce(sum(stuck IS NOT NULL), 0) FROM outbox WHERE delivered_at IS NULL";
    Ok(tx.prepare_cached(sql)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// Every request of a matter, in the order they were queued.
pub(crate) fn of(tx: &Transaction<'_>, matter: impl Into<Matter>) -> Result<Vec<Request>, Error> {
    select(tx, "WHERE matter = ?1 ORDER BY seq", [Text(matter.into().uuid())])
}

/// The requests delivered last, newest first.
pub(crate) fn delivered(tx: &Transaction<'_>, limit: u32) -> Result<Vec<Request>, Error> {
    select(tx, "WHERE delivered_at IS NOT NULL ORDER BY delivered_at DESC, seq DESC LIMIT ?1", [limit])
}

/// The request under this identity.
pub(crate) fn find(tx: &Transaction<'_>, request: RequestId) -> Result<Option<Request>, Error> {
    Ok(select(tx, "WHERE id = ?1", [Text(request)])?.pop())
}

/// The very bytes of a request.
pub(crate) fn body(tx: &Transaction<'_>, seq: i64) -> Result<Vec<u8>, Error> {
    let found =
        tx.prepare_cached("SELECT body FROM outbox WHERE seq = ?1")?.query_row([seq], |row| row.get(0)).optional()?;
    found.ok_or_else(Error::not_found)
}

/// Counts a try before it is made, so that one that brings the program down is counted too; from here on some of it may
/// have left. `None`: the request is gone.
pub(crate) fn count_try(tx: &Transaction<'_>, seq: i64) -> Result<Option<u32>, Error> {
    let sql = "UPDATE outbox SET tries = tries + 1, left_device = 1 WHERE seq = ?1 RETURNING tries";
    Ok(tx.prepare_cached(sql)?.query_row([seq], |row| row.get(0)).optional()?)
}

/// The try found no road at all: nothing more left than before it.
pub(crate) fn mark_unsent(tx: &Transaction<'_>, seq: i64, left_before: bool) -> Result<(), Error> {
    tx.prepare_cached("UPDATE outbox SET left_device = ?2 WHERE seq = ?1")?.execute(params![seq, left_before])?;
    Ok(())
}

/// The next try, and what was missing at the last.
pub(crate) fn later(tx: &Transaction<'_>, seq: i64, at: Instant, obstacle: Obstacle) -> Result<(), Error> {
    let obstacle = match obstacle {
        Obstacle::Nothing => 0,
        Obstacle::Network => 1,
        Obstacle::Room => 2,
    };
    tx.execute("UPDATE outbox SET next_try = ?2, lack = ?3 WHERE seq = ?1", params![seq, Millis(at), obstacle])?;
    Ok(())
}

/// Stuck: it waits for the resident.
pub(crate) fn mark_stuck(tx: &Transaction<'_>, seq: i64, reason: &StuckReason) -> Result<(), Error> {
    tx.prepare_cached("UPDATE outbox SET stuck = ?2 WHERE seq = ?1")?.execute(params![seq, Json(reason)])?;
    Ok(())
}

/// Delivered: the town signed for it.
pub(crate) fn deliver(tx: &Transaction<'_>, seq: i64, acknowledgement: &str, now: Instant) -> Result<(), Error> {
    tx.execute(
        "UPDATE outbox SET delivered_at = ?2, acknowledgement = ?3, stuck = NULL, next_try = NULL WHERE seq = ?1",
        params![seq, Millis(now), acknowledgement],
    )?;
    Ok(())
}

/// Everything delivered is in doubt: the town tells its records again from the start.
pub(crate) fn mark_all_unconfirmed(tx: &Transaction<'_>) -> Result<(), Error> {
    tx.prepare_cached("UPDATE outbox SET confirmed = 0 WHERE confirmed")?.execute([])?;
    Ok(())
}

/// Back in the queue as if it had never been tried. A signed word once given stays: it is the resident's proof.
pub(crate) fn requeue(tx: &Transaction<'_>, seq: i64) -> Result<(), Error> {
    tx.execute(
        "UPDATE outbox SET delivered_at = NULL, stuck = NULL, tries = 0, next_try = NULL, confirmed = 0 WHERE seq = ?1",
        [seq],
    )?;
    Ok(())
}

/// The requests that are tried at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Retry {
    /// All that wait: the resident says so, or the town is another than it was.
    Everything,
    /// Those that found no network, which is back.
    Unreached,
}

/// Tries now what only waited.
pub(crate) fn retry_now(tx: &Transaction<'_>, which: Retry) -> Result<(), Error> {
    let sql = "UPDATE outbox SET next_try = NULL WHERE delivered_at IS NULL AND (?1 OR lack = 1)";
    tx.prepare_cached(sql)?.execute([which == Retry::Everything])?;
    Ok(())
}

/// Takes a request away.
pub(crate) fn remove(tx: &Transaction<'_>, seq: i64) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM outbox WHERE seq = ?1")?.execute([seq])?;
    Ok(())
}

fn select(tx: &Transaction<'_>, rest: &str, with: impl rusqlite::Params) -> Result<Vec<Request>, Error> {
    let mut statement = tx.prepare_cached(&format!("SELECT {COLUMNS} FROM outbox {rest}"))?;
    let rows = statement.query_map(with, read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Request> {
    let moment = |at: usize| Ok::<_, rusqlite::Error>(row.get::<_, Option<Millis>>(at)?.map(|at| at.0));
    Ok(Request {
        seq: row.get(0)?,
        id: row.get::<_, Text<_>>(1)?.0,
        matter: matter(row, 2)?,
        kind: message_kind(row, 4)?,
        subject: row.get(5)?,
        saved_at: row.get::<_, Millis>(6)?.0,
        tries: row.get(7)?,
        next_try: moment(8)?,
        obstacle: match row.get(9)? {
            1_i64 => Obstacle::Network,
            2 => Obstacle::Room,
            _ => Obstacle::Nothing,
        },
        stuck: row.get::<_, Option<Json<_>>>(10)?.map(|stuck| stuck.0),
        delivered_at: moment(11)?,
        acknowledgement: row.get(12)?,
        left: row.get(13)?,
        confirmed: row.get(14)?,
        letter_stuck: row.get(15)?,
    })
}

/// The matters of which something was delivered that no complete reading has confirmed.
pub(crate) fn unconfirmed(tx: &Transaction<'_>) -> Result<Vec<Matter>, Error> {
    let sql = "SELECT DISTINCT matter_kind, matter FROM outbox WHERE delivered_at IS NOT NULL AND NOT confirmed";
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| matter(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The reports and cases the town has signed for, and when it was told so here.
pub(crate) fn received(tx: &Transaction<'_>) -> Result<Vec<(Matter, Instant)>, Error> {
    let sql = "SELECT matter_kind, matter, coalesce(delivered_at, saved_at) FROM outbox
               WHERE kind IN (?1, ?2) AND acknowledgement IS NOT NULL ORDER BY seq";
    let mut statement = tx.prepare_cached(sql)?;
    let whole = [MessageKind::Report.code(), MessageKind::Case.code()];
    let rows = statement.query_map(whole, |row| Ok((matter(row, 0)?, row.get::<_, Millis>(2)?.0)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Certificates asked for here.
pub(crate) fn certificates(tx: &Transaction<'_>) -> Result<Vec<Request>, Error> {
    select(tx, "WHERE kind = ?1 ORDER BY seq", [MessageKind::Certificate.code()])
}

/// This request has been looked for in a complete reading.
pub(crate) fn confirm(tx: &Transaction<'_>, seq: i64) -> Result<(), Error> {
    tx.prepare_cached("UPDATE outbox SET confirmed = 1 WHERE seq = ?1")?.execute([seq])?;
    Ok(())
}
