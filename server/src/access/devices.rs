//! Devices: introduced, signed in on, listed to their resident, shut out when they are lost.

use chrono::TimeDelta;
use rusqlite::Transaction;
use uuid::Uuid;
use vicino_contract::http::{Collection, DeviceBody, ProblemCode, SignedInDevices, SignedInRecord, WhoseDevices};
use vicino_domain::{DeviceId, Instant, ResidentId, codes, text};

use crate::access::operators;
use crate::access::operators::{Deed, Operator};
use crate::entropy::{digest, token};
use crate::limits::address::Address;
use crate::reader::Owner;
use crate::refusal::{RefusalKind, sound_id};
use crate::store::sessions::{self, Session};
use crate::store::{self, StoreError};
use crate::{Changed, Reader, Refusal, Town};

/// The longest name of a device.
const NAME: usize = 60;
/// The kinds of device that are told.
const KINDS: [&str; 4] = ["phone", "computer", "shell", "browser"];
/// The time a device's own token is good; then it introduces itself again, and has another.
pub(crate) const TOKEN: TimeDelta = TimeDelta::days(30);
/// Within this time it is told once that a device was heard of.
const SEEN: TimeDelta = TimeDelta::hours(20);
/// A device that sent nothing is forgotten after this time.
const FORGOTTEN: TimeDelta = TimeDelta::days(60);

/// Makes a device known and gives it a token.
pub(crate) fn introduce(town: &Town, device: &DeviceBody, address: Address) -> Result<String, Refusal> {
    let token = token()?;
    let (secret, kept) = (digest(device.secret.as_bytes()), digest(token.as_bytes()));
    let (id, now) = (DeviceId::from_uuid(device.id), town.now());
    let name: String = text::line(&device.name).chars().take(NAME).collect();
    let kind = KINDS.into_iter().find(|kind| *kind == device.kind).unwrap_or_default();
    town.register.write(|tx| {
        // A device that is known keeps its id, however it was made.
        if !store::is_device(tx, id)? {
            town.limits.meters.devices.take(&format!("address:{address}"), 1)?;
            sound_id(id.uuid())?;
            if store::is_taken(tx, id.uuid())? {
                return Err(Refusal::id_conflict());
            }
        }
        if !store::register_device(tx, id, secret, now)? {
            return Err(Refusal::id_conflict());
        }
        if store::is_ended(tx, id)? {
            return Err(Refusal::new(RefusalKind::Forbidden, ProblemCode::DeviceEnded, "Device revoked"));
        }
        store::describe_device(tx, id, (&name, kind), now)?;
        store::keep_token(tx, id, kept, now)?;
        Ok(token)
    })
}

/// Writes down that a session is there, or that it is over, where its resident reads it.
pub(crate) fn note_session(tx: &Transaction<'_>, session: &Session) -> Result<(), StoreError> {
    let (id, owner) = (handle(session.id), Owner::from(session.resident));
    if session.ended {
        return store::tombstone(tx, Collection::Devices.code(), &id.to_string());
    }
    store::write(tx, Collection::Devices.code(), &id.to_string(), Some(owner), &told(tx, session)?)
}

/// The devices a resident is signed in on.
pub(crate) fn mine(town: &Town, reader: &Reader) -> Result<SignedInDevices, Refusal> {
    let resident = reader.resident.ok_or_else(Refusal::not_found)?;
    let items = town.register.read(|tx| signed_in(tx, resident))?;
    Ok(SignedInDevices { items, here: reader.session.map(handle) })
}

/// A resident signs out on a device of theirs, or on all of them.
pub(crate) fn sign_out_there(town: &Town, reader: &Reader, which: Option<Uuid>) -> Result<(), Refusal> {
    let resident = reader.resident.ok_or_else(Refusal::not_found)?;
    town.register.write(|tx| {
        let ended = end_sessions(town, tx, resident, which)?;
        if ended.is_empty() && which.is_some() { Err(Refusal::not_found()) } else { Ok(()) }
    })?;
    // Streams of what has ended look again, and end.
    town.register.say_changed(Changed(Some(resident.into())));
    Ok(())
}

/// Ends one of a resident's sessions, or all; answers which devices they were on.
fn end_sessions(
    town: &Town,
    tx: &Transaction<'_>,
    resident: ResidentId,
    which: Option<Uuid>,
) -> Result<Vec<DeviceId>, StoreError> {
    let wanted = |session: &Session| which.is_none_or(|id| handle(session.id) == id);
    if which.is_none() {
        sessions::forget_sign_ins(tx, resident)?;
    }
    let all = sessions::of_resident(tx, resident)?.into_iter().filter(wanted);
    all.map(|session| {
        let device = session.device;
        super::sessions::end(town, tx, session)?;
        Ok(device)
    })
    .collect()
}

/// A manager looks at the devices of a resident who has lost one.
pub(crate) fn of_resident(town: &Town, by: &Operator, whose: &WhoseDevices) -> Result<SignedInDevices, Refusal> {
    by.may(Deed::ShutOut)?;
    let read = |tx: &Transaction<'_>| {
        let resident = resident_of(tx, &whose.tax_code)?;
        Ok((signed_in(tx, resident)?, resident))
    };
    let (items, _) = operators::audited_by(town, by, Deed::Read, read, |(_, resident)| vec![resident.to_string()])?;
    Ok(SignedInDevices { items, here: None })
}

/// A manager shuts a lost device out, or all of a resident's: nothing of it is believed any more.
pub(crate) fn shut_out(town: &Town, by: &Operator, whose: &WhoseDevices) -> Result<SignedInDevices, Refusal> {
    let now = town.now();
    let shut = |tx: &Transaction<'_>| {
        let resident = resident_of(tx, &whose.tax_code)?;
        let devices = end_sessions(town, tx, resident, whose.id)?;
        if devices.is_empty() {
            return Err(Refusal::not_found());
        }
        for device in devices {
            store::end_device(tx, device, now)?;
            // All other residents signed in on that device are signed out too.
            sessions::on_device(tx, device)?.into_iter().try_for_each(|other| super::sessions::end(town, tx, other))?;
        }
        Ok((signed_in(tx, resident)?, resident))
    };
    let (items, resident) =
        operators::audited_by(town, by, Deed::ShutOut, shut, |(_, resident)| vec![resident.to_string()])?;
    town.register.say_changed(Changed(Some(resident.into())));
    Ok(SignedInDevices { items, here: None })
}

/// Forgets devices that never sent anything and were not heard of for long: anybody may make them, and nobody uses them.
pub(crate) fn sweep(town: &Town, tx: &Transaction<'_>) -> Result<(), StoreError> {
    store::forget_silent_devices(tx, town.now() - FORGOTTEN)
}

/// Returns whether it is time to write down that a session was heard of.
pub(crate) fn is_news(session: &Session, now: Instant) -> bool {
    now - session.seen_at > SEEN
}

/// The name a session has outside: it follows from the session's own, and opens nothing.
pub(crate) fn handle(session: Uuid) -> Uuid {
    let mut short = [0; 16];
    short.iter_mut().zip(digest(format!("sign-in/{session}").as_bytes()).0).for_each(|(to, from)| *to = from);
    uuid::Builder::from_random_bytes(short).into_uuid()
}

/// A session as its resident reads it.
fn told(tx: &Transaction<'_>, session: &Session) -> Result<SignedInRecord, StoreError> {
    let (name, kind) = store::description_of(tx, session.device)?;
    Ok(SignedInRecord {
        id: handle(session.id),
        resident: session.resident.uuid(),
        device: SignedInRecord::device_of(session.device),
        name,
        kind,
        // Of one opened under a release that did not write it down, nobody knows.
        since: Some(session.opened_at).filter(|at| *at != Instant::default()),
        seen_at: session.seen_at,
    })
}

fn signed_in(tx: &Transaction<'_>, resident: ResidentId) -> Result<Vec<SignedInRecord>, StoreError> {
    let mut all: Vec<SignedInRecord> = sessions::of_resident(tx, resident)?
        .into_iter()
        .map(|session| told(tx, &session))
        .collect::<Result<_, StoreError>>()?;
    all.sort_by_key(|one| std::cmp::Reverse(one.seen_at));
    Ok(all)
}

fn resident_of(tx: &Transaction<'_>, tax_code: &str) -> Result<ResidentId, Refusal> {
    let code = codes::tax_code(tax_code).map_err(|_| Refusal::not_found())?;
    store::resident_by_tax_code(tx, &code)?.ok_or_else(Refusal::not_found)
}
