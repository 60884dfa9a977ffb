//! The bytes of a file, and a file whose bytes are not what they were.

use vicino_contract::{Event, Failure, FailureCode};
use vicino_domain::AttachmentId;

use crate::device::Device;
use crate::error::Error;
use crate::store::files::{self, KeptFile};

/// A file and its bytes, which are checked as they are read: one changed byte on the disk, and it is fetched again from the town, or
/// said to be lost where the town does not have it.
pub(crate) fn opened(device: &Device, id: AttachmentId) -> Result<(KeptFile, Vec<u8>), Error> {
    let file = device.store.private(|tx| files::find(tx, id))?.filter(|file| file.here).ok_or_else(Error::not_found)?;
    match device.files.read(file.sha256) {
        Ok(bytes) => Ok((file, bytes)),
        Err(cause) => {
            let damaged = matches!(cause, Error::Seal) || !device.files.has(file.sha256);
            if !damaged {
                return Err(cause);
            }
            tracing::warn!(%cause, "attachment bytes do not match their digest");
            // Noted and taken away in one: nobody finds the bytes in between and calls them whole.
            let again = device.store.private(|tx| {
                let again = files::lost(tx, file.sha256)?;
                if again {
                    device.files.remove(file.sha256)?;
                }
                Ok(again)
            })?;
            if !again {
                return Err(Failure::new(FailureCode::FileDamaged).into());
            }
            for event in [Event::Documents, Event::Cases, Event::Payments, Event::Reports] {
                device.tell(event);
            }
            device.wake.notify_one();
            Err(Failure::new(FailureCode::FileAgain).into())
        }
    }
}
