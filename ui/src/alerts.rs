//! What the core has to tell, told through the system's own notices: only what happened, never what was written.

use js_sys::{Function, Object, Promise, Reflect};
use vicino_contract::Event;
use vicino_contract::ipc::{Alert, News, TakeAlerts};
use vicino_domain::Reminder;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::{bridge, tr, words};

/// Tells now, and whenever the core has something, for as long as the page lives.
pub fn begin() {
    bridge::listen(|event| {
        if event.is_none_or(|event| event == Event::Alerts) {
            tell();
        }
    });
    tell();
}

fn tell() {
    // Without leave nothing is taken: it would be gone without having been told.
    if !is_allowed() {
        return;
    }
    spawn_local(async {
        for alert in bridge::call(TakeAlerts {}).await.unwrap_or_default() {
            show(&alert);
        }
    });
}

/// Asks for leave to show notices; whether it was given.
pub async fn ask() -> bool {
    let asked = notices().and_then(|notices| {
        let ask: Function = Reflect::get(&notices, &"requestPermission".into()).ok()?.dyn_into().ok()?;
        ask.call0(&notices).ok()?.dyn_into::<Promise>().ok()
    });
    match asked {
        Some(promise) => JsFuture::from(promise).await.is_ok_and(|word| word.as_string().as_deref() == Some("granted")),
        None => false,
    }
}

/// The notices of this window, where it has any.
fn notices() -> Option<JsValue> {
    Reflect::get(&js_sys::global(), &"Notification".into()).ok().filter(JsValue::is_function)
}

fn is_allowed() -> bool {
    let word = notices().and_then(|notices| Reflect::get(&notices, &"permission".into()).ok());
    word.and_then(|word| word.as_string()).as_deref() == Some("granted")
}

fn show(alert: &Alert) {
    let body = match &alert.news {
        News::Day { on, reminder } => match reminder {
            Reminder::Today => tr!(alerts.today).to_owned(),
            Reminder::Tomorrow => tr!(alerts.tomorrow).to_owned(),
            Reminder::Week => tr!(alerts.week, day = words::day(*on)),
        },
        News::YourTurn => tr!(alerts.your_turn).to_owned(),
        News::Message { office } => office
            .as_ref()
            .map_or_else(|| tr!(alerts.message).to_owned(), |office| tr!(alerts.message_from, office = office.clone())),
        News::Concluded => tr!(alerts.concluded).to_owned(),
        News::Signature => tr!(alerts.signature).to_owned(),
    };
    let (Some(notices), options) = (notices(), Object::new()) else { return };
    // A notice the system does not show is found in its list all the same.
    let _ = Reflect::set(&options, &"body".into(), &body.into());
    let made = notices.dyn_into::<Function>();
    let _ =
        made.and_then(|made| Reflect::construct(&made, &js_sys::Array::of2(&alert.title.as_str().into(), &options)));
}
