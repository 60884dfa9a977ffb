//! The place from the device's position: better fixes are awaited for a few seconds, and any may be taken at once.

use std::rc::Rc;

use leptos::prelude::*;
use vicino_contract::ipc::whole_metres;
use vicino_domain::{Place, PlaceSource};

use crate::bridge::position::{self, Fix, NoFix};
use crate::components::Icon;
use crate::tr;

#[component]
pub fn FromDevice(set: Callback<Place>) -> impl IntoView {
    let fix = RwSignal::new(None::<Fix>);
    let failed = RwSignal::new(None::<NoFix>);
    let take = move |fix: Fix| set.run(Place::at(fix.point, Some(fix.accuracy), PlaceSource::Device));
    // Asked once, when this way is chosen; an answer that comes after it was left finds nobody.
    position::look(Rc::new(move |told, last| match (told, last) {
        (Ok(best), false) => drop(fix.try_set(Some(best))),
        (Ok(best), true) if !fix.is_disposed() => take(best),
        (Ok(_), true) => {}
        (Err(none), _) => drop(failed.try_set(Some(none))),
    }));
    let words = move || match failed.get() {
        Some(NoFix::Denied) => tr!(wizard.position_denied),
        Some(NoFix::Unavailable) => tr!(wizard.no_position),
        None => tr!(wizard.locating),
    };
    view! {
        <div class="v-note">
            <Icon name="it-map-marker-circle" />
            <div>
                <p role="status">{words}</p>
                {move || {
                    fix.get()
                        .map(|best| {
                            view! {
                                <button
                                    type="button"
                                    class="btn btn-sm btn-outline-primary mt-2"
                                    on:click=move |_| take(best)
                                >
                                    {tr!(wizard.use_now, n = whole_metres(best.accuracy))}
                                </button>
                            }
                        })
                }}
            </div>
        </div>
    }
}
