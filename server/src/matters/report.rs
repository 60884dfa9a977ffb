//! Reports, seen from the town: what arrives from a device, and what an office does with it.

use chrono::{Datelike as _, Days};
use rusqlite::Transaction;
use vicino_contract::MessageKind;
use vicino_contract::http::office::{OfficeReport, Transition};
use vicino_contract::http::{
    AuthorBody, Collection, HistoryRecord, PhotoRecord, ProblemCode, PublicReportRecord, ReportBody, ReportRecord,
};
use vicino_domain::{
    Category, Field, Instant, Invalid, Limits, Open, ReportDraft, ReportId, ReportState, Sha256, text, town_day,
};

use crate::access::desks;
use crate::access::operators;
use crate::access::operators::{Deed, Operator};
use crate::access::residents::author;
use crate::matters::receive_once::receive_once;
use crate::matters::receive_once::{Arrived, Effect, Incoming, anybody};
use crate::refusal::{RefusalKind, sound_id};
use crate::store::{self, Record, StoreError};
use crate::{Changed, Reader, Refusal, Town};

/// Days the town gives itself for an answer.
const TERM: Days = Days::new(30);

/// The states that an office brings a report to.
pub(crate) const SET_BY_AN_OFFICE: [ReportState; 4] =
    [ReportState::InCharge, ReportState::YourTurn, ReportState::Resolved, ReportState::Declined];

/// Takes a report in.
pub(crate) fn receive(
    town: &Town,
    reader: &Reader,
    id: ReportId,
    mut body: ReportBody,
    digest: Sha256,
) -> Result<Arrived, Refusal> {
    let now = town.now();
    cleaned(&mut body);
    // A report of illegal behaviour is private whatever was asked for.
    body.private |= body.category.known().is_some_and(Category::is_private);
    let incoming = Incoming { reader, kind: MessageKind::Report, id: id.uuid(), digest };
    receive_once(town, incoming, anybody, |tx, ()| {
        check(&body, id, &town.identity.limits)?;
        let year = town_day(now).year();
        let number = format!("{year}/{:05}", store::next_number(tx, year)?);
        let record = received(id, number.clone(), body, (now, author(tx, reader)?));
        write_report(tx, &Record { version: 0, owner: Some(reader.owner()), body: record })?;
        Ok(Effect::on(number, Some(reader.owner())))
    })
}

/// Takes a resident's withdrawal of a report. One that never arrived is not found: its device then forgets it.
pub(crate) fn receive_withdrawal(
    town: &Town,
    reader: &Reader,
    id: ReportId,
    digest: Sha256,
) -> Result<Arrived, Refusal> {
    let now = town.now();
    let incoming = Incoming { reader, kind: MessageKind::Withdrawal, id: id.uuid(), digest };
    let own = |tx: &Transaction<'_>| own_report(tx, reader, id)?.ok_or_else(Refusal::not_found);
    receive_once(town, incoming, own, |tx, mut record| {
        let mut effect = Effect::on(record.body.number.clone(), record.owner);
        if is_public(&record.body) {
            effect.changed.push(Changed(None));
        }
        if may_follow(&record.body, ReportState::Withdrawn) {
            let (state, by) = (ReportState::Withdrawn.into(), author(tx, reader)?);
            record.body.history.push(HistoryRecord { state, at: now, office: None, note: None, by });
            record.body.state = ReportState::Withdrawn.into();
            write_report(tx, &record)?;
            store::free_uploads(tx, id.uuid())?;
        }
        Ok(effect)
    })
}

/// The office's queue: every report, or those in one state; oldest change first.
pub(crate) fn queue(town: &Town, by: &Operator, state: Option<ReportState>) -> Result<Vec<OfficeReport>, Refusal> {
    let wanted =
        |record: &ReportRecord| desks::sees_report(town, by, record) && state.is_none_or(|state| record.state == state);
    let read = |tx: &Transaction<'_>| Ok(queued(tx, wanted)?);
    let all = |items: &Vec<OfficeReport>| items.iter().map(|item| item.record.id.to_string()).collect();
    operators::audited_by(town, by, Deed::Read, read, all)
}

/// A report as the office sees it.
pub(crate) fn show(town: &Town, by: &Operator, id: ReportId) -> Result<OfficeReport, Refusal> {
    let read = |tx: &Transaction<'_>| seen(town, tx, by, id).map(seen_by_office);
    operators::audited_by(town, by, Deed::Read, read, |_| vec![id.to_string()])
}

/// The office moves a report to another state.
pub(crate) fn transition(town: &Town, by: &Operator, id: ReportId, step: Transition) -> Result<OfficeReport, Refusal> {
    let now = town.now();
    let next = step.state.known().filter(|next| SET_BY_AN_OFFICE.contains(next)).ok_or_else(|| {
        Refusal::new(RefusalKind::Unprocessable, ProblemCode::TransitionRefused, "Offices cannot set this state")
    })?;
    let speaks = step.note.as_deref().is_some_and(|note| !note.trim().is_empty());
    if !speaks && matches!(next, ReportState::YourTurn | ReportState::Declined) {
        return Err(Refusal::invalid(vec![Invalid::missing(Field::Message)]));
    }
    let moved = |tx: &Transaction<'_>| {
        let mut record = seen(town, tx, by, id)?;
        if record.version != step.version {
            return Err(Refusal::new(RefusalKind::Conflict, ProblemCode::Stale, "Report changed in the meantime"));
        }
        if !may_follow(&record.body, next) {
            return Err(Refusal::new(
                RefusalKind::Conflict,
                ProblemCode::TransitionRefused,
                "State transition not allowed",
            ));
        }
        let office = Some(desks::speaks_as(town, tx, by, &step.office)?);
        let note = step.note.as_deref().map(text::lines);
        record.body.history.push(HistoryRecord { state: next.into(), at: now, office, note, by: None });
        record.body.state = next.into();
        record.body.expected_by = step.expected_by.or(record.body.expected_by);
        write_report(tx, &record)?;
        record.version += 1;
        let owner = record.owner;
        Ok((seen_by_office(record), owner))
    };
    let (report, owner) = operators::audited_by(town, by, Deed::Moved, moved, |_| vec![id.to_string()])?;
    town.register.say_changed(Changed(owner));
    town.register.say_changed(Changed(None));
    Ok(report)
}

/// The report under this identity, when it is an operator's to see.
pub(crate) fn seen(
    town: &Town,
    tx: &Transaction<'_>,
    by: &Operator,
    id: ReportId,
) -> Result<Record<ReportRecord>, Refusal> {
    report_of(tx, id)?.filter(|record| desks::sees_report(town, by, &record.body)).ok_or_else(Refusal::not_found)
}

/// The reports wanted, oldest change first.
pub(crate) fn queued(
    tx: &Transaction<'_>,
    wanted: impl Fn(&ReportRecord) -> bool,
) -> Result<Vec<OfficeReport>, StoreError> {
    let all = store::all::<ReportRecord>(tx, Collection::Reports)?;
    Ok(all.into_iter().filter(|record| wanted(&record.body)).map(seen_by_office).collect())
}

/// The report under this identity, whosoever it is.
pub(crate) fn report_of(tx: &Transaction<'_>, id: ReportId) -> Result<Option<Record<ReportRecord>>, StoreError> {
    store::find(tx, Collection::Reports, &id.to_string())
}

/// The report under this identity, when the caller may see it; another's is as good as none.
pub(crate) fn own_report(
    tx: &Transaction<'_>,
    reader: &Reader,
    id: ReportId,
) -> Result<Option<Record<ReportRecord>>, Refusal> {
    let found = report_of(tx, id)?;
    Ok(found.filter(|record| record.owner.is_some_and(|owner| reader.may_see(owner))))
}

/// Writes a report, and its public face when it has one.
pub(crate) fn write_report(tx: &Transaction<'_>, record: &Record<ReportRecord>) -> Result<(), StoreError> {
    let id = record.body.id.to_string();
    store::write(tx, Collection::Reports.code(), &id, record.owner, &record.body)?;
    if is_public(&record.body) {
        store::write(tx, Collection::PublicReports.code(), &id, None, &public_face(&record.body))
    } else {
        store::tombstone(tx, Collection::PublicReports.code(), &id)
    }
}

/// Returns whether everyone may read of it: once an office has taken it in charge, unless it is private or withdrawn.
fn is_public(record: &ReportRecord) -> bool {
    let seen = record.history.iter().any(|entry| entry.state == ReportState::InCharge);
    seen && !record.report.private && record.state != ReportState::Withdrawn
}

/// What everyone may read: neither who, nor how to reach them, nor the thread, nor where the phone stood at first.
fn public_face(record: &ReportRecord) -> PublicReportRecord {
    let mut place = record.report.place.clone();
    place.corrected_from = None;
    PublicReportRecord {
        id: record.id,
        category: record.report.category.clone(),
        title: record.report.title.clone(),
        details: record.report.details.clone(),
        place,
        state: record.state.clone(),
        received_at: record.received_at,
    }
}

fn may_follow(record: &ReportRecord, next: ReportState) -> bool {
    record.state.known().is_some_and(|state| state.may_be_followed_by(next))
}

fn seen_by_office(record: Record<ReportRecord>) -> OfficeReport {
    OfficeReport { version: record.version, record: record.body }
}

/// The record of a report that arrives now.
fn received(id: ReportId, number: String, body: ReportBody, (now, by): (Instant, Option<AuthorBody>)) -> ReportRecord {
    let photos = body.photos.iter();
    let arrived = photos
        .map(|photo| PhotoRecord { id: photo.id, sha256: photo.sha256.clone(), size: photo.size, arrived: false })
        .collect();
    let state = Open::from(ReportState::Received);
    ReportRecord {
        id: id.uuid(),
        number,
        received_at: now,
        state: state.clone(),
        report: body,
        arrived,
        history: vec![HistoryRecord { state, at: now, office: None, note: None, by }],
        messages: Vec::new(),
        expected_by: now.checked_add_days(TERM),
    }
}

/// Takes out of a report the letters that lie about themselves, before anybody reads it.
fn cleaned(body: &mut ReportBody) {
    body.title = text::line(&body.title);
    body.details = text::lines(&body.details);
    let words = [&mut body.contact, &mut body.place.address, &mut body.place.note];
    for one in words.into_iter().flatten() {
        *one = text::line(one);
    }
}

/// The rules of the form, the very ones the device applied before sending.
fn check(body: &ReportBody, id: ReportId, limits: &Limits) -> Result<(), Refusal> {
    body.photos.iter().try_for_each(|photo| sound_id(photo.id))?;
    // Its bytes are held against this digest when they come: one written otherwise would never be met.
    if body.photos.iter().any(|photo| photo.sha256.parse::<Sha256>().is_err()) {
        let malformed = Refusal::new(RefusalKind::Malformed, ProblemCode::Malformed, "Malformed request");
        return Err(malformed.detail("A digest is sixty-four lower-case hexadecimal digits"));
    }
    if body.photos.iter().any(|photo| photo.size > limits.photo_bytes || photo.size == 0) {
        return Err(Refusal::new(RefusalKind::Unprocessable, ProblemCode::TooLarge, "Photo empty or too large"));
    }
    let malformed = |field: &str| {
        Refusal::new(RefusalKind::Malformed, ProblemCode::Malformed, "Malformed request").detail(field.to_owned())
    };
    let report = body.clone().into_report(id).map_err(|unsound| malformed(unsound.0))?;
    let invalid = ReportDraft::from(report).invalid(limits);
    if invalid.is_empty() { Ok(()) } else { Err(Refusal::invalid(invalid)) }
}
