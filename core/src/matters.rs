//! The matters of a resident, a room each: what is written, sent, shown and kept of one kind stands together.

pub(crate) mod attachment;
pub(crate) mod bring_up;
pub(crate) mod case;
pub(crate) mod certificate;
pub(crate) mod document;
pub(crate) mod message;
pub(crate) mod notice;
pub(crate) mod report;
pub(crate) mod store;

use vicino_domain::Sha256;

use crate::device::Device;
use crate::store::files;

impl Device {
    /// Takes bytes away that nothing needs any more. Some that cannot be taken away only cost room.
    pub(crate) fn forget_bytes(&self, gone: impl IntoIterator<Item = Sha256>) {
        for sha256 in gone {
            // Looked at and taken away in one: nobody begins to need them in between.
            let done = self.store.private(|tx| {
                let needed = report::photos_store::needs(tx, sha256)? || files::needs(tx, sha256)?;
                if needed { Ok(()) } else { self.files.remove(sha256) }
            });
            if let Err(cause) = done {
                tracing::warn!(%cause, "unneeded file not deleted");
            }
        }
    }
}
