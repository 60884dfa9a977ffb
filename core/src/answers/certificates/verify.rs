//! Checking a certificate with no network: the signed word of its code, the seal over its bytes, its day, what was taken back.

use std::sync::atomic::Ordering;

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
        if self.bytes.starts_with(b"%PDF-") {
            let seal = seal::check(&self.bytes, &device.joined()?.map(|joined| joined.keys).unwrap_or_default());
            // What is sealed carries its word: no page has to be drawn, however it looks.
            let word = match &seal {
                Sealed::Whole { word } => Some(word.clone()),
                _ => first(scan::codes(&self.bytes, is_word).unwrap_or_default()),
            };
            return check(device, word.as_deref(), Some(seal));
        }
        let texts = scan::codes(&self.bytes, is_word).map_err(|bad| Failure::new(bad.code()))?;
        check(device, first(texts).as_deref(), None)
    }
}

/// What the town whose name it bears says, whether its signature holds or not.
fn read(word: &str) -> Option<CertificateWord> {
    let json = BASE64_URL_SAFE_NO_PAD.decode(word.split('.').nth(1)?).ok()?;
    serde_json::from_slice::<CertificateWord>(&json).ok().filter(|word| word.kind == CertificateWord::KIND)
}

fn is_word(text: &str) -> bool {
    read(text).is_some()
}

/// The first that is a certificate's word: a paper may carry other codes beside it.
fn first(texts: Vec<String>) -> Option<String> {
    texts.into_iter().find(|text| is_word(text))
}

/// `seal`: of a PDF; nothing is known of any other.
fn check(device: &Device, word: Option<&str>, seal: Option<Sealed>) -> Result<CheckView, Error> {
    let (joined, today) = (device.joined()?, town_day(device.now()));
    let keys = joined.as_ref().map(|joined| joined.keys.as_slice()).unwrap_or_default();
    let signed = word.filter(|word| jws::verify(word, keys).is_ok()).and_then(read);
    let (taken_back, as_of) = device.store.look(|tx| {
        let bodies = vicino_records::bodies(tx, Collection::Revocations.wire())?;
        let all = bodies.iter().filter_map(|body| serde_json::from_str::<RevocationRecord>(body).ok());
        let taken_back = signed.as_ref().is_some_and(|word| all.into_iter().any(|one| one.number == word.number));
        Ok((taken_back, cursors::read(tx)?.freshness.as_of))
    })?;
    let named = word.and_then(read).map(|word| word.iss);
    let own = named.as_deref().is_some_and(|named| joined.as_ref().is_some_and(|one| one.card.ipa_code == named));
    let strange = word.and_then(jws::kid).is_some_and(|kid| keys.iter().all(|key| key.kid != kid));
    let verdict = match verdict(signed.as_ref(), seal.as_ref(), (named.is_some(), own, strange)) {
        Some(verdict) => verdict,
        None => holds(signed.as_ref(), (taken_back, today)),
    };
    if verdict == Verdict::UnknownKey {
        // The town may have another key by now: its card is read again when there is a network.
        device.shared.strange_key.store(true, Ordering::Relaxed);
    }
    Ok(CheckView {
        verdict,
        today,
        said: signed.map(|word| said(word, joined.as_ref())),
        sealed: seal.and_then(|seal| match seal {
            Sealed::Not => None,
            Sealed::Whole { .. } => Some(true),
            Sealed::Stranger | Sealed::Broken => Some(false),
        }),
        as_of,
    })
}

/// What speaks against it, before its day does: the word (whether it names a town, this one, with a key that is not known), and the seal.
fn verdict(
    signed: Option<&CertificateWord>,
    seal: Option<&Sealed>,
    (named, own, strange): (bool, bool, bool),
) -> Option<Verdict> {
    Some(match (signed, seal) {
        (_, Some(Sealed::Broken)) => Verdict::Altered,
        (None, None | Some(Sealed::Not)) if !named => Verdict::NotOne,
        (None, _) if own && strange => Verdict::UnknownKey,
        // It calls this town by name, bears its key, and the town did not sign it.
        (None, _) if own => Verdict::Altered,
        (None, _) => Verdict::UnknownTown,
        (Some(_), Some(Sealed::Stranger)) => Verdict::Altered,
        (Some(_), Some(Sealed::Not)) => Verdict::CodeOnly,
        (Some(_), None | Some(Sealed::Whole { .. })) => return None,
    })
}

/// What a word that the town signed is worth on a day.
fn holds(signed: Option<&CertificateWord>, (taken_back, today): (bool, NaiveDate)) -> Verdict {
    match signed {
        None => Verdict::NotOne,
        Some(word) if word.on > today => Verdict::Clock,
        Some(_) if taken_back => Verdict::Revoked,
        Some(word) if word.until.is_some_and(|until| until < today) => Verdict::Expired,
        Some(_) => Verdict::Genuine,
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
