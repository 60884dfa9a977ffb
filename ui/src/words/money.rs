//! Sums, and what is said about paying and reading notices.

use vicino_domain::pagopa::BadNotice;
use vicino_domain::{BadCart, Cents};

use super::{day, locale};
use crate::i18n::Locale;
use crate::tr;

/// A sum as people write it: `€ 1.062,40`, `€1,062.40`.
pub fn euro(sum: Cents) -> String {
    let italian = sum.in_italian();
    if locale() != Locale::en {
        return italian;
    }
    let turned = italian.chars().filter(|letter| *letter != '\u{a0}').map(|letter| match letter {
        '.' => ',',
        ',' => '.',
        other => other,
    });
    turned.collect()
}

/// Why a cart cannot be paid.
pub fn paying(bad: &BadCart) -> String {
    match bad {
        BadCart::Empty => tr!(paying.empty).to_owned(),
        BadCart::TooMany { found } => tr!(paying.too_many, n = *found),
        BadCart::Twice { .. } => tr!(paying.twice).to_owned(),
        BadCart::SameDebt { .. } => tr!(paying.same_debt).to_owned(),
        BadCart::Paid { number } => tr!(paying.paid, number = number.grouped()),
        BadCart::Unpayable { number } => tr!(paying.unpayable, number = number.grouped()),
        BadCart::NotYet { number, from } => tr!(paying.not_yet, number = number.grouped(), day = day(*from)),
        BadCart::Amount { number, .. } => tr!(paying.amount, number = number.grouped()),
        BadCart::Changed { number, now } => tr!(paying.changed, number = number.grouped(), sum = euro(*now)),
    }
}

/// Why a code is no notice.
pub fn read_fault(bad: BadNotice) -> String {
    match bad {
        BadNotice::Empty => tr!(reading.empty).to_owned(),
        BadNotice::OtherCode => tr!(reading.other_code).to_owned(),
        BadNotice::Version => tr!(reading.version).to_owned(),
        BadNotice::Torn => tr!(reading.torn).to_owned(),
        BadNotice::Digits { found } => tr!(reading.digits, n = found),
        BadNotice::Letters => tr!(reading.letters).to_owned(),
        BadNotice::Aux => tr!(reading.aux).to_owned(),
        BadNotice::Creditor => tr!(reading.bad_creditor).to_owned(),
        BadNotice::Amount => tr!(reading.amount_in_code).to_owned(),
        BadNotice::Zero => tr!(reading.zero).to_owned(),
    }
}
