//! Papers of one's own: what each is and until when it holds; its pages are files of the matter with the same identity.

use chrono::NaiveDate;
use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use vicino_domain::paper::PaperKind;
use vicino_domain::{Instant, PaperId};

use crate::error::Error;
use crate::store::codec::{id, instant, millis};

/// A paper kept here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Paper {
    pub(crate) id: PaperId,
    pub(crate) kind: PaperKind,
    pub(crate) name: String,
    pub(crate) expires: Option<NaiveDate>,
    pub(crate) kept_at: Instant,
}

type Stored = (String, String, String, Option<String>, i64);

fn read(row: &Row<'_>) -> rusqlite::Result<Stored> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
}

fn sound((paper, kind, name, expires, kept_at): Stored) -> Result<Paper, Error> {
    Ok(Paper {
        id: id(&paper)?,
        // A kind of a release that was here before this one is still a paper.
        kind: PaperKind::from_code(&kind).unwrap_or(PaperKind::Other),
        name,
        expires: expires.and_then(|day| day.parse().ok()),
        kept_at: instant(kept_at),
    })
}

/// Every paper, those that end first first.
pub(crate) fn all(tx: &Transaction<'_>) -> Result<Vec<Paper>, Error> {
    let sql = "SELECT id, kind, name, expires, kept_at FROM papers ORDER BY expires IS NULL, expires, kept_at, id";
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map([], read)?;
    rows.map(|row| sound(row?)).collect()
}

/// The paper under this identity.
pub(crate) fn find(tx: &Transaction<'_>, paper: PaperId) -> Result<Option<Paper>, Error> {
    let sql = "SELECT id, kind, name, expires, kept_at FROM papers WHERE id = ?1";
    tx.prepare_cached(sql)?.query_row([paper.to_string()], read).optional()?.map(sound).transpose()
}

/// Keeps a paper as it is now.
pub(crate) fn save(tx: &Transaction<'_>, paper: &Paper) -> Result<(), Error> {
    let sql = "INSERT INTO papers (id, kind, name, expires, kept_at) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (id) DO UPDATE SET kind = ?2, name = ?3, expires = ?4";
    tx.prepare_cached(sql)?.execute(params![
        paper.id.to_string(),
        paper.kind.code(),
        paper.name,
        paper.expires.map(|day| day.to_string()),
        millis(paper.kept_at)
    ])?;
    Ok(())
}

/// Takes a paper away; its pages are taken away by whoever asks for this.
pub(crate) fn remove(tx: &Transaction<'_>, paper: PaperId) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM papers WHERE id = ?1")?.execute([paper.to_string()])?;
    Ok(())
}
