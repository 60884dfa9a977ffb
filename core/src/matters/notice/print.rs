//! Notices and receipts on paper: drawn from what is here, shown, saved, taken out by year. Nothing is fetched for it.

use std::io::{Cursor, Write as _};

use chrono::{DateTime, Datelike as _, Utc};
use uuid::Uuid;
use vicino_contract::http::{Collection, NoticeRecord, PaymentRecord, TownKey};
use vicino_contract::ipc::PaperView;
use vicino_contract::{Failure, FailureCode};
use vicino_documents::{NoticeLine, NoticePaper, ReceiptPaper, Sheet};
use vicino_domain::pagopa::{NoticeNumber, PostalCode};
use vicino_domain::text::quoted;
use vicino_domain::{Cents, NoticeId, italian_day, said_on, town_day};
use vicino_pictures::draw;
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::device::Device;
use crate::error::Error;
use crate::matters::notice::code::{open, payload, postal_of};
use crate::matters::notice::ledger::{Known, Ledger, known, payment};
use crate::matters::notice::receipts::signer;
use crate::matters::notice::store::{self, ExternalNotice};
use crate::store::identity::Joined;

/// A receipt on paper.
pub(crate) fn receipt_paper(device: &Device, id: Uuid) -> Result<PaperView, Error> {
    let record = device.store.private(|tx| {
        let body = vicino_records::body(tx, Collection::Payments.code(), id)?;
        Ok(body.and_then(|body| serde_json::from_str::<PaymentRecord>(&body).ok()))
    })?;
    let record = record.ok_or_else(Error::not_found)?;
    let sheet = receipt(device, &record)?;
    let name = format!("{}.{}", stem(&record), sheet.ending);
    Ok(PaperView { name, media: sheet.media.to_owned(), bytes: sheet.bytes })
}

/// The receipts of a year, or all, in one ZIP.
pub(crate) fn receipts_archive(device: &Device, year: Option<i32>) -> Result<PaperView, Error> {
    let files = exported(device, year)?;
    let name = year.map_or_else(|| String::from("ricevute.zip"), |year| format!("ricevute-{year}.zip"));
    Ok(PaperView { name, media: String::from("application/zip"), bytes: archive(&files)? })
}

/// The receipts of a year, or all, as files: each a path that begins with its year, and its bytes. Every receipt is a paper, and beside it
/// the record with the town's signed word.
pub(crate) fn exported(device: &Device, year: Option<i32>) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let mut all = device.store.private(store::receipts)?;
    all.sort_by_key(|record| record.paid_at);
    let mut files = Vec::new();
    for record in &all {
        let of = town_day(record.paid_at).year();
        if year.is_some_and(|year| year != of) {
            continue;
        }
        let stem = stem(record);
        // One paper that cannot be drawn must not keep the others: its record, with the town's word, goes out all the same.
        match receipt(device, record) {
            Ok(paper) => files.push((format!("{of}/{stem}.{}", paper.ending), paper.bytes)),
            Err(cause) => tracing::error!(%cause, "payment receipt exported without its PDF"),
        }
        files.push((format!("{of}/{stem}.json"), serde_json::to_vec_pretty(record)?));
    }
    Ok(files)
}

/// The files as one ZIP. They are packed already, or small: nothing is compressed.
fn archive(files: &[(String, Vec<u8>)]) -> Result<Vec<u8>, Error> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let broken = |cause: zip::result::ZipError| Error::Io(std::io::Error::other(cause));
    for (name, bytes) in files {
        zip.start_file(name, options).map_err(broken)?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish().map_err(broken)?.into_inner())
}

/// The name of a receipt on a disk: its day, its notice, its number, in signs that every disk takes.
fn stem(record: &PaymentRecord) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    let number: String = record.receipt.chars().map(plain).take(80).collect();
    format!("{}-{}-{number}", town_day(record.paid_at), record.number)
}

fn unwritable(cause: impl std::fmt::Display) -> Error {
    tracing::error!(%cause, "payment paper PDF not drawn");
    Failure::new(FailureCode::Internal).into()
}

fn practice(joined: Option<&Joined>) -> bool {
    joined.is_some_and(|joined| joined.card.practice)
}

fn receipt(device: &Device, record: &PaymentRecord) -> Result<Sheet, Error> {
    let joined = device.joined()?;
    let key = joined.as_ref().and_then(|joined| signer(record, joined)).map(TownKey::fingerprint);
    let paper = ReceiptPaper {
        subject: record.title.clone(),
        amount: record.amount.in_italian(),
        paid: moment(record.paid_at),
        whom: record.whom.name.clone(),
        creditor: record.creditor.name.clone(),
        creditor_code: record.creditor.tax_code.to_string(),
        number: record.number.grouped(),
        receipt: record.receipt.clone(),
        psp: record.psp.clone(),
        fee: record.fee.map(Cents::in_italian).unwrap_or_default(),
        practice: practice(joined.as_ref()),
        key: key.unwrap_or_default(),
    };
    let qr = draw::qr(&record.word).map_err(unwritable)?;
    paper.sheet(&qr, town_day(record.paid_at)).map_err(unwritable)
}

/// What a notice is drawn from.
struct Owed {
    paper: NoticePaper,
    payload: String,
    postal: Option<PostalCode>,
}

/// A notice on paper.
pub(crate) fn notice_paper(device: &Device, id: NoticeId, number: NoticeNumber) -> Result<PaperView, Error> {
    let (joined, now) = (device.joined()?, device.now());
    let today = town_day(now);
    let owed = device.store.private(|tx| match known(tx, id, now)? {
        Known::Told(record) => {
            let (_, _, one) = payment(&record, number).ok_or_else(Error::not_found)?;
            open(Ledger::read(tx, now)?.is_payable(&record, one))?;
            told(&record, number)
        }
        Known::Kept(stranger) if stranger.number != number => Err(Error::not_found()),
        Known::Kept(stranger) => kept(&stranger),
    })?;
    let paper = NoticePaper { practice: practice(joined.as_ref()), printed: italian_day(today), ..owed.paper };
    let qr = draw::notice_qr(&owed.payload).map_err(unwritable)?;
    let matrix = owed.postal.map(|postal| draw::matrix(&postal.write())).transpose().map_err(unwritable)?;
    let sheet = paper.sheet(&qr, matrix.as_deref(), today).map_err(unwritable)?;
    Ok(PaperView {
        name: format!("avviso-{number}.{}", sheet.ending),
        media: sheet.media.to_owned(),
        bytes: sheet.bytes,
    })
}

fn told(record: &NoticeRecord, number: NoticeNumber) -> Result<Owed, Error> {
    let debtor = record.debtor.as_ref();
    let (plan, nth, one) = payment(record, number).ok_or_else(Error::not_found)?;
    let count = plan.installments.len();
    let detail = record.whom.detail.as_ref().map(|detail| format!(", {detail}")).unwrap_or_default();
    let lines = || record.lines.iter().chain(&plan.lines);
    let total: Cents = lines().map(|line| line.amount).sum();
    let line = |line: &vicino_contract::http::LineBody| NoticeLine {
        what: line.what.clone(),
        how: line.how.clone().unwrap_or_default(),
        amount: line.amount.in_italian(),
    };
    let paper = NoticePaper {
        subject: record.title.clone(),
        creditor: record.creditor.name.clone(),
        creditor_code: record.creditor.tax_code.to_string(),
        debtor: debtor.map(|debtor| debtor.name.clone()).unwrap_or_default(),
        debtor_code: debtor.map(|debtor| debtor.tax_code.clone()).unwrap_or_default(),
        whom: format!("{}{detail}", record.whom.name),
        amount: one.amount.in_italian(),
        due: said_on("il ", &italian_day(one.due_on)),
        due_from: one.due_from.clone(),
        part: if count > 1 { format!("rata {} di {count}", nth + 1) } else { String::new() },
        number: number.grouped(),
        total: total.in_italian(),
        lines: lines().map(line).collect(),
        practice: false,
        postal: false,
        printed: String::new(),
    };
    Ok(Owed { paper, payload: payload(number, record.creditor.tax_code, one.amount)?, postal: postal_of(record, one) })
}

fn kept(stranger: &ExternalNotice) -> Result<Owed, Error> {
    let paper = NoticePaper {
        // What the code does not say was written by whoever keeps it.
        subject: quoted(&stranger.title),
        creditor: quoted(&stranger.creditor_name),
        creditor_code: stranger.creditor.to_string(),
        // Whose it is was not in its code: whoever carries it is not named as its debtor.
        debtor: String::new(),
        debtor_code: String::new(),
        whom: quoted(&stranger.title),
        amount: stranger.amount.in_italian(),
        due: String::new(),
        due_from: String::new(),
        part: String::new(),
        number: stranger.number.grouped(),
        lines: Vec::new(),
        total: String::new(),
        practice: false,
        postal: false,
        printed: String::new(),
    };
    Ok(Owed { paper, payload: payload(stranger.number, stranger.creditor, stranger.amount)?, postal: None })
}

fn moment(at: DateTime<Utc>) -> String {
    italian_day(town_day(at))
}
