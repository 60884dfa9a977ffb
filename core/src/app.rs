//! [`App`]: the only public door. A folder opened, commands answered, a town kept in step with.

use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use thiserror::Error;
use tokio::sync::{Notify, broadcast};
use vicino_contract::ipc::KeyHolder;
use vicino_contract::{Event, Failure, FailureCode};
use vicino_domain::{DeviceId, Instant, Limits, PhotoId};

use crate::api::{Town, client};
use crate::entropy::{random, secret};
use crate::error::Error as Cause;
use crate::files::Files;
use crate::outbox::Hand;
use crate::store::identity::{Identity, Joined};
use crate::store::{Store, identity, photos, settings};
use crate::sync::{Round, round};
use crate::{key, runner};

/// Where the time comes from: the system, or a test's hand.
pub type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;

/// Where the key of the private store is to be kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum KeyPlace {
    /// In the system's keyring; in an owner-only file where there is none, and the settings say so.
    #[default]
    Keyring,
    /// In an owner-only file: for tests, and for machines where nobody is signed in.
    OwnerFile,
}

/// How to open a device.
#[derive(Clone)]
pub struct Opening {
    /// The folder that holds everything.
    pub folder: PathBuf,
    /// Where the key is to be kept.
    pub key: KeyPlace,
    /// Where the time comes from.
    pub clock: Clock,
}

impl Opening {
    /// The usual way: the system's keyring and clock.
    #[must_use]
    pub fn of(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), key: KeyPlace::default(), clock: Arc::new(chrono::Utc::now) }
    }
}

/// The device's folder cannot be used; the cause is for people who repair computers.
#[derive(Debug, Error)]
#[error("the folder of this device cannot be used: {0}")]
pub struct OpenError(String);

/// A resident's device. Cheap to clone; every clone is the same device.
#[derive(Clone)]
pub struct App(pub(crate) Arc<Device>);

/// What every room of the core shares.
pub(crate) struct Device {
    folder: PathBuf,
    pub(crate) store: Store,
    pub(crate) files: Files,
    pub(crate) holder: KeyHolder,
    pub(crate) clock: Clock,
    pub(crate) http: reqwest::Client,
    /// Something of the resident's is to be done now.
    pub(crate) wake: Notify,
    /// The town said that something changed.
    pub(crate) heard: Notify,
    /// One introduction to the town at a time.
    pub(crate) introducing: tokio::sync::Mutex<()>,
    /// One round at a time.
    rounds: tokio::sync::Mutex<()>,
    events: broadcast::Sender<Event>,
    network: Mutex<Network>,
    photos_once: AtomicBool,
}

/// What is known of the network.
#[derive(Clone, Copy, Default)]
pub(crate) struct Network {
    /// Whether the town was reached at the last attempt.
    pub(crate) reached: Option<bool>,
    /// Whether the window says that the network is metered.
    pub(crate) metered: bool,
    /// Whether the window says that there is none at all.
    pub(crate) cut: bool,
}

impl App {
    /// Opens the device kept in a folder, or begins one there.
    ///
    /// # Errors
    /// [`OpenError`] when the folder, its key or its stores cannot be used.
    pub fn open(opening: Opening) -> Result<Self, OpenError> {
        open(opening).map(|device| Self(Arc::new(device))).map_err(|cause| OpenError(cause.to_string()))
    }

    /// Joins the town at this address: reads its signed card and pins its key.
    ///
    /// Joining the same town again notes its new address and card; another town is refused.
    ///
    /// # Errors
    /// A [`Failure`] when it is no address, cannot be reached, is not a town, or another one was joined before.
    pub async fn join(&self, url: &str) -> Result<(), Failure> {
        let device = &self.0;
        let url = url.trim().trim_end_matches('/');
        let sound = reqwest::Url::parse(url).is_ok_and(|url| is_safe_road(&url));
        if !sound {
            return Err(Failure::new(FailureCode::NotATown));
        }
        let before = device.joined()?;
        let keys = before.as_ref().map(|before| before.keys.clone());
        let town = Town { http: device.http.clone(), url: url.into(), keys: Vec::new() };
        let card = match town.card(keys.as_deref()).await {
            // It answers, and not with the key pinned here: another town, or an impostor.
            Err(failure) if failure.code == FailureCode::NotATown && keys.is_some() => {
                return Err(Failure::new(FailureCode::OtherTown));
            }
            other => other?,
        };
        let joined = Joined { url: url.to_owned(), keys: keys.unwrap_or_else(|| card.keys.clone()), card };
        device.store.private(|tx| identity::join(tx, &joined))?;
        device.tell(Event::Town);
        Ok(())
    }

    /// The folder of the practice town that runs inside this device's program, when the device belongs there: it has
    /// joined no town yet, or that one before.
    #[must_use]
    pub fn practice_home(&self) -> Option<PathBuf> {
        let home = self.0.folder.join("practice");
        let elsewhere = matches!(self.0.joined(), Ok(Some(_))) && !home.exists();
        (!elsewhere).then_some(home)
    }

    /// Delivers what is ready and reads what changed, once.
    ///
    /// # Errors
    /// A [`Failure`] when no town was joined, or this device's own store fails. A town out of reach is no failure:
    /// the [`Round`] says so.
    pub async fn sync(&self) -> Result<Round, Failure> {
        let device = &self.0;
        let _alone = device.rounds.lock().await;
        let town = device.town()?;
        Ok(round(device, &town).await?)
    }

    /// Tries everything that waits at the next round, whatever moment it was put off to.
    ///
    /// # Errors
    /// A [`Failure`] when this device's own store fails.
    pub fn hurry(&self) -> Result<(), Failure> {
        Ok(self.0.store.private(|tx| crate::store::outbox::hurry(tx, true))?)
    }

    /// The one task that keeps in step with the town, until it is dropped.
    pub async fn run(self) {
        runner::run(self).await;
    }

    /// What changes on this device, as it happens.
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<Event> {
        self.0.events.subscribe()
    }

    /// A photo's bytes, a JPEG; by its identity, never by a path.
    ///
    /// # Errors
    /// A [`Failure`] when there is no such photo here, or its file cannot be opened.
    pub fn photo(&self, id: PhotoId) -> Result<Vec<u8>, Failure> {
        let found = self.0.store.private(|tx| photos::find(tx, id))?;
        let photo = found.ok_or_else(Cause::not_found)?;
        Ok(self.0.files.read(photo.sha256)?)
    }
}

/// Whether a town may be spoken to there: in clear text only within this machine.
fn is_safe_road(url: &reqwest::Url) -> bool {
    let here = match url.host_str() {
        Some("localhost") => true,
        Some(host) => host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback()),
        None => false,
    };
    url.has_host() && (url.scheme() == "https" || (url.scheme() == "http" && here))
}

fn open(opening: Opening) -> Result<Device, Cause> {
    let folder: &Path = &opening.folder;
    fs::create_dir_all(folder)?;
    let key = key::find_or_make(folder, opening.key)?;
    Ok(Device {
        folder: folder.to_owned(),
        store: Store::open(folder, &key.bytes)?,
        files: Files::open(&folder.join("files"), &key.bytes)?,
        holder: key.holder,
        clock: opening.clock,
        http: client()?,
        wake: Notify::new(),
        heard: Notify::new(),
        introducing: tokio::sync::Mutex::default(),
        rounds: tokio::sync::Mutex::default(),
        events: broadcast::channel(256).0,
        network: Mutex::default(),
        photos_once: AtomicBool::new(false),
    })
}

impl Device {
    /// Now, by this device's clock.
    pub(crate) fn now(&self) -> Instant {
        (self.clock)()
    }

    /// Says what changed; nobody listening is fine.
    pub(crate) fn tell(&self, event: Event) {
        let _ = self.events.send(event);
    }

    /// The town joined, if any.
    pub(crate) fn joined(&self) -> Result<Option<Joined>, Cause> {
        self.store.private(identity::town)
    }

    /// The town to talk to.
    pub(crate) fn town(&self) -> Result<Town, Cause> {
        let joined = self.joined()?.ok_or(Failure::new(FailureCode::NotJoined))?;
        Ok(Town { http: self.http.clone(), url: joined.url.into(), keys: joined.keys })
    }

    /// What the town accepts; the national model's sizes before one was joined.
    pub(crate) fn limits(&self) -> Result<Limits, Cause> {
        Ok(self.joined()?.map_or_else(Limits::default, |joined| joined.card.limits.into()))
    }

    /// Who this device is for the town; it becomes someone the first time this is asked.
    pub(crate) fn identity(&self) -> Result<Identity, Cause> {
        if let Some(known) = self.store.private(identity::find)? {
            return Ok(known);
        }
        let fresh = Identity { device: DeviceId::new(self.now(), random()?), secret: secret()?, token: None };
        self.store.private(|tx| {
            identity::begin(tx, &fresh)?;
            identity::find(tx)?.ok_or_else(Cause::not_found)
        })
    }

    /// The resident's hand on sending, with what is known of the network.
    pub(crate) fn hand(&self) -> Result<Hand, Cause> {
        let settings = self.store.private(settings::read)?;
        let once = self.photos_once.load(Ordering::Relaxed);
        Ok(Hand { hold: settings.hold, photos_wait: self.network().metered && !settings.photos_on_metered && !once })
    }

    /// What is known of the network.
    pub(crate) fn network(&self) -> Network {
        *self.network.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what an attempt showed.
    pub(crate) fn reached(&self, reached: bool) {
        self.network.lock().unwrap_or_else(PoisonError::into_inner).reached = Some(reached);
        self.tell(Event::Status);
    }

    /// Notes what the window knows; answers whether the network came back just now.
    pub(crate) fn seen(&self, online: bool, metered: bool) -> bool {
        let mut network = self.network.lock().unwrap_or_else(PoisonError::into_inner);
        let back = (network.cut && online) || (network.metered && !metered);
        network.cut = !online;
        network.metered = metered;
        if !metered {
            self.photos_once.store(false, Ordering::Relaxed);
        }
        back
    }

    /// Lets waiting photos over a metered network until it changes.
    pub(crate) fn allow_photos_once(&self) {
        self.photos_once.store(true, Ordering::Relaxed);
    }
}
