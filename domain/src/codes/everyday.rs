//! Dates, numbers, postal codes, telephone numbers, mail addresses: as people write them in Italy.

use chrono::NaiveDate;

use super::BadCode;
use crate::text;

/// Reads a day: `31/12/2026`, `31-12-2026`, `31.12.2026` or `2026-12-31`.
///
/// # Errors
/// [`BadCode::Shape`] when it is no date, [`BadCode::Date`] when there is no such day.
pub fn date(typed: &str) -> Result<NaiveDate, BadCode> {
    let typed = text::code(typed);
    let parts: Vec<&str> = typed.split(['/', '-', '.']).map(str::trim).collect();
    let [first, second, third] = parts.as_slice() else { return Err(BadCode::Shape) };
    let number = |text: &str| text.parse::<u32>().map_err(|_| BadCode::Shape);
    let (year, month, day) = if first.len() == 4 { (first, second, third) } else { (third, second, first) };
    if year.len() != 4 {
        return Err(BadCode::Shape);
    }
    let year = i32::try_from(number(year)?).map_err(|_| BadCode::Shape)?;
    NaiveDate::from_ymd_opt(year, number(month)?, number(day)?).ok_or(BadCode::Date)
}

/// More decimals than this stand in no number people write.
const MOST_DECIMALS: u32 = 9;

/// Reads a number with a comma or a point before at most this many decimals; answers it in units of the last of them, so that
/// `12,5` with two decimals is 1250. Points between thousands are understood.
///
/// # Errors
/// [`BadCode::Shape`] when it is no such number.
pub fn decimal(typed: &str, decimals: u32) -> Result<i64, BadCode> {
    let text: String = text::code(typed).chars().filter(|c| !c.is_whitespace()).collect();
    let (negative, text) = text.strip_prefix(['-', '\u{2212}']).map_or((false, text.as_str()), |rest| (true, rest));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, rest) = match text.rsplit_once(',') {
        Some((whole, rest)) => (whole, Some(rest)),
        // One point with one or two digits after it is a comma; three digits after it are thousands.
        None => match text.split_once('.') {
            Some((whole, rest)) if rest.len() < 3 && digits(rest) => (whole, Some(rest)),
            _ => (text, None),
        },
    };
    let places = usize::try_from(decimals.min(MOST_DECIMALS)).unwrap_or_default();
    let fraction = rest.is_none_or(|rest| digits(rest) && rest.len() <= places);
    // All digits in one, or a point before every three of them.
    let mut groups = whole.split('.');
    let first = groups.next().unwrap_or_default();
    let grouped = digits(first) && groups.all(|group| digits(group) && group.len() == 3);
    if !fraction || !grouped || (whole.contains('.') && first.len() > 3) {
        return Err(BadCode::Shape);
    }
    let (whole, rest) = (whole.replace('.', ""), rest.unwrap_or_default());
    let number = format!("{whole}{rest:0<places$}").parse::<i64>().map_err(|_| BadCode::Shape)?;
    Ok(if negative { -number } else { number })
}

/// Reads an Italian postal code (*CAP*).
///
/// # Errors
/// [`BadCode::Shape`] when it is none.
pub fn postal_code(typed: &str) -> Result<String, BadCode> {
    let code = text::code(typed);
    let sound = code.len() == 5 && code.bytes().all(|byte| byte.is_ascii_digit()) && code != "00000";
    if sound { Ok(code) } else { Err(BadCode::Shape) }
}

/// The words before an extension, which nobody dials from outside.
const EXTENSION: [&str; 4] = ["interno", "int", "est", "ext"];

/// Reads a telephone number; one without a country's prefix is Italian. Answers it as `+39…` (E.164), without the extension that may stand
/// behind it.
///
/// # Errors
/// [`BadCode::Shape`] when it is none.
pub fn phone(typed: &str) -> Result<String, BadCode> {
    let text = text::code(typed).to_lowercase();
    let text = text.strip_prefix("tel:").unwrap_or(&text);
    let extension = EXTENSION.iter().filter_map(|word| text.find(word)).min();
    let (outside, inside) = text.split_at_checked(extension.unwrap_or(text.len())).unwrap_or((text, ""));
    let inside = inside.trim_start_matches(|c: char| c.is_alphabetic() || c == '.' || c.is_whitespace());
    if extension.is_some() && (inside.is_empty() || !inside.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err(BadCode::Shape);
    }
    let text: String =
        outside.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.' | '/' | '(' | ')')).collect();
    // An Italian mobile number has nine or ten digits and begins with 3: with 39 before it and two more, its prefix stands there without
    // its sign.
    let prefixed = text.starts_with("393") && matches!(text.len(), 11 | 12);
    let number = match (text.strip_prefix('+'), text.strip_prefix("00")) {
        (Some(rest), _) | (None, Some(rest)) => rest.to_owned(),
        (None, None) if prefixed => text,
        (None, None) => format!("39{text}"),
    };
    let sound = number.bytes().all(|byte| byte.is_ascii_digit()) && !number.starts_with('0');
    // At most fifteen digits (E.164, section 6.2.1); no subscriber has fewer than six.
    if sound && (8..=15).contains(&number.len()) { Ok(format!("+{number}")) } else { Err(BadCode::Shape) }
}

/// Reads a mail address, as far as a letter can show that it is one (RFC 5321, section 4.1.2): whether it is theirs shows when they
/// are written to.
///
/// # Errors
/// [`BadCode::Shape`] when it is none.
pub fn email(typed: &str) -> Result<String, BadCode> {
    let text = text::code(typed);
    let (local, domain) = text.rsplit_once('@').ok_or(BadCode::Shape)?;
    // Atoms between single dots (RFC 5322, section 3.2.3; letters of any script, RFC 6531).
    let is_atom = |c: char| c.is_alphanumeric() || (c.is_ascii_graphic() && !r#"()<>[]:;@\,.""#.contains(c));
    let atoms = local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atom));
    // Labels that a host may have (RFC 1123, section 2.1).
    let is_label = |label: &str| {
        let inner = label.chars().all(|c| c.is_alphanumeric() || c == '-');
        !label.is_empty() && label.len() <= 63 && inner && !label.starts_with('-') && !label.ends_with('-')
    };
    let labels = domain.contains('.') && domain.split('.').all(is_label);
    if atoms && labels && local.len() <= 64 && text.len() <= 254 { Ok(text) } else { Err(BadCode::Shape) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn days_that_are_not_there_are_not_taken() {
        let day = NaiveDate::from_ymd_opt(2026, 12, 31).unwrap();
        for typed in ["31/12/2026", " 31-12-2026", "31.12.2026", "2026-12-31"] {
            assert_eq!(date(typed), Ok(day));
        }
        assert_eq!(date("31/02/2026"), Err(BadCode::Date));
        assert_eq!(date("29/02/2026"), Err(BadCode::Date));
        for typed in ["", "12/2026", "1/1/26", "domani", "1/1/20266", "-1/1/2026"] {
            assert_eq!(date(typed), Err(BadCode::Shape), "{typed}");
        }
    }

    #[test]
    fn numbers_are_read_as_they_are_written() {
        let read =
            [("12", 1200), ("12,5", 1250), ("12.50", 1250), ("1.234,5", 123_450), ("1.234", 123_400), ("-3", -300)];
        for (typed, value) in read {
            assert_eq!(decimal(typed, 2), Ok(value), "{typed}");
        }
        for typed in [("1.234.567", 123_456_700), ("1 234,50", 123_450), ("\u{2212}3", -300), ("12\u{200b}", 1200)] {
            assert_eq!(decimal(typed.0, 2), Ok(typed.1), "{}", typed.0);
        }
        for typed in [
            "",
            ",5",
            "1,234",
            "12a",
            "1e9",
            "99999999999999999999",
            "12.50.",
            "1..5",
            "1.2.3",
            "1.00,5",
            "20.00.0",
            "12,",
            "12.",
            ".5",
            "1234.567,8",
            "1,2,3",
            "12.3456",
            "1.2345.678",
        ] {
            assert!(decimal(typed, 2).is_err(), "{typed}");
        }
    }

    #[test]
    fn how_to_reach_somebody() {
        assert_eq!(phone("348 555 0101").as_deref(), Ok("+393485550101"));
        assert_eq!(phone("0039 055 55501").as_deref(), Ok("+3905555501"));
        assert_eq!(phone("\u{202a}+39 348 555 0101\u{202c}").as_deref(), Ok("+393485550101"), "pasted");
        assert_eq!(phone("39 348 555 0101").as_deref(), Ok("+393485550101"));
        assert_eq!(phone("392 555 0101").as_deref(), Ok("+393925550101"), "a mobile number of 392");
        assert_eq!(phone("0575 123456 int. 3").as_deref(), Ok("+390575123456"));
        assert_eq!(phone("tel:+390575123456").as_deref(), Ok("+390575123456"));
        for typed in ["12", "abc", "0575 123456 int.", "0575 123456 int. x", "+39", ""] {
            assert!(phone(typed).is_err(), "{typed}");
        }
        assert_eq!(email(" anna.berti@example.it ").as_deref(), Ok("anna.berti@example.it"));
        assert_eq!(email("anna\u{200b}@example.it").as_deref(), Ok("anna@example.it"), "pasted");
        assert_eq!(
            email("o'neill+comune@posta.comune.example.it").as_deref(),
            Ok("o'neill+comune@posta.comune.example.it")
        );
        for typed in [
            "anna",
            "@example.it",
            "anna@example",
            "anna@@example.it ",
            "a b@example.it",
            "anna..berti@example.it",
            ".anna@example.it",
            "anna.@example.it",
            "anna@-example.it",
            "anna@example-.it",
            "mailto:anna@example.it",
            "anna@example..it",
            "anna@example.it.",
        ] {
            assert!(email(typed).is_err(), "{typed}");
        }
        assert_eq!(postal_code("52021").as_deref(), Ok("52021"));
        assert!(postal_code("5202").is_err() && postal_code("00000").is_err());
    }

    proptest! {
        #[test]
        fn nothing_typed_is_too_odd(typed: String, decimals: u32) {
            let _ = (date(&typed), decimal(&typed, decimals), phone(&typed), email(&typed), postal_code(&typed));
        }

        #[test]
        fn a_number_reads_back(value in -1_000_000_000..1_000_000_000_i64) {
            let sign = if value < 0 { "-" } else { "" };
            let typed = format!("{sign}{},{:02}", value.abs() / 100, value.abs() % 100);
            prop_assert_eq!(decimal(&typed, 2), Ok(value));
        }
    }
}
