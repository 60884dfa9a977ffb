//! Writes a page of changes and its cursor in one transaction. What this release does not understand is kept as it came.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use rusqlite::Transaction;
use uuid::Uuid;
use vicino_contract::http::{
    CaseRecord, CertificateRecord, Change, ChangePage, Collection, NoticeRecord, ReportRecord, ResidentRecord, Scope,
    ServiceRecord,
};
use vicino_contract::jws::{self, Kind};
use vicino_domain::ReportId;

use crate::device::Device;
use crate::error::Error;
use crate::matters::attachment::announced;
use crate::matters::report::{self, index};
use crate::matters::{self, certificate, notice};
use crate::store::cursors::{self, Resync};
use crate::store::{outbox, person, records};
use crate::sync::reconcile;

/// This feed is read from the start, over what is here.
pub(crate) fn begin_resync(device: &Device, scope: Scope, why: Resync) -> Result<(), Error> {
    match scope {
        Scope::Own => device.store.private(|tx| {
            cursors::begin_resync(tx, why)?;
            records::mark_all_pending(tx)?;
            report::store::forget_seen(tx)?;
            outbox::mark_all_unconfirmed(tx)
        }),
        Scope::Public => device.store.public(|tx| {
            cursors::begin_resync(tx, why)?;
            records::mark_all_pending(tx)
        }),
    }
}

/// Applies a page of the resident's own records. Answers whether anything went back into the outbox.
pub(crate) fn own(device: &Device, page: ChangePage) -> Result<bool, Error> {
    let now = device.now();
    let keys = device.joined()?.map(|joined| joined.certificate_keys()).unwrap_or_default();
    let (again, gone) = device.store.private(|tx| {
        let before = cursors::read(tx)?;
        // A report stands in a table of its own, beside what was written here.
        let (told, rest): (Vec<Change>, Vec<Change>) =
            page.items.into_iter().partition(|change| change.collection == Collection::Reports.code());
        let resync = before.resync != Resync::No;
        // A notice and a receipt stay here whatever becomes of them in the town.
        let rest: Vec<Change> =
            rest.into_iter().filter(|change| !change.deleted || !stays(&change.collection)).collect();
        for change in &told {
            if let Some(record) = change.read::<ReportRecord>() {
                report::store::apply(tx, &record, now)?;
                photos_arrived(tx, &record)?;
                announced::of_report(tx, &record)?;
                index::put_report(tx, ReportId::from_uuid(record.id))?;
            } else if !change.deleted {
                // Set aside, and counted, until a release that can read it.
                records::apply(tx, std::slice::from_ref(change))?;
            }
        }
        records::apply(tx, &rest)?;
        names(tx, &rest)?;
        for record in rest.iter().filter(|change| change.collection == Collection::Cases.code()) {
            if let Some(record) = record.read::<CaseRecord>() {
                announced::of_case(tx, &record)?;
            }
        }
        for record in rest.iter().filter(|change| change.collection == Collection::Notices.code()) {
            if let Some(record) = record.read::<NoticeRecord>() {
                announced::of_notice(tx, &record)?;
            }
        }
        for record in rest.iter().filter(|change| change.collection == Collection::Certificates.code()) {
            if let Some(record) = record.read::<CertificateRecord>() {
                // Signed with a key nobody here knows: the card is read again after this round, and the chain followed.
                let word = record.issued.as_ref().map(|issued| issued.word.as_str());
                if word.is_some_and(|word| jws::verify(Kind::Certificate, word, &keys).is_err()) {
                    device.shared.strange_key.store(true, Ordering::Relaxed);
                }
                announced::of_certificate(tx, &record)?;
            }
        }
        let complete = !page.has_more;
        cursors::advance(tx, &page.next, complete.then_some(now))?;
        if !complete {
            return Ok((false, Vec::new()));
        }
        let mut gone = Vec::new();
        if resync {
            // Those of others go when they may not be seen any more; what one owed oneself stays, with its receipts.
            let others = before.resync == Resync::OtherView;
            let own = if others { own_matters(tx)? } else { BTreeSet::new() };
            let promised = promised(tx)?;
            records::delete_pending(tx, |collection, id| {
                stays(collection) && !promised.contains(&id) && (!others || own.contains(&id))
            })?;
            for gone in report::store::unseen(tx, before.resync)? {
                report::store::forget(tx, gone)?;
                index::put_report(tx, gone)?;
            }
            // Those of others go when they may not be seen any more. A town that lost its past may be told of them again.
            if before.resync == Resync::OtherView {
                gone = matters::store::forget_unknown(tx)?;
            }
            cursors::end_resync(tx)?;
        }
        // What was signed for since the last complete reading must be in this one, or the town has lost it: a copy put
        // back before this device had read again shows in no cursor.
        Ok((reconcile::requeue_lost(tx)?, gone))
    })?;
    device.forget_bytes(gone);
    Ok(again)
}

/// Handles a *not modified* answer: a request that was acknowledged and is not in the last page was lost by the town.
pub(crate) fn still_so(device: &Device) -> Result<bool, Error> {
    device.store.private(reconcile::requeue_lost)
}

/// Applies a page of the town's public records.
pub(crate) fn public(device: &Device, page: ChangePage) -> Result<(), Error> {
    let now = device.now();
    let keys = device.joined()?.map(|joined| joined.believed()).unwrap_or_default();
    let forms = page.items.iter().filter(|change| change.collection == Collection::Services.code());
    let words = forms.filter_map(Change::read::<ServiceRecord>).filter_map(|service| service.pack);
    if words.into_iter().any(|word| jws::verify(Kind::Service, &word, &keys).is_err()) {
        // Signed with a key nobody here knows: the card is read again after this round, and the chain followed.
        device.shared.strange_key.store(true, Ordering::Relaxed);
    }
    device.store.public(|tx| {
        let resync = cursors::read(tx)?.resync != Resync::No;
        records::apply(tx, &page.items)?;
        let complete = !page.has_more;
        if complete && resync {
            records::delete_pending(tx, |_, _| false)?;
            cursors::end_resync(tx)?;
        }
        cursors::advance(tx, &page.next, complete.then_some(now))
    })
}

/// The name of the resident whose store this is, as the town has it.
fn names(tx: &Transaction<'_>, changes: &[Change]) -> Result<(), Error> {
    let residents = changes.iter().filter(|change| change.collection == Collection::Residents.code());
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
    STAYS.iter().any(|known| known.code() == collection)
}

/// Certificates that were asked for and not issued yet: of those nothing is anybody's proof, and they are asked for again.
fn promised(tx: &Transaction<'_>) -> Result<BTreeSet<Uuid>, Error> {
    let all = certificate::store::records(tx)?.into_iter();
    Ok(all.filter(|certificate| certificate.issued.is_none()).map(|certificate| certificate.id).collect())
}

/// The debts of whom this store is, and the receipts of each, and the certificates asked for here, by their identities.
fn own_matters(tx: &Transaction<'_>) -> Result<BTreeSet<Uuid>, Error> {
    let Some(person) = person::find(tx)? else { return Ok(BTreeSet::new()) };
    let body = vicino_records::body(tx, Collection::Residents.code(), person.resident.uuid())?;
    let record = body.and_then(|body| serde_json::from_str::<ResidentRecord>(&body).ok());
    let own = |notice: &NoticeRecord| {
        notice.debtor.as_ref().zip(record.as_ref()).is_some_and(|(debtor, own)| debtor.tax_code == own.tax_code)
    };
    let notices = notice::store::records(tx)?.into_iter().filter(own).map(|notice| notice.id);
    let mut all: BTreeSet<Uuid> = notices.collect();
    let receipts = notice::store::receipts(tx)?.into_iter().filter(|receipt| all.contains(&receipt.notice));
    let receipts: Vec<Uuid> = receipts.map(|receipt| receipt.id).collect();
    all.extend(receipts);
    // So does what was certified, and asked for here.
    all.extend(outbox::certificates(tx)?.into_iter().map(|request| request.matter.uuid()));
    Ok(all)
}

/// The town's own word on which photos it has.
fn photos_arrived(tx: &Transaction<'_>, record: &ReportRecord) -> Result<(), Error> {
    for photo in record.arrived.iter().filter(|photo| photo.arrived) {
        report::photos_store::set_arrived(tx, vicino_domain::PhotoId::from_uuid(photo.id), true)?;
    }
    Ok(())
}
