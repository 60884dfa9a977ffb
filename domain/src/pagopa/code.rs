//! The square code on a notice: `PAGOPA|002|notice number|creditor|cents`, read and written.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{BadNotice, Creditor, NoticeNumber, digits};
use crate::Cents;

/// What the QR code of a notice carries (docs.pagopa.it, *avviso di pagamento*, *Codice QR*). Written again it is, to the letter,
/// what was read: also with an amount of one digit, or with zeros in front.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct NoticeCode {
    /// The notice.
    pub number: NoticeNumber,
    /// The creditor.
    pub creditor: Creditor,
    amount: Cents,
    /// In how many digits the amount is written.
    width: u8,
}

/// The most that ten digits of cents can say.
const MOST: i64 = 9_999_999_999;
/// The most letters of a code.
const LONGEST: usize = 52;

impl NoticeCode {
    /// A code for this notice; the amount is written in two digits at least, as the standard has it.
    ///
    /// # Errors
    /// [`BadNotice`] when the amount is nothing, or more than ten digits of cents.
    pub const fn new(number: NoticeNumber, creditor: Creditor, amount: Cents) -> Result<Self, BadNotice> {
        match amount.0 {
            ..=-1 => Err(BadNotice::Amount),
            0 => Err(BadNotice::Zero),
            1..=MOST => Ok(Self { number, creditor, amount, width: 2 }),
            _ => Err(BadNotice::Amount),
        }
    }

    /// The amount that is to be paid.
    #[must_use]
    pub const fn amount(&self) -> Cents {
        self.amount
    }

    /// Reads the text of a code. What stands after the amount is let go, as the official reader does.
    ///
    /// # Errors
    /// [`BadNotice`], the first thing that is wrong.
    pub fn read(text: &str) -> Result<Self, BadNotice> {
        let mut parts = text.split('|');
        if parts.next() != Some("PAGOPA") {
            return Err(BadNotice::OtherCode);
        }
        match parts.next() {
            Some("002") => {}
            Some(version) if version.len() >= 3 => return Err(BadNotice::Version),
            _ => return Err(BadNotice::Torn),
        }
        let (Some(number), Some(creditor), Some(amount)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(BadNotice::Torn);
        };
        // Here a number is never broken up: what a hand may type, a code does not hold.
        if number.bytes().any(|byte| !byte.is_ascii_digit()) {
            return Err(BadNotice::Letters);
        }
        let (number, creditor) = (number.parse()?, creditor.parse()?);
        let width = amount.len();
        if !(1..=10).contains(&width) || !amount.bytes().all(|byte| byte.is_ascii_digit()) || text.len() > LONGEST {
            return Err(BadNotice::Amount);
        }
        let amount = amount.parse().map_err(|_| BadNotice::Amount)?;
        if amount == 0 {
            return Err(BadNotice::Zero);
        }
        Ok(Self { number, creditor, amount: Cents(amount), width: u8::try_from(width).unwrap_or(10) })
    }
}

impl fmt::Display for NoticeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = usize::from(self.width);
        write!(f, "PAGOPA|002|{}|{}|{:0width$}", self.number, self.creditor, self.amount.0)
    }
}

/// The amount of a postal code: ten digits.
pub(super) fn ten_digits(text: &str) -> Result<Cents, BadNotice> {
    let cents = digits::<10>(text).and_then(|cents| i64::try_from(cents).ok()).ok_or(BadNotice::Amount)?;
    if cents == 0 { Err(BadNotice::Zero) } else { Ok(Cents(cents)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_must_be_read_is_read_and_written_to_the_letter() {
        for (text, cents) in [
            ("PAGOPA|002|123456789012345678|12345678901|1234567801", 1_234_567_801),
            ("PAGOPA|002|302032002700000251|03334231200|11", 11),
            ("PAGOPA|002|302032002700000251|03334231200|01", 1),
            ("PAGOPA|002|302032002700000251|03334231200|2", 2),
            ("PAGOPA|002|302032002700000251|03334231200|001", 1),
            ("PAGOPA|002|302032002700000251|03334231200|0001", 1),
            ("PAGOPA|002|302032002700000251|03334231200|999", 999),
            ("PAGOPA|002|302032002700000251|03334231200|1000", 1000),
            ("PAGOPA|002|223456789012345678|12345678901|1234567801", 1_234_567_801),
            ("PAGOPA|002|101234567890123456|12345678901|1", 1),
            ("PAGOPA|002|301234567890123344|12345678901|0000012345", 12345),
            ("PAGOPA|002|000000000000000000|01199250158|0000015000", 15000),
            ("PAGOPA|002|302012387654312384|77777777777|9999999999", MOST),
        ] {
            let code = NoticeCode::read(text).unwrap_or_else(|why| panic!("{text}: {why}"));
            assert_eq!((code.amount(), code.to_string().as_str()), (Cents(cents), text));
        }
        let more = NoticeCode::read("PAGOPA|002|302032002700000251|03334231200|123|extra").unwrap();
        assert_eq!(more.to_string(), "PAGOPA|002|302032002700000251|03334231200|123");
    }

    #[test]
    fn a_notice_code_with_a_fault_is_refused_by_its_fault() {
        for (text, why) in [
            ("XAGOPA|002|123456789012345678|12345678901|1234567801", BadNotice::OtherCode),
            ("PAGOPA|003|123456789012345678|12345678901|1234567801", BadNotice::Version),
            ("PAGOPA|002|123456789012345678|12345678901|123456780X", BadNotice::Amount),
            ("PAGOPA|002|12345678901234567X|12345678901|1234567801", BadNotice::Letters),
            ("PAGOPA|002|1234567890123456 8|12345678901|1234567801", BadNotice::Letters),
            ("PAGOPA|002|12345678901234567|12345678901|1234567801", BadNotice::Digits { found: 17 }),
            ("PAGOPA|002|423456789012345678|12345678901|1234567801", BadNotice::Aux),
            ("PAGOPA|002|123456789012345678|X2345678901|1234567801", BadNotice::Creditor),
            ("PAGOPA|002|123456789012345678|12345*78901|1234567801", BadNotice::Creditor),
            ("PAGOPA|002|000000000000000000|01199250158", BadNotice::Torn),
            ("PAGOPA|002|123456789012345678|12345678901|12345678012", BadNotice::Amount),
            ("PAGOPA|002|123456789012345678|12345678901|", BadNotice::Amount),
            ("PAGOPA|002|123456789012345678|12345678901|0000000000", BadNotice::Zero),
            ("PAGOPA|002|302032002700000251|03334231200|1234567890|extra", BadNotice::Amount),
        ] {
            assert_eq!(NoticeCode::read(text), Err(why), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(base in 0_u64..10_000_000_000_000, creditor in 0_u64..100_000_000_000, cents in 1..=MOST) {
            let creditor: Creditor = format!("{creditor:011}").parse().unwrap();
            let code = NoticeCode::new(NoticeNumber::issue(47, base), creditor, Cents(cents)).unwrap();
            let text = code.to_string();
            prop_assert!((43..=LONGEST).contains(&text.len()));
            let read = NoticeCode::read(&text).unwrap();
            prop_assert_eq!((read.number, read.creditor, read.amount(), read.to_string()), (code.number, creditor, Cents(cents), text));
        }

        #[test]
        fn no_text_makes_it_fall(text in "PAGOPA\\|002\\|\\PC{0,60}") {
            let _ = NoticeCode::read(&text);
        }
    }
}
