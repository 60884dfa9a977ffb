//! The postal half of a notice: the Data Matrix of Poste (*bollettino postale PA*), 256 letters in fixed places.
//!
//! The layout is that of two independent implementations (PagoPA's app and the generators of creditors), whose common vector is a
//! test here; Poste's own manual was not at hand.

use serde::{Deserialize, Serialize};

use super::code::ten_digits;
use super::{BadNotice, Creditor, NoticeNumber};
use crate::{Cents, fold, text};

/// What a postal Data Matrix carries. Only the first five are needed to pay; the rest is what the counter prints.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PostalCode {
    /// The notice.
    pub number: NoticeNumber,
    /// The creditor's postal account, up to twelve digits.
    pub account: String,
    /// The amount that is to be paid.
    pub amount: Cents,
    /// The creditor.
    pub creditor: Creditor,
    /// The debtor's tax code, up to sixteen letters.
    pub debtor: String,
    /// The debtor's name, capitals without accents, up to forty.
    pub name: String,
    /// What is paid for, capitals without accents, up to 110.
    pub reason: String,
}

impl PostalCode {
    /// Reads the text of a code. Places after the creditor may be cut short, as in PagoPA's own sample.
    ///
    /// # Errors
    /// [`BadNotice`], the first thing that is wrong.
    pub fn read(text: &str) -> Result<Self, BadNotice> {
        let letters: Vec<char> = text.chars().collect();
        let part = |from: usize, to: usize| -> String { letters.iter().skip(from).take(to - from).collect() };
        if part(0, 15) != "codfase=NBPA;18" {
            return Err(BadNotice::OtherCode);
        }
        if letters.len() < 77 {
            return Err(BadNotice::Torn);
        }
        let number = part(15, 33);
        if number.bytes().any(|byte| !byte.is_ascii_digit()) {
            return Err(BadNotice::Letters);
        }
        let plain = |from, to| part(from, to).trim_end().to_owned();
        Ok(Self {
            number: number.parse()?,
            account: part(35, 47).trim_start_matches('0').to_owned(),
            amount: ten_digits(&part(49, 59))?,
            creditor: part(66, 77).parse()?,
            debtor: plain(77, 93),
            name: plain(93, 133),
            reason: plain(133, 243),
        })
    }

    /// The text of the code: always 256 letters. Names and reasons are written in capitals without accents, and cut where their
    /// place ends.
    #[must_use]
    pub fn write(&self) -> String {
        let digits = |text: &str, width: usize| {
            let plain: String = text.chars().filter(char::is_ascii_digit).take(width).collect();
            format!("{plain:0>width$}")
        };
        let words = |text: &str, width: usize| {
            let capitals: String = fold(&text::ascii(text)).to_uppercase().chars().take(width).collect();
            format!("{capitals:<width$}")
        };
        format!(
            "codfase=NBPA;18{}12{}10{:010}38961P1{}{}{}{}{:12}A",
            self.number,
            digits(&self.account, 12),
            self.amount.0.clamp(0, 9_999_999_999),
            self.creditor,
            words(&self.debtor, 16),
            words(&self.name, 40),
            words(&self.reason, 110),
            ""
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HEAD: &str =
        "codfase=NBPA;183007157000000000321200001630209310000000000138961P100085240950BSCMTT83A12L719RName Surname";

    #[test]
    fn a_postal_code_reads_as_in_the_standard() {
        let text = format!("{HEAD}{:27}test{:118}A", "", "");
        let code = PostalCode::read(&text).unwrap();
        assert_eq!(code.number.to_string(), "300715700000000032");
        assert_eq!((code.amount, code.creditor.to_string().as_str()), (Cents(1), "00085240950"));
        assert_eq!((code.account.as_str(), code.debtor.as_str()), ("16302093", "BSCMTT83A12L719R"));
        let torn: String = text.chars().take(70).collect();
        assert_eq!(PostalCode::read(&torn), Err(BadNotice::Torn));
        let letters = text.replacen("183007157", "1830071A7", 1);
        assert_eq!(PostalCode::read(&letters), Err(BadNotice::Letters));
        assert_eq!(PostalCode::read(&text.replacen("NBPA", "XXXX", 1)), Err(BadNotice::OtherCode));
        let free = text.replacen("100000000001", "100000000000", 1);
        assert_eq!(PostalCode::read(&free), Err(BadNotice::Zero));
    }

    #[test]
    fn letters_that_the_code_lacks_are_written_as_their_plain_ones() {
        let said = |name: &str, reason: &str| {
            let (number, creditor) = (NoticeNumber::issue(2, 7), "00085240950".parse().unwrap());
            let (account, debtor) = (String::from("16302093"), String::from("BSCMTT83A12L719R"));
            let (name, reason) = (name.to_owned(), reason.to_owned());
            let code = PostalCode { number, account, amount: Cents(100), creditor, debtor, name, reason };
            let read = PostalCode::read(&code.write()).unwrap();
            (read.name, read.reason)
        };
        assert_eq!(
            said("Ionuț Brânză", "Rată grădiniță"),
            (String::from("IONUT BRANZA"), String::from("RATA GRADINITA"))
        );
        assert_eq!(said("Łukasz Żak", "Opłata"), (String::from("LUKASZ ZAK"), String::from("OPLATA")));
        assert_eq!(said("Søren Weiß", "Città"), (String::from("SOREN WEISS"), String::from("CITTA")));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            base in 0_u64..10_000_000_000_000, cents in 1_i64..=9_999_999_999, creditor in "[0-9]{11}",
            account in "[1-9][0-9]{0,11}", debtor in "[A-Z0-9]{11,16}",
            name in "[A-Z]([A-Z ]{0,37}[A-Z])?", reason in "[A-Z0-9]([A-Z0-9 ]{0,100}[A-Z0-9])?",
        ) {
            let blank = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
            let code = PostalCode {
                number: NoticeNumber::issue(2, base), account, amount: Cents(cents),
                creditor: creditor.parse().unwrap(), debtor, name: blank(name), reason: blank(reason),
            };
            let text = code.write();
            prop_assert_eq!(text.chars().count(), 256);
            prop_assert_eq!(PostalCode::read(&text), Ok(code));
        }

        #[test]
        fn any_name_fits(name in "\\PC{0,60}", reason in "\\PC{0,200}") {
            let code = PostalCode {
                number: NoticeNumber::issue(2, 1), account: String::new(), amount: Cents(1),
                creditor: "01199250158".parse().unwrap(), debtor: String::new(), name, reason,
            };
            prop_assert_eq!(code.write().chars().count(), 256);
        }

        #[test]
        fn no_text_makes_it_fall(text in "codfase=NBPA;18\\PC{0,300}") {
            let _ = PostalCode::read(&text);
        }
    }
}
