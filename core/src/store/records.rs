//! The town's records as they came, in either file: kept, taken away, and told again from the start.

use std::collections::BTreeSet;

use rusqlite::Transaction;
use uuid::Uuid;
use vicino_contract::http::{Change, Collection, ReportRecord};
use vicino_records::IndexWriter;
use vicino_records::index_entry::index_entry;

use crate::error::Error;
use crate::store::cursors::{self, Resync};

/// Applies changes in the town's order: each takes the place of what was here.
pub(crate) fn apply(tx: &Transaction<'_>, changes: &[Change]) -> Result<(), Error> {
    let mut writer = IndexWriter::new(tx);
    for change in changes {
        let collection = change.collection.as_str();
        heard(tx, collection, change.id)?;
        if change.deleted {
            writer.delete(collection, change.id)?;
        } else {
            let body = change.body.get();
            writer.put(collection, change.id, change.version, Some(body), &index_entry(collection, body))?;
        }
    }
    Ok(writer.end()?)
}

/// Everything is to be told again: what is not, by the end, is gone.
pub(crate) fn mark_all_pending(tx: &Transaction<'_>) -> Result<(), Error> {
    Ok(tx.execute_batch(
        "DELETE FROM unheard;
         INSERT INTO unheard SELECT name, id FROM records JOIN collections ON collections.n = collection
         WHERE body IS NOT NULL;",
    )?)
}

fn heard(tx: &Transaction<'_>, collection: &str, id: Uuid) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM unheard WHERE collection = ?1 AND id = ?2")?
        .execute(rusqlite::params![collection, id.as_bytes().as_slice()])?;
    Ok(())
}

/// The records of a collection that the town, when it last told everything, did not tell of: what stays here all the same is no word of
/// the town's any more.
pub(crate) fn pending_resync(tx: &Transaction<'_>, collection: Collection) -> Result<BTreeSet<Uuid>, Error> {
    // While everything is being told, what has not come yet may come still: until then the last word counts.
    if cursors::read(tx)?.resync != Resync::No {
        return Ok(BTreeSet::new());
    }
    let mut statement = tx.prepare_cached("SELECT id FROM unheard WHERE collection = ?1")?;
    let rows = statement.query_map([collection.code()], |row| row.get::<_, [u8; 16]>(0))?;
    rows.map(|row| Ok(Uuid::from_bytes(row?))).collect()
}

/// The town has told everything again: takes away what it did not, but for what stays, which is remembered as not heard of.
pub(crate) fn delete_pending(tx: &Transaction<'_>, stays: impl Fn(&str, Uuid) -> bool) -> Result<(), Error> {
    let mut statement = tx.prepare_cached("SELECT collection, id FROM unheard")?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, [u8; 16]>(1)?)))?;
    let gone: Vec<(String, [u8; 16])> = rows.collect::<Result<_, _>>()?;
    let mut writer = IndexWriter::new(tx);
    let gone = gone.into_iter().map(|(collection, id)| (collection, Uuid::from_bytes(id)));
    for (collection, id) in gone.filter(|(collection, id)| !stays(collection, *id)) {
        writer.delete(&collection, id)?;
        heard(tx, &collection, id)?;
    }
    Ok(writer.end()?)
}

/// Reads again what an earlier release could not: this one may. `told` takes a report to the table it stands in.
pub(crate) fn look_again(tx: &Transaction<'_>, told: impl Fn(&ReportRecord) -> Result<(), Error>) -> Result<(), Error> {
    if vicino_records::counts(tx)?.iter().all(|count| count.set_aside == 0) {
        return Ok(());
    }
    let mut writer = IndexWriter::new(tx);
    let mut reports = Vec::new();
    for (collection, id, version, body) in vicino_records::set_aside(tx)? {
        let entry = index_entry(&collection, &body);
        if collection == Collection::Reports.code() {
            if let Ok(record) = serde_json::from_str::<ReportRecord>(&body) {
                writer.delete(&collection, id)?;
                reports.push(record);
            }
        } else if entry.understood {
            writer.put(&collection, id, version, Some(&body), &entry)?;
        }
    }
    writer.end()?;
    reports.iter().try_for_each(told)
}

/// Reads the words of every record again: another release knew fewer letters.
pub(crate) fn index_again(tx: &Transaction<'_>) -> Result<(), Error> {
    let sql = "SELECT name, id, version, body FROM records JOIN collections ON collections.n = collection WHERE body IS NOT NULL";
    let mut statement = tx.prepare(sql)?;
    let rows = statement.query_map([], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, [u8; 16]>(1)?, row.get::<_, i64>(2)?, row.get::<_, String>(3)?))
    })?;
    let all: Vec<_> = rows.collect::<Result<_, _>>()?;
    let mut writer = IndexWriter::new(tx);
    for (collection, id, version, body) in all {
        writer.put(&collection, Uuid::from_bytes(id), version, Some(&body), &index_entry(&collection, &body))?;
    }
    Ok(writer.end()?)
}

/// Keeps one record.
#[cfg(test)]
pub(crate) fn put(tx: &Transaction<'_>, collection: &str, id: Uuid, body: &str) -> Result<(), Error> {
    let mut writer = IndexWriter::new(tx);
    writer.put(collection, id, 1, Some(body), &index_entry(collection, body))?;
    Ok(writer.end()?)
}
