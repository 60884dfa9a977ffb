//! A file, as screens show it.

use vicino_contract::ipc::FileView;

use crate::store::files::KeptFile;

impl KeptFile {
    /// The view of it that screens get.
    pub(crate) fn view(&self) -> FileView {
        FileView {
            id: self.id,
            name: self.name.clone(),
            media: self.media.clone(),
            bytes: u64::try_from(self.bytes).unwrap_or(0),
            sent: u64::try_from(self.sent).unwrap_or(0),
            arrived: self.arrived,
            here: self.here,
            dated: self.dated,
            given_at: self.given_at,
        }
    }
}
