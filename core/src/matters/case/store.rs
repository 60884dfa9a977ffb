//! Cases being written, and cases sent from this device. What the town tells of them stands among the records.

use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use uuid::Uuid;
use vicino_contract::http::{CaseBody, CaseRecord, Collection, ServicePack};
use vicino_domain::form::Answers;
use vicino_domain::{CaseId, Instant};

use crate::error::Error;
use crate::store::codec::{Json, Millis, Text};

/// A case being written.
pub(crate) struct Draft {
    pub(crate) id: CaseId,
    pub(crate) title: String,
    pub(crate) office: Uuid,
    pub(crate) pack: ServicePack,
    pub(crate) answers: Answers,
    pub(crate) section: u16,
    pub(crate) saved_at: Instant,
    /// The case that help is asked for.
    pub(crate) about: Option<CaseId>,
}

/// A case sent from here.
pub(crate) struct Sent {
    pub(crate) id: CaseId,
    pub(crate) title: String,
    pub(crate) office: Uuid,
    pub(crate) pack: ServicePack,
    pub(crate) body: CaseBody,
    pub(crate) sent_at: Instant,
}

/// Keeps a draft as it is now.
pub(crate) fn save(tx: &Transaction<'_>, draft: &Draft) -> Result<(), Error> {
    tx.prepare_cached(
        "INSERT INTO case_drafts (id, title, office, pack, answers, section, saved_at, about) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (id) DO UPDATE SET pack = ?4, answers = ?5, section = ?6, saved_at = ?7",
    )?
    .execute(params![
        Text(draft.id),
        draft.title,
        Text(draft.office),
        Json(&draft.pack),
        Json(&draft.answers),
        draft.section,
        Millis(draft.saved_at),
        draft.about.map(Text),
    ])?;
    Ok(())
}

/// The draft under this identity.
pub(crate) fn draft(tx: &Transaction<'_>, case: CaseId) -> Result<Option<Draft>, Error> {
    let sql = "SELECT id, title, office, pack, answers, section, saved_at, about FROM case_drafts WHERE id = ?1";
    Ok(tx.prepare_cached(sql)?.query_row([Text(case)], written).optional()?)
}

/// Every draft, the one touched last first.
pub(crate) fn drafts(tx: &Transaction<'_>) -> Result<Vec<Draft>, Error> {
    let sql = "SELECT id, title, office, pack, answers, section, saved_at, about FROM case_drafts ORDER BY saved_at DESC, id DESC";
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map([], written)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Takes a draft away.
pub(crate) fn remove_draft(tx: &Transaction<'_>, case: CaseId) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM case_drafts WHERE id = ?1")?.execute([Text(case)])?;
    Ok(())
}

/// Keeps a case that is sent now.
pub(crate) fn insert(tx: &Transaction<'_>, sent: &Sent) -> Result<(), Error> {
    tx.prepare_cached(
        "INSERT INTO cases (id, title, office, pack, body, sent_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (id) DO UPDATE SET body = ?5, sent_at = ?6",
    )?
    .execute(params![
        Text(sent.id),
        sent.title,
        Text(sent.office),
        Json(&sent.pack),
        Json(&sent.body),
        Millis(sent.sent_at),
    ])?;
    Ok(())
}

/// The case sent from here under this identity.
pub(crate) fn sent(tx: &Transaction<'_>, case: CaseId) -> Result<Option<Sent>, Error> {
    let sql = "SELECT id, title, office, pack, body, sent_at FROM cases WHERE id = ?1";
    Ok(tx.prepare_cached(sql)?.query_row([Text(case)], told).optional()?)
}

/// Every case sent from here that the town has not told of yet.
pub(crate) fn untold(tx: &Transaction<'_>) -> Result<Vec<Sent>, Error> {
    let sql = "SELECT id, title, office, pack, body, sent_at FROM cases ORDER BY sent_at DESC, id DESC";
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map([], told)?;
    let mut found = Vec::new();
    for row in rows {
        let sent = row?;
        if record(tx, sent.id)?.is_none() {
            found.push(sent);
        }
    }
    Ok(found)
}

/// It becomes a draft again: what was sent is not any more.
pub(crate) fn forget_sent(tx: &Transaction<'_>, case: CaseId) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM cases WHERE id = ?1")?.execute([Text(case)])?;
    Ok(())
}

/// Takes a case away from this device, with what belongs to it.
pub(crate) fn remove(tx: &Transaction<'_>, case: CaseId) -> Result<(), Error> {
    for sql in [
        "DELETE FROM outbox WHERE matter = ?1",
        "DELETE FROM messages WHERE matter = ?1",
        "DELETE FROM cases WHERE id = ?1",
    ] {
        tx.prepare_cached(sql)?.execute([Text(case)])?;
    }
    Ok(())
}

/// What the town last told of a case.
pub(crate) fn record(tx: &Transaction<'_>, case: CaseId) -> Result<Option<CaseRecord>, Error> {
    let body = vicino_records::body(tx, Collection::Cases.code(), case.uuid())?;
    // One of a release to come is set aside and counted: here it is as good as none.
    Ok(body.and_then(|body| serde_json::from_str(&body).ok()))
}

/// Returns the title of a case, sent or being written.
pub(crate) fn title(tx: &Transaction<'_>, case: CaseId) -> Result<Option<String>, Error> {
    if let Some(record) = record(tx, case)? {
        return Ok(Some(record.title));
    }
    if let Some(sent) = sent(tx, case)? {
        return Ok(Some(sent.title));
    }
    Ok(draft(tx, case)?.map(|draft| draft.title))
}

/// A page of the cases the town told of, the one that moved last first.
pub(crate) fn records(tx: &Transaction<'_>, page: (u32, u32)) -> Result<Vec<CaseRecord>, Error> {
    let page = vicino_records::page(tx, Collection::Cases.code(), None, page)?;
    Ok(page.iter().filter_map(|body| serde_json::from_str(body).ok()).collect())
}

fn written(row: &Row<'_>) -> rusqlite::Result<Draft> {
    Ok(Draft {
        id: row.get::<_, Text<_>>(0)?.0,
        title: row.get(1)?,
        office: row.get::<_, Text<_>>(2)?.0,
        pack: row.get::<_, Json<_>>(3)?.0,
        answers: row.get::<_, Json<_>>(4)?.0,
        section: row.get(5)?,
        saved_at: row.get::<_, Millis>(6)?.0,
        about: row.get::<_, Option<String>>(7)?.and_then(|about| about.parse().ok()),
    })
}

fn told(row: &Row<'_>) -> rusqlite::Result<Sent> {
    Ok(Sent {
        id: row.get::<_, Text<_>>(0)?.0,
        title: row.get(1)?,
        office: row.get::<_, Text<_>>(2)?.0,
        pack: row.get::<_, Json<_>>(3)?.0,
        body: row.get::<_, Json<_>>(4)?.0,
        sent_at: row.get::<_, Millis>(5)?.0,
    })
}
