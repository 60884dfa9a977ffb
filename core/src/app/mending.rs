//! Rebuilding what is damaged of the stores of a folder that nobody has open.

use std::fs;
use std::path::Path;

use crate::app::profiles::Profiles;
use crate::config::KeyPlace;
use crate::error::Error;
use crate::store::salvage::{self, Salvaged};
use crate::vault;

/// The way on for a store that is gone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gone {
    /// It is left: somebody may put it back.
    Wait,
    /// Another begins, and the files of the one before are kept beside it.
    BeginAnew,
}

/// Saves what can be read of the stores in this folder that are damaged; each damaged file is kept beside what takes its place. Nobody may
/// have the folder open.
pub(crate) fn mend(folder: &Path, place: KeyPlace, gone: Gone) -> Result<Vec<Salvaged>, Error> {
    let (mut mended, mut failed) = (Vec::new(), None);
    for row in Profiles::open(folder)?.rows {
        // What cannot be mended of one keeps nobody else's from being.
        match mend_one(&folder.join("people").join(row.id.to_string()), place, gone) {
            Ok(one) => mended.extend(one),
            Err(cause) => {
                tracing::error!(%cause, "profile store not rebuilt");
                failed.get_or_insert(cause);
            }
        }
    }
    match failed {
        Some(cause) if mended.is_empty() => Err(cause),
        _ => Ok(mended),
    }
}

fn mend_one(home: &Path, place: KeyPlace, gone: Gone) -> Result<Option<Salvaged>, Error> {
    salvage::finish(home)?;
    if salvage::is_missing(home) {
        if gone == Gone::Wait {
            return Ok(None);
        }
        let kept = salvage::put_files_aside(home)?;
        // Nothing is left that a missing key would lock out: another may be made.
        let key = vault::find_or_make(home, place)?;
        return salvage::begin_anew(home, &key.bytes, kept).map(Some);
    }
    let key = vault::find_or_make(home, place)?;
    if salvage::is_damaged(home, &key.bytes)? { salvage::salvage(home, &key.bytes).map(Some) } else { Ok(None) }
}

/// Returns whether a store in this folder met a page that it could not read.
pub(crate) fn is_noted_damaged(folder: &Path) -> bool {
    let all = fs::read_dir(folder.join("people")).into_iter().flatten().flatten();
    all.into_iter().any(|entry| salvage::is_noted(&entry.path()))
}
