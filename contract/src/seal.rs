//! The town's seal on a PDF: a signature over every byte of it, in an update of its own behind them, so that one changed byte shows.
//!
//! A PDF may be added to without touching what is there (ISO 32000-1, 7.5.6, *incremental updates*). The seal is such an update, empty but for
//! a comment: the detached signature ([`crate::jws`]) of the paper before it. Nothing in the update is free: it follows, byte by
//! byte, from the paper and the signature, and an update that does not is no seal. The paper stays the PDF/A and PDF/UA it was.

use std::ops::Range;

use crate::http::TownKey;
use crate::jws::{self, TownSigner};

/// What stands before the signature.
const MARK: &[u8] = b"\n%vicino-seal ";

/// What a paper's seal says of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Sealed {
    /// There is none.
    Not,
    /// Every byte is as it was sealed with one of the keys.
    Whole {
        /// The thumbprint of the key.
        kid: String,
    },
    /// Nobody whose key is known sealed it, or something was changed since.
    Broken,
}

/// Seals a paper. `None`: it is no PDF with a classic cross-reference table, as this town's own are.
#[must_use]
pub fn seal(pdf: &[u8], signer: &TownSigner) -> Option<Vec<u8>> {
    let update = update(pdf, &signer.sign_detached(pdf))?;
    Some([pdf, &update].concat())
}

/// What a paper's seal says, by these keys.
#[must_use]
pub fn check(bytes: &[u8], keys: &[TownKey]) -> Sealed {
    let Some(at) = last(bytes, MARK) else { return Sealed::Not };
    let holds = || {
        let (paper, behind) = bytes.split_at_checked(at)?;
        let signed = behind.get(MARK.len()..)?;
        let signature = std::str::from_utf8(signed.get(..signed.iter().position(|byte| *byte == b'\n')?)?).ok()?;
        let key = keys.iter().find(|key| jws::verify_detached(signature, paper, std::slice::from_ref(key)).is_ok())?;
        (update(paper, signature)? == behind).then(|| key.kid.clone())
    };
    holds().map_or(Sealed::Broken, |kid| Sealed::Whole { kid })
}

/// The update that carries a signature.
fn update(pdf: &[u8], signature: &str) -> Option<Vec<u8>> {
    let end = pdf.get(last(pdf, b"trailer")?..)?;
    let text = std::str::from_utf8(end).ok()?;
    let Range { start, end } = text.find("<<")? + 2..text.rfind(">>")?;
    let dictionary = text.get(start..end)?;
    let before: usize = text.split("startxref").nth(1)?.split_whitespace().next()?.parse().ok()?;
    let mut update = [MARK, signature.as_bytes(), b"\n"].concat();
    let at = pdf.len() + update.len();
    // The head of the list of free objects: a table of nothing at all is more than some readers bear.
    let table = "xref\n0 1\n0000000000 65535 f \n";
    let trailer = format!("{table}trailer\n<<{dictionary}/Prev {before}>>\nstartxref\n{at}\n%%EOF\n");
    update.extend(trailer.into_bytes());
    Some(update)
}

fn last(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).rposition(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The least a PDF can be.
    const PAPER: &[u8] = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\nxref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer\n<</Size 2/Root 1 0 R>>\nstartxref\n43\n%%EOF";

    fn signer(seed: u8) -> TownSigner {
        TownSigner::from_seed([seed; 32])
    }

    #[test]
    fn every_single_changed_byte_shows() {
        let (town, other) = (signer(7), signer(8));
        let keys = [other.public(), town.public()];
        let sealed = seal(PAPER, &town).unwrap();
        assert!(sealed.starts_with(PAPER) && sealed.ends_with(b"%%EOF\n"));
        assert_eq!(check(&sealed, &keys), Sealed::Whole { kid: town.public().kid });
        assert_eq!(check(&sealed, &keys[..1]), Sealed::Broken, "by a town nobody knows here");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(!matches!(check(&changed, &keys), Sealed::Whole { .. }), "byte {at}");
        }
        for longer in [[&sealed[..], b"\n"].concat(), [&sealed[..], b"\n%vicino-seal x\n"].concat()] {
            assert_eq!(check(&longer, &keys), Sealed::Broken);
        }
    }

    #[test]
    fn what_is_not_sealed_says_so() {
        assert_eq!(check(PAPER, &[signer(7).public()]), Sealed::Not);
        assert_eq!(check(b"", &[]), Sealed::Not);
        assert_eq!(seal(b"no paper", &signer(7)), None);
        assert_eq!(seal(b"trailer >> << startxref", &signer(7)), None);
    }
}
