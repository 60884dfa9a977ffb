//! Every day that asks something of somebody, the nearest first; and the way into a calendar.

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::{CalendarWords, DeadlineRow, GetCalendar, ListDeadlines, OpenCalendar};
use vicino_domain::DeadlineKind;
use wasm_bindgen_futures::spawn_local;

use super::messages::page;
use super::mine::Ways;
use crate::components::{AsOf, Heading, Icon, Nothing};
use crate::live::live;
use crate::route::Link;
use crate::{bridge, tr, words};

#[component]
pub fn Deadlines() -> impl IntoView {
    let days = live(&[Event::Cases, Event::Reports, Event::Payments, Event::Documents], || ListDeadlines {});
    let failed = RwSignal::new(None::<String>);
    let body = move || {
        let list = days.known()?;
        let empty = list.rows.is_empty();
        let rows = if empty {
            view! {
                <Nothing
                    freshness=list.freshness
                    empty=tr!(deadlines.none)
                    empty_text=tr!(deadlines.none_text)
                    unknown=tr!(deadlines.unknown)
                />
            }
            .into_any()
        } else {
            view! {
                <ul class="v-list">
                    {list
                        .rows
                        .into_iter()
                        .map(|row| view! { <DeadlineLine row=row /> })
                        .collect_view()}
                </ul>
            }
            .into_any()
        };
        let out = (!empty).then(|| {
            view! {
                <button
                    type="button"
                    class="btn btn-outline-primary mt-3"
                    on:click=move |_| take_out(failed)
                >
                    <Icon name="it-calendar" small=true />
                    {tr!(deadlines.calendar)}
                </button>
                <p class="v-small v-mute mt-2">{tr!(deadlines.calendar_text)}</p>
            }
        });
        Some(view! {
            <section class="v-sec" aria-label=tr!(deadlines.title)>
                <AsOf freshness=list.freshness />
                {rows}
                {out}
            </section>
        })
    };
    view! {
        <Ways />
        <div class="v-head">
            <Heading text=tr!(deadlines.title) />
        </div>
        {body}
        <p role="alert" class="v-err">
            {move || failed.get()}
        </p>
    }
}

/// What a day asks, before what it is about.
fn what(kind: DeadlineKind) -> &'static str {
    match kind {
        DeadlineKind::Answer => tr!(deadlines.answer),
        DeadlineKind::Send => tr!(deadlines.send),
        DeadlineKind::Pay => tr!(deadlines.pay),
        DeadlineKind::Conclude => tr!(deadlines.conclude),
        DeadlineKind::Report => tr!(deadlines.report),
        DeadlineKind::Renew => tr!(deadlines.renew),
        DeadlineKind::Other => "",
    }
}

#[component]
fn DeadlineLine(row: DeadlineRow) -> impl IntoView {
    let mine = row.kind.is_residents();
    let left = match row.days {
        0 => tr!(deadlines.today).to_owned(),
        1 => tr!(deadlines.tomorrow).to_owned(),
        days if days < 0 => tr!(deadlines.over, n = -days),
        days => tr!(deadlines.left, n = days),
    };
    let class = match (row.days, mine) {
        (days, true) if days <= 7 => "v-state is-turn",
        (days, false) if days < 0 => "v-state is-turn",
        _ => "v-d",
    };
    let inner = view! {
        <div>
            <span class="v-t" lang="it">
                {row.title}
            </span>
            <span class="v-d">{what(row.kind)} " " {row.beneficiary}</span>
            <span class="v-d">
                <time datetime=row.on.to_string()>{words::day(row.on)}</time>
            </span>
            <span class=class>{left}</span>
        </div>
    };
    match page(row.matter) {
        Some(to) => view! {
            <li>
                <Link to=to class="v-row">
                    {inner}
                    <Icon name="it-chevron-right" />
                </Link>
            </li>
        }
        .into_any(),
        None => view! {
            <li>
                <div class="v-row">{inner}</div>
            </li>
        }
        .into_any(),
    }
}

/// Shows the days in the system's calendar, or saves them as a file where there is only a browser.
fn take_out(failed: RwSignal<Option<String>>) {
    let words = || CalendarWords {
        answer: tr!(deadlines.answer).to_owned(),
        send: tr!(deadlines.send).to_owned(),
        pay: tr!(deadlines.pay).to_owned(),
        conclude: tr!(deadlines.conclude).to_owned(),
        report: tr!(deadlines.report).to_owned(),
        renew: tr!(deadlines.renew).to_owned(),
    };
    spawn_local(async move {
        let done = if bridge::is_window() {
            bridge::call(OpenCalendar { words: words() }).await
        } else {
            bridge::call(GetCalendar { words: words() }).await.map(|text| bridge::save("scadenze.ics", text.as_bytes()))
        };
        failed.try_set(done.err().map(|failure| words::failure(&failure)));
    });
}
