//! What the resident sent, made findable: the words of reports and their threads, in the encrypted file that holds them.

use rusqlite::Transaction;
use uuid::Uuid;
use vicino_contract::http::ReportRecord;
use vicino_domain::{Report, ReportId};
use vicino_records::Filling;
use vicino_records::face::Face;

use super::messages::Written;
use super::{messages, millis, reports};
use crate::error::Error;

/// Under what the resident's reports are found.
pub(crate) const REPORTS: &str = "reports";

/// Makes a thing findable that stands in a table of its own.
pub(crate) fn put(tx: &Transaction<'_>, collection: &str, id: Uuid, face: &Face) -> Result<(), Error> {
    let mut filling = Filling::new(tx);
    filling.put(collection, id, 0, None, face)?;
    Ok(filling.end()?)
}

/// It is not there any more.
pub(crate) fn forget(tx: &Transaction<'_>, collection: &str, id: Uuid) -> Result<(), Error> {
    let mut filling = Filling::new(tx);
    filling.bury(collection, id)?;
    Ok(filling.end()?)
}

/// A report as it is now: what was sent, what the town says, and its thread.
pub(crate) fn put_report(tx: &Transaction<'_>, id: ReportId) -> Result<(), Error> {
    let Some(kept) = reports::find(tx, id)? else { return forget(tx, REPORTS, id.uuid()) };
    let face = face_of(&kept.report, kept.record.as_ref(), &messages::of(tx, id)?);
    put(tx, REPORTS, id.uuid(), &face)
}

fn face_of(report: &Report, record: Option<&ReportRecord>, written: &[Written]) -> Face {
    let mut text = vec![report.details.clone(), place(Some(&report.place))];
    text.extend(written.iter().map(|message| message.text.clone()));
    if let Some(record) = record {
        text.push(record.number.clone());
        text.extend(record.messages.iter().map(|message| message.text.clone()));
        text.extend(record.history.iter().filter_map(|entry| entry.note.clone()));
        text.extend(record.history.iter().filter_map(|entry| entry.office.clone()));
    }
    let at = millis(report.sent_at);
    Face { title: report.title.clone(), text: text.join("\n"), at, understood: true, ..Face::default() }
}

fn place(place: Option<&vicino_domain::Place>) -> String {
    let words = |place: &vicino_domain::Place| {
        [place.address.clone(), place.note.clone()].into_iter().flatten().collect::<Vec<_>>().join("\n")
    };
    place.map(words).unwrap_or_default()
}
