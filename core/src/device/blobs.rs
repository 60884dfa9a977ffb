//! Content-addressed files: written under a temporary name, synced, renamed to their digest; sealed at rest.
//!
//! A file is `nonce ‖ XChaCha20-Poly1305(bytes)`, with the digest as associated data, so that a sealed file put under
//! another's name does not open. Its name on the disk follows from the digest and the key: who has a file from elsewhere cannot tell
//! whether it lies here.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use vicino_disk::{sweep_parts, write_whole};
use vicino_domain::Sha256;

use crate::entropy::{digest, random};
use crate::error::Error;

const NONCE: usize = 24;

/// The room of files.
pub(crate) struct Files {
    folder: PathBuf,
    cipher: XChaCha20Poly1305,
    /// The key of the names.
    names: Sha256,
}

impl Files {
    /// Opens the room in this folder; what a crash left half-written is swept out.
    pub(crate) fn open(folder: &Path, key: &[u8; 32]) -> Result<Self, Error> {
        fs::create_dir_all(folder)?;
        sweep_parts(folder)?;
        // A key of its own for files, so that one cipher never shares a key with another.
        let own = digest(&[key.as_slice(), b"vicino/files/1"].concat());
        let names = digest(&[key.as_slice(), b"vicino/names/1"].concat());
        let files = Self { folder: folder.to_owned(), cipher: XChaCha20Poly1305::new(&own.0.into()), names };
        files.name_anew()?;
        Ok(files)
    }

    /// Gives their names to files of a release that called them by their digest alone.
    fn name_anew(&self) -> Result<(), Error> {
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if let Some(digest) = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse().ok()) {
                fs::rename(&path, self.path(digest))?;
            }
        }
        Ok(())
    }

    /// Keeps bytes and answers their digest; returns only when they are safe on the disk.
    pub(crate) fn keep(&self, bytes: &[u8]) -> Result<Sha256, Error> {
        let name = digest(bytes);
        let path = self.path(name);
        // What lies there may have been spoiled since: then it is written anew.
        if path.exists() && self.read(name).is_ok() {
            return Ok(name);
        }
        let nonce: [u8; NONCE] = random()?;
        let sealed =
            self.cipher.encrypt(&XNonce::from(nonce), Payload { msg: bytes, aad: &name.0 }).map_err(|_| Error::Seal)?;
        write_whole(&path, &[nonce.as_slice(), &sealed].concat())?;
        Ok(name)
    }

    /// Returns whether bytes are kept under this digest.
    pub(crate) fn has(&self, name: Sha256) -> bool {
        self.path(name).exists()
    }

    /// The bytes kept under this digest.
    pub(crate) fn read(&self, name: Sha256) -> Result<Vec<u8>, Error> {
        let stored = match fs::read(self.path(name)) {
            Err(missing) if missing.kind() == io::ErrorKind::NotFound => return Err(Error::not_found()),
            other => other?,
        };
        let (nonce, sealed) = stored.split_at_checked(NONCE).ok_or(Error::Seal)?;
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| Error::Seal)?;
        self.cipher.decrypt(&XNonce::from(nonce), Payload { msg: sealed, aad: &name.0 }).map_err(|_| Error::Seal)
    }

    /// Takes a file away; gone already is fine.
    pub(crate) fn remove(&self, name: Sha256) -> Result<(), Error> {
        match fs::remove_file(self.path(name)) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(cause.into()),
            _ => Ok(()),
        }
    }

    fn path(&self, name: Sha256) -> PathBuf {
        let hidden = digest(&[self.names.0.as_slice(), &name.0].concat());
        self.folder.join(format!("{hidden}.sealed"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_back_and_nothing_shows_on_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::open(folder.path(), &[7; 32]).unwrap();
        let name = files.keep(b"canary: via del Pozzo 12").unwrap();
        assert_eq!(files.keep(b"canary: via del Pozzo 12").unwrap(), name);
        assert_eq!(files.read(name).unwrap(), b"canary: via del Pozzo 12");
        let stored = fs::read(files.path(name)).unwrap();
        assert!(!files.path(name).to_string_lossy().contains(&name.to_string()));
        assert!(!stored.windows(6).any(|window| window == b"canary"));
    }

    #[test]
    fn a_changed_byte_another_name_or_another_key_does_not_open() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::open(folder.path(), &[7; 32]).unwrap();
        let (one, two) = (files.keep(b"one").unwrap(), files.keep(b"two").unwrap());
        fs::copy(files.path(one), files.path(two)).unwrap();
        assert!(matches!(files.read(two), Err(Error::Seal)));
        // Under another key it is not found; put under the name it would have there, it does not open.
        let other = Files::open(folder.path(), &[8; 32]).unwrap();
        assert!(other.read(one).is_err());
        fs::copy(files.path(one), other.path(one)).unwrap();
        assert!(matches!(other.read(one), Err(Error::Seal)));
        let mut bytes = fs::read(files.path(one)).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(files.path(one), bytes).unwrap();
        assert!(matches!(files.read(one), Err(Error::Seal)));
    }

    #[test]
    fn files_of_before_are_found_under_their_new_names() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::open(folder.path(), &[7; 32]).unwrap();
        let name = files.keep(b"old").unwrap();
        fs::rename(files.path(name), folder.path().join(name.to_string())).unwrap();
        assert_eq!(Files::open(folder.path(), &[7; 32]).unwrap().read(name).unwrap(), b"old");
    }

    #[test]
    fn what_a_crash_left_is_swept_out() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("abc.part"), b"half").unwrap();
        let _files = Files::open(folder.path(), &[7; 32]).unwrap();
        assert!(!folder.path().join("abc.part").exists());
    }
}
