//! How far this device has read the town: per collection how many, as of when, what failed and why.

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::{CollectionRow, GetSyncState, SyncNow};
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
            <div class="v-note is-turn"><Icon name="it-warning-circle"/><div>
                <b>{tr!(sync.trouble)}</b><p>{words::code(code)}</p>
                {state.public.last_try.map(|at| view! { <p class="v-small">{tr!(reports.last_try, when = words::when(at))}</p> })}
            </div></div>
        })
    };
    let part = move |own: bool| {
        move || {
            let state = state.known()?;
            let as_of = if own { state.own.as_of } else { state.public.as_of };
            let rows: Vec<CollectionRow> = state.collections.into_iter().filter(|row| row.own == own).collect();
            let title = if own { tr!(sync.own) } else { tr!(sync.public) };
            let as_of =
                as_of.map_or_else(|| tr!(reports.not_read).to_owned(), |at| tr!(reports.as_of, when = words::when(at)));
            Some(view! {
                <section class="v-sec" aria-label=title>
                    <div class="v-sec-h"><h2 class="h3">{title}</h2> <span class="v-asof">{as_of}</span></div>
                    <dl class="v-facts">{rows.into_iter().map(line).collect_view()}</dl>
                </section>
            })
        }
    };
    view! {
        <div class="v-head"><Heading text=tr!(sync.title)/> <p class="v-mute v-lead">{tr!(sync.text)}</p></div>
        {trouble}
        {part(true)}
        {part(false)}
        <div class="v-btns mt-4">
            <button type="button" class="btn btn-outline-primary" on:click=again>{tr!(reports.try_now)}</button>
        </div>
    }
}

fn line(row: CollectionRow) -> impl IntoView {
    let aside = (row.set_aside > 0).then(|| {
        view! { <span class="v-d">{tr!(sync.set_aside, n = row.set_aside)}</span> }
    });
    view! { <div class="v-pair"><dt>{words::collection(&row.name)}</dt><dd>{row.count} {aside}</dd></div> }
}
