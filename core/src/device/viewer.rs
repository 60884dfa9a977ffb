//! A file shown in the system's own viewer: the one place where something private lies in the clear, for as long as it must.
//!
//! It is written into a folder only its owner may enter, and swept out when the app opens the next time.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use vicino_contract::{Failure, FailureCode};

use crate::device::Device;
use crate::entropy::random;
use crate::error::Error;

/// The folder, in the device's own.
const FOLDER: &str = "shown";

/// Shows bytes under this name.
pub(crate) fn show(device: &Device, name: &str, bytes: &[u8]) -> Result<(), Error> {
    let viewer = device.shared.viewer.clone().ok_or(Failure::new(FailureCode::BadCall))?;
    // A folder of its own: two papers may bear one name.
    let folder = device.shared.folder.join(FOLDER).join(format!("{:016x}", u64::from_le_bytes(random()?)));
    fs::create_dir_all(&folder)?;
    #[cfg(unix)]
    fs::set_permissions(device.shared.folder.join(FOLDER), std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    let path = folder.join(name);
    let mut file = fs::File::create(&path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    if viewer(&path) { Ok(()) } else { Err(Failure::passing(FailureCode::NoViewer).into()) }
}

/// Takes away what was shown before.
pub(crate) fn sweep(folder: &Path) {
    match fs::remove_dir_all(folder.join(FOLDER)) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
            tracing::warn!(cause = ?cause.kind(), "decrypted copy for the viewer not deleted");
        }
        _ => {}
    }
}
