//! Every thread with an office in one list, and what of it was read here.

use rusqlite::Transaction;
use vicino_contract::http::MessageRecord;
use vicino_contract::ipc::{Author, ListThreads, MessageView, ReadThread, Target, ThreadList, ThreadRow};
use vicino_contract::{Event, Matter};
use vicino_domain::{CaseId, Instant, ReportId};

use crate::device::Device;
use crate::device::command::Handle;
use crate::error::Error;
use crate::matters::{case, report};
use crate::store::{cursors, inbox, messages};

/// Matters looked at: more than anybody has.
const MOST: u32 = 5_000;

/// A thread with whom it belongs to.
pub(crate) struct Thread {
    pub(crate) matter: Target,
    pub(crate) title: String,
    /// Oldest first, and never empty.
    pub(crate) messages: Vec<MessageView>,
    read_up_to: Option<Instant>,
}

impl Thread {
    /// What an office wrote and was not read here.
    pub(crate) fn unread(&self) -> impl Iterator<Item = &MessageView> {
        // The town tells of finer moments than are kept here.
        let fresh = |message: &&MessageView| {
            self.read_up_to.is_none_or(|read| message.at.timestamp_millis() > read.timestamp_millis())
        };
        self.messages.iter().filter(|message| message.author == Author::Office).filter(fresh)
    }
}

/// Every thread in which something was written.
pub(crate) fn threads(tx: &Transaction<'_>) -> Result<Vec<Thread>, Error> {
    let mut all = Vec::new();
    let mut keep = |target, matter: Matter, title: &str, told: &[MessageRecord]| {
        let messages = report::view::thread(told, &messages::of(tx, matter)?, &[]);
        if !messages.is_empty() {
            let read_up_to = inbox::read_up_to(tx, matter)?;
            all.push(Thread { matter: target, title: title.to_owned(), messages, read_up_to });
        }
        Ok::<_, Error>(())
    };
    for record in case::store::records(tx, (0, MOST))? {
        let case = CaseId::from_uuid(record.id);
        keep(Target::Case(case), case.into(), &record.title, &record.messages)?;
    }
    for sent in case::store::untold(tx)? {
        keep(Target::Case(sent.id), sent.id.into(), &sent.title, &[])?;
    }
    for kept in report::store::page(tx, 0, MOST)? {
        let report: ReportId = kept.report.id;
        let told = kept.record.as_ref().map(|record| record.messages.as_slice()).unwrap_or_default();
        keep(Target::Report(report), report.into(), &kept.report.title, told)?;
    }
    Ok(all)
}

impl Handle for ListThreads {
    fn handle(self, device: &Device) -> Result<ThreadList, Error> {
        device.store.private(|tx| {
            let mut rows: Vec<ThreadRow> = threads(tx)?.iter().filter_map(row).collect();
            rows.sort_by_key(|row| std::cmp::Reverse(row.at));
            let unread = rows.iter().map(|row| row.unread).sum();
            Ok(ThreadList { rows, unread, freshness: device.own_freshness(cursors::read(tx)?.freshness) })
        })
    }
}

fn row(thread: &Thread) -> Option<ThreadRow> {
    let last = thread.messages.last()?;
    Some(ThreadRow {
        matter: thread.matter,
        title: thread.title.clone(),
        author: last.author,
        office: last.office.clone(),
        by: last.by.clone(),
        text: last.text.clone(),
        at: last.at,
        delivered: last.delivered,
        unread: u32::try_from(thread.unread().count()).unwrap_or(u32::MAX),
    })
}

impl Handle for ReadThread {
    fn handle(self, device: &Device) -> Result<(), Error> {
        let further = device.store.private(|tx| {
            let told = match self.matter {
                Matter::Case(case) => case::store::record(tx, case)?.map(|record| record.messages),
                Matter::Report(report) => {
                    report::store::find(tx, report)?.and_then(|kept| kept.record).map(|record| record.messages)
                }
                // Nobody writes about these.
                Matter::Signature(_) | Matter::Notice(_) | Matter::Certificate(_) | Matter::Paper(_) => None,
            };
            let told = told.unwrap_or_default();
            // By the moments the town wrote, whatever this device's clock says.
            match told.iter().map(|message| message.at).max() {
                Some(newest) => inbox::read(tx, self.matter, newest),
                None => Ok(false),
            }
        })?;
        if further {
            device.tell(Event::Messages);
        }
        Ok(())
    }
}
