//! Signatures: asked of others for a case being written, and given or declined for others.

use std::collections::BTreeSet;

use rusqlite::Transaction;
use vicino_contract::http::{
    Asked, Collection, FileBody, SignatureAnswer, SignatureBody, SignatureRecord, SigningState, WithdrawalBody,
    signed_bytes,
};
use vicino_contract::ipc::{
    AnswerSignature, AskSignature, CoSignerView, FileView, GetSignature, ListSignatures, SignatureList, SignatureRow,
    SignatureState, SignatureStatus, SignatureView, Whom,
};
use vicino_contract::{Event, Failure, FailureCode, MessageKind};
use vicino_domain::form::{Answers, Asked as Questions, Form};
use vicino_domain::{AttachmentId, CaseId, SignatureId, codes};

use crate::device::Device;
use crate::device::command::Handle;
use crate::entropy::{digest, random};
use crate::error::Error;
use crate::matters::case::commands::summary;
use crate::matters::case::signatures_store;
use crate::matters::case::store::{self, Draft};
use crate::outbox::{Request, identity};
use crate::store::files::KeptFile;
use crate::store::outbox::NewRequest;
use crate::store::{codec, cursors, outbox};

impl Handle for AskSignature {
    fn handle(self, device: &Device) -> Result<(), Error> {
        let now = device.now();
        if device.resident()?.is_none() {
            return Err(Failure::new(FailureCode::SignedOut).into());
        }
        let asked = match self.whom {
            Whom::Resident(id) => Asked::Resident(id.uuid()),
            Whom::TaxCode(typed) => {
                Asked::TaxCode(codes::tax_code(&typed).map_err(|_| Failure::new(FailureCode::NoSuchCode))?)
            }
        };
        device.store.private(|tx| {
            let draft = store::draft(tx, self.id)?.ok_or_else(Error::not_found)?;
            if draft.pack.form.co_signers.iter().all(|signer| signer.id != self.signer) {
                return Err(Error::not_found());
            }
            // What was asked before and has not left yet is asked no more.
            for (request, _) in asked_here(tx, &draft)?.iter().filter(|(_, body)| body.signer == self.signer) {
                outbox::remove(tx, request.seq)?;
            }
            let (answers, files) = to_be_sent(tx, &draft)?;
            let body = SignatureBody {
                case: draft.id.uuid(),
                service: draft.pack.service,
                form_version: draft.pack.form.version,
                signer: self.signer,
                asked,
                files,
                answers,
                sent_at: now,
            };
            let subject = SignatureId::new(now, random()?).to_string();
            let key = NewRequest { id: identity(device)?, matter: draft.id.into(), kind: MessageKind::Signature };
            outbox::insert(tx, key, &subject, &serde_json::to_vec(&body)?, now)
        })?;
        queued(device);
        Ok(())
    }
}

/// What was asked of others for a draft is asked no more: what has not left stays here, what may have is called back.
pub(crate) fn ask_no_more(tx: &Transaction<'_>, device: &Device, case: CaseId) -> Result<(), Error> {
    let now = device.now();
    let told = signatures_store::asked(tx, case)?.into_iter().filter(|record| record.state != SigningState::Withdrawn);
    let mut left: BTreeSet<SignatureId> = told.map(|record| SignatureId::from_uuid(record.id)).collect();
    for request in outbox::of(tx, case)?.iter().filter(|one| one.kind == MessageKind::Signature) {
        if request.left || request.delivered_at.is_some() {
            left.insert(codec::id(&request.subject)?);
        }
        outbox::remove(tx, request.seq)?;
    }
    for id in left {
        let body = serde_json::to_vec(&WithdrawalBody { sent_at: now })?;
        let key = NewRequest { id: identity(device)?, matter: id.into(), kind: MessageKind::SignatureWithdrawal };
        outbox::insert(tx, key, &id.to_string(), &body, now)?;
    }
    Ok(())
}

/// What was asked here of others and is not the town's yet.
fn asked_here(tx: &Transaction<'_>, draft: &Draft) -> Result<Vec<(Request, SignatureBody)>, Error> {
    let waiting = outbox::of(tx, draft.id)?.into_iter();
    let waiting = waiting.filter(|one| one.kind == MessageKind::Signature && one.delivered_at.is_none());
    waiting
        .map(|request| {
            let body = serde_json::from_slice(&outbox::body(tx, request.seq)?)?;
            Ok((request, body))
        })
        .collect()
}

/// What of a draft will be sent: the answers to what is asked, and the files they name.
fn to_be_sent(tx: &Transaction<'_>, draft: &Draft) -> Result<(Answers, Vec<FileBody>), Error> {
    let answers = Questions::new(&draft.pack.form, &draft.answers).answers();
    let own = crate::matters::case::commands::of_case(tx, draft.id)?;
    let named = own.iter().filter(|file| answers.files().any(|named| named == file.id));
    let files = named.map(KeptFile::body).collect();
    Ok((answers, files))
}

/// The digest of a draft as it is written now.
fn digest_of(tx: &Transaction<'_>, draft: &Draft) -> Result<String, Error> {
    let (pack, (answers, files)) = (&draft.pack, to_be_sent(tx, draft)?);
    Ok(digest(&signed_bytes(pack.service, pack.form.version, &answers, &files)?).to_string())
}

/// The names, as its form has them, of those who signed a draft exactly as it is written now.
pub(crate) fn signed(tx: &Transaction<'_>, draft: &Draft) -> Result<Vec<String>, Error> {
    if draft.pack.form.co_signers.is_empty() {
        return Ok(Vec::new());
    }
    let digest = digest_of(tx, draft)?;
    let all = signatures_store::asked(tx, draft.id)?.into_iter();
    let good = all.filter(|record| record.state == SigningState::Signed && record.digest == digest);
    Ok(good.map(|record| record.signer).collect())
}

/// The co-signers a draft needs with these answers, each with its status. `names`: those of the household.
pub(crate) fn co_signers(
    tx: &Transaction<'_>,
    draft: &Draft,
    names: &[(uuid::Uuid, String)],
) -> Result<Vec<CoSignerView>, Error> {
    let form = &draft.pack.form;
    let questions = Questions::new(form, &draft.answers);
    let needed: Vec<_> = form.co_signers.iter().filter(|signer| questions.holds(signer.when.as_ref(), 0)).collect();
    if needed.is_empty() {
        return Ok(Vec::new());
    }
    let (here, told, digest) = (asked_here(tx, draft)?, signatures_store::asked(tx, draft.id)?, digest_of(tx, draft)?);
    let view = |id: &str, label: &str| {
        let (mut status, mut person, mut note) = (SignatureStatus::NotAsked, None, None);
        if let Some((request, body)) = here.iter().rev().find(|(_, body)| body.signer == id) {
            person = match &body.asked {
                Asked::Resident(id) => names.iter().find(|(known, _)| known == id).map(|(_, name)| name.clone()),
                Asked::TaxCode(code) => Some(code.clone()),
            };
            status = request.stuck.clone().map_or(SignatureStatus::ToDeliver, SignatureStatus::Refused);
        } else if let Some(record) = told.iter().rev().find(|record| record.signer == id) {
            person = Some(record.person.clone());
            note.clone_from(&record.note);
            status = match record.state.known() {
                Some(SigningState::Declined) => SignatureStatus::Declined,
                _ if record.digest != digest => SignatureStatus::Outdated,
                Some(SigningState::Signed) => SignatureStatus::Signed,
                Some(SigningState::Waiting) => SignatureStatus::Waiting,
                Some(SigningState::Withdrawn) | None => SignatureStatus::NotAsked,
            };
        }
        CoSignerView { id: id.to_owned(), label: label.to_owned(), status, person, note }
    };
    Ok(needed.into_iter().map(|signer| view(&signer.id, &signer.label)).collect())
}

impl Handle for ListSignatures {
    fn handle(self, device: &Device) -> Result<SignatureList, Error> {
        device.store.private(|tx| {
            let mut rows = rows(tx)?;
            rows.sort_by_key(|row| (row.state != SignatureState::YourTurn, std::cmp::Reverse(row.asked_at)));
            Ok(SignatureList { rows, freshness: device.own_freshness(cursors::read(tx)?.freshness) })
        })
    }
}

/// What others ask for, in no order.
pub(crate) fn rows(tx: &Transaction<'_>) -> Result<Vec<SignatureRow>, Error> {
    signatures_store::wanted(tx)?.iter().map(|record| row(tx, record)).collect()
}

fn row(tx: &Transaction<'_>, record: &SignatureRecord) -> Result<SignatureRow, Error> {
    let id = SignatureId::from_uuid(record.id);
    // Delivered and read again as waiting, it was lost with the town; refused, it is to be given again.
    let answered = outbox::of(tx, id)?.iter().any(|request| {
        let on_its_way = request.delivered_at.is_none() && request.stuck.is_none();
        request.kind == MessageKind::SignatureAnswer && (on_its_way || request.is_unconfirmed())
    });
    let state = match record.state.known() {
        Some(SigningState::Signed) => SignatureState::Signed,
        Some(SigningState::Declined) => SignatureState::Declined,
        Some(SigningState::Withdrawn) => SignatureState::Withdrawn,
        Some(SigningState::Waiting) | None if answered => SignatureState::ToDeliver,
        Some(SigningState::Waiting) | None => SignatureState::YourTurn,
    };
    let (title, asker) = (record.title.clone(), record.asker.clone());
    Ok(SignatureRow { id, title, asker, state, asked_at: record.asked_at })
}

impl Handle for GetSignature {
    fn handle(self, device: &Device) -> Result<SignatureView, Error> {
        device.store.private(|tx| {
            let record = signatures_store::find(tx, Collection::SignaturesWanted, self.id)?;
            let record = record.ok_or_else(Error::not_found)?;
            let form: Form = serde_json::from_value(record.form.clone()).unwrap_or_default();
            let answers: Answers = serde_json::from_value(record.answers.clone()).unwrap_or_default();
            let row = row(tx, &record)?;
            let files: Vec<FileView> = record.files.iter().map(file).collect();
            let answers = summary(&form, &answers, &files);
            Ok(SignatureView { row, label: record.label, note: record.note, answers })
        })
    }
}

/// A file of somebody else's case: it is named, and its bytes stay with whoever asks.
fn file(body: &FileBody) -> FileView {
    FileView {
        id: AttachmentId::from_uuid(body.id),
        name: body.name.clone(),
        media: body.media.clone(),
        bytes: body.size,
        sent: 0,
        arrived: false,
        here: false,
        dated: body.dated,
        given_at: None,
    }
}

impl Handle for AnswerSignature {
    fn handle(self, device: &Device) -> Result<(), Error> {
        let (now, note) = (device.now(), self.note.trim().to_owned());
        let note = if note.is_empty() { None } else { Some(crate::matters::message::compose::checked(device, &note)?) };
        device.store.private(|tx| {
            let record = signatures_store::find(tx, Collection::SignaturesWanted, self.id)?;
            let record = record.ok_or_else(Error::not_found)?;
            if row(tx, &record)?.state != SignatureState::YourTurn {
                return Err(Failure::new(FailureCode::AlreadySent).into());
            }
            for before in outbox::of(tx, self.id)?.iter().filter(|one| one.kind == MessageKind::SignatureAnswer) {
                outbox::remove(tx, before.seq)?;
            }
            let body = SignatureAnswer { digest: record.digest, signs: self.signs, note, sent_at: now };
            let key = NewRequest { id: identity(device)?, matter: self.id.into(), kind: MessageKind::SignatureAnswer };
            outbox::insert(tx, key, &self.id.to_string(), &serde_json::to_vec(&body)?, now)
        })?;
        queued(device);
        Ok(())
    }
}

fn queued(device: &Device) {
    for event in [Event::Cases, Event::Outbox, Event::Status] {
        device.tell(event);
    }
    device.wake.notify_one();
}
