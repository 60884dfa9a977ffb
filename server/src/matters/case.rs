//! Cases, seen from the town: what arrives from a resident. What an office does with them is in [`office`].

pub(crate) mod office;

pub(crate) use office::reads;

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike as _;
use rusqlite::Transaction;
use uuid::Uuid;
use vicino_contract::MessageKind;
use vicino_contract::http::{
    Author, CaseBody, CaseRecord, CaseStep, Collection, MessageBody, MessageRecord, ProblemCode, ResidentRecord,
    ServicePack, ServiceRecord, sheet_bytes,
};
use vicino_contract::jws::Kind;
use vicino_domain::form::{Answers, Asked, FileFacts, Known, gaps};
use vicino_domain::{AttachmentId, CaseId, CaseState, Instant, MessageId, Sha256, Turn, town_day};

use crate::access::residents::author;
use crate::entropy::digest;
use crate::matters::attachment::{recorded, sound, with_message};
use crate::matters::honest::honest;
use crate::matters::message;
use crate::matters::receive_once::receive_once;
use crate::matters::receive_once::{Arrived, Effect, Incoming, anybody};
use crate::matters::service_pack::pack;
use crate::matters::signature::signed;
use crate::refusal::RefusalKind;
use crate::store::{self, Record, StoreError};
use crate::{Changed, Reader, Refusal, Town};

/// The way a message of a resident moves a case.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Writes {
    /// Not at all.
    Message,
    /// It answers an office that asked for more: the case goes on.
    Integration,
}

/// Offers a service with a form: signs it and writes it into the service's record. Drafts begun before keep theirs.
///
/// # Errors
/// A [`Refusal`] when the form has a fault, there is no such service, or the register cannot answer.
pub fn offer(town: &Town, pack: &ServicePack) -> Result<(), Refusal> {
    if let Some(fault) = pack.form.fault() {
        return Err(Refusal::new(RefusalKind::Unprocessable, ProblemCode::Invalid, "Form definition invalid")
            .detail(fault.to_string()));
    }
    town.register.write(|tx| {
        let id = pack.service.to_string();
        let found = store::find::<ServiceRecord>(tx, Collection::Services, &id)?.ok_or_else(Refusal::not_found)?;
        let pack = ServicePack { sheet: Some(sheet_digest(&found.body)?), ..pack.clone() };
        let word = town.signer().sign(Kind::Service, &serde_json::to_vec(&pack).map_err(StoreError::from)?);
        let record = ServiceRecord { pack: Some(word), ..found.body };
        store::write(tx, Collection::Services.code(), &id, None, &record)?;
        Ok::<_, Refusal>(())
    })?;
    town.register.say_changed(Changed(None));
    Ok(())
}

/// Signs with the present key what an earlier one had signed: a device that joins today knows no other.
pub(crate) fn sign_forms_again(town: &Town) -> Result<(), StoreError> {
    town.register.write(|tx| {
        for service in store::all::<ServiceRecord>(tx, Collection::Services)? {
            let word = service.body.pack.as_deref().unwrap_or_default();
            let Some(pack) = town.keys.signed_again(Kind::Service, word) else { continue };
            let record = ServiceRecord { pack: Some(pack), ..service.body };
            store::write(tx, Collection::Services.code(), &record.id.to_string(), None, &record)?;
        }
        Ok(())
    })
}

/// The form a service has now, as the town signed it.
///
/// # Errors
/// A [`Refusal`] when it cannot be asked for, or the register cannot answer.
pub fn offered(town: &Town, service: Uuid) -> Result<ServicePack, Refusal> {
    town.register.read(|tx| pack(town, tx, service).map(|(_, pack)| pack))
}

/// Takes a case in.
pub(crate) fn receive(
    town: &Town,
    reader: &Reader,
    id: CaseId,
    body: CaseBody,
    digest: Sha256,
) -> Result<Arrived, Refusal> {
    let now = town.now();
    // A case is somebody's: a device on which nobody has said who they are has none.
    if reader.resident.is_none() {
        return Err(Refusal::new(
            RefusalKind::Forbidden,
            ProblemCode::SignInRefused,
            "A signed-in resident is required",
        ));
    }
    let incoming = Incoming { reader, kind: MessageKind::Case, id: id.uuid(), digest };
    receive_once(town, incoming, anybody, |tx, ()| {
        let (service, pack) = pack(town, tx, body.service)?;
        let signed = signed(tx, reader, id, &pack, &body)?;
        let names: Vec<String> = signed.iter().map(|one| one.signer.clone()).collect();
        let answers = check(town, &pack, &body, now, (household(tx, reader)?.as_deref(), &names))?;
        let year = town_day(now).year();
        let number = format!("{year}/{:05}", store::next_number(tx, year)?);
        let step = step(CaseState::Submitted, now, None, None);
        let record = CaseRecord {
            id: id.uuid(),
            title: service.title,
            office: service.office,
            number: number.clone(),
            received_at: now,
            state: CaseState::Submitted.into(),
            protocol: None,
            service: body.service,
            sent_at: body.sent_at,
            about: body.about,
            term: serde_json::to_value(pack.term).map_err(StoreError::from)?,
            form: serde_json::to_value(pack.form).map_err(StoreError::from)?,
            answers: honest(&serde_json::to_value(answers).map_err(StoreError::from)?).map_err(StoreError::from)?,
            files: body.files.into_iter().map(recorded).collect(),
            signatures: signed,
            history: vec![step],
            messages: Vec::new(),
        };
        write_case(tx, &Record { version: 0, owner: Some(reader.owner()), body: record })?;
        Ok(Effect::on(number, Some(reader.owner())))
    })
}

/// Takes a resident's message about a case in.
pub(crate) fn receive_message(
    town: &Town,
    reader: &Reader,
    (case, id): (CaseId, MessageId),
    writes: Writes,
    body: &MessageBody,
    digest: Sha256,
) -> Result<Arrived, Refusal> {
    let now = town.now();
    let kind = match writes {
        Writes::Message => MessageKind::CaseMessage,
        Writes::Integration => MessageKind::CaseIntegration,
    };
    let incoming = Incoming { reader, kind, id: id.uuid(), digest };
    receive_once(town, incoming, anybody, |tx, ()| {
        // Asked of new ones alone: what was signed for is answered as before.
        let text = message::text(town, &body.text)?;
        let files = with_message(&body.files, &town.identity.limits)?;
        let mut record = own_case(tx, reader, case)?.ok_or_else(Refusal::not_found)?;
        message::has_room_for_one_more(town, &record.body.messages)?;
        let by = author(tx, reader)?;
        record.body.messages.push(MessageRecord {
            id: id.uuid(),
            author: Author::Resident.into(),
            office: None,
            by: by.clone(),
            text,
            files,
            at: now,
        });
        // An office that went on meanwhile has the last word: what was written is in the thread.
        if writes == Writes::Integration && state_of(&record.body).is_some_and(|state| state.turn() == Turn::Resident) {
            record.body.history.push(CaseStep { by, ..step(CaseState::Integrated, now, None, None) });
            record.body.state = CaseState::Integrated.into();
        }
        write_case(tx, &record)?;
        Ok(Effect::on(record.body.number, record.owner))
    })
}

/// Takes a resident's withdrawal of a case. One that may not be withdrawn any more stays as it is; the wish was heard.
pub(crate) fn receive_withdrawal(town: &Town, reader: &Reader, id: CaseId, digest: Sha256) -> Result<Arrived, Refusal> {
    let now = town.now();
    let incoming = Incoming { reader, kind: MessageKind::CaseWithdrawal, id: id.uuid(), digest };
    let own = |tx: &Transaction<'_>| own_case(tx, reader, id)?.ok_or_else(Refusal::not_found);
    receive_once(town, incoming, own, |tx, mut record| {
        if state_of(&record.body).is_some_and(CaseState::may_be_withdrawn) {
            let by = author(tx, reader)?;
            record.body.history.push(CaseStep { by, ..step(CaseState::Withdrawn, now, None, None) });
            record.body.state = CaseState::Withdrawn.into();
            write_case(tx, &record)?;
            if record.body.protocol.is_none() {
                // What the register has taken in stays in it; what no office has is the resident's to take away.
                store::free_uploads(tx, id.uuid())?;
            }
        }
        Ok(Effect::on(record.body.number, record.owner))
    })
}

/// The rules of the form, the very ones the device applied before sending; answers what was asked of what was answered.
fn check(
    town: &Town,
    pack: &ServicePack,
    body: &CaseBody,
    now: Instant,
    (household, signed): (Option<&[String]>, &[String]),
) -> Result<Answers, Refusal> {
    let limits = &town.identity.limits;
    let answers = Asked::new(&pack.form, &body.answers).answers();
    let (named, brought): (BTreeSet<_>, BTreeSet<_>) =
        (answers.files().map(AttachmentId::uuid).collect(), body.files.iter().map(|file| file.id).collect());
    if brought.len() != body.files.len() || !brought.is_subset(&named) {
        let title = "Every file is one that an answer names, once";
        return Err(Refusal::new(RefusalKind::Unprocessable, ProblemCode::Invalid, title));
    }
    body.files.iter().try_for_each(|file| sound(file, limits))?;
    let files: BTreeMap<AttachmentId, FileFacts> =
        body.files.iter().map(|file| (AttachmentId::from_uuid(file.id), file.facts())).collect();
    let (today, file_bytes) = (town_day(now), limits.file_bytes);
    let known = Known { today, files: &files, household, signed, file_bytes };
    let found = gaps(&pack.form, &body.answers, &known);
    if found.is_empty() {
        return Ok(answers);
    }
    let mut refusal = Refusal::new(RefusalKind::Unprocessable, ProblemCode::Invalid, "Answers missing or invalid");
    // A form that changed since the draft was begun is why a device did not know.
    if pack.form.version != body.form_version {
        refusal = refusal.detail(format!("Il modulo è cambiato: ora è la versione {}.", pack.form.version));
    }
    refusal.reason.gaps = found;
    Err(refusal)
}

/// The digest of a service's sheet, which is signed with its form.
pub(crate) fn sheet_digest(record: &ServiceRecord) -> Result<String, StoreError> {
    Ok(digest(&sheet_bytes(&serde_json::to_value(record)?)?).to_string())
}

/// The names of a resident's household, as the registry has them.
fn household(tx: &Transaction<'_>, reader: &Reader) -> Result<Option<Vec<String>>, StoreError> {
    let Some(resident) = reader.resident else { return Ok(None) };
    let found = store::find::<ResidentRecord>(tx, Collection::Residents, &resident.to_string())?;
    Ok(found.map(|record| record.body.names()))
}

fn step(state: CaseState, at: Instant, office: Option<String>, note: Option<String>) -> CaseStep {
    CaseStep { state: state.into(), at, office, note, suspends: None, answer_by: None, by: None, files: Vec::new() }
}

fn state_of(record: &CaseRecord) -> Option<CaseState> {
    record.state.known()
}

/// The case under this identity, whosoever it is.
pub(crate) fn case_of(tx: &Transaction<'_>, id: CaseId) -> Result<Option<Record<CaseRecord>>, StoreError> {
    store::find(tx, Collection::Cases, &id.to_string())
}

/// The case under this identity, when the caller may see it; another's is as good as none.
pub(crate) fn own_case(
    tx: &Transaction<'_>,
    reader: &Reader,
    id: CaseId,
) -> Result<Option<Record<CaseRecord>>, Refusal> {
    let found = case_of(tx, id)?;
    Ok(found.filter(|record| record.owner.is_some_and(|owner| reader.may_see(owner))))
}

pub(crate) fn write_case(tx: &Transaction<'_>, record: &Record<CaseRecord>) -> Result<(), StoreError> {
    store::write(tx, Collection::Cases.code(), &record.body.id.to_string(), record.owner, &record.body)
}
