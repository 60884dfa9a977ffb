//! The newest snapshot, as the town remembers it from one start to the next.

use std::fs;
use std::path::PathBuf;

use vicino_contract::http::SnapshotLabel;
use vicino_contract::jws::{self, Kind};
use vicino_domain::Sha256;
use vicino_records::FORMAT;

use crate::store::{Cursor, StoreError};
use crate::town::Town;

/// The newest snapshot.
#[derive(Clone)]
pub(crate) struct Snapshot {
    /// The label it has signed.
    pub(crate) label: SnapshotLabel,
    /// The same, signed.
    pub(crate) signed: String,
}

impl Town {
    /// Where the bytes of a snapshot lie. Only digests name files here.
    pub(crate) fn snapshot_file(&self, digest: Sha256) -> PathBuf {
        self.folder.join("snapshots").join(format!("{digest}.zst"))
    }
}

/// The snapshot left by an earlier run: only when its signature and file are sound and its cursor is of this register's past.
pub(crate) fn left_behind(town: &Town) -> Result<Option<Snapshot>, StoreError> {
    let Ok(signed) = fs::read_to_string(town.folder.join("snapshots/label")) else { return Ok(None) };
    let Some(label) = jws::verify(Kind::Snapshot, &signed, &town.keys.public)
        .ok()
        .and_then(|json| serde_json::from_slice::<SnapshotLabel>(&json).ok())
    else {
        return Ok(None);
    };
    let file = label.sha256.parse().ok().map(|digest| town.snapshot_file(digest));
    let whole = file.is_some_and(|file| fs::metadata(file).is_ok_and(|facts| facts.len() == label.bytes));
    let past = match Cursor::from_wire(&label.cursor) {
        Some(cursor) => town.look(|store| store.is_past(&cursor))?,
        None => false,
    };
    // Signed again by the present key: a device that joins now knows no other.
    let signed = town.signer().sign(Kind::Snapshot, &serde_json::to_vec(&label)?);
    Ok((whole && past && label.format == FORMAT).then_some(Snapshot { label, signed }))
}
