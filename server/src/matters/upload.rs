//! Resumable uploads: what tus 1.0.0 asks of a server, apart from its HTTP face.
//!
//! How far an upload has come is the length of its file, so whatever arrived before a cut is kept without anyone
//! writing it down. When all bytes are there their digest is compared with the announced one; only then the file
//! gets its name, the part counts as arrived, and the town signs for it.

use std::fs::File;
use std::io::{self, Write as _};
use std::sync::{Arc, PoisonError};
use std::time::SystemTime;

use uuid::Uuid;
use vicino_contract::http::ProblemCode;
use vicino_contract::http::tus::Part;
use vicino_domain::Sha256;

use crate::entropy::random;
use crate::feed::snapshot::digest_of;
use crate::limits::address::Address;
use crate::matters::attachment::is_as_announced;
use crate::matters::part::{announced, arrive, is_taken_back};
use crate::matters::receive_once;
use crate::matters::receive_once::{acknowledge, sign_for};
use crate::matters::room;
use crate::refusal::RefusalKind;
use crate::store::{self, Arrival, StoreError, Upload};
use crate::{Changed, Reader, Refusal, Town};

/// An unfinished upload is kept this long after its last piece.
const PATIENCE: chrono::Duration = chrono::Duration::days(7);

/// The point an upload has reached.
pub(crate) struct Progress {
    /// The upload.
    pub(crate) upload: Upload,
    /// Bytes there.
    pub(crate) offset: i64,
    /// The town's word, once all bytes are there and accepted.
    pub(crate) acknowledgement: Option<String>,
}

/// The right to write to an upload; nobody else has it meanwhile.
pub(crate) struct Piece {
    town: Arc<Town>,
    upload: Upload,
    file: File,
    start: u64,
    room: u64,
    /// Bytes that a checksum was to vouch for and did not yet: they go when the piece ends so.
    doubtful: bool,
}

/// Begins an upload, or finds the one that this part already has.
pub(crate) fn begin(
    town: &Town,
    (reader, address): (&Reader, Address),
    length: i64,
    metadata: String,
    (part, sha256): (Part, Sha256),
) -> Result<Progress, Refusal> {
    let limits = &town.identity.limits;
    let largest = if matches!(part, Part::Photo(..)) { limits.photo_bytes } else { limits.file_bytes };
    if length > i64::try_from(largest).unwrap_or(i64::MAX) {
        return Err(Refusal::new(RefusalKind::TooLarge, ProblemCode::TooLarge, "Larger than this town accepts"));
    }
    let fresh = Uuid::from_bytes(random()?);
    let now = town.now();
    let expires_at = now + PATIENCE;
    let upload = town.register.write(|tx| {
        let same = |known: &Upload| known.sha256 == sha256 && known.length == length;
        let alive = |known: &Upload| reader.may_see(known.owner) && (known.ended || known.expires_at > now);
        let known = store::upload_of(tx, part)?.filter(alive);
        // What arrived once is there, also when its matter has been erased since.
        if let Some(known) = known.as_ref().filter(|known| known.ended && same(known)) {
            return Ok(known.clone());
        }
        // A part is announced by its matter; bytes for anything else are not taken.
        let announced = announced(tx, reader, part)?.filter(|known| {
            known.sha256 == sha256.to_string() && i64::try_from(known.size).is_ok_and(|size| size == length)
        });
        let Some(announced) = announced else {
            return Err(Refusal::new(
                RefusalKind::Unprocessable,
                ProblemCode::Invalid,
                "No message announces this file",
            ));
        };
        if let Some(known) = known.filter(same) {
            return Ok(known);
        }
        let owner = announced.owner.unwrap_or_else(|| reader.owner());
        room::make_room(town, tx, (reader.owner(), owner), address, length)?;
        // The file belongs to whom its matter does, whoever sends it.
        let media = announced.media;
        let upload = Upload { id: fresh, owner, part, sha256, length, media, metadata, expires_at, ended: false };
        store::create_upload(tx, &upload)?;
        Ok::<_, Refusal>(upload)
    })?;
    begin_part(town, &upload)?;
    if length == 0 {
        return finish(town, &upload);
    }
    progress(town, reader, upload.id)
}

/// Makes the file the bytes of an upload go to. Not while its last piece is being taken, nor after: the bytes have another name then,
/// and the file would be nobody's.
fn begin_part(town: &Town, upload: &Upload) -> Result<(), Refusal> {
    let busy = town.limits.busy.lock().unwrap_or_else(PoisonError::into_inner);
    let ended =
        || town.register.read(|tx| Ok::<_, StoreError>(store::find_upload(tx, upload.id)?.is_none_or(|now| now.ended)));
    if !upload.ended && !busy.contains(&upload.id) && !ended()? {
        File::options().append(true).create(true).open(town.folder.upload(upload.id))?;
    }
    Ok(())
}

/// The point an upload of this device has reached.
pub(crate) fn progress(town: &Town, reader: &Reader, id: Uuid) -> Result<Progress, Refusal> {
    let upload = own(town, reader, id)?;
    let (upload, offset) = arrived_so_far(town, upload)?;
    let (kind, subject) = (upload.part.kind(), upload.part.id());
    let acknowledgement = town.register.read(|tx| store::acknowledged(tx, kind, subject))?;
    let acknowledgement = match acknowledgement.filter(|_| upload.ended) {
        Some(arrival) if vouches(&arrival, &upload) => Some(receive_once::ours(town, &arrival.jws)?),
        // Somebody else's part bears the same id: what is signed for is this one.
        Some(_) => Some(acknowledge(town, kind, subject, upload.sha256, "")?),
        None => None,
    };
    Ok(Progress { upload, offset, acknowledgement })
}

/// The upload as it is now, and how many of its bytes are there.
///
/// While the last piece is being signed for, the bytes have their lasting name already and the row does not say so yet: the whole is
/// there, without an acknowledgement. The lock is asked before the row, because a piece gives it back after its row is written.
fn arrived_so_far(town: &Town, upload: Upload) -> Result<(Upload, i64), Refusal> {
    let here =
        |upload: &Upload| if upload.ended { Ok(upload.length) } else { length_of(&town.folder.upload(upload.id)) };
    match here(&upload) {
        Err(gone) if gone.reason.code == ProblemCode::UploadGone => {
            if is_busy(town, upload.id) {
                let whole = upload.length;
                return Ok((upload, whole));
            }
            let now = town.register.read(|tx| store::find_upload(tx, upload.id))?.ok_or(gone)?;
            let offset = here(&now)?;
            Ok((now, offset))
        }
        offset => Ok((upload, offset?)),
    }
}

/// Takes the right to append a piece at this offset.
pub(crate) fn open_piece(
    town: &Arc<Town>,
    reader: &Reader,
    id: Uuid,
    offset: i64,
    vouched: bool,
) -> Result<Piece, Refusal> {
    own(town, reader, id)?;
    if !town.limits.busy.lock().unwrap_or_else(PoisonError::into_inner).insert(id) {
        return Err(busy());
    }
    // Read once more: the last piece may have ended between the look and the lock.
    let upload = own(town, reader, id).inspect_err(|_| release(town, id))?;
    // From here the piece's end gives the right back, also when something below fails.
    let opened = if upload.ended { None } else { Some(File::options().append(true).open(town.folder.upload(id))) };
    let file = match opened {
        Some(Ok(file)) => file,
        other => {
            release(town, id);
            return match other {
                Some(Err(cause)) => Err(cause.into()),
                _ => Err(Refusal::new(RefusalKind::Conflict, ProblemCode::OffsetConflict, "The upload has ended")),
            };
        }
    };
    let start = file.metadata().map_or(0, |facts| facts.len());
    let room = u64::try_from(upload.length).unwrap_or(0).saturating_sub(start);
    let piece = Piece { town: town.clone(), upload, file, start, room, doubtful: vouched };
    if i64::try_from(start).ok() != Some(offset) {
        return Err(Refusal::new(
            RefusalKind::Conflict,
            ProblemCode::OffsetConflict,
            "Upload-Offset does not match the bytes received",
        ));
    }
    Ok(piece)
}

/// Ends an upload at its owner's wish and throws its bytes away.
pub(crate) fn terminate(town: &Town, reader: &Reader, id: Uuid) -> Result<(), Refusal> {
    let upload = own(town, reader, id)?;
    if upload.ended {
        // The town signed for it: it belongs to its matter now.
        return Err(Refusal::new(RefusalKind::Conflict, ProblemCode::OffsetConflict, "The upload has ended"));
    }
    if is_busy(town, id) {
        return Err(busy());
    }
    forget(town, &upload)
}

fn forget(town: &Town, upload: &Upload) -> Result<(), Refusal> {
    town.register.write(|tx| store::end_upload(tx, upload.id))?;
    remove(&town.folder.upload(upload.id))
}

fn own(town: &Town, reader: &Reader, id: Uuid) -> Result<Upload, Refusal> {
    let now = town.now();
    let found = town.register.read(|tx| store::find_upload(tx, id))?;
    let upload = found.filter(|upload| reader.may_see(upload.owner)).ok_or_else(Refusal::not_found)?;
    if !upload.ended && upload.expires_at <= now {
        return Err(Refusal::new(RefusalKind::Gone, ProblemCode::UploadGone, "The upload has expired"));
    }
    Ok(upload)
}

/// All bytes are there: compares their digest, names the file, signs.
fn finish(town: &Town, upload: &Upload) -> Result<Progress, Refusal> {
    let part = town.folder.upload(upload.id);
    if digest_of(&part)? != upload.sha256 {
        // Nothing of it can be trusted: the device begins again.
        forget(town, upload)?;
        let title = "Bytes do not match the announced digest";
        return Err(Refusal::new(RefusalKind::Checksum, ProblemCode::ChecksumMismatch, title));
    }
    if !is_as_announced(town, &part, upload)? {
        forget(town, upload)?;
        return Err(Refusal::new(
            RefusalKind::Unprocessable,
            ProblemCode::FileKind,
            "File type differs from the announced one",
        ));
    }
    let whole = File::options().append(true).open(&part)?;
    // As young as if it came now: no sweep takes it before its row is written.
    whole.set_modified(SystemTime::now())?;
    whole.sync_all()?;
    std::fs::rename(&part, town.folder.file(upload.sha256))?;
    // The new name must survive a power cut before anyone signs for it.
    #[cfg(unix)]
    File::open(town.folder.files())?.sync_all()?;
    let (kind, subject) = (upload.part.kind(), upload.part.id());
    let jws = town.register.write(|tx| {
        let number = arrive(tx, upload.part, upload.sha256)?;
        store::create_upload(tx, &Upload { ended: true, ..upload.clone() })?;
        if is_taken_back(tx, upload.part)? {
            store::free_uploads(tx, upload.part.matter().uuid())?;
        }
        match store::acknowledged(tx, kind, subject)? {
            Some(before) if vouches(&before, upload) => Ok(receive_once::ours(town, &before.jws)?),
            Some(_) => Ok(acknowledge(town, kind, subject, upload.sha256, &number)?),
            None => Ok::<_, Refusal>(sign_for(town, tx, (kind, subject), upload.owner, upload.sha256, &number)?),
        }
    })?;
    town.register.say_changed(Changed(Some(upload.owner)));
    let upload = Upload { ended: true, ..upload.clone() };
    Ok(Progress { offset: upload.length, upload, acknowledgement: Some(jws) })
}

/// Returns whether a piece of this upload is being taken.
fn is_busy(town: &Town, id: Uuid) -> bool {
    town.limits.busy.lock().unwrap_or_else(PoisonError::into_inner).contains(&id)
}

fn release(town: &Town, id: Uuid) {
    town.limits.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
}

impl Piece {
    /// Appends bytes as they come; what is appended stays, whatever happens next.
    pub(crate) fn append(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        let length = bytes.len() as u64;
        self.room = self
            .room
            .checked_sub(length)
            .ok_or_else(|| Refusal::new(RefusalKind::TooLarge, ProblemCode::TooLarge, "More bytes than announced"))?;
        Ok(self.file.write_all(bytes)?)
    }

    /// What was appended is as it was meant: it stays, also when the connection breaks now.
    pub(crate) fn keep(&mut self) {
        self.doubtful = false;
    }

    /// Ends the piece, and with the last one the upload.
    pub(crate) fn close(mut self) -> Result<Progress, Refusal> {
        self.file.flush()?;
        let offset = i64::try_from(self.file.metadata()?.len()).unwrap_or(i64::MAX);
        if offset == self.upload.length {
            return finish(&self.town, &self.upload);
        }
        self.file.sync_data()?;
        self.upload.expires_at = self.town.now() + PATIENCE;
        self.town.register.write(|tx| store::create_upload(tx, &self.upload))?;
        Ok(Progress { upload: self.upload.clone(), offset, acknowledgement: None })
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        if self.doubtful
            && let Err(cause) = self.file.set_len(self.start)
        {
            tracing::error!(cause = ?cause.kind(), "upload piece not truncated after a failed checksum");
        }
        release(&self.town, self.upload.id);
    }
}

/// Somebody writes to this upload just now.
fn busy() -> Refusal {
    Refusal {
        retry_after: Some(1),
        ..Refusal::new(
            RefusalKind::Locked,
            ProblemCode::OffsetConflict,
            "Another piece of this upload is being written",
        )
    }
}

/// Takes away uploads whose time is over.
pub(crate) fn sweep(town: &Town) -> Result<(), Refusal> {
    let now = town.now();
    for upload in town.register.read(|tx| store::expired_uploads(tx, now))? {
        // A piece that is being written now puts the end off.
        if is_busy(town, upload.id) {
            continue;
        }
        if town.register.write(|tx| store::forget_expired(tx, upload.id, now))? {
            remove(&town.folder.upload(upload.id))?;
        }
    }
    Ok(())
}

/// Returns whether a word given before is about these very bytes of this owner.
fn vouches(before: &Arrival, upload: &Upload) -> bool {
    before.owner == upload.owner && before.body == upload.sha256.to_string()
}

/// Takes a file away; gone already is fine.
fn remove(path: &std::path::Path) -> Result<(), Refusal> {
    match std::fs::remove_file(path) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(cause.into()),
        _ => Ok(()),
    }
}

fn length_of(path: &std::path::Path) -> Result<i64, Refusal> {
    match std::fs::metadata(path) {
        Ok(facts) => Ok(i64::try_from(facts.len()).unwrap_or(i64::MAX)),
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => {
            Err(Refusal::new(RefusalKind::Gone, ProblemCode::UploadGone, "The bytes of this upload are gone"))
        }
        Err(other) => Err(other.into()),
    }
}
