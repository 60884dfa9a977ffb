//! A file on its way into a case, a message or a paper: looked at, counted, kept.

use rusqlite::Transaction;
use vicino_contract::ipc::FileTo;
use vicino_contract::{Failure, FailureCode, Matter};
use vicino_domain::form::{Answer as Given, Kind, Path};
use vicino_domain::media::{HEAD, USUAL, media_of};
use vicino_domain::{AttachmentId, Limits, Sha256, text};
use vicino_pictures::photo::develop_paper;

use crate::device::Device;
use crate::entropy::random;
use crate::error::Error;
use crate::matters::document::personal_store::Paper;
use crate::matters::{case, document, notice, report};
use crate::store::files::{self, KeptFile, With};
use crate::store::identity;

/// A file to attach, its bytes on the disk already.
#[derive(Clone)]
pub(super) struct NewFile {
    /// The digest of the bytes.
    pub(super) sha256: Sha256,
    /// The number of bytes.
    pub(super) bytes: i64,
    pub(super) media: String,
    pub(super) name: String,
}

impl From<KeptFile> for NewFile {
    fn from(KeptFile { sha256, bytes, media, name, .. }: KeptFile) -> Self {
        Self { sha256, bytes, media, name }
    }
}

/// Attaches a file. `content`: its bytes, where they are at hand, should those on the disk be gone meanwhile.
pub(super) fn insert(
    device: &Device,
    tx: &Transaction<'_>,
    to: &FileTo,
    file: NewFile,
    content: Option<&[u8]>,
) -> Result<KeptFile, Error> {
    let NewFile { sha256, bytes, media, name } = file;
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
        device.files.keep(content.ok_or_else(Error::not_found)?)?;
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

/// Returns the media types that are accepted there, or a refusal when nothing more is.
pub(super) fn accepted_types(tx: &Transaction<'_>, to: &FileTo) -> Result<Vec<String>, Error> {
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

/// Looks at a file that was chosen and keeps its bytes; returns them as they are kept.
pub(super) fn take_in(
    device: &Device,
    types: &[String],
    called: &str,
    bytes: Vec<u8>,
) -> Result<(NewFile, Vec<u8>), Error> {
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
    Ok((NewFile { sha256, bytes: size, media: media.to_owned(), name: name(called, media) }, bytes))
}

/// Keeps a new paper with all of its pages, each a name and its bytes, or nothing of it: half a paper proves nothing.
pub(crate) fn keep_whole(device: &Device, paper: &Paper, pages: Vec<(String, Vec<u8>)>) -> Result<(), Error> {
    // Before the work: pages are developed one by one.
    if pages.len() > usize::try_from(device.limits()?.files).unwrap_or(usize::MAX) {
        return Err(Failure::new(FailureCode::FileTooMany).into());
    }
    let types = USUAL.map(String::from);
    let mut kept = Vec::new();
    let take = |(name, bytes): (String, Vec<u8>)| take_in(device, &types, &name, bytes).map(|page| kept.push(page));
    let done = pages.into_iter().try_for_each(take).and_then(|()| {
        device.store.private(|tx| {
            document::personal_store::save(tx, paper)?;
            let to = FileTo::Paper(paper.id);
            kept.iter().try_for_each(|(page, bytes)| {
                accepted_types(tx, &to)?;
                insert(device, tx, &to, page.clone(), Some(bytes)).map(drop)
            })
        })
    });
    if done.is_err() {
        device.forget_bytes(kept.iter().map(|(page, _)| page.sha256));
    }
    done
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
pub(super) fn name(given: &str, media: &str) -> String {
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
