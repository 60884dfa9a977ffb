//! The number of a bank account (IBAN, ISO 13616-1), in the form of its country.

use iban::{Iban, IbanLike as _};

use super::{BadCode, compact};

/// Reads an account number of any country; answers it in one piece.
///
/// # Errors
/// [`BadCode`], the first thing that is wrong.
pub fn iban(typed: &str) -> Result<String, BadCode> {
    let code = compact(typed);
    match code.parse::<Iban>() {
        Ok(iban) => Ok(iban.electronic_str().to_owned()),
        Err(iban::ParseIbanError::InvalidBaseIban { source: iban::ParseBaseIbanError::InvalidChecksum }) => {
            Err(BadCode::Check)
        }
        Err(_) => Err(BadCode::Shape),
    }
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
    }
}
