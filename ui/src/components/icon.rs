//! A symbol of the page's sprite; always beside words, so never read aloud.

use leptos::prelude::*;

#[component]
pub fn Icon(
    /// The id of the picture in the sprite.
    name: &'static str,
    /// Tells whether it is as high as a letter.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    let class = if small { "icon icon-sm" } else { "icon" };
    view! {
        <svg class=class aria-hidden="true" focusable="false">
            <use href=format!("#{name}")></use>
        </svg>
    }
}
