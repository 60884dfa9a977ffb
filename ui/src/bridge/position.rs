//! Where the device is: the webview's own geolocation on computers, Tauri's plugin on phones.
//!
//! The first fix is often a poor one: better ones are awaited for a few seconds, and each is told as it comes.

use std::cell::Cell;
use std::rc::Rc;

use vicino_domain::{Accuracy, Point};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Geolocation, PositionOptions};

use super::{get, tauri};

/// A fix.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Fix {
    pub point: Point,
    pub accuracy: Accuracy,
}

/// Why there is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoFix {
    Denied,
    Unavailable,
}

/// The time better fixes are awaited.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(8);
/// A fix as good as this ends the wait, in metres.
const GOOD: f64 = 12.0;

/// Told of every better fix (`false`: more may come) and of the end (`true`).
pub type Told = Rc<dyn Fn(Result<Fix, NoFix>, bool)>;

/// Looks for the position.
pub fn look(told: Told) {
    if let Some(window) = tauri::window().filter(|_| is_phone()) {
        wasm_bindgen_futures::spawn_local(async move { plugin(window, told).await });
        return;
    }
    let geolocation = web_sys::window().and_then(|window| window.navigator().geolocation().ok());
    match geolocation {
        Some(geolocation) => watch(geolocation, told),
        None => told(Err(NoFix::Unavailable), true),
    }
}

fn is_phone() -> bool {
    let agent = web_sys::window().and_then(|window| window.navigator().user_agent().ok()).unwrap_or_default();
    ["Android", "iPhone", "iPad"].iter().any(|name| agent.contains(name))
}

fn watch(geolocation: Geolocation, told: Told) {
    let best: Rc<Cell<Option<Fix>>> = Rc::default();
    let over = Rc::new(Cell::new(false));
    let watching = Rc::new(Cell::new(None::<i32>));
    let end = {
        let (geolocation, watching, over, told) = (geolocation.clone(), watching.clone(), over.clone(), told.clone());
        move |outcome: Result<Fix, NoFix>| {
            if !over.replace(true) {
                if let Some(id) = watching.get() {
                    geolocation.clear_watch(id);
                }
                told(outcome, true);
            }
        }
    };
    let found = {
        let (best, over, told, end) = (best.clone(), over.clone(), told.clone(), end.clone());
        Closure::<dyn Fn(JsValue)>::new(move |position: JsValue| {
            let Some(fix) = read(&position).filter(|_| !over.get()) else { return };
            if best.get().is_none_or(|before| fix.accuracy < before.accuracy) {
                best.set(Some(fix));
                if fix.accuracy.0 <= GOOD { end(Ok(fix)) } else { told(Ok(fix), false) }
            }
        })
    };
    let failed = {
        let (best, end) = (best.clone(), end.clone());
        Closure::<dyn Fn(JsValue)>::new(move |fault: JsValue| {
            // 1 is PERMISSION_DENIED (W3C Geolocation §6.2).
            let denied = get(&fault, "code").and_then(|code| code.as_f64()) == Some(1.0);
            let none = if denied { NoFix::Denied } else { NoFix::Unavailable };
            end(best.get().ok_or(none));
        })
    };
    let options = PositionOptions::new();
    options.set_enable_high_accuracy(true);
    options.set_maximum_age(0);
    options.set_timeout(15_000);
    let id = geolocation.watch_position_with_error_callback_and_options(
        found.as_ref().unchecked_ref(),
        Some(failed.as_ref().unchecked_ref()),
        &options,
    );
    // They are called until the watch ends.
    found.forget();
    failed.forget();
    match id {
        Ok(id) => watching.set(Some(id)),
        Err(_) => return end(Err(NoFix::Unavailable)),
    }
    leptos::prelude::set_timeout(move || end(best.get().ok_or(NoFix::Unavailable)), PATIENCE);
}

fn read(position: &JsValue) -> Option<Fix> {
    let coordinates = get(position, "coords")?;
    let number = |name| get(&coordinates, name)?.as_f64();
    let point = Point::new(number("latitude")?, number("longitude")?).ok()?;
    Some(Fix { point, accuracy: Accuracy(number("accuracy")?) })
}

/// A phone's own position: asked for a few times, the best one kept.
async fn plugin(window: JsValue, told: Told) {
    let ask = |name: &'static str, arguments: &'static str| {
        let window = window.clone();
        async move { tauri::invoke(&window, name, arguments, None).await }
    };
    let allowed = ask("plugin:geolocation|request_permissions", r#"{"permissions":["location"]}"#).await;
    let granted = |said: &JsValue| {
        ["location", "coarseLocation"].iter().any(|name| get(said, name).is_some_and(|word| word == "granted"))
    };
    if !allowed.is_ok_and(|said| granted(&said)) {
        return told(Err(NoFix::Denied), true);
    }
    let mut best: Option<Fix> = None;
    for _ in 0..3 {
        let options = r#"{"options":{"enableHighAccuracy":true,"timeout":6000,"maximumAge":0}}"#;
        let Ok(said) = ask("plugin:geolocation|get_current_position", options).await else { continue };
        let Some(fix) = read(&said) else { continue };
        if best.is_none_or(|before| fix.accuracy < before.accuracy) {
            best = Some(fix);
            told(Ok(fix), false);
        }
        if fix.accuracy.0 <= GOOD {
            break;
        }
    }
    told(best.ok_or(NoFix::Unavailable), true);
}
