//! A page that is not there, and one whose matter is not here.

use leptos::prelude::*;

use serde::de::DeserializeOwned;
use vicino_contract::FailureCode;

use crate::app::shared;
use crate::components::{Heading, Unknown};
use crate::live::Live;
use crate::route::{Link, Page};
use crate::{tr, words};

#[component]
pub fn Missing() -> impl IntoView {
    view! {
        <div class="v-head">
            <Heading text=tr!(app.unknown_page) />
            <p class="v-mute">{tr!(app.unknown_page_text)}</p>
        </div>
        <Link to=Page::Home class="btn btn-primary">
            {tr!(app.go_home)}
        </Link>
    }
}

/// The page of one thing: drawn once it is known; said to be missing when it is not here.
#[component]
pub fn ThingPage<T: DeserializeOwned + 'static, V: IntoView + 'static>(
    thing: Live<T>,
    draw: fn(T) -> V,
) -> impl IntoView {
    move || match thing.get()? {
        Ok(thing) => Some(draw(thing).into_any()),
        Err(failure) if failure.code == FailureCode::NotFound => {
            // Not here is one thing, not read yet another.
            let freshness = shared().status.known().map(|status| status.freshness).unwrap_or_default();
            Some(match freshness.as_of {
                Some(_) => view! { <Missing /> }.into_any(),
                None => view! {
                    <div class="v-head">
                        <Heading text=tr!(app.not_read) />
                    </div>
                    <Unknown
                        title=tr!(app.not_read)
                        text=tr!(reports.town_unknown_text)
                        freshness=freshness
                    />
                }
                .into_any(),
            })
        }
        Err(failure) => Some(
            view! {
                <div class="v-head">
                    <Heading text=tr!(app.not_shown) />
                </div>
                <p role="alert" class="v-err">
                    {words::failure(&failure)}
                </p>
            }
            .into_any(),
        ),
    }
}
