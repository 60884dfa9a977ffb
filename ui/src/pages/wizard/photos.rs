//! Photos: chosen, taken, dragged or pasted; kept the moment they come back.

use leptos::html;
use leptos::prelude::*;
use vicino_contract::Failure;
use vicino_contract::ipc::{AddPhoto, MOST_PHOTO_BYTES, RemovePhoto};
use vicino_domain::{Field, PhotoId, Place};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::File;

use super::{Wizarding, place_of};
use crate::components::{Icon, PhotoTile, Problem, arriving, focus, list};
use crate::{bridge, tr, words};

#[component]
pub fn Photos() -> impl IntoView {
    let wizarding = expect_context::<Wizarding>();
    let keeping = wizarding.keeping;
    let working = wizarding.working;
    let failed = RwSignal::new(None::<Failure>);
    let told = RwSignal::new(None::<String>);
    let offered = RwSignal::new(None::<Place>);

    // One after the other: each takes the memory of a whole picture.
    let take = move |files: Vec<File>| {
        working.update(|count| *count += u32::try_from(files.len()).unwrap_or(0));
        spawn_local(async move {
            for file in files {
                let Some(draft) = keeping.draft.try_with_untracked(|draft| draft.id) else { return };
                let taken = take_in(draft, file).await;
                working.try_update(|count| *count = count.saturating_sub(1));
                match taken {
                    Ok(added) => {
                        failed.try_set(None);
                        keeping.photos.try_update(|photos| photos.push(added.photo));
                        let number = keeping.photos.try_with_untracked(Vec::len).unwrap_or_default();
                        let taken = added.taken.map(|taken| words::camera(&taken));
                        told.try_set(taken.map(|when| tr!(wizard.photo_taken, n = number, when = when)));
                        offer(wizarding, added.place, offered);
                    }
                    Err(failure) => drop(failed.try_set(Some(failure))),
                }
            }
        });
    };
    arriving(take);
    let count = move || keeping.photos.with(Vec::len);
    let room = move || u32::try_from(count()).unwrap_or(u32::MAX) < wizarding.limits.get().photos;
    let problem = wizarding.problem(Field::Photos);
    view! {
        <section class="v-sec" aria-labelledby="photos" id="photos-drop">
            <div class="v-sec-h">
                <h2 id="photos" tabindex="-1">
                    {tr!(wizard.photos)}
                </h2>
                <span class="v-small v-mute">
                    {move || {
                        tr!(wizard.photos_of, n = count(), max = wizarding.limits.get().photos)
                    }}
                </span>
            </div>
            <Problem id=String::from("photos-problem") text=problem />
            <ul class="v-photos">
                {move || {
                    keeping
                        .photos
                        .get()
                        .into_iter()
                        .zip(1..)
                        .map(|(photo, n)| {
                            let id = photo.id;
                            view! {
                                <PhotoTile number=n photo=photo>
                                    <Remove id=id number=n />
                                </PhotoTile>
                            }
                        })
                        .collect_view()
                }} <Show when=room>
                    <Choose take=Callback::new(take) />
                </Show>
            </ul>
            <p role="status" class="v-small">
                {move || (working.get() > 0).then(|| tr!(wizard.photo_working))}
                {move || told.get()}
            </p>
            {move || {
                failed
                    .get()
                    .map(|failure| {
                        view! {
                            <p role="alert" class="v-err mt-2">
                                <Icon name="it-error" small=true />
                                {words::failure(&failure)}
                            </p>
                        }
                    })
            }}
            {move || {
                offered
                    .get()
                    .map(|place| {
                        view! { <PlaceOffer wizarding=wizarding place=place offered=offered /> }
                    })
            }}
            <p class="v-small v-mute mt-2">
                {tr!(wizard.photo_drop)} " " {tr!(wizard.privacy_hidden)}
            </p>
        </section>
    }
}

/// A file's bytes, handed to the core as they are.
async fn take_in(draft: vicino_domain::ReportId, file: File) -> Result<vicino_contract::ipc::AddedPhoto, Failure> {
    // Said before the bytes are read: a phone need not hold them all to refuse them.
    if file.size() > f64::from(MOST_PHOTO_BYTES) {
        return Err(Failure::new(vicino_contract::FailureCode::PhotoTooHeavy));
    }
    let buffer = JsFuture::from(file.array_buffer()).await;
    let buffer = buffer.map_err(|_| Failure::new(vicino_contract::FailureCode::PhotoBroken))?;
    let bytes = js_sys::Uint8Array::new(&buffer);
    bridge::call_with_file(AddPhoto { draft, bytes: Vec::new() }, bytes).await
}

/// A photo's place becomes the report's when it has none yet; otherwise it is offered.
fn offer(wizarding: Wizarding, place: Option<Place>, offered: RwSignal<Option<Place>>) {
    let Some(place) = place else { return };
    let keeping = wizarding.keeping;
    let known = keeping.draft.with_untracked(|draft| draft.place.clone());
    match known {
        None => keeping.change(|draft| draft.place = Some(place)),
        Some(known) if known.point == place.point => {}
        Some(_) => offered.set(Some(place)),
    }
}

#[component]
fn PlaceOffer(wizarding: Wizarding, place: Place, offered: RwSignal<Option<Place>>) -> impl IntoView {
    let text = tr!(wizard.photo_place_offer, place = words::place(&place));
    let accept = move |_| {
        let place = place.clone();
        wizarding.keeping.change(|draft| draft.place = Some(place.instead_of(draft.place.as_ref())));
        offered.set(None);
        focus(place_of(Field::Place));
    };
    view! {
        <div class="v-note is-go mt-3">
            <Icon name="it-map-marker-circle" />
            <div>
                {text} <br /> <button type="button" class="v-link" on:click=accept>
                    {tr!(wizard.use_it)}
                </button>
            </div>
        </div>
    }
}

#[component]
fn Remove(id: PhotoId, number: usize) -> impl IntoView {
    let keeping = expect_context::<Wizarding>().keeping;
    let remove = move |_| {
        spawn_local(async move {
            let draft = keeping.draft.with_untracked(|draft| draft.id);
            if bridge::call(RemovePhoto { draft, photo: id }).await.is_ok() {
                keeping.photos.try_update(|photos| photos.retain(|photo| photo.id != id));
                focus("photos");
            }
        });
    };
    view! {
        <button type="button" class="v-link v-small" on:click=remove>
            {tr!(wizard.remove_photo)}
            <span class="visually-hidden">" " {tr!(wizard.remove_photo_n, n = number)}</span>
        </button>
    }
}

/// The two ways to a file: choose one, or take a photo now. What was typed is kept before either is opened.
#[component]
fn Choose(take: Callback<Vec<File>>) -> impl IntoView {
    let keeping = expect_context::<Wizarding>().keeping;
    let (chooser, camera) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let open = move |input: NodeRef<html::Input>| {
        keeping.now();
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let chosen = move |input: NodeRef<html::Input>| {
        if let Some(input) = input.get_untracked() {
            take.run(list(input.files()));
            // So that the same file may be chosen again.
            input.set_value("");
        }
    };
    view! {
        <li class="v-photo">
            <button type="button" class="v-add" on:click=move |_| open(chooser)>
                <Icon name="it-upload" />
                {tr!(wizard.add_photo)}
            </button>
            <input
                node_ref=chooser
                type="file"
                class="v-away"
                tabindex="-1"
                aria-hidden="true"
                id="photo-file"
                accept="image/jpeg,image/png,image/webp,image/heic,image/heif"
                multiple=true
                on:change=move |_| chosen(chooser)
            />
        </li>
        <li class="v-photo v-phone-only">
            <button type="button" class="v-add" on:click=move |_| open(camera)>
                <Icon name="it-camera" />
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
        </li>
    }
}
