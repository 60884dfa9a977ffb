//! Months and days in Italian, as the town's papers write them.

use chrono::{Datelike as _, NaiveDate};

/// A day as papers have it: *9 novembre 2026*.
#[must_use]
pub fn italian_day(day: NaiveDate) -> String {
    format!("{} {} {}", day.day(), italian_month(day), day.year())
}

/// The name of a day's month: *novembre*.
#[must_use]
pub fn italian_month(day: NaiveDate) -> &'static str {
    match day.month() {
        1 => "gennaio",
        2 => "febbraio",
        3 => "marzo",
        4 => "aprile",
        5 => "maggio",
        6 => "giugno",
        7 => "luglio",
        8 => "agosto",
        9 => "settembre",
        10 => "ottobre",
        11 => "novembre",
        _ => "dicembre",
    }
}
