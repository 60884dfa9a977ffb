//! One office: where, when, and what it answers for.

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::{GetOffice, OfficeSheet};
use vicino_domain::OfficeId;

use crate::components::{AsOf, Heading};
use crate::live::live;
use crate::pages::ThingPage;
use crate::pages::service::Reach;
use crate::pages::services::ServiceLine;
use crate::tr;

#[component]
pub fn Office(id: OfficeId) -> impl IntoView {
    let sheet = live(&[Event::Town], move || GetOffice { id });
    view! { <ThingPage thing=sheet draw=|sheet| view! { <Sheet sheet=sheet /> } /> }
}

#[component]
fn Sheet(sheet: OfficeSheet) -> impl IntoView {
    let services = (!sheet.services.is_empty()).then(|| {
        view! {
            <section class="v-sec" aria-labelledby="of-office">
                <h2 id="of-office" class="h3">
                    {tr!(services.of_office)}
                </h2>
                <ul class="v-list mt-2">
                    {sheet
                        .services
                        .into_iter()
                        .map(|row| view! { <ServiceLine row=row /> })
                        .collect_view()}
                </ul>
            </section>
        }
    });
    view! {
        <div class="v-head">
            <Heading text=sheet.office.name.clone() lang="it" />
            <p class="v-lead" lang="it">
                {sheet.office.what.clone()}
            </p>
            <AsOf freshness=sheet.freshness />
        </div>
        <section class="v-sec" aria-labelledby="contacts">
            <h2 class="h3" id="contacts">
                {tr!(services.contacts)}
            </h2>
            <Reach office=sheet.office />
        </section>
        {services}
    }
}
