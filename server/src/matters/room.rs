//! Room for files: how much an owner, an address and everybody together may fill in a day, and files that nothing needs any more.

use std::fs;
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use chrono::TimeDelta;
use rusqlite::Transaction;
use uuid::Uuid;
use vicino_contract::http::ProblemCode;
use vicino_domain::Sha256;

use crate::limits::address::Address;
use crate::reader::Owner;
use crate::refusal::RefusalKind;
use crate::store::{self, StoreError};
use crate::{Refusal, Town};

/// The time a device is asked to wait when the disk is nearly full, in seconds.
const LATER: u64 = 3600;
/// A file younger than this may be on its way to its row; and who puts an older register back by mistake has a day to see it.
const YOUNG: Duration = Duration::from_secs(86_400);
/// A file that an operator has brought is kept this long for whoever it will be given to.
const BROUGHT: TimeDelta = TimeDelta::days(7);

/// Reserves room for a new upload with its sender, or refuses it when there is none now. Text needs none. `owner` is whose it will
/// be: a parent's, or a child's.
pub(crate) fn make_room(
    town: &Town,
    tx: &Transaction<'_>,
    (sender, owner): (Owner, Owner),
    address: Address,
    length: i64,
) -> Result<(), Refusal> {
    let (bounds, meters) = (&town.identity.bounds, &town.limits.meters);
    let wanted = u64::try_from(length).unwrap_or(u64::MAX);
    let (free, whole) = disk(town.folder.root())?;
    let floor = bounds.free_disk.min(whole / bounds.free_part.max(1));
    if free < floor.saturating_add(wanted) {
        return Err(no_room(RefusalKind::NoRoom, Some(LATER)));
    }
    if store::open_uploads(tx, owner)? >= bounds.open_uploads {
        return Err(no_room(RefusalKind::TooOften, Some(LATER)));
    }
    let kilobytes = u32::try_from(wanted.div_ceil(1024)).unwrap_or(u32::MAX);
    let of_sender = match sender {
        Owner::Device(_) => &meters.unsigned_kilobytes,
        Owner::Resident(_) => &meters.kilobytes,
    };
    let charged = of_sender
        .take(&sender.to_string(), kilobytes)
        .and_then(|_| meters.address_kilobytes.take(&format!("address:{address}"), kilobytes))
        .and_then(|_| meters.town_kilobytes.take("town", kilobytes));
    charged.map(drop).map_err(|spent| no_room(RefusalKind::TooOften, spent.retry_after))
}

/// Takes away files that nothing needs any more, of whatever cause: taken back, erased, brought and given to nobody, or left
/// behind when the power went.
pub(crate) fn sweep(town: &Town) -> Result<(), Refusal> {
    let missing = missing_files(town)?;
    if missing > 0 {
        tracing::error!(missing, "files that matters need are missing from `files`: restore them from a copy");
    }
    let brought = town.now() - BROUGHT;
    sweep_folder(town, "files", |tx, name| {
        name.parse::<Sha256>().map_or(Ok(true), |digest| store::is_needed(tx, digest, brought))
    })?;
    sweep_folder(town, "uploads", |tx, name| {
        name.parse::<Uuid>().map_or(Ok(true), |id| Ok(store::find_upload(tx, id)?.is_some()))
    })
}

/// The number of files that matters need and that are not on the disk: somebody emptied the folder, or put back a register without it.
///
/// # Errors
/// A [`Refusal`] when the register cannot be read.
pub fn missing_files(town: &Town) -> Result<usize, Refusal> {
    let names = town.register.read(store::needed_files)?;
    Ok(names.iter().filter(|name| !town.folder.files().join(name).exists()).count())
}

fn sweep_folder(
    town: &Town,
    folder: &str,
    needed: impl Fn(&Transaction<'_>, &str) -> Result<bool, StoreError>,
) -> Result<(), Refusal> {
    let old = SystemTime::now().checked_sub(YOUNG).unwrap_or(SystemTime::UNIX_EPOCH);
    for entry in fs::read_dir(town.folder.root().join(folder))? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if !is_older(&path, old) || town.register.read(|tx| needed(tx, name))? {
            continue;
        }
        // Asked once more where nobody else writes, so that nothing comes in between.
        town.register.write(|tx| {
            if is_older(&path, old) && !needed(tx, name)? {
                fs::remove_file(&path)?;
            }
            Ok::<_, Refusal>(())
        })?;
    }
    Ok(())
}

/// The refusal of bytes for now; `Retry-After` says until when.
fn no_room(kind: RefusalKind, retry_after: Option<u64>) -> Refusal {
    Refusal {
        retry_after,
        ..Refusal::new(kind, ProblemCode::NoRoom, "No storage left for files; text is still accepted")
    }
}

fn is_older(path: &Path, moment: SystemTime) -> bool {
    fs::metadata(path).and_then(|facts| facts.modified()).is_ok_and(|changed| changed < moment)
}

/// The bytes of the disk a folder is on: free, and in all.
#[cfg(unix)]
fn disk(folder: &Path) -> io::Result<(u64, u64)> {
    let facts = rustix::fs::statvfs(folder)?;
    Ok((facts.f_bavail.saturating_mul(facts.f_frsize), facts.f_blocks.saturating_mul(facts.f_frsize)))
}

/// Where the system does not say, the meters alone keep the disk.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "as where the system says")]
fn disk(_folder: &Path) -> io::Result<(u64, u64)> {
    Ok((u64::MAX, 0))
}
