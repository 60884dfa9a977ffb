//! Where papers are had in person: counters as the town tells of them, the nearest first, and whether one is open now.

use chrono::Datelike as _;
use vicino_contract::http::{Collection, CounterRecord, HoursBody};
use vicino_contract::ipc::{CounterKind, CounterList, CounterRow, ListCounters};
use vicino_domain::{Instant, Point, is_holiday, town_time};

use crate::device::Device;
use crate::device::command::Handle;
use crate::error::Error;
use crate::store::cursors;

impl Handle for ListCounters {
    fn handle(self, device: &Device) -> Result<CounterList, Error> {
        let now = device.now();
        device.store.look(|tx| {
            let bodies = vicino_records::bodies(tx, Collection::Counters.code())?;
            let all = bodies.iter().filter_map(|body| serde_json::from_str::<CounterRecord>(body).ok());
            let mut rows: Vec<CounterRow> = all.map(|record| row(record, self.near, now)).collect();
            rows.sort_by(|one, other| {
                (one.metres.unwrap_or(u32::MAX), &one.name).cmp(&(other.metres.unwrap_or(u32::MAX), &other.name))
            });
            Ok(CounterList { rows, freshness: device.public_freshness(cursors::read(tx)?.freshness) })
        })
    }
}

fn row(record: CounterRecord, near: Option<Point>, now: Instant) -> CounterRow {
    let point = record.point.and_then(|point| Point::try_from(point).ok());
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
    let metres = near.zip(point).map(|(near, point)| point.metres_to(near).round() as u32);
    CounterRow {
        kind: match record.kind.as_str() {
            "tobacconist" => CounterKind::Tobacconist,
            "post_office" => CounterKind::PostOffice,
            "library" => CounterKind::Library,
            "office" => CounterKind::Office,
            _ => CounterKind::Other,
        },
        open_until: open_until(&record.hours, now),
        name: record.name,
        gives: record.gives,
        fee: record.fee,
        phone: record.phone,
        address: record.address,
        metres,
        hours: record.hours,
    }
}

/// Until when something with these hours is open, if it is now, by the town's clock. On a holiday other than a Sunday nobody knows.
fn open_until(hours: &[HoursBody], now: Instant) -> Option<String> {
    let here = town_time(now);
    let (day, time) = (here.date(), here.format("%H:%M").to_string());
    let weekday = u8::try_from(day.weekday().number_from_monday()).ok()?;
    if is_holiday(day) && weekday != 7 {
        return None;
    }
    // Of the same width, times compare as texts.
    let open = hours.iter().find(|part| part.day == weekday && part.from <= time && time < part.to);
    open.map(|part| part.to.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_open_from_its_first_minute_to_its_last() {
        let hours = |day, from: &str, to: &str| HoursBody { day, from: from.into(), to: to.into() };
        let all = [hours(4, "09:00", "12:30"), hours(4, "15:00", "17:30"), hours(7, "08:00", "12:00")];
        let at = |text: &str| open_until(&all, text.parse().unwrap());
        // A Thursday of March, an hour ahead of Greenwich.
        assert_eq!(at("2026-03-12T07:59:00Z"), None);
        assert_eq!(at("2026-03-12T08:00:00Z").as_deref(), Some("12:30"));
        assert_eq!(at("2026-03-12T11:30:00Z"), None);
        assert_eq!(at("2026-03-12T16:29:00Z").as_deref(), Some("17:30"));
        assert_eq!(at("2026-03-13T08:00:00Z"), None, "a Friday");
        assert_eq!(at("2026-03-15T09:00:00Z").as_deref(), Some("12:00"), "a Sunday that it names");
        assert_eq!(at("2026-12-31T09:00:00Z").as_deref(), Some("12:30"));
        assert_eq!(open_until(&[hours(5, "00:00", "23:59")], "2026-05-01T09:00:00Z".parse().unwrap()), None, "1 May");
    }
}
