//! Checking a certificate with no network: by the keys this device trusts, its clock, and what it knows to be taken back.

use std::sync::atomic::Ordering;

use vicino_contract::http::{CertificateClaims, Collection, RevocationRecord};
use vicino_contract::ipc::{CheckFile, CheckText, CheckView, SaidView, Verdict};
use vicino_contract::verify::{Brought, Known};
use vicino_domain::town_day;
use vicino_pictures::looking::Wish;
use vicino_pictures::photo::PhotoError;
use vicino_pictures::scan::Wanted;

use crate::device::Device;
use crate::device::command::Handle;
use crate::error::Error;
use crate::store::cursors;
use crate::store::identity::Joined;

impl Handle for CheckText {
    fn handle(self, device: &Device) -> Result<CheckView, Error> {
        check(device, |_| Ok(Brought::text(&self.text)))
    }
}

impl Handle for CheckFile {
    fn handle(self, device: &Device) -> Result<CheckView, Error> {
        let mut unread = None;
        let view = check(device, |town| {
            Ok(Brought::file(&self.bytes, town, |bytes| {
                let codes = device.shared.looker.codes(Wish::Codes(Wanted::Certificate), bytes);
                // A paper that is broken has no code to show.
                unread = codes.as_ref().err().copied().filter(|cause| *cause != PhotoError::Broken);
                codes.map(|codes| codes.texts)
            })?)
        })?;
        // Nobody may say that there is none on pages that could not be looked at.
        match unread {
            Some(cause) if view.verdict == Verdict::NotOne => Err(cause.into()),
            _ => Ok(view),
        }
    }
}

/// Holds what somebody brought against the town as this device knows it.
fn check(device: &Device, bring: impl FnOnce(Option<Known<'_>>) -> Result<Brought, Error>) -> Result<CheckView, Error> {
    let (joined, today) = (device.joined()?, town_day(device.now()));
    let joined = joined.as_ref();
    let keys = joined.map(Joined::certificate_keys).unwrap_or_default();
    let town = joined.map(|joined| Known {
        ipa_code: &joined.card.ipa_code,
        keys: &keys,
        compromised: &joined.card.compromised,
    });
    let held = bring(town)?.against(town);
    let (taken_back, as_of) = device.store.look(|tx| {
        let bodies = vicino_records::bodies(tx, Collection::Revocations.code())?;
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

fn said(word: CertificateClaims, joined: Option<&Joined>) -> SaidView {
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
