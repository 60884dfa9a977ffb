//! Reads records: one, a page, those near a place, how many.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use uuid::Uuid;
use vicino_domain::Point;

use crate::{RecordsError, SCHEMA};

/// The number of records in a collection.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Count {
    /// The collection, by its word on the wire.
    pub collection: String,
    /// Records that this release understands.
    pub understood: u32,
    /// Records set aside, which a later release may understand.
    pub set_aside: u32,
}

/// The number of records in each collection.
///
/// # Errors
/// [`RecordsError`] when the file cannot be read.
pub fn counts(tx: &Connection) -> Result<Vec<Count>, RecordsError> {
    let sql = "SELECT name, coalesce(sum(CASE WHEN understood THEN count END), 0),
                      coalesce(sum(CASE WHEN NOT understood THEN count END), 0)
               FROM collections JOIN counts ON counts.collection = n GROUP BY n ORDER BY name";
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement
        .query_map([], |row| Ok(Count { collection: row.get(0)?, understood: row.get(1)?, set_aside: row.get(2)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The number of records of a collection this release understands; of one kind, or of all.
///
/// # Errors
/// [`RecordsError`] when the file cannot be read.
pub fn total(tx: &Connection, collection: &str, kind: Option<&str>) -> Result<u32, RecordsError> {
    let sql = "SELECT coalesce(sum(count), 0) FROM counts
               WHERE collection = (SELECT n FROM collections WHERE name = ?1) AND understood AND (?2 IS NULL OR kind = ?2)";
    Ok(tx.prepare_cached(sql)?.query_row(params![collection, kind], |row| row.get(0))?)
}

/// The number of a collection in this file, if it holds any.
///
/// # Errors
/// [`RecordsError`] when the file cannot be read.
pub fn number_of(tx: &Connection, collection: &str) -> Result<Option<i64>, RecordsError> {
    let sql = "SELECT n FROM collections WHERE name = ?1";
    Ok(tx.prepare_cached(sql)?.query_row([collection], |row| row.get(0)).optional()?)
}

/// A page of a collection, what comes last first.
///
/// # Errors
/// [`RecordsError`] when the file cannot be read.
pub fn page(
    tx: &Connection,
    collection: &str,
    kind: Option<&str>,
    (offset, limit): (u32, u32),
) -> Result<Vec<String>, RecordsError> {
    let Some(shelf) = number_of(tx, collection)? else { return Ok(Vec::new()) };
    match kind {
        None => {
            let sql = "SELECT body FROM records WHERE collection = ?1 AND understood = 1
                       ORDER BY at DESC, n DESC LIMIT ?3 OFFSET ?2";
            strings(tx, sql, params![shelf, offset, limit])
        }
        Some(kind) => {
            let sql = "SELECT body FROM records WHERE collection = ?1 AND kind = ?2 AND kind <> '' AND understood = 1
                       ORDER BY at DESC, n DESC LIMIT ?4 OFFSET ?3";
            strings(tx, sql, params![shelf, kind, offset, limit])
        }
    }
}

/// Every record of a collection that this release understands, as it was written.
///
/// # Errors
/// [`RecordsError`] when the file cannot be read.
pub fn bodies(tx: &Connection, collection: &str) -> Result<Vec<String>, RecordsError> {
    let Some(shelf) = number_of(tx, collection)? else { return Ok(Vec::new()) };
    strings(tx, "SELECT body FROM records WHERE collection = ?1 AND understood = 1 AND body IS NOT NULL", [shelf])
}

/// Every record of a collection that is understood, in no order, each with its identity.
///
/// # Errors
/// [`RecordsError`] when the file cannot be read.
pub fn identified(tx: &Connection, collection: &str) -> Result<Vec<(Uuid, String)>, RecordsError> {
    let Some(shelf) = number_of(tx, collection)? else { return Ok(Vec::new()) };
    let sql = "SELECT id, body FROM records WHERE collection = ?1 AND understood = 1 AND body IS NOT NULL";
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map([shelf], |row| Ok((Uuid::from_bytes(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every title of a collection with the place that goes with it.
///
/// # Errors
/// [`RecordsError`] when the file cannot be read.
pub fn each(tx: &Connection, collection: &str, mut look: impl FnMut(&str, Option<Point>)) -> Result<(), RecordsError> {
    let Some(shelf) = number_of(tx, collection)? else { return Ok(()) };
    let mut statement =
        tx.prepare_cached("SELECT title, lat, lon FROM records WHERE collection = ?1 AND understood = 1")?;
    let mut rows = statement.query([shelf])?;
    while let Some(row) = rows.next()? {
        let (lat, lon): (Option<f64>, Option<f64>) = (row.get(1)?, row.get(2)?);
        let point = lat.zip(lon).and_then(|(lat, lon)| Point::new(lat, lon).ok());
        look(row.get_ref(0)?.as_str().unwrap_or_default(), point);
    }
    Ok(())
}

/// A record as it was written.
///
/// # Errors
/// [`RecordsError`] when the file cannot be read.
pub fn body(tx: &Connection, collection: &str, id: Uuid) -> Result<Option<String>, RecordsError> {
    let sql = "SELECT body FROM records WHERE collection = (SELECT n FROM collections WHERE name = ?1) AND id = ?2";
    let found = tx.prepare_cached(sql)?.query_row(params![collection, id.as_bytes().as_slice()], text).optional()?;
    Ok(found.flatten())
}

/// Records of a collection in a box of degrees around a point.
///
/// # Errors
/// [`RecordsError`] when the file cannot be read.
pub fn around(
    tx: &Connection,
    collection: &str,
    point: Point,
    (lat, lon): (f64, f64),
) -> Result<Vec<String>, RecordsError> {
    let Some(shelf) = number_of(tx, collection)? else { return Ok(Vec::new()) };
    let sql = "SELECT body FROM records WHERE lat BETWEEN ?1 AND ?2 AND lon BETWEEN ?3 AND ?4 AND collection = ?5 AND understood";
    let (north, south) = (point.lat() + lat, point.lat() - lat);
    let (east, west) = (point.lon() + lon, point.lon() - lon);
    strings(tx, sql, params![south, north, west, east, shelf])
}

/// The records that no release of this form could read: collection, identity, version, body.
///
/// # Errors
/// [`RecordsError`] when the file cannot be read.
pub fn set_aside(tx: &Connection) -> Result<Vec<(String, Uuid, i64, String)>, RecordsError> {
    let sql = "SELECT name, id, version, body FROM records JOIN collections ON collections.n = collection
               WHERE NOT understood AND body IS NOT NULL";
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| {
        let id: [u8; 16] = row.get(1)?;
        Ok((row.get(0)?, Uuid::from_bytes(id), row.get(2)?, row.get(3)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Makes the index one piece: for a file that is read often and filled once.
///
/// # Errors
/// [`RecordsError`] when the file cannot be written.
pub fn optimize(tx: &Connection) -> Result<(), RecordsError> {
    Ok(tx.execute_batch("INSERT INTO words (words) VALUES ('optimize'); INSERT INTO few_words (few_words) VALUES ('optimize'); ANALYZE;")?)
}

/// Returns whether a file has exactly the tables of [`SCHEMA`]: no trigger, no view, no other wording.
///
/// # Errors
/// [`RecordsError`] when the file cannot be read.
pub fn has_schema(file: &Connection) -> Result<bool, RecordsError> {
    let ours = Connection::open_in_memory()?;
    ours.execute_batch(SCHEMA)?;
    // The tables that ANALYZE makes are SQLite's own.
    let sql = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema
               WHERE name NOT LIKE 'sqlite_stat%' ORDER BY 1";
    Ok(strings(file, sql, [])? == strings(&ours, sql, [])?)
}

fn strings(tx: &Connection, sql: &str, with: impl rusqlite::Params) -> Result<Vec<String>, RecordsError> {
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map(with, text)?;
    let all: Vec<Option<String>> = rows.collect::<Result<_, _>>()?;
    Ok(all.into_iter().flatten().collect())
}

fn text(row: &Row<'_>) -> rusqlite::Result<Option<String>> {
    row.get(0)
}
