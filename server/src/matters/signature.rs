//! Signatures: asked for before a case is sent, given or declined by whoever is asked, and looked for when the case arrives.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Transaction;
use serde_json::Value;
use uuid::Uuid;
use vicino_contract::MessageKind;
use vicino_contract::http::{
    Asked, CaseBody, CaseRecord, Collection, ProblemCode, ResidentRecord, ServicePack, SignatureAnswer, SignatureBody,
    SignatureRecord, SignedBy, SigningState, signed_bytes,
};
use vicino_domain::form::{Asked as Form, FieldError, FieldErrorKind, FileFacts, Known, gaps};
use vicino_domain::{AttachmentId, CaseId, ResidentId, Sha256, codes, town_day};

use crate::entropy::digest;
use crate::matters::attachment::sound;
use crate::matters::message;
use crate::matters::receive_once::receive_once;
use crate::matters::receive_once::{Arrived, Effect, Incoming, anybody};
use crate::matters::service_pack::pack;
use crate::reader::Owner;
use crate::refusal::RefusalKind;
use crate::store::{self, Record, StoreError};
use crate::{Changed, Reader, Refusal, Town};

/// A resident asks another to sign. What they asked the same co-signer before, for the same case, is asked no more.
pub(crate) fn receive(
    town: &Town,
    reader: &Reader,
    id: Uuid,
    body: SignatureBody,
    body_digest: Sha256,
) -> Result<Arrived, Refusal> {
    let now = town.now();
    let resident = reader.resident.ok_or_else(signed_out)?;
    let incoming = Incoming { reader, kind: MessageKind::Signature, id, digest: body_digest };
    receive_once(town, incoming, anybody, |tx, ()| {
        let (service, pack) = pack(town, tx, body.service)?;
        // Whoever is asked would read these answers under questions that are not theirs.
        if pack.form.version != body.form_version {
            return Err(Refusal::new(RefusalKind::Unprocessable, ProblemCode::FormChanged, "The form has changed"));
        }
        body.files.iter().try_for_each(|file| sound(file, &town.identity.limits))?;
        let invalid = |detail: &str| {
            Refusal::new(RefusalKind::Unprocessable, ProblemCode::Invalid, "Signature cannot be requested")
                .detail(detail.to_owned())
        };
        if is_sent(tx, body.case)? {
            return Err(invalid("Questa pratica è già stata inviata."));
        }
        let signer = pack.form.co_signers.iter().find(|signer| signer.id == body.signer);
        let signer = signer.ok_or_else(|| invalid("Il modulo non chiede questa firma."))?;
        // Only what the form asks is put before somebody else, and only as it asks it.
        let asked_for = Form::new(&pack.form, &body.answers).answers();
        if asked_for != body.answers || !fits(town, &pack, &body) {
            return Err(invalid("Le risposte non sono quelle che il modulo chiede."));
        }
        let asker = person(tx, resident.uuid())?.ok_or_else(Refusal::not_found)?;
        let asked = find_person(tx, &body.asked, &asker)?;
        // Nobody learns from the answer whether a code is in the register: a wish that reaches nobody waits like every other.
        if asked.is_none() && matches!(body.asked, Asked::Resident(_)) {
            return Err(nobody());
        }
        town.limits.meters.signatures.take(&reader.owner().to_string(), 1)?;
        if asked.as_ref().is_some_and(|asked| asked.id == asker.id) {
            return Err(invalid("Chi chiede non può firmare anche come altra persona."));
        }
        withdraw(tx, reader, body.case, &body.signer)?;
        let bytes =
            signed_bytes(body.service, body.form_version, &body.answers, &body.files).map_err(StoreError::from)?;
        // Nobody learns a name from a code: the asker reads it when it is signed.
        let named = match &body.asked {
            Asked::Resident(_) => asked.as_ref().map(ResidentRecord::full_name).unwrap_or_default(),
            Asked::TaxCode(typed) => codes::tax_code(typed).map_err(|_| invalid("Il codice fiscale non torna."))?,
        };
        let record = SignatureRecord {
            id,
            case: body.case,
            title: service.title,
            signer: body.signer,
            label: signer.label.clone(),
            asker: asker.full_name(),
            person: asked.as_ref().map(ResidentRecord::full_name).unwrap_or_default(),
            digest: digest(&bytes).to_string(),
            state: SigningState::Waiting.into(),
            note: None,
            asked_at: now,
            answered_at: None,
            form: serde_json::to_value(&pack.form).map_err(StoreError::from)?,
            answers: serde_json::to_value(&body.answers).map_err(StoreError::from)?,
            files: body.files,
        };
        let other = asked.map(|asked| Owner::from(ResidentId::from_uuid(asked.id)));
        let of_asker = SignatureRecord { person: named, ..record.clone() };
        write(tx, Collection::SignaturesAsked, reader.owner(), &of_asker)?;
        if let Some(other) = other {
            write(tx, Collection::SignaturesWanted, other, &record)?;
        }
        Ok(between(reader, other.or(Some(reader.owner()))))
    })
}

/// Returns whether answers are as their form asks for them, so far: what is still missing, and who has not signed, is no fault of theirs.
fn fits(town: &Town, pack: &ServicePack, body: &SignatureBody) -> bool {
    let files: BTreeMap<AttachmentId, FileFacts> =
        body.files.iter().map(|file| (AttachmentId::from_uuid(file.id), file.facts())).collect();
    let named: BTreeSet<_> = body.answers.files().collect();
    let (today, file_bytes) = (town_day(town.now()), town.identity.limits.file_bytes);
    let known = Known { today, files: &files, household: None, signed: &[], file_bytes };
    let so_far = |gap: &FieldError| {
        matches!(
            gap.lack,
            FieldErrorKind::Missing
                | FieldErrorKind::NotSigned(_)
                | FieldErrorKind::NotOfTheHousehold
                | FieldErrorKind::FileUndated
                | FieldErrorKind::NotYetOpen(_)
        )
    };
    files.keys().all(|file| named.contains(file)) && gaps(&pack.form, &body.answers, &known).iter().all(so_far)
}

/// Whoever is asked signs what they read, or declines. What is asked no more, or was answered, stays as it is.
pub(crate) fn receive_answer(
    town: &Town,
    reader: &Reader,
    id: Uuid,
    body: &SignatureAnswer,
    body_digest: Sha256,
) -> Result<Arrived, Refusal> {
    let now = town.now();
    let incoming = Incoming { reader, kind: MessageKind::SignatureAnswer, id, digest: body_digest };
    receive_once(town, incoming, anybody, |tx, ()| {
        let note = body.note.as_deref().map(|note| message::text(town, note)).transpose()?;
        let wanted = find(tx, Collection::SignaturesWanted, id)?;
        // Only whoever is asked signs: not even a parent for a child.
        let own = |record: &Record<SignatureRecord>| record.owner == reader.resident.map(Owner::from);
        let mut record = wanted.filter(own).ok_or_else(Refusal::not_found)?;
        let asked = find(tx, Collection::SignaturesAsked, id)?;
        let asker = asked.as_ref().and_then(|record| record.owner);
        if record.body.state == SigningState::Waiting {
            if record.body.digest != body.digest {
                let title = "Something else was signed than what is asked for";
                return Err(Refusal::new(RefusalKind::Unprocessable, ProblemCode::Stale, title));
            }
            let state = if body.signs { SigningState::Signed } else { SigningState::Declined };
            record.body = SignatureRecord { state: state.into(), note, answered_at: Some(now), ..record.body };
            if let (Some(asker), Some(asked)) = (asker, asked) {
                let person = if body.signs { record.body.person.clone() } else { asked.body.person };
                write(tx, Collection::SignaturesAsked, asker, &SignatureRecord { person, ..record.body.clone() })?;
            }
            let kept = if body.signs { record.body } else { emptied(record.body) };
            write(tx, Collection::SignaturesWanted, reader.owner(), &kept)?;
        }
        Ok(between(reader, asker))
    })
}

/// Takes the withdrawal of a signature that was asked for. What a case was sent with stays: it is evidence.
pub(crate) fn receive_withdrawal(
    town: &Town,
    reader: &Reader,
    id: Uuid,
    body_digest: Sha256,
) -> Result<Arrived, Refusal> {
    let incoming = Incoming { reader, kind: MessageKind::SignatureWithdrawal, id, digest: body_digest };
    receive_once(town, incoming, anybody, |tx, ()| {
        let asked = find(tx, Collection::SignaturesAsked, id)?;
        let own = |record: &Record<SignatureRecord>| record.owner == Some(reader.owner());
        let asked = asked.filter(own).ok_or_else(Refusal::not_found)?;
        let sent = is_sent(tx, asked.body.case)?;
        let other = if sent { None } else { withdraw_one(tx, reader, asked.body)? };
        Ok(between(reader, other))
    })
}

/// The effect on the records of both sides of a signature; on nobody's where there is no other side.
fn between(reader: &Reader, other: Option<Owner>) -> Effect {
    let changed = other.map_or_else(Vec::new, |other| vec![Changed(Some(reader.owner())), Changed(Some(other))]);
    Effect { number: String::new(), changed }
}

/// Whom somebody asks: by identity only of their own household, so that nobody is found by guessing.
fn find_person(
    tx: &Transaction<'_>,
    asked: &Asked,
    asker: &ResidentRecord,
) -> Result<Option<ResidentRecord>, StoreError> {
    match asked {
        Asked::Resident(id) if asker.household.iter().any(|member| member.id == *id) => person(tx, *id),
        Asked::Resident(_) => Ok(None),
        Asked::TaxCode(typed) => {
            let Ok(code) = codes::tax_code(typed) else { return Ok(None) };
            let found = store::resident_by_tax_code(tx, &code)?;
            Ok(found.map(|id| person(tx, id.uuid())).transpose()?.flatten())
        }
    }
}

fn signed_out() -> Refusal {
    Refusal::new(RefusalKind::Forbidden, ProblemCode::SignInRefused, "A signed-in resident is required")
}

fn nobody() -> Refusal {
    Refusal::new(RefusalKind::Unprocessable, ProblemCode::NobodyKnown, "No resident has this name or tax code")
}

fn person(tx: &Transaction<'_>, id: Uuid) -> Result<Option<ResidentRecord>, StoreError> {
    Ok(store::find::<ResidentRecord>(tx, Collection::Residents, &id.to_string())?.map(|record| record.body))
}

fn find(tx: &Transaction<'_>, of: Collection, id: Uuid) -> Result<Option<Record<SignatureRecord>>, StoreError> {
    store::find(tx, of, &id.to_string())
}

fn write(tx: &Transaction<'_>, to: Collection, owner: Owner, record: &SignatureRecord) -> Result<(), StoreError> {
    store::write(tx, to.code(), &record.id.to_string(), Some(owner), record)
}

/// What the caller asked of a case.
fn asked_by(tx: &Transaction<'_>, reader: &Reader, case: Uuid) -> Result<Vec<SignatureRecord>, StoreError> {
    let all = store::all::<SignatureRecord>(tx, Collection::SignaturesAsked)?;
    let own = |record: &Record<SignatureRecord>| record.body.case == case && record.owner == Some(reader.owner());
    Ok(all.into_iter().filter(own).map(|record| record.body).collect())
}

/// Returns whether a case was sent: what is signed of it stays as it is.
fn is_sent(tx: &Transaction<'_>, case: Uuid) -> Result<bool, StoreError> {
    Ok(store::find::<CaseRecord>(tx, Collection::Cases, &case.to_string())?.is_some())
}

/// What was asked of this co-signer before is asked no more.
fn withdraw(tx: &Transaction<'_>, reader: &Reader, case: Uuid, signer: &str) -> Result<(), StoreError> {
    for before in asked_by(tx, reader, case)?.into_iter().filter(|record| record.signer == signer) {
        withdraw_one(tx, reader, before)?;
    }
    Ok(())
}

/// A signature is asked for no more; answers of whom it was.
fn withdraw_one(tx: &Transaction<'_>, reader: &Reader, asked: SignatureRecord) -> Result<Option<Owner>, StoreError> {
    let gone = |record| SignatureRecord { state: SigningState::Withdrawn.into(), ..record };
    let wanted = find(tx, Collection::SignaturesWanted, asked.id)?;
    write(tx, Collection::SignaturesAsked, reader.owner(), &gone(asked))?;
    let Some(Record { owner: Some(other), body, .. }) = wanted else { return Ok(None) };
    write(tx, Collection::SignaturesWanted, other, &emptied(gone(body)))?;
    Ok(Some(other))
}

/// A record without what it was about: whoever did not sign keeps nothing of somebody else's case.
fn emptied(record: SignatureRecord) -> SignatureRecord {
    SignatureRecord { form: Value::Null, answers: Value::Null, files: Vec::new(), ..record }
}

/// The residents who signed exactly this.
pub(crate) fn signed(
    tx: &Transaction<'_>,
    reader: &Reader,
    case: CaseId,
    pack: &ServicePack,
    body: &CaseBody,
) -> Result<Vec<SignedBy>, StoreError> {
    if pack.form.co_signers.is_empty() {
        return Ok(Vec::new());
    }
    let digest = digest(&signed_bytes(body.service, body.form_version, &body.answers, &body.files)?).to_string();
    let all = asked_by(tx, reader, case.uuid())?.into_iter();
    let good = all.filter(|record| record.state == SigningState::Signed && record.digest == digest);
    Ok(good
        .filter_map(|record| {
            Some(SignedBy {
                signer: record.signer,
                person: record.person,
                at: record.answered_at?,
                digest: record.digest,
            })
        })
        .collect())
}
