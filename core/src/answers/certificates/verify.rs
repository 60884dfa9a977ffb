//! Checking a certificate with no network: by the keys this device trusts, its clock, and what it knows to be taken back.

use std::sync::atomic::Ordering;

use vicino_contract::http::{CertificateWord, Collection, RevocationRecord};
use vicino_contract::ipc::{CheckFile, CheckText, CheckView, SaidView, Verdict};
use vicino_contract::verify::{Brought, Known, is_word};
use vicino_domain::town_day;
use vicino_pictures::scan;

use crate::answers::Answer;
use crate::device::Device;
use crate::error::Error;
use crate::store::cursors;
use crate::store::identity::Joined;

impl Answer for CheckText {
    fn answer(self, device: &Device) -> Result<CheckView, Error> {
        check(device, Brought::text(&self.text), device.joined()?.as_ref())
    }
}

impl Answer for CheckFile {
    fn answer(self, device: &Device) -> Result<CheckView, Error> {
        let joined = device.joined()?;
        let brought = Brought::file(&self.bytes, known(joined.as_ref()), |bytes| scan::codes(bytes, is_word))?;
        check(device, brought, joined.as_ref())
    }
}

fn known(joined: Option<&Joined>) -> Option<Known<'_>> {
    joined.map(|joined| Known { ipa_code: &joined.card.ipa_code, keys: &joined.keys })
}

fn check(device: &Device, brought: Brought, joined: Option<&Joined>) -> Result<CheckView, Error> {
    let today = town_day(device.now());
    let held = brought.against(known(joined));
    let (taken_back, as_of) = device.store.look(|tx| {
        let bodies = vicino_records::bodies(tx, Collection::Revocations.wire())?;
        let all = bodies.iter().filter_map(|body| serde_json::from_str::<RevocationRecord>(body).ok());
        let taken_back = held.said.as_ref().is_some_and(|word| all.into_iter().any(|one| one.number == word.number));
        Ok((taken_back, cursors::read(tx)?.freshness.as_of))
    })?;
    let verdict = held.verdict(taken_back, today);
    if verdict == Verdict::UnknownKey {
        // The town may have another key by now: its card is read again when there is a network.
        device.shared.strange_key.store(true, Ordering::Relaxed);
    }
    let sealed = held.is_sealed();
    Ok(CheckView { verdict, today, said: held.said.map(|word| said(word, joined)), sealed, as_of })
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
