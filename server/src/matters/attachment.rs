//! Files of matters: announced by a resident, checked as they arrive, brought and given by an office.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;
use std::thread;
use std::time::{Duration, SystemTime};

use rusqlite::Transaction;
use uuid::Uuid;
use vicino_contract::http::tus::Part;
use vicino_contract::http::{BroughtFile, FileBody, FileRecord, OfficeFile, ProblemCode};
use vicino_disk::write_whole;
use vicino_domain::media::{HEAD, USUAL, media_of};
use vicino_domain::{AttachmentId, Instant, Sha256, text};
use vicino_pictures::looking::Wish;
use vicino_pictures::photo::PhotoError;

use crate::access::operators;
use crate::access::operators::{Deed, Operator};
use crate::entropy::{digest, random};
use crate::limits::seats::Seat;
use crate::reader::Owner;
use crate::refusal::{RefusalKind, sound_id};
use crate::store::{self, Upload};
use crate::{Refusal, Town};

/// The number of times a seat to look at a photo is waited for.
const WAITS: u32 = 20;
/// How long each time.
const WAIT: Duration = Duration::from_millis(100);

/// The files a message announces, when they are ones the town takes.
pub(crate) fn with_message(files: &[FileBody], limits: &vicino_domain::Limits) -> Result<Vec<FileRecord>, Refusal> {
    if files.len() > usize::try_from(limits.files).unwrap_or(usize::MAX) {
        return Err(Refusal::new(RefusalKind::Unprocessable, ProblemCode::TooMany, "Too many open uploads"));
    }
    for file in files {
        sound(file, limits)?;
        if !USUAL.contains(&file.media.as_str()) {
            return Err(Refusal::new(RefusalKind::Unprocessable, ProblemCode::FileKind, "File type not accepted"));
        }
    }
    Ok(files.iter().cloned().map(recorded).collect())
}

/// A file as its matter keeps it: called by its name alone, without folders and without letters that lie about themselves.
pub(crate) fn recorded(file: FileBody) -> FileRecord {
    FileRecord::from(FileBody { name: text::file_name(&file.name), ..file })
}

/// What must hold of any announced file.
pub(crate) fn sound(file: &FileBody, limits: &vicino_domain::Limits) -> Result<(), Refusal> {
    sound_id(file.id)?;
    let malformed = file.sha256.parse::<Sha256>().is_err() || !is_name(&file.name) || file.media.len() > 100;
    match file.size {
        _ if malformed => {
            Err(Refusal::new(RefusalKind::Malformed, ProblemCode::Malformed, "Malformed request").detail("files"))
        }
        0 => Err(Refusal::new(RefusalKind::Unprocessable, ProblemCode::TooLarge, "A file is empty")),
        size if size > limits.file_bytes => {
            Err(Refusal::new(RefusalKind::Unprocessable, ProblemCode::TooLarge, "A file is too large"))
        }
        _ => Ok(()),
    }
}

/// Returns whether a text may be the name of a file: something of it shows, and it is neither a path nor several lines.
fn is_name(name: &str) -> bool {
    let odd = |letter: char| letter.is_control() || matches!(letter, '/' | '\\' | '\u{2028}' | '\u{2029}');
    !name.contains(odd) && name.chars().count() <= 255 && !text::file_name(name).is_empty()
}

/// Returns whether bytes that arrived are what was announced, by the bytes themselves. A photo opens, and holds nothing of whoever took it.
pub(crate) fn is_as_announced(town: &Town, path: &Path, upload: &Upload) -> Result<bool, Refusal> {
    if !matches!(upload.part, Part::Photo(..)) {
        return Ok(media_at(path)? == upload.media);
    }
    let _seat = seat_to_look(town, upload.owner)?;
    match town.identity.looker.look(Wish::Photo, &fs::read(path)?) {
        Ok(_) => Ok(true),
        // The town's own fault, and no verdict on the photo: its bytes stay, and an empty piece asks again.
        Err(PhotoError::NotLooked | PhotoError::StillLooking) => {
            Err(Refusal::new(RefusalKind::Unavailable, ProblemCode::Unavailable, "Photos cannot be checked now"))
        }
        Err(why) => {
            tracing::info!(%why, "photo rejected");
            Ok(false)
        }
    }
}

/// The kind of a file, by its beginning.
fn media_at(path: &Path) -> std::io::Result<&'static str> {
    let mut head = Vec::with_capacity(HEAD);
    File::open(path)?.take(HEAD as u64).read_to_end(&mut head)?;
    Ok(media_of(&head))
}

/// A seat to look at a photo that has arrived: each look may take seconds and a process of its own. Its bytes stay when there is none
/// for now, and an empty piece asks again.
fn seat_to_look(town: &Town, owner: Owner) -> Result<Seat<Owner>, Refusal> {
    for _ in 0..WAITS {
        if let Some(seat) = town.limits.photos.take(owner) {
            return Ok(seat);
        }
        thread::sleep(WAIT);
    }
    Err(Refusal::new(
        RefusalKind::Unavailable,
        ProblemCode::Unavailable,
        "Too many photos being checked; try again later",
    ))
}

/// An office brings a file: kept by its digest, given to nobody yet.
pub(crate) fn bring(town: &Town, by: &Operator, bytes: &[u8]) -> Result<BroughtFile, Refusal> {
    by.may(Deed::Brought)?;
    let limits = &town.identity.limits;
    let (size, media) = (bytes.len() as u64, media_of(bytes.get(..HEAD).unwrap_or(bytes)));
    if size > limits.file_bytes {
        return Err(Refusal::new(RefusalKind::TooLarge, ProblemCode::TooLarge, "Larger than this town accepts"));
    }
    if !USUAL.contains(&media) {
        return Err(Refusal::new(
            RefusalKind::Media,
            ProblemCode::FileKind,
            "Only PDF, JPEG and PNG files are accepted",
        ));
    }
    let name = keep_bytes(town, bytes)?;
    let now = town.now();
    let bring = |tx: &Transaction<'_>| Ok(store::brings(tx, name, &by.id, now)?);
    operators::audited_by(town, by, Deed::Brought, bring, |()| vec![name.to_string()])?;
    Ok(BroughtFile { sha256: name.to_string(), size, media: media.to_owned() })
}

/// Keeps bytes by their digest, whole or not at all.
pub(crate) fn keep_bytes(town: &Town, bytes: &[u8]) -> Result<Sha256, Refusal> {
    let name = digest(bytes);
    let path = town.folder.file(name);
    if let Ok(known) = File::options().append(true).open(&path) {
        // As young as if it came now: no sweep takes it before its row is written.
        known.set_modified(SystemTime::now())?;
    } else {
        write_whole(&path, bytes)?;
    }
    Ok(name)
}

/// An operator gives files they have brought to whom a matter belongs; `part` names each by an identity of its own.
pub(crate) fn give(
    town: &Town,
    tx: &Transaction<'_>,
    by: &Operator,
    owner: Option<Owner>,
    files: &[OfficeFile],
    now: Instant,
    part: impl Fn(AttachmentId) -> Part,
) -> Result<Vec<FileRecord>, Refusal> {
    let mut given = Vec::new();
    for file in files {
        let sha256 = brought(tx, by, file)?;
        if !is_name(&file.name) {
            return Err(
                Refusal::new(RefusalKind::Malformed, ProblemCode::Malformed, "Malformed request").detail("files")
            );
        }
        let path = town.folder.file(sha256);
        let size = fs::metadata(&path).map_err(|_| not_brought())?.len();
        let media = media_at(&path)?.to_owned();
        let id = AttachmentId::new(now, random()?);
        if let Some(owner) = owner {
            store::create_upload(
                tx,
                &Upload {
                    id: Uuid::from_bytes(random()?),
                    owner,
                    part: part(id),
                    sha256,
                    length: i64::try_from(size).unwrap_or(i64::MAX),
                    media: media.clone(),
                    metadata: String::new(),
                    expires_at: now,
                    ended: true,
                },
            )?;
        }
        let (sha256, name) = (sha256.to_string(), text::file_name(&file.name));
        let file = FileBody { id: id.uuid(), sha256, size, name, media, dated: None };
        given.push(FileRecord { file, arrived: true, given_at: Some(now) });
    }
    Ok(given)
}

/// What a file holds that an operator has brought: what somebody else sent or brought is not theirs to hand on.
pub(crate) fn brought(tx: &Transaction<'_>, by: &Operator, file: &OfficeFile) -> Result<Sha256, Refusal> {
    let sha256: Sha256 = file.sha256.parse().map_err(|_| not_brought())?;
    if store::brought(tx, sha256, &by.id)? { Ok(sha256) } else { Err(not_brought()) }
}

/// The refusal of a file that has not been brought.
fn not_brought() -> Refusal {
    Refusal::new(RefusalKind::Unprocessable, ProblemCode::NotFound, "File not uploaded yet")
}
