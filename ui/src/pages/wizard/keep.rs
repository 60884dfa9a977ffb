//! Keeps a draft as it is typed: at each pause, at each step, and when the page is left.

use std::sync::Arc;
use std::time::Duration;

use futures_util::lock::Mutex;
use leptos::ev;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use vicino_contract::Failure;
use vicino_contract::ipc::{DraftView, PhotoView, SaveDraft, Saved};
use vicino_domain::{Instant, ReportDraft};
use wasm_bindgen_futures::spawn_local;

use crate::bridge;

/// A pause in typing.
const PAUSE: Duration = Duration::from_millis(250);

/// A draft being written.
#[derive(Clone, Copy)]
pub struct Keeping {
    pub draft: RwSignal<ReportDraft>,
    pub photos: RwSignal<Vec<PhotoView>>,
    pub step: RwSignal<u8>,
    pub saved_at: RwSignal<Instant>,
    pub failed: RwSignal<Option<Failure>>,
    timer: StoredValue<Option<TimeoutHandle>>,
    /// Tells whether it is still a draft: a report sent must not be written over.
    open: StoredValue<bool>,
    /// One at a time, so that an older text never lands on a newer one.
    turn: StoredValue<Arc<Mutex<()>>>,
}

impl Keeping {
    /// Keeps this draft from now on.
    pub fn of(view: DraftView) -> Self {
        let keeping = Self {
            draft: RwSignal::new(view.draft),
            photos: RwSignal::new(view.photos),
            step: RwSignal::new(view.step),
            saved_at: RwSignal::new(view.saved_at),
            failed: RwSignal::new(None),
            timer: StoredValue::new(None),
            open: StoredValue::new(true),
            turn: StoredValue::new(Arc::default()),
        };
        // A phone may end a page that is out of sight without another word.
        let hidden = window_event_listener(ev::Custom::<web_sys::Event>::new("pagehide"), move |_| keeping.now());
        let unseen = document_visibility(move || keeping.now());
        on_cleanup(move || {
            hidden.remove();
            unseen.remove();
            keeping.now();
        });
        keeping
    }

    /// Changes the draft, and keeps it at the next pause.
    pub fn change(self, change: impl FnOnce(&mut ReportDraft)) {
        self.draft.update(change);
        self.stop_timer();
        let timer = set_timeout_with_handle(move || self.now(), PAUSE).ok();
        self.timer.set_value(timer);
    }

    /// Keeps it now.
    pub fn now(self) {
        self.stop_timer();
        if self.open.try_get_value() == Some(true) {
            // What is to be kept is read now: a moment later this page may be gone.
            let (Some(shown), Some(turn)) = (self.shown(), self.turn.try_get_value()) else { return };
            spawn_local(async move { drop(self.save_in_turn(shown, turn).await) });
        }
    }

    /// Keeps it and waits until it is safe.
    pub async fn save(self) -> Result<Saved, Failure> {
        self.stop_timer();
        let shown = (self.draft.get_untracked(), self.step.get_untracked());
        self.save_in_turn(shown, self.turn.get_value()).await
    }

    fn shown(self) -> Option<(ReportDraft, u8)> {
        self.draft.try_get_untracked().zip(self.step.try_get_untracked())
    }

    async fn save_in_turn(self, shown: (ReportDraft, u8), turn: Arc<Mutex<()>>) -> Result<Saved, Failure> {
        let _turn = turn.lock().await;
        // While it waited for its turn more may have been typed: the newest is kept.
        let (draft, step) = self.shown().unwrap_or(shown);
        let saved = bridge::call(SaveDraft { draft, step: step.min(3) }).await;
        match &saved {
            Ok(saved) => {
                self.saved_at.try_set(saved.at);
                self.failed.try_set(None);
            }
            Err(failure) if self.open.try_get_value() == Some(true) => drop(self.failed.try_set(Some(failure.clone()))),
            Err(_) => {}
        }
        saved
    }

    /// It is no draft any more.
    pub fn close(self) {
        self.stop_timer();
        self.open.set_value(false);
    }

    fn stop_timer(self) {
        if let Some(Some(timer)) = self.timer.try_get_value() {
            timer.clear();
        }
        self.timer.try_set_value(None);
    }
}

/// Calls when the page goes out of sight.
fn document_visibility(hidden: impl Fn() + 'static) -> WindowListenerHandle {
    window_event_listener(ev::Custom::<web_sys::Event>::new("visibilitychange"), move |_| hidden())
}
