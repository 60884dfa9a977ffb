//! The residents of the register, as the town's registry office tells of them.

use rusqlite::Transaction;
use vicino_contract::http::{AuthorBody, Collection, ResidentRecord};
use vicino_domain::ResidentId;

use crate::reader::Owner;
use crate::store::{self, StoreError};
use crate::{Changed, Reader, Refusal, Town};

/// Writes a resident into the register, new or changed: their devices read it, and what waits on it is looked at again.
///
/// # Errors
/// A [`Refusal`] when the register cannot be written.
pub fn register(town: &Town, resident: &ResidentRecord) -> Result<(), Refusal> {
    let owner = Owner::from(ResidentId::from_uuid(resident.id));
    let id = resident.id.to_string();
    town.register.write(|tx| store::write(tx, Collection::Residents.code(), &id, Some(owner), resident))?;
    town.register.say_changed(Changed(Some(owner)));
    Ok(())
}

/// A resident as the register has them.
///
/// # Errors
/// A [`Refusal`] when the register cannot answer.
pub fn find(town: &Town, id: ResidentId) -> Result<Option<ResidentRecord>, Refusal> {
    let found = town.register.read(|tx| store::find::<ResidentRecord>(tx, Collection::Residents, &id.to_string()))?;
    Ok(found.map(|record| record.body))
}

/// The caller as their household reads of them; none when nobody has signed in.
pub(crate) fn author(tx: &Transaction<'_>, reader: &Reader) -> Result<Option<AuthorBody>, StoreError> {
    let Some(resident) = reader.resident else { return Ok(None) };
    let record = store::find::<ResidentRecord>(tx, Collection::Residents, &resident.to_string())?;
    Ok(record.map(|record| AuthorBody { id: resident.uuid(), name: record.body.full_name() }))
}
