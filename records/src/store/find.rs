//! Finds records by words as they are typed.
//!
//! A word half typed is completed first: the words that begin so, the most used first, and those that share its stem. Each
//! record must hold a completion of every word. Where few records can, all are looked at and the best comes first; where
//! many can, the newest come first, found by walking back through the town's order in growing stretches: a common word is
//! found at once near the end, and a combination that exists nowhere is given up when the caller's time is over.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

use super::fill::{is_few, mark};
use crate::RecordsError;
use crate::words::{Stems, typed, words};

/// Words that are searched; further ones narrow nothing any more.
const WORDS: usize = 6;
/// Completions of the last word, which may be half typed.
const COMPLETIONS: u32 = 16;
/// Completions of a word before it, and forms of any.
const FORMS: u32 = 6;
/// Words looked at for completions; more begin with one letter than are worth sorting.
const CANDIDATES: u32 = 3000;
/// With at most so many records in question, all are looked at.
const FEW: i64 = 256;
/// Records in the first stretch that is walked back through, and in the longest. The first is walked even when the time is
/// over, and each is at most twice the one before: so little is spent beyond the time there was.
const STRETCH: i64 = 1 << 12;
const LONGEST: i64 = 1 << 15;

/// A record that was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hit {
    /// The identity.
    pub id: Uuid,
    /// The name.
    pub title: String,
    /// What its collection is sorted by, milliseconds since 1970; 0: nothing.
    pub at: i64,
    /// What its collection is narrowed by.
    pub kind: String,
    /// The record; none when it stands in a table of its own.
    pub body: Option<String>,
}

/// The findings in one collection.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Found {
    /// The best or the newest first.
    pub hits: Vec<Hit>,
    /// Tells whether there are more.
    pub more: bool,
    /// Tells whether everything was looked at before the time was over.
    pub complete: bool,
}

/// A word typed, and the words it may stand for.
struct Word {
    typed: String,
    completions: Vec<String>,
    docs: i64,
    /// Tells whether it may stand for more words than were taken.
    cut: bool,
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
    let mut asked = typed(text);
    asked.truncate(WORDS);
    // The first letter of a further word says nothing yet.
    if asked.len() > 1 && asked.last().is_some_and(|word| word.chars().count() == 1) {
        asked.pop();
    }
    let stems = Stems::default();
    for few in [true, false] {
        let here: Vec<&str> = collections.iter().copied().filter(|collection| is_few(collection) == few).collect();
        if here.is_empty() || asked.is_empty() {
            continue;
        }
        let tables = if few { &FEW_TABLES } else { &TABLES };
        let last = asked.len() - 1;
        let words = asked
            .iter()
            .enumerate()
            .map(|(at, word)| complete(tx, tables, &stems, word, if at == last { COMPLETIONS } else { FORMS }));
        let words: Vec<Word> = words.collect::<Result<_, _>>()?;
        // A word that begins no word there is: nothing holds it.
        let possible = words.iter().map(|word| word.docs).min().unwrap_or_default();
        if possible == 0 {
            continue;
        }
        for collection in here {
            let Some(shelf) = super::read::number_of(tx, collection)? else { continue };
            let query = query(&words, shelf);
            let mut part = if few || possible <= FEW {
                best(tx, tables, &query, &words, limit)?
            } else {
                newest(tx, tables, &query, limit, &mut time_left)?
            };
            part.complete &= !words.iter().any(|word| word.cut);
            if !part.hits.is_empty() || !part.complete {
                found.insert(collection.to_owned(), part);
            }
        }
    }
    Ok(found)
}

/// The statements on one of the two indexes.
struct Tables {
    exact: &'static str,
    begins: &'static str,
    related: &'static str,
    all: &'static str,
    stretch: &'static str,
}

const TABLES: Tables = Tables {
    exact: "SELECT docs FROM terms WHERE term = ?1",
    begins: "SELECT term, docs FROM (SELECT term, docs FROM terms WHERE term >= ?1 AND term < ?2 LIMIT ?3)
             ORDER BY docs DESC LIMIT ?4",
    related: "SELECT term, docs FROM terms WHERE stem = ?1 ORDER BY docs DESC LIMIT ?2",
    all: "SELECT rowid FROM words WHERE words MATCH ?1 ORDER BY rowid DESC LIMIT ?2",
    stretch: "SELECT rowid FROM words WHERE words MATCH ?1 AND rowid > ?2 AND rowid <= ?3 ORDER BY rowid DESC LIMIT ?4",
};

const FEW_TABLES: Tables = Tables {
    exact: "SELECT docs FROM few_terms WHERE term = ?1",
    begins: "SELECT term, docs FROM (SELECT term, docs FROM few_terms WHERE term >= ?1 AND term < ?2 LIMIT ?3)
             ORDER BY docs DESC LIMIT ?4",
    related: "SELECT term, docs FROM few_terms WHERE stem = ?1 ORDER BY docs DESC LIMIT ?2",
    all: "SELECT rowid FROM few_words WHERE few_words MATCH ?1 ORDER BY rowid DESC LIMIT ?2",
    stretch: "SELECT rowid FROM few_words WHERE few_words MATCH ?1 AND rowid > ?2 AND rowid <= ?3
              ORDER BY rowid DESC LIMIT ?4",
};

/// The words that one typed may stand for.
fn complete(tx: &Connection, tables: &Tables, stems: &Stems, word: &str, most: u32) -> Result<Word, RecordsError> {
    let (mut completions, mut docs) = (Vec::new(), 0_i64);
    let mut take = |term: String, count: i64| {
        if !completions.contains(&term) {
            docs = docs.saturating_add(count);
            completions.push(term);
        }
    };
    if let Some(count) = tx.prepare_cached(tables.exact)?.query_row([word], |row| row.get(0)).optional()? {
        take(word.to_owned(), count);
    }
    // Every word that begins so stands between it and itself with the last of all letters behind it.
    let end = format!("{word}\u{10ffff}");
    let mut statement = tx.prepare_cached(tables.begins)?;
    let mut rows = statement.query(params![word, end, CANDIDATES, most])?;
    let mut begun = 0;
    while let Some(row) = rows.next()? {
        begun += 1;
        take(row.get(0)?, row.get(1)?);
    }
    let mut statement = tx.prepare_cached(tables.related)?;
    let mut rows = statement.query(params![stems.of(word), FORMS])?;
    while let Some(row) = rows.next()? {
        take(row.get(0)?, row.get(1)?);
    }
    Ok(Word { typed: word.to_owned(), completions, docs, cut: begun == most })
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
fn best(tx: &Connection, tables: &Tables, query: &str, asked: &[Word], limit: usize) -> Result<Found, RecordsError> {
    let mut statement = tx.prepare_cached(tables.all)?;
    let rows: Vec<i64> = statement.query_map(params![query, FEW + 1], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let complete = i64::try_from(rows.len()).is_ok_and(|rows| rows <= FEW);
    let mut hits = rows.into_iter().map(|n| hit(tx, n)).collect::<Result<Vec<_>, _>>()?;
    // A sort that keeps the order of equals: the newest first among them.
    hits.sort_by_key(|hit| std::cmp::Reverse(worth(&hit.title, asked)));
    let more = hits.len() > limit;
    hits.truncate(limit);
    Ok(Found { hits, more, complete })
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
    tables: &Tables,
    query: &str,
    limit: usize,
    time_left: &mut impl FnMut() -> bool,
) -> Result<Found, RecordsError> {
    let mut high: i64 =
        tx.prepare_cached("SELECT coalesce(max(n), 0) FROM records")?.query_row([], |row| row.get(0))?;
    let (mut rows, mut stretch, mut complete) = (Vec::<i64>::new(), STRETCH, true);
    let wanted = limit + 1;
    while high > 0 && rows.len() < wanted {
        let low = (high - stretch).max(0);
        let missing = i64::try_from(wanted - rows.len()).unwrap_or(i64::MAX);
        let mut statement = tx.prepare_cached(tables.stretch)?;
        let found = statement.query_map(params![query, low, high, missing], |row| row.get(0))?;
        for n in found {
            rows.push(n?);
        }
        high = low;
        stretch = (stretch * 2).min(LONGEST);
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
