//! The keys a town signs with: the present one, those before it, and the chain by which each vouched for the next.
//!
//! A device pins what it saw when it joined. When the town changes its key, the old one signs the new one, and that link
//! stays in the card for ever: a device that was away for years follows the chain from what it pinned to what is now.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use vicino_contract::http::{CompromisedKey, TownKey};
use vicino_contract::jws::{self, Kind, TownSigner};
use vicino_disk::write_whole;
use vicino_domain::Instant;

use crate::town::OpenError;

/// The file in which those that seal for the town are remembered.
const SEALERS: &str = "sealers.json";
/// The file of the keys that somebody else may hold.
const COMPROMISED: &str = "compromised.json";

/// The keys of a town.
pub(crate) struct TownKeys {
    /// The present key, which signs.
    pub(crate) signer: TownSigner,
    /// Every key there has been, the present one first.
    pub(crate) public: Vec<TownKey>,
    /// Each key's word for the next one, the oldest first: a compact JWS over the next key.
    pub(crate) succession: Vec<String>,
    /// The keys of those that seal certificates for the town, now and before.
    pub(crate) sealers: Vec<TownKey>,
    /// The keys that somebody else may hold.
    pub(crate) compromised: Vec<CompromisedKey>,
}

impl TownKeys {
    /// The town's keys that nobody else may hold.
    pub(crate) fn believed(&self) -> Vec<TownKey> {
        CompromisedKey::spare(&self.public, &self.compromised)
    }

    /// Every key that a certificate of this town may be signed with.
    pub(crate) fn of_certificates(&self) -> Vec<TownKey> {
        self.public.iter().chain(&self.sealers).cloned().collect()
    }

    /// A word of an earlier key of the town, said again by the present one; none: it is the present key's, or nobody's.
    pub(crate) fn signed_again(&self, kind: Kind, word: &str) -> Option<String> {
        let present = [self.signer.public()];
        let payload = jws::verify(kind, word, &self.public).ok()?;
        jws::verify(kind, word, &present).is_err().then(|| self.signer.sign(kind, &payload))
    }

    /// Returns whether a word is signed with a key that somebody else may hold.
    pub(crate) fn is_compromised(&self, word: &str) -> bool {
        jws::kid(word).is_some_and(|kid| self.compromised.iter().any(|bad| bad.kid == kid))
    }

    /// Somebody seals for the town from now on; whoever did before is not forgotten, or what they sealed would be nobody's.
    pub(crate) fn sealed_by(&mut self, folder: &Path, key: TownKey) -> Result<(), OpenError> {
        if !self.public.contains(&key) && !self.sealers.contains(&key) {
            self.sealers.insert(0, key);
            write_whole(&folder.join("keys").join(SEALERS), &serde_json::to_vec(&self.sealers)?)?;
        }
        Ok(())
    }
}

/// Finds the keys kept in this folder; makes the first one for a town without a past. Seeds of earlier keys are destroyed: what they
/// signed is checked with their public halves, and nobody signs with them again.
///
/// # Errors
/// [`OpenError::KeyIsMissing`] where a town with a past has no key: devices believe no other.
pub(crate) fn find_or_make(folder: &Path, has_past: bool) -> Result<TownKeys, OpenError> {
    let keys = folder.join("keys");
    fs::create_dir_all(&keys)?;
    let mut present = 1;
    // A link without a key is of a rotation that did not come to its end.
    let is_whole = |n| link(&keys, n).exists() && (seed(&keys, n).exists() || public_half(&keys, n).exists());
    while is_whole(present + 1) {
        present += 1;
    }
    let signer = TownSigner::from_seed(secret(&seed(&keys, present), has_past || present > 1)?);
    let (mut public, mut succession) = (vec![signer.public()], Vec::new());
    for n in (1..present).rev() {
        public.push(read_whole(&public_half(&keys, n))?.ok_or_else(|| damaged(&public_half(&keys, n)))?);
    }
    for n in 2..=present {
        succession.push(fs::read_to_string(link(&keys, n))?);
    }
    let half = public_half(&keys, present);
    // One that a release of before left half written is written again.
    if fs::read(&half).ok().is_none_or(|json| serde_json::from_slice::<TownKey>(&json).is_err()) {
        write_whole(&half, &serde_json::to_vec(&signer.public())?)?;
    }
    for n in 1..present {
        destroy(&seed(&keys, n))?;
    }
    let sealers = read_whole(&keys.join(SEALERS))?.unwrap_or_default();
    let compromised = read_whole(&keys.join(COMPROMISED))?.unwrap_or_default();
    Ok(TownKeys { signer, public, succession, sealers, compromised })
}

/// Makes a new key that the present one vouches for, and destroys the present one's seed. The new key signs from the next start on.
///
/// # Errors
/// [`OpenError`] when the folder cannot be used.
pub fn rotate(folder: &Path) -> Result<TownKey, OpenError> {
    is_a_towns(folder)?;
    let now = find_or_make(folder, true)?;
    let keys = folder.join("keys");
    let present = now.public.len();
    let next = present + 1;
    let mut fresh = [0; 32];
    getrandom::fill(&mut fresh).map_err(io::Error::other)?;
    let key = TownSigner::from_seed(fresh).public();
    // The link first: a seed without one would be a key nobody vouches for.
    let word = now.signer.sign(Kind::Successor, &serde_json::to_vec(&key)?);
    // One that was left by a rotation which did not come to its end is written over.
    write_whole(&link(&keys, next), word.as_bytes())?;
    write_whole(&seed(&keys, next), &fresh)?;
    destroy(&seed(&keys, present))?;
    Ok(key)
}

/// Notes that somebody else may hold a key: from the next start on it is named in the card and believed for nothing after its day.
///
/// # Errors
/// [`OpenError`] when there is no such key, when it is the present one (it is changed first), or the folder cannot be used.
pub fn revoke(folder: &Path, kid: &str, since: Instant) -> Result<(), OpenError> {
    is_a_towns(folder)?;
    let now = find_or_make(folder, true)?;
    let refused = |why: &str| OpenError::Io(vicino_disk::saying(io::ErrorKind::InvalidInput, why));
    // As it is shown, in groups of four, or in one.
    let kid: String = kid.split_whitespace().collect();
    if now.signer.public().kid() == kid {
        return Err(refused("this key signs: change it first, with --rotate-key"));
    }
    if now.public.iter().chain(&now.sealers).all(|key| key.kid() != kid) {
        return Err(refused("this town has had no such key"));
    }
    let mut all: Vec<CompromisedKey> = now.compromised.into_iter().filter(|bad| bad.kid != kid).collect();
    all.push(CompromisedKey { kid, since });
    Ok(write_whole(&folder.join("keys").join(COMPROMISED), &serde_json::to_vec(&all)?)?)
}

/// The secret in a file: thirty-two bytes. One that a killed first start left short is none.
fn secret(path: &Path, must_be_there: bool) -> Result<[u8; 32], OpenError> {
    let found = match fs::read(path) {
        Ok(bytes) => <[u8; 32]>::try_from(bytes).ok(),
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => None,
        Err(other) => return Err(other.into()),
    };
    match found {
        Some(seed) => Ok(seed),
        None if must_be_there => Err(OpenError::KeyIsMissing),
        None => {
            let mut fresh = [0; 32];
            getrandom::fill(&mut fresh).map_err(io::Error::other)?;
            write_whole(path, &fresh)?;
            Ok(fresh)
        }
    }
}

/// A refusal, when a folder is no town's: a mistyped one is not given keys.
fn is_a_towns(folder: &Path) -> Result<(), OpenError> {
    let why = || vicino_disk::saying(io::ErrorKind::NotFound, format!("{} is no town's folder", folder.display()));
    if folder.join("keys").is_dir() { Ok(()) } else { Err(OpenError::Io(why())) }
}

/// Returns whether this folder has the public half of a town's first key. One that a killed start left half written is none.
pub(crate) fn has_some(folder: &Path) -> bool {
    read_whole::<TownKey>(&public_half(&folder.join("keys"), 1)).is_ok_and(|key| key.is_some())
}

/// A value kept in a file; `None` when there is no file.
fn read_whole<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, OpenError> {
    match fs::read(path) {
        Ok(json) => serde_json::from_slice(&json).map(Some).map_err(|_| damaged(path)),
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(other) => Err(other.into()),
    }
}

/// A file beside the keys is not there, or is not what was written.
fn damaged(path: &Path) -> OpenError {
    OpenError::KeyFile(path.file_name().unwrap_or_default().to_string_lossy().into_owned())
}

/// Writes over a seed and takes it away. Copies of the folder made before still hold it: they are kept like keys.
fn destroy(seed: &Path) -> io::Result<()> {
    match fs::OpenOptions::new().write(true).open(seed) {
        Ok(mut file) => {
            io::Write::write_all(&mut file, &[0; 32])?;
            file.sync_all()?;
            fs::remove_file(seed)
        }
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(other) => Err(other),
    }
}

fn seed(keys: &Path, n: usize) -> PathBuf {
    keys.join(format!("{n:04}.key"))
}

fn public_half(keys: &Path, n: usize) -> PathBuf {
    keys.join(format!("{n:04}.json"))
}

fn link(keys: &Path, n: usize) -> PathBuf {
    keys.join(format!("{n:04}.link"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_follows_the_chain_from_what_it_pinned() {
        let folder = tempfile::tempdir().unwrap();
        let first = find_or_make(folder.path(), false).unwrap();
        rotate(folder.path()).unwrap();
        find_or_make(folder.path(), false).unwrap();
        // Twice without a start between.
        rotate(folder.path()).unwrap();
        let last = rotate(folder.path()).unwrap();
        let now = find_or_make(folder.path(), false).unwrap();
        assert_eq!((now.public.len(), now.signer.public()), (4, last));
        let trusted = jws::follow(&first.public, &now.succession);
        assert_eq!(trusted, now.public);
        let stranger = TownSigner::from_seed([9; 32]).public();
        assert_eq!(jws::follow(std::slice::from_ref(&stranger), &now.succession), [stranger]);
    }

    #[test]
    fn the_seeds_of_earlier_keys_are_destroyed() {
        let folder = tempfile::tempdir().unwrap();
        find_or_make(folder.path(), false).unwrap();
        rotate(folder.path()).unwrap();
        let keys = folder.path().join("keys");
        assert!(!seed(&keys, 1).exists() && seed(&keys, 2).exists());
        // A release of before left them: the next start takes them away.
        fs::write(seed(&keys, 1), [7; 32]).unwrap();
        assert_eq!(find_or_make(folder.path(), false).unwrap().public.len(), 2);
        assert!(!seed(&keys, 1).exists());
    }

    #[test]
    fn a_town_with_a_past_is_given_no_other_key() {
        let folder = tempfile::tempdir().unwrap();
        // A first start that was killed while it wrote its key left a piece of one: nobody has seen it.
        fs::create_dir_all(folder.path().join("keys")).unwrap();
        fs::write(seed(&folder.path().join("keys"), 1), [1; 7]).unwrap();
        assert!(matches!(find_or_make(folder.path(), true), Err(OpenError::KeyIsMissing)));
        let first = find_or_make(folder.path(), false).unwrap().signer.public();
        // A public half that was left empty is written again; without it no later start would know the key.
        let half = public_half(&folder.path().join("keys"), 1);
        fs::write(&half, b"").unwrap();
        find_or_make(folder.path(), true).unwrap();
        rotate(folder.path()).unwrap();
        assert_eq!(find_or_make(folder.path(), true).unwrap().public[1], first);
        fs::remove_file(seed(&folder.path().join("keys"), 2)).unwrap();
        assert!(matches!(find_or_make(folder.path(), false), Err(OpenError::KeyIsMissing)));
    }

    #[test]
    fn only_a_key_that_was_changed_is_revoked() {
        let folder = tempfile::tempdir().unwrap();
        let first = find_or_make(folder.path(), false).unwrap().signer.public();
        let now = Instant::from_timestamp(1_773_301_260, 0).unwrap();
        assert!(revoke(folder.path(), first.kid(), now).is_err(), "it signs");
        rotate(folder.path()).unwrap();
        assert!(revoke(folder.path(), "nonsense", now).is_err());
        revoke(folder.path(), &first.fingerprint(), now).unwrap();
        let keys = find_or_make(folder.path(), false).unwrap();
        assert_eq!(keys.compromised, [CompromisedKey { kid: first.kid().to_owned(), since: now }]);
        assert_eq!(keys.believed(), [keys.signer.public()]);
    }
}
