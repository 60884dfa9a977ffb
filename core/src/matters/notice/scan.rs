//! Reading a notice without a network: what a code says, and which debt here it belongs to. A stranger's can be kept.

use rusqlite::Transaction;
use vicino_contract::ipc::{CodeRow, KeepNotice, NoticeRow, ReadNotice, ReadNoticeFile, ReadView};
use vicino_contract::{Event, Failure};
use vicino_domain::pagopa::{self, Creditor, Found, NoticeNumber};
use vicino_domain::{Field, Instant, Invalid, MOST_CENTS, NoticeId, Rule};
use vicino_pictures::looking::Wish;
use vicino_pictures::scan::{Codes, Wanted};

use crate::device::Device;
use crate::device::command::Handle;
use crate::entropy::random;
use crate::error::Error;
use crate::matters::notice::ledger::{Ledger, payment};
use crate::matters::notice::store::{self, ExternalNotice};

/// The longest name of a creditor, and of what is paid (pagoPA Checkout).
const LONGEST: usize = 140;

impl Handle for ReadNotice {
    fn handle(self, device: &Device) -> Result<ReadView, Error> {
        let now = device.now();
        match pagopa::read(&self.text) {
            Ok(found) => device.store.private(|tx| seen(tx, now, &found)),
            Err(bad) => Ok(ReadView::Bad(bad)),
        }
    }
}

/// What was found, and the debt here that it belongs to.
pub(crate) fn seen(tx: &Transaction<'_>, now: Instant, found: &Found) -> Result<ReadView, Error> {
    let (number, owed) = (found.number(), found.owed());
    let known = matching(tx, now, number, owed.map(|(creditor, _)| creditor))?;
    Ok(ReadView::Notice {
        number,
        grouped: number.grouped(),
        check: number.check(),
        creditor: owed.map(|(creditor, _)| creditor),
        amount: owed.map(|(_, amount)| amount),
        known: known.map(Box::new),
    })
}

/// The debt of this number: of this creditor, or of whomever when only the number was read.
fn matching(
    tx: &Transaction<'_>,
    now: Instant,
    number: NoticeNumber,
    creditor: Option<Creditor>,
) -> Result<Option<NoticeRow>, Error> {
    let ledger = Ledger::read(tx, now)?;
    let fits = |own: Creditor| creditor.is_none_or(|creditor| creditor == own);
    for record in ledger.records(tx)?.iter().filter(|record| fits(record.creditor.tax_code)) {
        if let Some((plan, nth, one)) = payment(record, number) {
            let tally = ledger.tally(record, one);
            return Ok(Some(ledger.row(record, plan, (nth, one), tally)));
        }
    }
    let kept = store::strangers(tx)?.into_iter().find(|kept| kept.number == number && fits(kept.creditor));
    Ok(kept.map(|kept| ledger.stranger(&kept)))
}

impl Handle for KeepNotice {
    fn handle(self, device: &Device) -> Result<NoticeId, Error> {
        let now = device.now();
        let (creditor_name, title) = (self.creditor_name.trim(), self.title.trim());
        let mut invalid = Vec::new();
        for (field, text) in [(Field::Creditor, creditor_name), (Field::Title, title)] {
            let found = text.chars().count();
            let rule = match found {
                0 => Some(Rule::Missing),
                _ if found > LONGEST => {
                    let found = u32::try_from(found).unwrap_or(u32::MAX);
                    Some(Rule::TooLong { max: u32::try_from(LONGEST).unwrap_or(u32::MAX), found })
                }
                _ => None,
            };
            invalid.extend(rule.map(|rule| Invalid { field, rule }));
        }
        // A sum that no code can carry is none to keep.
        let rule = match self.amount.0 {
            ..=0 => Some(Rule::Missing),
            amount if amount > MOST_CENTS.0 => {
                let digits = |amount: i64| amount.checked_ilog10().unwrap_or_default() + 1;
                Some(Rule::TooLong { max: digits(MOST_CENTS.0), found: digits(amount) })
            }
            _ => None,
        };
        invalid.extend(rule.map(|rule| Invalid { field: Field::Amount, rule }));
        if !invalid.is_empty() {
            return Err(Failure::invalid(invalid).into());
        }
        let id = device.store.private(|tx| {
            // What the town has told of is not kept a second time.
            if let Some(known) = matching(tx, now, self.number, Some(self.creditor))?.filter(|known| !known.stranger) {
                return Ok(known.id);
            }
            let stranger = ExternalNotice {
                id: NoticeId::new(now, random()?),
                creditor: self.creditor,
                number: self.number,
                amount: self.amount,
                creditor_name: creditor_name.to_owned(),
                title: title.to_owned(),
                kept_at: now,
            };
            store::keep(tx, &stranger)
        })?;
        device.tell(Event::Payments);
        Ok(id)
    }
}

impl Handle for ReadNoticeFile {
    fn handle(self, device: &Device) -> Result<ReadView, Error> {
        let now = device.now();
        let Codes { texts, whole } = device.shared.looker.codes(Wish::Codes(Wanted::Payment), &self.bytes)?;
        let Some(first) = texts.first() else { return Ok(ReadView::NoCode) };
        // A paper may carry other codes beside a notice's, and one notice in two codes: the one that says more counts.
        let mut notices: Vec<(&String, Found)> = Vec::new();
        for (text, found) in texts.iter().filter_map(|text| Some((text, pagopa::read(text).ok()?))) {
            // Two that say different sums or creditors of one number are two: a sticker must not win by being first.
            let same = |known: &Found| {
                let told = known.owed().zip(found.owed());
                known.number() == found.number() && told.is_none_or(|(one, other)| one == other)
            };
            match notices.iter_mut().find(|(_, known)| same(known)) {
                Some(known) if known.1.owed().is_none() => *known = (text, found),
                Some(_) => {}
                None => notices.push((text, found)),
            }
        }
        match notices.as_slice() {
            [] => Ok(ReadView::Bad(pagopa::read(first).err().unwrap_or(pagopa::BadNotice::OtherCode))),
            [(_, one)] if whole => device.store.private(|tx| seen(tx, now, one)),
            // The resident chooses: a notice must never be paid because its code was found first.
            several => device.store.private(|tx| {
                let row = |(text, found): &(&String, Found)| {
                    let owed = found.owed();
                    let known = matching(tx, now, found.number(), owed.map(|(creditor, _)| creditor))?;
                    Ok(CodeRow {
                        text: (*text).clone(),
                        grouped: found.number().grouped(),
                        creditor: owed.map(|(creditor, _)| creditor),
                        amount: owed.map(|(_, amount)| amount),
                        known: known.map(Box::new),
                    })
                };
                let rows = several.iter().map(row).collect::<Result<_, Error>>()?;
                Ok(if whole { ReadView::Several(rows) } else { ReadView::Partial(rows) })
            }),
        }
    }
}
