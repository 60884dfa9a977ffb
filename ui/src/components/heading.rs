//! The heading of a screen: names the page, and takes the focus when one arrives here from another screen.

use std::sync::atomic::{AtomicBool, Ordering};

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

/// Tells whether a screen has been shown before: the very first one leaves the focus where the browser put it.
static ARRIVED: AtomicBool = AtomicBool::new(false);

#[component]
pub fn Heading(
    /// The title of the page.
    #[prop(into)]
    text: String,
    /// The language of the text, when it is the town's and not the interface's.
    #[prop(optional)]
    lang: Option<&'static str>,
) -> impl IntoView {
    let heading = NodeRef::<html::H1>::new();
    document().set_title(&format!("{text} · Vicino"));
    heading.on_load(|heading| {
        if ARRIVED.swap(true, Ordering::Relaxed) {
            window().scroll_to_with_x_and_y(0.0, 0.0);
            // A heading that cannot take the focus is only less convenient.
            let _ = heading.focus();
        }
    });
    view! {
        <h1 node_ref=heading tabindex="-1" lang=lang>
            {text}
        </h1>
    }
}

/// Puts the focus on the element of this name, once the page is drawn.
pub fn focus(id: impl Into<String>) {
    let id = id.into();
    request_animation_frame(move || {
        let element =
            document().get_element_by_id(&id).and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(element) = element {
            let _ = element.focus();
        }
    });
}
