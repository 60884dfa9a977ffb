//! Empty is one thing, unknown another: two looks, two sentences.

use leptos::prelude::*;
use vicino_contract::ipc::{Freshness, SyncNow};
use wasm_bindgen_futures::spawn_local;

use crate::components::Icon;
use crate::{bridge, tr, words};

/// Nothing is there, and we know it.
#[component]
pub fn Empty(
    /// The title.
    #[prop(into)]
    title: String,
    /// A sentence.
    #[prop(into)]
    text: String,
    /// Buttons below the text.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="v-void">
            <Icon name="it-check" />
            <h3>{title}</h3>
            <p class="v-mute">{text}</p>
            {children.map(|children| children())}
        </div>
    }
}

/// We do not know yet.
#[component]
pub fn Unknown(
    /// The title.
    #[prop(into)]
    title: String,
    /// A sentence.
    #[prop(into)]
    text: String,
    /// The last try to read it.
    freshness: Freshness,
) -> impl IntoView {
    let again = |_| spawn_local(async { drop(bridge::call(SyncNow {}).await) });
    let tried = freshness.last_try.map(|at| tr!(reports.last_try, when = words::when(at)));
    view! {
        <div class="v-void is-unknown">
            <Icon name="it-help" />
            <h3>{title}</h3>
            <p class="v-mute">{text} " " {tried}</p>
            <button type="button" class="v-link" on:click=again>
                <Icon name="it-refresh" small=true />
                {tr!(reports.try_now)}
            </button>
        </div>
    }
}
