//! The window's way: Tauri's commands and events.

use js_sys::{Function, JSON, Object, Promise, Reflect, Uint8Array};
use vicino_contract::Event;
use vicino_contract::ipc::ARGUMENTS;
use vicino_domain::PhotoId;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::get;

/// Tauri's own object, when this page stands in its window.
pub fn window() -> Option<JsValue> {
    get(&js_sys::global(), "__TAURI__")
}

/// Calls a command; the reply and the refusal come back as they are.
pub async fn invoke(
    window: &JsValue,
    name: &str,
    arguments: &str,
    bytes: Option<Uint8Array>,
) -> Result<JsValue, JsValue> {
    JsFuture::from(begin(window, name, arguments, bytes)?).await
}

fn begin(window: &JsValue, name: &str, arguments: &str, bytes: Option<Uint8Array>) -> Result<Promise, JsValue> {
    let missing = || JsValue::from_str("no core");
    let core = get(window, "core").ok_or_else(missing)?;
    let invoke: Function = get(&core, "invoke").ok_or_else(missing)?.dyn_into()?;
    let name = JsValue::from_str(name);
    let promise = match bytes {
        None => invoke.call2(&core, &name, &JSON::parse(arguments)?)?,
        Some(bytes) => {
            let (headers, options) = (Object::new(), Object::new());
            Reflect::set(&headers, &JsValue::from_str(ARGUMENTS), &JsValue::from_str(arguments))?;
            Reflect::set(&options, &JsValue::from_str("headers"), &headers)?;
            invoke.call3(&core, &name, &bytes, &options)?
        }
    };
    promise.dyn_into()
}

/// Hears what the core tells the window.
pub fn listen(window: &JsValue, tell: fn(Option<Event>)) {
    let heard = Closure::<dyn Fn(JsValue)>::new(move |message: JsValue| {
        let payload = get(&message, "payload").and_then(|payload| payload.as_string());
        tell(payload.and_then(|word| Event::from_wire(&word)));
    });
    let listening = get(window, "event")
        .and_then(|event| get(&event, "listen").map(|listen| (event, listen)))
        .and_then(|(event, listen)| {
            let listen: Function = listen.dyn_into().ok()?;
            listen.call2(&event, &JsValue::from_str("vicino"), heard.as_ref()).ok()
        });
    if listening.is_some() {
        // Listens for as long as the window lives.
        heard.forget();
    }
}

/// The address of a photo under the window's own protocol.
pub fn photo_url(window: &JsValue, id: PhotoId) -> String {
    let convert = get(window, "core")
        .and_then(|core| get(&core, "convertFileSrc")?.dyn_into::<Function>().ok().map(|f| (core, f)));
    let url = convert.and_then(|(core, convert)| {
        convert.call2(&core, &JsValue::from_str(&id.to_string()), &JsValue::from_str("photo")).ok()?.as_string()
    });
    url.unwrap_or_default()
}
