//! As of when something is known; one tap from there, how far reading the town has come.

use leptos::prelude::*;
use vicino_contract::ipc::Freshness;

use crate::components::Icon;
use crate::route::{Link, Page};
use crate::{tr, words};

#[component]
pub fn AsOf(
    /// The moment it was read, and how the last try went.
    freshness: Freshness,
) -> impl IntoView {
    let text = freshness
        .as_of
        .map_or_else(|| tr!(reports.not_read).to_owned(), |at| tr!(reports.as_of, when = words::when(at)));
    view! {
        <Link to=Page::Sync class="v-asof">
            <Icon name="it-clock" small=true />
            {text}
        </Link>
    }
}

/// A list that holds nothing: empty as of a moment, or not known yet.
#[component]
pub fn Nothing(
    /// The moment it was read; never read is not empty.
    freshness: Freshness,
    /// The title when there is nothing.
    empty: &'static str,
    /// The advice when there is nothing.
    #[prop(into)]
    empty_text: String,
    /// The title when it was never read.
    unknown: &'static str,
) -> impl IntoView {
    match freshness.as_of {
        Some(at) => {
            let text = format!("{empty_text} {}", tr!(app.confirmed, when = words::when(at)));
            view! { <super::Empty title=empty text=text /> }.into_any()
        }
        None => view! { <super::Unknown title=unknown text=tr!(reports.town_unknown_text) freshness=freshness /> }
            .into_any(),
    }
}
