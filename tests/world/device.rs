//! A resident's device on a folder of its own, which can be switched off at any moment.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use tempfile::TempDir;
use vicino_contract::Failure;
use vicino_contract::ipc::{
    AddPhoto, AddedPhoto, CommandHandler as _, GetOutbox, GetReport, NewDraft, OutboxView, ReportView, SaveDraft,
    SendReport,
};
use vicino_core::{App, KeyPlace, Opening};
use vicino_domain::{Category, Place, ReportDraft, ReportId};

use crate::ManualClock;

static SEEDS: AtomicU8 = AtomicU8::new(0);

pub struct Device {
    folder: PathBuf,
    clock: ManualClock,
    app: App,
    /// Taken away with the device, unless the folder is somebody else's.
    _kept: Option<TempDir>,
}

impl Device {
    pub fn new(clock: ManualClock) -> Self {
        let kept = tempfile::tempdir().unwrap();
        let device = Self::on(kept.path(), clock);
        Self { _kept: Some(kept), ..device }
    }

    /// A device in a folder that stays when it is gone.
    pub fn on(folder: &Path, clock: ManualClock) -> Self {
        let app = open(folder, &clock);
        Self { folder: folder.to_owned(), clock, app, _kept: None }
    }

    pub fn app(&self) -> &App {
        &self.app
    }

    pub fn clock(&self) -> &ManualClock {
        &self.clock
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder of whoever uses the device now.
    pub fn own_folder(&self) -> std::path::PathBuf {
        let people = self.folder.join("people");
        let name = std::fs::read_to_string(people.join("person")).unwrap();
        people.join(name)
    }

    /// Switches the device off; [`Device::restart`] switches it on again.
    pub fn close(&mut self) {
        let elsewhere = tempfile::tempdir().unwrap();
        self.app = open(elsewhere.path(), &self.clock);
    }

    /// Switches the device off and on again.
    pub fn restart(&mut self) {
        // The old one is gone before the new one opens, as when a process ends.
        self.close();
        self.app = open(&self.folder, &self.clock);
    }

    /// A draft that lacks nothing.
    pub fn draft(&self, title: &str) -> ReportDraft {
        let mut draft = self.app.handle(NewDraft {}).unwrap().draft;
        draft.privacy_accepted = true;
        draft.category = Some(Category::Roads);
        draft.title = title.to_owned();
        draft.details = String::from("Profonda, al centro della corsia.");
        draft.place = Some(Place::in_words(String::from("Davanti al civico 14 di via Roma")));
        self.save(&draft);
        draft
    }

    pub fn save(&self, draft: &ReportDraft) {
        self.app.handle(SaveDraft { draft: draft.clone(), step: 2 }).unwrap();
    }

    pub fn add_photo(&self, draft: ReportId, bytes: Vec<u8>) -> Result<AddedPhoto, Failure> {
        self.app.handle(AddPhoto { draft, bytes })
    }

    /// A report written and sent, with this many photos.
    pub fn report(&self, title: &str, photos: u8) -> ReportId {
        let draft = self.draft(title);
        for _ in 0..photos {
            // Another picture each time: the same one twice would be one file.
            let seed = SEEDS.fetch_add(1, Ordering::Relaxed);
            self.add_photo(draft.id, crate::photos::noise(900, 700, seed)).unwrap();
        }
        self.app.handle(SendReport { id: draft.id }).unwrap();
        draft.id
    }

    pub fn view(&self, id: ReportId) -> ReportView {
        self.app.handle(GetReport { id }).unwrap()
    }

    pub fn outbox(&self) -> OutboxView {
        self.app.handle(GetOutbox {}).unwrap()
    }
}

fn open(folder: &Path, clock: &ManualClock) -> App {
    App::open(Opening { key: KeyPlace::OwnerFile, clock: clock.clock(), ..Opening::of(folder) }).unwrap()
}

/// A future that is dropped after it was polled this often: the program ends there.
pub struct Polls<F> {
    left: usize,
    inner: Pin<Box<F>>,
}

impl<F: Future> Polls<F> {
    pub fn new(left: usize, inner: F) -> Self {
        Self { left, inner: Box::pin(inner) }
    }
}

impl<F: Future> Future for Polls<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        self.left -= 1;
        let inner = pin!(&mut self.inner);
        inner.poll(cx).map(Some)
    }
}
