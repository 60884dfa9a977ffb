//! The catalogue of services: by the national categories, or by what one needs them for.

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::{ListServices, ServiceRow};

use crate::components::{AsOf, Heading, Icon, Nothing};
use crate::live::live;
use crate::route::{Link, Page};
use crate::{tr, words};

#[component]
pub fn Services(by_need: bool) -> impl IntoView {
    let list = live(&[Event::Town], || ListServices {});
    let head = move || list.known().map(|list| view! { <AsOf freshness=list.freshness /> });
    let body = move || {
        let list = list.known()?;
        Some(if list.rows.is_empty() {
            view! {
                <Nothing
                    freshness=list.freshness
                    empty=tr!(services.none)
                    empty_text=""
                    unknown=tr!(services.unknown)
                />
            }
            .into_any()
        } else {
            groups(&list.rows, by_need).into_any()
        })
    };
    view! {
        <div class="v-head">
            <Heading text=tr!(services.title) />
            {head}
        </div>
        <nav class="v-jump" aria-label=tr!(services.title)>
            <Link to=Page::Services>{tr!(services.by_category)}</Link>
            <Link to=Page::Needs>{tr!(services.by_need)}</Link>
        </nav>
        {body}
    }
}

/// A section for each category, or each life event, that has services.
fn groups(rows: &[ServiceRow], by_need: bool) -> impl IntoView + use<> {
    let (names, last) = if by_need { (tr!(services.needs), 19) } else { (tr!(services.categories), 15) };
    let belongs = |row: &ServiceRow, n: u8| if by_need { row.life_events.contains(&n) } else { row.category == n };
    let section = |n: u8| {
        let inside: Vec<ServiceRow> = rows.iter().filter(|row| belongs(row, n)).cloned().collect();
        (!inside.is_empty()).then(|| {
            view! {
                <section class="v-sec" aria-label=words::nth(names, n)>
                    <h2 class="h3">{words::nth(names, n)}</h2>
                    <ul class="v-list mt-2">
                        {inside
                            .into_iter()
                            .map(|row| view! { <ServiceLine row=row /> })
                            .collect_view()}
                    </ul>
                </section>
            }
        })
    };
    (1..=last).filter_map(section).collect_view()
}

/// A service in a list.
#[component]
pub fn ServiceLine(row: ServiceRow) -> impl IntoView {
    let paused = (!row.active).then(|| view! { <span class="v-state is-turn">{tr!(services.paused)}</span> });
    view! {
        <li>
            <Link to=Page::Service(row.id) class="v-row">
                <div lang="it">
                    <span class="v-t">{row.title}</span>
                    <span class="v-d">{row.summary}</span>
                    {paused}
                </div>
                <Icon name="it-chevron-right" />
            </Link>
        </li>
    }
}
