//! Eleven digits: the VAT number (*partita IVA*) and the tax code of an entity, with the check digit of Luhn (ISO/IEC 7812-1).

use super::{BadCode, compact};

/// Reads a VAT number; `IT` before it is fine.
///
/// # Errors
/// [`BadCode`], the first thing that is wrong.
pub fn vat_number(typed: &str) -> Result<String, BadCode> {
    let code = compact(typed);
    let code = entity_code(code.strip_prefix("IT").unwrap_or(&code))?;
    // The office that gave it: a province, or one of the few others there are (D.M. 23 December 1976, art. 2).
    let part =
        |from: usize, to: usize| code.get(from..to).and_then(|part| part.parse::<u32>().ok()).unwrap_or_default();
    let office = part(7, 10);
    let known = (1..=100).contains(&office) || [120, 121, 888, 999].contains(&office);
    if part(0, 7) == 0 || !known { Err(BadCode::Shape) } else { Ok(code) }
}

/// Reads an entity's tax code of eleven digits.
///
/// # Errors
/// [`BadCode`], the first thing that is wrong.
pub fn entity_code(typed: &str) -> Result<String, BadCode> {
    let code = compact(typed);
    if code.len() != 11 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(BadCode::Shape);
    }
    let counted = code.bytes().enumerate().map(|(at, byte)| {
        let digit = u32::from(byte - b'0');
        match (at % 2, digit * 2) {
            (0, _) => digit,
            (_, twice) if twice > 9 => twice - 9,
            (_, twice) => twice,
        }
    });
    if code.bytes().all(|byte| byte == b'0') {
        return Err(BadCode::Shape);
    }
    if counted.sum::<u32>().is_multiple_of(10) { Ok(code) } else { Err(BadCode::Check) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors() {
        for code in ["00743110157", "01199250158", "00085240950", "03334231200", "15376371009"] {
            assert_eq!(vat_number(code).as_deref(), Ok(code));
        }
        assert_eq!(vat_number("IT 00743110157").as_deref(), Ok("00743110157"));
        for code in ["80012000826", "81005750021", "12345678903"] {
            assert_eq!(entity_code(code).as_deref(), Ok(code));
        }
        for (code, why) in
            [("00743110158", BadCode::Check), ("12345678901", BadCode::Check), ("7777777777", BadCode::Shape)]
        {
            assert_eq!(vat_number(code), Err(why), "{code}");
        }
        assert!(vat_number("77777777777").is_err());
        assert_eq!(entity_code("00000000000"), Err(BadCode::Shape));
    }
}
