//! The devices a resident is signed in on: to sign out on the one that was lost, or everywhere.

use leptos::prelude::*;
use uuid::Uuid;
use vicino_contract::Event;
use vicino_contract::ipc::{DeviceRow, DevicesView, GetDevices, SignOutThere, SigningOut};
use wasm_bindgen_futures::spawn_local;

use super::Failed;
use crate::components::{AsOf, Ask};
use crate::live::live;
use crate::{bridge, tr, words};

/// The section; it is there for somebody who is signed in, or was.
#[component]
pub fn Devices(failed: Failed) -> impl IntoView {
    let known = live(&[Event::Person], || GetDevices {});
    let asking = RwSignal::new(false);
    let which = RwSignal::new(None::<Uuid>);
    let text = Signal::derive(move || {
        if which.get().is_some() { tr!(people.sign_out_there_text) } else { tr!(people.everywhere_text) }.to_owned()
    });
    let out = move |()| {
        let id = which.get_untracked();
        spawn_local(async move { failed.set(bridge::call(SignOutThere { id }).await.err()) });
        // The row that was pressed goes: the focus waits at the head of the list.
        crate::components::focus("devices");
    };
    let ask = Callback::new(move |id| {
        which.set(id);
        asking.set(true);
    });
    view! {
        <section class="v-sec" aria-labelledby="devices">
            <h2 id="devices" class="h3" tabindex="-1">
                {tr!(people.devices)}
            </h2>
            <p class="v-small v-mute">{tr!(people.devices_text)}</p>
            {move || known.known().map(|view| view! { <DeviceList view=view ask=ask /> })}
            <Ask
                open=asking
                title=tr!(people.sign_out_there)
                text=text
                yes=tr!(people.sign_out)
                no=tr!(app.close)
                then=out
            />
        </section>
    }
}

/// The rows, how far signing out has come, and the way out of all of them.
#[component]
fn DeviceList(view: DevicesView, ask: Callback<Option<Uuid>>) -> impl IntoView {
    let several = view.rows.len() > 1;
    let state = match view.signing_out {
        SigningOut::None => ().into_any(),
        SigningOut::Asking => view! { <p role="status">{tr!(people.asking)}</p> }.into_any(),
        SigningOut::Failed { code } => view! {
            <p class="v-err" role="alert">
                {tr!(people.not_signed_out)}
                " "
                {words::code(code)}
            </p>
        }
        .into_any(),
    };
    let everywhere = several.then(|| {
        view! {
            <div class="v-btns mt-3">
                <button
                    type="button"
                    class="btn btn-outline-primary"
                    on:click=move |_| ask.run(None)
                >
                    {tr!(people.everywhere)}
                </button>
            </div>
        }
    });
    view! {
        {state}
        <ul class="v-list mt-2">
            {view
                .rows
                .into_iter()
                .map(|row| view! { <DeviceLine row=row ask=ask /> })
                .collect_view()}
        </ul>
        {everywhere}
        <p class="v-small mt-2">
            <AsOf freshness=view.freshness />
        </p>
    }
}

/// A device.
#[component]
fn DeviceLine(row: DeviceRow, ask: Callback<Option<Uuid>>) -> impl IntoView {
    let kind = kind(&row.kind);
    // One that did not say what it is called is called what it is.
    let (name, kind) = if row.name.is_empty() { (kind.to_owned(), None) } else { (row.name.clone(), Some(kind)) };
    let kind = kind.map(|kind| format!("{kind}. "));
    let last = if row.here {
        tr!(people.this_device).to_owned()
    } else {
        tr!(people.last_used, day = words::date(row.seen_at))
    };
    let since = row.since.map(|at| format!(" {}.", tr!(people.signed_in_since, day = words::date(at))));
    let id = row.id;
    // On this very device the button above does it, at once and without a network.
    let button = (!row.here).then(|| {
        view! {
            <button
                type="button"
                class="btn btn-outline-primary btn-sm"
                on:click=move |_| ask.run(Some(id))
            >
                {tr!(people.sign_out_there_short)}
                <span class="visually-hidden">" " {name.clone()}</span>
            </button>
        }
    });
    view! {
        <li class="v-row">
            <div>
                <span class="v-t">{name}</span>
                <span class="v-d">{kind} {last} "." {since}</span>
            </div>
            {button}
        </li>
    }
}

/// What a device is, in words.
fn kind(kind: &str) -> &'static str {
    match kind {
        "phone" => tr!(people.phone),
        "computer" => tr!(people.computer),
        "browser" => tr!(people.browser),
        "shell" => tr!(people.shell),
        _ => tr!(people.device),
    }
}
