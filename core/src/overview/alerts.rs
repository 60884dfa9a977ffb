//! What a device tells its resident by itself, once: days that come near, what offices ask and write. Nothing comes from outside.

use chrono::Duration;
use rusqlite::Transaction;
use vicino_contract::ipc::{Alert, News, SignatureState, TakeAlerts, Target};
use vicino_domain::paper::PaperKind;
use vicino_domain::{CaseId, CaseState, DeadlineKind, Instant, Turn, reminder, town_day};

use crate::device::Device;
use crate::device::command::Handle;
use crate::error::Error;
use crate::matters::case::{self, signatures};
use crate::overview::{deadlines, inbox};
use crate::store::{inbox as told, settings};

/// What happened longer ago is no news: somebody who signs in again is not woken for a year of letters.
const NEWS: Duration = Duration::days(3);
/// What was told is remembered longer than anything can come again.
const MEMORY: Duration = Duration::days(90);
/// Cases looked at.
const MOST: u32 = 5_000;

impl Handle for TakeAlerts {
    fn handle(self, device: &Device) -> Result<Vec<Alert>, Error> {
        let now = device.now();
        let wanted = device.store.private(settings::read)?;
        if !wanted.alerts || wanted.quiet.holds(now) {
            return Ok(Vec::new());
        }
        device.store.private(|tx| {
            told::forget_told(tx, now - MEMORY)?;
            let mut fresh = Vec::new();
            for (what, alert) in all(tx, now)? {
                if told::tell(tx, &what, now)? {
                    fresh.push(alert);
                }
            }
            Ok(fresh)
        })
    }
}

/// Returns whether something is to be told now.
pub(crate) fn any(device: &Device) -> Result<bool, Error> {
    let now = device.now();
    device.store.private(|tx| {
        let wanted = settings::read(tx)?;
        if !wanted.alerts || wanted.quiet.holds(now) {
            return Ok(false);
        }
        for (what, _) in all(tx, now)? {
            if !told::is_told(tx, &what)? {
                return Ok(true);
            }
        }
        Ok(false)
    })
}

/// Everything that could be told, each under a word of its own.
fn all(tx: &Transaction<'_>, now: Instant) -> Result<Vec<(String, Alert)>, Error> {
    let (today, mut alerts) = (town_day(now), Vec::new());
    for row in deadlines::days(tx, now)? {
        // Of what an office owes, a day late is told by the case itself.
        let (Some(near), true) = (reminder(row.on, today), row.kind.is_residents()) else { continue };
        let what = format!("day/{:?}/{}/{}/{near:?}", row.kind, row.id, row.on);
        let news = News::Day { on: row.on, reminder: near };
        // What stands on a locked screen does not say which paper of one's own ends.
        let title = if row.kind == DeadlineKind::Renew { PaperKind::Other.title().to_owned() } else { row.title };
        alerts.push((what, Alert { matter: row.matter, title, news }));
    }
    for record in case::store::records(tx, (0, MOST))? {
        let (Some(state), Some(last)) = (record.state.known(), record.history.last()) else { continue };
        let news = match state.turn() {
            Turn::Resident => News::YourTurn,
            Turn::Nobody if !matches!(state, CaseState::Withdrawn) => News::Concluded,
            _ => continue,
        };
        if now - last.at < NEWS {
            let matter = Target::Case(CaseId::from_uuid(record.id));
            alerts.push((format!("case/{}/{}", record.id, last.at), Alert { matter, title: record.title, news }));
        }
    }
    for thread in inbox::threads(tx)? {
        for message in thread.unread().filter(|message| now - message.at < NEWS) {
            let news = News::Message { office: message.office.clone() };
            let alert = Alert { matter: thread.matter, title: thread.title.clone(), news };
            alerts.push((format!("message/{}", message.id), alert));
        }
    }
    let waiting = signatures::rows(tx)?.into_iter().filter(|row| row.state == SignatureState::YourTurn);
    alerts.extend(waiting.filter(|row| now - row.asked_at < NEWS).map(|row| {
        let alert = Alert { matter: Target::Signature(row.id), title: row.title, news: News::Signature };
        (format!("signature/{}", row.id), alert)
    }));
    Ok(alerts)
}
