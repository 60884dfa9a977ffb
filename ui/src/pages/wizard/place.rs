//! The place: as it is known, what else is near, and four equal ways to tell it.

mod address;
mod device;
mod typed;

use leptos::prelude::*;
use vicino_contract::ipc::{NearbyReports, whole_metres};
use vicino_domain::{Field, Place};
use wasm_bindgen_futures::spawn_local;

use super::Wizarding;
use crate::app::shared;
use crate::components::{Icon, Problem, TextField, focus};
use crate::{bridge, tr, words};

/// A way to tell the place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Device,
    Address,
    Coordinates,
    Words,
}

#[component]
pub fn PlaceSection() -> impl IntoView {
    let wizarding = expect_context::<Wizarding>();
    let keeping = wizarding.keeping;
    let place = Memo::new(move |_| keeping.draft.with(|draft| draft.place.clone()));
    let way = RwSignal::new(None::<Way>);
    let problem = Signal::derive(move || {
        let fields = [Field::Place, Field::PlaceNote, Field::Address];
        fields.into_iter().find_map(|field| wizarding.problem(field).get())
    });
    // A place told in one way takes the stead of the one before; what was corrected is remembered.
    let set = Callback::new(move |told: Place| {
        keeping.change(|draft| draft.place = Some(told.instead_of(draft.place.as_ref())));
        way.set(None);
        focus("place");
    });
    let note = Signal::derive(move || {
        place.with(|place| place.as_ref().and_then(|place| place.note.clone()).unwrap_or_default())
    });
    let legend = move || if place.with(Option::is_some) { tr!(wizard.place_change) } else { tr!(wizard.place_how) };
    view! {
        <section class="v-sec" aria-labelledby="place">
            <div class="v-sec-h">
                <h2 id="place" tabindex="-1">
                    {tr!(wizard.place)}
                </h2>
            </div>
            <Problem id=String::from("place-problem") text=problem />
            {move || {
                place
                    .get()
                    .map_or_else(
                        || view! { <p class="v-mute">{tr!(wizard.place_none)}</p> }.into_any(),
                        |place| view! { <ShownPlace place=place /> }.into_any(),
                    )
            }}
            <Outside place=place />
            <Nearby place=place />
            <fieldset class="mt-3" aria-describedby="place-problem">
                <legend class="v-label">{legend}</legend>
                <div class="v-choice">
                    <Choice
                        way=way
                        this=Way::Device
                        icon="it-map-marker-circle"
                        label=tr!(wizard.by_device)
                    />
                    <Choice
                        way=way
                        this=Way::Address
                        icon="it-search"
                        label=tr!(wizard.by_address)
                    />
                    <Choice
                        way=way
                        this=Way::Coordinates
                        icon="it-pin"
                        label=tr!(wizard.by_coordinates)
                    />
                    <Choice way=way this=Way::Words icon="it-pencil" label=tr!(wizard.by_words) />
                </div>
            </fieldset>
            <div class="mt-3">
                {move || {
                    way.get()
                        .map(|way| match way {
                            Way::Device => view! { <device::FromDevice set=set /> }.into_any(),
                            Way::Address => view! { <address::FromAddress set=set /> }.into_any(),
                            Way::Coordinates => {
                                view! { <typed::FromCoordinates set=set /> }.into_any()
                            }
                            Way::Words => view! { <typed::FromWords set=set /> }.into_any(),
                        })
                }}
            </div>
            <Show when=move || {
                place
                    .with(|place| {
                        place
                            .as_ref()
                            .is_some_and(|place| place.point.is_some() || place.address.is_some())
                    })
            }>
                <div class="mt-3">
                    <TextField
                        id="note"
                        label=tr!(wizard.note)
                        value=note
                        changed=move |text: String| {
                            keeping
                                .change(|draft| {
                                    if let Some(place) = &mut draft.place {
                                        place.note = Some(text).filter(|text| !text.is_empty());
                                    }
                                })
                        }
                    />
                </div>
            </Show>
        </section>
    }
}

#[component]
fn Choice(way: RwSignal<Option<Way>>, this: Way, icon: &'static str, label: &'static str) -> impl IntoView {
    let open = move || way.get() == Some(this);
    view! {
        <button
            type="button"
            class="btn btn-sm btn-outline-primary"
            aria-expanded=move || open().to_string()
            on:click=move |_| way.update(|way| *way = (*way != Some(this)).then_some(this))
        >
            <Icon name=icon small=true />
            {label}
        </button>
    }
}

/// A place as it is known: what, from where, how precisely.
#[component]
fn ShownPlace(place: Place) -> impl IntoView {
    let precise = place.accuracy.map(|accuracy| tr!(place.accuracy, n = whole_metres(accuracy)));
    let corrected = place.corrected_from.map(|_| tr!(place.corrected).to_owned());
    let how = [Some(words::source(place.source).to_owned()), precise, corrected]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ");
    let point = place.point.map(words::point).filter(|_| place.address.is_some());
    let name = place
        .address
        .clone()
        .or_else(|| place.point.map(words::point))
        .or_else(|| place.note.clone())
        .unwrap_or_default();
    view! {
        <div class="v-place">
            <svg aria-hidden="true">
                <use href="#v-icon-place"></use>
            </svg>
            <div>
                <b class="v-t">{name}</b>
                {point.map(|point| view! { <span class="v-d v-num">{point}</span> })}
                <span>{how}</span>
            </div>
        </div>
    }
}

/// Says that a point is outside the town's border; it may be sent all the same.
#[component]
fn Outside(place: Memo<Option<Place>>) -> impl IntoView {
    let shared = shared();
    let note = move || {
        let (town, point) = (shared.town()?, place.get()?.point?);
        (town.border.holds(point) == Some(false)).then(|| tr!(place.outside, town = town.name))
    };
    view! {
        <div role="status">
            {move || {
                note()
                    .map(|text| {
                        view! {
                            <div class="v-note is-turn mt-3">
                                <Icon name="it-warning-circle" />
                                <div>{text}</div>
                            </div>
                        }
                    })
            }}
        </div>
    }
}

/// Says that something like it was reported near by.
#[component]
fn Nearby(place: Memo<Option<Place>>) -> impl IntoView {
    let point = Memo::new(move |_| place.with(|place| place.as_ref().and_then(|place| place.point)));
    let found = RwSignal::new(None);
    Effect::new(move |_| {
        let point = point.get();
        spawn_local(async move {
            let near = match point {
                Some(point) => bridge::call(NearbyReports { point }).await.unwrap_or_default(),
                None => Vec::new(),
            };
            found.try_set(near.into_iter().next());
        });
    });
    move || {
        found.get().map(|near| {
            view! {
                <div class="v-note is-go mt-3">
                    <Icon name="it-info-circle" />
                    <div>
                        <b>{tr!(wizard.nearby, n = near.metres)}</b>
                        " «"
                        {near.report.title}
                        "», "
                        {words::state(near.report.state)}
                        "."
                        <br />
                        <details>
                            <summary>{tr!(wizard.nearby_look)}</summary>
                            <p>{near.report.details} <br /> {near.report.where_}</p>
                        </details>
                    </div>
                </div>
            }
        })
    }
}
