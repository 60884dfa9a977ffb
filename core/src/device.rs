//! One person's device: their store, their files, their sign-in; and what all people who use it share.

pub(crate) mod blobs;
pub(crate) mod command;
pub(crate) mod viewer;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Notify, broadcast};
use vicino_contract::ipc::{Freshness, KeyHolder};
use vicino_contract::{Event, FailureCode};
use vicino_disk::Claim;
use vicino_domain::{DeviceId, Instant, Limits, PersonId};
use vicino_pictures::looking::Looker;

use crate::client::Http;
use crate::config::{Clock, Opening, Viewer};
use crate::entropy::{random, secret};
use crate::error::Error;
use crate::store::identity::{self, Identity, Joined};
use crate::store::person::{self, Person};
use crate::store::{Public, Store};
use blobs::Files;

/// The part that every profile of a device shares.
pub(crate) struct Shared {
    /// The town's public facts.
    pub(crate) public: Arc<Public>,
    pub(crate) clock: Clock,
    pub(crate) http: Http,
    /// The device's folder.
    pub(crate) folder: PathBuf,
    /// The name its user knows this device by, and what it is: told to the town, for the resident's list of devices.
    pub(crate) name: String,
    pub(crate) kind: &'static str,
    /// The looker at pictures and papers from anywhere.
    pub(crate) looker: Looker,
    /// The way a file is shown in the system's own viewer.
    pub(crate) viewer: Option<Viewer>,
    /// Somebody else uses the device now, or looks at it, or does not any more.
    pub(crate) turned: Notify,
    /// Addresses that a sign-in came back with.
    pub(crate) returns: broadcast::Sender<String>,
    pub(crate) events: broadcast::Sender<Event>,
    network: Mutex<Network>,
    pub(crate) photos_once: AtomicBool,
    /// As of when the public facts are known, where that is newer than what is written down.
    public_checked: Mutex<Freshness>,
    /// Tells whether something was signed with a key nobody here knows.
    pub(crate) strange_key: AtomicBool,
    /// Somebody else answers in the town's place: until the town signs for something again, or its card is read.
    pub(crate) impostor: AtomicBool,
    /// The digest of a snapshot that could not be taken, and why.
    refused_snapshot: Mutex<Option<(String, FailureCode)>>,
    /// Let go when nobody of this program is at work in the folder any more.
    #[expect(dead_code, reason = "that it is held is what counts")]
    claim: Claim,
}

/// The system this program runs on, as people call it.
const fn system() -> &'static str {
    match std::env::consts::OS.as_bytes() {
        b"android" => "Android",
        b"ios" => "iOS",
        b"linux" => "Linux",
        b"macos" => "macOS",
        b"windows" => "Windows",
        _ => "",
    }
}

/// The facts known of the network.
#[derive(Clone, Copy, Default)]
pub(crate) struct Network {
    /// Tells whether the town was reached at the last attempt.
    pub(crate) reached: Option<bool>,
    /// Tells whether the window says that the network is metered.
    pub(crate) metered: bool,
    /// Tells whether the window says that there is none at all.
    pub(crate) cut: bool,
    /// Tells whether the window says that nobody looks at it.
    pub(crate) hidden: bool,
}

impl Shared {
    pub(crate) fn new(public: Public, http: Http, opening: &Opening, claim: Claim) -> Self {
        Self {
            public: Arc::new(public),
            clock: opening.clock.clone(),
            http,
            folder: opening.folder.clone(),
            name: system().to_owned(),
            kind: opening.kind,
            looker: opening.looker.clone(),
            viewer: opening.viewer.clone(),
            turned: Notify::new(),
            returns: broadcast::channel(8).0,
            events: broadcast::channel(256).0,
            network: Mutex::default(),
            photos_once: AtomicBool::new(false),
            public_checked: Mutex::default(),
            strange_key: AtomicBool::new(false),
            impostor: AtomicBool::new(false),
            refused_snapshot: Mutex::default(),
            claim,
        }
    }

    /// Nothing is known of any town any more.
    pub(crate) fn begin_anew(&self) -> Result<(), Error> {
        self.public.begin_anew()?;
        *self.public_checked.lock().unwrap_or_else(PoisonError::into_inner) = Freshness::default();
        *self.refused_snapshot.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(())
    }

    /// Says what changed; nobody listening is fine.
    pub(crate) fn tell(&self, event: Event) {
        let _ = self.events.send(event);
    }
}

/// A person's device.
pub(crate) struct Device {
    pub(crate) person: PersonId,
    pub(crate) folder: PathBuf,
    pub(crate) store: Store,
    pub(crate) files: Files,
    pub(crate) holder: KeyHolder,
    /// Something of the resident's is to be done now.
    pub(crate) wake: Notify,
    /// The town said that something changed.
    pub(crate) heard: Notify,
    /// The lock that lets one introduction or refresh run at a time: the tokens of others would push each other out.
    pub(crate) introducing: tokio::sync::Mutex<()>,
    /// The lock that lets one round run at a time.
    pub(crate) rounds: tokio::sync::Mutex<()>,
    /// The access token, as long as the town takes it.
    pub(crate) access: Mutex<Option<String>>,
    /// The cursors and the tag of the last complete reading: with them an idle round asks *still so?*
    pub(crate) tag: Mutex<Option<Tag>>,
    /// Tells whether the town may still have to be told of a sign-out: looked for once, and after each.
    pub(crate) revocation_due: AtomicBool,
    /// As of when the own records are known, where that is newer than what is written down.
    own_checked: Mutex<Freshness>,
    /// The fault in the last reading, by its stable code.
    trouble: Mutex<Option<FailureCode>>,
    /// Last, so that the folder is let go of when its store is closed.
    pub(crate) shared: Arc<Shared>,
}

/// The town's name for a complete reading.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Tag {
    pub(crate) own: Option<String>,
    pub(crate) public: Option<String>,
    pub(crate) tag: String,
}

impl Device {
    pub(crate) fn new(
        shared: Arc<Shared>,
        person: PersonId,
        folder: PathBuf,
        store: Store,
        files: Files,
        holder: KeyHolder,
    ) -> Self {
        Self {
            shared,
            person,
            folder,
            store,
            files,
            holder,
            wake: Notify::new(),
            heard: Notify::new(),
            introducing: tokio::sync::Mutex::default(),
            rounds: tokio::sync::Mutex::default(),
            access: Mutex::default(),
            tag: Mutex::default(),
            revocation_due: AtomicBool::new(true),
            own_checked: Mutex::default(),
            trouble: Mutex::default(),
        }
    }

    /// Now, by this device's clock.
    pub(crate) fn now(&self) -> Instant {
        (self.shared.clock)()
    }

    /// Says what changed.
    pub(crate) fn tell(&self, event: Event) {
        self.shared.tell(event);
    }

    /// The town joined, if any.
    pub(crate) fn joined(&self) -> Result<Option<Joined>, Error> {
        self.store.private(identity::town)
    }

    /// What the town accepts; the national model's sizes before one was joined.
    pub(crate) fn limits(&self) -> Result<Limits, Error> {
        Ok(self.joined()?.map_or_else(Limits::default, |joined| joined.card.limits.into()))
    }

    /// Who this device is for the town; it becomes someone the first time this is asked.
    pub(crate) fn identity(&self) -> Result<Identity, Error> {
        if let Some(known) = self.store.private(identity::find)? {
            return Ok(known);
        }
        let fresh = self.somebody()?;
        self.store.private(|tx| {
            identity::begin(tx, &fresh)?;
            identity::find(tx)?.ok_or_else(Error::not_found)
        })
    }

    /// Becomes somebody else for the town, which believes who it was no more.
    pub(crate) fn begin_anew(&self) -> Result<(), Error> {
        let fresh = self.somebody()?;
        self.store.private(|tx| identity::begin_anew(tx, &fresh))
    }

    fn somebody(&self) -> Result<Identity, Error> {
        Ok(Identity { device: DeviceId::new(self.now(), random()?), secret: secret()?, token: None })
    }

    /// Whose store this is.
    pub(crate) fn resident(&self) -> Result<Option<Person>, Error> {
        self.store.private(person::find)
    }

    /// The facts known of the network.
    pub(crate) fn network(&self) -> Network {
        *self.shared.network.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records whether the last attempt reached the town.
    pub(crate) fn reached(&self, reached: bool) {
        self.shared.network.lock().unwrap_or_else(PoisonError::into_inner).reached = Some(reached);
        self.tell(Event::Status);
    }

    /// Records the state of the network and of the window; returns `true` when either came back just now.
    pub(crate) fn seen(&self, seen: Network) -> bool {
        let mut network = self.shared.network.lock().unwrap_or_else(PoisonError::into_inner);
        let back = (network.cut && !seen.cut) || (network.metered && !seen.metered) || (network.hidden && !seen.hidden);
        let turned = network.hidden != seen.hidden;
        *network = Network { reached: network.reached, ..seen };
        if turned {
            self.shared.turned.notify_waiters();
        }
        if !seen.metered {
            self.shared.photos_once.store(false, Ordering::Relaxed);
        }
        back
    }

    /// Lets waiting photos over a metered network until it changes.
    pub(crate) fn allow_photos_once(&self) {
        self.shared.photos_once.store(true, Ordering::Relaxed);
    }

    /// The fault in the last reading, or with the snapshot that was to spare it.
    pub(crate) fn trouble(&self) -> Option<FailureCode> {
        self.reading_trouble().or_else(|| self.refused_snapshot().map(|(_, code)| code))
    }

    /// The fault in the last reading.
    pub(crate) fn reading_trouble(&self) -> Option<FailureCode> {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what went wrong, or that nothing did.
    pub(crate) fn set_trouble(&self, trouble: Option<FailureCode>) {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    }

    /// The digest of a snapshot that could not be taken, and why.
    pub(crate) fn refused_snapshot(&self) -> Option<(String, FailureCode)> {
        self.shared.refused_snapshot.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Remembers which snapshot could not be taken, so that it is not fetched again.
    pub(crate) fn refuse_snapshot(&self, refused: Option<(String, FailureCode)>) {
        *self.shared.refused_snapshot.lock().unwrap_or_else(PoisonError::into_inner) = refused;
    }

    /// Everything read is as of now: kept in memory, since nothing else is to be written down.
    pub(crate) fn confirm(&self, own: bool, public: bool) {
        let now = Freshness { as_of: Some(self.now()), last_try: None };
        for (asked, checked) in [(own, &self.own_checked), (public, &self.shared.public_checked)] {
            if asked {
                *checked.lock().unwrap_or_else(PoisonError::into_inner) = now;
            }
        }
    }

    /// Notes an attempt.
    pub(crate) fn tried(&self) {
        let now = Some(self.now());
        for checked in [&self.own_checked, &self.shared.public_checked] {
            checked.lock().unwrap_or_else(PoisonError::into_inner).last_try = now;
        }
    }

    /// As of when the own records are known.
    pub(crate) fn own_freshness(&self, written: Freshness) -> Freshness {
        newer(written, *self.own_checked.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// As of when the public facts are known.
    pub(crate) fn public_freshness(&self, written: Freshness) -> Freshness {
        let mut checked = self.shared.public_checked.lock().unwrap_or_else(PoisonError::into_inner);
        if self.store.shelf().was_spoiled() {
            *checked = Freshness::default();
        }
        newer(written, *checked)
    }
}

/// Returns the later of two checks, even where the device's clock was set back in between.
fn newer(written: Freshness, checked: Freshness) -> Freshness {
    Freshness { as_of: checked.as_of.or(written.as_of), last_try: checked.last_try.or(written.last_try) }
}
