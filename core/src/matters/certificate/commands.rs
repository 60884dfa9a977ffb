//! Certificates: asked for without a network, listed with what they are worth today, shown, checked.

use chrono::NaiveTime;
use rusqlite::Transaction;
use vicino_contract::http::{
    CertificateBody, CertificateRecord, Collection, HeldBody, IssuedBody, ResidentRecord, WithdrawalBody,
};
use vicino_contract::ipc::{
    AboutRow, AskCertificate, CertificateList, CertificateRow, CertificateState, CertificateView, GetCertificate,
    HeldView, KindView, ListCertificates, WithdrawCertificate,
};
use vicino_contract::jws::{self, Kind};
use vicino_contract::{Event, Failure, FailureCode, MessageKind};
use vicino_domain::certificate::{CertificateKind, CertificateRequest, CertificateRequestError, IssueState};
use vicino_domain::{CertificateId, Instant, NoticeId, ResidentId, town_day};
use vicino_pictures::draw;

use crate::device::Device;
use crate::device::command::Handle;
use crate::directory;
use crate::entropy::random;
use crate::error::Error;
use crate::matters::certificate::store::{self, Requested};
use crate::outbox::identity;
use crate::store::files::{self, KeptFile};
use crate::store::identity::Joined;
use crate::store::outbox::NewRequest;
use crate::store::{cursors, outbox, person};

impl Handle for ListCertificates {
    fn handle(self, device: &Device) -> Result<CertificateList, Error> {
        let (now, offered) = (device.now(), offered(device)?);
        device.store.private(|tx| {
            let own = registered(tx)?;
            let held = |kind: CertificateKind| {
                let known = own.as_ref()?.registry.as_ref()?.held.iter();
                known.clone().find(|held| held.kind.as_deref().is_none_or(|code| code == kind.code())).map(held_view)
            };
            let mut rows = Vec::new();
            for record in store::records(tx)? {
                rows.push((record.asked_at, row(&record, now)));
            }
            for waiting in store::waiting(tx)? {
                rows.push((waiting.request.saved_at, saved(tx, &waiting)?));
            }
            rows.sort_by_key(|(at, row)| (std::cmp::Reverse(*at), row.id));
            let people = own.iter().flat_map(|own| {
                let me = AboutRow { id: ResidentId::from_uuid(own.id), name: own.full_name(), own: true };
                let family = own.household.iter();
                let family = family.map(|member| AboutRow {
                    id: ResidentId::from_uuid(member.id),
                    name: member.name.clone(),
                    own: false,
                });
                std::iter::once(me).chain(family)
            });
            Ok(CertificateList {
                rows: rows.into_iter().map(|(_, row)| row).collect(),
                offered: offered.iter().map(|kind| KindView { kind: *kind, held: held(*kind) }).collect(),
                people: people.collect(),
                freshness: device.own_freshness(cursors::read(tx)?.freshness),
            })
        })
    }
}

impl Handle for GetCertificate {
    fn handle(self, device: &Device) -> Result<CertificateView, Error> {
        let now = device.now();
        let joined = device.joined()?;
        let keys = joined.as_ref().map(Joined::certificate_keys).unwrap_or_default();
        let signed = |issued: &IssuedBody| {
            let at = issued.on.and_time(NaiveTime::MIN).and_utc();
            jws::verify(Kind::Certificate, &issued.word, &keys).is_ok()
                && joined.as_ref().is_some_and(|joined| joined.believes(&issued.word, at))
        };
        let (view, office) = device.store.private(|tx| {
            let freshness = device.own_freshness(cursors::read(tx)?.freshness);
            let withdrawing = outbox::of(tx, self.id)?
                .iter()
                .any(|request| request.kind == MessageKind::CertificateWithdrawal && request.delivered_at.is_none());
            if let Some(record) = store::record(tx, self.id)? {
                let file = files::of(tx, self.id)?.iter().map(KeptFile::view).next();
                let office = record.held.as_ref().and_then(|held| held.office);
                let view = CertificateView {
                    row: row(&record, now),
                    asked_at: record.asked_at,
                    number: record.issued.as_ref().map(|issued| issued.number.clone()),
                    says: record.issued.iter().flat_map(|issued| &issued.says).map(|said| said.text.clone()).collect(),
                    signed: record.issued.as_ref().is_some_and(signed),
                    word: record.issued.as_ref().map(word).transpose()?,
                    file,
                    revoked: record.revoked.map(|revoked| revoked.why),
                    withdrawing,
                    office: None,
                    freshness,
                };
                return Ok((view, office));
            }
            let waiting = store::waiting(tx)?.into_iter().find(|waiting| waiting.id == self.id);
            let waiting = waiting.ok_or_else(Error::not_found)?;
            let view = CertificateView {
                row: saved(tx, &waiting)?,
                asked_at: waiting.request.saved_at,
                number: None,
                says: Vec::new(),
                signed: false,
                word: None,
                file: None,
                revoked: None,
                withdrawing,
                office: None,
                freshness,
            };
            Ok((view, None))
        })?;
        let office = directory::whom_to_ask(device, office)?;
        Ok(CertificateView { office, ..view })
    }
}

impl Handle for AskCertificate {
    fn handle(self, device: &Device) -> Result<CertificateId, Error> {
        let (now, offered) = (device.now(), offered(device)?);
        let wish = CertificateRequest { kinds: &self.kinds, audience: self.audience, stamp: &self.stamp };
        if let Err(bad) = wish.check(&offered) {
            let code = if bad == CertificateRequestError::SelfCertify {
                FailureCode::SelfCertify
            } else {
                FailureCode::CertificateWish
            };
            return Err(Failure::new(code).into());
        }
        let id = CertificateId::new(now, random()?);
        device.store.private(|tx| {
            let own = registered(tx)?.ok_or_else(|| Failure::new(FailureCode::SignedOut))?;
            let known = self.person.uuid() == own.id || own.household.iter().any(|one| one.id == self.person.uuid());
            if !known {
                return Err(Error::not_found());
            }
            let body = CertificateBody {
                kinds: self.kinds,
                person: self.person.uuid(),
                audience: self.audience,
                stamp: self.stamp,
                sent_at: now,
            };
            let key = NewRequest { id: identity(device)?, matter: id.into(), kind: MessageKind::Certificate };
            outbox::insert(tx, key, &id.to_string(), &serde_json::to_vec(&body)?, now)
        })?;
        for event in [Event::Documents, Event::Outbox, Event::Status] {
            device.tell(event);
        }
        device.wake.notify_one();
        Ok(id)
    }
}

impl Handle for WithdrawCertificate {
    fn handle(self, device: &Device) -> Result<(), Error> {
        let now = device.now();
        device.store.private(|tx| {
            let requests = outbox::of(tx, self.id)?;
            let own = requests.iter().find(|request| request.kind == MessageKind::Certificate);
            // Nothing of it left, or the town refused it: it is taken back here, and nobody else knows of it.
            if let Some(own) = own.filter(|own| own.delivered_at.is_none() && (!own.left || own.stuck.is_some())) {
                return outbox::remove(tx, own.seq);
            }
            let record = store::record(tx, self.id)?;
            if own.is_none() && record.is_none() {
                return Err(Error::not_found());
            }
            let wished = requests.iter().any(|request| request.kind == MessageKind::CertificateWithdrawal);
            if wished || record.is_some_and(|record| !record.state.known().is_some_and(IssueState::is_open)) {
                return Err(Failure::new(FailureCode::AlreadySent).into());
            }
            let body = serde_json::to_vec(&WithdrawalBody { sent_at: now })?;
            let key =
                NewRequest { id: identity(device)?, matter: self.id.into(), kind: MessageKind::CertificateWithdrawal };
            outbox::insert(tx, key, &self.id.to_string(), &body, now)
        })?;
        for event in [Event::Documents, Event::Outbox, Event::Status] {
            device.tell(event);
        }
        device.wake.notify_one();
        Ok(())
    }
}

/// What this town's registry issues, by its card.
fn offered(device: &Device) -> Result<Vec<CertificateKind>, Error> {
    let card = device.joined()?.map(|joined| joined.card.certificates).unwrap_or_default();
    Ok(card.iter().filter_map(|code| CertificateKind::from_code(code)).collect())
}

/// Whoever uses the device, as the registry has them.
pub(crate) fn registered(tx: &Transaction<'_>) -> Result<Option<ResidentRecord>, Error> {
    let Some(person) = person::find(tx)? else { return Ok(None) };
    let body = vicino_records::body(tx, Collection::Residents.code(), person.resident.uuid())?;
    Ok(body.and_then(|body| serde_json::from_str(&body).ok()))
}

fn word(issued: &IssuedBody) -> Result<(String, String), Error> {
    let code = draw::qr(&issued.word).map_err(|_| Failure::new(FailureCode::Internal))?;
    Ok((issued.word.clone(), code))
}

fn held_view(held: &HeldBody) -> HeldView {
    HeldView { why: held.why.clone(), since: held.since, until: held.until, code: held.code.clone() }
}

/// The row of a certificate the town knows of.
fn row(record: &CertificateRecord, now: Instant) -> CertificateRow {
    let today = town_day(now);
    let issued = record.issued.as_ref();
    let until = issued.and_then(|issued| issued.until);
    let state = match record.state.known() {
        Some(IssueState::Issued) if until.is_some_and(|until| until < today) => CertificateState::Expired,
        Some(IssueState::Issued) => CertificateState::Issued,
        Some(IssueState::Held) => CertificateState::Held,
        Some(IssueState::StampDue) => CertificateState::StampDue,
        Some(IssueState::Revoked) => CertificateState::Revoked,
        Some(IssueState::Withdrawn) => CertificateState::Withdrawn,
        // A word of a release to come: the town has it.
        Some(IssueState::Asked) | None => CertificateState::Asked,
    };
    CertificateRow {
        id: CertificateId::from_uuid(record.id),
        kinds: record.kinds.iter().filter_map(|code| CertificateKind::from_code(code)).collect(),
        person: record.person_name.clone(),
        state,
        on: issued.map(|issued| issued.on),
        until,
        days: until.map(|until| until.signed_duration_since(today).num_days()),
        held: record.held.as_ref().map(held_view),
        notice: record.notice.map(NoticeId::from_uuid),
    }
}

/// The row of one that the town does not know of yet.
fn saved(tx: &Transaction<'_>, Requested { id, request, body }: &Requested) -> Result<CertificateRow, Error> {
    let own = registered(tx)?;
    let name = own.and_then(|own| {
        let member = own.household.iter().find(|member| member.id == body.person).map(|member| member.name.clone());
        if own.id == body.person { Some(own.full_name()) } else { member }
    });
    Ok(CertificateRow {
        id: *id,
        kinds: body.kinds.clone(),
        person: name.unwrap_or_default(),
        state: if request.stuck.is_some() { CertificateState::Stuck } else { CertificateState::Saved },
        on: None,
        until: None,
        days: None,
        held: None,
        notice: None,
    })
}
