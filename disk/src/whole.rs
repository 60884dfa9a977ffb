//! Files written beside their name and put in its place: whatever ends the program, the old one is there or the new one.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// The ending of a file that is being written.
const PART: &str = ".part";

/// Writes a file that only its owner can read, whole or not at all; returns when it will outlive a power cut.
///
/// # Errors
/// Whatever the disk says; what stood under the name stands there still.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let part = part_of(path)?;
    let written = write_part(&part, bytes).and_then(|()| fs::rename(&part, path));
    if let Err(cause) = written {
        // A full disk is not made fuller; what cannot be taken away either is swept at the next start.
        let _ = fs::remove_file(&part);
        return Err(cause);
    }
    // The name is the folder's, and outlives a power cut when the folder does.
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Returns whether a folder has no room for another small file: a database says only that it could not write.
#[must_use]
pub fn is_full(folder: &Path) -> bool {
    let probe = part_of(&folder.join("room")).and_then(|part| {
        let written = write_part(&part, &[0; 64 * 1024]);
        let _ = fs::remove_file(part);
        written
    });
    probe.is_err_and(|cause| matches!(cause.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded))
}

/// Takes away what a write that was cut off left in a folder. Nobody may be writing there.
///
/// # Errors
/// When the folder cannot be read.
pub fn sweep_parts(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().ends_with(PART) && entry.file_type()?.is_file() {
            // One that stays is in nobody's way.
            let _ = fs::remove_file(entry.path());
        }
    }
    Ok(())
}

/// A name beside a file that nobody else writes to: the same file may be written twice at once.
fn part_of(path: &Path) -> io::Result<PathBuf> {
    static WRITTEN: AtomicU64 = AtomicU64::new(0);
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut part = OsString::from(name);
    part.push(format!(".{}-{}{PART}", std::process::id(), WRITTEN.fetch_add(1, Ordering::Relaxed)));
    Ok(path.with_file_name(part))
}

fn write_part(part: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file: File = options.open(part)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_old_one_stands_until_the_new_one_does() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        write_whole(&path, b"old").unwrap();
        write_whole(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        // Where the new one cannot take its place, nothing is lost and nothing is left.
        let taken = folder.path().join("taken");
        fs::create_dir_all(taken.join("by a folder")).unwrap();
        assert!(write_whole(&taken, b"newer").is_err());
        assert!(taken.is_dir() && fs::read_dir(folder.path()).unwrap().count() == 2);
        assert!(write_whole(&folder.path().join("nowhere/secret"), b"x").is_err());
    }

    #[test]
    fn the_same_file_twice_at_once_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let bytes = vec![7; 1_000_000];
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| write_whole(&path, &bytes).unwrap());
            }
        });
        assert!(fs::read(&path).unwrap() == bytes && fs::read_dir(folder.path()).unwrap().count() == 1);
    }

    #[cfg(unix)]
    #[test]
    fn it_is_its_owners_alone() {
        use std::os::unix::fs::MetadataExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        write_whole(&path, b"x").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
    }

    #[test]
    fn what_was_cut_off_is_swept() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["whole", "half.part"] {
            fs::write(folder.path().join(name), b"x").unwrap();
        }
        sweep_parts(folder.path()).unwrap();
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["whole"]);
    }
}
