//! What an office does with cases: its queue, transitions with their conditions, protocol numbers, answers.

use chrono::Datelike as _;
use rusqlite::Transaction;
use vicino_contract::http::office::OfficeMessage;
use vicino_contract::http::tus::Part;
use vicino_contract::http::{CaseRecord, CaseTransition, Collection, OfficeCase, ProblemCode, ProtocolBody};
use vicino_domain::{CaseId, CaseState, Field, Invalid, OfficeId, Turn, text, town_day};

use crate::access::desks;
use crate::access::operators;
use crate::access::operators::{Deed, Operator};
use crate::matters::attachment;
use crate::matters::case::{case_of, state_of, step, write_case};
use crate::matters::message;
use crate::refusal::RefusalKind;
use crate::store::{self, Record, StoreError};
use crate::{Changed, Refusal, Town};

/// The queue of cases an operator sees: all of them, those in one state, those of one office; oldest change first.
pub(crate) fn queue(
    town: &Town,
    by: &Operator,
    state: Option<CaseState>,
    office: Option<OfficeId>,
) -> Result<Vec<OfficeCase>, Refusal> {
    let read = |tx: &Transaction<'_>| {
        let wanted = |record: &CaseRecord| {
            by.sees(record.office)
                && state.is_none_or(|state| record.state == state)
                && office.is_none_or(|office| record.office == office.uuid())
        };
        Ok(queued(tx, wanted)?)
    };
    let all = |items: &Vec<OfficeCase>| items.iter().map(|item| item.record.id.to_string()).collect();
    operators::audited_by(town, by, Deed::Read, read, all)
}

/// A case as the office sees it.
pub(crate) fn show(town: &Town, by: &Operator, id: CaseId) -> Result<OfficeCase, Refusal> {
    let read = |tx: &Transaction<'_>| {
        let record = case_of(tx, id)?.ok_or_else(Refusal::not_found)?;
        if reads(tx, by, &record)? { Ok(seen_by_office(record)) } else { Err(Refusal::not_found()) }
    };
    operators::audited_by(town, by, Deed::Read, read, |_| vec![id.to_string()])
}

/// The office moves a case, or suspends its term.
pub(crate) fn transition(town: &Town, by: &Operator, id: CaseId, wish: CaseTransition) -> Result<OfficeCase, Refusal> {
    let now = town.now();
    let refused = |title: &str| Refusal::new(RefusalKind::Conflict, ProblemCode::TransitionRefused, title);
    let next = wish
        .state
        .known()
        .filter(|next| !matches!(next, CaseState::Submitted | CaseState::Integrated | CaseState::Withdrawn))
        .ok_or_else(|| {
            Refusal::new(RefusalKind::Unprocessable, ProblemCode::TransitionRefused, "Offices cannot set this state")
        })?;
    let moved = |tx: &Transaction<'_>| {
        let mut record = seen(tx, by, id)?;
        if record.version != wish.version {
            return Err(Refusal::new(RefusalKind::Conflict, ProblemCode::Stale, "Case changed in the meantime"));
        }
        let state = state_of(&record.body).ok_or_else(|| refused("This state is of another release"))?;
        if wish.answer_by.is_some_and(|by| by < town_day(now)) {
            return Err(Refusal::new(
                RefusalKind::Unprocessable,
                ProblemCode::Invalid,
                "The deadline to answer has passed",
            ));
        }
        let stays = state == next && wish.suspends.is_some() && state.turn() != Turn::Nobody;
        // Suspending the term assigns no protocol number.
        if !stays {
            by.may_reach(next)?;
        }
        if !stays && !state.may_be_followed_by(next) {
            return Err(refused("This state may not follow the present one"));
        }
        let speaks = wish.note.as_deref().is_some_and(|note| !note.trim().is_empty());
        let must_speak = matches!(
            next,
            CaseState::IntegrationAsked | CaseState::AwaitingIntegration | CaseState::Refused | CaseState::Revoked
        );
        if !speaks && (must_speak || wish.suspends.is_some() || state.turn() == Turn::Nobody) {
            return Err(Refusal::invalid(vec![Invalid::missing(Field::Message)]));
        }
        if next == CaseState::Registered {
            let year = town_day(now).year();
            let number = format!("{}/{year}", store::next_protocol(tx, year)?);
            record.body.protocol = Some(ProtocolBody { number, at: now });
        }
        let mut entry =
            step(next, now, Some(desks::speaks_as(town, tx, by, &wish.office)?), wish.note.as_deref().map(text::lines));
        entry.suspends = wish.suspends;
        entry.answer_by = wish.answer_by.filter(|_| next.turn() == Turn::Resident);
        entry.files = attachment::give(town, tx, by, record.owner, &wish.files, now, |file| Part::CaseFile(id, file))?;
        record.body.history.push(entry);
        record.body.state = next.into();
        write_case(tx, &record)?;
        record.version += 1;
        let owner = record.owner;
        Ok((seen_by_office(record), owner))
    };
    let (seen, owner) = operators::audited_by(town, by, Deed::Moved, moved, |_| vec![id.to_string()])?;
    town.register.say_changed(Changed(owner));
    Ok(seen)
}

/// The office answers in a case's thread; the same message again changes nothing.
pub(crate) fn answer(town: &Town, by: &Operator, id: CaseId, message: OfficeMessage) -> Result<OfficeCase, Refusal> {
    let text = message::text(town, &message.text)?;
    let wrote = |tx: &Transaction<'_>| {
        let mut record = seen(tx, by, id)?;
        let part = |file| Part::CaseFile(id, file);
        if message::office_says(town, tx, by, (record.owner, &mut record.body.messages), (message, text), part)? {
            write_case(tx, &record)?;
            record.version += 1;
        }
        let owner = record.owner;
        Ok((seen_by_office(record), owner))
    };
    let (seen, owner) = operators::audited_by(town, by, Deed::Wrote, wrote, |_| vec![id.to_string()])?;
    town.register.say_changed(Changed(owner));
    Ok(seen)
}

/// The cases wanted, oldest change first.
pub(crate) fn queued(
    tx: &Transaction<'_>,
    wanted: impl Fn(&CaseRecord) -> bool,
) -> Result<Vec<OfficeCase>, StoreError> {
    let all = store::all::<CaseRecord>(tx, Collection::Cases)?;
    Ok(all.into_iter().filter(|record| wanted(&record.body)).map(seen_by_office).collect())
}

/// Returns whether a case is theirs to read: of an office of theirs, or what help with is asked of one.
pub(crate) fn reads(tx: &Transaction<'_>, by: &Operator, record: &Record<CaseRecord>) -> Result<bool, StoreError> {
    if by.sees(record.body.office) {
        return Ok(true);
    }
    let helps = |other: &Record<CaseRecord>| {
        other.body.about == Some(record.body.id) && other.owner == record.owner && by.sees(other.body.office)
    };
    Ok(store::all::<CaseRecord>(tx, Collection::Cases)?.iter().any(helps))
}

/// The case under this identity, when it is of an office of theirs.
fn seen(tx: &Transaction<'_>, by: &Operator, id: CaseId) -> Result<Record<CaseRecord>, Refusal> {
    case_of(tx, id)?.filter(|record| by.sees(record.body.office)).ok_or_else(Refusal::not_found)
}

fn seen_by_office(record: Record<CaseRecord>) -> OfficeCase {
    OfficeCase { version: record.version, record: record.body }
}
