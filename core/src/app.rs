//! [`App`]: the only public door. A folder opened, commands answered, a town kept in step with, people who take turns.

pub(crate) mod checkout;
pub(crate) mod commands;
pub(crate) mod devices;
pub(crate) mod leaving;
pub(crate) mod mending;
pub(crate) mod onboarding;
pub(crate) mod papers;
pub(crate) mod profiles;
pub(crate) mod runner;
pub(crate) mod sign_in;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::{Notify, broadcast};
use vicino_contract::http::{TownCard, TownKey};
use vicino_contract::{Event, Failure, FailureCode, jws};
use vicino_disk::{Claim, Unclaimed, is_full};
use vicino_domain::media::UNKNOWN;
use vicino_domain::{AttachmentId, PhotoId};

use crate::api::TownClient;
use crate::api::address::address;
use crate::client::client;
use crate::config::Opening;
use crate::device::{Device, Shared, viewer};
use crate::error::{Error as Cause, OpenError};
use crate::matters::attachment::intake::shown_as;
use crate::matters::attachment::opening::opened;
use crate::matters::report;
use crate::store::identity::{self, Joined};
use crate::store::salvage::Salvaged;
use crate::store::{Public, outbox};
use crate::sync::{Round, round};
use mending::Gone;
use onboarding::Onboarding;
use profiles::Profiles;

/// A resident's device. Cheap to clone; every clone is the same device.
#[derive(Clone)]
pub struct App(pub(crate) Arc<AppInner>);

/// Everyone who uses this device, and who does now.
pub(crate) struct AppInner {
    pub(crate) opening: Opening,
    pub(crate) shared: Arc<Shared>,
    pub(crate) people: Mutex<Profiles>,
    pub(crate) current: RwLock<Arc<Device>>,
    /// A job was queued that only the runner may do: it owns the network.
    pub(crate) queued: Notify,
    /// Where the practice town of this program answers, once it runs.
    pub(crate) practising: tokio::sync::OnceCell<String>,
    pub(crate) onboarding: Mutex<Onboarding>,
    pub(crate) signing: Mutex<crate::app::sign_in::Signing>,
    /// The point signing out elsewhere has reached.
    pub(crate) signing_out: Mutex<vicino_contract::ipc::SigningOut>,
    pub(crate) paying: Mutex<crate::app::checkout::Paying>,
}

/// The reason why a folder cannot be used. A database that could not be written does not say that the disk is full: it is tried.
fn unopened(folder: &Path, cause: &Cause) -> OpenError {
    tracing::error!(%cause, "device folder not opened");
    match OpenError::from(cause) {
        OpenError::Disk | OpenError::Other if is_full(folder) => OpenError::DiskFull,
        other => other,
    }
}

fn mend(opening: &Opening, gone: Gone) -> Result<Vec<Salvaged>, OpenError> {
    let mended = claim(&opening.folder).and_then(|_claim| mending::mend(&opening.folder, opening.key, gone));
    mended.map_err(|cause| unopened(&opening.folder, &cause))
}

impl App {
    /// Opens the device kept in a folder, or begins one there.
    ///
    /// # Errors
    /// [`OpenError`] when the folder, its keys or its stores cannot be used.
    pub fn open(opening: Opening) -> Result<Self, OpenError> {
        let folder = opening.folder.clone();
        open(opening).map(|house| Self(Arc::new(house))).map_err(|cause| unopened(&folder, &cause))
    }

    /// Opens the device kept in a folder; where something in it is damaged, with what can be saved of it ([`App::mend`]).
    ///
    /// # Errors
    /// [`OpenError`] when the folder, its keys or its stores cannot be used.
    pub fn open_or_mend(opening: Opening) -> Result<Self, OpenError> {
        // A file that does not open with its key is left alone: another key may be the right one.
        let noted = mending::is_noted_damaged(&opening.folder);
        let opened = if noted { Err(OpenError::Damaged) } else { Self::open(opening.clone()) };
        match opened {
            Err(OpenError::Damaged) => {
                let mended = mend(&opening, Gone::Wait)?;
                tracing::warn!(files = mended.len(), "damaged stores rebuilt; each old file kept beside its new one");
                Self::open(opening)
            }
            other => other,
        }
    }

    /// Looks at every page of the private files kept in a folder, and saves what can be read of one that is damaged into a new one. The
    /// damaged one stays beside it. Answers what was done; nothing, where nothing is damaged.
    ///
    /// # Errors
    /// [`OpenError`] when the folder, its keys or its stores cannot be used.
    pub fn mend(opening: &Opening) -> Result<Vec<Salvaged>, OpenError> {
        mend(opening, Gone::BeginAnew)
    }

    /// The device of whoever uses it now. What was begun for one is finished for that one.
    pub(crate) fn device(&self) -> Arc<Device> {
        self.0.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Joins the town at this address: reads its signed card and pins its keys.
    ///
    /// Joining the same town again notes its new address and card, and follows its succession of keys; another town is
    /// refused.
    ///
    /// # Errors
    /// A [`Failure`] when it is no address, cannot be reached, is not a town, or another one was joined before.
    pub async fn join(&self, url: &str) -> Result<(), Failure> {
        self.join_with(url, &[]).await
    }

    /// The same; a town that was not joined before is believed only with one of these keys, when there are any.
    pub(crate) async fn join_with(&self, url: &str, shown: &[TownKey]) -> Result<(), Failure> {
        let device = self.device();
        let url = address(url)?;
        let before = device.joined()?;
        let keys = before.as_ref().map(|before| before.keys.clone());
        let mut card = match self.card(&url, keys.as_deref().unwrap_or(shown)).await {
            // It answers, and not with the key pinned here: another town, or an impostor.
            Err(failure) if failure.code == FailureCode::NotATown && keys.is_some() => {
                return Err(Failure::new(FailureCode::OtherTown));
            }
            other => other?,
        };
        // What was given up once stays so, whatever a later card says or leaves out.
        let given_up = before.iter().flat_map(|before| &before.card.compromised);
        let unsaid = given_up.filter(|bad| card.compromised.iter().all(|said| said.kid != bad.kid));
        let unsaid: Vec<_> = unsaid.cloned().collect();
        card.compromised.extend(unsaid);
        // The first time its present key is pinned, the one people compare; what it vouches for later is followed.
        let pinned = keys.unwrap_or_else(|| card.keys.first().cloned().into_iter().collect());
        let keys = jws::follow(&pinned, &card.succession);
        let same =
            before.as_ref().is_some_and(|before| before.url == url && before.card == card && before.keys == keys);
        if same {
            return Ok(());
        }
        device.store.private(|tx| identity::join(tx, &Joined { url, keys, card }))?;
        device.tell(Event::Town);
        device.wake.notify_one();
        Ok(())
    }

    /// The signed card at an address, checked against the keys pinned, or against its own when there are none.
    pub(crate) async fn card(&self, url: &str, pinned: &[TownKey]) -> Result<TownCard, Failure> {
        let (http, keys) = (self.0.shared.http.clone(), pinned.to_vec());
        TownClient { http, url: url.into(), keys, pace: vicino_contract::http::PaceBody::default() }.card().await
    }

    /// The folder of the practice town that runs inside this device's program.
    #[must_use]
    pub fn practice_home(&self) -> PathBuf {
        self.0.opening.folder.join("practice")
    }

    /// Returns whether a town was joined, and whether it is the practice town inside this program.
    ///
    /// # Errors
    /// A [`Failure`] when this device's own store fails.
    pub fn has_joined(&self) -> Result<(bool, bool), Failure> {
        let joined = self.device().joined()?;
        let practice = joined.as_ref().is_some_and(|joined| joined.card.practice) && self.practice_home().exists();
        Ok((joined.is_some(), practice))
    }

    /// Delivers what is ready and reads what changed, once.
    ///
    /// # Errors
    /// A [`Failure`] when no town was joined, or this device's own store fails. A town out of reach is no failure:
    /// the [`Round`] says so.
    pub async fn sync(&self) -> Result<Round, Failure> {
        let device = self.device();
        let _alone = device.rounds.lock().await;
        let town = device.town()?;
        let done = round(&device, &town).await;
        if let Err(cause) = &done {
            device.set_trouble(Some(cause.code()));
        }
        let mut done = done?;
        profiles::remember(self, &device)?;
        // A signature by a key nobody here knows: the town may have a new one, which its old one vouches for.
        if device.shared.strange_key.swap(false, Ordering::Relaxed) {
            match self.join(&town.url).await {
                Ok(()) => {
                    device.shared.impostor.store(false, Ordering::Relaxed);
                    device.store.private(|tx| outbox::retry_now(tx, outbox::Retry::Everything))?;
                    device.wake.notify_one();
                }
                // No key pinned here vouches for this one: another server answers in the place of the town that was joined.
                Err(failure) if matches!(failure.code, FailureCode::OtherTown | FailureCode::NotATown) => {
                    device.shared.impostor.store(true, Ordering::Relaxed);
                }
                Err(_) => {}
            }
        }
        // Profiles are told until the town signs for something again: rounds in which nothing is signed show nothing else.
        if done.reached && device.shared.impostor.load(Ordering::Relaxed) {
            let trouble = Some(FailureCode::NotATown);
            device.set_trouble(trouble);
            device.reached(false);
            done = Round { reached: false, trouble, ..done };
        }
        Ok(done)
    }

    /// Tries everything that waits at the next round, whatever moment it was put off to.
    ///
    /// # Errors
    /// A [`Failure`] when this device's own store fails.
    pub fn retry_now(&self) -> Result<(), Failure> {
        Ok(self.device().store.private(|tx| outbox::retry_now(tx, outbox::Retry::Everything))?)
    }

    /// The one task that keeps in step with the town, until it is dropped.
    pub async fn run(self) {
        runner::run(self).await;
    }

    /// The events of this device, as they happen.
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<Event> {
        self.0.shared.events.subscribe()
    }

    /// A file of a case or a thread: its media type and its bytes; by its identity, never by a path.
    ///
    /// # Errors
    /// A [`Failure`] when there is no such file here, or it cannot be opened.
    pub fn file(&self, id: AttachmentId) -> Result<(String, Vec<u8>), Failure> {
        let device = self.device();
        let (_, bytes) = opened(&device, id)?;
        // Said by its bytes: what is no paper is handed over as nothing that is shown.
        Ok((shown_as(&bytes).unwrap_or(UNKNOWN).to_owned(), bytes))
    }

    /// A photo's bytes, a JPEG; by its identity, never by a path.
    ///
    /// # Errors
    /// A [`Failure`] when there is no such photo here, or its file cannot be opened.
    pub fn photo(&self, id: PhotoId) -> Result<Vec<u8>, Failure> {
        let device = self.device();
        let found = device.store.private(|tx| report::photos_store::find(tx, id))?;
        let photo = found.ok_or_else(Cause::not_found)?;
        Ok(device.files.read(photo.sha256)?)
    }
}

/// The time a start waits for another process to release the folder: commands in a terminal follow one another.
const HANDOVER: Duration = Duration::from_secs(10);

fn claim(folder: &Path) -> Result<Claim, Cause> {
    Claim::on(folder, HANDOVER).map_err(|why| match why {
        Unclaimed::Taken => Cause::InUse,
        Unclaimed::Io(cause) => Cause::Io(cause),
    })
}

fn open(opening: Opening) -> Result<AppInner, Cause> {
    fs::create_dir_all(&opening.folder)?;
    // Whatever a program that opens it lets others read: nobody else on this machine looks in.
    #[cfg(unix)]
    fs::set_permissions(&opening.folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    let claim = claim(&opening.folder)?;
    viewer::sweep(&opening.folder);
    let shared = Arc::new(Shared::new(Public::open(&opening.folder)?, client()?, &opening, claim));
    let mut people = Profiles::open(&opening.folder)?;
    people.go_on_leaving(&shared)?;
    let current = people.current(&shared, opening.key)?;
    Ok(AppInner {
        current: RwLock::new(Arc::new(current)),
        people: Mutex::new(people),
        queued: Notify::new(),
        practising: tokio::sync::OnceCell::new(),
        onboarding: Mutex::default(),
        signing: Mutex::default(),
        signing_out: Mutex::default(),
        paying: Mutex::default(),
        shared,
        opening,
    })
}
