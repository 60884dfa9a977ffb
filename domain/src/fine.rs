//! What a traffic fine costs, and until when: less within five days, the minimum within sixty, then half of the maximum.
//!
//! Art. 202 and 203 of the highway code (d.lgs. 285/1992). The town computes it; a device shows it.

use chrono::{Datelike as _, Days, NaiveDate};

use crate::{Cents, is_holiday};

/// The facts that a fine's amounts and days follow from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fine {
    /// The day it was served. For one that waited at the post office see [`served_on`].
    pub served: NaiveDate,
    /// The least the law asks for.
    pub minimum: Cents,
    /// The most the law asks for.
    pub maximum: Cents,
    /// What serving it cost: never reduced.
    pub costs: Cents,
    /// Tells whether paying within five days takes 30 % off: not for the gravest (art. 202, c. 1).
    pub discounted: bool,
    /// The town's own holiday, as month and day.
    pub patron: Option<(u32, u32)>,
}

/// An amount, and the days on which it holds: from one to another, the first from the beginning, the last without end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FineStep {
    /// The amount, costs included.
    pub amount: Cents,
    /// The first day; nothing: from the day it was served.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub until: Option<NaiveDate>,
}

impl Fine {
    /// The amounts in the order of time. A day that is a holiday moves to the first that is none; a Saturday is none.
    #[must_use]
    pub fn steps(&self) -> Vec<FineStep> {
        let with_costs = |amount: i64| Cents(amount.saturating_add(self.costs.0));
        // Half a cent counts as one.
        let less = self.minimum.0.saturating_mul(70).saturating_add(50) / 100;
        let half = self.maximum.0.saturating_add(1) / 2;
        let reduced = self.discounted.then(|| (less, self.last_day(5)));
        let all = reduced.into_iter().chain([(self.minimum.0, self.last_day(60)), (half, None)]);
        let mut from = None;
        let step = |(amount, until): (i64, Option<NaiveDate>)| {
            let step = FineStep { amount: with_costs(amount), from, until };
            from = until.and_then(|until| until.succ_opt());
            step
        };
        all.map(step).collect()
    }

    /// The last of so many days; the day it was served is not counted.
    fn last_day(&self, days: u64) -> Option<NaiveDate> {
        let last = self.served.checked_add_days(Days::new(days))?;
        let free = |day: &NaiveDate| is_holiday(*day) || self.patron == Some((day.month(), day.day()));
        last.iter_days().take(14).find(|day| !free(day))
    }
}

/// The day a fine counts as served that waited at the post office: when it was fetched, and after ten days in any case.
#[must_use]
pub fn served_on(deposited: NaiveDate, fetched: Option<NaiveDate>) -> NaiveDate {
    let by_law = deposited.checked_add_days(Days::new(10)).unwrap_or(deposited);
    fetched.map_or(by_law, |fetched| fetched.min(by_law))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn fine(served: NaiveDate) -> Fine {
        let (minimum, maximum, costs) = (Cents(4200), Cents(17300), Cents(1250));
        Fine { served, minimum, maximum, costs, discounted: true, patron: None }
    }

    #[test]
    fn the_days_of_the_vectors() {
        for (served, until) in [
            (day(2013, 8, 21), day(2013, 8, 26)),
            (day(2014, 12, 20), day(2014, 12, 27)),
            (day(2024, 10, 2), day(2024, 10, 7)),
        ] {
            assert_eq!(fine(served).steps()[0].until, Some(until), "{served}");
        }
        let patron = Fine { patron: Some((8, 26)), ..fine(day(2013, 8, 21)) };
        assert_eq!(patron.steps()[0].until, Some(day(2013, 8, 27)));
        assert_eq!(served_on(day(2024, 3, 1), None), day(2024, 3, 11));
        assert_eq!(served_on(day(2024, 3, 1), Some(day(2024, 3, 4))), day(2024, 3, 4));
        assert_eq!(served_on(day(2024, 3, 1), Some(day(2024, 4, 4))), day(2024, 3, 11));
    }

    #[test]
    fn a_fine_asks_for_its_amounts_by_day() {
        let steps: Vec<i64> = fine(day(2026, 3, 5)).steps().iter().map(|step| step.amount.0).collect();
        assert_eq!(steps, [4190, 5450, 9900]);
        let grave = Fine { discounted: false, ..fine(day(2026, 3, 5)) };
        assert_eq!(grave.steps().len(), 2);
    }

    proptest! {
        #[test]
        fn no_last_day_is_a_holiday_nor_too_early(days in 0_i64..20_000, minimum in 1_i64..1_000_000) {
            let served = day(1990, 1, 1) + chrono::Duration::days(days);
            let steps = Fine { minimum: Cents(minimum), maximum: Cents(minimum * 4), ..fine(served) }.steps();
            for (step, least) in steps.iter().zip([5, 60]) {
                let until = step.until.unwrap();
                prop_assert!(!is_holiday(until));
                let after = (until - served).num_days();
                prop_assert!((least..least + 5).contains(&after));
            }
            prop_assert!(steps.windows(2).all(|pair| pair[0].amount < pair[1].amount));
            prop_assert!(steps.windows(2).all(|pair| pair[1].from == pair[0].until.unwrap().succ_opt()));
            prop_assert_eq!(steps[0].from, None);
        }
    }
}
