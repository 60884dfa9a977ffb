//! A file read on the screen: what its pages say, not only how they look; and a file whose bytes are not what they were.

use vicino_contract::ipc::{FileSheet, ReadFile};
use vicino_contract::{Event, Failure, FailureCode};
use vicino_domain::AttachmentId;
use vicino_pictures::looking::{Seen, Wish};

use crate::device::Device;
use crate::device::command::Handle;
use crate::error::Error;
use crate::matters;
use crate::matters::attachment::attach::shown_as;
use crate::store::files::{self, KeptFile};

impl Handle for ReadFile {
    fn handle(self, device: &Device) -> Result<FileSheet, Error> {
        let (file, title) = device.store.private(|tx| {
            let file = files::find(tx, self.id)?.ok_or_else(Error::not_found)?;
            let title = matters::store::title(tx, file.matter)?;
            Ok((file, title))
        })?;
        if !file.here {
            return Ok(FileSheet { file: file.view(), title, pages: Vec::new(), picture: false });
        }
        let (file, bytes) = opened(device, self.id)?;
        let media = shown_as(&bytes);
        let pages = match media {
            // A paper that does not open here may open in the system's reader: it is offered all the same.
            Some("application/pdf") => words(device, &bytes),
            _ => Vec::new(),
        };
        Ok(FileSheet {
            file: file.view(),
            title,
            pages,
            picture: media.is_some_and(|media| media.starts_with("image/")),
        })
    }
}

/// What the pages of a paper say, page by page; nothing, when it does not open, or asks for more than a look may cost.
fn words(device: &Device, paper: &[u8]) -> Vec<Vec<String>> {
    match device.shared.looker.look(Wish::Words, paper) {
        Ok(Seen::Words(pages)) => pages,
        _ => Vec::new(),
    }
}

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
