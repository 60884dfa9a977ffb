//! What the window knows, told to the core: whether there is a network, whether it is metered, whether anybody looks.

use leptos::prelude::window_event_listener_untyped;
use vicino_contract::ipc::SetNetwork;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use crate::bridge;

/// Tells now, and at each change for as long as the page lives.
pub fn watch() {
    tell();
    // `visibilitychange` is the document's, and comes up to the window.
    for name in ["online", "offline", "visibilitychange"] {
        std::mem::forget(window_event_listener_untyped(name, |_| tell()));
    }
}

fn tell() {
    let Some(navigator) = web_sys::window().map(|window| window.navigator()) else { return };
    let online = navigator.on_line();
    let metered = is_metered(navigator.as_ref());
    let visible = !leptos::prelude::document().hidden();
    spawn_local(async move {
        // The core knows more of the town than the window does: a failure here changes nothing.
        let _ = bridge::call(SetNetwork { online, metered, visible }).await;
    });
}

/// Network Information API, where a webview has it; a network nobody calls metered is taken as free.
fn is_metered(navigator: &JsValue) -> bool {
    let read = |object: &JsValue, name: &str| js_sys::Reflect::get(object, &JsValue::from_str(name)).ok();
    let Some(connection) = read(navigator, "connection").filter(|connection| connection.is_object()) else {
        return false;
    };
    let saves = read(&connection, "saveData").is_some_and(|saves| saves.is_truthy());
    let cellular = read(&connection, "type").and_then(|kind| kind.as_string()).is_some_and(|kind| kind == "cellular");
    saves || cellular
}
