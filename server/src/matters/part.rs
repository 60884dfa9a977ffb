//! Parts of matters: what each matter announced of its files, marked as they arrive, and who may read them.

use std::path::PathBuf;

use rusqlite::Transaction;
use vicino_contract::http::FileRecord;
use vicino_contract::http::tus::Part;
use vicino_domain::{ReportState, Sha256};

use crate::access::desks;
use crate::access::operators::{self, Deed, Operator};
use crate::matters::case::{case_of, own_case, reads, write_case};
use crate::matters::notice::{notice_of, own_notice, write_notice};
use crate::matters::report::{own_report, report_of, write_report};
use crate::reader::Owner;
use crate::store::{self, StoreError, Upload};
use crate::{Reader, Refusal, Town};

/// A file as its matter announced it.
pub(crate) struct Announced {
    /// The owner of the matter.
    pub(crate) owner: Option<Owner>,
    /// The digest, in hexadecimal.
    pub(crate) sha256: String,
    /// The number of bytes.
    pub(crate) size: u64,
    /// The kind they are.
    pub(crate) media: String,
}

/// Finds a file announced by a matter of the caller's; `None` when bytes for it are not accepted.
pub(crate) fn announced(tx: &Transaction<'_>, reader: &Reader, part: Part) -> Result<Option<Announced>, Refusal> {
    let of = |owner, found: Option<&FileRecord>| {
        found.map(|known| Announced {
            owner,
            sha256: known.file.sha256.clone(),
            size: known.file.size,
            media: known.file.media.clone(),
        })
    };
    Ok(match part {
        Part::Photo(report, photo) => {
            let record = own_report(tx, reader, report)?.ok_or_else(Refusal::not_found)?;
            record.body.arrived.iter().find(|known| known.id == photo.uuid()).map(|known| Announced {
                owner: record.owner,
                sha256: known.sha256.clone(),
                size: known.size,
                media: String::from("image/jpeg"),
            })
        }
        Part::ReportFile(report, file) => {
            let record = own_report(tx, reader, report)?.ok_or_else(Refusal::not_found)?;
            let mut all = record.body.messages.iter().flat_map(|message| &message.files);
            of(record.owner, all.find(|known| known.file.id == file.uuid()))
        }
        Part::CaseFile(case, file) => {
            let record = own_case(tx, reader, case)?.ok_or_else(Refusal::not_found)?;
            of(record.owner, record.body.all_files().find(|known| known.file.id == file.uuid()))
        }
        Part::NoticeFile(notice, file) => {
            let record = own_notice(tx, reader, notice)?.ok_or_else(Refusal::not_found)?;
            of(record.owner, record.body.files.iter().find(|known| known.file.id == file.uuid()))
        }
        // Nobody but the town brings a certificate's paper.
        Part::CertificateFile(..) => None,
    })
}

/// Marks a part as arrived in its matter, and answers the matter's number.
pub(crate) fn arrive(tx: &Transaction<'_>, part: Part, digest: Sha256) -> Result<String, StoreError> {
    let mut news = false;
    let mut mark = |arrived: &mut bool, sha256: &str| {
        news |= !*arrived && sha256 == digest.to_string();
        *arrived |= sha256 == digest.to_string();
    };
    let number = match part {
        Part::Photo(report, _) | Part::ReportFile(report, _) => {
            let Some(mut record) = report_of(tx, report)? else { return Ok(String::new()) };
            if let Part::Photo(_, photo) = part {
                record.body.arrived.iter_mut().filter(|known| known.id == photo.uuid()).for_each(|known| {
                    mark(&mut known.arrived, &known.sha256);
                });
            } else {
                let files = record.body.messages.iter_mut().flat_map(|message| &mut message.files);
                files.filter(|known| known.file.id == part.id()).for_each(|known| {
                    mark(&mut known.arrived, &known.file.sha256);
                });
            }
            if news {
                write_report(tx, &record)?;
            }
            record.body.number
        }
        Part::CaseFile(case, _) => {
            let Some(mut record) = case_of(tx, case)? else { return Ok(String::new()) };
            record.body.all_files_mut().filter(|known| known.file.id == part.id()).for_each(|known| {
                mark(&mut known.arrived, &known.file.sha256);
            });
            if news {
                write_case(tx, &record)?;
            }
            record.body.number
        }
        Part::NoticeFile(notice, _) => {
            let Some(mut record) = notice_of(tx, notice)? else { return Ok(String::new()) };
            record.body.files.iter_mut().filter(|known| known.file.id == part.id()).for_each(|known| {
                mark(&mut known.arrived, &known.file.sha256);
            });
            if news {
                write_notice(tx, &record)?;
            }
            let mut numbers = record.body.plans.iter().flat_map(|plan| &plan.installments);
            numbers.next().map(|one| one.number.to_string()).unwrap_or_default()
        }
        Part::CertificateFile(..) => String::new(),
    };
    Ok(number)
}

/// Returns whether the report of a part was taken back: what still arrives for it is signed for, and not kept.
pub(crate) fn is_taken_back(tx: &Transaction<'_>, part: Part) -> Result<bool, StoreError> {
    let (Part::Photo(report, _) | Part::ReportFile(report, _)) = part else { return Ok(false) };
    Ok(report_of(tx, report)?.is_some_and(|record| record.body.state == ReportState::Withdrawn))
}

/// A file's place, and what its bytes are.
pub(crate) struct Readable {
    pub(crate) path: PathBuf,
    pub(crate) media: String,
}

/// Finds a file that belongs to one of the caller's matters.
pub(crate) fn own(town: &Town, reader: &Reader, digest: Sha256) -> Result<Readable, Refusal> {
    let found = town.register.read(|tx| store::whole_files(tx, Some(reader), digest))?;
    readable(town, found.into_iter().next(), digest)
}

/// Finds a file of a matter that this operator may see.
pub(crate) fn of_office(town: &Town, by: &Operator, digest: Sha256) -> Result<Readable, Refusal> {
    let read = |tx: &Transaction<'_>| {
        for upload in store::whole_files(tx, None, digest)? {
            let matter = match upload.part {
                Part::Photo(report, _) | Part::ReportFile(report, _) => match report_of(tx, report)? {
                    Some(record) if desks::sees_report(town, by, &record.body) => report.to_string(),
                    _ => continue,
                },
                Part::NoticeFile(notice, _) => match notice_of(tx, notice)? {
                    Some(record) if by.sees_of(record.body.office) => notice.to_string(),
                    _ => continue,
                },
                // A certificate is its resident's: offices issue it, and read none.
                Part::CertificateFile(..) => continue,
                Part::CaseFile(case, _) => match case_of(tx, case)? {
                    Some(record) if reads(tx, by, &record)? => case.to_string(),
                    _ => continue,
                },
            };
            return Ok((upload, matter));
        }
        Err(Refusal::not_found())
    };
    // The audit of a matter includes its papers.
    let about = |(_, matter): &(Upload, String)| vec![matter.clone(), digest.to_string()];
    let (found, _) = operators::audited_by(town, by, Deed::Read, read, about)?;
    readable(town, Some(found), digest)
}

fn readable(town: &Town, found: Option<Upload>, digest: Sha256) -> Result<Readable, Refusal> {
    let media = found.ok_or_else(Refusal::not_found)?.media;
    Ok(Readable { path: town.folder.file(digest), media })
}
