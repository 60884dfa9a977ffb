//! Moments as people say them: *oggi alle 8:12*, *lunedì 16 marzo*; by the clocks and the calendar of the town,
//! wherever the device is.

use chrono::{Datelike as _, NaiveDate, Timelike as _, Utc};
use vicino_domain::{Instant, town_day, town_time};

use crate::tr;

/// A moment: today, yesterday, or its day; the year only when it is another one.
pub fn when(at: Instant) -> String {
    let (at, now) = (town_time(at), town_time(Utc::now()));
    let time = format!("{}:{:02}", at.hour(), at.minute());
    let days = now.date().signed_duration_since(at.date()).num_days();
    match days {
        0 => tr!(when.today, time = time),
        1 => tr!(when.yesterday, time = time),
        _ if at.year() == now.year() => tr!(when.day, day = at.day(), month = month(at.date()), time = time),
        _ => tr!(when.day_year, day = at.day(), month = month(at.date()), year = at.year(), time = time),
    }
}

/// A day: *lunedì 16 marzo*, with the year when it is another one.
pub fn date(at: Instant) -> String {
    day(town_day(at))
}

/// A day without a moment.
pub fn day(day: NaiveDate) -> String {
    let weekday = word(tr!(when.weekdays), day.weekday().num_days_from_monday());
    if day.year() == today().year() {
        tr!(when.date, weekday = weekday, day = day.day(), month = month(day))
    } else {
        tr!(when.date_year, weekday = weekday, day = day.day(), month = month(day), year = day.year())
    }
}

/// The day it is in the town, wherever the device is.
pub fn today() -> NaiveDate {
    town_day(Utc::now())
}

/// The day of a moment, where one is.
pub fn day_of(at: Instant) -> NaiveDate {
    town_day(at)
}

/// A day as a calendar leaf has it: its number and its month.
pub fn leaf(day: NaiveDate) -> (String, String) {
    let month = word(tr!(when.months), day.month0());
    // Nine letters do not fit on a leaf.
    let short =
        if month.chars().count() > 6 { format!("{}.", month.chars().take(3).collect::<String>()) } else { month };
    (day.day().to_string(), short)
}

/// Returns whether a day has gone by.
pub fn is_over(day: NaiveDate) -> bool {
    day < today()
}

/// A day as it is typed: `31/12/2026`.
pub fn typed_day(day: NaiveDate) -> String {
    format!("{:02}/{:02}/{}", day.day(), day.month(), day.year())
}

/// A weekday, 1 Monday to 7 Sunday.
pub fn weekday(day: u8) -> String {
    word(tr!(when.weekdays), u32::from(day.saturating_sub(1)))
}

/// What a camera wrote, `2022-08-14 14:12:31`, as people say it; anything else as it stands.
pub fn camera(text: &str) -> String {
    let number = |at: std::ops::Range<usize>| text.get(at).and_then(|digits| digits.parse::<u32>().ok());
    match (number(8..10), number(5..7), text.get(0..4), text.get(11..16)) {
        (Some(day), Some(month), Some(year), Some(time)) if month > 0 => {
            tr!(
                when.day_year,
                day = day,
                month = word(tr!(when.months), month - 1),
                year = year.to_owned(),
                time = time.to_owned()
            )
        }
        _ => text.to_owned(),
    }
}

fn month(day: NaiveDate) -> String {
    word(tr!(when.months), day.month0())
}

fn word(words: &str, at: u32) -> String {
    words.split(' ').nth(usize::try_from(at).unwrap_or(0)).unwrap_or_default().to_owned()
}
