//! Where papers are had in person: every counter the town tells of, the nearest first for whoever says where they are.

use std::rc::Rc;

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::{CounterKind, CounterRow, ListCounters};
use vicino_domain::Point;

use crate::bridge::position::{self, NoFix};
use crate::components::{AsOf, Heading, Icon, Nothing};
use crate::live::live;
use crate::pages::mine::Ways;
use crate::pages::service::opening;
use crate::{tr, words};

#[component]
pub fn Counters() -> impl IntoView {
    let near = RwSignal::new(None::<Point>);
    let (looking, failed) = (RwSignal::new(false), RwSignal::new(None::<NoFix>));
    let list = live(&[Event::Town], move || ListCounters { near: near.get() });
    // Asked for only when it is wished for, and kept nowhere.
    let locate = move |_| {
        looking.set(true);
        failed.set(None);
        position::look(Rc::new(move |told, last| {
            match told {
                Ok(fix) => drop(near.try_set(Some(fix.point))),
                Err(none) => drop(failed.try_set(Some(none))),
            }
            if last {
                looking.try_set(false);
            }
        }));
    };
    let said = move || match (failed.get(), looking.get()) {
        (Some(NoFix::Denied), _) => Some(tr!(wizard.position_denied)),
        (Some(NoFix::Unavailable), _) => Some(tr!(wizard.no_position)),
        (None, true) => Some(tr!(wizard.locating)),
        (None, false) => None,
    };
    let body = move || {
        let list = list.known()?;
        Some(if list.rows.is_empty() {
            view! {
                <Nothing
                    freshness=list.freshness
                    empty=tr!(counters.none)
                    empty_text=tr!(counters.none_text)
                    unknown=tr!(counters.unknown)
                />
            }
            .into_any()
        } else {
            view! {
                <div class="v-btns">
                    <button type="button" class="btn btn-outline-primary" on:click=locate>
                        <Icon name="it-map-marker-circle" small=true />
                        {tr!(counters.near)}
                    </button>
                </div>
                <p role="status" class="v-small">
                    {said}
                </p>
                <ul class="v-list mt-3">
                    {list
                        .rows
                        .into_iter()
                        .map(|row| view! { <CounterLine row=row /> })
                        .collect_view()}
                </ul>
            }
            .into_any()
        })
    };
    let head = move || list.known().map(|list| view! { <AsOf freshness=list.freshness /> });
    view! {
        <Ways />
        <div class="v-head">
            <Heading text=tr!(counters.title) />
            {head}
            <p class="v-mute">{tr!(counters.text)}</p>
        </div>
        {body}
    }
}

#[component]
fn CounterLine(row: CounterRow) -> impl IntoView {
    let kind = match row.kind {
        CounterKind::Tobacconist => tr!(counters.tobacconist),
        CounterKind::PostOffice => tr!(counters.post_office),
        CounterKind::Library => tr!(counters.library),
        CounterKind::Office => tr!(counters.office),
        CounterKind::Other => "",
    };
    let far = row.metres.map(|metres| match metres {
        metres if metres < 1000 => tr!(counters.metres, n = (metres + 5) / 10 * 10),
        metres => tr!(counters.km, n = words::decimal(f64::from(metres) / 1000.0, 1)),
    });
    let open = match row.open_until {
        Some(until) => view! {
            <b class="v-state is-ok">
                <Icon name="it-check-circle" small=true />
                " "
                {tr!(counters.open, time = until)}
            </b>
        }
        .into_any(),
        None => view! { <span class="v-d">{tr!(counters.closed)}</span> }.into_any(),
    };
    let phone = row.phone.map(|phone| view! { <a href=format!("tel:{}", phone.replace(' ', ""))>{phone.clone()}</a> });
    let fee = row.fee.map(|fee| {
        view! {
            <p class="v-small" lang="it">
                {fee}
            </p>
        }
    });
    let dot = (!kind.is_empty() && far.is_some()).then_some(" · ");
    view! {
        <li class="v-own">
            <h2 class="h3" lang="it">
                {row.name}
            </h2>
            <p class="v-d">{kind} {dot} {far}</p>
            {open}
            <p class="mt-2" lang="it">
                {row.gives}
            </p>
            {fee}
            <p class="mt-2" lang="it">
                {row.address}
            </p>
            <p>{phone}</p>
            <details class="mt-2">
                <summary>{tr!(services.hours)}</summary>
                <ul class="v-ticks is-plain mt-2">{opening(&row.hours)}</ul>
            </details>
        </li>
    }
    .into_any()
}
