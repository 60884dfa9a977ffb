//! Days that ask something of somebody, and when a device reminds of them: functions of values, told by the device itself.

use chrono::{NaiveDate, Timelike as _};
use serde::{Deserialize, Serialize};

use crate::Instant;
use crate::case::town_time;

/// What a day asks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeadlineKind {
    /// The resident answers an office that asked for more.
    Answer,
    /// A case being written may be sent until then.
    Send,
    /// A notice is to be paid by then.
    Pay,
    /// An office concludes a case by then.
    Conclude,
    /// An office means to answer a report by then.
    Report,
    /// A paper of one's own ends: another is to be got.
    Renew,
    /// The facts the town tells of it.
    Other,
}

impl DeadlineKind {
    /// Returns whether it asks something of the resident, and not of an office.
    #[must_use]
    pub const fn is_residents(self) -> bool {
        matches!(self, Self::Answer | Self::Send | Self::Pay | Self::Renew | Self::Other)
    }
}

/// How near a day has come when it is reminded of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reminder {
    /// Within a week.
    Week,
    /// Tomorrow.
    Tomorrow,
    /// Today.
    Today,
}

/// Which reminder of a day is due today; what lies further off, or behind, is not reminded of.
#[must_use]
pub fn reminder(on: NaiveDate, today: NaiveDate) -> Option<Reminder> {
    match on.signed_duration_since(today).num_days() {
        0 => Some(Reminder::Today),
        1 => Some(Reminder::Tomorrow),
        2..=7 => Some(Reminder::Week),
        _ => None,
    }
}

/// The hours in which nothing is said, from one to before the other, over midnight when the first is the later.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Quiet {
    /// The first quiet hour, 0 to 23.
    pub from: u8,
    /// The first hour that is not quiet any more, 0 to 23; the same as the first: none is quiet.
    pub to: u8,
}

impl Quiet {
    /// Returns whether it is quiet at this moment, by the hours of the town.
    #[must_use]
    pub fn holds(self, at: Instant) -> bool {
        let (hour, from, to) = (town_time(at).hour(), u32::from(self.from), u32::from(self.to));
        if from <= to { hour >= from && hour < to } else { hour >= from || hour < to }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn the_night_is_quiet_over_midnight_by_the_towns_hours() {
        let night = Quiet { from: 21, to: 8 };
        // In March Italy is an hour before UTC, in July two.
        for quiet in ["2026-03-12T20:00:00Z", "2026-03-12T23:30:00Z", "2026-03-13T06:59:59Z", "2026-07-12T19:00:00Z"] {
            assert!(night.holds(at(quiet)), "{quiet}");
        }
        for loud in ["2026-03-12T19:59:59Z", "2026-03-13T07:00:00Z", "2026-07-12T06:00:00Z"] {
            assert!(!night.holds(at(loud)), "{loud}");
        }
        assert!(!Quiet { from: 8, to: 8 }.holds(at("2026-03-12T07:30:00Z")));
        assert!(Quiet { from: 13, to: 15 }.holds(at("2026-03-12T12:30:00Z")));
    }

    proptest! {
        #[test]
        fn a_day_is_reminded_of_three_times_and_never_after(off in -400..400_i64) {
            let today: NaiveDate = "2026-03-12".parse().unwrap();
            let on = today + chrono::Duration::days(off);
            prop_assert_eq!(reminder(on, today).is_some(), (0..=7).contains(&off));
        }
    }
}
