//! Every day that asks something of somebody: from cases, drafts, reports, notices and what the town tells; and the same as a calendar.

use chrono::NaiveDate;
use icalendar::{Calendar, Component as _, Event as Entry, EventLike as _};
use rusqlite::Transaction;
use uuid::Uuid;
use vicino_contract::http::{CaseRecord, Collection, DeadlineRecord};
use vicino_contract::ipc::{
    CalendarWords, DeadlineList, DeadlineRow, GetCalendar, ListDeadlines, NoticeRow, OpenCalendar, Target,
};
use vicino_domain::{CaseId, DeadlineKind, Instant, NoticeState, Turn, text, town_day};

use crate::device::Device;
use crate::device::command::Handle;
use crate::error::Error;
use crate::matters::case::commands::clock_of;
use crate::matters::notice::ledger::Ledger;
use crate::matters::{case, document, report};
use crate::overview::deadlines::case::view::answer_by;
use crate::store::cursors;

/// The most matters scanned for deadlines: more than anybody has.
const MOST: u32 = 5_000;
/// The calendar's name on the disk.
const FILE: &str = "scadenze.ics";

/// Every day, the nearest first.
pub(crate) fn days(tx: &Transaction<'_>, now: Instant) -> Result<Vec<DeadlineRow>, Error> {
    let today = town_day(now);
    let mut rows = Vec::new();
    let mut keep = |on: NaiveDate, kind, title: &str, beneficiary: Option<String>, (matter, id): (Target, Uuid)| {
        let days = on.signed_duration_since(today).num_days();
        rows.push(DeadlineRow { on, kind, title: title.to_owned(), beneficiary, days, matter, id });
    };
    for record in case::store::records(tx, (0, MOST))? {
        let Some((on, kind)) = of_case(&record, now) else { continue };
        keep(on, kind, &record.title, None, (Target::Case(CaseId::from_uuid(record.id)), record.id));
    }
    for draft in case::store::drafts(tx)? {
        let closes = draft.pack.form.closes_on.filter(|_| !draft.answers.0.is_empty());
        if let Some(on) = closes {
            keep(on, DeadlineKind::Send, &draft.title, None, (Target::Draft(draft.id), draft.id.uuid()));
        }
    }
    for kept in report::store::page(tx, 0, MOST)? {
        let Some(record) = &kept.record else { continue };
        let open = record.state.known().is_some_and(|state| !state.is_closed());
        if let Some(by) = record.expected_by.filter(|_| open) {
            let id = kept.report.id;
            keep(town_day(by), DeadlineKind::Report, &kept.report.title, None, (Target::Report(id), id.uuid()));
        }
    }
    let ledger = Ledger::read(tx, now)?;
    for record in ledger.records(tx)? {
        // What the creditor says is not paid keeps its day, whatever was said of it.
        let open =
            |row: &NoticeRow| row.state == NoticeState::ToPay || (row.state == NoticeState::OnItsWay && row.contrary);
        let open = ledger.days_of(&record).into_iter().filter(open);
        let informed = ledger.information_of(&record).into_iter().filter(|row| row.days >= 0);
        // Each instalment has a day of its own, and the same identity whenever it is told; what is paid elsewhere has others.
        for (row, others) in open.map(|row| (row, 0)).chain(informed.map(|row| (row, 0x100_0000))) {
            let Some(on) = row.due_on else { continue };
            let part = u128::from(row.part.0.saturating_sub(1));
            let id = Uuid::from_u128(record.id.as_u128() ^ (part + others));
            keep(on, DeadlineKind::Pay, &row.title, Some(row.whom.name), (Target::Notice(row.id), id));
        }
    }
    for paper in document::personal_store::all(tx)? {
        // A year after its end nobody waits for it to be got anew.
        if let Some(on) = paper.expires.filter(|on| today.signed_duration_since(*on).num_days() <= 365) {
            keep(on, DeadlineKind::Renew, &paper.name, None, (Target::Paper(paper.id), paper.id.uuid()));
        }
    }
    for (id, body) in vicino_records::identified(tx, Collection::Deadlines.code())? {
        // One of a release to come is counted among what was set aside.
        let Ok(record) = serde_json::from_str::<DeadlineRecord>(&body) else { continue };
        // What nobody can tell to be done is let go of a month after its day.
        if today.signed_duration_since(record.due_on).num_days() <= 30 {
            keep(record.due_on, DeadlineKind::Other, &record.title, record.beneficiary, (Target::None, id));
        }
    }
    rows.sort_by(|one, other| (one.on, one.kind, &one.title).cmp(&(other.on, other.kind, &other.title)));
    Ok(rows)
}

/// The day a case waits for: the resident's while it is their turn, the office's otherwise.
fn of_case(record: &CaseRecord, now: Instant) -> Option<(NaiveDate, DeadlineKind)> {
    match record.state.known()?.turn() {
        Turn::Nobody => None,
        Turn::Resident => answer_by(record).map(|by| (by, DeadlineKind::Answer)),
        Turn::Office => {
            let clock = clock_of(record.term()?, &record.history, now)?;
            clock.conclude_by.filter(|_| !clock.stands_still).map(|by| (by, DeadlineKind::Conclude))
        }
    }
}

impl Handle for ListDeadlines {
    fn handle(self, device: &Device) -> Result<DeadlineList, Error> {
        let now = device.now();
        device.store.private(|tx| {
            let freshness = device.own_freshness(cursors::read(tx)?.freshness);
            Ok(DeadlineList { rows: days(tx, now)?, freshness })
        })
    }
}

impl Handle for GetCalendar {
    fn handle(self, device: &Device) -> Result<String, Error> {
        let now = device.now();
        Ok(calendar(&device.store.private(|tx| days(tx, now))?, &self.words, now))
    }
}

impl Handle for OpenCalendar {
    fn handle(self, device: &Device) -> Result<(), Error> {
        let text = GetCalendar { words: self.words }.handle(device)?;
        crate::device::viewer::show(device, FILE, text.as_bytes())
    }
}

/// The days as a calendar (RFC 5545): each a whole day, the same entry each time it is taken out, so that a calendar that has
/// it already moves it and does not double it.
fn calendar(rows: &[DeadlineRow], words: &CalendarWords, now: Instant) -> String {
    let mut calendar = Calendar::empty();
    for (name, value) in [("VERSION", "2.0"), ("PRODID", "-//Vicino//Vicino//IT"), ("CALSCALE", "GREGORIAN")] {
        calendar.append_property((name, value));
    }
    for row in rows {
        let before = match row.kind {
            DeadlineKind::Answer => words.answer.as_str(),
            DeadlineKind::Send => words.send.as_str(),
            DeadlineKind::Pay => words.pay.as_str(),
            DeadlineKind::Conclude => words.conclude.as_str(),
            DeadlineKind::Report => words.report.as_str(),
            DeadlineKind::Renew => words.renew.as_str(),
            DeadlineKind::Other => "",
        };
        let parts = [before, row.title.as_str(), row.beneficiary.as_deref().unwrap_or_default()];
        let summary = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
        // One line, whatever the town called it: a calendar takes a line end for the next property (section 3.1).
        let summary = text::line(&summary);
        let uid = format!("{:?}-{}@vicino", row.kind, row.id).to_lowercase();
        // A day without an end is that whole day (section 3.6.1).
        calendar.push(Entry::new().uid(&uid).timestamp(now).summary(&summary).starts(row.on).done());
    }
    calendar.done().to_string()
}
