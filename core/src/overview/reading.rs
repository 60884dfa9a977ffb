//! A file read on the screen: what its pages say, not only how they look.

use vicino_contract::ipc::{FileSheet, ReadFile};
use vicino_pictures::looking::{Seen, Wish};

use crate::device::Device;
use crate::device::command::Handle;
use crate::error::Error;
use crate::matters;
use crate::matters::attachment::intake::shown_as;
use crate::matters::attachment::opening::opened;
use crate::store::files;

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

/// Reads the text of a paper, page by page; empty when it does not open, or reading it costs too much.
fn words(device: &Device, paper: &[u8]) -> Vec<Vec<String>> {
    match device.shared.looker.look(Wish::Words, paper) {
        Ok(Seen::Words(pages)) => pages,
        _ => Vec::new(),
    }
}
