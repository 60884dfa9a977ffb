//! The outbox as the resident sees it, and their hand in it.

use std::collections::BTreeMap;

use vicino_contract::http::Collection;
use vicino_contract::ipc::{
    GetOutbox, OutboxView, RequestKind, RequestRow, RetryRequest, SendPhotosNow, SyncNow, WaitsFor, WithdrawRequest,
};
use vicino_contract::{Event, Failure, FailureCode};
use vicino_domain::{MatterId, ReportId, Sha256};

use super::{Answer, letters, reports::said};
use crate::device::Device;
use crate::error::Error;
use crate::outbox::{Request, waits};
use crate::store::{self, files, finding, outbox, photos, signatures};

/// Delivered requests shown.
const SHOWN: u32 = 30;

impl Answer for GetOutbox {
    fn answer(self, device: &Device) -> Result<OutboxView, Error> {
        let (hand, now) = (device.hand()?, device.now());
        device.store.private(|tx| {
            let mut titles: BTreeMap<MatterId, String> = BTreeMap::new();
            let mut row = |request: &Request, waits_for: Option<WaitsFor>| {
                let title = match titles.get(&request.matter) {
                    Some(known) => known.clone(),
                    None => title(tx, request)?,
                };
                titles.insert(request.matter, title.clone());
                describe(tx, request, waits_for, title)
            };
            let pending = outbox::pending(tx)?;
            let (mut stuck, mut waiting, mut delivered) = (Vec::new(), Vec::new(), Vec::new());
            for (request, waits_for) in waits(&pending, hand, now) {
                if request.stuck.is_some() {
                    stuck.push(row(request, None)?);
                } else {
                    // What may go now waits for its turn.
                    waiting.push(row(request, waits_for.or(Some(WaitsFor::NextTry)))?);
                }
            }
            for request in outbox::delivered(tx, SHOWN)? {
                delivered.push(row(&request, None)?);
            }
            Ok(OutboxView { stuck, waiting, delivered })
        })
    }
}

/// What the matter of a request is called.
fn title(tx: &rusqlite::Transaction<'_>, request: &Request) -> Result<String, Error> {
    let id = request.matter.uuid();
    let title = if request.kind.is_of_case() {
        let signature = match signatures::find(tx, Collection::SignaturesWanted, id)? {
            None => signatures::find(tx, Collection::SignaturesAsked, id)?,
            wanted => wanted,
        };
        Some(signature.map_or_else(|| super::files::title(tx, request.matter), |record| Ok(record.title))?)
    } else {
        Some(super::files::title(tx, request.matter)?)
    };
    Ok(title.unwrap_or_default())
}

fn describe(
    tx: &rusqlite::Transaction<'_>,
    request: &Request,
    waits_for: Option<WaitsFor>,
    title: String,
) -> Result<RequestRow, Error> {
    let parcel = match request.kind {
        RequestKind::Photo => {
            photos::find(tx, store::id(&request.subject)?)?.map(|photo| photo.view()).map(|one| (one.bytes, one.sent))
        }
        RequestKind::File | RequestKind::CaseFile | RequestKind::NoticeFile => {
            files::find(tx, store::id(&request.subject)?)?.map(|file| file.view()).map(|one| (one.bytes, one.sent))
        }
        _ => None,
    };
    let number = request.acknowledgement.as_deref().and_then(said).map(|said| said.number);
    Ok(RequestRow {
        id: request.id,
        kind: request.kind,
        matter: request.matter,
        title,
        saved_at: request.saved_at,
        bytes: parcel.map_or(0, |(bytes, _)| bytes),
        sent: parcel.map_or(0, |(_, sent)| sent),
        tries: request.tries,
        next_try: request.next_try,
        waits_for,
        stuck: request.stuck.clone(),
        delivered_at: request.delivered_at,
        number,
    })
}

impl Answer for RetryRequest {
    fn answer(self, device: &Device) -> Result<(), Error> {
        device.store.private(|tx| {
            let request = outbox::find(tx, self.id)?.ok_or_else(Error::not_found)?;
            if request.delivered_at.is_some() {
                return Err(Failure::new(FailureCode::AlreadySent).into());
            }
            outbox::requeue(tx, request.seq)
        })?;
        changed(device);
        Ok(())
    }
}

impl Answer for WithdrawRequest {
    fn answer(self, device: &Device) -> Result<(), Error> {
        let gone = device.store.private(|tx| {
            let request = outbox::find(tx, self.id)?.ok_or_else(Error::not_found)?;
            let whole = request.kind.is_whole()
                || matches!(
                    request.kind,
                    RequestKind::Withdrawal | RequestKind::CaseWithdrawal | RequestKind::CertificateWithdrawal
                );
            let report = ReportId::from_uuid(request.matter.uuid());
            // A whole report is taken back by its own command; what was delivered is the town's.
            if whole || request.delivered_at.is_some() {
                return Err(Failure::new(FailureCode::AlreadySent).into());
            }
            outbox::remove(tx, request.seq)?;
            let gone = match request.kind {
                RequestKind::Photo => {
                    let photo = photos::find(tx, store::id(&request.subject)?)?;
                    photo.iter().try_for_each(|photo| photos::remove(tx, report, photo.id))?;
                    photo.map(|photo| photo.sha256).into_iter().collect()
                }
                RequestKind::File | RequestKind::CaseFile | RequestKind::NoticeFile => {
                    let file = files::find(tx, store::id(&request.subject)?)?;
                    file.iter().try_for_each(|file| files::remove(tx, file.id))?;
                    file.map(|file| file.sha256).into_iter().collect()
                }
                _ => {
                    let gone = letters::give_up(tx, request.matter, store::id(&request.subject)?)?;
                    gone.into_iter().map(|file| file.sha256).collect::<Vec<Sha256>>()
                }
            };
            if request.kind == RequestKind::Message {
                finding::put_report(tx, report)?;
            }
            Ok(gone)
        })?;
        device.forget_bytes(gone);
        device.tell(Event::Reports);
        device.tell(Event::Cases);
        device.tell(Event::Payments);
        changed(device);
        Ok(())
    }
}

impl Answer for SyncNow {
    fn answer(self, device: &Device) -> Result<(), Error> {
        device.store.private(|tx| outbox::hurry(tx, true))?;
        device.wake.notify_one();
        Ok(())
    }
}

impl Answer for SendPhotosNow {
    fn answer(self, device: &Device) -> Result<(), Error> {
        device.allow_photos_once();
        changed(device);
        Ok(())
    }
}

fn changed(device: &Device) {
    device.tell(Event::Outbox);
    device.tell(Event::Status);
    device.wake.notify_one();
}
