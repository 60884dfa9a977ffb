//! The number of a bank account (IBAN, ISO 13616-1), in the form of its country.

use iban::{Iban, IbanLike as _};

use super::tax_code::check_letter;
use super::{BadCode, compact};

/// Reads an account number of any country; answers it in one piece.
///
/// # Errors
/// [`BadCode`], the first thing that is wrong.
pub fn iban(typed: &str) -> Result<String, BadCode> {
    let code = compact(typed);
    match code.parse::<Iban>() {
        Ok(iban) if !has_sound_cin(iban.electronic_str()) => Err(BadCode::Check),
        Ok(iban) => Ok(iban.electronic_str().to_owned()),
        // The registry has it (release 100, October 2025), and the library not yet: two digits, four letters, twenty digits.
        Err(iban::ParseIbanError::UnknownCountry(base)) if is_of_honduras(base.electronic_str()) => Ok(code),
        Err(iban::ParseIbanError::InvalidBaseIban { source: iban::ParseBaseIbanError::InvalidChecksum }) => {
            Err(BadCode::Check)
        }
        Err(_) => Err(BadCode::Shape),
    }
}

fn is_of_honduras(code: &str) -> bool {
    let bank = code.get(4..8).is_some_and(|bank| bank.bytes().all(|byte| byte.is_ascii_uppercase()));
    let account = code.get(8..).is_some_and(|rest| rest.len() == 20 && rest.bytes().all(|byte| byte.is_ascii_digit()));
    code.starts_with("HN") && bank && account
}

/// Returns whether the check letter inside an account of Italy or San Marino (*CIN*) is right: the same reckoning as in a tax code, over bank, branch
/// and account. Accounts of elsewhere have none.
fn has_sound_cin(code: &str) -> bool {
    if !code.starts_with("IT") && !code.starts_with("SM") {
        return true;
    }
    let (cin, rest) = (code.as_bytes().get(4), code.as_bytes().get(5..).unwrap_or_default());
    cin == Some(&check_letter(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_read_and_checked() {
        // The examples of the IBAN registry (ISO 13616-1).
        assert_eq!(iban("it60 x054 2811 1010 0000 0123 456").as_deref(), Ok("IT60X0542811101000000123456"));
        assert_eq!(iban("DE89370400440532013000").as_deref(), Ok("DE89370400440532013000"));
        assert_eq!(iban("IT60X0542811101000000123457"), Err(BadCode::Check));
        assert_eq!(iban("IT60X05428111010000001234"), Err(BadCode::Check));
        assert_eq!(iban("1234"), Err(BadCode::Shape));
        assert_eq!(iban("IT60\u{200b}X0542811101000000123456").as_deref(), Ok("IT60X0542811101000000123456"), "pasted");
        assert_eq!(iban("SM86U0322509800000000270100").as_deref(), Ok("SM86U0322509800000000270100"));
        assert_eq!(iban("HN88CABF00000000000250005469").as_deref(), Ok("HN88CABF00000000000250005469"));
        assert!(iban("HN88CABF0000000000025000546X").is_err() && iban("HN89CABF00000000000250005469").is_err());
    }

    /// A check of the whole that holds says nothing of the letter inside.
    #[test]
    fn another_letter_inside_is_found() {
        let rest = "0542811101000000123456";
        for cin in 'A'..='Z' {
            // The two digits that make the whole hold with this letter (ISO 7064, MOD 97-10).
            let counted = format!("{cin}{rest}IT00").chars().fold(0_u32, |sum, letter| {
                let value = letter.to_digit(36).unwrap_or_default();
                (sum * if value > 9 { 100 } else { 10 } + value) % 97
            });
            let code = format!("IT{:02}{cin}{rest}", 98 - counted);
            assert_eq!(iban(&code).is_ok(), cin == 'X', "{code}");
        }
    }
}
