//! The clock of a case: whose move it is, what stopped it, and the day by which the office must conclude. Terms and what
//! suspends them come from the service, never from here.

use chrono::{Datelike as _, Days, Duration, NaiveDate, NaiveDateTime, Weekday};
use serde::{Deserialize, Serialize};

use super::{CaseState, Turn};
use crate::Instant;

/// The way the days of a term are counted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counts {
    /// Every day; a term that ends on a holiday ends on the next working day (art. 2963 c.c.).
    #[default]
    Calendar,
    /// Only days that are neither Saturday nor holiday.
    Working,
}

/// Within how long an office must conclude.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Term {
    /// Days, from the day after the town received it.
    pub days: u16,
    /// The way they are counted.
    #[serde(default)]
    pub counts: Counts,
    /// Tells whether the term stands still while the resident is asked for more.
    #[serde(default)]
    pub stops_for_integration: bool,
}

/// An entry of the timeline, as far as the clock looks at it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Move {
    /// The state it came to.
    pub state: CaseState,
    /// On which day, by the town's calendar.
    pub on: NaiveDate,
    /// Tells whether the office suspended the term with it (`Some(true)`) or let it run again (`Some(false)`).
    pub suspends: Option<bool>,
}

/// A reading of the clock.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Clock {
    /// Whose move it is.
    pub turn: Turn,
    /// Since which day.
    pub since: NaiveDate,
    /// Days of the term the office has used.
    pub used: u16,
    /// Days in which the term stood still.
    pub stopped: u16,
    /// Days of the term left; 0 when it is over.
    pub left: u16,
    /// By which day the office must conclude; while the term stands still, as if it ran again today.
    pub conclude_by: Option<NaiveDate>,
    /// Tells whether the term stands still now.
    pub stands_still: bool,
    /// Tells whether the office is late.
    pub late: bool,
}

/// A stretch of days that do not count; without an end while it lasts.
#[derive(Clone, Copy)]
struct Pause {
    from: NaiveDate,
    to: Option<NaiveDate>,
}

/// Reads the clock on a day. `moves`: the timeline, oldest first; `None` when nothing has happened yet.
#[must_use]
pub fn clock(term: Term, moves: &[Move], today: NaiveDate) -> Option<Clock> {
    let (first, last) = (moves.first()?, moves.last()?);
    let turn = last.state.turn();
    let over = turn == Turn::Nobody;
    // What was over on a day is looked at as of that day.
    let until = if over { last.on } else { today.max(first.on) };
    let pauses = pauses(term, moves);
    let paused = |day: NaiveDate| pauses.iter().any(|pause| day > pause.from && pause.to.is_none_or(|to| day <= to));
    let (mut used, mut stopped) = (0_u16, 0_u16);
    for day in first.on.iter_days().skip(1).take_while(|day| *day <= until) {
        match (paused(day), counts(term.counts, day)) {
            (true, _) => stopped = stopped.saturating_add(1),
            (false, true) => used = used.saturating_add(1),
            (false, false) => {}
        }
    }
    let stands_still = !over && pauses.iter().any(|pause| pause.to.is_none());
    let conclude_by = (!over).then(|| ending(term, first.on, |day| day <= until && paused(day))).flatten();
    let since = moves.iter().rev().take_while(|step| step.state.turn() == turn).last().map_or(last.on, |step| step.on);
    let late = !stands_still && conclude_by.is_some_and(|by| today > by);
    Some(Clock { turn, since, used, stopped, left: term.days.saturating_sub(used), conclude_by, stands_still, late })
}

/// The stretches that do not count: waiting for the resident where the term says so, and what the office suspended. The day on
/// which something stops still counts, the day on which it goes on does not.
fn pauses(term: Term, moves: &[Move]) -> Vec<Pause> {
    let (mut found, mut open): (Vec<Pause>, Option<NaiveDate>) = (Vec::new(), None);
    let mut suspended = false;
    for step in moves {
        let waits = term.stops_for_integration && step.state.turn() == Turn::Resident;
        suspended = step.suspends.unwrap_or(suspended);
        match (open, waits || suspended) {
            (None, true) => open = Some(step.on),
            (Some(from), false) => {
                found.push(Pause { from, to: Some(step.on) });
                open = None;
            }
            _ => {}
        }
    }
    found.extend(open.map(|from| Pause { from, to: None }));
    found
}

/// The day on which the term ends.
fn ending(term: Term, start: NaiveDate, paused: impl Fn(NaiveDate) -> bool) -> Option<NaiveDate> {
    // Years of waiting are looked past; a term has an end.
    let beyond = start.checked_add_days(Days::new(u64::from(term.days) * 4 + 36_600))?;
    let mut left = term.days;
    for day in start.iter_days().skip(1).take_while(|day| *day < beyond) {
        if left > 0 && !paused(day) && counts(term.counts, day) {
            left -= 1;
        }
        if left == 0 && may_end(term.counts, day) {
            return Some(day);
        }
    }
    None
}

fn counts(how: Counts, day: NaiveDate) -> bool {
    how == Counts::Calendar || may_end(how, day)
}

/// Returns whether a term may end on this day.
fn may_end(how: Counts, day: NaiveDate) -> bool {
    let saturday = how == Counts::Working && day.weekday() == Weekday::Sat;
    !saturday && !is_holiday(day)
}

/// Returns whether a day is a Sunday or a national holiday (l. 260/1949 and its changes, 4 October again since 2026: l. 151/2025). The
/// patron's day is the town's and is not counted here.
#[must_use]
pub fn is_holiday(day: NaiveDate) -> bool {
    const FIXED: [(u32, u32); 11] =
        [(1, 1), (1, 6), (4, 25), (5, 1), (6, 2), (8, 15), (10, 4), (11, 1), (12, 8), (12, 25), (12, 26)];
    let fixed = FIXED.contains(&(day.month(), day.day())) && (day.month() != 10 || day.year() >= 2026);
    let easter_monday = easter(day.year()).and_then(|easter| easter.succ_opt()) == Some(day);
    day.weekday() == Weekday::Sun || fixed || easter_monday
}

/// The day it is in Italy: an hour before UTC in winter, two in summer, from the last Sunday of March to the last of October at
/// one in the morning of UTC (Directive 2000/84/EC).
#[must_use]
pub fn town_day(at: Instant) -> NaiveDate {
    town_time(at).date()
}

/// What the clocks of Italy show.
#[must_use]
pub fn town_time(at: Instant) -> NaiveDateTime {
    let last_sunday = |month| {
        let end = NaiveDate::from_ymd_opt(at.year(), month, 31)?;
        let sunday = end - Days::new(end.weekday().num_days_from_sunday().into());
        Some(sunday.and_hms_opt(1, 0, 0)?.and_utc())
    };
    let summer = last_sunday(3).zip(last_sunday(10)).is_some_and(|(from, to)| at >= from && at < to);
    (at + Duration::hours(if summer { 2 } else { 1 })).naive_utc()
}

/// The moment at which the clocks of Italy show this; of an hour that is there twice, the first.
#[must_use]
pub fn town_moment(shown: NaiveDateTime) -> Instant {
    let summer = (shown - Duration::hours(2)).and_utc();
    if town_time(summer) == shown { summer } else { (shown - Duration::hours(1)).and_utc() }
}

/// Easter Sunday of the Gregorian calendar (Meeus, *Astronomical Algorithms*, chapter 8).
fn easter(year: i32) -> Option<NaiveDate> {
    let a = year % 19;
    let (b, c) = (year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let f = (b + 8) / 25;
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    let (month, day) = (u32::try_from(n / 31).ok()?, u32::try_from(n % 31 + 1).ok()?);
    NaiveDate::from_ymd_opt(year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use CaseState::{Accepted, AwaitingIntegration, Integrated, IntegrationAsked, Pending, PendingAgain, Submitted};
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn step(state: CaseState, on: &str) -> Move {
        Move { state, on: day(on), suspends: None }
    }

    const CANTEEN: Term = Term { days: 30, counts: Counts::Calendar, stops_for_integration: true };

    #[test]
    fn holidays_are_known() {
        for text in ["2026-04-06", "2025-04-21", "2024-04-01", "2026-06-02", "2026-12-26", "2027-10-04", "2026-03-15"] {
            assert!(is_holiday(day(text)), "{text}");
        }
        for text in ["2026-04-07", "2026-03-14", "2025-10-04", "2026-12-24"] {
            assert!(!is_holiday(day(text)), "{text}");
        }
    }

    #[test]
    fn midnight_is_italian_midnight() {
        let on = |text: &str| town_day(text.parse().unwrap());
        assert_eq!(on("2026-01-31T22:59:59Z"), day("2026-01-31"));
        assert_eq!(on("2026-01-31T23:00:00Z"), day("2026-02-01"));
        assert_eq!(on("2026-07-31T21:59:59Z"), day("2026-07-31"));
        assert_eq!(on("2026-07-31T22:00:00Z"), day("2026-08-01"));
        // Summer began on 29 March and ended on 25 October.
        assert_eq!(on("2026-03-28T22:30:00Z"), day("2026-03-28"));
        assert_eq!(on("2026-03-29T22:30:00Z"), day("2026-03-30"));
        assert_eq!(on("2026-10-25T22:30:00Z"), day("2026-10-25"));
    }

    #[test]
    fn the_timeline_of_the_nursery() {
        let mut moves = vec![
            step(Submitted, "2026-02-24"),
            step(Pending, "2026-02-26"),
            step(IntegrationAsked, "2026-03-06"),
            step(AwaitingIntegration, "2026-03-06"),
        ];
        let now = clock(CANTEEN, &moves, day("2026-03-12")).unwrap();
        assert_eq!((now.turn, now.since), (Turn::Resident, day("2026-03-06")));
        assert_eq!((now.used, now.stopped, now.left), (10, 6, 20));
        assert!(now.stands_still && !now.late);
        assert_eq!(now.conclude_by, Some(day("2026-04-01")), "20 days after the 12th");
        moves.push(step(Integrated, "2026-03-12"));
        moves.push(step(PendingAgain, "2026-03-13"));
        let now = clock(CANTEEN, &moves, day("2026-03-20")).unwrap();
        assert_eq!((now.turn, now.since, now.stands_still), (Turn::Office, day("2026-03-12"), false));
        assert_eq!((now.used, now.stopped, now.conclude_by), (18, 6, Some(day("2026-04-01"))));
        let late = clock(CANTEEN, &moves, day("2026-04-02")).unwrap();
        assert!(late.late && late.left == 0);
        moves.push(step(Accepted, "2026-04-03"));
        let over = clock(CANTEEN, &moves, day("2030-01-01")).unwrap();
        assert_eq!((over.turn, over.conclude_by, over.late, over.used), (Turn::Nobody, None, false, 32));
    }

    #[test]
    fn a_term_that_ends_on_a_holiday_ends_on_the_next_working_day() {
        let end = |days, counts, from: &str| {
            let term = Term { days, counts, stops_for_integration: false };
            clock(term, &[step(Submitted, from)], day(from)).unwrap().conclude_by.unwrap()
        };
        // The fifth day is Easter Sunday; Monday is a holiday.
        assert_eq!(end(5, Counts::Calendar, "2026-03-31"), day("2026-04-07"));
        assert_eq!(end(5, Counts::Working, "2026-03-31"), day("2026-04-08"), "neither Saturday nor Monday counts");
        assert_eq!(end(1, Counts::Working, "2026-12-24"), day("2026-12-28"));
    }

    #[test]
    fn what_an_office_suspends_stands_still() {
        let suspended = Move { state: Pending, on: day("2026-03-10"), suspends: Some(true) };
        let resumed = Move { state: Pending, on: day("2026-03-20"), suspends: Some(false) };
        let term = Term { days: 30, counts: Counts::Calendar, stops_for_integration: false };
        let moves = [step(Submitted, "2026-03-02"), suspended, resumed];
        assert!(clock(term, &moves[..2], day("2026-03-15")).unwrap().stands_still);
        let now = clock(term, &moves, day("2026-03-25")).unwrap();
        assert_eq!((now.stopped, now.conclude_by), (10, Some(day("2026-04-11"))));
    }

    proptest! {
        #[test]
        fn days_are_used_or_stopped_and_never_both(days in 1..90_u16, waits in 0..60_u64, after in 0..60_u64, more in 0..90_u64) {
            let start = day("2026-01-07");
            let on = |days: u64| start.checked_add_days(Days::new(days)).unwrap();
            let moves = [
                Move { state: Submitted, on: start, suspends: None },
                Move { state: AwaitingIntegration, on: on(after), suspends: None },
                Move { state: Integrated, on: on(after + waits), suspends: None },
            ];
            let term = Term { days, counts: Counts::Calendar, stops_for_integration: true };
            let read = clock(term, &moves, on(after + waits + more)).unwrap();
            prop_assert_eq!((u64::from(read.used), u64::from(read.stopped)), (after + more, waits));
            // Waiting puts the end off by exactly as much, where the term was not over before; a holiday by three days at most.
            let asked = if after < u64::from(days) { waits } else { 0 };
            let by = read.conclude_by.unwrap();
            prop_assert!(by >= on(u64::from(days) + asked) && by <= on(u64::from(days) + asked + 3), "{}", by);
        }
    }
}
