//! Files of a case or a thread: looked at, chosen, taken with the camera, used again, dated, taken out.

use leptos::html;
use leptos::prelude::*;
use vicino_contract::ipc::{AddFile, DateFile, FileTo, FileView, ListFiles, RemoveFile, UseFile};
use vicino_contract::{Event, Failure, FailureCode};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::File;

use super::{Icon, Sheet, TextField, focus};
use crate::live::live;
use crate::route::{Link, Page};
use crate::{bridge, tr, words};

/// Files to look at.
#[component]
pub fn FileList(
    /// The files, in order.
    files: Vec<FileView>,
) -> impl IntoView {
    if files.is_empty() {
        return ().into_any();
    }
    let rows = files.into_iter().map(|file| {
        view! {
            <li>
                <FileLine file=file.clone() travels=true />
            </li>
        }
        .into_any()
    });
    view! { <ul class="v-papers">{rows.collect_view()}</ul> }.into_any()
}

/// A file by its name: looked at where it is here, with what is still to come said where it is not. `travels`: the town
/// is to have it.
#[component]
fn FileLine(
    /// The file.
    file: FileView,
    /// Tells whether it says that it is still to be delivered.
    travels: bool,
) -> impl IntoView {
    let id = file.id;
    let size = words::bytes(file.bytes);
    let state = match (file.here, file.arrived) {
        (false, true) => tr!(files.not_here),
        (false, false) => "",
        (true, false) if travels => tr!(files.to_deliver),
        (true, _) => "",
    };
    let name = file.name.clone();
    let named = match file.here {
        false => view! { <span class="v-t">{name}</span> }.into_any(),
        true => view! { <Link to=Page::File(id)>{name}</Link> }.into_any(),
    };
    view! {
        <Icon name="it-file" small=true />
        <span lang="it">{named}</span>
        <span class="v-d">{size} " " {state}</span>
    }
    .into_any()
}

/// Files that can still be changed, and the ways to more of them. `id`: where the focus goes back to.
#[component]
pub fn Enclose(
    /// The matter or draft the files belong to.
    to: FileTo,
    /// Those that are there.
    files: Vec<FileView>,
    /// The id of the field.
    id: String,
    /// Media types taken.
    types: Vec<String>,
    /// Tells whether one more is taken.
    more: bool,
    /// Tells whether the date of each is asked for.
    dated: bool,
) -> impl IntoView {
    let failed = RwSignal::new(None::<Failure>);
    let working = RwSignal::new(false);
    let added = {
        let to = to.clone();
        Callback::new(move |chosen: Vec<File>| {
            let to = to.clone();
            working.set(true);
            spawn_local(async move {
                failed.try_set(None);
                for file in chosen {
                    // One that was not taken is said, however many good ones follow.
                    if let Err(failure) = take_in(to.clone(), file).await {
                        failed.try_update(|said| said.get_or_insert(failure).clone());
                    }
                }
                working.try_set(false);
            });
        })
    };
    let again = RwSignal::new(false);
    let travels = !matches!(to, FileTo::Paper(_));
    let rows = files
        .into_iter()
        .map(|file| {
            view! { <ChangeableFile file=file dated=dated travels=travels back=id.clone() failed=failed /> }.into_any()
        })
        .collect_view();
    view! {
        <ul class="v-papers">{rows}</ul>
        <p role="status" class="v-small">
            {move || working.get().then(|| tr!(files.working))}
        </p>
        {move || {
            failed
                .get()
                .map(|failure| {
                    view! {
                        <p role="alert" class="v-err">
                            <Icon name="it-error" small=true />
                            {words::failure(&failure)}
                        </p>
                    }
                })
        }}
        {more
            .then(|| {
                view! {
                    <div class="v-btns mt-2">
                        <FileChoosers id=id.clone() types=types take=added />
                        <button type="button" class="v-link" on:click=move |_| again.set(true)>
                            {tr!(files.again)}
                        </button>
                    </div>
                    <Again open=again to=to failed=failed />
                }
            })}
    }
}

/// The two ways to a new file: choose one, or take it with the camera now.
#[component]
fn FileChoosers(
    /// The id of the field.
    id: String,
    /// Media types taken.
    types: Vec<String>,
    /// Takes what was chosen.
    take: Callback<Vec<File>>,
) -> impl IntoView {
    let pictures = types.iter().any(|media| media.starts_with("image/"));
    let (chooser, camera) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let press = move |input: NodeRef<html::Input>| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let chosen = move |input: NodeRef<html::Input>| {
        let Some(input) = input.get_untracked() else { return };
        let list = input.files();
        take.run(list.into_iter().flat_map(|list| (0..list.length()).filter_map(move |n| list.get(n))).collect());
        // So that the same file may be chosen again.
        input.set_value("");
    };
    let camera_way = pictures.then(|| {
        view! {
            <button
                type="button"
                class="btn btn-outline-primary v-phone-only"
                on:click=move |_| press(camera)
            >
                <Icon name="it-camera" small=true />
                {tr!(wizard.take_photo)}
            </button>
            <input
                node_ref=camera
                type="file"
                class="v-away"
                tabindex="-1"
                aria-hidden="true"
                accept="image/*"
                capture="environment"
                on:change=move |_| chosen(camera)
            />
        }
    });
    view! {
        <button
            type="button"
            class="btn btn-outline-primary"
            id=id
            on:click=move |_| press(chooser)
        >
            <Icon name="it-upload" small=true />
            {tr!(files.add)}
        </button>
        <input
            node_ref=chooser
            type="file"
            class="v-away v-file"
            tabindex="-1"
            aria-hidden="true"
            accept=types.join(",")
            on:change=move |_| chosen(chooser)
        />
        {camera_way}
    }
    .into_any()
}

/// A file's bytes, handed to the core as they are.
async fn take_in(to: FileTo, file: File) -> Result<FileView, Failure> {
    // Said before the bytes are read: a phone need not hold two gigabytes to refuse them.
    if file.size() > f64::from(vicino_contract::ipc::MOST_PHOTO_BYTES) {
        return Err(Failure::new(FailureCode::FileTooHeavy));
    }
    let buffer = JsFuture::from(file.array_buffer()).await;
    let buffer = buffer.map_err(|_| Failure::new(FailureCode::FileEmpty))?;
    let command = AddFile { to, name: file.name(), bytes: Vec::new() };
    bridge::call_with_file(command, js_sys::Uint8Array::new(&buffer)).await
}

/// A file with the way to take it out, and its date where one is asked for.
#[component]
fn ChangeableFile(
    /// The file.
    file: FileView,
    /// Tells whether its date is asked for.
    dated: bool,
    /// Tells whether it says that it is still to be delivered.
    travels: bool,
    /// The id that gets the focus when the file is gone.
    back: String,
    /// The failure of the last change.
    failed: RwSignal<Option<Failure>>,
) -> impl IntoView {
    let id = file.id;
    let remove = move |_| {
        let back = back.clone();
        spawn_local(async move {
            failed.try_set(bridge::call(RemoveFile { id }).await.err());
            focus(back);
        });
    };
    let date = dated.then(|| {
        let typed = RwSignal::new(file.dated.map(words::typed_day).unwrap_or_default());
        let wrong = RwSignal::new(None::<String>);
        let changed = Callback::new(move |text: String| {
            typed.set(text.clone());
            spawn_local(async move {
                let kept = bridge::call(DateFile { id, dated: text }).await;
                wrong.try_set(kept.err().map(|failure| words::failure(&failure)));
            });
        });
        view! {
            <TextField
                id=format!("q-date-{id}")
                label=tr!(files.dated)
                hint=tr!(cases.date_hint).to_owned()
                value=typed
                changed=changed
                problem=wrong
            />
        }
        .into_any()
    });
    let named = tr!(files.remove_name, name = file.name.clone());
    view! {
        <li>
            <FileLine file=file.clone() travels=travels />
            <button type="button" class="v-link is-no v-small" aria-label=named on:click=remove>
                {tr!(cases.remove)}
            </button>
            {date}
        </li>
    }
    .into_any()
}

/// Files of this device, to be used again.
#[component]
fn Again(
    /// Shown while true.
    open: RwSignal<bool>,
    /// The matter or draft the file is for.
    to: FileTo,
    /// The failure of the last choice.
    failed: RwSignal<Option<Failure>>,
) -> impl IntoView {
    let to = StoredValue::new(to);
    view! {
        <Sheet open=open title=tr!(files.again)>
            <UsableFiles open=open to=to.get_value() failed=failed />
        </Sheet>
    }
}

#[component]
fn UsableFiles(
    /// Shown while true.
    open: RwSignal<bool>,
    /// The matter or draft the file is for.
    to: FileTo,
    /// The failure of the last choice.
    failed: RwSignal<Option<Failure>>,
) -> impl IntoView {
    let rows = live(&[Event::Cases], || ListFiles {});
    let list = move || {
        let rows = rows.known()?;
        if rows.is_empty() {
            return Some(view! { <p class="v-mute">{tr!(files.none_again)}</p> }.into_any());
        }
        let row = |row: vicino_contract::ipc::FileRow| {
            let (to, id) = (to.clone(), row.file.id);
            let take = move |_| {
                let to = to.clone();
                open.set(false);
                spawn_local(async move { drop(failed.try_set(bridge::call(UseFile { to, id }).await.err())) });
            };
            view! {
                <li>
                    <button type="button" class="v-link" lang="it" on:click=take>
                        {row.file.name}
                    </button>
                    <span class="v-d" lang="it">
                        {row.title}
                    </span>
                </li>
            }
            .into_any()
        };
        Some(view! { <ul class="v-papers">{rows.into_iter().map(row).collect_view()}</ul> }.into_any())
    };
    list.into_any()
}
