//! The town's public records as one file, made once and compressed once, for devices that come for the first time or were
//! away for long: signed, named by its digest, there in pieces for whoever is cut off.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sha2::Digest as _;
use vicino_contract::http::SnapshotLabel;
use vicino_contract::jws::Kind;
use vicino_domain::Sha256;
use vicino_records::FORMAT;

use crate::store::{self, Cursor, StoreError};
use crate::town::snapshot::Snapshot;
use crate::{OpenError, Refusal, Town};

/// The pause between two looks whether a new one is due.
const LOOK: Duration = Duration::from_secs(60);
/// With fewer public changes than this a device reads them one by one.
const WORTH_IT: i64 = 2_000;
/// A record that was taken back is in no snapshot after this time.
const FORGETS_WITHIN: chrono::Duration = chrono::Duration::days(1);
/// Zstandard's level: made once, read by everyone.
const LEVEL: i32 = 9;

/// Makes a new snapshot when enough has changed since the last one. Answers whether it did.
///
/// # Errors
/// [`OpenError`] when the folder or the register cannot be used; the last one stays.
pub fn refresh(town: &Town) -> Result<bool, OpenError> {
    let _alone = town.snapshots.alone();
    let seq =
        town.snapshots.newest().and_then(|last| Cursor::from_wire(&last.label.cursor)).map_or(0, |cursor| cursor.seq);
    let (changes, boot) =
        { town.register.look(|store| Ok::<_, StoreError>((store.public_changes_after(seq)?, store.boot())))? };
    let held = town.snapshots.newest().map_or(0, |last| last.label.records);
    // What was taken back must not be handed out for ever.
    let stale = town.snapshots.newest().is_some_and(|last| town.now() - last.label.made_at > FORGETS_WITHIN);
    let taken_back = stale && town.register.look(|store| store.public_tombstones_after(seq))? > 0;
    let due = changes >= WORTH_IT.max(held / 10) || taken_back;
    if due {
        make(town, &boot)?;
        if taken_back {
            sweep_old(&town.folder.snapshots(), [town.snapshots.newest().map(|now| now.label.sha256), None]);
        }
    }
    Ok(due)
}

fn make(town: &Town, boot: &str) -> Result<(), OpenError> {
    let room = town.folder.snapshots();
    let (plain, packed) = (room.join("new.db"), room.join("new.zst"));
    for left in [&plain, &packed] {
        let _ = fs::remove_file(left);
    }
    let made_at = town.now();
    let filled = store::fill_snapshot(&town.folder.register(), boot, &plain)?;
    let plain_sha256 = digest_of(&plain)?;
    let plain_bytes = fs::metadata(&plain)?.len();
    pack(&plain, &packed)?;
    let (sha256, bytes) = (digest_of(&packed)?, fs::metadata(&packed)?.len());
    fs::rename(&packed, town.folder.snapshot(sha256))?;
    fs::remove_file(&plain)?;
    let label = SnapshotLabel {
        iss: town.identity.ipa_code.clone(),
        kind: SnapshotLabel::KIND.to_owned(),
        format: FORMAT,
        sha256: sha256.to_string(),
        bytes,
        plain_sha256: plain_sha256.to_string(),
        plain_bytes,
        cursor: filled.cursor.to_wire(),
        made_at,
        records: filled.records,
    };
    let signed = town.signer().sign(Kind::Snapshot, &serde_json::to_vec(&label)?);
    fs::write(room.join("label"), &signed)?;
    let before = town.snapshots.replace(Snapshot { label, signed });
    sweep_old(&room, [Some(sha256.to_string()), before.map(|before| before.label.sha256)]);
    Ok(())
}

/// Removes older files; the last but one stays for devices that are still downloading it.
fn sweep_old(room: &Path, keep: [Option<String>; 2]) {
    let Ok(entries) = fs::read_dir(room) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(digest) = name.strip_suffix(".zst") else { continue };
        if !keep.iter().flatten().any(|kept| kept == digest) {
            // One that cannot be taken away only costs room.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Looks after the snapshot for as long as the town answers.
pub(crate) async fn tend(town: Arc<Town>) {
    let mut ticks = tokio::time::interval(LOOK);
    loop {
        ticks.tick().await;
        let town = town.clone();
        let made = tokio::task::spawn_blocking(move || refresh(&town)).await;
        if let Ok(Err(cause)) = made {
            tracing::warn!(%cause, "snapshot not made; the last one is served");
        }
    }
}

fn pack(plain: &Path, packed: &Path) -> io::Result<()> {
    let mut from = File::open(plain)?;
    let mut to = zstd::Encoder::new(File::create(packed)?, LEVEL)?;
    io::copy(&mut from, &mut to)?;
    let mut file = to.finish()?;
    file.flush()?;
    file.sync_all()
}

/// The SHA-256 of a file.
pub(crate) fn digest_of(path: &Path) -> io::Result<Sha256> {
    let mut file = File::open(path)?;
    let mut hasher = sha2::Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(Sha256(hasher.finalize().into())),
            read => hasher.update(buffer.get(..read).unwrap_or_default()),
        }
    }
}

impl From<Refusal> for OpenError {
    fn from(refusal: Refusal) -> Self {
        Self::Io(vicino_disk::saying(io::ErrorKind::Other, refusal.reason.title.clone()))
    }
}
