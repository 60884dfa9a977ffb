//! A report as lists and pages show it: what the resident sent, how far it came, what the town says.

use vicino_contract::MessageKind;
use vicino_contract::http::{AuthorBody, FileRecord, HistoryRecord, MessageRecord, PublicReportRecord, ReportRecord};
use vicino_contract::ipc::{
    Author, Delivery, FileView, HistoryEntry, MessageView, PhotoView, PublicReportRow, ReportRow, Writer,
};
use vicino_domain::{MessageId, Point, ReportId, ResidentId};

use crate::matters::report::photos_store::Photo;
use crate::matters::report::store::KeptReport;
use crate::outbox::Request;
use crate::store::files::{KeptFile, With};
use crate::store::messages::Written;

impl Photo {
    /// The view of it that screens get.
    pub(crate) fn view(&self) -> PhotoView {
        let positive = |number: i64| u64::try_from(number).unwrap_or(0);
        PhotoView {
            id: self.id,
            width: self.width,
            height: self.height,
            bytes: positive(self.bytes),
            sent: positive(self.sent),
            arrived: self.arrived,
        }
    }
}

/// A line of the list.
pub(crate) fn row(kept: &KeptReport, requests: &[Request], photos: &[Photo]) -> ReportRow {
    // A photo whose request was given up, or went with a withdrawal, is not waited for.
    let queued = |photo: &&Photo| {
        let own = |request: &&Request| request.kind == MessageKind::Photo && request.subject == photo.id.to_string();
        requests.iter().find(own).is_some_and(|request| request.delivered_at.is_none())
    };
    let to_come = photos.iter().filter(queued).count();
    ReportRow {
        id: kept.report.id,
        title: kept.report.title.clone(),
        category: kept.report.category,
        delivery: delivery(kept, requests),
        state: kept.record.as_ref().and_then(|record| record.state.known()),
        sent_at: kept.report.sent_at,
        changed_at: kept.changed_at,
        photos_to_come: u32::try_from(to_come).unwrap_or(u32::MAX),
    }
}

/// The point a report has reached. Only a stored acknowledgement makes it *delivered*.
fn delivery(kept: &KeptReport, requests: &[Request]) -> Delivery {
    let own = requests.iter().rev().find(|request| request.kind == MessageKind::Report);
    if let Some(reason) = own.and_then(|request| request.stuck.clone()) {
        return Delivery::Stuck { reason };
    }
    let said = own
        .filter(|request| request.delivered_at.is_some())
        .and_then(|request| request.acknowledgement.as_deref())
        .and_then(crate::matters::report::commands::said);
    match (said, &kept.record, own) {
        (Some(said), _, _) => Delivery::Delivered { number: said.number, at: said.received_at },
        // A report this device did not send itself, but was told of.
        (None, Some(record), None) => Delivery::Delivered { number: record.number.clone(), at: record.received_at },
        _ => Delivery::Waiting,
    }
}

/// The town's story of a report.
pub(crate) fn history(record: Option<&ReportRecord>) -> Vec<HistoryEntry> {
    let entry = |entry: &HistoryRecord| {
        // A state of a release to come has no words here: its line is left out, never guessed.
        let state = entry.state.known()?;
        Some(HistoryEntry {
            state,
            at: entry.at,
            office: entry.office.clone(),
            note: entry.note.clone(),
            by: writer(entry.by.as_ref()),
        })
    };
    record.map(|record| record.history.iter().filter_map(entry).collect()).unwrap_or_default()
}

/// Who of a household wrote or took something back.
pub(crate) fn writer(by: Option<&AuthorBody>) -> Option<Writer> {
    by.map(|by| Writer { id: ResidentId::from_uuid(by.id), name: by.name.clone() })
}

/// The thread: what the town has, and what is written here and not delivered yet.
pub(crate) fn thread(of_town: &[MessageRecord], written: &[Written], own: &[KeptFile]) -> Vec<MessageView> {
    let known = |id: MessageId| of_town.iter().any(|message| message.id == id.uuid());
    let theirs = of_town.iter().map(|message: &MessageRecord| MessageView {
        id: MessageId::from_uuid(message.id),
        author: message.author.known().unwrap_or(Author::Resident),
        office: message.office.clone(),
        by: writer(message.by.as_ref()),
        text: message.text.clone(),
        at: message.at,
        delivered: true,
        files: told(&message.files, own),
    });
    let ours = written.iter().filter(|message| !known(message.id)).map(|message| MessageView {
        id: message.id,
        author: Author::Resident,
        office: None,
        by: None,
        text: message.text.clone(),
        at: message.at,
        delivered: false,
        files: own.iter().filter(|file| file.with == With::Message(message.id)).map(KeptFile::view).collect(),
    });
    let mut thread: Vec<MessageView> = theirs.chain(ours).collect();
    thread.sort_by_key(|message| message.at);
    thread
}

/// Files the town told of, as this device knows them.
pub(crate) fn told(records: &[FileRecord], known: &[KeptFile]) -> Vec<FileView> {
    records
        .iter()
        .filter_map(|record| known.iter().find(|file| file.id.uuid() == record.file.id))
        .map(KeptFile::view)
        .collect()
}

/// The files of the message being written.
pub(crate) fn enclosed(own: &[KeptFile]) -> Vec<FileView> {
    own.iter().filter(|file| file.with == With::Letter).map(KeptFile::view).collect()
}

/// A public report in a list.
pub(crate) fn public_row(record: PublicReportRecord) -> PublicReportRow {
    PublicReportRow {
        id: ReportId::from_uuid(record.id),
        category: record.category.known(),
        where_: record.place.address.or(record.place.note).unwrap_or_default(),
        point: record.place.point.and_then(|point| Point::try_from(point).ok()),
        state: record.state.known(),
        title: record.title,
        details: record.details,
        received_at: record.received_at,
    }
}
