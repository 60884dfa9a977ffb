//! The steps of an upgrade that need more than SQL: what is kept is read again by what this release understands.

use rusqlite::Transaction;
use vicino_domain::ReportId;

use crate::error::Error;
use crate::matters::attachment::announced::{of_case, of_certificate, of_notice, of_report};
use crate::matters::report::index::put_report;
use crate::matters::{case, certificate, notice, report};
use crate::store::{Store, once, records};

/// More matters than anybody has.
const MOST: u32 = 5_000;

/// Brings what is kept in a store that was just opened to what this release understands.
pub(crate) fn bring_up(store: &Store) -> Result<(), Error> {
    store.private(after_upgrade)?;
    store.private(|tx| {
        records::look_again(tx, |record| {
            report::store::apply(tx, record, record.received_at)?;
            put_report(tx, ReportId::from_uuid(record.id))
        })
    })
}

/// Done once after an upgrade, in one with the note that it is done: when an office gave what is here already stands in the records.
fn after_upgrade(tx: &Transaction<'_>) -> Result<(), Error> {
    if once(tx, "folded")? {
        records::index_again(tx)?;
        report::store::page(tx, 0, MOST)?.iter().try_for_each(|kept| put_report(tx, kept.report.id))?;
    }
    if once(tx, "files_given")? { again(tx) } else { Ok(()) }
}

/// Hears everything again that is kept here.
fn again(tx: &Transaction<'_>) -> Result<(), Error> {
    for record in case::store::records(tx, (0, MOST))? {
        of_case(tx, &record)?;
    }
    for record in notice::store::records(tx)? {
        of_notice(tx, &record)?;
    }
    for record in certificate::store::records(tx)? {
        of_certificate(tx, &record)?;
    }
    for record in report::store::page(tx, 0, MOST)?.into_iter().filter_map(|kept| kept.record) {
        of_report(tx, &record)?;
    }
    Ok(())
}
