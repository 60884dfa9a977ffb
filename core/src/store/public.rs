//! The town's public facts: streets, offices, public reports.

use rusqlite::{Row, Transaction, params};
use vicino_contract::http::{OfficeRecord, PublicReportRecord, StreetRecord};
use vicino_contract::ipc::StreetRow;
use vicino_domain::{Point, fold};

use super::millis;
use crate::error::Error;

/// Keeps a street.
pub(crate) fn put_street(tx: &Transaction<'_>, street: &StreetRecord) -> Result<(), Error> {
    tx.prepare_cached("REPLACE INTO streets (id, name, folded, lat, lon) VALUES (?1, ?2, ?3, ?4, ?5)")?.execute(
        params![
            street.id.to_string(),
            street.name,
            format!(" {}", fold(&street.name)),
            street.point.map(|point| point.lat),
            street.point.map(|point| point.lon),
        ],
    )?;
    Ok(())
}

/// Streets in which every word begins a word of the name; those that begin with the first word come first.
pub(crate) fn find_streets(tx: &Transaction<'_>, text: &str, limit: u32) -> Result<Vec<StreetRow>, Error> {
    let folded = fold(text);
    let mut words = folded.split(' ').filter(|word| !word.is_empty());
    let Some(first) = words.next() else { return Ok(Vec::new()) };
    let rest: Vec<String> = words.map(|word| format!(" {word}")).collect();
    let mut statement = tx.prepare_cached(
        "SELECT name, folded, lat, lon FROM streets WHERE instr(folded, ?1) > 0 ORDER BY instr(folded, ?1), name",
    )?;
    let mut rows = statement.query([format!(" {first}")])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let name: String = row.get(1)?;
        if rest.iter().all(|word| name.contains(word)) {
            let (lat, lon): (Option<f64>, Option<f64>) = (row.get(2)?, row.get(3)?);
            let point = lat.zip(lon).and_then(|(lat, lon)| Point::new(lat, lon).ok());
            found.push(StreetRow { name: row.get(0)?, point });
        }
        if found.len() >= usize::try_from(limit).unwrap_or(usize::MAX) {
            break;
        }
    }
    Ok(found)
}

/// Keeps an office.
pub(crate) fn put_office(tx: &Transaction<'_>, office: &OfficeRecord) -> Result<(), Error> {
    let body = serde_json::to_string(office)?;
    tx.prepare_cached("REPLACE INTO offices (id, body) VALUES (?1, ?2)")?
        .execute(params![office.id.to_string(), body])?;
    Ok(())
}

/// Keeps a public report.
pub(crate) fn put_report(tx: &Transaction<'_>, report: &PublicReportRecord) -> Result<(), Error> {
    let point = report.place.point;
    tx.prepare_cached("REPLACE INTO public_reports (id, body, received_at, lat, lon) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![
            report.id.to_string(),
            serde_json::to_string(report)?,
            millis(report.received_at),
            point.map(|point| point.lat),
            point.map(|point| point.lon),
        ])?;
    Ok(())
}

/// A page of public reports, newest first.
pub(crate) fn page(tx: &Transaction<'_>, offset: u32, limit: u32) -> Result<Vec<PublicReportRecord>, Error> {
    let mut statement =
        tx.prepare_cached("SELECT body FROM public_reports ORDER BY received_at DESC, id LIMIT ?2 OFFSET ?1")?;
    let rows = statement.query_map([offset, limit], body)?;
    rows.map(|row| Ok(serde_json::from_str(&row?)?)).collect()
}

/// How many public reports there are.
pub(crate) fn count(tx: &Transaction<'_>) -> Result<u32, Error> {
    Ok(tx.prepare_cached("SELECT count(*) FROM public_reports")?.query_row([], |row| row.get(0))?)
}

/// Public reports in a box of degrees around a point.
pub(crate) fn around(tx: &Transaction<'_>, point: Point, lat: f64, lon: f64) -> Result<Vec<PublicReportRecord>, Error> {
    let mut statement =
        tx.prepare_cached("SELECT body FROM public_reports WHERE lat BETWEEN ?1 AND ?2 AND lon BETWEEN ?3 AND ?4")?;
    let box_ = [point.lat() - lat, point.lat() + lat, point.lon() - lon, point.lon() + lon];
    let rows = statement.query_map(box_, body)?;
    rows.map(|row| Ok(serde_json::from_str(&row?)?)).collect()
}

fn body(row: &Row<'_>) -> rusqlite::Result<String> {
    row.get(0)
}

/// Takes a record of this collection away.
pub(crate) fn bury(tx: &Transaction<'_>, collection: vicino_contract::http::Collection, id: &str) -> Result<(), Error> {
    use vicino_contract::http::Collection;
    let sql = match collection {
        Collection::Streets => "DELETE FROM streets WHERE id = ?1",
        Collection::Offices => "DELETE FROM offices WHERE id = ?1",
        Collection::PublicReports => "DELETE FROM public_reports WHERE id = ?1",
        Collection::Reports => return Ok(()),
    };
    tx.prepare_cached(sql)?.execute([id])?;
    Ok(())
}

/// Empties everything: it is read again from the start.
pub(crate) fn clear(tx: &Transaction<'_>) -> Result<(), Error> {
    Ok(tx.execute_batch("DELETE FROM streets; DELETE FROM offices; DELETE FROM public_reports;")?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[test]
    fn streets_are_found_as_one_types() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), &[1; 32]).unwrap();
        let names =
            ["Via Cesàre Battisti", "Traversa dell’Orto", "Via dell’Orto Vecchio", "Via Roma", "Piazza della Libertà"];
        let found = store.public(|tx| {
            for (n, name) in names.iter().enumerate() {
                let id = uuid::Uuid::from_u128(n as u128);
                put_street(tx, &StreetRecord { id, name: (*name).into(), point: None })?;
            }
            let names =
                |text| Ok::<_, Error>(find_streets(tx, text, 9)?.into_iter().map(|row| row.name).collect::<Vec<_>>());
            Ok((
                names("orto")?,
                names("via ort")?,
                names("LIBERTA")?,
                names("cesare bat")?,
                names("oma")?,
                names("  ")?,
            ))
        });
        let (orto, via_orto, liberta, cesare, middle, nothing) = found.unwrap();
        assert_eq!(orto, ["Via dell’Orto Vecchio", "Traversa dell’Orto"]);
        assert_eq!(via_orto, ["Via dell’Orto Vecchio"]);
        assert_eq!(liberta, ["Piazza della Libertà"]);
        assert_eq!(cesare, ["Via Cesàre Battisti"]);
        assert!(middle.is_empty() && nothing.is_empty());
    }
}
