//! A signature somebody asks for: what is signed is read first, then signed or declined.

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::{AnswerSignature, GetSignature, SignatureRow, SignatureState, SignatureView};
use vicino_domain::SignatureId;
use wasm_bindgen_futures::spawn_local;

use super::case::AnswerSection;
use crate::components::{Heading, Icon, Look, Pill, TextField};
use crate::live::live;
use crate::pages::Missing;
use crate::route::{Link, Page};
use crate::{bridge, tr, words};

/// The status of a signature for the person asked.
pub fn look(state: SignatureState) -> Look {
    match state {
        SignatureState::YourTurn => {
            Look { class: "is-turn", icon: "it-warning-circle", words: tr!(signature.your_turn) }
        }
        SignatureState::ToDeliver => Look { class: "is-here", icon: "it-upload", words: tr!(signature.to_deliver) },
        SignatureState::Signed => Look { class: "is-ok", icon: "it-check-circle", words: tr!(signature.signed) },
        SignatureState::Declined => Look { class: "is-past", icon: "it-info-circle", words: tr!(signature.declined) },
        SignatureState::Withdrawn => Look { class: "is-past", icon: "it-restore", words: tr!(signature.withdrawn) },
    }
}

/// A signature in a list.
#[component]
pub fn SignatureLine(row: SignatureRow) -> impl IntoView {
    view! {
        <li>
            <Link to=Page::Signature(row.id) class="v-row">
                <div>
                    <span class="v-t" lang="it">
                        {row.title}
                    </span>
                    <Pill look=look(row.state) />
                    <span class="v-d">
                        {tr!(signature.asks, who = row.asker)} " · " {words::when(row.asked_at)}
                    </span>
                </div>
                <Icon name="it-chevron-right" />
            </Link>
        </li>
    }
    .into_any()
}

#[component]
pub fn Signature(id: SignatureId) -> impl IntoView {
    let signature = live(&[Event::Cases, Event::Outbox], move || GetSignature { id });
    move || {
        if signature.failed().is_some() {
            return Some(view! { <Missing /> }.into_any());
        }
        Some(view! { <Whole id=id view=signature.known()? /> }.into_any())
    }
}

#[component]
fn Whole(id: SignatureId, view: SignatureView) -> impl IntoView {
    let turn = view.row.state == SignatureState::YourTurn;
    view! {
        <div class="v-head">
            <p class="v-small v-mute">{tr!(signature.asks, who = view.row.asker)}</p>
            <Heading text=view.row.title lang="it" />
            <Pill look=look(view.row.state) big=true />
        </div>
        <div class="v-cols">
            <div>
                <section class="v-sec">
                    <h2 class="h3">{tr!(signature.as_whom)}</h2>
                    <p class="mt-1" lang="it">
                        {view.label}
                    </p>
                    {view.note.map(|note| view! { <p class="mt-1 v-text">{note}</p> })}
                </section>
                // What is signed comes before the signing, on a phone too.
                <div aria-label=tr!(signature.read) role="group">
                    {view
                        .answers
                        .into_iter()
                        .map(|part| view! { <AnswerSection part=part /> })
                        .collect_view()}
                </div>
            </div>
            {turn
                .then(|| {
                    view! {
                        <div class="v-side">
                            <Answering id=id />
                        </div>
                    }
                })}
        </div>
    }
    .into_any()
}

#[component]
fn Answering(id: SignatureId) -> impl IntoView {
    let (note, failed) = (RwSignal::new(String::new()), RwSignal::new(None::<vicino_contract::Failure>));
    let answer = move |signs: bool| {
        spawn_local(async move {
            let said = bridge::call(AnswerSignature { id, signs, note: note.get_untracked() }).await;
            failed.try_set(said.err());
        });
    };
    view! {
        <section class="v-sec v-fields">
            <TextField
                id="why"
                label=tr!(signature.note)
                value=note
                changed=move |typed| note.set(typed)
                lines=Some(2)
            />
            <p role="alert" class="v-err">
                {move || failed.get().map(|failure| words::failure(&failure))}
            </p>
            <div class="v-btns">
                <button type="button" class="btn btn-primary" on:click=move |_| answer(true)>
                    {tr!(signature.sign)}
                </button>
                <button
                    type="button"
                    class="btn btn-outline-primary"
                    on:click=move |_| answer(false)
                >
                    {tr!(signature.decline)}
                </button>
            </div>
        </section>
    }
}
