//! Files that come without a button: dropped on the page, or pasted.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{File, FileList};

/// Takes what is dropped or pasted anywhere on the page while the calling component is shown.
pub fn arriving(take: impl Fn(Vec<File>) + Copy + 'static) {
    let pasted = window_event_listener(ev::paste, move |event| {
        let event: &web_sys::ClipboardEvent = event.unchecked_ref();
        let files = list(event.clipboard_data().and_then(|data| data.files()));
        // A pasted text goes where the cursor is.
        if !files.is_empty() {
            event.prevent_default();
            take(files);
        }
    });
    // A file dropped beside its mark must not replace the page.
    let over = window_event_listener(ev::dragover, |event| event.prevent_default());
    let dropped = window_event_listener(ev::drop, move |event| {
        event.prevent_default();
        take(list(event.data_transfer().and_then(|data| data.files())));
    });
    on_cleanup(move || {
        pasted.remove();
        over.remove();
        dropped.remove();
    });
}

/// The files of a chooser, or of what was dropped.
pub fn list(files: Option<FileList>) -> Vec<File> {
    let Some(files) = files else { return Vec::new() };
    (0..files.length()).filter_map(|n| files.get(n)).collect()
}
