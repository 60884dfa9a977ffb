//! Leaving the practice town: in one step that is written down first, and gone on with at the next start, whatever cut it off.

use std::fs;
use std::sync::Arc;

use vicino_contract::ipc::Settings;
use vicino_contract::{Failure, FailureCode};
use vicino_disk::write_whole;
use vicino_domain::PersonId;

use crate::App;
use crate::app::profiles::{GONE, Profiles, delete_folder, enter, people_of};
use crate::config::KeyPlace;
use crate::device::{Device, Shared, viewer};
use crate::error::Error;
use crate::store::settings;

/// Says that the practice town is being left, and who stays: a newcomer.
const LEAVING: &str = "leaving";

impl Profiles {
    /// Ends a leaving of the practice town that was cut off: whatever was tried goes, and what was known of the town.
    pub(crate) fn go_on_leaving(&mut self, shared: &Shared) -> Result<(), Error> {
        let named = fs::read_to_string(self.folder.join(LEAVING)).ok();
        let Some(stays) = named.and_then(|name| name.trim().parse().ok()).filter(|id| self.has(*id)) else {
            return Ok(());
        };
        self.end_leaving(shared, stays)
    }

    /// Everybody goes but this newcomer, and so does what was known of the town. Whatever ends the program meanwhile, the next start goes
    /// on.
    fn end_leaving(&mut self, shared: &Shared, stays: PersonId) -> Result<(), Error> {
        self.point(stays)?;
        for other in self.rows.iter().map(|row| row.id).filter(|other| *other != stays) {
            let gone = self.folder.join(format!("{GONE}{other}"));
            // Where this fails the intention stays written down, and the next start goes on.
            fs::rename(self.folder.join(other.to_string()), &gone)?;
            if let Err(cause) = delete_folder(&gone) {
                tracing::warn!(%cause, "practice data not removed; retried at the next start");
            }
        }
        self.rows.retain(|row| row.id == stays);
        shared.begin_anew()?;
        Ok(fs::remove_file(self.folder.join(LEAVING))?)
    }
}

/// Leaves the practice town with everything that was tried in it, so that a real one can be chosen.
pub(crate) fn leave_practice(app: &App) -> Result<(), Failure> {
    let before = app.device();
    let joined = before.joined()?.ok_or(Failure::new(FailureCode::NotJoined))?;
    if !joined.card.practice {
        // What somebody has with a real town is not thrown away together.
        return Err(Failure::new(FailureCode::OtherTown));
    }
    app.give_sign_in_up();
    // Where one person was paying is nobody else's business: that the page is open stays written down beside its notices.
    app.stop_paying();
    let (shared, place) = (app.0.shared.clone(), app.0.opening.key);
    let (id, device) = {
        let mut people = people_of(app);
        let id = people.begin(&shared)?;
        let begun = begin(&people, &before, (&shared, place), id);
        if begun.is_err() {
            // Nobody is left behind whom nobody can be.
            people.rows.retain(|row| row.id != id);
            let _ = delete_folder(&people.folder.join(id.to_string()));
        }
        (id, begun?)
    };
    // From here on the town is left, whatever ends the program: nothing more is written where it was tried.
    enter(app, &before, device);
    let ended = people_of(app).end_leaving(&shared, id);
    viewer::sweep(&shared.folder);
    Ok(ended?)
}

/// A newcomer's device, with the intention written down that everybody else goes.
fn begin(
    people: &Profiles,
    before: &Device,
    (shared, place): (&Arc<Shared>, KeyPlace),
    id: PersonId,
) -> Result<Arc<Device>, Error> {
    let device = Arc::new(people.device(shared, id, place)?);
    let Settings { language, text_size, .. } = before.store.private(settings::read)?;
    device.store.private(|tx| settings::begin(tx, &Settings { language, text_size, ..Settings::default() }))?;
    write_whole(&people.folder.join(LEAVING), id.to_string().as_bytes())?;
    Ok(device)
}
