//! The register at work: one writer, readers beside it, and the news of what changed.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rusqlite::Transaction;
use tokio::sync::broadcast;
use uuid::Uuid;

use crate::Refusal;
use crate::reader::Owner;
use crate::store::{self, Readers, Store, StoreError};

/// Changes that a listener may fall behind by before it is told that it missed some.
const BEHIND: usize = 256;

/// Something changed, for everyone or for whoever may see what belongs to this one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Changed(pub Option<Owner>);

/// A town's register.
pub struct Register {
    store: Mutex<Store>,
    readers: Readers,
    changed: broadcast::Sender<Changed>,
}

impl Register {
    pub(super) fn of(file: &Path, store: Store) -> Self {
        let readers = Readers::of(file, &store);
        Self { readers, store: Mutex::new(store), changed: broadcast::channel(BEHIND).0 }
    }

    /// Looks at the register as it stands at one moment; waits for no writer.
    pub(crate) fn read<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.readers.look(|_, tx| work(tx))
    }

    /// Looks as [`Register::read`] does, with what else a register knows: its feeds, and where readers of them stand.
    pub(crate) fn look<T, E: From<StoreError>>(&self, work: impl FnOnce(&Store) -> Result<T, E>) -> Result<T, E> {
        self.readers.look(|store, _| work(store))
    }

    /// Runs work in one transaction, alone; nothing of it stays when it fails.
    pub(crate) fn write<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        // A panic while holding the lock rolled its transaction back: what is behind it is sound.
        self.store.lock().unwrap_or_else(PoisonError::into_inner).write(work)
    }

    /// Publishes a record of any collection, for everyone to read; in the place of an earlier one under its identity.
    ///
    /// # Errors
    /// A [`Refusal`] when the register cannot be written.
    pub fn publish(&self, collection: &str, id: Uuid, body: &impl serde::Serialize) -> Result<(), Refusal> {
        self.write(|tx| Ok::<_, Refusal>(store::write(tx, collection, &id.to_string(), None, body)?))?;
        self.say_changed(Changed(None));
        Ok(())
    }

    /// Takes a public record back: a tombstone stays in its place. Nothing when there was none.
    ///
    /// # Errors
    /// A [`Refusal`] when the register cannot be written.
    pub fn unpublish(&self, collection: &str, id: Uuid) -> Result<(), Refusal> {
        self.write(|tx| Ok::<_, Refusal>(store::tombstone(tx, collection, &id.to_string())?))?;
        self.say_changed(Changed(None));
        Ok(())
    }

    pub(crate) fn say_changed(&self, changed: Changed) {
        // No one listening is fine.
        let _ = self.changed.send(changed);
    }

    /// Changes as they happen.
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<Changed> {
        self.changed.subscribe()
    }
}
