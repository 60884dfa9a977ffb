//! What the town tells of files, each by the matter it belongs to: the resident's own, and those an office gave, with when it did.

use rusqlite::Transaction;
use vicino_contract::Matter;
use vicino_contract::http::{
    Author, CaseRecord, CertificateRecord, FileRecord, MessageRecord, NoticeRecord, ReportRecord,
};
use vicino_domain::{CaseId, CertificateId, Instant, MessageId, NoticeId, ReportId};

use crate::error::Error;
use crate::store::files::{self, With};

/// Notes what the town tells of the files of a report's thread.
pub(crate) fn of_report(tx: &Transaction<'_>, record: &ReportRecord) -> Result<(), Error> {
    of_thread(tx, ReportId::from_uuid(record.id).into(), &record.messages)
}

/// Notes what the town tells of the files of a case: the resident's own, those of its thread, those an office gave.
pub(crate) fn of_case(tx: &Transaction<'_>, record: &CaseRecord) -> Result<(), Error> {
    let matter = CaseId::from_uuid(record.id).into();
    record.files.iter().try_for_each(|file| files::tell(tx, matter, With::Case, file))?;
    for step in &record.history {
        // A town of before did not say when it gave a file: the step says it.
        step.files.iter().try_for_each(|file| files::tell(tx, matter, With::Case, &given(file, step.at)))?;
    }
    of_thread(tx, matter, &record.messages)
}

/// Notes what the town tells of the papers and proofs of a notice.
pub(crate) fn of_notice(tx: &Transaction<'_>, record: &NoticeRecord) -> Result<(), Error> {
    let matter = NoticeId::from_uuid(record.id).into();
    record.files.iter().try_for_each(|file| files::tell(tx, matter, With::Case, file))
}

/// The paper of a certificate.
pub(crate) fn of_certificate(tx: &Transaction<'_>, record: &CertificateRecord) -> Result<(), Error> {
    let matter = CertificateId::from_uuid(record.id).into();
    record.issued.iter().try_for_each(|issued| files::tell(tx, matter, With::Case, &issued.file))
}

fn of_thread(tx: &Transaction<'_>, matter: Matter, thread: &[MessageRecord]) -> Result<(), Error> {
    thread.iter().try_for_each(|message| {
        let with = With::Message(MessageId::from_uuid(message.id));
        let office = message.author != Author::Resident;
        let told = |file: &FileRecord| if office { given(file, message.at) } else { file.clone() };
        message.files.iter().try_for_each(|file| files::tell(tx, matter, with, &told(file)))
    })
}

/// A file an office gave, by what it came with.
fn given(file: &FileRecord, at: Instant) -> FileRecord {
    FileRecord { given_at: file.given_at.or(Some(at)), ..file.clone() }
}
