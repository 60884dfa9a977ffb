//! A file that was chosen: looked at, named, its bytes kept.

use chrono::NaiveDate;
use rusqlite::Transaction;
use vicino_contract::{Failure, FailureCode, Matter};
use vicino_domain::codes::{self, BadCode};
use vicino_domain::media::{HEAD, USUAL, media_of};
use vicino_domain::{AttachmentId, Sha256, text};
use vicino_pictures::photo::develop_paper;

use crate::device::Device;
use crate::entropy::random;
use crate::error::Error;
use crate::store::files::{self, KeptFile, With};

/// A file to attach, its bytes on the disk already.
#[derive(Clone)]
pub(crate) struct NewFile {
    /// The digest of the bytes.
    pub(crate) sha256: Sha256,
    /// The number of bytes.
    pub(crate) bytes: i64,
    pub(crate) media: String,
    pub(crate) name: String,
}

impl From<KeptFile> for NewFile {
    fn from(KeptFile { sha256, bytes, media, name, .. }: KeptFile) -> Self {
        Self { sha256, bytes, media, name }
    }
}

/// Keeps a file with its matter. `content`: its bytes, where they are at hand, should those on the disk be gone meanwhile.
pub(crate) fn keep(
    device: &Device,
    tx: &Transaction<'_>,
    (matter, with): (Matter, With),
    file: NewFile,
    content: Option<&[u8]>,
) -> Result<KeptFile, Error> {
    let NewFile { sha256, bytes, media, name } = file;
    let id = AttachmentId::new(device.now(), random()?);
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
    Ok(file)
}

/// Looks at a file that was chosen and keeps its bytes; returns them as they are kept.
pub(crate) fn take_in(
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

/// A day as it was typed; nothing: there is none.
pub(crate) fn typed_day(typed: &str) -> Result<Option<NaiveDate>, Error> {
    let day = Some(typed.trim()).filter(|typed| !typed.is_empty()).map(codes::date).transpose();
    day.map_err(|bad| match bad {
        BadCode::Date => Failure::new(FailureCode::NoSuchDay).into(),
        _ => Failure::new(FailureCode::NotADate).into(),
    })
}

/// Returns the media type bytes may be shown as; `None` when they are no paper or picture.
pub(crate) fn shown_as(bytes: &[u8]) -> Option<&'static str> {
    let media = media_of(head(bytes));
    USUAL.contains(&media).then_some(media)
}

/// The beginning of a file: as much as the town looks at.
fn head(bytes: &[u8]) -> &[u8] {
    bytes.get(..HEAD).unwrap_or(bytes)
}

/// A name without a path or a sign no disk takes, that ends as what it is.
pub(crate) fn name(given: &str, media: &str) -> String {
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
