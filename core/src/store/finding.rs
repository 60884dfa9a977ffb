//! What the resident sent, made findable: the words of reports and their threads, in the encrypted file that holds them.

use rusqlite::Transaction;
use uuid::Uuid;
use vicino_records::IndexWriter;
use vicino_records::index_entry::IndexEntry;

use crate::error::Error;

/// Under what the resident's reports are found.
pub(crate) const REPORTS: &str = "reports";

/// Makes a thing findable that stands in a table of its own.
pub(crate) fn put(tx: &Transaction<'_>, collection: &str, id: Uuid, entry: &IndexEntry) -> Result<(), Error> {
    let mut writer = IndexWriter::new(tx);
    writer.put(collection, id, 0, None, entry)?;
    Ok(writer.end()?)
}

/// It is not there any more.
pub(crate) fn forget(tx: &Transaction<'_>, collection: &str, id: Uuid) -> Result<(), Error> {
    let mut writer = IndexWriter::new(tx);
    writer.delete(collection, id)?;
    Ok(writer.end()?)
}
