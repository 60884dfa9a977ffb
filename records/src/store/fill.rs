//! Writes records: the row, its words, its count. Counts and words are gathered and written once, at the end.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;
use vicino_contract::http::Collection;

use crate::RecordsError;
use crate::index_entry::IndexEntry;
use crate::words::{Stems, words};

/// A kind of a collection, understood or not.
type CountKey = (i64, String, bool);

/// Records on their way into a file, inside the caller's transaction. Nothing counts before [`IndexWriter::end`].
pub struct IndexWriter<'a> {
    tx: &'a Connection,
    collections: HashMap<String, i64>,
    counts: HashMap<CountKey, i64>,
    terms: HashMap<(bool, String), i64>,
    stems: Stems,
    /// Tells whether the file began empty: then nothing can stand there already.
    fresh: bool,
}

impl<'a> IndexWriter<'a> {
    /// Begins, in a file that may hold records already.
    #[must_use]
    pub fn new(tx: &'a Connection) -> Self {
        let (collections, counts, terms) = (HashMap::new(), HashMap::new(), HashMap::new());
        Self { tx, collections, counts, terms, stems: Stems::default(), fresh: false }
    }

    /// Begins in an empty file, with records of which no two are the same.
    #[must_use]
    pub fn fresh(tx: &'a Connection) -> Self {
        Self { fresh: true, ..Self::new(tx) }
    }

    /// Keeps a record whole in the place of an earlier version. `body`: none when it stands in a table of its own.
    ///
    /// # Errors
    /// [`RecordsError`] when the file cannot be written.
    pub fn put(
        &mut self,
        collection: &str,
        id: Uuid,
        version: i64,
        body: Option<&str>,
        entry: &IndexEntry,
    ) -> Result<(), RecordsError> {
        if !self.fresh {
            self.delete(collection, id)?;
        }
        let shelf = self.collection(collection)?;
        let sql = "INSERT INTO records (collection, id, version, kind, at, title, lat, lon, understood, body)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
        let (lat, lon) = (entry.point.map(|point| point.lat()), entry.point.map(|point| point.lon()));
        self.tx.prepare_cached(sql)?.execute(params![
            shelf,
            id.as_bytes().as_slice(),
            version,
            entry.kind,
            entry.at,
            entry.title,
            lat,
            lon,
            entry.understood,
            body
        ])?;
        *self.counts.entry((shelf, entry.kind.clone(), entry.understood)).or_default() += 1;
        if entry.understood {
            self.index(shelf, is_few(collection), &format!("{}\n{}", entry.title, entry.text))?;
        }
        Ok(())
    }

    /// The words of the row written last. The mark of its collection is one of them, so that one collection can be searched.
    fn index(&mut self, shelf: i64, few: bool, text: &str) -> Result<(), RecordsError> {
        let n = self.tx.last_insert_rowid();
        let mut line = mark(shelf);
        for word in words(text) {
            line.push(' ');
            line.push_str(&word);
            *self.terms.entry((few, word)).or_default() += 1;
        }
        let sql = if few {
            "INSERT INTO few_words (rowid, text) VALUES (?1, ?2)"
        } else {
            "INSERT INTO words (rowid, text) VALUES (?1, ?2)"
        };
        self.tx.prepare_cached(sql)?.execute(params![n, line])?;
        Ok(())
    }

    /// Takes a record away; nothing when there was none.
    ///
    /// # Errors
    /// [`RecordsError`] when the file cannot be written.
    pub fn delete(&mut self, collection: &str, id: Uuid) -> Result<(), RecordsError> {
        let shelf = self.collection(collection)?;
        let gone: Option<(i64, String, bool)> = self
            .tx
            .prepare_cached("DELETE FROM records WHERE collection = ?1 AND id = ?2 RETURNING n, kind, understood")?
            .query_row(params![shelf, id.as_bytes().as_slice()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let Some((n, kind, understood)) = gone else { return Ok(()) };
        if understood {
            let few = is_few(collection);
            let sql = if few { "DELETE FROM few_words WHERE rowid = ?1" } else { "DELETE FROM words WHERE rowid = ?1" };
            self.tx.prepare_cached(sql)?.execute([n])?;
        }
        *self.counts.entry((shelf, kind, understood)).or_default() -= 1;
        Ok(())
    }

    /// Writes the counts and the words that were gathered.
    ///
    /// # Errors
    /// [`RecordsError`] when the file cannot be written.
    pub fn end(self) -> Result<(), RecordsError> {
        let sql = "INSERT INTO counts (collection, kind, understood, count) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT DO UPDATE SET count = count + ?4";
        let mut count = self.tx.prepare_cached(sql)?;
        for ((shelf, kind, understood), change) in self.counts.into_iter().filter(|(_, change)| *change != 0) {
            count.execute(params![shelf, kind, understood, change])?;
        }
        // In their order, so that neighbours are written together.
        let mut terms: Vec<_> = self.terms.into_iter().collect();
        terms.sort_unstable();
        for few in [false, true] {
            let (more, new) = if few {
                ("UPDATE few_terms SET docs = docs + ?2 WHERE term = ?1", "INSERT INTO few_terms VALUES (?1, ?2, ?3)")
            } else {
                ("UPDATE terms SET docs = docs + ?2 WHERE term = ?1", "INSERT INTO terms VALUES (?1, ?2, ?3)")
            };
            let (mut more, mut new) = (self.tx.prepare_cached(more)?, self.tx.prepare_cached(new)?);
            for ((_, term), docs) in terms.iter().filter(|((of_few, _), _)| *of_few == few) {
                if more.execute(params![term, docs])? == 0 {
                    new.execute(params![term, self.stems.of(term), docs])?;
                }
            }
        }
        Ok(())
    }

    /// The number of a collection; it gets one the first time.
    fn collection(&mut self, name: &str) -> Result<i64, RecordsError> {
        if let Some(n) = self.collections.get(name) {
            return Ok(*n);
        }
        let sql = "INSERT INTO collections (name) VALUES (?1) ON CONFLICT DO NOTHING";
        self.tx.prepare_cached(sql)?.execute([name])?;
        let n =
            self.tx.prepare_cached("SELECT n FROM collections WHERE name = ?1")?.query_row([name], |row| row.get(0))?;
        self.collections.insert(name.to_owned(), n);
        Ok(n)
    }
}

/// Returns whether a collection is small, and looked for first: every one of this release but those that grow without end.
pub(crate) fn is_few(collection: &str) -> bool {
    let known = Collection::from_code(collection);
    !matches!(known, None | Some(Collection::Bulletins | Collection::PublicReports))
}

/// The word that marks the records of a collection; no text folds to it.
pub(crate) fn mark(collection: i64) -> String {
    format!("§{collection}")
}
