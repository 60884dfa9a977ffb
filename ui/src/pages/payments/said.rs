//! The resident's own word that a notice is paid, with a proof.

use leptos::prelude::*;
use vicino_contract::Failure;
use vicino_contract::ipc::{FileTo, FileView, SayPaid};
use vicino_domain::NoticeId;
use vicino_domain::media::USUAL;
use vicino_domain::pagopa::NoticeNumber;
use wasm_bindgen_futures::spawn_local;

use crate::components::{Enclose, Sheet, TextField};
use crate::{bridge, tr, words};

#[component]
pub(super) fn Said(
    id: NoticeId,
    number: Signal<Option<NoticeNumber>>,
    #[prop(into)] enclosed: Signal<Vec<FileView>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let (day, place) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (failed, saved) = (RwSignal::new(None::<Failure>), RwSignal::new(false));
    let save = move |_| {
        let Some(number) = number.get_untracked() else { return };
        let command = SayPaid { id, number, paid_on: day.get_untracked(), place: place.get_untracked() };
        spawn_local(async move {
            match bridge::call(command).await {
                Ok(_) => {
                    failed.set(None);
                    saved.set(true);
                    open.set(false);
                }
                Err(failure) => failed.set(Some(failure)),
            }
        });
    };
    let wrong = Signal::derive(move || failed.get().map(|failure| words::failure(&failure)));
    view! {
        <button type="button" class="v-link" on:click=move |_| open.set(true)>
            {tr!(notice.said)}
        </button>
        <p role="status" class="v-small">
            {move || saved.get().then(|| tr!(notice.said_saved))}
        </p>
        <Sheet open=open title=tr!(notice.said_title)>
            <p class="v-mute mt-2">{tr!(notice.said_text)}</p>
            <div class="mt-3">
                <TextField
                    id="said-day"
                    label=tr!(notice.said_day)
                    hint=tr!(notice.said_day_hint).to_owned()
                    value=day
                    changed=Callback::new(move |text| day.set(text))
                    problem=wrong
                    required=true
                />
                <TextField
                    id="said-place"
                    label=tr!(notice.said_place)
                    value=place
                    changed=Callback::new(move |text| place.set(text))
                />
                {move || {
                    view! {
                        <Enclose
                            to=FileTo::Letter(id.into())
                            files=enclosed.get()
                            id=String::from("said-proof")
                            types=USUAL.map(String::from).to_vec()
                            more=enclosed.get().len() < 3
                            dated=false
                        />
                    }
                }}
            </div>
            <div class="v-btns mt-3">
                <button type="button" class="btn btn-primary" on:click=save>
                    {tr!(notice.said_save)}
                </button>
            </div>
        </Sheet>
    }
}
