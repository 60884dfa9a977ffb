//! Papers of one's own: kept with what they are and until when, and used again where a form asks for that kind of paper.

use chrono::NaiveDate;
use rusqlite::Transaction;
use vicino_contract::ipc::{DiscardPaper, KeepPaper, ListPapers, PaperRow};
use vicino_contract::{Event, Failure, FailureCode};
use vicino_domain::media::USUAL;
use vicino_domain::paper::{LONGEST_NAME, PaperKind};
use vicino_domain::{PaperId, text, town_day};

use crate::device::Device;
use crate::device::command::Handle;
use crate::entropy::random;
use crate::error::Error;
use crate::matters::attachment::intake::{self, take_in, typed_day};
use crate::matters::document::personal_store::{self, Paper};
use crate::store::files::{self, KeptFile, With};

impl Handle for ListPapers {
    fn handle(self, device: &Device) -> Result<Vec<PaperRow>, Error> {
        let today = town_day(device.now());
        device.store.private(|tx| personal_store::all(tx)?.into_iter().map(|paper| row(tx, paper, today)).collect())
    }
}

/// A paper with its pages, as screens show it.
pub(crate) fn row(tx: &Transaction<'_>, paper: Paper, today: NaiveDate) -> Result<PaperRow, Error> {
    Ok(PaperRow {
        id: paper.id,
        kind: paper.kind,
        days: paper.expires.map(|on| on.signed_duration_since(today).num_days()),
        expires: paper.expires,
        files: files::of(tx, paper.id)?.iter().map(KeptFile::view).collect(),
        name: paper.name,
    })
}

/// Those that have a page, to be used.
pub(crate) fn usable(tx: &Transaction<'_>, today: NaiveDate) -> Result<Vec<PaperRow>, Error> {
    let rows =
        personal_store::all(tx)?.into_iter().map(|paper| row(tx, paper, today)).collect::<Result<Vec<_>, _>>()?;
    Ok(rows.into_iter().filter(|row| !row.files.is_empty()).collect())
}

impl Handle for KeepPaper {
    fn handle(self, device: &Device) -> Result<PaperId, Error> {
        let fresh = fresh(device, self.kind, &self.name, &self.expires)?;
        let id = device.store.private(|tx| {
            let before = self.id.map(|id| personal_store::find(tx, id)?.ok_or_else(Error::not_found)).transpose()?;
            let paper = match before {
                Some(before) => Paper { id: before.id, kept_at: before.kept_at, ..fresh },
                None => fresh,
            };
            personal_store::save(tx, &paper)?;
            Ok(paper.id)
        })?;
        device.tell(Event::Documents);
        Ok(id)
    }
}

/// A new paper, its name and its end as they were typed.
fn fresh(device: &Device, kind: PaperKind, name: &str, expires: &str) -> Result<Paper, Error> {
    let (now, name) = (device.now(), text::line(name));
    if name.chars().count() > LONGEST_NAME {
        return Err(Failure::new(FailureCode::NameTooLong).into());
    }
    let name = if name.is_empty() { kind.title().to_owned() } else { name };
    Ok(Paper { id: PaperId::new(now, random()?), kind, name, expires: typed_day(expires)?, kept_at: now })
}

/// Keeps a new paper with all of its pages, each a name and its bytes, or nothing of it; name and end as they were typed.
pub(crate) fn keep(
    device: &Device,
    kind: PaperKind,
    (name, expires): (&str, &str),
    pages: Vec<(String, Vec<u8>)>,
) -> Result<PaperId, Error> {
    let paper = fresh(device, kind, name, expires)?;
    keep_whole(device, &paper, pages)?;
    device.tell(Event::Documents);
    Ok(paper.id)
}

/// Keeps a new paper with all of its pages, or nothing of it: half a paper proves nothing.
fn keep_whole(device: &Device, paper: &Paper, pages: Vec<(String, Vec<u8>)>) -> Result<(), Error> {
    // Before the work: pages are developed one by one.
    if pages.len() > usize::try_from(device.limits()?.files).unwrap_or(usize::MAX) {
        return Err(Failure::new(FailureCode::FileTooMany).into());
    }
    let types = USUAL.map(String::from);
    let mut kept = Vec::new();
    let take = |(name, bytes): (String, Vec<u8>)| take_in(device, &types, &name, bytes).map(|page| kept.push(page));
    let done = pages.into_iter().try_for_each(take).and_then(|()| {
        device.store.private(|tx| {
            personal_store::save(tx, paper)?;
            let place = (paper.id.into(), With::Case);
            kept.iter()
                .try_for_each(|(page, bytes)| intake::keep(device, tx, place, page.clone(), Some(bytes)).map(drop))
        })
    });
    if done.is_err() {
        device.forget_bytes(kept.iter().map(|(page, _)| page.sha256));
    }
    done
}

impl Handle for DiscardPaper {
    fn handle(self, device: &Device) -> Result<(), Error> {
        let gone = device.store.private(|tx| {
            personal_store::find(tx, self.id)?.ok_or_else(Error::not_found)?;
            let pages = files::of(tx, self.id)?;
            for page in &pages {
                files::remove(tx, page.id)?;
            }
            personal_store::remove(tx, self.id)?;
            Ok(pages.into_iter().map(|page| page.sha256).collect::<Vec<_>>())
        })?;
        // Where a case uses the same page again it stays.
        device.forget_bytes(gone);
        device.tell(Event::Documents);
        Ok(())
    }
}
