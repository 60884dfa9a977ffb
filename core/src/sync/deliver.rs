//! Sends what is ready, several reports at a time, until nothing more is.

use futures_util::StreamExt as _;
use futures_util::stream;
use rusqlite::Transaction;
use uuid::Uuid;
use vicino_contract::http::ProblemCode;
use vicino_contract::http::tus::Part;
use vicino_contract::{Event, Matter, MessageKind, StuckCode, StuckReason};
use vicino_domain::{AttachmentId, PhotoId};

use crate::api::uploads::Parcel;
use crate::api::{self, Call, Delivered, TownClient};
use crate::device::Device;
use crate::entropy::jitter;
use crate::error::Error;
use crate::matters::report;
use crate::outbox::{Next, Obstacle, Request, Verdict, next, ready};
use crate::store::{files, outbox};

/// Reports whose requests are under way at the same time.
const SIDE_BY_SIDE: usize = 4;

/// Sends until nothing is ready. Answers whether the town was reached at all; `None` when there was nothing to send.
pub(crate) async fn drain(device: &Device, town: &TownClient) -> Result<Option<bool>, Error> {
    let mut reached = None;
    loop {
        let (hand, now) = (device.send_policy()?, device.now());
        let pending = device.store.private(outbox::pending)?;
        let ready = ready(&pending, hand, now);
        if ready.is_empty() {
            return Ok(reached);
        }
        let sent: Vec<Result<bool, Error>> = stream::iter(ready)
            .map(|request| attempt(device, town, request))
            .buffer_unordered(SIDE_BY_SIDE)
            .collect()
            .await;
        for answered in sent {
            let answered = answered?;
            reached = Some(reached.unwrap_or(false) || answered);
        }
        device.tell(Event::Outbox);
    }
}

/// A try of one request: counted first, its outcome written in one transaction. Answers whether the town was reached.
async fn attempt(device: &Device, town: &TownClient, request: Request) -> Result<bool, Error> {
    let counted = device.store.private(|tx| outbox::count_try(tx, request.seq))?;
    // Taken back by the resident a moment ago: there is nothing to try.
    let Some(tries) = counted else { return Ok(true) };
    let outcome = match perform(device, town, &request).await {
        Ok(outcome) => outcome,
        // A file that is gone from here, or does not open: only its writer can say what to do.
        Err(Error::Seal | Error::Refused(_)) => Err(Verdict::Never(StuckReason::of(StuckCode::FileLost))),
        // Something of ours failed, not the town: it is tried again, and the reports beside it go on.
        Err(cause) => {
            tracing::error!(%cause, kind = request.kind.code(), seq = request.seq, "request not prepared");
            Err(Verdict::Here(cause.code()))
        }
    };
    let now = device.now();
    match outcome {
        Ok(delivered) => {
            device.store.private(|tx| {
                outbox::deliver(tx, request.seq, &delivered.acknowledgement, now)?;
                bytes_arrived(tx, &request, true)
            })?;
            device.tell(request.kind.event());
            Ok(true)
        }
        Err(verdict) => {
            let obstacle = if let Verdict::Later { obstacle, .. } = verdict { obstacle } else { Obstacle::Nothing };
            let nothing_left = matches!(verdict, Verdict::Later { nothing_left: true, .. });
            let next = next(verdict, tries, now, jitter());
            let (kind, seq) = (request.kind.code(), request.seq);
            match &next {
                Next::AtOnce | Next::At(_) => tracing::debug!(kind, seq, tries, "request not delivered; retried"),
                Next::Stuck(reason) => tracing::warn!(kind, seq, tries, code = reason.code.code(), "request refused"),
            }
            device.store.private(|tx| {
                if nothing_left {
                    outbox::mark_unsent(tx, request.seq, request.left)?;
                }
                match next {
                    Next::AtOnce => outbox::later(tx, request.seq, now, Obstacle::Nothing),
                    Next::At(at) => outbox::later(tx, request.seq, at, obstacle),
                    Next::Stuck(reason) => outbox::mark_stuck(tx, request.seq, &reason),
                }
            })?;
            Ok(obstacle != Obstacle::Network)
        }
    }
}

/// The town's word for what it does not have.
const UNKNOWN: StuckCode = StuckCode::Town(ProblemCode::NotFound);

/// Makes the call a request stands for.
async fn perform(device: &Device, town: &TownClient, request: &Request) -> Result<Result<Delivered, Verdict>, Error> {
    let body = device.store.private(|tx| outbox::body(tx, request.seq))?;
    if request.kind.is_file() {
        let parcel = parcel(device, request)?;
        return Ok(patient(api::uploads::send(device, town, parcel).await));
    }
    let id: Uuid = crate::store::codec::id(&request.subject)?;
    let path = request.kind.path(request.matter.uuid(), id).ok_or_else(Error::not_found)?;
    let outcome = town.put(device, Call { path: &path, kind: request.kind, id: &request.subject, body }).await;
    Ok(match outcome {
        // The town never had it, so there is nothing to take back, and nobody to answer: done, without a signature.
        Err(Verdict::Never(reason)) if request.kind.is_moot_when_unknown() && reason.code == UNKNOWN => {
            Ok(Delivered { acknowledgement: String::new() })
        }
        outcome => patient(outcome),
    })
}

/// Notes whether the town has the bytes of a file that a request carries; other requests carry none.
pub(crate) fn bytes_arrived(tx: &Transaction<'_>, request: &Request, arrived: bool) -> Result<(), Error> {
    match request.kind {
        MessageKind::Photo => {
            report::photos_store::set_arrived(tx, crate::store::codec::id(&request.subject)?, arrived)
        }
        kind if kind.is_file() => files::set_arrived(tx, crate::store::codec::id(&request.subject)?, arrived),
        _ => Ok(()),
    }
}

/// A town that does not know the report of a photo or a message has lost it: `sync` notices and sends it again.
fn patient(outcome: Result<Delivered, Verdict>) -> Result<Delivered, Verdict> {
    match outcome {
        Err(Verdict::Never(reason)) if reason.code == UNKNOWN => {
            Err(Verdict::Later { after: None, obstacle: Obstacle::Nothing, nothing_left: false })
        }
        outcome => outcome,
    }
}

/// The file that a request sends in pieces.
fn parcel(device: &Device, request: &Request) -> Result<Parcel, Error> {
    if let (MessageKind::Photo, Matter::Report(report)) = (request.kind, request.matter) {
        let id: PhotoId = crate::store::codec::id(&request.subject)?;
        let photo = device.store.private(|tx| report::photos_store::find(tx, id))?.ok_or_else(Error::not_found)?;
        let bytes = device.files.read(photo.sha256)?.into();
        return Ok(Parcel { part: Part::Photo(report, id), sha256: photo.sha256, upload: photo.upload, bytes });
    }
    let id: AttachmentId = crate::store::codec::id(&request.subject)?;
    let file = device.store.private(|tx| files::find(tx, id))?.ok_or_else(Error::not_found)?;
    let part = match request.matter {
        Matter::Report(report) => Part::ReportFile(report, id),
        Matter::Case(case) => Part::CaseFile(case, id),
        Matter::Notice(notice) => Part::NoticeFile(notice, id),
        // None of these sends files.
        Matter::Certificate(_) | Matter::Signature(_) | Matter::Paper(_) => return Err(Error::not_found()),
    };
    Ok(Parcel { part, sha256: file.sha256, upload: file.upload, bytes: device.files.read(file.sha256)?.into() })
}
