//! The outbox as the resident sees it, and their hand in it.

use std::collections::BTreeMap;

use vicino_contract::ipc::{
    GetOutbox, OutboxView, RequestRow, RetryRequest, SendPhotosNow, SyncNow, WaitsFor, WithdrawRequest,
};
use vicino_contract::{Event, Failure, FailureCode, Matter, MessageKind};
use vicino_domain::Sha256;

use crate::device::Device;
use crate::device::command::Handle;
use crate::error::Error;
use crate::matters;
use crate::matters::message::compose;
use crate::matters::report::commands::said;
use crate::matters::report::{self, index};
use crate::outbox::{Request, waits};
use crate::store::{codec, files, outbox};

/// Delivered requests shown.
const SHOWN: u32 = 30;

impl Handle for GetOutbox {
    fn handle(self, device: &Device) -> Result<OutboxView, Error> {
        let (hand, now) = (device.send_policy()?, device.now());
        device.store.private(|tx| {
            let mut titles: BTreeMap<Matter, String> = BTreeMap::new();
            let mut row = |request: &Request, waits_for: Option<WaitsFor>| {
                let title = match titles.get(&request.matter) {
                    Some(known) => known.clone(),
                    None => matters::store::title(tx, request.matter)?,
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

fn describe(
    tx: &rusqlite::Transaction<'_>,
    request: &Request,
    waits_for: Option<WaitsFor>,
    title: String,
) -> Result<RequestRow, Error> {
    let parcel = match request.kind {
        MessageKind::Photo => report::photos_store::find(tx, codec::id(&request.subject)?)?
            .map(|photo| photo.view())
            .map(|one| (one.bytes, one.sent)),
        kind if kind.is_file() => {
            files::find(tx, codec::id(&request.subject)?)?.map(|file| file.view()).map(|one| (one.bytes, one.sent))
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

impl Handle for RetryRequest {
    fn handle(self, device: &Device) -> Result<(), Error> {
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

impl Handle for WithdrawRequest {
    fn handle(self, device: &Device) -> Result<(), Error> {
        let gone = device.store.private(|tx| {
            let request = outbox::find(tx, self.id)?.ok_or_else(Error::not_found)?;
            let whole = request.kind.is_whole() || request.kind.is_withdrawal();
            // A whole report is taken back by its own command; what was delivered is the town's.
            if whole || request.delivered_at.is_some() {
                return Err(Failure::new(FailureCode::AlreadySent).into());
            }
            outbox::remove(tx, request.seq)?;
            let gone = match request.kind {
                MessageKind::Photo => {
                    let Matter::Report(report) = request.matter else { return Err(Error::not_found()) };
                    let photo = report::photos_store::find(tx, codec::id(&request.subject)?)?;
                    photo.iter().try_for_each(|photo| report::photos_store::remove(tx, report, photo.id))?;
                    photo.map(|photo| photo.sha256).into_iter().collect()
                }
                kind if kind.is_file() => {
                    let file = files::find(tx, codec::id(&request.subject)?)?;
                    file.iter().try_for_each(|file| files::remove(tx, file.id))?;
                    file.map(|file| file.sha256).into_iter().collect()
                }
                _ => {
                    let gone = compose::give_up(tx, request.matter, codec::id(&request.subject)?)?;
                    gone.into_iter().map(|file| file.sha256).collect::<Vec<Sha256>>()
                }
            };
            if let (MessageKind::Message, Matter::Report(report)) = (request.kind, request.matter) {
                index::put_report(tx, report)?;
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

impl Handle for SyncNow {
    fn handle(self, device: &Device) -> Result<(), Error> {
        device.store.private(|tx| outbox::retry_now(tx, outbox::Retry::Everything))?;
        device.wake.notify_one();
        Ok(())
    }
}

impl Handle for SendPhotosNow {
    fn handle(self, device: &Device) -> Result<(), Error> {
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
