//! Papers of one's own: kept with what they are and until when, and used again where a form asks for that kind of paper.

use chrono::NaiveDate;
use rusqlite::Transaction;
use vicino_contract::ipc::{DiscardPaper, KeepPaper, ListPapers, PaperRow};
use vicino_contract::{Event, Failure, FailureCode};
use vicino_domain::paper::LONGEST_NAME;
use vicino_domain::{MatterId, PaperId, town_day};

use crate::answers::Answer;
use crate::answers::files::typed_day;
use crate::device::Device;
use crate::entropy::random;
use crate::error::Error;
use crate::store::files::{self, Kept};
use crate::store::papers::{self, Paper};

impl Answer for ListPapers {
    fn answer(self, device: &Device) -> Result<Vec<PaperRow>, Error> {
        let today = town_day(device.now());
        device.store.private(|tx| papers::all(tx)?.into_iter().map(|paper| row(tx, paper, today)).collect())
    }
}

/// A paper with its pages, as screens show it.
pub(in crate::answers) fn row(tx: &Transaction<'_>, paper: Paper, today: NaiveDate) -> Result<PaperRow, Error> {
    Ok(PaperRow {
        id: paper.id,
        kind: paper.kind,
        days: paper.expires.map(|on| on.signed_duration_since(today).num_days()),
        expires: paper.expires,
        files: files::of(tx, paper.id)?.iter().map(Kept::view).collect(),
        name: paper.name,
    })
}

/// Those that have a page, to be used.
pub(in crate::answers) fn usable(tx: &Transaction<'_>, today: NaiveDate) -> Result<Vec<PaperRow>, Error> {
    let rows = papers::all(tx)?.into_iter().map(|paper| row(tx, paper, today)).collect::<Result<Vec<_>, _>>()?;
    Ok(rows.into_iter().filter(|row| !row.files.is_empty()).collect())
}

impl Answer for KeepPaper {
    fn answer(self, device: &Device) -> Result<PaperId, Error> {
        let (now, name) = (device.now(), self.name.trim());
        if name.chars().count() > LONGEST_NAME {
            return Err(Failure::new(FailureCode::NameTooLong).into());
        }
        let name = if name.is_empty() { self.kind.title() } else { name };
        let expires = typed_day(&self.expires)?;
        let fresh = PaperId::new(now, random()?);
        let id = device.store.private(|tx| {
            let before = self.id.map(|id| papers::find(tx, id)?.ok_or_else(Error::not_found)).transpose()?;
            let (id, kept_at) = before.map_or((fresh, now), |before| (before.id, before.kept_at));
            papers::save(tx, &Paper { id, kind: self.kind, name: name.to_owned(), expires, kept_at })?;
            Ok(id)
        })?;
        device.tell(Event::Documents);
        Ok(id)
    }
}

impl Answer for DiscardPaper {
    fn answer(self, device: &Device) -> Result<(), Error> {
        let gone = device.store.private(|tx| {
            papers::find(tx, self.id)?.ok_or_else(Error::not_found)?;
            let pages = files::of(tx, MatterId::from(self.id))?;
            for page in &pages {
                files::remove(tx, page.id)?;
            }
            papers::remove(tx, self.id)?;
            Ok(pages.into_iter().map(|page| page.sha256).collect::<Vec<_>>())
        })?;
        // Where a case uses the same page again it stays.
        device.forget_bytes(gone);
        device.tell(Event::Documents);
        Ok(())
    }
}
