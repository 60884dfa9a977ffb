//! Sends what is ready, several reports at a time, until nothing more is.

use futures_util::StreamExt as _;
use futures_util::stream;
use vicino_contract::Event;
use vicino_contract::http::path;
use vicino_contract::http::tus::Part;
use vicino_contract::ipc::{RequestKind, StuckReason};
use vicino_domain::{AttachmentId, CaseId, CertificateId, MessageId, NoticeId, PhotoId, ReportId, RequestId};

use super::{Lack, Next, Request, Verdict, next, ready};
use crate::api::uploads::Parcel;
use crate::api::{self, Call, Delivered, Town};
use crate::device::Device;
use crate::entropy::jitter;
use crate::error::Error;
use crate::store::{files, outbox, photos};

/// Reports whose requests are under way at the same time.
const SIDE_BY_SIDE: usize = 4;

/// Sends until nothing is ready. Answers whether the town was reached at all; `None` when there was nothing to send.
pub(crate) async fn drain(device: &Device, town: &Town) -> Result<Option<bool>, Error> {
    let mut reached = None;
    loop {
        let (hand, now) = (device.hand()?, device.now());
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

/// One try of one request: counted first, its outcome written in one transaction. Answers whether the town was reached.
async fn attempt(device: &Device, town: &Town, request: Request) -> Result<bool, Error> {
    let counted = device.store.private(|tx| outbox::count_try(tx, request.seq))?;
    // Taken back by the resident a moment ago: there is nothing to try.
    let Some(tries) = counted else { return Ok(true) };
    let outcome = match perform(device, town, &request).await {
        Ok(outcome) => outcome,
        // Something of ours failed, not the town: it is tried again, and the reports beside it go on.
        Err(Error::Seal | Error::Refused(_)) => Err(Verdict::Never(file_lost())),
        Err(cause) => {
            tracing::error!(%cause, "a request could not be prepared");
            Err(Verdict::Here(cause.code()))
        }
    };
    let now = device.now();
    match outcome {
        Ok(delivered) => {
            device.store.private(|tx| {
                outbox::deliver(tx, request.seq, &delivered.acknowledgement, now)?;
                match request.kind {
                    RequestKind::Photo => photos::set_arrived(tx, crate::store::id(&request.subject)?, true),
                    RequestKind::File | RequestKind::CaseFile | RequestKind::NoticeFile => {
                        files::set_arrived(tx, crate::store::id(&request.subject)?, true)
                    }
                    _ => Ok(()),
                }
            })?;
            device.tell(match request.kind {
                kind if kind.is_of_case() => Event::Cases,
                kind if kind.is_of_notice() => Event::Payments,
                RequestKind::Certificate | RequestKind::CertificateWithdrawal => Event::Documents,
                _ => Event::Reports,
            });
            Ok(true)
        }
        Err(verdict) => {
            let lack = if let Verdict::Later { lack, .. } = verdict { lack } else { Lack::Nothing };
            let nothing_left = matches!(verdict, Verdict::Later { nothing_left: true, .. });
            device.store.private(|tx| {
                if nothing_left {
                    outbox::stayed(tx, request.seq, request.left)?;
                }
                match next(verdict, tries, now, jitter()) {
                    Next::AtOnce => outbox::later(tx, request.seq, now, Lack::Nothing),
                    Next::At(at) => outbox::later(tx, request.seq, at, lack),
                    Next::Stuck(reason) => outbox::stick(tx, request.seq, &reason),
                }
            })?;
            Ok(lack != Lack::Network)
        }
    }
}

/// What a request stands on is gone from this device, or does not open: only its writer can say what to do.
fn file_lost() -> StuckReason {
    StuckReason { code: String::from("file_lost"), ..StuckReason::default() }
}

/// Makes the call a request stands for.
async fn perform(device: &Device, town: &Town, request: &Request) -> Result<Result<Delivered, Verdict>, Error> {
    let body = device.store.private(|tx| outbox::body(tx, request.seq))?;
    if request.kind.is_file() {
        let parcel = parcel(device, request)?;
        return Ok(patient(api::uploads::send(device, town, parcel).await));
    }
    let (kind, path) = (outbox::word(request.kind), path(request)?);
    let outcome = town.put(device, Call { path: &path, kind, id: &request.subject, body }).await;
    Ok(match outcome {
        // The town never had it, so there is nothing to take back, and nobody to answer: done, without a signature.
        Err(Verdict::Never(reason)) if takes_back(request.kind) && reason.code == "not_found" => {
            Ok(Delivered { acknowledgement: String::new() })
        }
        outcome => patient(outcome),
    })
}

/// Whether a request is of no use to a town that has not what it is about.
const fn takes_back(kind: RequestKind) -> bool {
    matches!(
        kind,
        RequestKind::Withdrawal
            | RequestKind::CaseWithdrawal
            | RequestKind::CertificateWithdrawal
            | RequestKind::SignatureAnswer
            | RequestKind::SignatureWithdrawal
    )
}

/// Where a request goes.
fn path(request: &Request) -> Result<String, Error> {
    let (report, case) = (ReportId::from_uuid(request.matter.uuid()), CaseId::from_uuid(request.matter.uuid()));
    let message = || crate::store::id::<MessageId>(&request.subject);
    Ok(match request.kind {
        RequestKind::Report => path::report(report),
        RequestKind::Message => path::message(report, message()?),
        RequestKind::Withdrawal => path::withdrawal(report),
        RequestKind::Case => path::case(case),
        RequestKind::CaseMessage => path::case_message(case, message()?),
        RequestKind::CaseIntegration => path::case_integration(case, message()?),
        RequestKind::CaseWithdrawal => path::case_withdrawal(case),
        RequestKind::Signature => path::signature(crate::store::id(&request.subject)?),
        RequestKind::SignatureAnswer => path::signature_answer(request.matter),
        RequestKind::SignatureWithdrawal => path::signature_withdrawal(request.matter),
        RequestKind::Certificate => path::certificate(CertificateId::from_uuid(request.matter.uuid())),
        RequestKind::CertificateWithdrawal => {
            path::certificate_withdrawal(CertificateId::from_uuid(request.matter.uuid()))
        }
        RequestKind::Declaration => path::declaration(NoticeId::from_uuid(request.matter.uuid()), message()?),
        // Its bytes go another way.
        RequestKind::Photo | RequestKind::File | RequestKind::CaseFile | RequestKind::NoticeFile => {
            return Err(Error::not_found());
        }
    })
}

/// A town that does not know the report of a photo or a message has lost it: `sync` notices and sends it again.
fn patient(outcome: Result<Delivered, Verdict>) -> Result<Delivered, Verdict> {
    match outcome {
        Err(Verdict::Never(reason)) if reason.code == "not_found" => {
            Err(Verdict::Later { after: None, lack: Lack::Nothing, nothing_left: false })
        }
        outcome => outcome,
    }
}

/// What a request sends in pieces.
fn parcel(device: &Device, request: &Request) -> Result<Parcel, Error> {
    let (report, case) = (ReportId::from_uuid(request.matter.uuid()), CaseId::from_uuid(request.matter.uuid()));
    let (part, sha256, upload) = if request.kind == RequestKind::Photo {
        let id: PhotoId = crate::store::id(&request.subject)?;
        let photo = device.store.private(|tx| photos::find(tx, id))?.ok_or_else(Error::not_found)?;
        (Part::Photo(report, id), photo.sha256, photo.upload)
    } else {
        let id: AttachmentId = crate::store::id(&request.subject)?;
        let file = device.store.private(|tx| files::find(tx, id))?.ok_or_else(Error::not_found)?;
        let part = match request.kind {
            RequestKind::CaseFile => Part::CaseFile(case, id),
            RequestKind::NoticeFile => Part::NoticeFile(NoticeId::from_uuid(request.matter.uuid()), id),
            _ => Part::ReportFile(report, id),
        };
        (part, file.sha256, file.upload)
    };
    Ok(Parcel { part, sha256, upload, bytes: device.files.read(sha256)?.into() })
}

/// Makes an identity for a request.
pub(crate) fn identity(device: &Device) -> Result<RequestId, Error> {
    Ok(RequestId::new(device.now(), crate::entropy::random()?))
}
