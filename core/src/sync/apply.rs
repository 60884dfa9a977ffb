//! Writes a page of changes and its cursor in one transaction. What this release does not understand is kept as it came.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use rusqlite::Transaction;
use uuid::Uuid;
use vicino_contract::http::{
    CaseRecord, CertificateRecord, Change, ChangePage, Collection, NoticeRecord, ReportRecord, ResidentRecord, Scope,
    ServiceRecord,
};
use vicino_contract::ipc::RequestKind;
use vicino_contract::jws::{self, Kind};
use vicino_domain::{CaseId, MatterId, NoticeId, ReportId};

use super::plan;
use crate::device::Device;
use crate::error::Error;
use crate::outbox::Request;
use crate::store::cursors::Relearning;
use crate::store::{
    cases, certificates, cursors, files, finding, matters, outbox, payments, person, photos, records, reports,
    signatures, told,
};

/// This feed is read from the start, over what is here.
pub(super) fn begin_again(device: &Device, scope: Scope, why: Relearning) -> Result<(), Error> {
    match scope {
        Scope::Own => device.store.private(|tx| {
            cursors::begin_again(tx, why)?;
            records::await_all(tx)?;
            reports::forget_seen(tx)?;
            outbox::doubt_all(tx)
        }),
        Scope::Public => device.store.public(|tx| {
            cursors::begin_again(tx, why)?;
            records::await_all(tx)
        }),
    }
}

/// Applies a page of the resident's own records. Answers whether anything went back into the outbox.
pub(super) fn own(device: &Device, page: ChangePage) -> Result<bool, Error> {
    let now = device.now();
    let keys = device.joined()?.map(|joined| joined.certificate_keys()).unwrap_or_default();
    let (again, gone) = device.store.private(|tx| {
        let before = cursors::read(tx)?;
        // A report stands in a table of its own, beside what was written here.
        let (told, rest): (Vec<Change>, Vec<Change>) =
            page.items.into_iter().partition(|change| change.collection == Collection::Reports.wire());
        let relearning = before.relearning != Relearning::No;
        // A notice and a receipt stay here whatever becomes of them in the town.
        let rest: Vec<Change> =
            rest.into_iter().filter(|change| !change.deleted || !stays(&change.collection)).collect();
        for change in &told {
            if let Some(record) = change.read::<ReportRecord>() {
                reports::apply(tx, &record, now)?;
                photos_arrived(tx, &record)?;
                told::of_report(tx, &record)?;
                finding::put_report(tx, ReportId::from_uuid(record.id))?;
            } else if !change.deleted {
                // Set aside, and counted, until a release that can read it.
                records::apply(tx, std::slice::from_ref(change))?;
            }
        }
        records::apply(tx, &rest)?;
        names(tx, &rest)?;
        for record in rest.iter().filter(|change| change.collection == Collection::Cases.wire()) {
            if let Some(record) = record.read::<CaseRecord>() {
                told::of_case(tx, &record)?;
            }
        }
        for record in rest.iter().filter(|change| change.collection == Collection::Notices.wire()) {
            if let Some(record) = record.read::<NoticeRecord>() {
                told::of_notice(tx, &record)?;
            }
        }
        for record in rest.iter().filter(|change| change.collection == Collection::Certificates.wire()) {
            if let Some(record) = record.read::<CertificateRecord>() {
                // Signed with a key nobody here knows: the card is read again after this round, and the chain followed.
                let word = record.issued.as_ref().map(|issued| issued.word.as_str());
                if word.is_some_and(|word| jws::verify(Kind::Certificate, word, &keys).is_err()) {
                    device.shared.strange_key.store(true, Ordering::Relaxed);
                }
                told::of_certificate(tx, &record)?;
            }
        }
        let complete = !page.has_more;
        cursors::advance(tx, &page.next, complete.then_some(now))?;
        if !complete {
            return Ok((false, Vec::new()));
        }
        let mut gone = Vec::new();
        if relearning {
            // Those of others go when they may not be seen any more; what one owed oneself stays, with its receipts.
            let others = before.relearning == Relearning::OtherView;
            let own = if others { own_matters(tx)? } else { BTreeSet::new() };
            let promised = promised(tx)?;
            records::bury_unheard(tx, |collection, id| {
                stays(collection) && !promised.contains(&id) && (!others || own.contains(&id))
            })?;
            for gone in reports::unseen(tx, before.relearning)? {
                reports::forget(tx, gone)?;
                finding::put_report(tx, gone)?;
            }
            // Those of others go when they may not be seen any more. A town that lost its past may be told of them again.
            if before.relearning == Relearning::OtherView {
                gone = matters::forget_unknown(tx)?;
            }
            cursors::relearned(tx)?;
        }
        // What was signed for since the last complete reading must be in this one, or the town has lost it: a copy put
        // back before this device had read again shows in no cursor.
        Ok((requeue_lost(tx)?, gone))
    })?;
    device.forget_bytes(gone);
    Ok(again)
}

/// The town says that nothing has changed: what it signed for since must be in what was read, or it has lost it.
pub(super) fn still_so(device: &Device) -> Result<bool, Error> {
    device.store.private(requeue_lost)
}

/// Applies a page of the town's public records.
pub(super) fn public(device: &Device, page: ChangePage) -> Result<(), Error> {
    let now = device.now();
    let keys = device.joined()?.map(|joined| joined.believed()).unwrap_or_default();
    let forms = page.items.iter().filter(|change| change.collection == Collection::Services.wire());
    let words = forms.filter_map(Change::read::<ServiceRecord>).filter_map(|service| service.pack);
    if words.into_iter().any(|word| jws::verify(Kind::Service, &word, &keys).is_err()) {
        // Signed with a key nobody here knows: the card is read again after this round, and the chain followed.
        device.shared.strange_key.store(true, Ordering::Relaxed);
    }
    device.store.public(|tx| {
        let relearning = cursors::read(tx)?.relearning != Relearning::No;
        records::apply(tx, &page.items)?;
        let complete = !page.has_more;
        if complete && relearning {
            records::bury_unheard(tx, |_, _| false)?;
            cursors::relearned(tx)?;
        }
        cursors::advance(tx, &page.next, complete.then_some(now))
    })
}

/// The name of the resident whose store this is, as the town has it.
fn names(tx: &Transaction<'_>, changes: &[Change]) -> Result<(), Error> {
    let residents = changes.iter().filter(|change| change.collection == Collection::Residents.wire());
    for record in residents.filter_map(Change::read::<ResidentRecord>) {
        if person::find(tx)?.is_some_and(|person| person.resident.uuid() == record.id) {
            person::set_name(tx, &record.full_name())?;
        }
    }
    Ok(())
}

/// What is never taken away, whatever a town does: what was owed, the proof that it was paid, what was certified.
const STAYS: &[Collection] = &[Collection::Notices, Collection::Payments, Collection::Certificates];

fn stays(collection: &str) -> bool {
    STAYS.iter().any(|known| known.wire() == collection)
}

/// Certificates that were asked for and not issued yet: of those nothing is anybody's proof, and they are asked for again.
fn promised(tx: &Transaction<'_>) -> Result<BTreeSet<Uuid>, Error> {
    let all = certificates::records(tx)?.into_iter();
    Ok(all.filter(|certificate| certificate.issued.is_none()).map(|certificate| certificate.id).collect())
}

/// The debts of whom this store is, and the receipts of each, and the certificates asked for here, by their identities.
fn own_matters(tx: &Transaction<'_>) -> Result<BTreeSet<Uuid>, Error> {
    let Some(person) = person::find(tx)? else { return Ok(BTreeSet::new()) };
    let body = vicino_records::body(tx, Collection::Residents.wire(), person.resident.uuid())?;
    let record = body.and_then(|body| serde_json::from_str::<ResidentRecord>(&body).ok());
    let own = |notice: &NoticeRecord| {
        notice.debtor.as_ref().zip(record.as_ref()).is_some_and(|(debtor, own)| debtor.tax_code == own.tax_code)
    };
    let notices = payments::records(tx)?.into_iter().filter(own).map(|notice| notice.id);
    let mut all: BTreeSet<Uuid> = notices.collect();
    let receipts = payments::receipts(tx)?.into_iter().filter(|receipt| all.contains(&receipt.notice));
    let receipts: Vec<Uuid> = receipts.map(|receipt| receipt.id).collect();
    all.extend(receipts);
    // So does what was certified, and asked for here.
    all.extend(outbox::certificates(tx)?.into_iter().map(|request| request.matter.uuid()));
    Ok(all)
}

/// The town's own word on which photos it has.
fn photos_arrived(tx: &Transaction<'_>, record: &ReportRecord) -> Result<(), Error> {
    for photo in record.arrived.iter().filter(|photo| photo.arrived) {
        photos::set_arrived(tx, vicino_domain::PhotoId::from_uuid(photo.id), true)?;
    }
    Ok(())
}

/// Back into the outbox; the bytes of a file are not the town's any more.
fn requeue(tx: &Transaction<'_>, request: &Request) -> Result<(), Error> {
    outbox::requeue(tx, request.seq)?;
    match request.kind {
        RequestKind::Photo => photos::set_arrived(tx, crate::store::id(&request.subject)?, false),
        RequestKind::File | RequestKind::CaseFile | RequestKind::NoticeFile => {
            files::set_arrived(tx, crate::store::id(&request.subject)?, false)
        }
        _ => Ok(()),
    }
}

/// Puts back into the outbox what the town signed for and, in a complete reading, does not hold. Confirmed is only what was heard in that
/// reading: a record that merely stayed here is no word of the town's.
fn requeue_lost(tx: &Transaction<'_>) -> Result<bool, Error> {
    let mut any = false;
    for (report, record) in reports::doubtful(tx)? {
        let requests = outbox::of(tx, report)?;
        for request in plan::lost(record.as_ref(), &requests) {
            any = true;
            requeue(tx, request)?;
        }
        if record.is_none() {
            reports::drop_record(tx, report)?;
        }
        outbox::confirm(tx, report)?;
    }
    for request in outbox::doubtful_signatures(tx)? {
        let id = crate::store::id::<MatterId>(&request.subject)?.uuid();
        let asked = signatures::find(tx, Collection::SignaturesAsked, id)?;
        let wanted = signatures::find(tx, Collection::SignaturesWanted, id)?;
        let written = cases::draft(tx, CaseId::from_uuid(request.matter.uuid()))?.is_some();
        match plan::is_signature_lost(request.kind, (asked.as_ref(), wanted.as_ref()), written) {
            Some(true) => {
                any = true;
                outbox::requeue(tx, request.seq)?;
            }
            Some(false) => outbox::confirm_one(tx, request.seq)?,
            None => {}
        }
    }
    let unheard = records::unheard(tx, Collection::Notices)?;
    for request in outbox::doubtful_declarations(tx)? {
        let record = payments::record(tx, NoticeId::from_uuid(request.matter.uuid()))?;
        // What was said of a debt the town does not know is said again once it does.
        match record
            .filter(|record| !unheard.contains(&record.id))
            .map(|record| plan::is_declaration_lost(&record, &request))
        {
            Some(true) => {
                any = true;
                requeue(tx, &request)?;
            }
            Some(false) => outbox::confirm_one(tx, request.seq)?,
            None => {}
        }
    }
    let unheard = records::unheard(tx, Collection::Certificates)?;
    for id in outbox::doubtful_certificates(tx)? {
        // A paper that was issued holds by its signature, whether the town remembers it or not: it is not asked for a second time.
        if unheard.contains(&id.uuid()) {
            continue;
        }
        let (record, requests) = (certificates::record(tx, id)?, outbox::of(tx, id)?);
        for request in plan::lost_of_certificate(record.as_ref(), &requests) {
            any = true;
            requeue(tx, request)?;
        }
        outbox::confirm(tx, id)?;
    }
    for case in outbox::doubtful_cases(tx)? {
        let (record, requests) = (cases::record(tx, case)?, outbox::of(tx, case)?);
        for request in plan::lost_of_case(record.as_ref(), &requests) {
            any = true;
            requeue(tx, request)?;
        }
        outbox::confirm(tx, case)?;
    }
    Ok(any)
}
