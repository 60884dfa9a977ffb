//! Who uses this device: each in a folder of their own, with a store and a key of their own. One does at a time; nothing of
//! the others is open meanwhile, save their name while the list is made.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};

use vicino_contract::ipc::PersonRow;
use vicino_contract::{Event, Failure};
use vicino_domain::PersonId;

use crate::App;
use crate::app::KeyPlace;
use crate::device::{Device, Shared};
use crate::entropy::random;
use crate::error::Error;
use crate::files::Files;
use crate::store::person::Person;
use crate::store::{Store, identity, outbox, person};
use crate::vault;

/// Says who used the device last.
const POINTER: &str = "person";

/// The folders of those who use this device.
pub(crate) struct People {
    folder: PathBuf,
    rows: Vec<PersonRow>,
}

impl People {
    /// Finds the folders.
    pub(crate) fn open(folder: &Path) -> Result<Self, Error> {
        let people = folder.join("people");
        fs::create_dir_all(&people)?;
        let mut rows = Vec::new();
        for entry in fs::read_dir(&people)? {
            if let Ok(id) = entry?.file_name().to_string_lossy().parse() {
                rows.push(row(id, None));
            }
        }
        rows.sort_by_key(|row| row.id);
        Ok(Self { folder: people, rows })
    }

    /// The device of whoever used it last; of a newcomer when there was nobody.
    pub(crate) fn current(&mut self, shared: &Arc<Shared>, place: KeyPlace) -> Result<Device, Error> {
        let named = fs::read_to_string(self.folder.join(POINTER)).ok().and_then(|name| name.trim().parse().ok());
        let known =
            named.filter(|id| self.rows.iter().any(|row| row.id == *id)).or(self.rows.first().map(|row| row.id));
        // Names are read once; the stores of the others are closed again at once.
        for other in self.rows.iter().map(|row| row.id).filter(|id| Some(*id) != known).collect::<Vec<_>>() {
            match self.device(shared, other, place).and_then(|device| device.resident()) {
                Ok(resident) => self.note(other, resident.as_ref()),
                Err(cause) => tracing::warn!(%cause, "somebody's store does not open"),
            }
        }
        let id = match known {
            Some(id) => id,
            None => self.begin(shared)?,
        };
        self.enter(shared, id, place)
    }

    /// A folder for a newcomer.
    fn begin(&mut self, shared: &Shared) -> Result<PersonId, Error> {
        let id = PersonId::new((shared.clock)(), random()?);
        fs::create_dir_all(self.folder.join(id.to_string()))?;
        self.rows.push(row(id, None));
        Ok(id)
    }

    /// Opens somebody's device and remembers that they use it now.
    fn enter(&mut self, shared: &Arc<Shared>, id: PersonId, place: KeyPlace) -> Result<Device, Error> {
        let device = self.device(shared, id, place)?;
        self.note(id, device.resident()?.as_ref());
        fs::write(self.folder.join(POINTER), id.to_string())?;
        Ok(device)
    }

    fn device(&self, shared: &Arc<Shared>, id: PersonId, place: KeyPlace) -> Result<Device, Error> {
        let folder = self.folder.join(id.to_string());
        let key = vault::find_or_make(&folder, place)?;
        let store = Store::open(&folder, &key.bytes, shared.public.clone())?;
        let files = Files::open(&folder.join("files"), &key.bytes)?;
        Ok(Device::new(shared.clone(), id, folder, (store, files, key.holder)))
    }

    fn note(&mut self, id: PersonId, resident: Option<&Person>) {
        if let Some(known) = self.rows.iter_mut().find(|row| row.id == id) {
            *known = row(id, resident);
        }
    }

    fn has(&self, id: PersonId) -> bool {
        self.rows.iter().any(|row| row.id == id)
    }
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

/// Notes what the store of this device says of its person.
pub(crate) fn remember(app: &App, device: &Device) -> Result<(), Error> {
    let resident = device.resident()?;
    app.0.people.lock().unwrap_or_else(PoisonError::into_inner).note(device.person, resident.as_ref());
    Ok(())
}

/// Somebody else uses the device now; `None`: somebody who never did. They find the town that was joined here.
pub(crate) fn switch(app: &App, to: Option<PersonId>) -> Result<(), Failure> {
    let before = app.device();
    let joined = before.joined()?;
    let (shared, place) = (app.0.shared.clone(), app.0.opening.key);
    let device = {
        let mut people = app.0.people.lock().unwrap_or_else(PoisonError::into_inner);
        let id = match to {
            Some(id) if people.has(id) => id,
            Some(_) => return Err(Error::not_found().into()),
            None => people.begin(&shared)?,
        };
        people.enter(&shared, id, place)?
    };
    if let Some(joined) = joined.filter(|_| device.joined().is_ok_and(|known| known.is_none())) {
        device.store.private(|tx| identity::join(tx, &joined))?;
    }
    *app.0.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(device);
    app.0.shared.turned.notify_waiters();
    // Whoever draws draws everything again.
    for event in
        [Event::Person, Event::Drafts, Event::Reports, Event::Outbox, Event::Status, Event::Settings, Event::Town]
    {
        app.0.shared.tell(event);
    }
    // Wakes whoever keeps in step, also when nobody waits for the switch itself.
    before.wake.notify_one();
    Ok(())
}

/// Takes somebody's store, files and keys away. What they had not sent goes with it.
pub(crate) fn remove(app: &App, id: PersonId) -> Result<(), Failure> {
    if app.device().person == id {
        let other = list(app).into_iter().find(|row| row.id != id).map(|row| row.id);
        switch(app, other)?;
    }
    let mut people = app.0.people.lock().unwrap_or_else(PoisonError::into_inner);
    if !people.has(id) {
        return Err(Error::not_found().into());
    }
    let folder = people.folder.join(id.to_string());
    let place = app.0.opening.key;
    let holder = vault::find_or_make(&folder, place).map(|key| key.holder);
    // The key first: what is left without it is noise.
    holder.and_then(|holder| vault::forget_all(&folder, holder))?;
    fs::remove_dir_all(&folder).map_err(Error::from)?;
    people.rows.retain(|row| row.id != id);
    drop(people);
    app.0.shared.tell(Event::Person);
    Ok(())
}

/// How many requests of whoever uses the device now the town does not have yet.
pub(crate) fn unsent(device: &Device) -> Result<u32, Error> {
    let (waiting, stuck) = device.store.private(outbox::count)?;
    Ok(waiting + stuck)
}

/// The store belongs to this resident from now on, unless it is somebody else's.
pub(crate) fn claim(app: &App, device: &Device, resident: vicino_domain::ResidentId) -> Result<bool, Error> {
    let elsewhere = list(app).iter().any(|row| row.id != device.person && row.resident == Some(resident));
    let other = device.resident()?.is_some_and(|known| known.resident != resident);
    if elsewhere || other {
        return Ok(false);
    }
    device.store.private(|tx| {
        person::claim(tx, resident)?;
        outbox::hurry(tx, true)
    })?;
    remember(app, device)?;
    Ok(true)
}
