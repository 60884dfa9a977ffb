//! Step 4, Confirmation: saved here, and received as soon as the town signed for it.

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::{Delivery, GetReport};

use super::Wizarding;
use crate::components::{Heading, Icon};
use crate::live::live;
use crate::route::{Link, Page};
use crate::tr;

#[component]
pub fn Done() -> impl IntoView {
    let id = expect_context::<Wizarding>().keeping.draft.with_untracked(|draft| draft.id);
    let report = live(&[Event::Reports, Event::Outbox], move || GetReport { id });
    let number = Memo::new(move |_| match report.get() {
        Some(Ok(report)) => match report.row.delivery {
            Delivery::Delivered { number, .. } => Some(number),
            Delivery::Waiting | Delivery::Stuck { .. } => None,
        },
        _ => None,
    });
    let word = move || match number.get() {
        Some(number) => view! {
            <div class="v-proof">
                <Icon name="it-file-signed" />
                <div>
                    <b>{tr!(wizard.done_received)}</b>
                    {tr!(wizard.done_received_text, number = number)}
                </div>
            </div>
        }
        .into_any(),
        None => view! { <p>{tr!(wizard.done_waiting)}</p> }.into_any(),
    };
    view! {
        <div class="v-head">
            <Heading text=tr!(wizard.done_title) />
        </div>
        <div role="status" class="v-lead">
            {word}
        </div>
        <div class="v-btns mt-4">
            <Link to=Page::Report(id) class="btn btn-primary">
                {tr!(wizard.done_open)}
            </Link>
            <Link to=Page::New class="btn btn-outline-primary">
                {tr!(wizard.done_another)}
            </Link>
        </div>
    }
}
