//! The resident's reports: listed, read, written to, corrected, taken back.

use rusqlite::Transaction;
use vicino_contract::http::{Acknowledgement, WithdrawalBody};
use vicino_contract::ipc::{
    CorrectReport, Delivery, DraftView, GetReceipt, GetReport, ListReports, ReceiptView, ReportList, ReportView, Saved,
    SendMessage, WithdrawReport,
};
use vicino_contract::jws::{self, Kind};
use vicino_contract::{Event, Failure, FailureCode, MessageKind};
use vicino_domain::{ReportDraft, ReportId, Sha256};
use vicino_pictures::draw;

use crate::device::Device;
use crate::device::command::Handle;
use crate::error::Error;
use crate::matters::message::compose;
use crate::matters::report::{drafts, drafts_store, index, photos_store, store, view};
use crate::outbox::{Request, identity};
use crate::store::outbox::NewRequest;
use crate::store::{cursors, files, messages, outbox};

impl Handle for ListReports {
    fn handle(self, device: &Device) -> Result<ReportList, Error> {
        device.store.private(|tx| {
            let page = store::page(tx, self.offset, self.limit.min(200))?;
            let row = |kept: store::KeptReport| {
                let id = kept.report.id;
                Ok(view::row(&kept, &outbox::of(tx, id)?, &photos_store::of_report(tx, id)?))
            };
            let rows = page.into_iter().map(row).collect::<Result<_, Error>>()?;
            Ok(ReportList {
                rows,
                total: store::count(tx)?,
                freshness: device.own_freshness(cursors::read(tx)?.freshness),
            })
        })
    }
}

impl Handle for GetReport {
    fn handle(self, device: &Device) -> Result<ReportView, Error> {
        device.store.private(|tx| {
            let kept = store::find(tx, self.id)?.ok_or_else(Error::not_found)?;
            let (requests, photos) = (outbox::of(tx, self.id)?, photos_store::of_report(tx, self.id)?);
            let own = files::of(tx, self.id)?;
            let record = kept.record.as_ref();
            let withdrawing = requests
                .iter()
                .any(|request| request.kind == MessageKind::Withdrawal && request.delivered_at.is_none());
            Ok(ReportView {
                row: view::row(&kept, &requests, &photos),
                details: kept.report.details.clone(),
                place: kept.report.place.clone(),
                private: kept.report.private,
                contact: kept.report.contact.clone(),
                photos: photos.iter().map(photos_store::Photo::view).collect(),
                history: view::history(record),
                messages: view::thread(
                    record.map(|record| record.messages.as_slice()).unwrap_or_default(),
                    &messages::of(tx, self.id)?,
                    &own,
                ),
                enclosed: view::enclosed(&own),
                expected_by: record.and_then(|record| record.expected_by),
                withdrawing,
                only_here: record.is_none() && never_left(&requests),
                freshness: device.own_freshness(cursors::read(tx)?.freshness),
            })
        })
    }
}

impl Handle for GetReceipt {
    fn handle(self, device: &Device) -> Result<ReceiptView, Error> {
        let joined = device.joined()?.ok_or(Failure::new(FailureCode::NotJoined))?;
        let requests = device.store.private(|tx| outbox::of(tx, self.matter))?;
        let own = requests.into_iter().find(|request| request.kind.is_whole());
        let jws = own.and_then(|request| request.acknowledgement).ok_or_else(Error::not_found)?;
        // Checked again each time it is shown: the screen says that the signature holds.
        jws::verify(Kind::Acknowledgement, &jws, &joined.keys).map_err(|_| Failure::new(FailureCode::NotATown))?;
        let said = said(&jws).ok_or_else(Error::not_found)?;
        if !joined.believes(&jws, said.received_at) {
            return Err(Failure::new(FailureCode::NotATown).into());
        }
        let qr_svg = draw::qr(&jws).map_err(|_| Failure::new(FailureCode::Internal))?;
        let by = jws::kid(&jws);
        let key = joined.keys.iter().find(|key| by.as_deref() == Some(key.kid()));
        let fingerprint = key.map(vicino_contract::http::TownKey::fingerprint).unwrap_or_default();
        Ok(ReceiptView {
            number: said.number,
            town: joined.card.name,
            received_at: said.received_at,
            body_sha256: said.body_sha256,
            jws,
            fingerprint,
            qr_svg,
        })
    }
}

/// What a stored acknowledgement says; its signature was checked before it was stored.
pub(crate) fn said(jws: &str) -> Option<Acknowledgement> {
    use base64::Engine as _;
    let payload = jws.split('.').nth(1)?;
    let json = base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(payload).ok()?;
    serde_json::from_slice(&json).ok()
}

impl Handle for SendMessage {
    fn handle(self, device: &Device) -> Result<Saved, Error> {
        let (now, text) = (device.now(), compose::checked(device, &self.text)?);
        device.store.private(|tx| {
            store::find(tx, self.report)?.ok_or_else(Error::not_found)?;
            compose::write(tx, device, (self.report.into(), MessageKind::Message), text, now)?;
            index::put_report(tx, self.report)
        })?;
        queued(device);
        Ok(Saved { at: now })
    }
}

impl Handle for CorrectReport {
    fn handle(self, device: &Device) -> Result<DraftView, Error> {
        let now = device.now();
        let (kept, photos) = device.store.private(|tx| {
            let kept = store::find(tx, self.id)?.ok_or_else(Error::not_found)?;
            let requests = outbox::of(tx, self.id)?;
            let photos = photos_store::of_report(tx, self.id)?;
            if !matches!(view::row(&kept, &requests, &photos).delivery, Delivery::Stuck { .. }) {
                return Err(Failure::new(FailureCode::AlreadySent).into());
            }
            // The town never took it, so the same identity may travel again with other words.
            requests.iter().try_for_each(|request| outbox::remove(tx, request.seq))?;
            store::remove(tx, self.id)?;
            let draft = ReportDraft::from(kept.report);
            drafts_store::save(tx, &draft.id.to_string(), &serde_json::to_string(&draft)?, 2, now)?;
            index::put_report(tx, self.id)?;
            Ok((drafts_store::KeptDraft { draft, step: 2, saved_at: now }, photos))
        })?;
        device.tell(Event::Drafts);
        queued(device);
        Ok(drafts::view(kept, &photos))
    }
}

impl Handle for WithdrawReport {
    fn handle(self, device: &Device) -> Result<(), Error> {
        let now = device.now();
        let files = device.store.private(|tx| {
            let kept = store::find(tx, self.id)?.ok_or_else(Error::not_found)?;
            let requests = outbox::of(tx, self.id)?;
            if kept.record.is_none() && never_left(&requests) {
                return forget(tx, self.id, &requests);
            }
            if requests.iter().any(|request| request.kind == MessageKind::Withdrawal) {
                return Ok(Vec::new());
            }
            // It left, or may have: the town must be told. What of it still waits need not go any more.
            let waiting =
                requests.iter().filter(|request| request.delivered_at.is_none() && request.kind != MessageKind::Report);
            waiting.into_iter().try_for_each(|request| outbox::remove(tx, request.seq))?;
            let body = serde_json::to_vec(&WithdrawalBody { sent_at: now })?;
            let key = NewRequest { id: identity(device)?, matter: self.id.into(), kind: MessageKind::Withdrawal };
            outbox::insert(tx, key, &self.id.to_string(), &body, now)?;
            Ok(Vec::new())
        })?;
        device.forget_bytes(files);
        queued(device);
        Ok(())
    }
}

/// Returns whether the town cannot have the report: nothing of it left, or the town refused it.
fn never_left(requests: &[Request]) -> bool {
    let own = requests.iter().find(|request| request.kind == MessageKind::Report);
    own.is_some_and(|request| request.delivered_at.is_none() && (!request.left || request.stuck.is_some()))
}

/// Takes a report away from this device, with everything that was to follow it.
fn forget(tx: &Transaction<'_>, id: ReportId, requests: &[Request]) -> Result<Vec<Sha256>, Error> {
    requests.iter().try_for_each(|request| outbox::remove(tx, request.seq))?;
    let (photos, files) = (photos_store::of_report(tx, id)?, files::of(tx, id)?);
    photos.iter().try_for_each(|photo| photos_store::remove(tx, id, photo.id))?;
    files.iter().try_for_each(|file| files::remove(tx, file.id))?;
    for message in messages::of(tx, id)? {
        messages::remove(tx, &message.id.to_string())?;
    }
    store::remove(tx, id)?;
    index::put_report(tx, id)?;
    Ok(photos.into_iter().map(|photo| photo.sha256).chain(files.into_iter().map(|file| file.sha256)).collect())
}

/// Says that the queue changed, and wakes the runner.
fn queued(device: &Device) {
    for event in [Event::Reports, Event::Outbox, Event::Status] {
        device.tell(event);
    }
    device.wake.notify_one();
}
