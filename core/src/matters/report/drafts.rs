//! Drafts: begun, kept as they are typed, thrown away, sent.

use vicino_contract::http::{PhotoBody, ReportBody};
use vicino_contract::ipc::{
    DiscardDraft, DraftRow, DraftView, GetDraft, ListDrafts, NewDraft, SaveDraft, Saved, SendReport,
};
use vicino_contract::{Event, Failure, FailureCode, MessageKind};
use vicino_domain::{ReportDraft, ReportId};

use crate::device::Device;
use crate::device::command::Handle;
use crate::entropy::random;
use crate::error::Error;
use crate::matters::message::compose;
use crate::matters::report::drafts_store::{self, KeptDraft};
use crate::matters::report::photos::forget_files;
use crate::matters::report::photos_store::{self, Photo};
use crate::matters::report::{index, store};
use crate::outbox::identity;
use crate::store::outbox::NewRequest;
use crate::store::{messages, outbox};

impl Handle for NewDraft {
    fn handle(self, device: &Device) -> Result<DraftView, Error> {
        let now = device.now();
        let draft = ReportDraft::new(ReportId::new(now, random()?));
        keep(device, &draft, 1)?;
        Ok(view(KeptDraft { draft, step: 1, saved_at: now }, &[]))
    }
}

impl Handle for ListDrafts {
    fn handle(self, device: &Device) -> Result<Vec<DraftRow>, Error> {
        let all = device.store.private(drafts_store::all)?;
        // A wizard opened and left again leaves nothing to come back to.
        let worth = all.into_iter().filter(|kept| !kept.draft.is_blank());
        let row = |kept: KeptDraft| DraftRow {
            id: kept.draft.id,
            title: kept.draft.title,
            category: kept.draft.category,
            saved_at: kept.saved_at,
        };
        Ok(worth.map(row).collect())
    }
}

impl Handle for GetDraft {
    fn handle(self, device: &Device) -> Result<DraftView, Error> {
        let (kept, photos) = device.store.private(|tx| {
            let kept = drafts_store::find(tx, self.id)?.ok_or_else(Error::not_found)?;
            Ok((kept, photos_store::of_report(tx, self.id)?))
        })?;
        Ok(view(kept, &photos))
    }
}

impl Handle for SaveDraft {
    fn handle(self, device: &Device) -> Result<Saved, Error> {
        let now = device.now();
        device.store.private(|tx| {
            // The photos are the store's to know: a page that fell behind must not drop one.
            let mut draft = self.draft;
            draft.photos = photos_store::of_report(tx, draft.id)?.iter().map(|photo| photo.id).collect();
            if drafts_store::find(tx, draft.id)?.is_none() {
                return Err(gone(tx, draft.id)?);
            }
            drafts_store::save(tx, &draft.id.to_string(), &serde_json::to_string(&draft)?, self.step.clamp(1, 3), now)
        })?;
        device.tell(Event::Drafts);
        Ok(Saved { at: now })
    }
}

impl Handle for DiscardDraft {
    fn handle(self, device: &Device) -> Result<(), Error> {
        let files = device.store.private(|tx| {
            // Only a draft can be discarded; the photos of a sent report are not its to take.
            if drafts_store::find(tx, self.id)?.is_none() {
                return Err(gone(tx, self.id)?);
            }
            drafts_store::remove(tx, self.id)?;
            let all = photos_store::of_report(tx, self.id)?;
            all.iter().try_for_each(|photo| photos_store::remove(tx, self.id, photo.id))?;
            Ok(all)
        })?;
        forget_files(device, &files);
        device.tell(Event::Drafts);
        Ok(())
    }
}

impl Handle for SendReport {
    fn handle(self, device: &Device) -> Result<Saved, Error> {
        let (now, limits) = (device.now(), device.limits()?);
        device.store.private(|tx| {
            let Some(kept) = drafts_store::find(tx, self.id)? else { return Err(gone(tx, self.id)?) };
            let photos = photos_store::of_report(tx, self.id)?;
            let draft = ReportDraft { photos: photos.iter().map(|photo| photo.id).collect(), ..kept.draft };
            let report = draft.send(&limits, now).map_err(Failure::invalid)?;
            let announced = photos.iter().map(announce).collect();
            let body = serde_json::to_vec(&ReportBody::of(&report, announced))?;
            let id = report.id.to_string();
            store::insert(tx, &report, now)?;
            outbox::insert(
                tx,
                NewRequest { id: identity(device)?, matter: report.id.into(), kind: MessageKind::Report },
                &id,
                &body,
                now,
            )?;
            for photo in &photos {
                let key = NewRequest { id: identity(device)?, matter: report.id.into(), kind: MessageKind::Photo };
                outbox::insert(tx, key, &photo.id.to_string(), &[], now)?;
            }
            // A corrected report may have a thread already: it follows the report again.
            for message in messages::of(tx, report.id)? {
                compose::queue(tx, device, (report.id.into(), MessageKind::Message), &message)?;
            }
            drafts_store::remove(tx, report.id)?;
            index::put_report(tx, report.id)
        })?;
        for event in [Event::Drafts, Event::Reports, Event::Outbox, Event::Status] {
            device.tell(event);
        }
        device.wake.notify_one();
        Ok(Saved { at: now })
    }
}

fn announce(photo: &Photo) -> PhotoBody {
    PhotoBody { id: photo.id.uuid(), sha256: photo.sha256.to_string(), size: u64::try_from(photo.bytes).unwrap_or(0) }
}

/// Why a draft is not there: it was sent, or it never was.
fn gone(tx: &rusqlite::Transaction<'_>, id: ReportId) -> Result<Error, Error> {
    let sent = store::find(tx, id)?.is_some();
    let code = if sent { FailureCode::AlreadySent } else { FailureCode::NotFound };
    Ok(Failure::new(code).into())
}

/// Keeps a draft.
pub(crate) fn keep(device: &Device, draft: &ReportDraft, step: u8) -> Result<(), Error> {
    let (body, now) = (serde_json::to_string(draft)?, device.now());
    device.store.private(|tx| drafts_store::save(tx, &draft.id.to_string(), &body, step, now))
}

/// A draft as the interface sees it.
pub(crate) fn view(kept: KeptDraft, photos: &[Photo]) -> DraftView {
    let mut draft = kept.draft;
    draft.photos = photos.iter().map(|photo| photo.id).collect();
    DraftView { draft, step: kept.step, saved_at: kept.saved_at, photos: photos.iter().map(Photo::view).collect() }
}
