//! Who uses this device: each in a folder of their own, with a store and a key of their own. One does at a time; nothing of
//! the others is open meanwhile, save their name while the list is made.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, Weak};

pub(crate) use crate::app::leaving::leave_practice;
use vicino_contract::ipc::{PersonRow, Settings};
use vicino_contract::{Event, Failure};
use vicino_disk::{sweep_parts, write_whole};
use vicino_domain::PersonId;

use crate::config::KeyPlace;
use crate::device::blobs::Files;
use crate::device::{Device, Shared, viewer};
use crate::entropy::random;
use crate::error::Error;
use crate::matters::bring_up::bring_up;
use crate::store::identity::{self, Joined};
use crate::store::person::{self, Person};
use crate::store::salvage;
use crate::store::{Store, outbox, settings};
use crate::{App, vault};

/// Says who used the device last.
const POINTER: &str = "person";
/// The beginning of a removed profile's folder name, until the folder is gone.
pub(crate) const GONE: &str = "gone-";

/// The folders of those who use this device.
pub(crate) struct Profiles {
    pub(crate) folder: PathBuf,
    pub(crate) rows: Vec<PersonRow>,
    /// Devices that something may still be under way for.
    living: Vec<Weak<Device>>,
}

impl Profiles {
    /// Finds the folders.
    pub(crate) fn open(folder: &Path) -> Result<Self, Error> {
        let people = folder.join("people");
        fs::create_dir_all(&people)?;
        sweep_parts(&people)?;
        let mut rows = Vec::new();
        for entry in fs::read_dir(&people)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if let Ok(id) = name.parse() {
                rows.push(row(id, None));
            } else if name.starts_with(GONE) {
                // Somebody was being taken away when the program ended.
                let _ = delete_folder(&entry.path());
            }
        }
        if folder.join("private.db").exists() {
            // A move that was cut off goes on where it stopped: into the folder that was made for it, and over no key that is there.
            let begun = rows.iter().map(|row| row.id).find(|id| {
                let home = people.join(id.to_string());
                let both_keys = home.join("store.key").exists() && folder.join("store.key").exists();
                id.uuid().as_bytes().starts_with(&[0; 6]) && !home.join("private.db").exists() && !both_keys
            });
            if rows.is_empty() {
                let id = PersonId::new(vicino_domain::Instant::default(), random()?);
                move_in(folder, &people.join(id.to_string()))?;
                rows.push(row(id, None));
            } else if let Some(begun) = begun {
                move_in(folder, &people.join(begun.to_string()))?;
            }
        }
        rows.sort_by_key(|row| row.id);
        Ok(Self { folder: people, rows, living: Vec::new() })
    }

    /// The device of whoever used it last; of a newcomer when there was nobody. A store that does not open keeps nobody else
    /// out.
    pub(crate) fn current(&mut self, shared: &Arc<Shared>, place: KeyPlace) -> Result<Device, Error> {
        let named = fs::read_to_string(self.folder.join(POINTER)).ok().and_then(|name| name.trim().parse().ok());
        let known =
            named.filter(|id| self.rows.iter().any(|row| row.id == *id)).or(self.rows.first().map(|row| row.id));
        // Names are read once; the stores of the others are closed again at once.
        for other in self.rows.iter().map(|row| row.id).filter(|id| Some(*id) != known).collect::<Vec<_>>() {
            match self.device(shared, other, place).and_then(|device| device.resident()) {
                Ok(resident) => {
                    self.note(other, resident.as_ref());
                }
                Err(cause) => tracing::warn!(%cause, "profile store not opened"),
            }
        }
        let others = self.rows.iter().map(|row| row.id).filter(|id| Some(*id) != known);
        let candidates: Vec<PersonId> = known.into_iter().chain(others).collect();
        let mut failed = None;
        for id in candidates {
            // Where the one who used it last cannot, another goes on; the next start tries the same one again.
            let opened = match failed {
                None => self.enter(shared, id, place),
                Some(_) => self.device(shared, id, place),
            };
            match opened {
                Ok(device) => return Ok(device),
                Err(cause) => {
                    tracing::error!(%cause, "profile store not opened");
                    failed.get_or_insert(cause);
                }
            }
        }
        match failed {
            // Somebody's things are here and cannot be read: beginning anew beside them would hide that.
            Some(cause) => Err(cause),
            None => {
                let id = self.begin(shared)?;
                self.enter(shared, id, place)
            }
        }
    }

    /// A folder for a newcomer.
    pub(crate) fn begin(&mut self, shared: &Shared) -> Result<PersonId, Error> {
        let id = PersonId::new((shared.clock)(), random()?);
        fs::create_dir_all(self.folder.join(id.to_string()))?;
        self.rows.push(row(id, None));
        Ok(id)
    }

    /// Opens somebody's device and remembers that they use it now.
    fn enter(&mut self, shared: &Arc<Shared>, id: PersonId, place: KeyPlace) -> Result<Device, Error> {
        let device = self.device(shared, id, place)?;
        self.note(id, device.resident()?.as_ref());
        self.point(id)?;
        Ok(device)
    }

    /// The device of whoever uses it from now on, once they find the town that was joined here.
    fn turn_to(
        &self,
        shared: &Arc<Shared>,
        id: PersonId,
        place: KeyPlace,
        before: &Device,
    ) -> Result<Arc<Device>, Error> {
        // What is still under way for them goes on with the same device: one store is never opened twice.
        let device = match self.living(id) {
            Some(device) => device,
            None => Arc::new(self.device(shared, id, place)?),
        };
        if let Some(joined) = before.joined()? {
            follow(&device, &joined)?;
        }
        // A newcomer is spoken to as the device speaks, in letters as large.
        let Settings { language, text_size, .. } = before.store.private(settings::read)?;
        device.store.private(|tx| settings::begin(tx, &Settings { language, text_size, ..Settings::default() }))?;
        self.point(id)?;
        Ok(device)
    }

    /// Says, in one step, who uses the device.
    pub(crate) fn point(&self, id: PersonId) -> Result<(), Error> {
        let pointer = self.folder.join(POINTER);
        // On a full disk whoever used the device last can still open it.
        if fs::read_to_string(&pointer).is_ok_and(|named| named == id.to_string()) {
            return Ok(());
        }
        Ok(write_whole(&pointer, id.to_string().as_bytes())?)
    }

    pub(crate) fn device(&self, shared: &Arc<Shared>, id: PersonId, place: KeyPlace) -> Result<Device, Error> {
        let folder = self.folder.join(id.to_string());
        sweep_parts(&folder)?;
        if salvage::is_noted(&folder) && !salvage::is_missing(&folder) {
            return Err(Error::Damaged);
        }
        let key = vault::find_or_make(&folder, place)?;
        let store = Store::open(&folder, &key.bytes, shared.public.clone())?;
        bring_up(&store)?;
        let files = Files::open(&folder.join("files"), &key.bytes)?;
        Ok(Device::new(shared.clone(), id, folder, store, files, key.holder))
    }

    /// Notes what is known of somebody now, and says whether it is something else than before.
    fn note(&mut self, id: PersonId, resident: Option<&Person>) -> bool {
        let Some(known) = self.rows.iter_mut().find(|row| row.id == id) else { return false };
        let before = std::mem::replace(known, row(id, resident));
        *known != before
    }

    /// The device of somebody for whom something is still under way.
    fn living(&self, id: PersonId) -> Option<Arc<Device>> {
        self.living.iter().filter_map(Weak::upgrade).find(|device| device.person == id)
    }

    fn remember_living(&mut self, device: &Arc<Device>) {
        self.living.retain(|weak| weak.strong_count() > 0);
        self.living.push(Arc::downgrade(device));
    }

    pub(crate) fn has(&self, id: PersonId) -> bool {
        self.rows.iter().any(|row| row.id == id)
    }
}

/// A store of the time when a device had one person: it becomes theirs as it is, keys and files and all.
fn move_in(folder: &Path, home: &Path) -> Result<(), Error> {
    fs::create_dir_all(home)?;
    // The store itself last: until it stands there, the next start goes on with the move.
    for name in ["files", "store.key", "store.id", "private.db-wal", "private.db-shm", "private.db"] {
        match fs::rename(folder.join(name), home.join(name)) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(cause.into()),
            _ => {}
        }
    }
    Ok(())
}

fn row(id: PersonId, resident: Option<&Person>) -> PersonRow {
    PersonRow {
        id,
        resident: resident.map(|resident| resident.resident),
        name: resident.and_then(|resident| resident.name.clone()),
        signed_in: resident.is_some_and(|resident| resident.signed_in),
        current: false,
    }
}

/// Everyone, the newcomer last.
pub(crate) fn list(app: &App) -> Vec<PersonRow> {
    let current = app.device().person;
    let people = app.0.people.lock().unwrap_or_else(PoisonError::into_inner);
    let mut rows: Vec<PersonRow> =
        people.rows.iter().cloned().map(|row| PersonRow { current: row.id == current, ..row }).collect();
    rows.sort_by(|one, other| (one.name.is_none(), &one.name).cmp(&(other.name.is_none(), &other.name)));
    rows
}

/// Notes what the store of this device says of its person, and tells when it says something else than before.
pub(crate) fn remember(app: &App, device: &Device) -> Result<(), Error> {
    let resident = device.resident()?;
    if people_of(app).note(device.person, resident.as_ref()) {
        device.tell(Event::Person);
    }
    Ok(())
}

/// Somebody else uses the device now; `None`: somebody who never did. They find the town that was joined here.
pub(crate) fn switch(app: &App, to: Option<PersonId>) -> Result<(), Failure> {
    let before = app.device();
    if to == Some(before.person) {
        return Ok(());
    }
    // A sign-in belongs to whoever began it.
    app.give_sign_in_up();
    // Where one person was paying is nobody else's business: that the page is open stays written down beside its notices.
    app.stop_paying();
    let (shared, place) = (app.0.shared.clone(), app.0.opening.key);
    let device = {
        let mut people = app.0.people.lock().unwrap_or_else(PoisonError::into_inner);
        let id = match to {
            Some(id) if people.has(id) => id,
            Some(_) => return Err(Error::not_found().into()),
            None => people.begin(&shared)?,
        };
        let turned = people.turn_to(&shared, id, place, &before);
        if turned.is_err() && to.is_none() {
            // Nobody is left behind whom nobody can be.
            people.rows.retain(|row| row.id != id);
            let _ = delete_folder(&people.folder.join(id.to_string()));
        }
        turned?
    };
    {
        let mut people = people_of(app);
        people.note(device.person, device.resident()?.as_ref());
        people.remember_living(&before);
    }
    enter(app, &before, device);
    Ok(())
}

/// From now on this device is the one in use.
pub(crate) fn enter(app: &App, before: &Device, device: Arc<Device>) {
    *app.0.current.write().unwrap_or_else(PoisonError::into_inner) = device;
    app.0.shared.turned.notify_waiters();
    // Whoever draws draws everything again.
    let all = [
        Event::Person,
        Event::Drafts,
        Event::Reports,
        Event::Cases,
        Event::Payments,
        Event::Paying,
        Event::Outbox,
        Event::Status,
        Event::Settings,
        Event::Town,
        Event::Onboarding,
    ];
    all.into_iter().for_each(|event| app.0.shared.tell(event));
    // Wakes whoever keeps in step, also when nobody waits for the switch itself.
    before.wake.notify_one();
}

/// Copies the town that was joined here, and the address it answers at now, to a profile.
fn follow(device: &Device, joined: &Joined) -> Result<(), Error> {
    let stale = device.joined()?.is_none_or(|known| {
        known.card.ipa_code == joined.card.ipa_code
            && known.url != joined.url
            && known.keys.iter().any(|key| joined.keys.contains(key))
    });
    if stale {
        device.store.private(|tx| identity::join(tx, joined))?;
    }
    Ok(())
}

pub(crate) fn people_of(app: &App) -> std::sync::MutexGuard<'_, Profiles> {
    app.0.people.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes somebody's store, files and keys away. What they had not sent goes with it.
pub(crate) fn remove(app: &App, id: PersonId) -> Result<(), Failure> {
    app.give_sign_in_up();
    // Where one person was paying is nobody else's business: that the page is open stays written down beside its notices.
    app.stop_paying();
    if app.device().person == id {
        let other = list(app).into_iter().find(|row| row.id != id).map(|row| row.id);
        switch(app, other)?;
    }
    let mut people = app.0.people.lock().unwrap_or_else(PoisonError::into_inner);
    if !people.has(id) {
        return Err(Error::not_found().into());
    }
    // Out of the way in one step: whatever ends the program now, they are gone.
    let gone = people.folder.join(format!("{GONE}{id}"));
    fs::rename(people.folder.join(id.to_string()), &gone).map_err(Error::from)?;
    people.rows.retain(|row| row.id != id);
    drop(people);
    viewer::sweep(&app.0.shared.folder);
    if let Err(cause) = delete_folder(&gone) {
        tracing::warn!(%cause, "removed profile's folder not deleted; retried at the next start");
    }
    app.0.shared.tell(Event::Person);
    Ok(())
}

/// Takes a folder away for good.
pub(crate) fn delete_folder(gone: &Path) -> Result<(), Error> {
    // The keys first: what is left without them is noise. A keyring that does not answer keeps a key to nothing.
    if let Err(cause) = vault::forget_all(gone) {
        tracing::warn!(%cause, "key of a removed profile not deleted from the keyring");
    }
    Ok(fs::remove_dir_all(gone)?)
}

/// The number of the current profile's requests that the town does not have yet.
pub(crate) fn unsent(device: &Device) -> Result<u32, Error> {
    let (waiting, stuck) = device.store.private(outbox::count)?;
    Ok(waiting + stuck)
}

/// Returns whether a store may become this resident's: it is nobody's or theirs, and they have no other here.
pub(crate) fn may_claim(app: &App, device: &Device, resident: vicino_domain::ResidentId) -> Result<bool, Error> {
    let elsewhere = list(app).iter().any(|row| row.id != device.person && row.resident == Some(resident));
    let other = device.resident()?.is_some_and(|known| known.resident != resident);
    Ok(!elsewhere && !other)
}

/// The store belongs to this resident from now on, and what waited for them goes.
pub(crate) fn claim(app: &App, device: &Device, resident: vicino_domain::ResidentId) -> Result<(), Error> {
    device.store.private(|tx| {
        person::claim(tx, resident)?;
        outbox::retry_now(tx, outbox::Retry::Everything)
    })?;
    remember(app, device)
}
