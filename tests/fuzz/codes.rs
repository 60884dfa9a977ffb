//! What people type and scan: notices, coordinates, numbers, codes.

use vicino_domain::pagopa::{self, NoticeNumber};
use vicino_domain::{Point, codes, text};

use crate::spoilt::{lines, tried};

/// What is read and written down is read as the same again.
fn the_same_again<E>(read: impl Fn(&str) -> Result<String, E>, typed: &str) {
    if let Ok(once) = read(typed) {
        assert_eq!(read(&once).ok(), Some(once), "{typed:?}");
    }
}

#[test]
fn notices() {
    let examples = lines(include_str!("corpus/notices.txt"));
    tried("notices", examples, |bytes| {
        let typed = String::from_utf8_lossy(bytes);
        if let Ok(found) = pagopa::read(&typed) {
            assert!(found.owed().is_none_or(|(_, amount)| amount.0 >= 0), "{typed:?}");
        }
        the_same_again(|text| text.parse::<NoticeNumber>().map(|number| number.to_string()), &typed);
    });
}

#[test]
fn coordinates() {
    let examples = lines(include_str!("corpus/coordinates.txt"));
    tried("coordinates", examples, |bytes| {
        let typed = String::from_utf8_lossy(bytes);
        the_same_again(|text| Point::parse(text).map(|point| point.to_string()), &typed);
        if let Ok(point) = Point::parse(&typed) {
            assert!(point.lat().abs() <= 90.0 && point.lon().abs() <= 180.0, "{typed:?}");
        }
    });
}

#[test]
fn numbers_and_codes() {
    let examples = lines(include_str!("corpus/codes.txt"));
    tried("codes", examples, |bytes| {
        let typed = String::from_utf8_lossy(bytes);
        if let Ok(cents) = codes::decimal(&typed, 2) {
            let sign = if cents < 0 { "-" } else { "" };
            let written = format!("{sign}{}.{:02}", cents.unsigned_abs() / 100, cents.unsigned_abs() % 100);
            assert_eq!(codes::decimal(&written, 2).ok(), Some(cents), "{typed:?}");
        }
        the_same_again(codes::iban, &typed);
        the_same_again(codes::tax_code, &typed);
        the_same_again(codes::vat_number, &typed);
        the_same_again(codes::entity_code, &typed);
        the_same_again(codes::email, &typed);
        the_same_again(codes::phone, &typed);
        the_same_again(codes::postal_code, &typed);
        the_same_again(|text| codes::date(text).map(|day| day.to_string()), &typed);
    });
}

#[test]
fn texts() {
    let examples = lines(include_str!("corpus/texts.txt"));
    tried("texts", examples, |bytes| {
        let typed = String::from_utf8_lossy(bytes);
        for clean in [text::line(&typed), text::file_name(&typed).to_owned()] {
            assert!(!clean.chars().any(char::is_control), "{typed:?}");
        }
        let once = text::line(&typed);
        assert_eq!(text::line(&once), once, "{typed:?}");
        let folded = vicino_domain::fold(&typed);
        assert_eq!(vicino_domain::fold(&folded), folded, "{typed:?}");
    });
}
