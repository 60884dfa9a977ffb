//! What the town tells of files, each by the matter it belongs to: the resident's own, and those an office gave, with when it did.

use rusqlite::Transaction;
use vicino_contract::http::{CaseRecord, CertificateRecord, FileRecord, MessageRecord, NoticeRecord, ReportRecord};
use vicino_domain::{CaseId, CertificateId, Instant, MatterId, MessageId, NoticeId, ReportId};

use super::files::{self, With};
use super::{cases, certificates, finding, payments, records, reports};
use crate::error::Error;

/// More matters than anybody has.
const MOST: u32 = 5_000;

/// Done once after an upgrade, in one with the note that it is done: when an office gave what is here already stands in the records.
pub(crate) fn after_upgrade(tx: &Transaction<'_>) -> Result<(), Error> {
    let wanted = |what: &str| tx.execute("DELETE FROM once WHERE what = ?1", [what]).map(|rows| rows > 0);
    if wanted("folded")? {
        records::index_again(tx)?;
        reports::page(tx, 0, MOST)?.iter().try_for_each(|kept| finding::put_report(tx, kept.report.id))?;
    }
    if wanted("files_given")? { again(tx) } else { Ok(()) }
}

/// Hears everything again that is kept here.
fn again(tx: &Transaction<'_>) -> Result<(), Error> {
    for record in cases::records(tx, (0, MOST))? {
        of_case(tx, &record)?;
    }
    for record in payments::records(tx)? {
        of_notice(tx, &record)?;
    }
    for record in certificates::records(tx)? {
        of_certificate(tx, &record)?;
    }
    for record in reports::page(tx, 0, MOST)?.into_iter().filter_map(|kept| kept.record) {
        of_report(tx, &record)?;
    }
    Ok(())
}

/// What the town tells of the files of a report's thread.
pub(crate) fn of_report(tx: &Transaction<'_>, record: &ReportRecord) -> Result<(), Error> {
    of_thread(tx, ReportId::from_uuid(record.id).into(), &record.messages)
}

/// What the town tells of the files of a case: the resident's own, those of its thread, those an office gave.
pub(crate) fn of_case(tx: &Transaction<'_>, record: &CaseRecord) -> Result<(), Error> {
    let matter = CaseId::from_uuid(record.id).into();
    record.files.iter().try_for_each(|file| files::tell(tx, matter, With::Case, file))?;
    for step in &record.history {
        // A town of before did not say when it gave a file: the step says it.
        step.files.iter().try_for_each(|file| files::tell(tx, matter, With::Case, &given(file, step.at)))?;
    }
    of_thread(tx, matter, &record.messages)
}

/// What the town tells of the papers and proofs of a notice.
pub(crate) fn of_notice(tx: &Transaction<'_>, record: &NoticeRecord) -> Result<(), Error> {
    let matter = NoticeId::from_uuid(record.id).into();
    record.files.iter().try_for_each(|file| files::tell(tx, matter, With::Case, file))
}

/// The paper of a certificate.
pub(crate) fn of_certificate(tx: &Transaction<'_>, record: &CertificateRecord) -> Result<(), Error> {
    let matter = CertificateId::from_uuid(record.id).into();
    record.issued.iter().try_for_each(|issued| files::tell(tx, matter, With::Case, &issued.file))
}

fn of_thread(tx: &Transaction<'_>, matter: MatterId, thread: &[MessageRecord]) -> Result<(), Error> {
    thread.iter().try_for_each(|message| {
        let with = With::Message(MessageId::from_uuid(message.id));
        let office = message.author != "resident";
        let told = |file: &FileRecord| if office { given(file, message.at) } else { file.clone() };
        message.files.iter().try_for_each(|file| files::tell(tx, matter, with, &told(file)))
    })
}

/// A file an office gave, by what it came with.
fn given(file: &FileRecord, at: Instant) -> FileRecord {
    FileRecord { given_at: file.given_at.or(Some(at)), ..file.clone() }
}
