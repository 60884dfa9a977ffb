//! The newest snapshot, as the town remembers it from one start to the next.

use std::fs;
use std::sync::{Mutex, MutexGuard, PoisonError};

use vicino_contract::http::SnapshotLabel;
use vicino_contract::jws::{self, Kind};
use vicino_records::FORMAT;

use crate::store::{Cursor, StoreError};
use crate::town::folder::Folder;
use crate::town::keys::TownKeys;
use crate::town::register::Register;

/// The newest snapshot.
#[derive(Clone)]
pub(crate) struct Snapshot {
    /// The label it has signed.
    pub(crate) label: SnapshotLabel,
    /// The signed label.
    pub(crate) signed: String,
}

/// The newest snapshot, and the making of the next.
pub(crate) struct Snapshots {
    newest: Mutex<Option<Snapshot>>,
    making: Mutex<()>,
}

impl Snapshots {
    pub(super) fn of(newest: Option<Snapshot>) -> Self {
        Self { newest: Mutex::new(newest), making: Mutex::default() }
    }

    /// The newest snapshot, if there is one.
    pub(crate) fn newest(&self) -> Option<Snapshot> {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts a new one in the place of the newest; answers that.
    pub(crate) fn replace(&self, new: Snapshot) -> Option<Snapshot> {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner).replace(new)
    }

    /// Waits until nobody else makes one, and keeps others from it.
    pub(crate) fn alone(&self) -> MutexGuard<'_, ()> {
        self.making.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The snapshot left by an earlier run: only when its signature and file are sound and its cursor is of this register's past.
pub(super) fn left_behind(
    folder: &Folder,
    keys: &TownKeys,
    register: &Register,
) -> Result<Option<Snapshot>, StoreError> {
    let Ok(signed) = fs::read_to_string(folder.snapshots().join("label")) else { return Ok(None) };
    let Some(label) = jws::verify(Kind::Snapshot, &signed, &keys.public)
        .ok()
        .and_then(|json| serde_json::from_slice::<SnapshotLabel>(&json).ok())
    else {
        return Ok(None);
    };
    let file = label.sha256.parse().ok().map(|digest| folder.snapshot(digest));
    let whole = file.is_some_and(|file| fs::metadata(file).is_ok_and(|facts| facts.len() == label.bytes));
    let past = match Cursor::from_wire(&label.cursor) {
        Some(cursor) => register.look(|store| store.is_past(&cursor))?,
        None => false,
    };
    // Signed again by the present key: a device that joins now knows no other.
    let signed = keys.signer.sign(Kind::Snapshot, &serde_json::to_vec(&label)?);
    Ok((whole && past && label.format == FORMAT).then_some(Snapshot { label, signed }))
}
