//! Connections that only read: none of them waits for the writer, for the register is a write-ahead log.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags, Transaction};

use crate::store::lineage::Boot;
use crate::store::{Store, StoreError};

/// Connections open at the same time: readers beyond them wait for one to be free.
const MOST: usize = 6;

/// The reading connections of a register.
pub(crate) struct Readers {
    file: PathBuf,
    boot: Arc<Boot>,
    idle: Mutex<Idle>,
    free: Condvar,
}

struct Idle {
    stores: Vec<Store>,
    open: usize,
}

impl Readers {
    /// The readers of a register that is open for writing.
    pub(crate) fn of(file: &Path, store: &Store) -> Self {
        let idle = Mutex::new(Idle { stores: Vec::new(), open: 0 });
        Self { file: file.to_owned(), boot: store.boot.clone(), idle, free: Condvar::new() }
    }

    /// Looks at the register as it stands at one moment, whatever is written meanwhile.
    pub(crate) fn look<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Store, &Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let store = Borrowed { store: Some(self.take()?), readers: self };
        let Some(store) = &store.store else { return Err(StoreError::Closed.into()) };
        let look = store.connection.unchecked_transaction().map_err(StoreError::from)?;
        work(store, &look)
    }

    fn take(&self) -> Result<Store, StoreError> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(store) = idle.stores.pop() {
                return Ok(store);
            }
            if idle.open < MOST {
                idle.open += 1;
                drop(idle);
                return self.open().inspect_err(|_| self.lost());
            }
            idle = self.free.wait(idle).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn open(&self) -> Result<Store, StoreError> {
        // A log must be writable to be read; that nothing else is written is said after.
        let connection = Connection::open_with_flags(&self.file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connection.busy_timeout(crate::store::PATIENCE)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(Store { connection, boot: self.boot.clone() })
    }

    fn lost(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).open -= 1;
        self.free.notify_one();
    }
}

/// A connection on loan; back in its place when dropped, also by a panic.
struct Borrowed<'a> {
    store: Option<Store>,
    readers: &'a Readers,
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        match self.store.take() {
            // A transaction that could not be ended would show the past to whoever comes next.
            Some(store) if store.connection.is_autocommit() => {
                self.readers.idle.lock().unwrap_or_else(PoisonError::into_inner).stores.push(store);
                self.readers.free.notify_one();
            }
            _ => self.readers.lost(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_see_what_is_written_and_write_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("town.db");
        let mut store = Store::open(&file).unwrap();
        let readers = Readers::of(&file, &store);
        let count = |readers: &Readers| {
            let count = "SELECT count(*) FROM numbers";
            readers.look::<i64, StoreError>(|_, tx| Ok(tx.query_row(count, [], |row| row.get(0))?)).unwrap()
        };
        assert_eq!(count(&readers), 0);
        let insert = |tx: &Transaction<'_>| Ok(tx.execute("INSERT INTO numbers VALUES (2026, 1)", [])?);
        let refused = readers.look::<usize, StoreError>(|_, tx| insert(tx));
        assert!(refused.is_err(), "a reader never writes");
        // While somebody writes, everybody reads.
        store
            .write::<_, StoreError>(|tx| {
                insert(tx)?;
                assert_eq!(count(&readers), 0);
                Ok(())
            })
            .unwrap();
        assert_eq!(count(&readers), 1);
    }

    #[test]
    fn more_readers_than_connections_take_turns() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("town.db");
        let store = Store::open(&file).unwrap();
        let readers = Readers::of(&file, &store);
        std::thread::scope(|scope| {
            for _ in 0..MOST * 4 {
                scope.spawn(|| readers.look::<_, StoreError>(|store, _| store.last_seq()).unwrap());
            }
        });
        assert!(readers.idle.lock().unwrap().open <= MOST);
    }
}
