//! The only door to the core: commands out, events in. The window's own way, or HTTP in a plain browser.

pub mod camera;
mod http;
pub mod position;
mod tauri;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use serde::de::DeserializeOwned;
use vicino_contract::ipc::{self, Command, GetPaper, OpenPaper, PaperOf};
use vicino_contract::{Event, Failure, FailureCode};
use vicino_domain::{AttachmentId, PhotoId};
use wasm_bindgen::JsValue;

type Listener = Rc<dyn Fn(Option<Event>)>;

thread_local! {
    static LISTENERS: RefCell<Vec<(u64, Listener)>> = const { RefCell::new(Vec::new()) };
    static NEXT: Cell<u64> = const { Cell::new(0) };
}

/// Asks the core.
pub async fn call<C: Command>(command: C) -> Result<C::Reply, Failure> {
    read(&send(C::NAME, written(&command)?, None).await?)
}

/// Asks the core, with a file beside the arguments.
pub async fn call_with_file<C: Command>(command: C, bytes: js_sys::Uint8Array) -> Result<C::Reply, Failure> {
    read(&send(C::NAME, written(&command)?, Some(bytes)).await?)
}

/// A command's arguments as they travel.
pub fn written<C: Command>(command: &C) -> Result<String, Failure> {
    serde_json::to_string(command).map_err(|_| Failure::new(FailureCode::Internal))
}

/// A reply as it travelled.
pub fn read<T: DeserializeOwned>(reply: &[u8]) -> Result<T, Failure> {
    ipc::unpack(reply)
}

/// Carries arguments to the core as JSON and its packed reply back; the same for every command.
pub async fn send(
    name: &'static str,
    arguments: String,
    bytes: Option<js_sys::Uint8Array>,
) -> Result<Vec<u8>, Failure> {
    let answered = match tauri::window() {
        Some(window) => tauri::invoke(&window, name, &arguments, bytes)
            .await
            .map(|reply| bytes_of(&reply))
            .map_err(|said| bytes_of(&said)),
        None => http::post(name, &arguments, bytes).await,
    };
    // What is no failure of the core is one of the way to it.
    answered.map_err(|said| read(&said).unwrap_or(Failure::passing(FailureCode::Internal)))
}

/// A buffer's bytes; where a webview cannot carry one, they come as numbers.
fn bytes_of(value: &JsValue) -> Vec<u8> {
    js_sys::Uint8Array::new(value).to_vec()
}

/// Begins to hear what changes.
pub fn begin() {
    match tauri::window() {
        Some(window) => tauri::listen(&window, tell),
        None => http::listen(tell),
    }
}

/// Calls `heard` for every change until [`forget`]; `None`: some were missed, anything may have changed.
pub fn listen(heard: impl Fn(Option<Event>) + 'static) -> u64 {
    let id = NEXT.with(|next| next.replace(next.get() + 1));
    LISTENERS.with_borrow_mut(|all| all.push((id, Rc::new(heard))));
    id
}

/// Stops listening.
pub fn forget(id: u64) {
    LISTENERS.with_borrow_mut(|all| all.retain(|(other, _)| *other != id));
}

fn tell(event: Option<Event>) {
    // A listener may begin or end others: they are called from a list of their own.
    let all = LISTENERS.with_borrow(|all| all.iter().map(|(_, heard)| heard.clone()).collect::<Vec<_>>());
    for heard in all {
        heard(event);
    }
}

/// Where a photo's picture is shown from.
pub fn photo_url(id: PhotoId) -> String {
    match tauri::window() {
        Some(window) => tauri::photo_url(&window, id),
        None => format!("/photo/{id}"),
    }
}

/// Returns whether this page stands in the app's own window, and not in a browser.
pub fn is_window() -> bool {
    tauri::window().is_some()
}

/// Saves bytes as a file, where a browser does that.
pub fn save(name: &str, bytes: &[u8]) {
    http::save(name, bytes);
}

/// A paper, shown by the system, or saved where there is only a browser.
pub async fn paper(of: PaperOf) -> Result<(), Failure> {
    if is_window() {
        return call(OpenPaper { of }).await;
    }
    let paper = call(GetPaper { of }).await?;
    save(&paper.name, &paper.bytes);
    Ok(())
}

/// Puts a text on the clipboard; where there is none, nothing happens.
pub fn copy(text: &str) {
    drop(leptos::prelude::window().navigator().clipboard().write_text(text));
}

/// Prints what is shown; a window that cannot print only keeps it on the screen.
pub fn print() {
    drop(leptos::prelude::window().print());
}

/// Where a file is looked at; none: the system's own viewer shows it, when the core is asked to.
pub fn file_url(id: AttachmentId) -> Option<String> {
    (!is_window()).then(|| format!("/file/{id}"))
}

/// Returns whether this system hands such a file on to another program (Web Share).
pub fn can_share(media: &str) -> bool {
    http::can_share(media)
}

/// Hands a file on to another program, chosen by whoever shares it; given up, nothing happens.
pub async fn share(url: &str, name: &str, media: &str) {
    // Whoever closes the list of programs has shared nothing, and knows it.
    drop(http::share(url, name, media).await);
}

/// A property of an object, when it has it.
fn get(object: &JsValue, name: &str) -> Option<JsValue> {
    js_sys::Reflect::get(object, &JsValue::from_str(name))
        .ok()
        .filter(|value| !value.is_undefined() && !value.is_null())
}
