//! Dates, numbers, postal codes, telephone numbers, mail addresses: as people write them in Italy.

use chrono::NaiveDate;

use super::BadCode;

/// Reads a day: `31/12/2026`, `31-12-2026`, `31.12.2026` or `2026-12-31`.
///
/// # Errors
/// [`BadCode::Shape`] when it is no date, [`BadCode::Date`] when there is no such day.
pub fn date(typed: &str) -> Result<NaiveDate, BadCode> {
    let parts: Vec<&str> = typed.trim().split(['/', '-', '.']).map(str::trim).collect();
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
    let text: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let (negative, text) = text.strip_prefix('-').map_or((false, text.as_str()), |rest| (true, rest));
    let (whole, rest) = match text.rsplit_once(',') {
        Some((whole, rest)) => (whole.replace('.', ""), rest),
        // One point with fewer than three digits after it is a comma; three digits after it are thousands.
        None => match text.rsplit_once('.') {
            Some((whole, rest)) if rest.len() < 3 && !whole.contains('.') => (whole.to_owned(), rest),
            _ => (text.replace('.', ""), ""),
        },
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let places = usize::try_from(decimals.min(MOST_DECIMALS)).unwrap_or_default();
    if whole.is_empty() || !digits(&whole) || !digits(rest) || rest.len() > places {
        return Err(BadCode::Shape);
    }
    let number = format!("{whole}{rest:0<places$}").parse::<i64>().map_err(|_| BadCode::Shape)?;
    Ok(if negative { -number } else { number })
}

/// Reads an Italian postal code (*CAP*).
///
/// # Errors
/// [`BadCode::Shape`] when it is none.
pub fn postal_code(typed: &str) -> Result<String, BadCode> {
    let code = typed.trim();
    let sound = code.len() == 5 && code.bytes().all(|byte| byte.is_ascii_digit()) && code != "00000";
    if sound { Ok(code.to_owned()) } else { Err(BadCode::Shape) }
}

/// Reads a telephone number; one without a country's prefix is Italian. Answers it as `+39…` (E.164).
///
/// # Errors
/// [`BadCode::Shape`] when it is none.
pub fn phone(typed: &str) -> Result<String, BadCode> {
    let text: String =
        typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.' | '/' | '(' | ')')).collect();
    let number = match (text.strip_prefix('+'), text.strip_prefix("00")) {
        (Some(rest), _) | (None, Some(rest)) => rest.to_owned(),
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
    let text = typed.trim();
    let (local, domain) = text.rsplit_once('@').ok_or(BadCode::Shape)?;
    let odd =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '@' | '<' | '>' | '(' | ')' | ',' | ';' | '"');
    let labels = domain.split('.').collect::<Vec<_>>();
    let sound = labels.len() > 1
        && labels.iter().all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'));
    let sound = sound && !local.is_empty() && local.len() <= 64 && text.len() <= 254 && !local.chars().any(odd);
    if sound { Ok(text.to_owned()) } else { Err(BadCode::Shape) }
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
        for typed in ["", ",5", "1,234", "12a", "1e9", "99999999999999999999"] {
            assert!(decimal(typed, 2).is_err(), "{typed}");
        }
    }

    #[test]
    fn how_to_reach_somebody() {
        assert_eq!(phone("348 555 0101").as_deref(), Ok("+393485550101"));
        assert_eq!(phone("0039 055 55501").as_deref(), Ok("+3905555501"));
        assert!(phone("12").is_err() && phone("abc").is_err());
        assert_eq!(email(" anna.berti@example.it ").as_deref(), Ok("anna.berti@example.it"));
        for typed in ["anna", "@example.it", "anna@example", "anna@@example.it ", "a b@example.it"] {
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
