//! The window's way: Tauri's commands and events.

use js_sys::{Function, JSON, Object, Promise, Reflect, Uint8Array};
use vicino_contract::Event;
use vicino_contract::ipc::ARGUMENTS;
use vicino_domain::PhotoId;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::get;

/// What Tauri gives a page in its window to call the core with; its own JavaScript package stands on the same.
pub fn window() -> Option<JsValue> {
    get(&js_sys::global(), "__TAURI_INTERNALS__")
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
    let invoke: Function = get(window, "invoke").ok_or_else(missing)?.dyn_into()?;
    let name = JsValue::from_str(name);
    let promise = match bytes {
        None => invoke.call2(window, &name, &JSON::parse(arguments)?)?,
        Some(bytes) => {
            let (headers, options) = (Object::new(), Object::new());
            Reflect::set(&headers, &JsValue::from_str(ARGUMENTS), &JsValue::from_str(arguments))?;
            Reflect::set(&options, &JsValue::from_str("headers"), &headers)?;
            invoke.call3(window, &name, &bytes, &options)?
        }
    };
    promise.dyn_into()
}

/// Asks for the core's events to be told to a function of this page.
fn listening(window: &JsValue, heard: &JsValue) -> Result<(), JsValue> {
    let missing = || JsValue::from_str("no core");
    let transform: Function = get(window, "transformCallback").ok_or_else(missing)?.dyn_into()?;
    let (wish, target) = (Object::new(), Object::new());
    Reflect::set(&target, &JsValue::from_str("kind"), &JsValue::from_str("Any"))?;
    Reflect::set(&wish, &JsValue::from_str("event"), &JsValue::from_str("vicino"))?;
    Reflect::set(&wish, &JsValue::from_str("target"), &target)?;
    Reflect::set(&wish, &JsValue::from_str("handler"), &transform.call1(window, heard)?)?;
    let invoke: Function = get(window, "invoke").ok_or_else(missing)?.dyn_into()?;
    invoke.call2(window, &JsValue::from_str("plugin:event|listen"), &wish).map(drop)
}

/// Hears what the core tells the window.
pub fn listen(window: &JsValue, tell: fn(Option<Event>)) {
    let heard = Closure::<dyn Fn(JsValue)>::new(move |message: JsValue| {
        let payload = get(&message, "payload").and_then(|payload| payload.as_string());
        tell(payload.and_then(|word| Event::from_code(&word)));
    });
    if listening(window, heard.as_ref()).is_ok() {
        // Listens for as long as the window lives.
        heard.forget();
    }
}

/// The address of a photo under the window's own protocol.
pub fn photo_url(window: &JsValue, id: PhotoId) -> String {
    let convert = get(window, "convertFileSrc").and_then(|convert| convert.dyn_into::<Function>().ok());
    let url = convert.and_then(|convert| {
        convert.call2(window, &JsValue::from_str(&id.to_string()), &JsValue::from_str("photo")).ok()?.as_string()
    });
    url.unwrap_or_default()
}
