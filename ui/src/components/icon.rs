//! A symbol of the page's sprite; always beside words, so never read aloud.

use leptos::prelude::*;

#[component]
pub fn Icon(name: &'static str, #[prop(optional)] small: bool) -> impl IntoView {
    let class = if small { "icon icon-sm" } else { "icon" };
    view! {
        <svg class=class aria-hidden="true" focusable="false">
            <use href=format!("#{name}")></use>
        </svg>
    }
}
