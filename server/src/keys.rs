//! The keys a town signs with: the present one, those before it, and the chain by which each vouched for the next.
//!
//! A device pins what it saw when it joined. When the town changes its key, the old one signs the new one, and that link
//! stays in the card for ever: a device that was away for years follows the chain from what it pinned to what is now.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use vicino_contract::http::TownKey;
use vicino_contract::jws::TownSigner;

use crate::card::{secret_file, write_owner_only};
use crate::town::OpenError;

/// Where those that seal for the town are remembered.
const SEALERS: &str = "sealers.json";

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
}

impl TownKeys {
    /// Every key that a certificate of this town may be signed with.
    pub(crate) fn of_certificates(&self) -> Vec<TownKey> {
        self.public.iter().chain(&self.sealers).cloned().collect()
    }

    /// Somebody seals for the town from now on; whoever did before is not forgotten, or what they sealed would be nobody's.
    pub(crate) fn sealed_by(&mut self, folder: &Path, key: TownKey) -> Result<(), OpenError> {
        if !self.public.contains(&key) && !self.sealers.contains(&key) {
            self.sealers.insert(0, key);
            fs::write(folder.join("keys").join(SEALERS), serde_json::to_vec(&self.sealers)?)?;
        }
        Ok(())
    }
}

/// Finds the keys kept in this folder, or makes the first one.
pub(crate) fn find_or_make(folder: &Path) -> Result<TownKeys, OpenError> {
    let keys = folder.join("keys");
    fs::create_dir_all(&keys)?;
    let mut present = 1;
    while seed(&keys, present + 1).exists() {
        present += 1;
    }
    let signer = TownSigner::from_seed(secret_file(&seed(&keys, present))?);
    let (mut public, mut succession) = (vec![signer.public()], Vec::new());
    for n in (1..present).rev() {
        public.push(serde_json::from_slice(&fs::read(face(&keys, n))?)?);
    }
    for n in 2..=present {
        succession.push(fs::read_to_string(link(&keys, n))?);
    }
    let face = face(&keys, present);
    if !face.exists() {
        fs::write(&face, serde_json::to_vec(&signer.public())?)?;
    }
    let sealers = match fs::read(keys.join(SEALERS)) {
        Ok(json) => serde_json::from_slice(&json)?,
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(other) => return Err(other.into()),
    };
    Ok(TownKeys { signer, public, succession, sealers })
}

/// Makes a new key that the present one vouches for. It is the present one from the next start on.
///
/// # Errors
/// [`OpenError`] when the folder cannot be used.
pub fn rotate(folder: &Path) -> Result<TownKey, OpenError> {
    let now = find_or_make(folder)?;
    let keys = folder.join("keys");
    let next = now.public.len() + 1;
    let mut fresh = [0; 32];
    getrandom::fill(&mut fresh).map_err(io::Error::other)?;
    let key = TownSigner::from_seed(fresh).public();
    // The link first: a seed without one would be a key nobody vouches for.
    fs::write(link(&keys, next), now.signer.sign(&serde_json::to_vec(&key)?))?;
    write_owner_only(&seed(&keys, next), &fresh)?;
    Ok(key)
}

fn seed(keys: &Path, n: usize) -> PathBuf {
    keys.join(format!("{n:04}.key"))
}

fn face(keys: &Path, n: usize) -> PathBuf {
    keys.join(format!("{n:04}.json"))
}

fn link(keys: &Path, n: usize) -> PathBuf {
    keys.join(format!("{n:04}.link"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use vicino_contract::jws;

    #[test]
    fn a_device_follows_the_chain_from_what_it_pinned() {
        let folder = tempfile::tempdir().unwrap();
        let first = find_or_make(folder.path()).unwrap();
        rotate(folder.path()).unwrap();
        find_or_make(folder.path()).unwrap();
        rotate(folder.path()).unwrap();
        let now = find_or_make(folder.path()).unwrap();
        assert_eq!(now.public.len(), 3);
        let trusted = jws::follow(&first.public, &now.succession);
        assert_eq!(trusted, now.public);
        let stranger = TownSigner::from_seed([9; 32]).public();
        assert_eq!(jws::follow(std::slice::from_ref(&stranger), &now.succession), [stranger]);
    }
}
