//! The words by which a report is found: what was sent, what the town says of it, and its thread.

use rusqlite::Transaction;
use vicino_contract::http::ReportRecord;
use vicino_domain::{Report, ReportId};
use vicino_records::index_entry::IndexEntry;

use crate::error::Error;
use crate::matters::report::store;
use crate::store::finding::{REPORTS, forget, put};
use crate::store::messages::{self, Written};

/// A report as it is now: what was sent, what the town says, and its thread.
pub(crate) fn put_report(tx: &Transaction<'_>, id: ReportId) -> Result<(), Error> {
    let Some(kept) = store::find(tx, id)? else { return forget(tx, REPORTS, id.uuid()) };
    let entry = entry_of(&kept.report, kept.record.as_ref(), &messages::of(tx, id)?);
    put(tx, REPORTS, id.uuid(), &entry)
}

fn entry_of(report: &Report, record: Option<&ReportRecord>, written: &[Written]) -> IndexEntry {
    let mut text = vec![report.details.clone(), place(Some(&report.place))];
    text.extend(written.iter().map(|message| message.text.clone()));
    if let Some(record) = record {
        text.push(record.number.clone());
        text.extend(record.messages.iter().map(|message| message.text.clone()));
        text.extend(record.history.iter().filter_map(|entry| entry.note.clone()));
        text.extend(record.history.iter().filter_map(|entry| entry.office.clone()));
    }
    let at = report.sent_at.timestamp_millis();
    IndexEntry { title: report.title.clone(), text: text.join("\n"), at, understood: true, ..IndexEntry::default() }
}

fn place(place: Option<&vicino_domain::Place>) -> String {
    let words = |place: &vicino_domain::Place| {
        [place.address.clone(), place.note.clone()].into_iter().flatten().collect::<Vec<_>>().join("\n")
    };
    place.map(words).unwrap_or_default()
}
