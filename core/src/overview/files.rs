//! Files of cases, messages and papers: added, dated, used again, taken out, opened.

use rusqlite::Transaction;
use vicino_contract::ipc::{
    AddFile, DateFile, FileRow, FileTo, FileView, ListFiles, OpenFile, RemoveFile, UseFile, UsePaper,
};
use vicino_contract::{Event, Failure, FailureCode, Matter};
use vicino_domain::Limits;
use vicino_domain::form::{Answer as Given, Kind, Path};
use vicino_domain::media::USUAL;

use crate::device::Device;
use crate::device::command::Handle;
use crate::error::Error;
use crate::matters::attachment::intake::{NewFile, keep, name, shown_as, take_in, typed_day};
use crate::matters::attachment::opening::opened;
use crate::matters::case::store::Draft;
use crate::matters::{self, case, document, notice, report};
use crate::store::files::{self, KeptFile, With};
use crate::store::identity;

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

/// Attaches a file where it was chosen for. `content`: its bytes, where they are at hand.
fn insert(
    device: &Device,
    tx: &Transaction<'_>,
    to: &FileTo,
    file: NewFile,
    content: Option<&[u8]>,
) -> Result<KeptFile, Error> {
    let place = match to {
        FileTo::Answer { case, .. } => ((*case).into(), With::Case),
        FileTo::Letter(matter) => (*matter, With::Letter),
        FileTo::Paper(paper) => ((*paper).into(), With::Case),
    };
    let file = keep(device, tx, place, file, content)?;
    if let FileTo::Answer { case, path } = to {
        let mut draft = case::store::draft(tx, *case)?.ok_or_else(Error::not_found)?;
        let answer = draft.answers.0.entry(path.clone()).or_insert_with(|| Given::Files(Vec::new()));
        match answer {
            Given::Files(chosen) => chosen.push(file.id),
            other => *other = Given::Files(vec![file.id]),
        }
        draft.saved_at = device.now();
        case::store::save(tx, &draft)?;
    }
    Ok(file)
}

/// Returns the media types that are accepted there, or a refusal when nothing more is.
fn accepted_types(tx: &Transaction<'_>, to: &FileTo) -> Result<Vec<String>, Error> {
    let joined = identity::town(tx)?;
    let limits = joined.map_or_else(Limits::default, |joined| joined.card.limits.into());
    let most = usize::try_from(limits.files).unwrap_or(usize::MAX);
    let full = || Error::from(Failure::new(FailureCode::FileTooMany));
    match to {
        FileTo::Answer { case, path } => {
            let draft = case::store::draft(tx, *case)?.ok_or_else(Error::not_found)?;
            let Some(Kind::Attachment { types, most: of_field, .. }) =
                draft.pack.form.field(path).map(|field| field.kind.clone())
            else {
                return Err(Error::not_found());
            };
            let chosen = |path: &Path| match draft.answers.get(path) {
                Some(Given::Files(chosen)) => chosen.len(),
                _ => 0,
            };
            let all: usize = draft.answers.0.keys().map(chosen).sum();
            if chosen(path) >= usize::from(of_field) || all >= most {
                return Err(full());
            }
            Ok(types)
        }
        FileTo::Paper(paper) => {
            document::personal_store::find(tx, *paper)?.ok_or_else(Error::not_found)?;
            if files::of(tx, *paper)?.len() >= most { Err(full()) } else { Ok(USUAL.map(String::from).to_vec()) }
        }
        FileTo::Letter(matter) => {
            let known = match *matter {
                Matter::Report(report) => report::store::find(tx, report)?.is_some(),
                Matter::Case(case) => {
                    case::store::sent(tx, case)?.is_some() || case::store::record(tx, case)?.is_some()
                }
                Matter::Notice(notice) => notice::store::is_known(tx, notice)?,
                // Nobody writes to an office about these.
                Matter::Signature(_) | Matter::Certificate(_) | Matter::Paper(_) => false,
            };
            if !known {
                return Err(Error::not_found());
            }
            let waiting = files::of(tx, *matter)?.iter().filter(|file| file.with == With::Letter).count();
            if waiting >= most { Err(full()) } else { Ok(USUAL.map(String::from).to_vec()) }
        }
    }
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
