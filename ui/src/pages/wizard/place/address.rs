//! The place from an address: the town's streets are found as one types, and any address may be used.

use leptos::prelude::*;
use vicino_contract::ipc::{FindStreets, StreetRow};
use vicino_domain::{Place, Point};
use wasm_bindgen_futures::spawn_local;

use crate::components::{TextField, focus};
use crate::{bridge, tr};

#[component]
pub fn FromAddress(set: Callback<Place>) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let found = RwSignal::new(Vec::<StreetRow>::new());
    let point = RwSignal::new(None::<(String, Option<Point>)>);
    let typed = move |typed: String| {
        text.set(typed.clone());
        spawn_local(async move {
            let rows = bridge::call(FindStreets { text: street(&typed) }).await.unwrap_or_default();
            // Only the answer to what stands there now counts.
            if text.try_get_untracked().as_ref() == Some(&typed) {
                found.set(rows);
            }
        });
    };
    let choose = move |row: StreetRow| {
        text.set(format!("{} ", row.name));
        point.set(Some((row.name, row.point)));
        found.set(Vec::new());
        focus("address");
    };
    let take = move |_| {
        let address = text.get_untracked().trim().to_owned();
        if address.is_empty() {
            return focus("address");
        }
        // The street's point goes along as long as the address is still on that street.
        let known =
            point.get_untracked().filter(|(name, _)| address.starts_with(name.as_str())).and_then(|(_, point)| point);
        let known = known.or_else(|| {
            found
                .with_untracked(|rows| rows.iter().find(|row| address.starts_with(&row.name)).and_then(|row| row.point))
        });
        set.run(Place::at_address(address, known));
    };
    let count = move || {
        let typed = street(&text.get());
        (typed.len() > 1).then(|| {
            found.with(|rows| match rows.len() {
                0 if point.get().is_none() => tr!(wizard.streets_none).to_owned(),
                0 => String::new(),
                1 => tr!(wizard.streets_one).to_owned(),
                n => tr!(wizard.streets_many, n = n),
            })
        })
    };
    view! {
        <TextField
            id="address"
            label=tr!(wizard.address)
            hint=Some(tr!(wizard.address_hint).to_owned())
            value=text
            changed=typed
        />
        <p role="status" class="v-small v-mute mt-1">
            {count}
        </p>
        <ul class="v-streets" aria-label=tr!(wizard.streets_found)>
            {move || {
                found
                    .get()
                    .into_iter()
                    .map(|row| {
                        let name = row.name.clone();
                        view! {
                            <li>
                                <button
                                    type="button"
                                    class="v-link"
                                    on:click=move |_| choose(row.clone())
                                >
                                    {name}
                                </button>
                            </li>
                        }
                    })
                    .collect_view()
            }}
        </ul>
        <button type="button" class="btn btn-sm btn-primary mt-2" on:click=take>
            {tr!(wizard.use_address)}
        </button>
    }
}

/// The street of an address, without its number: what the street list knows.
fn street(address: &str) -> String {
    let words = address.split_whitespace().take_while(|word| !word.starts_with(|letter: char| letter.is_ascii_digit()));
    words.collect::<Vec<_>>().join(" ")
}
