//! The receipt of a report or a case: the town's signed word, and its number in the protocol.

use leptos::prelude::*;
use vicino_contract::ipc::{DeliveryView, GetDelivery, PaperOf};
use vicino_contract::{Event, Matter};
use wasm_bindgen_futures::spawn_local;

use crate::components::{Heading, Icon, ReceiptFacts};
use crate::live::live;
use crate::pages::ThingPage;
use crate::pages::mine::Ways;
use crate::{bridge, tr, words};

#[component]
pub fn Delivery(matter: Matter) -> impl IntoView {
    let delivery = live(&[Event::Cases, Event::Reports, Event::Outbox], move || GetDelivery { matter });
    view! {
        <Ways />
        <ThingPage thing=delivery draw=|view| view! { <Shown view=view /> } />
    }
}

#[component]
fn Shown(view: DeliveryView) -> impl IntoView {
    let matter = view.matter;
    let kind = if view.protocol.is_some() { tr!(shelf.protocol) } else { tr!(receipt.title) };
    let protocol = view.protocol.map(|(number, at)| {
        view! {
            <dl class="v-facts">
                <div>
                    <dt>{tr!(paper.protocol)}</dt>
                    <dd class="v-num">{number}</dd>
                </div>
                <div>
                    <dt>{tr!(shelf.registered)}</dt>
                    <dd>{words::when(at)}</dd>
                </div>
            </dl>
        }
    });
    let word = match view.receipt {
        Some(receipt) => view! { <ReceiptFacts receipt=receipt /> }.into_any(),
        None => view! { <p class="v-mute mt-3">{tr!(shelf.elsewhere)}</p> }.into_any(),
    };
    let open = move |_| spawn_local(async move { drop(bridge::paper(PaperOf::Delivery(matter)).await) });
    view! {
        <div class="v-head">
            <p class="v-mute">{kind}</p>
            <Heading text=view.title lang="it" />
        </div>
        {protocol}
        {word}
        <div class="v-btns mt-3">
            <button type="button" class="btn btn-outline-primary" on:click=open>
                <Icon name="it-print" small=true />
                {tr!(shelf.on_paper)}
            </button>
        </div>
    }
    .into_any()
}
