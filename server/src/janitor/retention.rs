//! How long the town keeps what is over: its own data, and a sweep that erases and says so.

use chrono::{Days, NaiveDate};
use rusqlite::Transaction;
use serde::de::DeserializeOwned;
use uuid::Uuid;
use vicino_contract::http::{
    CaseRecord, CertificateRecord, Collection, ConsumptionRecord, NoticeRecord, PaymentRecord, ReportRecord,
    SignatureRecord,
};
use vicino_domain::certificate::IssueState;
use vicino_domain::{Instant, PositionState, ReportState, Turn, town_day};

use crate::access::operators::Deed;
use crate::store::{self, Record, StoreError};
use crate::{Changed, Refusal, Town};

/// Records erased at once: the others wait for the next sweep, so that nobody waits for this one.
const AT_ONCE: usize = 500;
/// The days a payment page is remembered: the same cart again has the same page, and no page lives as long.
const CARTS: u64 = 60;

/// Erases what has been over for long enough, frees its files, and writes into the audit that it did.
pub(crate) fn sweep_old(town: &Town) -> Result<(), Refusal> {
    let (keeps, today) = (town.identity.retention, town_day(town.now()));
    let before = |days: Option<u32>| days.and_then(|days| today.checked_sub_days(Days::new(days.into())));
    if let Some(day) = before(keeps.reports) {
        erase::<ReportRecord>(town, Collection::Reports, day, |report| {
            let over = report.state.known().is_some_and(ReportState::is_closed);
            report.history.last().filter(|_| over).map(|last| (report.id, last.at))
        })?;
    }
    if let Some(day) = before(keeps.cases) {
        erase::<CaseRecord>(town, Collection::Cases, day, |case| {
            let over = case.state.known().is_some_and(|state| state.turn() == Turn::Nobody);
            case.history.last().filter(|_| over).map(|last| (case.id, last.at))
        })?;
    }
    if let Some(day) = before(keeps.notices) {
        erase::<NoticeRecord>(town, Collection::Notices, day, |notice| {
            let over = notice.state() == PositionState::Paid || notice.is_withdrawn();
            notice.history.last().filter(|_| over).map(|last| (notice.id, last.at))
        })?;
    }
    if let Some(day) = before(keeps.payments) {
        erase::<PaymentRecord>(town, Collection::Payments, day, |payment| Some((payment.id, payment.paid_at)))?;
    }
    if let Some(day) = before(keeps.consumptions) {
        shorten_consumptions(town, day)?;
    }
    if let Some(day) = today.checked_sub_days(Days::new(CARTS)) {
        town.register.write(|tx| store::forget_carts(tx, start_of(day)))?;
    }
    if let Some(day) = before(keeps.certificates) {
        erase::<CertificateRecord>(town, Collection::Certificates, day, |certificate| {
            let over = match &certificate.issued {
                // What holds for ever, or still, is checked by anybody who is shown it.
                Some(issued) => issued.until.map(start_of),
                // The stamp of one that has a number may still have been paid.
                None => Some(certificate.asked_at)
                    .filter(|_| certificate.state == IssueState::Withdrawn && certificate.bound.is_none()),
            };
            over.map(|at| (certificate.id, at))
        })?;
    }
    if let Some(day) = before(keeps.audit) {
        town.register.write(|tx| store::forget_audit(tx, start_of(day)))?;
    }
    Ok(())
}

/// Takes the days before this one out of what was consumed.
fn shorten_consumptions(town: &Town, day: NaiveDate) -> Result<(), Refusal> {
    let now = town.now();
    let is_old = |record: &Record<ConsumptionRecord>| record.body.days.iter().any(|consumed| consumed.on < day);
    let all = town.register.read(|tx| store::all::<ConsumptionRecord>(tx, Collection::Consumptions))?;
    let old: Vec<Uuid> =
        all.iter().filter(|record| is_old(record)).map(|record| record.body.id).take(AT_ONCE).collect();
    if old.is_empty() {
        return Ok(());
    }
    let owners = town.register.write(|tx| {
        let (mut ids, mut owners) = (Vec::new(), Vec::new());
        for id in old {
            // Looked at once more: what was counted since is not written over.
            let found = store::find::<ConsumptionRecord>(tx, Collection::Consumptions, &id.to_string())?;
            let Some(mut record) = found.filter(is_old) else { continue };
            record.body.days.retain(|consumed| consumed.on >= day);
            let id = record.body.id.to_string();
            store::write(tx, Collection::Consumptions.code(), &id, record.owner, &record.body)?;
            ids.push(id);
            owners.push(record.owner);
        }
        store::audit(tx, now, "town", Deed::Erased.code(), &ids)?;
        Ok::<_, StoreError>(owners)
    })?;
    owners.into_iter().for_each(|owner| town.register.say_changed(Changed(owner)));
    Ok(())
}

/// Erases the records of a collection that were over before this day; `over` answers a record's id and when it was.
fn erase<T: DeserializeOwned>(
    town: &Town,
    collection: Collection,
    day: NaiveDate,
    over: impl Fn(&T) -> Option<(Uuid, Instant)>,
) -> Result<(), Refusal> {
    let is_old = |record: Record<T>| over(&record.body).filter(|(_, at)| town_day(*at) < day).map(|(id, _)| id);
    let all = town.register.read(|tx| store::all::<T>(tx, collection))?;
    let old: Vec<Uuid> = all.into_iter().filter_map(is_old).take(AT_ONCE).collect();
    if old.is_empty() {
        return Ok(());
    }
    let now = town.now();
    let owners = town.register.write(|tx| {
        let mut gone = Vec::new();
        for id in old {
            // Looked at once more: an office may have opened it again meanwhile.
            let found = store::find::<T>(tx, collection, &id.to_string())?;
            let Some(owner) = found.and_then(|record| Some((record.owner, is_old(record)?)).map(|(owner, _)| owner))
            else {
                continue;
            };
            tombstone(tx, collection, id)?;
            if collection == Collection::Cases {
                forget_signatures(tx, id)?;
            }
            gone.push((id, owner));
        }
        let ids: Vec<String> = gone.iter().map(|(id, _)| id.to_string()).collect();
        store::audit(tx, now, "town", Deed::Erased.code(), &ids)?;
        Ok::<_, StoreError>(gone)
    })?;
    owners.into_iter().for_each(|(_, owner)| town.register.say_changed(Changed(owner)));
    Ok(())
}

/// Leaves a tombstone, also where everyone could read of it, and frees the files.
fn tombstone(tx: &Transaction<'_>, collection: Collection, id: Uuid) -> Result<(), StoreError> {
    store::free_uploads(tx, id)?;
    store::tombstone(tx, collection.code(), &id.to_string())?;
    if collection == Collection::Reports {
        store::tombstone(tx, Collection::PublicReports.code(), &id.to_string())?;
    }
    Ok(())
}

/// Takes away what others were asked to sign of a case that is erased: they hold its answers too.
fn forget_signatures(tx: &Transaction<'_>, case: Uuid) -> Result<(), StoreError> {
    for collection in [Collection::SignaturesAsked, Collection::SignaturesWanted] {
        for asked in store::all::<SignatureRecord>(tx, collection)? {
            if asked.body.case == case {
                store::tombstone(tx, collection.code(), &asked.body.id.to_string())?;
            }
        }
    }
    Ok(())
}

fn start_of(day: NaiveDate) -> Instant {
    day.and_time(chrono::NaiveTime::MIN).and_utc()
}
