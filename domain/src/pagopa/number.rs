//! The notice number (*numero avviso*, *codice avviso*): eighteen digits, and what they say.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{BadNotice, digits};

/// A notice number: its first digit says how the other seventeen are laid out (SACI, table *Aux Digit*).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NoticeNumber(u64);

/// The way a notice number is laid out. New notices have [`Aux::Segregation`]; the others are still read.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Aux {
    /// `0`: application code (2), base (13), check (2).
    Application,
    /// `1`: an IUV of seventeen digits, without check.
    Bare,
    /// `2`: base (15), check (2).
    Long,
    /// `3`: segregation code (2), base (13), check (2).
    Segregation,
}

/// What the check digits say. A payer may verify them and need not (SACI): one that is wrong warns and is not refused.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// This kind has none.
    None,
    /// They are what they should be.
    Right,
    /// They are not: a digit may have been mistyped.
    Wrong,
}

impl NoticeNumber {
    /// A number of the present kind from a segregation code (0 to 99) and a base of up to thirteen digits, with its check digits.
    #[must_use]
    pub const fn issue(segregation: u8, base: u64) -> Self {
        let head = (3 * 100 + (segregation % 100) as u64) * 10_u64.pow(13) + base % 10_u64.pow(13);
        Self(head * 100 + head % 93)
    }

    /// The way it is laid out.
    #[must_use]
    pub const fn aux(self) -> Aux {
        match self.0 / 10_u64.pow(17) {
            0 => Aux::Application,
            1 => Aux::Bare,
            2 => Aux::Long,
            _ => Aux::Segregation,
        }
    }

    /// The payment's identity with the creditor (*IUV*): fifteen digits of kind 0, seventeen of the others.
    #[must_use]
    pub fn iuv(self) -> String {
        match self.aux() {
            Aux::Application => format!("{:015}", self.0 % 10_u64.pow(15)),
            Aux::Bare | Aux::Long | Aux::Segregation => format!("{:017}", self.0 % 10_u64.pow(17)),
        }
    }

    /// Returns whether its last two digits are the remainder by 93 of the digits before them.
    #[must_use]
    pub const fn check(self) -> Check {
        match self.aux() {
            Aux::Bare => Check::None,
            _ if (self.0 / 100) % 93 == self.0 % 100 => Check::Right,
            _ => Check::Wrong,
        }
    }

    /// As it is printed: groups of four digits.
    #[must_use]
    pub fn grouped(self) -> String {
        let mut grouped = String::with_capacity(22);
        for (at, digit) in self.to_string().chars().enumerate() {
            if at > 0 && at % 4 == 0 {
                grouped.push(' ');
            }
            grouped.push(digit);
        }
        grouped
    }
}

impl fmt::Display for NoticeNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:018}", self.0)
    }
}

impl FromStr for NoticeNumber {
    type Err = BadNotice;

    /// Takes it as people type it, with blanks, dots and dashes between groups.
    fn from_str(typed: &str) -> Result<Self, BadNotice> {
        let code: String =
            typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.' | '\u{200b}')).collect();
        if code.is_empty() {
            return Err(BadNotice::Empty);
        }
        if !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(BadNotice::Letters);
        }
        let found = u32::try_from(code.len()).unwrap_or(u32::MAX);
        let number = digits::<18>(&code).ok_or(BadNotice::Digits { found })?;
        if number / 10_u64.pow(17) > 3 { Err(BadNotice::Aux) } else { Ok(Self(number)) }
    }
}

impl TryFrom<String> for NoticeNumber {
    type Error = BadNotice;

    fn try_from(text: String) -> Result<Self, BadNotice> {
        text.parse()
    }
}

impl From<NoticeNumber> for String {
    fn from(number: NoticeNumber) -> Self {
        number.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(text: &str) -> NoticeNumber {
        text.parse().unwrap()
    }

    #[test]
    fn the_check_digits_of_the_vectors() {
        for right in [
            "302032002700000251",
            "300715700000000032",
            "322201151398574181",
            "300000000000000003",
            "301000000000000144",
            "302160802880000089",
            "312034567890123476",
            "347123456789012389",
            "398002026112200107",
            "399999999999999903",
            "002123456789012353",
        ] {
            assert_eq!(number(right).check(), Check::Right, "{right}");
        }
        for wrong in ["302012387654312384", "344012345678901200", "244012345678901200", "044012345678901200"] {
            assert_eq!(number(wrong).check(), Check::Wrong, "{wrong}");
        }
        assert_eq!(number("144012345678901200").check(), Check::None);
    }

    #[test]
    fn the_parts_of_the_vectors() {
        for (text, aux, iuv) in [
            ("011012345678901222", Aux::Application, "012345678901222"),
            ("101234567890123456", Aux::Bare, "01234567890123456"),
            ("201234567890123422", Aux::Long, "01234567890123422"),
            ("344012345678901233", Aux::Segregation, "44012345678901233"),
        ] {
            assert_eq!((number(text).aux(), number(text).iuv().as_str()), (aux, iuv), "{text}");
            assert_eq!(number(text).to_string(), text, "leading zeros are kept");
        }
    }

    #[test]
    fn it_is_printed_in_groups_and_typed_with_them() {
        assert_eq!(number("302032002700000251").grouped(), "3020 3200 2700 0002 51");
        assert_eq!(number(" 3020 3200-2700.0002 51 "), number("302032002700000251"));
    }

    proptest! {
        #[test]
        fn what_is_issued_is_sound_and_read_back(segregation in 0_u8..100, base in 0_u64..10_000_000_000_000) {
            let issued = NoticeNumber::issue(segregation, base);
            prop_assert_eq!((issued.aux(), issued.check()), (Aux::Segregation, Check::Right));
            prop_assert_eq!(issued.to_string().parse(), Ok(issued));
            prop_assert_eq!(issued.grouped().parse(), Ok(issued));
            prop_assert_eq!(issued.iuv(), format!("{segregation:02}{base:013}{:02}", issued.0 % 100));
        }

        #[test]
        fn nothing_typed_makes_it_fall(text in "\\PC{0,40}") {
            let _ = text.parse::<NoticeNumber>();
        }
    }
}
