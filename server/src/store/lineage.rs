//! How a server restored from an older copy is recognised, with no one's help.
//!
//! Every start adds a row to `boots`: a random name and the last `seq` found then. A cursor says under which boot it
//! was given and how far it read. Restoring a copy takes later boots away, and brings `seq` back: so a cursor is of
//! this server's past exactly when its boot is known and the next boot began no earlier than where it stands.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as B64;
use rusqlite::{Connection, OptionalExtension as _};

use crate::store::{Store, StoreError};

/// The present run of the server.
pub(crate) struct Boot {
    pub(crate) id: String,
}

/// Where a reader stands: under which boot, after which `seq`, and with which view of what they may see.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cursor {
    boot: String,
    /// The last `seq` read.
    pub seq: i64,
    /// The name of what the reader might see then; empty for the public records.
    pub view: String,
}

impl Cursor {
    /// Reads a cursor off the wire; `None` when it is none of ours.
    #[must_use]
    pub fn from_wire(text: &str) -> Option<Self> {
        let plain = String::from_utf8(B64.decode(text).ok()?).ok()?;
        let (boot, rest) = plain.split_once(':')?;
        let (seq, view) = rest.split_once(':').unwrap_or((rest, ""));
        let seq = seq.parse().ok().filter(|seq| *seq >= 0)?;
        Some(Self { boot: boot.to_owned(), seq, view: view.to_owned() })
    }

    /// Writes it for the wire.
    #[must_use]
    pub fn to_wire(&self) -> String {
        let joint = if self.view.is_empty() { "" } else { ":" };
        B64.encode(format!("{}:{}{joint}{}", self.boot, self.seq, self.view))
    }

    /// The cursor of whoever has read the public records up to `seq` under this boot.
    pub(crate) fn public(boot: &str, seq: i64) -> Self {
        Self { boot: boot.to_owned(), seq, view: String::new() }
    }
}

/// Notes a start.
pub(crate) fn begin(connection: &Connection) -> Result<Boot, StoreError> {
    let mut name = [0; 12];
    // Without randomness two starts might share a name; the row's own uniqueness then refuses the second.
    let _ = getrandom::fill(&mut name);
    let id = B64.encode(name);
    connection
        .execute("INSERT INTO boots (id, last_seq) VALUES (?1, (SELECT coalesce(max(seq), 0) FROM records))", [&id])?;
    Ok(Boot { id })
}

impl Store {
    /// The cursor of a reader that has read up to `seq` under the present boot.
    pub(crate) fn cursor(&self, seq: i64, view: &str) -> Cursor {
        Cursor { boot: self.boot.id.clone(), seq, view: view.to_owned() }
    }

    /// Returns whether what this cursor has read is still this server's past.
    pub(crate) fn is_past(&self, cursor: &Cursor) -> Result<bool, StoreError> {
        let boot: Option<i64> = self
            .connection
            .query_row("SELECT n FROM boots WHERE id = ?1", [&cursor.boot], |row| row.get(0))
            .optional()?;
        let Some(boot) = boot else { return Ok(false) };
        let ceiling: Option<i64> = self
            .connection
            .query_row("SELECT last_seq FROM boots WHERE n > ?1 ORDER BY n LIMIT 1", [boot], |row| row.get(0))
            .optional()?;
        Ok(ceiling.is_none_or(|last_seq| cursor.seq <= last_seq))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_from_before_a_restore_is_recognised() {
        let folder = tempfile::tempdir().unwrap();
        let (file, copy) = (folder.path().join("town.db"), folder.path().join("copy.db"));
        let write = |store: &mut Store, id: &str| {
            store
                .write::<_, StoreError>(|tx| {
                    crate::store::records::write(tx, "streets", id, None, &serde_json::json!({}))?;
                    Ok(())
                })
                .unwrap();
        };
        let mut store = Store::open(&file).unwrap();
        write(&mut store, "a");
        let early = store.cursor(1, "");
        store.connection.execute("VACUUM INTO ?1", [copy.to_str().unwrap()]).unwrap();
        write(&mut store, "b");
        let late = store.cursor(2, "");
        assert!(store.is_past(&early).unwrap() && store.is_past(&late).unwrap());

        let mut restored = Store::open(&copy).unwrap();
        assert!(restored.is_past(&early).unwrap(), "what both have seen stays valid");
        assert!(!restored.is_past(&late).unwrap(), "what the copy never held is told apart");
        write(&mut restored, "c");
        assert!(!restored.is_past(&late).unwrap(), "also once the numbers have caught up");
        let next = Store::open(&copy).unwrap();
        assert!(!next.is_past(&late).unwrap() && next.is_past(&early).unwrap());
        assert!(!next.is_past(&Cursor::public("elsewhere", 0)).unwrap());
    }

    #[test]
    fn nonsense_is_no_cursor() {
        for text in ["", "!!", "YWJj", "YTotMQ"] {
            assert_eq!(Cursor::from_wire(text), None, "{text}");
        }
    }
}
