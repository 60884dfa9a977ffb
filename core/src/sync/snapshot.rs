//! Taking the town's public facts as one file: fetched in pieces, checked in every way there is, swapped in one step.
//!
//! Whatever is wrong with it, the facts that are here stay, and the changes are read one by one.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use sha2::Digest as _;
use vicino_contract::http::SnapshotLabel;
use vicino_domain::Sha256;
use vicino_records::FORMAT;

use crate::api::TownClient;
use crate::device::Device;
use crate::error::Error;
use crate::store::Public;
use crate::store::public::is_sound;

/// Bytes that pass at a time, and how many such pieces may wait to be written.
const PIECE: usize = 512 * 1024;
const PIECES: usize = 8;
/// The beginning of the names of files on their way.
const PART: &str = "snapshot-";

/// Takes the newest snapshot. Answers whether there was one and it was good; otherwise the changes are to be read.
pub(crate) async fn take(device: &Device, town: &TownClient) -> Result<bool, Error> {
    let label = match town.snapshot_label().await {
        Ok(Some(label)) if label.format == FORMAT => label,
        Ok(_) | Err(_) => return Ok(false),
    };
    let ipa_code = device.joined()?.map(|joined| joined.card.ipa_code);
    let Ok(digest) = label.sha256.parse::<Sha256>() else { return Ok(false) };
    if ipa_code.as_deref() != Some(label.iss.as_str()) {
        return Ok(false);
    }
    // What was refused once, or found no room, is the same the next time.
    if device.refused_snapshot().is_some_and(|(refused, _)| refused == label.sha256) {
        return Ok(false);
    }
    let name = label.sha256.clone();
    let public = device.store.shelf().clone();
    let part = public.folder().join(format!("{PART}{digest}.zst"));
    sweep(public.folder(), Some(&part));
    let taken = match town.fetch_snapshot(digest, label.bytes, &part).await {
        // What came stays: the next attempt goes on from there.
        Ok(false) => return Ok(false),
        Ok(true) => {
            let part = part.clone();
            let taken = tokio::task::spawn_blocking(move || adopt(&public, &label, &part)).await;
            taken.unwrap_or_else(|_| Err(Error::BadSnapshot("it could not be unpacked")))
        }
        Err(cause) => Err(cause),
    };
    // Good or not, it is not needed any more; and what it takes up may be all the room there is.
    let _ = fs::remove_file(part);
    match taken {
        Ok(()) => {
            device.refuse_snapshot(None);
            Ok(true)
        }
        Err(cause) => {
            tracing::warn!(%cause, "snapshot rejected; stored records kept");
            device.refuse_snapshot(Some((name, cause.code())));
            Ok(false)
        }
    }
}

/// Checks the file against its label and puts it in the place of the one that counts. A file that is not what was signed
/// for is thrown away whole.
fn adopt(public: &Arc<Public>, label: &SnapshotLabel, part: &Path) -> Result<(), Error> {
    let plain = public.folder().join(format!("{PART}new.db"));
    let adopted = unpack(part, &plain, label).and_then(|()| {
        if !is_sound(&plain)? {
            return Err(Error::BadSnapshot("it is not a file of records"));
        }
        public.replace(&plain, &label.plain_sha256, &label.cursor, label.made_at)
    });
    let _ = fs::remove_file(plain);
    adopted
}

/// Unpacks while both digests are taken, and never more than was signed for. One thread unpacks, another digests and
/// writes what comes out.
fn unpack(part: &Path, plain: &Path, label: &SnapshotLabel) -> Result<(), Error> {
    let mut reader = zstd::Decoder::new(Digested::new(File::open(part)?))?;
    let mut file = File::create(plain)?;
    let (pieces, coming) = sync_channel::<Vec<u8>>(PIECES);
    let (outside, inside) = thread::scope(|threads| {
        let writing = threads.spawn(move || {
            let mut hasher = sha2::Sha256::new();
            for piece in coming {
                hasher.update(&piece);
                file.write_all(&piece)?;
            }
            file.sync_all()?;
            Ok::<_, Error>(Sha256(hasher.finalize().into()))
        });
        let unpacked = pour(&mut reader, &pieces, label.plain_bytes);
        drop(pieces);
        let written = writing.join().unwrap_or(Err(Error::BadSnapshot("it could not be written")));
        // A disk that is full is what the writer says, not that nobody listens to it.
        let inside = written?;
        unpacked?;
        Ok::<_, Error>((reader.finish().into_inner().end()?, inside))
    })?;
    if outside.to_string() != label.sha256 || inside.to_string() != label.plain_sha256 {
        return Err(Error::BadSnapshot("a digest is another"));
    }
    Ok(())
}

/// Passes on what comes out, and never more than this.
fn pour(reader: &mut impl io::Read, pieces: &SyncSender<Vec<u8>>, most: u64) -> Result<(), Error> {
    let mut passed = 0;
    loop {
        let mut piece = Vec::with_capacity(PIECE);
        let read = reader.take(PIECE as u64).read_to_end(&mut piece)?;
        passed += read as u64;
        if passed > most {
            return Err(Error::BadSnapshot("it holds more than was signed for"));
        }
        if read == 0 {
            return if passed == most { Ok(()) } else { Err(Error::BadSnapshot("it holds less than was signed for")) };
        }
        pieces.send(piece).map_err(|_| Error::BadSnapshot("it could not be written"))?;
    }
}

/// A reader that digests what passes.
struct Digested {
    file: File,
    hasher: sha2::Sha256,
}

impl Digested {
    fn new(file: File) -> Self {
        Self { file, hasher: sha2::Sha256::new() }
    }

    /// The digest of the whole file, with whatever was not asked for.
    fn end(mut self) -> io::Result<Sha256> {
        io::copy(&mut self, &mut io::sink())?;
        Ok(Sha256(self.hasher.finalize().into()))
    }
}

impl io::Read for Digested {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(into)?;
        self.hasher.update(into.get(..read).unwrap_or_default());
        Ok(read)
    }
}

/// Takes away what is left of snapshots, save of this one.
pub(crate) fn sweep(folder: &Path, keep: Option<&PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let old = entry.file_name().to_string_lossy().starts_with(PART) && Some(&entry.path()) != keep;
        if old {
            // One that cannot be taken away only costs room.
            let _ = fs::remove_file(entry.path());
        }
    }
}
