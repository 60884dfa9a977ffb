//! Files chosen for a case or a message: taken in by what they are, dated, used again, taken out, shown.

use chrono::NaiveDate;
use rusqlite::Transaction;
use vicino_contract::ipc::{
    AddFile, DateFile, FileRow, FileTo, FileView, ListFiles, OpenFile, RemoveFile, UseFile, UsePaper,
};
use vicino_contract::{Event, Failure, FailureCode, Matter};
use vicino_domain::codes::BadCode;
use vicino_domain::form::{Answer as Given, Kind, Path};
use vicino_domain::media::{HEAD, USUAL, media_of};
use vicino_domain::{AttachmentId, Limits, Sha256, codes, text};
use vicino_pictures::photo::develop_paper;

use crate::device::Device;
use crate::device::command::Handle;
use crate::entropy::random;
use crate::error::Error;
use crate::matters::case::store::Draft;
use crate::matters::document::personal_store::Paper;
use crate::matters::document::reading::opened;
use crate::matters::{self, case, document, notice, report};
use crate::store::files::{self, KeptFile, With};
use crate::store::identity;

/// Files offered to be used again.
const OFFERED: u32 = 60;

impl Handle for AddFile {
    fn handle(self, device: &Device) -> Result<FileView, Error> {
        // Asked before the work and again when it is done: another file may have come meanwhile.
        let types = device.store.private(|tx| room(tx, &self.to))?;
        let (facts, bytes) = taken_in(device, &types, &self.name, self.bytes)?;
        let sha256 = facts.0;
        let kept = place(device, &self.to, facts, Some(&bytes));
        if kept.is_err() {
            device.forget_bytes([sha256]);
        }
        kept
    }
}

/// Looks at a file that was chosen and keeps its bytes: what it is, and the bytes as they are kept.
fn taken_in(device: &Device, types: &[String], called: &str, bytes: Vec<u8>) -> Result<(Facts, Vec<u8>), Error> {
    if bytes.is_empty() {
        return Err(Failure::new(FailureCode::FileEmpty).into());
    }
    let taken = |media: &str| types.iter().any(|known| known == media);
    let media = media_of(head(&bytes));
    // A picture is developed like a photo: upright, and with nothing of its camera in it.
    let (bytes, media) = if media.starts_with("image/") && taken("image/jpeg") {
        (develop_paper(&bytes)?, "image/jpeg")
    } else if taken(media) {
        (bytes, media)
    } else {
        return Err(Failure::new(FailureCode::FileKind).into());
    };
    if bytes.len() as u64 > device.limits()?.file_bytes {
        return Err(Failure::new(FailureCode::FileTooHeavy).into());
    }
    let sha256 = device.files.keep(&bytes)?;
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    Ok(((sha256, size, media.to_owned(), name(called, media)), bytes))
}

/// Keeps a new paper with all of its pages, each a name and its bytes, or nothing of it: half a paper proves nothing.
pub(crate) fn keep_whole(device: &Device, paper: &Paper, pages: Vec<(String, Vec<u8>)>) -> Result<(), Error> {
    // Before the work: pages are developed one by one.
    if pages.len() > usize::try_from(device.limits()?.files).unwrap_or(usize::MAX) {
        return Err(Failure::new(FailureCode::FileTooMany).into());
    }
    let types = USUAL.map(String::from);
    let mut kept = Vec::new();
    let take_in = |(name, bytes): (String, Vec<u8>)| taken_in(device, &types, &name, bytes).map(|page| kept.push(page));
    let done = pages.into_iter().try_for_each(take_in).and_then(|()| {
        device.store.private(|tx| {
            document::personal_store::save(tx, paper)?;
            let to = FileTo::Paper(paper.id);
            kept.iter().try_for_each(|(facts, bytes)| {
                room(tx, &to)?;
                put(device, tx, &to, (facts.clone(), Some(bytes))).map(drop)
            })
        })
    });
    if done.is_err() {
        device.forget_bytes(kept.iter().map(|(facts, _)| facts.0));
    }
    done
}

impl Handle for UseFile {
    fn handle(self, device: &Device) -> Result<FileView, Error> {
        let (file, types) = device.store.private(|tx| {
            let file = files::find(tx, self.id)?.filter(|file| file.here).ok_or_else(Error::not_found)?;
            Ok((file, room(tx, &self.to)?))
        })?;
        if !types.contains(&file.media) {
            return Err(Failure::new(FailureCode::FileKind).into());
        }
        place(device, &self.to, (file.sha256, file.bytes, file.media, file.name), None)
    }
}

impl Handle for UsePaper {
    fn handle(self, device: &Device) -> Result<Vec<FileView>, Error> {
        // All of its pages or none, in one: half a paper proves nothing.
        let used = device.store.private(|tx| {
            document::personal_store::find(tx, self.id)?.ok_or_else(Error::not_found)?;
            let put = |page: KeptFile| {
                if !room(tx, &self.to)?.contains(&page.media) {
                    return Err(Failure::new(FailureCode::FileKind).into());
                }
                put(device, tx, &self.to, ((page.sha256, page.bytes, page.media, page.name), None))
            };
            files::of(tx, self.id)?.into_iter().map(put).collect::<Result<Vec<_>, Error>>()
        })?;
        tell(device);
        Ok(used.iter().map(KeptFile::view).collect())
    }
}

/// The kind of a file: the digest of its bytes, how many they are, their media type, its name.
type Facts = (Sha256, i64, String, String);

/// Puts a file where it goes, its bytes on the disk already; `again`: the bytes, where they are at hand.
fn place(device: &Device, to: &FileTo, facts: Facts, again: Option<&[u8]>) -> Result<FileView, Error> {
    let file = device.store.private(|tx| {
        room(tx, to)?;
        put(device, tx, to, (facts, again))
    })?;
    tell(device);
    Ok(file.view())
}

fn put(
    device: &Device,
    tx: &Transaction<'_>,
    to: &FileTo,
    ((sha256, bytes, media, name), again): (Facts, Option<&[u8]>),
) -> Result<KeptFile, Error> {
    let now = device.now();
    let id = AttachmentId::new(now, random()?);
    let (matter, with) = match to {
        FileTo::Answer { case, .. } => ((*case).into(), With::Case),
        FileTo::Letter(matter) => (*matter, With::Letter),
        FileTo::Paper(paper) => ((*paper).into(), With::Case),
    };
    let (dated, upload, given_at) = (None, None, None);
    let file = KeptFile {
        id,
        matter,
        with,
        sha256,
        name,
        media,
        bytes,
        dated,
        here: true,
        upload,
        sent: 0,
        arrived: false,
        given_at,
    };
    files::insert(tx, &file)?;
    // The same paper may have been taken out a moment ago, and its bytes with it.
    if !device.files.has(sha256) {
        device.files.keep(again.ok_or_else(Error::not_found)?)?;
    }
    if let FileTo::Answer { case, path } = to {
        let mut draft = case::store::draft(tx, *case)?.ok_or_else(Error::not_found)?;
        let answer = draft.answers.0.entry(path.clone()).or_insert_with(|| Given::Files(Vec::new()));
        match answer {
            Given::Files(chosen) => chosen.push(id),
            other => *other = Given::Files(vec![id]),
        }
        draft.saved_at = now;
        case::store::save(tx, &draft)?;
    }
    Ok(file)
}

/// What is taken there; a refusal when nothing more is.
fn room(tx: &Transaction<'_>, to: &FileTo) -> Result<Vec<String>, Error> {
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

/// What bytes may be shown as; none: they are no paper that is looked at here.
pub(crate) fn shown_as(bytes: &[u8]) -> Option<&'static str> {
    let media = media_of(head(bytes));
    USUAL.contains(&media).then_some(media)
}

/// The beginning of a file: as much as the town looks at.
fn head(bytes: &[u8]) -> &[u8] {
    bytes.get(..HEAD).unwrap_or(bytes)
}

/// A name without a path or a sign no disk takes, that ends as what it is.
fn name(given: &str, media: &str) -> String {
    let last = text::file_name(given);
    let plain: String = last.chars().filter(|c| !"<>:\"|?*".contains(*c)).take(120).collect();
    let ending = match media {
        "application/pdf" => ".pdf",
        "image/jpeg" => ".jpg",
        "image/png" => ".png",
        _ => "",
    };
    let stem = match plain.rsplit_once('.') {
        Some((stem, _)) if !ending.is_empty() => stem,
        _ => &plain,
    };
    let stem = stem.trim().trim_start_matches('.');
    // A name that is nothing but its ending is none.
    let none = stem.is_empty() || stem.eq_ignore_ascii_case(ending.trim_start_matches('.'));
    format!("{}{ending}", if none { "documento" } else { stem })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_only_a_name() {
        assert_eq!(name("C:\\Documenti\\isee 2026.PDF", "application/pdf"), "isee 2026.pdf");
        assert_eq!(name("../../etc/passwd", "image/png"), "passwd.png");
        assert_eq!(name("carta.identità.jpeg", "image/jpeg"), "carta.identità.jpg");
        assert_eq!(name(".pdf", "application/pdf"), "documento.pdf");
        assert_eq!(name("a\u{7}b?.exe", "application/pdf"), "a b.pdf");
    }
}
