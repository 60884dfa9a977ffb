//! Writes a page of changes and its cursor in one transaction. What this release does not understand is read past.

use rusqlite::Transaction;
use serde::de::DeserializeOwned;
use vicino_contract::http::{Change, Changes, Collection, ReportRecord, Scope};
use vicino_contract::ipc::RequestKind;
use vicino_domain::Instant;

use super::plan;
use crate::app::Device;
use crate::error::Error;
use crate::store::{cursors, outbox, photos, public, reports};

/// The town lost its past: this feed is read from the start.
pub(super) fn begin_again(device: &Device, scope: Scope) -> Result<(), Error> {
    match scope {
        Scope::Own => device.store.private(|tx| {
            cursors::forget(tx)?;
            cursors::set_relearning(tx, true)?;
            reports::forget_seen(tx)
        }),
        Scope::Public => device.store.public(|tx| {
            cursors::forget(tx)?;
            public::clear(tx)
        }),
    }
}

/// Applies a page of the resident's own records. Answers whether anything went back into the outbox.
pub(super) fn own(device: &Device, page: Changes) -> Result<bool, Error> {
    let now = device.now();
    device.store.private(|tx| {
        for change in &page.items {
            if let (Some(Collection::Reports), Some(record)) = (Collection::from_wire(&change.collection), body(change))
            {
                reports::apply(tx, &record, now)?;
                photos_arrived(tx, &record)?;
            }
        }
        let complete = !page.has_more;
        let before = cursors::own(tx)?;
        cursors::advance(tx, &page.next, complete.then_some(now))?;
        if !complete {
            return Ok(false);
        }
        cursors::set_relearning(tx, false)?;
        // What was signed for since the last complete reading must be in this one, or the town has lost it: a copy put
        // back before this device had read again shows in no cursor.
        requeue_lost(tx, before.freshness.as_of.filter(|_| !before.relearning))
    })
}

/// Applies a page of the town's public records.
pub(super) fn public(device: &Device, page: Changes) -> Result<(), Error> {
    let now = device.now();
    device.store.public(|tx| {
        for change in &page.items {
            let Some(collection) = Collection::from_wire(&change.collection) else { continue };
            if change.deleted {
                public::bury(tx, collection, &change.id.to_string())?;
                continue;
            }
            match collection {
                Collection::Streets => body(change).map_or(Ok(()), |street| public::put_street(tx, &street))?,
                Collection::Offices => body(change).map_or(Ok(()), |office| public::put_office(tx, &office))?,
                Collection::PublicReports => body(change).map_or(Ok(()), |report| public::put_report(tx, &report))?,
                Collection::Reports => {}
            }
        }
        cursors::advance(tx, &page.next, (!page.has_more).then_some(now))
    })
}

/// The record, when this release understands it.
fn body<T: DeserializeOwned>(change: &Change) -> Option<T> {
    if change.deleted {
        return None;
    }
    let read = T::deserialize(&change.body);
    if read.is_err() {
        tracing::warn!(collection = change.collection, "a record of another shape is passed over");
    }
    read.ok()
}

/// The town's own word on which photos it has.
fn photos_arrived(tx: &Transaction<'_>, record: &ReportRecord) -> Result<(), Error> {
    for photo in record.arrived.iter().filter(|photo| photo.arrived) {
        photos::set_arrived(tx, vicino_domain::PhotoId::from_uuid(photo.id), true)?;
    }
    Ok(())
}

/// Puts back into the outbox what the town signed for since then (`None`: ever) and does not hold.
fn requeue_lost(tx: &Transaction<'_>, since: Option<Instant>) -> Result<bool, Error> {
    let mut any = false;
    for (report, record) in reports::delivered_since(tx, since)? {
        let requests = outbox::of_report(tx, report)?;
        for request in plan::lost(record.as_ref(), &requests) {
            any = true;
            outbox::requeue(tx, request.seq)?;
            if request.kind == RequestKind::Photo {
                photos::set_arrived(tx, crate::store::id(&request.subject)?, false)?;
            }
        }
        if record.is_none() {
            reports::drop_record(tx, report)?;
        }
    }
    Ok(any)
}
