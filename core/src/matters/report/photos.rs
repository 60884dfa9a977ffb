//! Photos taken into a draft, and out of it again.

use vicino_contract::ipc::{AddPhoto, AddedPhoto, RemovePhoto};
use vicino_contract::{Event, Failure, FailureCode};
use vicino_domain::{Accuracy, PhotoId, Place, PlaceSource};

use crate::device::Device;
use crate::device::command::Handle;
use crate::entropy::random;
use crate::error::Error;
use crate::matters::report::drafts_store;
use crate::matters::report::photos_store::{self, Photo};
use vicino_pictures::photo::develop;

impl Handle for AddPhoto {
    fn handle(self, device: &Device) -> Result<AddedPhoto, Error> {
        let most = usize::try_from(device.limits()?.photos).unwrap_or(usize::MAX);
        let room = |tx: &rusqlite::Transaction<'_>| {
            drafts_store::find(tx, self.draft)?.ok_or_else(Error::not_found)?;
            let full = photos_store::of_report(tx, self.draft)?.len() >= most;
            if full { Err(Error::from(Failure::new(FailureCode::PhotoTooMany))) } else { Ok(()) }
        };
        // Asked before the work and again when it is done: another photo may have come meanwhile.
        device.store.private(room)?;
        let developed = develop(&self.bytes)?;
        let photo = Photo {
            id: PhotoId::new(device.now(), random()?),
            // The file is safe on the disk before a row speaks of it.
            sha256: device.files.keep(&developed.jpeg)?,
            width: developed.width,
            height: developed.height,
            bytes: i64::try_from(developed.jpeg.len()).unwrap_or(i64::MAX),
            upload: None,
            sent: 0,
            arrived: false,
        };
        let kept = device.store.private(|tx| {
            room(tx)?;
            // The same picture may have been taken out a moment ago, and its bytes with it.
            if !device.files.has(photo.sha256) {
                device.files.keep(&developed.jpeg)?;
            }
            photos_store::insert(tx, self.draft, &photo)
        });
        if let Err(cause) = kept {
            forget_files(device, &[photo]);
            return Err(cause);
        }
        device.tell(Event::Drafts);
        let accuracy = developed.written.accuracy.map(Accuracy);
        let place = developed.written.point.map(|point| Place::at(point, accuracy, PlaceSource::Photo));
        Ok(AddedPhoto { photo: photo.view(), place, taken: developed.written.taken })
    }
}

impl Handle for RemovePhoto {
    fn handle(self, device: &Device) -> Result<(), Error> {
        let removed = device.store.private(|tx| {
            drafts_store::find(tx, self.draft)?.ok_or_else(Error::not_found)?;
            let photo = photos_store::find(tx, self.photo)?;
            photos_store::remove(tx, self.draft, self.photo)?;
            Ok(photo)
        })?;
        forget_files(device, removed.as_slice());
        device.tell(Event::Drafts);
        Ok(())
    }
}

/// Takes the bytes of photos away that nothing needs any more.
pub(crate) fn forget_files(device: &Device, gone: &[Photo]) {
    device.forget_bytes(gone.iter().map(|photo| photo.sha256));
}
