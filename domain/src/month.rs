//! Months and days in Italian, as the town's papers write them.

use chrono::{Datelike as _, NaiveDate};

/// A day as papers have it: *9 novembre 2026*, *1º giugno 2026*.
#[must_use]
pub fn italian_day(day: NaiveDate) -> String {
    let first = if day.day() == 1 { "º" } else { "" };
    format!("{}{first} {} {}", day.day(), italian_month(day), day.year())
}

/// Articles, and how they are said before a vowel.
const ELIDED: [(&str, &str); 4] = [("il ", "l’"), ("al ", "all’"), ("dal ", "dall’"), ("del ", "dell’")];

/// Words that end in an article, and the day after them, as they are said: *il 9 marzo*, *l’8 marzo*, *dall’11 marzo*.
#[must_use]
pub fn said_on(words: &str, day: &str) -> String {
    let vowel = day.starts_with("8 ") || day.starts_with("11 ");
    let elided = ELIDED.into_iter().filter(|_| vowel).find_map(|(full, short)| {
        let before = words.strip_suffix(full).filter(|before| before.is_empty() || before.ends_with(' '))?;
        Some(format!("{before}{short}{day}"))
    });
    elided.unwrap_or_else(|| format!("{words}{day}"))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_as_it_is_said() {
        let day = |day| italian_day(NaiveDate::from_ymd_opt(2026, 3, day).unwrap());
        assert_eq!((day(1), day(9)), (String::from("1º marzo 2026"), String::from("9 marzo 2026")));
        for (words, on, said) in [
            ("nata il ", 8, "nata l’8 marzo 2026"),
            (" dal ", 11, " dall’11 marzo 2026"),
            ("fino al ", 8, "fino all’8 marzo 2026"),
            ("del ", 18, "del 18 marzo 2026"),
            ("il ", 1, "il 1º marzo 2026"),
            ("april ", 8, "april 8 marzo 2026"),
        ] {
            assert_eq!(said_on(words, &day(on)), said);
        }
    }
}
