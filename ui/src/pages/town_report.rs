//! One report that the town has made public.

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::{GetPublicReport, PublicReportView};
use vicino_domain::ReportId;

use crate::components::{AsOf, Heading, Pill, town_look};
use crate::live::live;
use crate::pages::ThingPage;
use crate::{tr, words};

#[component]
pub fn TownReport(id: ReportId) -> impl IntoView {
    let view = live(&[Event::Town], move || GetPublicReport { id });
    view! { <ThingPage thing=view draw=|view| view! { <Sheet view=view /> } /> }
}

#[component]
fn Sheet(view: PublicReportView) -> impl IntoView {
    let PublicReportView { row, freshness } = view;
    view! {
        <div class="v-head">
            <Heading text=row.title lang="it" />
            <p class="v-mute">{words::category(row.category)}</p>
            <Pill look=town_look(row.state) />
            <AsOf freshness=freshness />
        </div>
        <section class="v-sec">
            <p class="v-text" lang="it">
                {row.details}
            </p>
            <p lang="it">{row.where_}</p>
            <p class="v-small v-mute">
                {tr!(reports.received_at, when = words::when(row.received_at))}
            </p>
        </section>
    }
}
