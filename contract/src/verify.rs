//! A certificate held against a town's keys: the signed word of its code, the seal over its bytes, its day, what was taken back.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::NaiveDate;
use vicino_domain::media::is_pdf;

use crate::http::{CertificateClaims, CompromisedKey, TownKey};
use crate::jws::{self, Kind};
use crate::seal::{self, Sealed};
use crate::verdict::Verdict;

/// A town as whoever checks knows it.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The IPA code.
    pub ipa_code: &'a str,
    /// The keys.
    pub keys: &'a [TownKey],
    /// Those of them that somebody else may hold: what they signed is for the town's own register to tell.
    pub compromised: &'a [CompromisedKey],
}

/// A file or a text that somebody brought to be checked.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Brought {
    /// The text of its code.
    pub word: Option<String>,
    /// The seal of a PDF; nothing is known of any other.
    pub seal: Option<Sealed>,
}

impl Brought {
    /// The text of a code.
    #[must_use]
    pub fn text(text: &str) -> Self {
        // As a mail carries it, in lines.
        Self { word: Some(text.split_whitespace().collect()), seal: None }
    }

    /// A file, a paper or a picture of one; `scan` reads the codes in it.
    ///
    /// # Errors
    /// What `scan` says of a picture. A PDF that cannot be drawn still has its seal.
    pub fn file<E>(
        bytes: &[u8],
        town: Option<Known<'_>>,
        scan: impl FnOnce(&[u8]) -> Result<Vec<String>, E>,
    ) -> Result<Self, E> {
        // A paper may carry other codes beside it.
        let first = |texts: Vec<String>| texts.into_iter().find(|text| is_word(text));
        if !is_pdf(bytes) {
            return Ok(Self { word: first(scan(bytes)?), seal: None });
        }
        let seal = seal::check(bytes, town.map(|town| town.keys).unwrap_or_default());
        // What is sealed carries its word: no page has to be drawn, however it looks.
        let word = match &seal {
            Sealed::Whole { word } => Some(word.clone()),
            _ => match seal::word(bytes).filter(|word| is_word(word)) {
                Some(word) => Some(word.to_owned()),
                None => first(scan(bytes).unwrap_or_default()),
            },
        };
        Ok(Self { word, seal: Some(seal) })
    }

    /// What it comes to by these keys, before its day and what was taken back are asked.
    #[must_use]
    pub fn against(self, town: Option<Known<'_>>) -> Held {
        let keys = town.map(|town| town.keys).unwrap_or_default();
        let word = self.word.as_deref();
        let said = word.filter(|word| jws::verify(Kind::Certificate, word, keys).is_ok()).and_then(read);
        let named = word.and_then(read).map(|word| word.iss);
        let own = named.as_deref().is_some_and(|named| town.is_some_and(|town| town.ipa_code == named));
        let strange = word.and_then(jws::kid).is_some_and(|kid| keys.iter().all(|key| key.kid() != kid));
        let stolen = |kid: &str| town.is_some_and(|town| town.compromised.iter().any(|bad| bad.kid == kid));
        let issuer = match named {
            None => Issuer::Nobody,
            Some(_) if !own => Issuer::AnotherTown,
            Some(_) if strange => Issuer::StrangeKey,
            Some(_) => Issuer::ThisTown,
        };
        let against = speaks_against(said.is_some(), self.seal.as_ref(), issuer);
        let against =
            against.or_else(|| word.and_then(jws::kid).filter(|kid| stolen(kid)).map(|_| Verdict::Compromised));
        Held { said, seal: self.seal, against }
    }
}

/// Returns whether a text is the signed token of a certificate. Its signature is not checked.
#[must_use]
pub fn is_word(text: &str) -> bool {
    read(text).is_some()
}

/// The content of a signed word, with no check of its signature.
#[must_use]
pub fn read(word: &str) -> Option<CertificateClaims> {
    let json = BASE64_URL_SAFE_NO_PAD.decode(word.split('.').nth(1)?).ok()?;
    serde_json::from_slice::<CertificateClaims>(&json).ok().filter(|word| word.kind == CertificateClaims::KIND)
}

/// A certificate held against a town's keys.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Held {
    /// What the town said; nothing where no signature holds.
    pub said: Option<CertificateClaims>,
    seal: Option<Sealed>,
    against: Option<Verdict>,
}

impl Held {
    /// What it is worth on a day, by what is known to be taken back.
    #[must_use]
    pub fn verdict(&self, taken_back: bool, today: NaiveDate) -> Verdict {
        match (self.against, &self.said) {
            (Some(against), _) => against,
            (None, None) => Verdict::NotOne,
            (None, Some(word)) if word.on > today => Verdict::Clock,
            (None, Some(_)) if taken_back => Verdict::Revoked,
            (None, Some(word)) if word.until.is_some_and(|until| until < today) => Verdict::Expired,
            (None, Some(_)) => Verdict::Genuine,
        }
    }

    /// Of a file: whether every byte is as the town sealed it; nothing: it bears no seal, as a photo or a print of one.
    #[must_use]
    pub fn is_sealed(&self) -> Option<bool> {
        match self.seal.as_ref()? {
            Sealed::Not => None,
            Sealed::Whole { .. } => Some(true),
            Sealed::Broken => Some(false),
            // Of somebody nobody knows here it is not said whether it holds; beside this town's own word it is not the town's.
            Sealed::Stranger => self.said.is_some().then_some(false),
        }
    }
}

/// The town that a word says it is of, and the key it names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Issuer {
    /// It names none.
    Nobody,
    AnotherTown,
    /// This town, and a key that is not among those known of it.
    StrangeKey,
    /// This town, and a key of its own.
    ThisTown,
}

/// The verdict of the word and the seal, before its day has one.
fn speaks_against(signed: bool, seal: Option<&Sealed>, issuer: Issuer) -> Option<Verdict> {
    Some(match (signed, seal) {
        (_, Some(Sealed::Broken)) => Verdict::Altered,
        (false, None | Some(Sealed::Not)) if issuer == Issuer::Nobody => Verdict::NotOne,
        (false, _) => match issuer {
            Issuer::StrangeKey => Verdict::UnknownKey,
            // It calls this town by name, bears its key, and the town did not sign it.
            Issuer::ThisTown => Verdict::Altered,
            Issuer::AnotherTown | Issuer::Nobody => Verdict::UnknownTown,
        },
        (true, Some(Sealed::Stranger)) => Verdict::Altered,
        (true, Some(Sealed::Not)) => Verdict::CodeOnly,
        (true, None | Some(Sealed::Whole { .. })) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jws::TownSigner;

    fn word(of: &str) -> Vec<u8> {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let word = CertificateClaims {
            iss: of.to_owned(),
            kind: CertificateClaims::KIND.to_owned(),
            number: String::from("2026/000001"),
            name: String::from("Anna Berti"),
            born_on: day("1986-05-14"),
            says: vec![String::from("è in vita")],
            on: day("2026-03-12"),
            until: Some(day("2026-06-12")),
            document: String::new(),
        };
        serde_json::to_vec(&word).unwrap()
    }

    #[test]
    fn what_speaks_against_it_is_said_before_its_day() {
        let (town, stranger) = (TownSigner::from_seed([7; 32]), TownSigner::from_seed([8; 32]));
        let keys = [town.public()];
        let known = Known { ipa_code: "c_prova", keys: &keys, compromised: &[] };
        let own = town.sign(Kind::Certificate, &word("c_prova"));
        let today = |text: &str| text.parse::<NaiveDate>().unwrap();
        let verdict = |word: Option<&str>, seal, revoked, day| {
            let brought = Brought { word: word.map(str::to_owned), seal };
            let held = brought.against(Some(known));
            (held.verdict(revoked, today(day)), held.said.is_some(), held.is_sealed())
        };
        let whole = || Some(Sealed::Whole { word: own.clone() });
        assert_eq!(verdict(Some(&own), whole(), false, "2026-03-12"), (Verdict::Genuine, true, Some(true)));
        assert_eq!(verdict(Some(&own), None, false, "2026-06-12").0, Verdict::Genuine, "the last day counts");
        assert_eq!(verdict(Some(&own), None, false, "2026-06-13").0, Verdict::Expired);
        assert_eq!(verdict(Some(&own), None, false, "2026-03-11").0, Verdict::Clock);
        assert_eq!(verdict(Some(&own), None, true, "2026-03-12").0, Verdict::Revoked);
        assert_eq!(verdict(Some(&own), Some(Sealed::Not), false, "2026-03-12").0, Verdict::CodeOnly);
        // A seal of somebody else's beside the town's own word, as on a paper that was put together.
        let put_together = verdict(Some(&own), Some(Sealed::Stranger), false, "2026-03-12");
        assert_eq!(put_together, (Verdict::Altered, true, Some(false)));
        assert_eq!(verdict(Some(&own), Some(Sealed::Broken), false, "2026-03-12").0, Verdict::Altered);
        let forged = stranger.sign(Kind::Certificate, &word("c_prova"));
        assert_eq!(verdict(Some(&forged), None, false, "2026-03-12"), (Verdict::UnknownKey, false, None));
        assert_eq!(
            verdict(Some(&stranger.sign(Kind::Certificate, &word("c_altro"))), None, false, "2026-03-12").0,
            Verdict::UnknownTown
        );
        assert_eq!(verdict(Some(&format!("{own}x")), None, false, "2026-03-12").0, Verdict::Altered);
        assert_eq!(verdict(Some("PAGOPA|002|1"), None, false, "2026-03-12").0, Verdict::NotOne);
        assert_eq!(verdict(None, Some(Sealed::Not), false, "2026-03-12").0, Verdict::NotOne);
        // A key somebody else may hold: whatever date stands on it, no device can tell who wrote it.
        let stolen = [CompromisedKey { kid: town.public().kid().to_owned(), since: Default::default() }];
        let after = Brought::text(&own).against(Some(Known { compromised: &stolen, ..known }));
        assert_eq!(after.verdict(false, today("2026-03-12")), Verdict::Compromised);
        // Nobody's device: it knows no town, and calls nothing false.
        assert_eq!(Brought::text(&own).against(None).verdict(false, today("2026-03-12")), Verdict::UnknownTown);
    }
    #[test]
    fn a_paper_is_a_paper_whatever_stands_before_its_mark() {
        let town = TownSigner::from_seed([7; 32]);
        let keys = [town.public()];
        let known = Known { ipa_code: "c_prova", keys: &keys, compromised: &[] };
        let own = town.sign(Kind::Certificate, &word("c_prova"));
        // As a paper whose seal was cut off, or that was altered: its pages bear the town's own code.
        for before in ["", "\n", "\u{feff}", "\u{feff}\r\n"] {
            let paper = format!("{before}%PDF-1.7 and nothing after it");
            let held = Brought::file(paper.as_bytes(), Some(known), |_| Ok::<_, ()>(vec![own.clone()])).unwrap();
            assert_eq!(held.against(Some(known)).verdict(false, "2026-03-12".parse().unwrap()), Verdict::CodeOnly);
        }
    }
}
