//! Papers of one's own: what each is and until when it holds; its pages are files of the matter with the same identity.

use chrono::NaiveDate;
use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use vicino_domain::paper::PaperKind;
use vicino_domain::{Instant, PaperId};

use crate::error::Error;
use crate::store::codec::{Millis, Text};

/// A paper kept here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Paper {
    pub(crate) id: PaperId,
    pub(crate) kind: PaperKind,
    pub(crate) name: String,
    pub(crate) expires: Option<NaiveDate>,
    pub(crate) kept_at: Instant,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Paper> {
    Ok(Paper {
        id: row.get::<_, Text<_>>(0)?.0,
        // A kind of a release that was here before this one is still a paper.
        kind: PaperKind::from_code(&row.get::<_, String>(1)?).unwrap_or(PaperKind::Other),
        name: row.get(2)?,
        expires: row.get::<_, Option<String>>(3)?.and_then(|day| day.parse().ok()),
        kept_at: row.get::<_, Millis>(4)?.0,
    })
}

/// Every paper, those that end first first.
pub(crate) fn all(tx: &Transaction<'_>) -> Result<Vec<Paper>, Error> {
    let sql = "SELECT id, kind, name, expires, kept_at FROM papers ORDER BY expires IS NULL, expires, kept_at, id";
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The paper under this identity.
pub(crate) fn find(tx: &Transaction<'_>, paper: PaperId) -> Result<Option<Paper>, Error> {
    let sql = "SELECT id, kind, name, expires, kept_at FROM papers WHERE id = ?1";
    Ok(tx.prepare_cached(sql)?.query_row([Text(paper)], read).optional()?)
}

/// Keeps a paper as it is now.
pub(crate) fn save(tx: &Transaction<'_>, paper: &Paper) -> Result<(), Error> {
    let sql = "INSERT INTO papers (id, kind, name, expires, kept_at) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (id) DO UPDATE SET kind = ?2, name = ?3, expires = ?4";
    tx.prepare_cached(sql)?.execute(params![
        Text(paper.id),
        paper.kind.code(),
        paper.name,
        paper.expires.map(Text),
        Millis(paper.kept_at)
    ])?;
    Ok(())
}

/// Takes a paper away; its pages are taken away by whoever asks for this.
pub(crate) fn remove(tx: &Transaction<'_>, paper: PaperId) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM papers WHERE id = ?1")?.execute([Text(paper)])?;
    Ok(())
}
