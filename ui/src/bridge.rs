//! The only door to the core: commands out, events in. The window's own way, or HTTP in a plain browser.

mod http;
pub mod position;
mod tauri;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use vicino_contract::ipc::Command;
use vicino_contract::{Event, Failure, FailureCode};
use vicino_domain::PhotoId;
use wasm_bindgen::JsValue;

type Listener = Rc<dyn Fn(Option<Event>)>;

thread_local! {
    static LISTENERS: RefCell<Vec<(u64, Listener)>> = const { RefCell::new(Vec::new()) };
    static NEXT: Cell<u64> = const { Cell::new(0) };
}

/// Asks the core.
pub async fn call<C: Command>(command: C) -> Result<C::Reply, Failure> {
    send(command, None).await
}

/// Asks the core, with a file beside the arguments.
pub async fn call_with_file<C: Command>(command: C, bytes: js_sys::Uint8Array) -> Result<C::Reply, Failure> {
    send(command, Some(bytes)).await
}

async fn send<C: Command>(command: C, bytes: Option<js_sys::Uint8Array>) -> Result<C::Reply, Failure> {
    let broken = |_| Failure::new(FailureCode::Internal);
    let arguments = serde_json::to_string(&command).map_err(broken)?;
    let answered = match tauri::window() {
        Some(window) => tauri::invoke(&window, C::NAME, &arguments, bytes).await,
        None => http::post(C::NAME, &arguments, bytes).await,
    };
    match answered {
        Ok(reply) => serde_json::from_str(&reply).map_err(broken),
        // What is no failure of the core is one of the way to it.
        Err(said) => Err(serde_json::from_str(&said).unwrap_or(Failure::passing(FailureCode::Internal))),
    }
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

/// A property of an object, when it has it.
fn get(object: &JsValue, name: &str) -> Option<JsValue> {
    js_sys::Reflect::get(object, &JsValue::from_str(name)).ok().filter(|value| !value.is_undefined() && !value.is_null())
}
