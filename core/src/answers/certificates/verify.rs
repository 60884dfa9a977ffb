//! Checking a certificate with no network: the signed word of its code, the seal over its bytes, its day, what was taken back.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::NaiveDate;
use vicino_contract::http::{CertificateWord, Collection, RevocationRecord};
use vicino_contract::ipc::{CheckFile, CheckText, CheckView, SaidView, Verdict};
use vicino_contract::seal::{self, Sealed};
use vicino_contract::{Failure, jws};
use vicino_domain::town_day;

use crate::answers::Answer;
use crate::device::Device;
use crate::error::Error;
use crate::scan;
use crate::store::cursors;
use crate::store::identity::Joined;

impl Answer for CheckText {
    fn answer(self, device: &Device) -> Result<CheckView, Error> {
        check(device, Some(self.text.trim()), None)
    }
}

impl Answer for CheckFile {
    fn answer(self, device: &Device) -> Result<CheckView, Error> {
        let paper = self.bytes.starts_with(b"%PDF-");
        let texts = scan::codes(&self.bytes, |text| read(text).is_some()).map_err(|bad| Failure::new(bad.code()));
        // A paper that cannot be drawn may still bear a seal, which then is broken.
        let texts = if paper { texts.unwrap_or_default() } else { texts? };
        let word = texts.iter().find(|text| read(text).is_some());
        check(device, word.map(String::as_str), paper.then_some(&self.bytes))
    }
}

/// What the town whose name it bears says, whether its signature holds or not.
fn read(word: &str) -> Option<CertificateWord> {
    let json = BASE64_URL_SAFE_NO_PAD.decode(word.split('.').nth(1)?).ok()?;
    serde_json::from_slice::<CertificateWord>(&json).ok().filter(|word| word.kind == CertificateWord::KIND)
}

fn check(device: &Device, word: Option<&str>, paper: Option<&Vec<u8>>) -> Result<CheckView, Error> {
    let (joined, today) = (device.joined()?, town_day(device.now()));
    let keys = joined.as_ref().map(|joined| joined.keys.as_slice()).unwrap_or_default();
    let seal = paper.map_or(Sealed::Not, |bytes| seal::check(bytes, keys));
    let signed = word.filter(|word| jws::verify(word, keys).is_ok()).and_then(read);
    let (taken_back, as_of) = device.store.look(|tx| {
        let bodies = vicino_records::bodies(tx, Collection::Revocations.wire())?;
        let all = bodies.iter().filter_map(|body| serde_json::from_str::<RevocationRecord>(body).ok());
        let taken_back = signed.as_ref().is_some_and(|word| all.into_iter().any(|one| one.number == word.number));
        Ok((taken_back, cursors::read(tx)?.freshness.as_of))
    })?;
    let named = word.and_then(read).map(|word| word.iss);
    let verdict = verdict(&signed, &seal, (named.as_deref(), joined.as_ref()), (taken_back, today));
    Ok(CheckView {
        verdict,
        today,
        said: signed.map(|word| said(word, joined.as_ref())),
        sealed: match seal {
            Sealed::Not => None,
            Sealed::Whole { .. } => Some(true),
            Sealed::Broken => Some(false),
        },
        as_of,
    })
}

fn verdict(
    signed: &Option<CertificateWord>,
    seal: &Sealed,
    (named, joined): (Option<&str>, Option<&Joined>),
    (taken_back, today): (bool, NaiveDate),
) -> Verdict {
    let own = |named: &str| joined.is_some_and(|joined| joined.card.ipa_code == named);
    match (signed, seal, named) {
        (None, Sealed::Not, None) => Verdict::NotOne,
        // It calls this town by name, and the town did not sign it.
        (None, _, Some(named)) if own(named) => Verdict::Altered,
        (None, Sealed::Broken, None) => Verdict::Altered,
        (None, _, _) => Verdict::UnknownTown,
        (Some(_), Sealed::Broken, _) => Verdict::Altered,
        (Some(word), _, _) if word.on > today => Verdict::Clock,
        (Some(_), _, _) if taken_back => Verdict::Revoked,
        (Some(word), _, _) if word.until.is_some_and(|until| until < today) => Verdict::Expired,
        (Some(_), _, _) => Verdict::Genuine,
    }
}

fn said(word: CertificateWord, joined: Option<&Joined>) -> SaidView {
    SaidView {
        town: joined.map(|joined| joined.card.name.clone()).unwrap_or(word.iss),
        number: word.number,
        name: word.name,
        born_on: word.born_on,
        says: word.says,
        on: word.on,
        until: word.until,
    }
}
