//! Moments as people say them: *oggi alle 8:12*, *lunedì 16 marzo*.

use chrono::{DateTime, Datelike as _, Local, Timelike as _};
use vicino_domain::Instant;

use crate::tr;

/// A moment: today, yesterday, or its day; the year only when it is another one.
pub fn when(at: Instant) -> String {
    let (at, now) = (at.with_timezone(&Local), Local::now());
    let time = format!("{}:{:02}", at.hour(), at.minute());
    let days = now.date_naive().signed_duration_since(at.date_naive()).num_days();
    match days {
        0 => tr!(when.today, time = time),
        1 => tr!(when.yesterday, time = time),
        _ if at.year() == now.year() => tr!(when.day, day = at.day(), month = month(&at), time = time),
        _ => tr!(when.day_year, day = at.day(), month = month(&at), year = at.year(), time = time),
    }
}

/// A day: *lunedì 16 marzo*, with the year when it is another one.
pub fn date(at: Instant) -> String {
    let (at, now) = (at.with_timezone(&Local), Local::now());
    let weekday = word(tr!(when.weekdays), at.weekday().num_days_from_monday());
    if at.year() == now.year() {
        tr!(when.date, weekday = weekday, day = at.day(), month = month(&at))
    } else {
        tr!(when.date_year, weekday = weekday, day = at.day(), month = month(&at), year = at.year())
    }
}

/// A day without a moment.
pub fn day(day: chrono::NaiveDate) -> String {
    let noon = day.and_hms_opt(12, 0, 0).and_then(|noon| noon.and_local_timezone(Local).single());
    noon.map_or_else(|| day.to_string(), |noon| date(noon.to_utc()))
}

/// The day of a moment, where one is.
pub fn day_of(at: Instant) -> chrono::NaiveDate {
    at.with_timezone(&Local).date_naive()
}

/// A day as a calendar leaf has it: its number and its month.
pub fn leaf(day: chrono::NaiveDate) -> (String, String) {
    let month = word(tr!(when.months), day.month0());
    // Nine letters do not fit on a leaf.
    let short =
        if month.chars().count() > 6 { format!("{}.", month.chars().take(3).collect::<String>()) } else { month };
    (day.day().to_string(), short)
}

/// Whether a day has gone by.
pub fn is_over(day: chrono::NaiveDate) -> bool {
    day < Local::now().date_naive()
}

/// A day as it is typed: `31/12/2026`.
pub fn typed_day(day: chrono::NaiveDate) -> String {
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

fn month(at: &DateTime<Local>) -> String {
    word(tr!(when.months), at.month0())
}

fn word(words: &str, at: u32) -> String {
    words.split(' ').nth(usize::try_from(at).unwrap_or(0)).unwrap_or_default().to_owned()
}
