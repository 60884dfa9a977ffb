//! A plain browser's way: the same commands over HTTP, the same events as a stream.

use std::cell::RefCell;

use js_sys::Uint8Array;
use leptos::ev;
use leptos::prelude::window_event_listener;
use vicino_contract::Event;
use vicino_contract::ipc::ARGUMENTS;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, EventSource, File, FilePropertyBag, Headers, HtmlAnchorElement, MessageEvent, Request, RequestInit, Response,
    ShareData, Url,
};

/// Calls a command; the reply and the refusal come back packed.
pub async fn post(name: &str, arguments: &str, bytes: Option<Uint8Array>) -> Result<Vec<u8>, Vec<u8>> {
    let response = fetch(name, arguments, bytes).await.map_err(|_| Vec::new())?;
    let body = response.array_buffer().map_err(|_| Vec::new())?;
    let body = JsFuture::from(body).await.map_err(|_| Vec::new())?;
    let body = Uint8Array::new(&body).to_vec();
    if response.ok() { Ok(body) } else { Err(body) }
}

async fn fetch(name: &str, arguments: &str, bytes: Option<Uint8Array>) -> Result<Response, JsValue> {
    let (init, headers) = (RequestInit::new(), Headers::new()?);
    init.set_method("POST");
    match bytes {
        Some(bytes) => {
            headers.set(ARGUMENTS, arguments)?;
            headers.set("content-type", "application/octet-stream")?;
            init.set_body(&bytes);
        }
        None => {
            headers.set("content-type", "application/json")?;
            init.set_body(&JsValue::from_str(arguments));
        }
    }
    init.set_headers(&headers);
    let request = Request::new_with_str_and_init(&format!("/ipc/{name}"), &init)?;
    let window = web_sys::window().ok_or_else(|| JsValue::from_str("no window"))?;
    JsFuture::from(window.fetch_with_request(&request)).await?.dyn_into()
}

/// Hears what the core tells, while the page is in sight: a browser keeps few connections to one address, and pages
/// left behind or in other tabs would take them from the one that is looked at.
pub fn listen(tell: fn(Option<Event>)) {
    let heard = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
        tell(message.data().as_string().and_then(|word| Event::from_code(&word)));
    });
    // A stream that broke and came back may have missed some.
    let again = Closure::<dyn Fn()>::new(move || tell(None));
    let open = RefCell::new(None::<EventSource>);
    let settle = move || {
        let seen = !leptos::prelude::document().hidden();
        let mut open = open.borrow_mut();
        if seen && open.is_none() {
            let Ok(source) = EventSource::new("/ipc/events") else { return };
            source.set_onmessage(Some(heard.as_ref().unchecked_ref()));
            source.set_onopen(Some(again.as_ref().unchecked_ref()));
            *open = Some(source);
        } else if !seen && let Some(source) = open.take() {
            source.close();
        }
    };
    settle();
    // Never taken away: it listens for as long as the page lives.
    drop(window_event_listener(ev::Custom::<web_sys::Event>::new("visibilitychange"), move |_| settle()));
}

/// Saves bytes as a file: a link that is pressed by itself. A browser that does not let it only saves nothing.
pub fn save(name: &str, bytes: &[u8]) {
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
    let Ok(blob) = Blob::new_with_u8_array_sequence(&parts) else { return };
    let Ok(address) = Url::create_object_url_with_blob(&blob) else { return };
    let link =
        leptos::prelude::document().create_element("a").ok().and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok());
    if let Some(link) = link {
        link.set_href(&address);
        link.set_download(name);
        link.click();
    }
    drop(Url::revoke_object_url(&address));
}

/// What is handed to the system to be shared: files, as they are.
fn parcel(files: &File) -> ShareData {
    let parcel = ShareData::new();
    parcel.set_files(&js_sys::Array::of1(files));
    parcel
}

/// Returns whether the system takes such a file to share it.
pub fn can_share(media: &str) -> bool {
    let navigator = leptos::prelude::window().navigator();
    // Older systems do not know the question.
    let known = js_sys::Reflect::has(&navigator, &JsValue::from_str("canShare")).unwrap_or(false);
    known && named(&js_sys::Array::new(), "a", media).is_ok_and(|file| navigator.can_share_with_data(&parcel(&file)))
}

/// Shares the file at this address.
pub async fn share(url: &str, name: &str, media: &str) -> Result<(), JsValue> {
    let window = web_sys::window().ok_or_else(|| JsValue::from_str("no window"))?;
    let response: Response = JsFuture::from(window.fetch_with_str(url)).await?.dyn_into()?;
    let bytes = JsFuture::from(response.array_buffer()?).await?;
    let file = named(&js_sys::Array::of1(&bytes), name, media)?;
    JsFuture::from(window.navigator().share_with_data(&parcel(&file))).await.map(drop)
}

fn named(parts: &js_sys::Array, name: &str, media: &str) -> Result<File, JsValue> {
    let bag = FilePropertyBag::new();
    bag.set_type(media);
    File::new_with_buffer_source_sequence_and_options(parts, name, &bag)
}
