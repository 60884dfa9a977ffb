//! The town's seal on a PDF: its signed word, and a signature over every byte, in an update behind them, so that one changed byte shows.
//!
//! A PDF may be added to without touching what is there (ISO 32000-1, 7.5.6, *incremental updates*). The seal is such an update, empty but for
//! two comments: the word that the paper's code carries too, and the detached signature ([`crate::jws`]) of the paper and that word. Nothing in
//! the update is free: it follows, byte by byte, from paper, word and signature, and an update that does not is no seal. The paper
//! stays the PDF/A and PDF/UA it was.

use crate::http::TownKey;
use crate::jws::{self, Kind};

/// The mark before the token.
const WORD: &[u8] = b"\n%vicino-word ";
/// The mark before the signature.
const MARK: &[u8] = b"\n%vicino-seal ";

/// The verdict of a paper's seal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Sealed {
    /// There is none.
    Not,
    /// Every byte is as it was sealed with one of the keys, with this signed word.
    Whole {
        /// The word, a JWS of its own.
        word: String,
    },
    /// It is sealed with a key that is not among these.
    Stranger,
    /// Something was changed since it was sealed.
    Broken,
}

/// Seals a paper with a word; `sign` makes the detached signature over both. `None`: it is no PDF with a classic cross-reference table,
/// as this town's own are.
///
/// # Errors
/// Why it was not signed.
pub fn seal<E>(pdf: &[u8], word: &str, sign: impl FnOnce(&[u8]) -> Result<String, E>) -> Result<Option<Vec<u8>>, E> {
    let signature = sign(&[pdf, WORD, word.as_bytes()].concat())?;
    Ok(update(pdf, word, &signature).map(|update| [pdf, &update].concat()))
}

/// Checks a paper's seal by these keys.
#[must_use]
pub fn check(bytes: &[u8], keys: &[TownKey]) -> Sealed {
    let Some(at) = last(bytes, MARK) else {
        // Half a seal is no paper without one.
        return if last(bytes, WORD).is_some() { Sealed::Broken } else { Sealed::Not };
    };
    let read = || {
        let (signed, behind) = bytes.split_at_checked(at)?;
        let (paper, word) = signed.split_at_checked(last(signed, WORD)?)?;
        let word = std::str::from_utf8(word.get(WORD.len()..)?).ok()?;
        let signature = line(behind.get(MARK.len()..)?)?;
        let whole = update(paper, word, signature)? == bytes.get(paper.len()..)?;
        whole.then_some((signed, word, signature))
    };
    let Some((signed, word, signature)) = read() else { return Sealed::Broken };
    let known = jws::kid(signature).is_some_and(|kid| keys.iter().any(|key| key.kid() == kid));
    match jws::verify_detached(Kind::Seal, signature, signed, keys) {
        Ok(()) => Sealed::Whole { word: word.to_owned() },
        Err(_) if known => Sealed::Broken,
        Err(_) => Sealed::Stranger,
    }
}

/// The word that a seal carries, whoever made it, and whatever became of the paper since.
#[must_use]
pub fn word(bytes: &[u8]) -> Option<&str> {
    line(bytes.get(last(bytes, WORD)? + WORD.len()..)?)
}

/// The text up to the end of its line.
fn line(bytes: &[u8]) -> Option<&str> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    std::str::from_utf8(bytes.get(..end)?).ok()
}

/// The update that carries a word and a signature.
fn update(pdf: &[u8], word: &str, signature: &str) -> Option<Vec<u8>> {
    let end = pdf.get(last(pdf, b"\ntrailer")?..)?;
    let text = std::str::from_utf8(end).ok()?;
    let dictionary = text.get(text.find("<<")? + 2..text.rfind(">>")?)?;
    let before: usize = text.split("startxref").nth(1)?.split_whitespace().next()?.parse().ok()?;
    let mut update = [WORD, word.as_bytes(), MARK, signature.as_bytes(), b"\n"].concat();
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
    use crate::jws::TownSigner;

    fn sealed_by(pdf: &[u8], word: &str, signer: &TownSigner) -> Option<Vec<u8>> {
        seal(pdf, word, |signed| Ok::<_, ()>(signer.sign_detached(Kind::Seal, signed))).unwrap()
    }

    /// The least a PDF can be.
    const PAPER: &[u8] = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\nxref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer\n<</Size 2/Root 1 0 R>>\nstartxref\n43\n%%EOF";

    fn signer(seed: u8) -> TownSigner {
        TownSigner::from_seed([seed; 32])
    }

    #[test]
    fn every_single_changed_byte_shows() {
        let (town, other) = (signer(7), signer(8));
        let keys = [other.public(), town.public()];
        let word = town.sign(Kind::Certificate, b"{}");
        let sealed = sealed_by(PAPER, &word, &town).unwrap();
        assert!(sealed.starts_with(PAPER) && sealed.ends_with(b"%%EOF\n"));
        assert_eq!(check(&sealed, &keys), Sealed::Whole { word });
        assert_eq!(check(&sealed, &keys[..1]), Sealed::Stranger, "by a town nobody knows here");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(matches!(check(&changed, &keys), Sealed::Broken | Sealed::Stranger), "byte {at}");
        }
        for longer in [[&sealed[..], b"\n"].concat(), [&sealed[..], b"\n%vicino-seal x\n"].concat()] {
            assert_eq!(check(&longer, &keys), Sealed::Broken);
        }
        // Cut off whole, it is a paper without a seal: whoever checks it must say so.
        assert_eq!(check(PAPER, &keys), Sealed::Not);
    }

    #[test]
    fn what_is_not_sealed_says_so() {
        assert_eq!(check(b"", &[]), Sealed::Not);
        assert_eq!(sealed_by(b"no paper", "w", &signer(7)), None);
        assert_eq!(sealed_by(b"\ntrailer >> << startxref", "w", &signer(7)), None);
    }
}
