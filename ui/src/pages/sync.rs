//! How far this device has read the town: per collection how many, as of when, what failed and why.

use leptos::prelude::*;
use vicino_contract::ipc::{CollectionRow, GetSyncState, SyncNow};
use vicino_contract::{Event, FailureCode};
use vicino_domain::Instant;
use wasm_bindgen_futures::spawn_local;

use crate::components::{Heading, Icon};
use crate::live::live;
use crate::{bridge, tr, words};

#[component]
pub fn SyncPage() -> impl IntoView {
    let state = live(&[Event::Status, Event::Town, Event::Reports], || GetSyncState {});
    let again = |_| spawn_local(async { drop(bridge::call(SyncNow {}).await) });
    let trouble = move || {
        let state = state.known()?;
        let code = state.trouble?;
        Some(view! {
            <div class="v-note is-turn">
                <Icon name="it-warning-circle" />
                <div>
                    <b>{tr!(sync.trouble)}</b>
                    <p>{words::code(code)}</p>
                    {state
                        .public
                        .last_try
                        .map(|at| {
                            view! {
                                <p class="v-small">
                                    {tr!(reports.last_try, when = words::when(at))}
                                </p>
                            }
                        })}
                </div>
            </div>
        })
    };
    let part = move |own: bool| {
        move || {
            let state = state.known()?;
            let as_of = if own { state.own.as_of } else { state.public.as_of };
            let rows: Vec<CollectionRow> = state.collections.into_iter().filter(|row| row.own == own).collect();
            let title = if own { tr!(sync.own) } else { tr!(sync.public) };
            let none = (rows.is_empty() && as_of.is_some()).then(|| view! { <p class="v-mute">{tr!(sync.none)}</p> });
            let unread = rows.is_empty().then(|| view! { <span class="v-asof">{when(as_of)}</span> });
            let said = state.trouble;
            Some(view! {
                <section class="v-sec" aria-label=title>
                    <div class="v-sec-h">
                        <h2 class="h3">{title}</h2>
                        {unread}
                    </div>
                    {none}
                    <dl class="v-facts">
                        {rows
                            .into_iter()
                            .map(|row| view! { <CollectionLine row=row said=said /> })
                            .collect_view()}
                    </dl>
                </section>
            })
        }
    };
    view! {
        <div class="v-head">
            <Heading text=tr!(sync.title) />
            <p class="v-mute v-lead">{tr!(sync.text)}</p>
        </div>
        {trouble}
        {part(true)}
        {part(false)}
        <div class="v-btns mt-4">
            <button type="button" class="btn btn-outline-primary" on:click=again>
                {tr!(reports.try_now)}
            </button>
        </div>
    }
}

/// As of when, in words.
fn when(as_of: Option<Instant>) -> String {
    as_of.map_or_else(|| tr!(reports.not_read).to_owned(), |at| tr!(reports.as_of, when = words::when(at)))
}

/// A collection; `said`: the trouble that the page says once for all of them.
#[component]
fn CollectionLine(row: CollectionRow, said: Option<FailureCode>) -> impl IntoView {
    let aside = (row.set_aside > 0).then(|| {
        view! { <span class="v-d">{tr!(sync.set_aside, n = row.set_aside)}</span> }
    });
    let trouble =
        row.trouble.filter(|_| row.trouble != said).map(|code| view! { <span class="v-d">{words::code(code)}</span> });
    view! {
        <div class="v-pair">
            <dt>{words::collection(&row.name)} <span class="v-d">{when(row.as_of)}</span></dt>
            <dd>{row.count} {aside} {trouble}</dd>
        </div>
    }
}
