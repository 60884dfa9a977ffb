//! The story of a report: dashed while it is only here, solid once the town signed for it.

use leptos::prelude::*;
use vicino_contract::ipc::{CorrectReport, Delivery, HistoryEntry, ReportView};
use vicino_domain::{ReportId, ReportState};
use wasm_bindgen_futures::spawn_local;

use crate::app::shared;
use crate::components::{Icon, Receipt, town_look};
use crate::live::Live;
use crate::route::{Link, Page, way};
use crate::{bridge, tr, words};

#[component]
pub fn Story(id: ReportId, report: Live<ReportView>) -> impl IntoView {
    let receipt = RwSignal::new(false);
    view! {
        <ol class="v-time">
            {move || report.known().map(|report| view! { <Steps report=report receipt=receipt /> })}
        </ol>
        <Receipt matter=id.into() open=receipt />
    }
}

#[component]
fn Steps(report: ReportView, receipt: RwSignal<bool>) -> impl IntoView {
    let id = report.row.id;
    let delivered = match report.row.delivery {
        Delivery::Delivered { number, at } => view! {
            <li class="is-done">
                <span class="v-dot" aria-hidden="true">
                    <Icon name="it-check" />
                </span>
                <b class="v-t">{tr!(report.delivered)}</b>
                <time class="v-d" datetime=at.to_rfc3339()>
                    {words::when(at)}
                </time>
                <div class="v-proof">
                    <Icon name="it-file-signed" />
                    <div>
                        <b>{tr!(report.receipt, number = number)}</b>
                        {move || {
                            tr!(
                                report.receipt_text, town = shared().town().map(|town| town.name).unwrap_or_default()
                            )
                        }}
                        <br />
                        <button type="button" class="v-link" on:click=move |_| receipt.set(true)>
                            {tr!(report.show_receipt)}
                        </button>
                    </div>
                </div>
            </li>
        }
        .into_any(),
        Delivery::Waiting => view! {
            <li class="is-next">
                <span class="v-dot" aria-hidden="true"></span>
                <b class="v-t">{tr!(report.not_delivered)}</b>
                <span class="v-d">{tr!(report.not_delivered_text)}</span>
            </li>
        }
        .into_any(),
        Delivery::Stuck { reason } => view! {
            <li class="is-now is-turn">
                <span class="v-dot" aria-hidden="true">
                    <Icon name="it-warning-circle" />
                </span>
                <b class="v-t">{tr!(outbox.refused)}</b>
                <span class="v-d">{words::problem(&reason)}</span>
                <p class="mt-1">{tr!(outbox.safe)}</p>
                <div class="v-btns mt-2">
                    <Correct id=id />
                    <Link to=Page::Outbox class="v-link">
                        {tr!(nav.outbox)}
                    </Link>
                </div>
            </li>
        }
        .into_any(),
    };
    let told: Vec<HistoryEntry> =
        report.history.into_iter().filter(|entry| entry.state != ReportState::Received).collect();
    let last = told.len();
    let closed = report.row.state.is_some_and(ReportState::is_closed);
    let told = told
        .into_iter()
        .zip(1..)
        .map(move |(entry, n)| view! { <TownStep entry=entry now=n == last && !closed /> })
        .collect_view();
    let next = (!closed && report.row.state.is_some()).then(|| {
        view! {
            <li class="is-next">
                <span class="v-dot" aria-hidden="true"></span>
                <b class="v-t">{tr!(report.next)}</b>
                {report
                    .expected_by
                    .map(|by| {
                        view! {
                            <span class="v-d">{tr!(report.next_by, date = words::date(by))}</span>
                        }
                    })}
            </li>
        }
    });
    view! {
        <li class="is-here">
            <span class="v-dot" aria-hidden="true">
                <Icon name="it-check" />
            </span>
            <b class="v-t">{tr!(report.saved)}</b>
            <time class="v-d" datetime=report.row.sent_at.to_rfc3339()>
                {words::when(report.row.sent_at)}
            </time>
        </li>
        {delivered}
        {told}
        {next}
    }
}

#[component]
fn TownStep(entry: HistoryEntry, now: bool) -> impl IntoView {
    let look = town_look(Some(entry.state));
    let class = match (now, entry.state) {
        (true, ReportState::YourTurn) => "is-now is-turn",
        (true, _) => "is-now",
        _ => "is-done",
    };
    let (office, by) = (entry.office, entry.by);
    let who = move || office.clone().or_else(|| words::other_writer(by.clone())).map(|who| format!(" · {who}"));
    view! {
        <li class=class>
            <span class="v-dot" aria-hidden="true">
                <Icon name=look.icon />
            </span>
            <b class="v-t">{look.words}</b>
            <time class="v-d" datetime=entry.at.to_rfc3339()>
                {words::when(entry.at)}
                {who}
            </time>
            {entry.note.map(|note| view! { <p class="mt-1 v-text">{note}</p> })}
        </li>
    }
}

/// Turns a refused report back into a draft and opens it.
#[component]
pub fn Correct(id: ReportId) -> impl IntoView {
    let way = way();
    let correct = move |_| {
        spawn_local(async move {
            if let Ok(view) = bridge::call(CorrectReport { id }).await {
                way.to(Page::Draft(view.draft.id));
            }
        });
    };
    view! {
        <button type="button" class="btn btn-primary" on:click=correct>
            {tr!(outbox.correct)}
        </button>
    }
}
