//! The shelf: everything the town ever gave, in one list, read from what is here; each opened as what it is.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rusqlite::Transaction;
use vicino_contract::Matter;
use vicino_contract::http::{CertificateRecord, PaymentRecord};
use vicino_contract::ipc::{DocumentCount, DocumentKind, DocumentList, DocumentOf, DocumentRow, ListDocuments};
use vicino_domain::{CaseId, CertificateId, Instant, town_day};

use crate::device::Device;
use crate::device::command::Handle;
use crate::error::Error;
use crate::matters::document::personal_store;
use crate::matters::{self, case, certificate, notice};
use crate::store::files::{self, KeptFile};
use crate::store::{cursors, outbox};

/// Cases looked at: more than anybody has.
const MOST: u32 = 5_000;

impl Handle for ListDocuments {
    fn handle(self, device: &Device) -> Result<DocumentList, Error> {
        let today = town_day(device.now());
        device.store.private(|tx| {
            let mut all = documents(tx)?;
            let count = |kind| {
                let of = || all.iter().filter(|(_, document)| document.kind() == kind);
                let count = u32::try_from(of().count()).unwrap_or(u32::MAX);
                DocumentCount { kind, count, last: of().map(|(at, _)| *at).max() }
            };
            let counts = DocumentKind::ALL.map(count).to_vec();
            all.retain(|(_, document)| self.kind.is_none_or(|kind| document.kind() == kind));
            all.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
            let total = u32::try_from(all.len()).unwrap_or(u32::MAX);
            let page = all.iter().skip(self.offset as usize).take(self.limit as usize);
            let rows = page.map(|(at, document)| row(tx, *at, document, today)).collect::<Result<_, _>>()?;
            let own = u32::try_from(personal_store::all(tx)?.len()).unwrap_or(u32::MAX);
            let freshness = device.own_freshness(cursors::read(tx)?.freshness);
            Ok(DocumentList { rows, total, counts, own, freshness })
        })
    }
}

/// A document, before it is put into words.
enum Document {
    Certificate(Box<CertificateRecord>),
    Payment(PaymentRecord),
    /// Of what, and its number in the protocol.
    Delivery(Matter, Option<String>),
    Attachment(KeptFile),
}

impl Document {
    const fn kind(&self) -> DocumentKind {
        match self {
            Self::Certificate(_) => DocumentKind::Certificate,
            Self::Payment(_) => DocumentKind::Payment,
            Self::Delivery(..) => DocumentKind::Delivery,
            Self::Attachment(_) => DocumentKind::Attachment,
        }
    }
}

/// Everything the town gave, and when.
fn documents(tx: &Transaction<'_>) -> Result<Vec<(Instant, Document)>, Error> {
    let mut all = Vec::new();
    let mut certified = BTreeSet::new();
    for record in certificate::store::records(tx)? {
        certified.insert(record.id);
        let Some(issued) = &record.issued else { continue };
        all.push((issued.file.given_at.unwrap_or(record.asked_at), Document::Certificate(Box::new(record))));
    }
    all.extend(notice::store::receipts(tx)?.into_iter().map(|record| (record.paid_at, Document::Payment(record))));
    let mut registered = BTreeSet::new();
    for record in case::store::records(tx, (0, MOST))? {
        if let Some(protocol) = record.protocol {
            let matter = Matter::Case(CaseId::from_uuid(record.id));
            registered.insert(matter);
            all.push((protocol.at, Document::Delivery(matter, Some(protocol.number))));
        }
    }
    for (matter, at) in outbox::received(tx)? {
        if !registered.contains(&matter) {
            all.push((at, Document::Delivery(matter, None)));
        }
    }
    for file in files::given(tx)? {
        // The paper of a certificate is shown as the certificate it is.
        if let Some(at) = file.given_at.filter(|_| !certified.contains(&file.matter.uuid())) {
            all.push((at, Document::Attachment(file)));
        }
    }
    Ok(all)
}

fn row(tx: &Transaction<'_>, at: Instant, document: &Document, today: NaiveDate) -> Result<DocumentRow, Error> {
    let plain =
        |of, title, about| DocumentRow { of, title, about, at, until: None, days: None, revoked: false, here: true };
    Ok(match document {
        Document::Certificate(record) => {
            let until = record.issued.as_ref().and_then(|issued| issued.until);
            let id = CertificateId::from_uuid(record.id);
            let of = DocumentOf::Certificate(id);
            DocumentRow {
                until,
                days: until.map(|until| until.signed_duration_since(today).num_days()),
                revoked: record.revoked.is_some(),
                here: files::of(tx, id)?.iter().all(|file| file.here),
                ..plain(of, certificate::store::title(&record.kinds), record.person_name.clone())
            }
        }
        Document::Payment(record) => {
            plain(DocumentOf::Payment(record.id), record.title.clone(), record.whom.name.clone())
        }
        Document::Delivery(matter, protocol) => plain(
            DocumentOf::Delivery(*matter),
            matters::store::title(tx, *matter)?,
            protocol.clone().unwrap_or_default(),
        ),
        Document::Attachment(file) => DocumentRow {
            here: file.here,
            ..plain(DocumentOf::Attachment(file.id), file.name.clone(), matters::store::title(tx, file.matter)?)
        },
    })
}
