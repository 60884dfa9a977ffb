//! Sums of euro as whole cents; never a floating number.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A sum in euro cents.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cents(pub i64);

impl Cents {
    /// As people write it in Italian: `€ 1.062,40`, with blanks that do not break.
    #[must_use]
    pub fn in_italian(self) -> String {
        let sign = if self.0 < 0 { "−\u{a0}" } else { "" };
        format!("{sign}€\u{a0}{}", self.grouped())
    }

    /// The euro and cents in Italian digits, without a sign: `1.062,40`.
    #[must_use]
    pub fn grouped(self) -> String {
        let whole = (self.0.unsigned_abs() / 100).to_string();
        let mut grouped = String::with_capacity(whole.len() + 8);
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                grouped.push('.');
            }
            grouped.push(digit);
        }
        format!("{grouped},{:02}", self.0.unsigned_abs() % 100)
    }
}

/// Sums saturate: what comes from outside may be of any size, and no sum of it wraps around or stops the program.
impl Add for Cents {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Cents {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Cents {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for Cents {
    fn sum<I: Iterator<Item = Self>>(sums: I) -> Self {
        sums.fold(Self(0), Self::add)
    }
}

/// The text is not a sum with at most two decimals.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("not an amount such as 100.23")]
pub struct BadAmount;

impl fmt::Display for Cents {
    /// Euro with a point and two decimals, as on the wire (ModI, RAC_GEN_FORMAT_005): `100.23`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let whole = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", whole / 100, whole % 100)
    }
}

impl FromStr for Cents {
    type Err = BadAmount;

    fn from_str(text: &str) -> Result<Self, BadAmount> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (euro, cents) = digits.split_once('.').unwrap_or((digits, "00"));
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !plain(euro) || !plain(cents) || cents.len() > 2 {
            return Err(BadAmount);
        }
        let scale = if cents.len() == 1 { 10 } else { 1 };
        let euro: i64 = euro.parse().map_err(|_| BadAmount)?;
        let cents: i64 = cents.parse::<i64>().map_err(|_| BadAmount)? * scale;
        let sum = euro.checked_mul(100).and_then(|sum| sum.checked_add(cents)).ok_or(BadAmount)?;
        Ok(Self(if negative { -sum } else { sum }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sums_stay_at_their_ends() {
        assert_eq!([Cents(250), Cents(-50)].into_iter().sum::<Cents>() - Cents(1), Cents(199));
        assert_eq!([Cents(i64::MAX), Cents(1)].into_iter().sum::<Cents>(), Cents(i64::MAX));
        assert_eq!(Cents(i64::MIN) - Cents(1), Cents(i64::MIN));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(cents in -1_000_000_000_000_i64..1_000_000_000_000) {
            prop_assert_eq!(Cents(cents).to_string().parse::<Cents>(), Ok(Cents(cents)));
        }
    }

    #[test]
    fn sums_as_people_write_them() {
        for (cents, said) in
            [(5, "€ 0,05"), (106_240, "€ 1.062,40"), (-1200, "− € 12,00"), (100_000_000, "€ 1.000.000,00")]
        {
            assert_eq!(Cents(cents).in_italian().replace('\u{a0}', " "), said);
        }
    }

    #[test]
    fn sloppy_amounts_are_refused() {
        for text in ["", "1.", ".5", "1.234", "1,20", "+1", "--1", "1e3", "99999999999999999999"] {
            assert_eq!(text.parse::<Cents>(), Err(BadAmount), "{text}");
        }
        assert_eq!("62.4".parse(), Ok(Cents(6240)));
    }
}
