//! Finds records by words as they are typed.
//!
//! A word half typed is completed first: the words that begin so, the most used first, and those that share its stem. Each
//! record must hold a completion of every word. Where few records can, all are looked at and the best comes first; where
//! many can, the newest come first, found by walking back through the town's order in growing stretches: a common word is
//! found at once near the end, and a combination that exists nowhere is given up when the caller's time is over.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

use super::fill::mark;
use crate::RecordsError;
use crate::words::{Stems, typed, words};

/// Words that are searched; further ones narrow nothing any more.
const WORDS: usize = 6;
/// Completions of the last word, which may be half typed.
const COMPLETIONS: u32 = 32;
/// Completions of a word before it.
const FORMS: u32 = 12;
/// Words looked at for completions; more begin with one letter than are worth sorting.
const CANDIDATES: u32 = 3000;
/// With at most so many records in question, all are looked at.
const FEW: i64 = 256;
/// Records in the first stretch that is walked back through.
const STRETCH: i64 = 1 << 14;

/// A record that was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hit {
    /// Its identity.
    pub id: Uuid,
    /// What it is called.
    pub title: String,
    /// What its collection is sorted by, milliseconds since 1970; 0: nothing.
    pub at: i64,
    /// What its collection is narrowed by.
    pub kind: String,
    /// The record; none when it stands in a table of its own.
    pub body: Option<String>,
}

/// What was found in one collection.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Found {
    /// The best or the newest first.
    pub hits: Vec<Hit>,
    /// Whether there are more.
    pub more: bool,
    /// Whether everything was looked at before the time was over.
    pub complete: bool,
}

/// One word typed, and the words it may stand for.
struct Word {
    typed: String,
    completions: Vec<String>,
    docs: i64,
}

/// Finds the records of each of these collections that hold all words of the text, `limit` of each at most. `time_left` is
/// asked between stretches; once it says no, what was found so far is the answer.
///
/// # Errors
/// [`RecordsError`] when the file cannot be read.
pub fn find(
    tx: &Connection,
    text: &str,
    collections: &[&str],
    limit: usize,
    mut time_left: impl FnMut() -> bool,
) -> Result<BTreeMap<String, Found>, RecordsError> {
    let mut found = BTreeMap::new();
    let asked = typed(text);
    let Some(last) = asked.len().min(WORDS).checked_sub(1) else { return Ok(found) };
    let stems = Stems::default();
    let words = asked
        .into_iter()
        .take(WORDS)
        .enumerate()
        .map(|(at, word)| complete(tx, &stems, word, if at == last { COMPLETIONS } else { FORMS }));
    let words: Vec<Word> = words.collect::<Result<_, _>>()?;
    // A word that begins no word there is: nothing holds it.
    let possible = words.iter().map(|word| word.docs).min().unwrap_or_default();
    if possible == 0 {
        return Ok(found);
    }
    for collection in collections {
        let Some(shelf) = super::read::number_of(tx, collection)? else { continue };
        let size: i64 = tx
            .prepare_cached("SELECT coalesce(sum(count), 0) FROM counts WHERE collection = ?1 AND understood")?
            .query_row([shelf], |row| row.get(0))?;
        let query = query(&words, shelf);
        let here = if possible.min(size) <= FEW {
            best(tx, &query, &words, limit)?
        } else {
            newest(tx, &query, limit, &mut time_left)?
        };
        if !here.hits.is_empty() || !here.complete {
            found.insert((*collection).to_owned(), here);
        }
    }
    Ok(found)
}

/// The words that one typed may stand for.
fn complete(tx: &Connection, stems: &Stems, word: String, most: u32) -> Result<Word, RecordsError> {
    let (mut completions, mut docs) = (Vec::new(), 0_i64);
    let mut take = |term: String, count: i64| {
        if !completions.contains(&term) {
            docs = docs.saturating_add(count);
            completions.push(term);
        }
    };
    let exact = "SELECT docs FROM terms WHERE term = ?1";
    if let Some(count) = tx.prepare_cached(exact)?.query_row([&word], |row| row.get(0)).optional()? {
        take(word.clone(), count);
    }
    // Every word that begins so stands between it and itself with the last of all letters behind it.
    let begins = "SELECT term, docs FROM (SELECT term, docs FROM terms WHERE term >= ?1 AND term < ?2 LIMIT ?3)
                  ORDER BY docs DESC LIMIT ?4";
    let end = format!("{word}\u{10ffff}");
    let mut statement = tx.prepare_cached(begins)?;
    let mut rows = statement.query(params![word, end, CANDIDATES, most])?;
    while let Some(row) = rows.next()? {
        take(row.get(0)?, row.get(1)?);
    }
    let related = "SELECT term, docs FROM terms WHERE stem = ?1 ORDER BY docs DESC LIMIT ?2";
    let mut statement = tx.prepare_cached(related)?;
    let mut rows = statement.query(params![stems.of(&word), FORMS])?;
    while let Some(row) = rows.next()? {
        take(row.get(0)?, row.get(1)?);
    }
    Ok(Word { typed: word, completions, docs })
}

/// The question as FTS5 takes it. Words are letters and digits: quoting them is enough.
fn query(words: &[Word], shelf: i64) -> String {
    let mut query = format!("\"{}\"", mark(shelf));
    for word in words {
        let any: Vec<String> = word.completions.iter().map(|term| format!("\"{term}\"")).collect();
        query.push_str(&format!(" AND ({})", any.join(" OR ")));
    }
    query
}

/// Few can hold the words: all of them, the best first.
fn best(tx: &Connection, query: &str, asked: &[Word], limit: usize) -> Result<Found, RecordsError> {
    let mut statement = tx.prepare_cached("SELECT rowid FROM words WHERE words MATCH ?1 ORDER BY rowid DESC")?;
    let rows: Vec<i64> = statement.query_map([query], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut hits = rows.into_iter().map(|n| hit(tx, n)).collect::<Result<Vec<_>, _>>()?;
    // A sort that keeps the order of equals: the newest first among them.
    hits.sort_by_key(|hit| std::cmp::Reverse(worth(&hit.title, asked)));
    let more = hits.len() > limit;
    hits.truncate(limit);
    Ok(Found { hits, more, complete: true })
}

/// How well a title answers: a word as it was typed counts more than one it begins.
fn worth(title: &str, asked: &[Word]) -> usize {
    let title = words(title);
    let of = |word: &Word| {
        if title.contains(&word.typed) {
            4
        } else if word.completions.iter().any(|completion| title.contains(completion)) {
            2
        } else {
            0
        }
    };
    asked.iter().map(of).sum()
}

/// Many may hold the words: the newest.
fn newest(
    tx: &Connection,
    query: &str,
    limit: usize,
    time_left: &mut impl FnMut() -> bool,
) -> Result<Found, RecordsError> {
    let sql =
        "SELECT rowid FROM words WHERE words MATCH ?1 AND rowid > ?2 AND rowid <= ?3 ORDER BY rowid DESC LIMIT ?4";
    let mut high: i64 =
        tx.prepare_cached("SELECT coalesce(max(n), 0) FROM records")?.query_row([], |row| row.get(0))?;
    let (mut rows, mut stretch, mut complete) = (Vec::<i64>::new(), STRETCH, true);
    let wanted = limit + 1;
    while high > 0 && rows.len() < wanted {
        let low = (high - stretch).max(0);
        let missing = i64::try_from(wanted - rows.len()).unwrap_or(i64::MAX);
        let mut statement = tx.prepare_cached(sql)?;
        let found = statement.query_map(params![query, low, high, missing], |row| row.get(0))?;
        for n in found {
            rows.push(n?);
        }
        high = low;
        stretch *= 2;
        if !time_left() {
            complete = high == 0 || rows.len() >= wanted;
            break;
        }
    }
    let more = rows.len() > limit;
    rows.truncate(limit);
    let hits = rows.into_iter().map(|n| hit(tx, n)).collect::<Result<_, _>>()?;
    Ok(Found { hits, more, complete })
}

fn hit(tx: &Connection, n: i64) -> Result<Hit, RecordsError> {
    let sql = "SELECT id, title, at, kind, body FROM records WHERE n = ?1";
    Ok(tx.prepare_cached(sql)?.query_row([n], |row| {
        let id: [u8; 16] = row.get(0)?;
        Ok(Hit { id: Uuid::from_bytes(id), title: row.get(1)?, at: row.get(2)?, kind: row.get(3)?, body: row.get(4)? })
    })?)
}
