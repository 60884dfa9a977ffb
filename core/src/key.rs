//! The key of the private store: in the system's keyring, or in a file only its owner can read.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use vicino_contract::ipc::KeyHolder;

use crate::app::KeyPlace;
use crate::entropy::random;
use crate::error::Error;

/// The keyring's name for what is ours.
const SERVICE: &str = "it.vicino.app";

/// Thirty-two bytes that open everything private on this device.
pub(crate) struct StoreKey {
    pub(crate) bytes: [u8; 32],
    pub(crate) holder: KeyHolder,
}

/// Finds the key of this folder, or makes it.
///
/// A key found in the file is used as it is, also when a keyring has appeared since: two keys would be none.
pub(crate) fn find_or_make(folder: &Path, place: KeyPlace) -> Result<StoreKey, Error> {
    let file = folder.join("store.key");
    if let Some(bytes) = read(&file)? {
        return Ok(StoreKey { bytes, holder: KeyHolder::OwnerFile });
    }
    if place == KeyPlace::Keyring {
        match in_keyring(folder) {
            Ok(bytes) => return Ok(StoreKey { bytes, holder: KeyHolder::Keyring }),
            // A store without its key must not be given a new one: it would never open again.
            Err(cause) if folder.join("private.db").exists() => return Err(Error::Io(io::Error::other(cause))),
            Err(cause) => tracing::warn!(%cause, "no keyring: the key is kept in an owner-only file"),
        }
    }
    let bytes = random()?;
    write(&file, &bytes)?;
    Ok(StoreKey { bytes, holder: KeyHolder::OwnerFile })
}

fn in_keyring(folder: &Path) -> Result<[u8; 32], keyring::Error> {
    let name = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let entry = keyring::Entry::new(SERVICE, &name.to_string_lossy())?;
    match entry.get_secret() {
        Ok(secret) => <[u8; 32]>::try_from(secret).map_err(keyring::Error::BadEncoding),
        Err(keyring::Error::NoEntry) => {
            let bytes = random::<32>().map_err(|_| keyring::Error::Invalid("key".into(), "no randomness".into()))?;
            entry.set_secret(&bytes)?;
            // Some keyrings accept and forget: what cannot be read back is no place for a key.
            if entry.get_secret()? == bytes { Ok(bytes) } else { Err(keyring::Error::NoEntry) }
        }
        Err(other) => Err(other),
    }
}

fn read(file: &Path) -> Result<Option<[u8; 32]>, Error> {
    match fs::read(file) {
        Ok(bytes) => match bytes.try_into() {
            Ok(bytes) => Ok(Some(bytes)),
            Err(_) => Err(Error::Io(io::Error::new(io::ErrorKind::InvalidData, "the key file has another length"))),
        },
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(other) => Err(other.into()),
    }
}

fn write(file: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(file)?;
    file.write_all(bytes)?;
    Ok(file.sync_all()?)
}
