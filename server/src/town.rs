//! The town at work: its register, its files, its key, its clock, and who listens for changes.

pub(crate) mod blocking;
pub(crate) mod card;
pub(crate) mod folder;
pub mod identity;
pub(crate) mod keys;
pub(crate) mod register;
pub(crate) mod snapshot;

use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as B64;
use subtle::ConstantTimeEq as _;
use thiserror::Error;
use tokio::sync::watch;
use uuid::Uuid;
use vicino_contract::http::TownKey;
use vicino_contract::jws::{Kind, TownSigner};
use vicino_disk::{Claim, Unclaimed, sweep_parts, write_whole};
use vicino_domain::{Instant, Sha256};

use crate::entropy::digest;
use crate::limits::Limits;
use crate::store::{self, Store, StoreError};
use card::TownIdentity;
use folder::Folder;
use keys::TownKeys;
use register::Register;
use snapshot::Snapshots;

/// Where the time comes from: the system, or a test's hand.
pub type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;

/// The system's clock.
#[must_use]
pub fn system_clock() -> Clock {
    Arc::new(chrono::Utc::now)
}

/// The identity of a street that every practice town has, and no real one: a practice town believes anybody.
pub(crate) const PRACTICE_STREET: Uuid = Uuid::from_u128(0xcfb0_4616_edc1_49dc_914a_e4f8_b2fa_4cf3);

/// The town could not be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The folder or a file in it.
    #[error("{}", vicino_disk::sentence(.0))]
    Io(#[from] io::Error),
    /// Another server is at work on it.
    #[error("another program uses this town's folder; one at a time does")]
    InUse,
    /// The key of a town that has signed already is not there.
    #[error("this town's key is missing from keys/: put it back from its copy. No device believes another")]
    KeyIsMissing,
    /// A file beside the keys, by its name, is missing or damaged.
    #[error("keys/{0} is missing or damaged: put it back from its copy")]
    KeyFile(String),
    /// The register of a town that has its keys is not there, or empty.
    #[error(
        "this town's register is missing: put town.db back from its copy. To found another town, choose an empty folder"
    )]
    RegisterIsMissing,
    /// The register.
    #[error("{}", spoken(.0))]
    Store(#[from] StoreError),
    /// A real town would be opened over a practice town's register.
    #[error("this folder was founded as a practice town's, and does not become a real one")]
    IsPractice,
    /// A practice town would be opened over a real town's register.
    #[error("this folder is a real town's: no practice town is opened in it")]
    IsReal,
    /// The card could not be written down.
    #[error("the town's card cannot be written down")]
    Json(#[from] serde_json::Error),
}

/// Said once: the town is closing, streams end.
#[derive(Clone)]
pub struct Ended(watch::Sender<bool>);

impl Ended {
    /// Says it.
    pub fn cancel(&self) {
        self.0.send_replace(true);
    }

    /// Completes when it is said.
    pub async fn wait(&self) {
        // The sender lives as long as this value: waiting cannot fail.
        let _ = self.0.subscribe().wait_for(|ended| *ended).await;
    }
}

/// A town that answers.
pub struct Town {
    pub(crate) identity: TownIdentity,
    pub(crate) keys: TownKeys,
    /// The card's bytes and the signature over them.
    pub(crate) card: (String, String),
    pub(crate) clock: Clock,
    pub(crate) folder: Folder,
    /// The register.
    pub register: Register,
    pub(crate) limits: Limits,
    pub(crate) snapshots: Snapshots,
    /// Certificates are issued by one hand.
    pub(crate) issuing: Mutex<()>,
    office_token: Sha256,
    ended: Ended,
    /// Let go last of all.
    #[expect(dead_code, reason = "that it is held is what counts")]
    claim: Claim,
}

/// Returns the sentence for a register that does not open; the cause itself is in the log.
fn spoken(cause: &StoreError) -> &'static str {
    use rusqlite::ErrorCode::{DatabaseCorrupt, DiskFull, NotADatabase};
    use rusqlite_migration::{Error as Step, MigrationDefinitionError};
    let code = match cause {
        StoreError::Sqlite(cause) | StoreError::Migration(Step::RusqliteError { err: cause, .. }) => {
            cause.sqlite_error_code()
        }
        _ => None,
    };
    match (cause, code) {
        (StoreError::Migration(Step::MigrationDefinition(MigrationDefinitionError::DatabaseTooFarAhead)), _) => {
            "a newer vicino-server has written this register: update this one. Nothing was changed"
        }
        (_, Some(DiskFull)) => "the disk is full: make room and start again. What was received is safe",
        (_, Some(NotADatabase | DatabaseCorrupt)) => {
            "town.db is damaged: put it back from its copy, and devices tell again what came after"
        }
        _ => "town.db cannot be read or written; the log says why",
    }
}

/// The time a start waits for the server before it to let go of the folder.
const HANDOVER: Duration = Duration::from_secs(10);

/// Claims a town's folder for this process.
fn claim(folder: &Path) -> Result<Claim, OpenError> {
    Claim::on(folder, HANDOVER).map_err(|why| match why {
        Unclaimed::Taken => OpenError::InUse,
        Unclaimed::Io(cause) => OpenError::Io(cause),
    })
}

impl Town {
    /// Opens the town kept in this folder, or founds it there.
    ///
    /// # Errors
    /// [`OpenError`] when the folder or the register cannot be used.
    pub(crate) fn open(root: &Path, identity: TownIdentity, clock: Clock) -> Result<Self, OpenError> {
        for room in Folder::ROOMS {
            fs::create_dir_all(root.join(room))?;
        }
        // Contacts and threads lie here: nobody else on this machine looks in.
        #[cfg(unix)]
        fs::set_permissions(root, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        // Before the register is opened: a start notes itself there, and every device would read again what another start noted.
        let claim = claim(root)?;
        for room in ["", "files", "snapshots"] {
            sweep_parts(&root.join(room))?;
        }
        let folder = Folder::at(root);
        let file = folder.register();
        // Keys are made after the register: a first start that was cut off has none. A practice town has nothing to lose, and begins anew.
        if !identity.practice && keys::has_some(root) && fs::metadata(&file).map_or(true, |file| file.len() == 0) {
            return Err(OpenError::RegisterIsMissing);
        }
        let mut store = Store::open(&file)?;
        // Before anything else: a practice town believes anybody, and must not do so over what real people have sent.
        let practice = store.write(|tx| store::found(tx, identity.practice, PRACTICE_STREET))?;
        if practice != identity.practice {
            return Err(if practice { OpenError::IsPractice } else { OpenError::IsReal });
        }
        let known = store.write(store::is_known)?;
        let mut keys = keys::find_or_make(root, known)?;
        sweep_parts(&root.join("keys"))?;
        if let Some(signer) = &identity.signer {
            keys.sealed_by(root, signer.key())?;
        }
        let card = serde_json::to_string(&identity.card(&keys))?;
        let signature = keys.signer.sign_detached(Kind::Card, card.as_bytes());
        let office_token = office_token(&folder.root().join("office.token"))?;
        let register = Register::of(&file, store);
        Ok(Self {
            office_token,
            card: (card, signature),
            snapshots: Snapshots::of(snapshot::left_behind(&folder, &keys, &register)?),
            limits: Limits::of(&identity.bounds),
            ended: Ended(watch::channel(false).0),
            issuing: Mutex::default(),
            folder,
            register,
            identity,
            keys,
            clock,
            claim,
        })
    }

    /// Now, by the town's clock.
    #[must_use]
    pub fn now(&self) -> Instant {
        (self.clock)()
    }

    /// The key the town signs with.
    #[must_use]
    pub fn key(&self) -> TownKey {
        self.signer().public()
    }

    pub(crate) const fn signer(&self) -> &TownSigner {
        &self.keys.signer
    }

    pub(crate) fn ended(&self) -> Ended {
        self.ended.clone()
    }

    /// Returns whether this is the office's token.
    pub(crate) fn is_office(&self, token: &str) -> bool {
        digest(token.as_bytes()).0.ct_eq(&self.office_token.0).into()
    }
}

/// The letters of the office's token.
const TOKEN: usize = 43;

/// The digest of the office's token; the token itself is written once, for the office to read.
fn office_token(path: &Path) -> io::Result<Sha256> {
    let found = match fs::read_to_string(path) {
        Ok(text) => text.trim().to_owned(),
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => String::new(),
        Err(other) => return Err(other),
    };
    // A piece of one, which a first start that was killed left, is none: nobody enters with it.
    if found.len() >= TOKEN {
        return Ok(digest(found.as_bytes()));
    }
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    let text = B64.encode(bytes);
    write_whole(path, text.as_bytes())?;
    Ok(digest(text.as_bytes()))
}
