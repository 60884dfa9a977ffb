//! Files chosen for a case or a message: taken in by what they are, dated, used again, taken out, shown.

use chrono::NaiveDate;
use rusqlite::Transaction;
use vicino_contract::ipc::{
    AddFile, DateFile, FileRow, FileTo, FileView, ListFiles, OpenFile, RemoveFile, UseFile, UsePaper,
};
use vicino_contract::{Event, Failure, FailureCode, Matter};
use vicino_domain::codes;
use vicino_domain::codes::BadCode;
use vicino_domain::form::Answer as Given;

use super::attach::{NewFile, accepted_types, insert, name, shown_as, take_in};
use crate::device::Device;
use crate::device::command::Handle;
use crate::error::Error;
use crate::matters::case::store::Draft;
use crate::matters::document::reading::opened;
use crate::matters::{self, case, document};
use crate::store::files::{self, KeptFile, With};

/// Files offered to be used again.
const OFFERED: u32 = 60;

impl Handle for AddFile {
    fn handle(self, device: &Device) -> Result<FileView, Error> {
        // Asked before the work and again when it is done: another file may have come meanwhile.
        let types = device.store.private(|tx| accepted_types(tx, &self.to))?;
        let (file, bytes) = take_in(device, &types, &self.name, self.bytes)?;
        let sha256 = file.sha256;
        let kept = attach(device, &self.to, file, Some(&bytes));
        if kept.is_err() {
            device.forget_bytes([sha256]);
        }
        kept
    }
}

/// Attaches a file where more are accepted. `content`: its bytes, where they are at hand.
fn attach(device: &Device, to: &FileTo, file: NewFile, content: Option<&[u8]>) -> Result<FileView, Error> {
    let file = device.store.private(|tx| {
        accepted_types(tx, to)?;
        insert(device, tx, to, file, content)
    })?;
    tell(device);
    Ok(file.view())
}

impl Handle for UseFile {
    fn handle(self, device: &Device) -> Result<FileView, Error> {
        let (file, types) = device.store.private(|tx| {
            let file = files::find(tx, self.id)?.filter(|file| file.here).ok_or_else(Error::not_found)?;
            Ok((file, accepted_types(tx, &self.to)?))
        })?;
        if !types.contains(&file.media) {
            return Err(Failure::new(FailureCode::FileKind).into());
        }
        attach(device, &self.to, file.into(), None)
    }
}

impl Handle for UsePaper {
    fn handle(self, device: &Device) -> Result<Vec<FileView>, Error> {
        // All of its pages or none, in one: half a paper proves nothing.
        let used = device.store.private(|tx| {
            document::personal_store::find(tx, self.id)?.ok_or_else(Error::not_found)?;
            let use_page = |page: KeptFile| {
                if !accepted_types(tx, &self.to)?.contains(&page.media) {
                    return Err(Failure::new(FailureCode::FileKind).into());
                }
                insert(device, tx, &self.to, page.into(), None)
            };
            files::of(tx, self.id)?.into_iter().map(use_page).collect::<Result<Vec<_>, Error>>()
        })?;
        tell(device);
        Ok(used.iter().map(KeptFile::view).collect())
    }
}

impl Handle for RemoveFile {
    fn handle(self, device: &Device) -> Result<(), Error> {
        let now = device.now();
        let gone = device.store.private(|tx| {
            let file = files::find(tx, self.id)?.ok_or_else(Error::not_found)?;
            match (file.with, draft_of(tx, file.matter)?) {
                (With::Letter, _) => {}
                (With::Case, Some(mut draft)) => {
                    for answer in draft.answers.0.values_mut() {
                        if let Given::Files(chosen) = answer {
                            chosen.retain(|other| *other != self.id);
                        }
                    }
                    draft.answers.0.retain(|_, answer| *answer != Given::Files(Vec::new()));
                    draft.saved_at = now;
                    case::store::save(tx, &draft)?;
                }
                (With::Case, None) if matches!(file.matter, Matter::Paper(_)) => {}
                // What was sent is the town's.
                _ => return Err(Failure::new(FailureCode::AlreadySent).into()),
            }
            files::remove(tx, self.id)?;
            Ok(file)
        })?;
        device.forget_bytes([gone.sha256]);
        tell(device);
        Ok(())
    }
}

/// A day as it was typed; nothing: there is none.
pub(crate) fn typed_day(typed: &str) -> Result<Option<NaiveDate>, Error> {
    let day = Some(typed.trim()).filter(|typed| !typed.is_empty()).map(codes::date).transpose();
    day.map_err(|bad| match bad {
        BadCode::Date => Failure::new(FailureCode::NoSuchDay).into(),
        _ => Failure::new(FailureCode::NotADate).into(),
    })
}

impl Handle for DateFile {
    fn handle(self, device: &Device) -> Result<FileView, Error> {
        let dated = typed_day(&self.dated)?;
        let file = device.store.private(|tx| {
            let file = files::find(tx, self.id)?.ok_or_else(Error::not_found)?;
            if draft_of(tx, file.matter)?.is_none() {
                return Err(Failure::new(FailureCode::AlreadySent).into());
            }
            files::date(tx, self.id, dated)?;
            Ok(KeptFile { dated, ..file })
        })?;
        tell(device);
        Ok(file.view())
    }
}

impl Handle for ListFiles {
    fn handle(self, device: &Device) -> Result<Vec<FileRow>, Error> {
        device.store.private(|tx| {
            let mut seen = Vec::new();
            let mut rows = Vec::new();
            for file in files::usable(tx, OFFERED)? {
                // The same bytes twice are one paper.
                if seen.contains(&file.sha256) {
                    continue;
                }
                seen.push(file.sha256);
                rows.push(FileRow { title: matters::store::title(tx, file.matter)?, file: file.view() });
            }
            Ok(rows)
        })
    }
}

/// The case being written that a file belongs to, if it belongs to one.
fn draft_of(tx: &Transaction<'_>, matter: Matter) -> Result<Option<Draft>, Error> {
    match matter {
        Matter::Case(case) => case::store::draft(tx, case),
        _ => Ok(None),
    }
}

impl Handle for OpenFile {
    fn handle(self, device: &Device) -> Result<(), Error> {
        let (file, bytes) = opened(device, self.id)?;
        // What a program of the system is handed is a paper by its bytes, whatever it is called.
        let media = shown_as(&bytes).ok_or(Failure::new(FailureCode::FileKind))?;
        crate::device::viewer::show(device, &name(&file.name, media), &bytes)
    }
}

fn tell(device: &Device) {
    device.tell(Event::Cases);
    device.tell(Event::Reports);
    device.tell(Event::Payments);
    device.tell(Event::Documents);
}
