//! What may be paid together: up to five notices, each payable, once, at the amount that was shown.
//!
//! The device asks these questions before it asks the town, and the town asks them again.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::pagopa::{Creditor, NoticeNumber};
use crate::{Cents, InstallmentState};

/// The most notices of one cart (pagoPA Checkout, `paymentNotices`).
pub const CART: usize = 5;

/// The most that a notice asks for: ten digits of cents (docs.pagopa.it, *Codice QR*).
pub const MOST_CENTS: Cents = Cents(9_999_999_999);

/// A notice of a cart, as the payer has seen it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CartLine {
    /// The creditor: a notice number is its creditor's own.
    pub creditor: Creditor,
    /// The notice.
    pub number: NoticeNumber,
    /// The amount that was shown.
    pub amount: Cents,
}

/// The facts known of a notice of a cart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Payable<D> {
    /// The debt it belongs to, and which of the ways to pay it this is.
    pub plan: (D, usize),
    /// The amount now.
    pub amount: Cents,
    /// Where it stands.
    pub state: InstallmentState,
    /// The day from which it may be paid, when that is still to come.
    pub opens_on: Option<NaiveDate>,
}

/// Why a cart cannot be paid.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadCart {
    /// There is nothing in it.
    #[error("an empty cart")]
    Empty,
    /// More than five notices.
    #[error("{found} notices, of five at most")]
    TooMany {
        /// The number.
        found: u32,
    },
    /// A notice that is there twice.
    #[error("{number} is there twice")]
    Twice {
        /// The notice.
        number: NoticeNumber,
    },
    /// Two ways of paying the same debt.
    #[error("{number} pays a debt that another notice here pays")]
    SameDebt {
        /// The second of them.
        number: NoticeNumber,
    },
    /// It is paid already.
    #[error("{number} is paid already")]
    Paid {
        /// The notice.
        number: NoticeNumber,
    },
    /// Nobody may pay it any more.
    #[error("{number} may not be paid any more")]
    Unpayable {
        /// The notice.
        number: NoticeNumber,
    },
    /// It may be paid only later: until then another amount holds.
    #[error("{number} may be paid from {from} on")]
    NotYet {
        /// The notice.
        number: NoticeNumber,
        /// The first day.
        from: NaiveDate,
    },
    /// No notice has such an amount: nothing, or more than ten digits of cents.
    #[error("{number} cannot be {found}")]
    Amount {
        /// The notice.
        number: NoticeNumber,
        /// The amount that was asked for.
        found: Cents,
    },
    /// It costs something else now.
    #[error("{number} is {now} now")]
    Changed {
        /// The notice.
        number: NoticeNumber,
        /// The price now.
        now: Cents,
    },
}

/// Checks a cart; `known` says what is known of a notice, nothing of a stranger's.
///
/// # Errors
/// [`BadCart`], the first thing that is wrong.
pub fn check_cart<D: PartialEq>(
    lines: &[CartLine],
    mut known: impl FnMut(&CartLine) -> Option<Payable<D>>,
) -> Result<(), BadCart> {
    if lines.is_empty() {
        return Err(BadCart::Empty);
    }
    if lines.len() > CART {
        return Err(BadCart::TooMany { found: u32::try_from(lines.len()).unwrap_or(u32::MAX) });
    }
    let mut before: Vec<(&CartLine, Option<(D, usize)>)> = Vec::with_capacity(lines.len());
    for line in lines {
        let CartLine { creditor, number, amount } = *line;
        if before.iter().any(|(other, _)| (other.creditor, other.number) == (creditor, number)) {
            return Err(BadCart::Twice { number });
        }
        if amount.0 < 1 || amount.0 > MOST_CENTS.0 {
            return Err(BadCart::Amount { number, found: amount });
        }
        let found = known(line);
        if let Some(found) = &found {
            match found.state {
                state if state.is_paid() => return Err(BadCart::Paid { number }),
                _ if let Some(from) = found.opens_on => return Err(BadCart::NotYet { number, from }),
                InstallmentState::Unpayable | InstallmentState::Expired => return Err(BadCart::Unpayable { number }),
                _ if found.amount != amount => return Err(BadCart::Changed { number, now: found.amount }),
                _ => {}
            }
            let same = |plan: &(D, usize)| plan.0 == found.plan.0 && plan.1 != found.plan.1;
            if before.iter().filter_map(|(_, plan)| plan.as_ref()).any(same) {
                return Err(BadCart::SameDebt { number });
            }
        }
        before.push((line, found.map(|found| found.plan)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn creditor(code: &str) -> Creditor {
        code.parse().unwrap()
    }

    fn line(base: u64, cents: i64) -> CartLine {
        CartLine { creditor: creditor("77777777777"), number: NoticeNumber::issue(1, base), amount: Cents(cents) }
    }

    fn known(line: &CartLine) -> Option<Payable<u8>> {
        let number = line.number;
        let payable = |debt, plan, state| {
            let opens_on = (debt == 6).then(|| NaiveDate::from_ymd_opt(2026, 3, 9).unwrap());
            Some(Payable { plan: (debt, plan), amount: Cents(100), state, opens_on })
        };
        [
            (1, payable(1, 0, InstallmentState::Unpaid)),
            (2, payable(1, 1, InstallmentState::Unpaid)),
            (3, payable(1, 1, InstallmentState::Unpaid)),
            (4, payable(4, 0, InstallmentState::Reported)),
            (5, payable(5, 0, InstallmentState::Expired)),
            (6, payable(6, 0, InstallmentState::Unpaid)),
        ]
        .into_iter()
        .find(|(base, _)| NoticeNumber::issue(1, *base) == number)
        .and_then(|(_, payable)| payable)
    }

    #[test]
    fn what_may_be_paid_together() {
        let check = |lines: &[CartLine]| check_cart(lines, known);
        assert_eq!(check(&[]), Err(BadCart::Empty));
        let six: Vec<CartLine> = (10..16).map(|base| line(base, 1)).collect();
        assert_eq!(check(&six), Err(BadCart::TooMany { found: 6 }));
        assert_eq!(check(&six[..5]), Ok(()), "strangers' notices too");
        assert_eq!(check(&[line(1, 100), line(1, 100)]), Err(BadCart::Twice { number: line(1, 0).number }));
        assert_eq!(check(&[line(1, 100), line(2, 100)]), Err(BadCart::SameDebt { number: line(2, 0).number }));
        assert_eq!(check(&[line(2, 100), line(3, 100)]), Ok(()), "two instalments of one plan");
        assert_eq!(check(&[line(4, 100)]), Err(BadCart::Paid { number: line(4, 0).number }));
        assert_eq!(check(&[line(5, 100)]), Err(BadCart::Unpayable { number: line(5, 0).number }));
        let later = check(&[line(6, 100)]);
        assert!(matches!(later, Err(BadCart::NotYet { from, .. }) if from.to_string() == "2026-03-09"), "{later:?}");
        let other = CartLine { creditor: creditor("80087670016"), ..line(12, 1) };
        assert_eq!(check(&[line(12, 1), other]), Ok(()), "a number is its creditor's own");
        for cents in [0, -5, 10_000_000_000] {
            let (number, found) = (line(12, 0).number, Cents(cents));
            assert_eq!(check(&[line(12, cents)]), Err(BadCart::Amount { number, found }));
        }
        assert_eq!(check(&[line(1, 99)]), Err(BadCart::Changed { number: line(1, 0).number, now: Cents(100) }));
    }
}
