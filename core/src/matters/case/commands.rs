//! Cases: begun with the form a town signed for, kept answer by answer, sent, followed, answered, taken back.

pub(crate) use crate::matters::case::view::{clock_of, summary};

use std::sync::atomic::Ordering;

use rusqlite::Transaction;
use serde_json::Value;
use uuid::Uuid;
use vicino_contract::http::{CaseBody, Collection, ServicePack, ServiceRecord, WithdrawalBody, sheet_bytes};
use vicino_contract::ipc::{
    AnswerField, CaseDraftView, CorrectCase, DiscardCase, GetCaseDraft, GoToSection, NewCase, RemoveRepeat, RenewCase,
    Saved, SendCase, WithdrawCase, WriteToCase,
};
use vicino_contract::jws::{self, Kind};
use vicino_contract::{Event, Failure, FailureCode, MessageKind};
use vicino_domain::form::Asked;
use vicino_domain::{CaseId, Sha256};

use crate::device::Device;
use crate::device::command::Handle;
use crate::entropy::{digest, random};
use crate::error::Error;
use crate::matters::case::form_view::{self, Here};
use crate::matters::case::store::{self, Draft, Sent};
use crate::matters::case::view;
use crate::matters::message::compose;
use crate::outbox::identity;
use crate::store::files::{self, KeptFile, With};
use crate::store::outbox::NewRequest;
use crate::store::{messages, outbox};

impl Handle for NewCase {
    fn handle(self, device: &Device) -> Result<CaseDraftView, Error> {
        let now = device.now();
        let (service, sheet) = service(device, self.service.uuid())?;
        if !service.active {
            return Err(Failure::new(FailureCode::ServiceClosed).into());
        }
        let pack = pack(device, &service, &sheet)?.ok_or(Failure::new(FailureCode::FormUnusable))?;
        let draft = Draft {
            id: CaseId::new(now, random()?),
            title: service.title,
            office: service.office,
            pack,
            answers: vicino_domain::form::Answers::default(),
            section: 0,
            saved_at: now,
            about: self.about,
        };
        device.store.private(|tx| store::save(tx, &draft))?;
        device.tell(Event::Cases);
        form_view::view(device, &draft)
    }
}

/// A service, and its record as it came.
pub(crate) fn service(device: &Device, id: Uuid) -> Result<(ServiceRecord, Value), Error> {
    let sheet: Value = device.store.look(|tx| crate::directory::record(tx, Collection::Services, id))?;
    let service = serde_json::from_value(sheet.clone()).map_err(|_| Error::not_found())?;
    Ok((service, sheet))
}

/// The form of a service, when the town signed for it and for the sheet, and this release can draw it.
pub(crate) fn pack(device: &Device, service: &ServiceRecord, sheet: &Value) -> Result<Option<ServicePack>, Error> {
    let Some((word, joined)) = service.pack.as_deref().zip(device.joined()?) else { return Ok(None) };
    let Ok(payload) = jws::verify(Kind::Service, word, &joined.believed()) else {
        tracing::warn!("service form rejected: signature not verified");
        // By a key nobody here knows: the town may have a new one, which its old one vouches for.
        device.shared.strange_key.store(true, Ordering::Relaxed);
        device.wake.notify_one();
        return Ok(None);
    };
    let pack = serde_json::from_slice::<ServicePack>(&payload).ok();
    let digest = digest(&sheet_bytes(sheet)?).to_string();
    let sound = pack.filter(|pack| {
        // A town of before signs forms without their sheets.
        let same_sheet = pack.sheet.as_ref().is_none_or(|signed| *signed == digest);
        if !same_sheet {
            tracing::warn!("service form rejected: its sheet differs from the signed one");
        }
        let ours = pack.iss == joined.card.ipa_code && pack.kind == ServicePack::KIND && pack.service == service.id;
        let fault = pack.form.fault();
        if let Some(fault) = &fault {
            tracing::warn!(%fault, "service form rejected: not usable by this release");
        }
        ours && same_sheet && fault.is_none()
    });
    Ok(sound)
}

impl Handle for GetCaseDraft {
    fn handle(self, device: &Device) -> Result<CaseDraftView, Error> {
        let draft = device.store.private(|tx| store::draft(tx, self.id))?.ok_or_else(Error::not_found)?;
        form_view::view(device, &draft)
    }
}

impl Handle for AnswerField {
    fn handle(self, device: &Device) -> Result<Saved, Error> {
        change(device, self.id, |draft| {
            if draft.pack.form.field(&self.path).is_none() {
                return Err(Error::not_found());
            }
            match self.answer {
                Some(answer) => draft.answers.0.insert(self.path, answer),
                None => draft.answers.0.remove(&self.path),
            };
            Ok(())
        })
    }
}

impl Handle for RemoveRepeat {
    fn handle(self, device: &Device) -> Result<Saved, Error> {
        change(device, self.id, |draft| {
            draft.answers.remove_repeat(&self.section, self.index);
            Ok(())
        })
    }
}

impl Handle for GoToSection {
    fn handle(self, device: &Device) -> Result<Saved, Error> {
        change(device, self.id, |draft| {
            draft.section = self.section;
            Ok(())
        })
    }
}

/// Changes a draft and keeps it.
fn change(device: &Device, id: CaseId, change: impl FnOnce(&mut Draft) -> Result<(), Error>) -> Result<Saved, Error> {
    let now = device.now();
    let unnamed = device.store.private(|tx| {
        let Some(mut draft) = store::draft(tx, id)? else { return Err(gone(tx, id)?) };
        change(&mut draft)?;
        draft.saved_at = now;
        store::save(tx, &draft)?;
        // A paper that no answer names any more went with its question.
        let unnamed = of_case(tx, id)?.into_iter().filter(|file| draft.answers.files().all(|named| named != file.id));
        let unnamed: Vec<KeptFile> = unnamed.collect();
        unnamed.iter().try_for_each(|file| files::remove(tx, file.id))?;
        Ok(unnamed)
    })?;
    device.forget_bytes(unnamed.into_iter().map(|file| file.sha256));
    device.tell(Event::Cases);
    Ok(Saved { at: now })
}

/// Why a draft is not there: it was sent, or it never was.
fn gone(tx: &Transaction<'_>, id: CaseId) -> Result<Error, Error> {
    let sent = store::sent(tx, id)?.is_some() || store::record(tx, id)?.is_some();
    let code = if sent { FailureCode::AlreadySent } else { FailureCode::NotFound };
    Ok(Failure::new(code).into())
}

impl Handle for DiscardCase {
    fn handle(self, device: &Device) -> Result<(), Error> {
        let gone = device.store.private(|tx| match store::draft(tx, self.id)? {
            Some(_) => {
                crate::matters::case::signatures::ask_no_more(tx, device, self.id)?;
                store::remove_draft(tx, self.id)?;
                forget_files(tx, self.id)
            }
            None => Err(gone(tx, self.id)?),
        })?;
        device.forget_bytes(gone);
        moved(device);
        Ok(())
    }
}

impl Handle for SendCase {
    fn handle(self, device: &Device) -> Result<Saved, Error> {
        let now = device.now();
        if device.resident()?.is_none() {
            return Err(Failure::new(FailureCode::SignedOut).into());
        }
        let draft = device.store.private(|tx| store::draft(tx, self.id))?;
        let here = Here::of(device, draft.map(|draft| draft.pack.service))?;
        let gone = device.store.private(|tx| {
            let Some(draft) = store::draft(tx, self.id)? else { return Err(gone(tx, self.id)?) };
            if !here.missing(tx, &draft)?.is_empty() {
                return Err(Failure::new(FailureCode::Invalid).into());
            }
            // What is not asked any more stays here, and its papers go.
            let answers = Asked::new(&draft.pack.form, &draft.answers).answers();
            let (own, unasked): (Vec<KeptFile>, Vec<KeptFile>) =
                of_case(tx, self.id)?.into_iter().partition(|file| answers.files().any(|named| named == file.id));
            unasked.iter().try_for_each(|file| files::remove(tx, file.id))?;
            let (service, form_version) = (draft.pack.service, draft.pack.form.version);
            let files = own.iter().map(KeptFile::body).collect();
            let body =
                CaseBody { service, form_version, answers, files, about: draft.about.map(CaseId::uuid), sent_at: now };
            let bytes = serde_json::to_vec(&body)?;
            let sent =
                Sent { id: draft.id, title: draft.title, office: draft.office, pack: draft.pack, body, sent_at: now };
            store::insert(tx, &sent)?;
            store::remove_draft(tx, self.id)?;
            let key = NewRequest { id: identity(device)?, matter: self.id.into(), kind: MessageKind::Case };
            outbox::insert(tx, key, &self.id.to_string(), &bytes, now)?;
            compose::queue_files(tx, device, (self.id.into(), MessageKind::Case), &own, now)?;
            // A corrected case may have a thread already: it follows the case again.
            for message in messages::of(tx, self.id)? {
                compose::queue(tx, device, (self.id.into(), MessageKind::CaseMessage), &message)?;
            }
            Ok(unasked.into_iter().map(|file| file.sha256).collect::<Vec<_>>())
        })?;
        device.forget_bytes(gone);
        moved(device);
        Ok(Saved { at: now })
    }
}

/// The files of the case itself.
pub(crate) fn of_case(tx: &Transaction<'_>, id: CaseId) -> Result<Vec<KeptFile>, Error> {
    Ok(files::of(tx, id)?.into_iter().filter(|file| file.with == With::Case).collect())
}

/// Takes every file of a case away; answers the digests of their bytes.
fn forget_files(tx: &Transaction<'_>, id: CaseId) -> Result<Vec<Sha256>, Error> {
    let gone = files::of(tx, id)?;
    gone.iter().try_for_each(|file| files::remove(tx, file.id))?;
    Ok(gone.into_iter().map(|file| file.sha256).collect())
}

impl Handle for WriteToCase {
    fn handle(self, device: &Device) -> Result<Saved, Error> {
        let (now, text) = (device.now(), compose::checked(device, &self.text)?);
        let kind = if self.integration { MessageKind::CaseIntegration } else { MessageKind::CaseMessage };
        device.store.private(|tx| {
            if store::sent(tx, self.id)?.is_none() && store::record(tx, self.id)?.is_none() {
                return Err(Error::not_found());
            }
            compose::write(tx, device, (self.id.into(), kind), text, now)
        })?;
        moved(device);
        Ok(Saved { at: now })
    }
}

impl Handle for WithdrawCase {
    fn handle(self, device: &Device) -> Result<(), Error> {
        let now = device.now();
        let gone = device.store.private(|tx| {
            let requests = outbox::of(tx, self.id)?;
            let own = requests.iter().find(|request| request.kind == MessageKind::Case);
            // Nothing of it left, or the town refused it: it is taken back here, and nobody else knows of it.
            if own.is_some_and(|own| own.delivered_at.is_none() && (!own.left || own.stuck.is_some())) {
                store::remove(tx, self.id)?;
                return forget_files(tx, self.id);
            }
            let record = store::record(tx, self.id)?;
            if own.is_none() && record.is_none() {
                return Err(Error::not_found());
            }
            let wished = requests.iter().any(|request| request.kind == MessageKind::CaseWithdrawal);
            if wished || record.is_some_and(|record| !view::may_withdraw(&record)) {
                return Err(Failure::new(FailureCode::AlreadySent).into());
            }
            // Its papers need not go any more, and the wish does not wait behind them. What was written is still said.
            let own_papers: Vec<String> = of_case(tx, self.id)?.iter().map(|file| file.id.to_string()).collect();
            let waiting = requests.iter().filter(|request| request.delivered_at.is_none());
            waiting
                .filter(|request| request.kind == MessageKind::CaseFile && own_papers.contains(&request.subject))
                .try_for_each(|request| outbox::remove(tx, request.seq))?;
            let body = serde_json::to_vec(&WithdrawalBody { sent_at: now })?;
            let key = NewRequest { id: identity(device)?, matter: self.id.into(), kind: MessageKind::CaseWithdrawal };
            outbox::insert(tx, key, &self.id.to_string(), &body, now)?;
            Ok(Vec::new())
        })?;
        device.forget_bytes(gone);
        moved(device);
        Ok(())
    }
}

impl Handle for CorrectCase {
    fn handle(self, device: &Device) -> Result<CaseDraftView, Error> {
        let now = device.now();
        let service = device.store.private(|tx| store::sent(tx, self.id))?.ok_or_else(Error::not_found)?.pack.service;
        let now_offered = crate::matters::case::commands::service(device, service).ok();
        // The town refused it by rules this device may not have known: it is checked with those of now.
        let newest = now_offered.map(|(service, sheet)| pack(device, &service, &sheet)).transpose()?.flatten();
        let draft = device.store.private(|tx| {
            let sent = store::sent(tx, self.id)?.ok_or_else(Error::not_found)?;
            let requests = outbox::of(tx, self.id)?;
            let refused =
                |request: &crate::outbox::Request| request.kind == MessageKind::Case && request.stuck.is_some();
            if !requests.iter().any(refused) {
                return Err(Failure::new(FailureCode::AlreadySent).into());
            }
            requests
                .iter()
                .filter(|request| request.delivered_at.is_none())
                .try_for_each(|one| outbox::remove(tx, one.seq))?;
            let (pack, answers) = (newest.unwrap_or(sent.pack), sent.body.answers);
            let about = sent.body.about.map(CaseId::from_uuid);
            let draft = Draft {
                id: sent.id,
                title: sent.title,
                office: sent.office,
                pack,
                answers,
                section: 0,
                saved_at: now,
                about,
            };
            store::forget_sent(tx, self.id)?;
            store::save(tx, &draft)?;
            Ok(draft)
        })?;
        moved(device);
        form_view::view(device, &draft)
    }
}

impl Handle for RenewCase {
    fn handle(self, device: &Device) -> Result<CaseDraftView, Error> {
        let draft = device.store.private(|tx| store::draft(tx, self.id))?.ok_or_else(Error::not_found)?;
        let (service, sheet) = service(device, draft.pack.service)?;
        let newest = pack(device, &service, &sheet)?.ok_or_else(Error::not_found)?;
        change(device, self.id, |draft| {
            let sections = u16::try_from(newest.form.sections.len()).unwrap_or(u16::MAX);
            draft.section = draft.section.min(sections.saturating_sub(1));
            draft.pack = newest;
            Ok(())
        })?;
        let draft = device.store.private(|tx| store::draft(tx, self.id))?.ok_or_else(Error::not_found)?;
        form_view::view(device, &draft)
    }
}

fn moved(device: &Device) {
    for event in [Event::Cases, Event::Outbox, Event::Status] {
        device.tell(event);
    }
    device.wake.notify_one();
}
