//! What must stay secret on this device, each in a folder's name: the key of its private store, and the token with which
//! the town still believes it. In the system's keyring, or in files only their owner can read.

use std::fs;
use std::io;
use std::path::Path;

use vicino_contract::ipc::KeyHolder;
use vicino_disk::write_whole;

use crate::config::KeyPlace;
use crate::entropy::random;
use crate::error::Error;
use crate::platform::{Entry, entry as entry_of};

pub(crate) use crate::platform::Error as KeyringError;

/// The keyring's name for what is ours.
const SERVICE: &str = "it.vicino.app";

/// The name of the token with which the town believes this device.
pub(crate) const SIGN_IN: &str = "sign-in";
/// The name of a token that the town is still to be told not to take any more.
pub(crate) const SIGNED_OUT: &str = "signed-out";

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
    // A store without its key must not be given a new one: it would never open again.
    let kept = ["private.db", "files"].iter().any(|name| folder.join(name).exists());
    if place == KeyPlace::Keyring {
        match in_keyring(folder, !kept) {
            Ok(bytes) => return Ok(StoreKey { bytes, holder: KeyHolder::Keyring }),
            Err(cause) if kept => {
                tracing::error!(%cause, "store key not read from the keyring");
                return Err(Error::KeyIsMissing);
            }
            Err(cause) => tracing::warn!(%cause, "keyring unavailable; store key kept in an owner-only file"),
        }
    }
    if kept {
        return Err(Error::KeyIsMissing);
    }
    let bytes = random()?;
    write_whole(&file, &bytes)?;
    Ok(StoreKey { bytes, holder: KeyHolder::OwnerFile })
}

/// Keeps a secret beside the key, in the place of an earlier one.
pub(crate) fn keep(folder: &Path, holder: KeyHolder, name: &str, secret: &[u8]) -> Result<(), Error> {
    match holder {
        KeyHolder::Keyring => Ok(entry(folder, name)?.set_secret(secret)?),
        KeyHolder::OwnerFile => Ok(write_whole(&folder.join(format!("{name}.key")), secret)?),
    }
}

/// The secret of this name, if there is one.
pub(crate) fn find(folder: &Path, holder: KeyHolder, name: &str) -> Result<Option<Vec<u8>>, Error> {
    match holder {
        KeyHolder::Keyring => match entry(folder, name)?.get_secret() {
            Ok(secret) => Ok(Some(secret)),
            Err(KeyringError::NoEntry) => Ok(None),
            Err(other) => Err(other.into()),
        },
        KeyHolder::OwnerFile => match fs::read(folder.join(format!("{name}.key"))) {
            Ok(secret) => Ok(Some(secret)),
            Err(missing) if missing.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(other) => Err(other.into()),
        },
    }
}

/// Keeps the sign-in's token for nothing else than to tell the town that it is over.
pub(crate) fn set_aside(folder: &Path, holder: KeyHolder) -> Result<(), Error> {
    if holder == KeyHolder::OwnerFile {
        // In one step, which a full disk does not stop.
        return match fs::rename(folder.join(format!("{SIGN_IN}.key")), folder.join(format!("{SIGNED_OUT}.key"))) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(cause.into()),
            _ => Ok(()),
        };
    }
    if let Some(token) = find(folder, holder, SIGN_IN)? {
        keep(folder, holder, SIGNED_OUT, &token)?;
        forget(folder, holder, SIGN_IN)?;
    }
    Ok(())
}

/// Forgets the secret of this name.
pub(crate) fn forget(folder: &Path, holder: KeyHolder, name: &str) -> Result<(), Error> {
    match holder {
        KeyHolder::Keyring => match entry(folder, name)?.delete_credential() {
            Ok(()) | Err(KeyringError::NoEntry) => Ok(()),
            Err(other) => Err(other.into()),
        },
        KeyHolder::OwnerFile => match fs::remove_file(folder.join(format!("{name}.key"))) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(cause.into()),
            _ => Ok(()),
        },
    }
}

/// Forgets everything kept for a folder that is taken away; where its key is a file, the keyring has nothing of it.
pub(crate) fn forget_all(folder: &Path) -> Result<(), Error> {
    if folder.join("store.key").exists() {
        return Ok(());
    }
    for name in [SIGN_IN, SIGNED_OUT] {
        forget(folder, KeyHolder::Keyring, name)?;
    }
    match entry_of(SERVICE, &name_of(folder)?)?.delete_credential() {
        Ok(()) | Err(KeyringError::NoEntry) => Ok(()),
        Err(other) => Err(other.into()),
    }
}

fn entry(folder: &Path, name: &str) -> Result<Entry, KeyringError> {
    entry_of(SERVICE, &format!("{}/{name}", name_of(folder)?))
}

fn in_keyring(folder: &Path, new: bool) -> Result<[u8; 32], KeyringError> {
    let entry = entry_of(SERVICE, &name_of(folder)?)?;
    match entry.get_secret() {
        Ok(secret) => <[u8; 32]>::try_from(secret).map_err(KeyringError::BadEncoding),
        Err(KeyringError::NoEntry) if new => {
            let bytes = random::<32>().map_err(|_| KeyringError::Invalid("key".into(), "no randomness".into()))?;
            entry.set_secret(&bytes)?;
            // Some keyrings accept and forget: what cannot be read back is no place for a key.
            if entry.get_secret()? == bytes { Ok(bytes) } else { Err(KeyringError::NoEntry) }
        }
        Err(other) => Err(other),
    }
}

/// The name of this folder's entry: kept in the folder, so that it may be moved.
fn name_of(folder: &Path) -> Result<String, KeyringError> {
    let file = folder.join("store.id");
    let odd = |cause: io::Error| KeyringError::Invalid("store.id".into(), cause.to_string());
    match fs::read_to_string(&file) {
        Ok(name) if !name.trim().is_empty() => Ok(name.trim().to_owned()),
        Ok(_) => Err(odd(io::ErrorKind::InvalidData.into())),
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => {
            let bytes: [u8; 16] =
                random().map_err(|_| KeyringError::Invalid("store.id".into(), "no randomness".into()))?;
            let name = uuid::Builder::from_random_bytes(bytes).into_uuid().to_string();
            write_whole(&file, name.as_bytes()).map_err(odd)?;
            Ok(name)
        }
        Err(other) => Err(odd(other)),
    }
}

fn read(file: &Path) -> Result<Option<[u8; 32]>, Error> {
    match fs::read(file) {
        Ok(bytes) => match bytes.try_into() {
            Ok(bytes) => Ok(Some(bytes)),
            // Of another length, it opens nothing.
            Err(_) => Err(Error::KeyDoesNotFit),
        },
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(other) => Err(other.into()),
    }
}
