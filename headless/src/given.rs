//! Files that somebody names in a shell: read whole, when they are files and no heavier than anything here may be.

use std::io;
use std::path::Path;

use vicino_contract::ipc::MOST_PHOTO_BYTES;
use vicino_contract::{Failure, FailureCode};

use crate::Fault;

/// The bytes of a file. A pipe or a device might never end; what is heavier than anything taken is not even read.
///
/// # Errors
/// The path with the reason why it cannot be read, or this code for one that is too heavy.
pub(crate) fn bytes_of(path: &Path, too_heavy: FailureCode) -> Result<Vec<u8>, Fault> {
    let unreadable = |cause| Fault::File(path.display().to_string(), cause);
    let facts = std::fs::metadata(path).map_err(unreadable)?;
    if facts.is_dir() {
        return Err(unreadable(io::ErrorKind::IsADirectory.into()));
    }
    if !facts.is_file() {
        return Err(unreadable(vicino_disk::saying(io::ErrorKind::InvalidInput, "it is not a regular file")));
    }
    if facts.len() > u64::from(MOST_PHOTO_BYTES) {
        return Err(Failure::new(too_heavy).into());
    }
    std::fs::read(path).map_err(unreadable)
}

/// A coordinate in degrees, with a point or a comma before its fraction.
///
/// # Errors
/// A sentence for whoever typed it.
pub(crate) fn degrees(text: &str) -> Result<f64, String> {
    let read = text.trim().replace(',', ".").parse().ok();
    read.filter(|degrees: &f64| degrees.is_finite()).ok_or_else(|| String::from("degrees are wanted, such as 43.4674"))
}
