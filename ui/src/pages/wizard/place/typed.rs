//! The place typed: as coordinates, or in words only.

use leptos::prelude::*;
use vicino_domain::{Place, PlaceSource, Point};

use crate::components::{TextField, focus};
use crate::tr;

#[component]
pub fn FromCoordinates(set: Callback<Place>) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let wrong = RwSignal::new(false);
    let take = move |_| match Point::parse(&text.get_untracked()) {
        Ok(point) => set.run(Place::at(point, None, PlaceSource::Coordinates)),
        Err(_) => {
            wrong.set(true);
            focus("coordinates");
        }
    };
    let problem = Signal::derive(move || wrong.get().then(|| tr!(wizard.coordinates_bad).to_owned()));
    view! {
        <TextField
            id="coordinates"
            label=tr!(wizard.coordinates)
            hint=Some(tr!(wizard.coordinates_hint).to_owned())
            value=text
            problem=problem
            changed=move |typed| {
                wrong.set(false);
                text.set(typed);
            }
        />
        <button type="button" class="btn btn-sm btn-primary mt-2" on:click=take>
            {tr!(wizard.use_coordinates)}
        </button>
    }
}

#[component]
pub fn FromWords(set: Callback<Place>) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let take = move |_| {
        let words = text.get_untracked().trim().to_owned();
        if words.is_empty() { focus("words") } else { set.run(Place::in_words(words)) }
    };
    view! {
        <TextField
            id="words"
            label=tr!(wizard.words)
            hint=Some(tr!(wizard.words_hint).to_owned())
            value=text
            lines=Some(2)
            changed=move |typed| text.set(typed)
        />
        <button type="button" class="btn btn-sm btn-primary mt-2" on:click=take>
            {tr!(wizard.use_words)}
        </button>
    }
}
