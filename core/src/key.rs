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
        // A store without its key must not be given a new one: it would never open again.
        let kept = folder.join("private.db").exists();
        match in_keyring(folder, !kept) {
            Ok(bytes) => return Ok(StoreKey { bytes, holder: KeyHolder::Keyring }),
            Err(cause) if kept => return Err(Error::Io(io::Error::other(cause))),
            Err(cause) => tracing::warn!(%cause, "no keyring: the key is kept in an owner-only file"),
        }
    }
    let bytes = random()?;
    write(&file, &bytes)?;
    Ok(StoreKey { bytes, holder: KeyHolder::OwnerFile })
}

fn in_keyring(folder: &Path, new: bool) -> Result<[u8; 32], keyring::Error> {
    let entry = keyring::Entry::new(SERVICE, &name_of(folder)?)?;
    match entry.get_secret() {
        Ok(secret) => <[u8; 32]>::try_from(secret).map_err(keyring::Error::BadEncoding),
        Err(keyring::Error::NoEntry) if new => {
            let bytes = random::<32>().map_err(|_| keyring::Error::Invalid("key".into(), "no randomness".into()))?;
            entry.set_secret(&bytes)?;
            // Some keyrings accept and forget: what cannot be read back is no place for a key.
            if entry.get_secret()? == bytes { Ok(bytes) } else { Err(keyring::Error::NoEntry) }
        }
        Err(other) => Err(other),
    }
}

/// The name of this folder's entry: kept in the folder, so that it may be moved.
fn name_of(folder: &Path) -> Result<String, keyring::Error> {
    let file = folder.join("store.id");
    let odd = |cause: io::Error| keyring::Error::Invalid("store.id".into(), cause.to_string());
    match fs::read_to_string(&file) {
        Ok(name) => Ok(name.trim().to_owned()),
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => {
            let bytes: [u8; 16] =
                random().map_err(|_| keyring::Error::Invalid("store.id".into(), "no randomness".into()))?;
            let name = uuid::Builder::from_random_bytes(bytes).into_uuid().to_string();
            fs::write(&file, &name).map_err(odd)?;
            Ok(name)
        }
        Err(other) => Err(odd(other)),
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
