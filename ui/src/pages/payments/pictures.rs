//! A picture of a code: chosen, photographed, dropped or pasted; on a phone, its code read through the camera's live
//! view.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

use crate::bridge::camera::{self, NoScan};
use crate::components::{Icon, arriving, list};
use crate::tr;

/// `picture` is given a file, `text` what the camera read; `ways` is what its two buttons say.
#[component]
pub fn Pictures(picture: Callback<File>, text: Callback<String>, ways: (&'static str, &'static str)) -> impl IntoView {
    let (chooser, shutter) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let (looking, denied) = (RwSignal::new(false), RwSignal::new(false));
    let first = move |files: Vec<File>| files.into_iter().next().into_iter().for_each(|file| picture.run(file));
    arriving(first);
    let press = move |input: NodeRef<html::Input>| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let chosen = move |input: NodeRef<html::Input>| {
        let Some(input) = input.get_untracked() else { return };
        first(list(input.files()));
        // So that the same file may be chosen again.
        input.set_value("");
    };
    let look = move |_| {
        denied.set(false);
        spawn_local(async move {
            let begun = move || {
                looking.try_set(true);
            };
            let seen = camera::scan(begun).await;
            // Whoever stopped no longer waits for it; whoever went elsewhere neither.
            let Some(awaited) = looking.try_get_untracked() else { return };
            looking.set(false);
            match seen {
                Ok(code) if awaited => text.run(code),
                Err(NoScan::Missing) => press(shutter),
                Err(NoScan::Denied) => denied.set(true),
                Ok(_) | Err(NoScan::Stopped) => {}
            }
        });
    };
    view! {
        <div class="v-btns">
            <button type="button" class="btn btn-primary v-phone-only" on:click=look>
                <Icon name="it-camera" small=true />
                {ways.0}
            </button>
            <input
                node_ref=shutter
                type="file"
                class="v-away"
                tabindex="-1"
                aria-hidden="true"
                accept="image/*"
                capture="environment"
                on:change=move |_| chosen(shutter)
            />
            <button type="button" class="btn btn-outline-primary" on:click=move |_| press(chooser)>
                <Icon name="it-upload" small=true />
                {ways.1}
            </button>
            <input
                node_ref=chooser
                type="file"
                class="v-away v-file"
                tabindex="-1"
                aria-hidden="true"
                accept="image/*,application/pdf"
                on:change=move |_| chosen(chooser)
            />
        </div>
        <p class="v-small v-mute mt-1">{tr!(reading.drop)}</p>
        {move || {
            denied
                .get()
                .then(|| {
                    view! {
                        <p role="alert" class="v-err">
                            <Icon name="it-error" small=true />
                            {tr!(reading.denied)}
                        </p>
                    }
                })
        }}
        <Show when=move || looking.get()>
            <Finder looking=looking />
        </Show>
    }
}

/// What stands over the live view: what to do, and the way out. The page beneath is not drawn meanwhile.
#[component]
fn Finder(looking: RwSignal<bool>) -> impl IntoView {
    let (view, out) = (NodeRef::<html::Dialog>::new(), NodeRef::<html::Button>::new());
    let root = || document().document_element().map(|root| root.class_list());
    Effect::new(move |_| {
        let Some(view) = view.get() else { return };
        drop(root().map(|classes| classes.add_1("v-scanning")));
        drop(view.show_modal());
        drop(out.get().map(|out| out.focus()));
    });
    on_cleanup(move || {
        drop(root().map(|classes| classes.remove_1("v-scanning")));
        spawn_local(camera::stop());
    });
    view! {
        <dialog
            node_ref=view
            class="v-finder"
            aria-labelledby="finder"
            on:close=move |_| looking.set(false)
        >
            <p id="finder">
                <b>{tr!(reading.aim)}</b>
            </p>
            <button
                type="button"
                class="btn btn-primary btn-wide"
                node_ref=out
                on:click=move |_| looking.set(false)
            >
                {tr!(reading.stop)}
            </button>
        </dialog>
    }
}
