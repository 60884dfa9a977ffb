//! What a resident sees.
//!
//! [`bridge`] is the only door to the core; [`live`] reads again what changed; [`words`] turns codes into sentences;
//! a page reads signals, actions, view. Nothing here decides what the core decides.

// What several pages share documents its props (`components/`); of a page's own pieces a sentence says what they show.
#![allow(missing_docs, reason = "the interface is a program: nothing of it is used from elsewhere")]

#[allow(unused, clippy::all, clippy::expect_used, reason = "made from i18n/ by the build script")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));
}

mod alerts;
mod app;
mod bridge;
mod components;
mod frame;
mod live;
mod network;
mod pages;
mod preferences;
mod route;
mod words;

use generated::i18n;

fn main() {
    wasm_bindgen_futures::spawn_local(async {
        // The language is known before the first word is shown.
        preferences::begin().await;
        bridge::begin();
        network::watch();
        alerts::begin();
        leptos::mount::mount_to_body(app::App);
    });
}
