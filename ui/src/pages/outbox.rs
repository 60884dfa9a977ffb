//! The outbox: what needs the resident first, then what waits and why, then what was delivered, with proof.

use leptos::prelude::*;
use vicino_contract::ipc::{
    GetOutbox, GetSettings, RequestRow, RetryRequest, SaveSettings, SendPhotosNow, Settings, SyncNow, WaitsFor,
    WithdrawCase, WithdrawReport, WithdrawRequest,
};
use vicino_contract::{Event, Matter, MessageKind};
use wasm_bindgen_futures::spawn_local;

use super::case::Correct as CorrectCase;
use super::report::Correct;
use crate::app::shared;
use crate::components::{Ask, Empty, Heading, Icon};
use crate::live::live;
use crate::route::{Link, Page};
use crate::{bridge, tr, words};

#[component]
pub fn Outbox() -> impl IntoView {
    let outbox = live(&[Event::Outbox, Event::Status], || GetOutbox {});
    let stuck = Memo::new(move |_| outbox.known().map(|outbox| outbox.stuck).unwrap_or_default());
    let waiting = Memo::new(move |_| outbox.known().map(|outbox| outbox.waiting).unwrap_or_default());
    let delivered = Memo::new(move |_| outbox.known().map(|outbox| outbox.delivered).unwrap_or_default());
    let unmetered = move || waiting.with(|rows| rows.iter().any(|row| row.waits_for == Some(WaitsFor::Unmetered)));
    let anyway = |_| spawn_local(async { drop(bridge::call(SendPhotosNow {}).await) });
    view! {
        <div class="v-head">
            <Heading text=tr!(outbox.title) />
            <p class="v-lead">{tr!(outbox.lead)}</p>
        </div>
        <div class="v-cols">
            <Show when=move || stuck.with(|rows| !rows.is_empty())>
                <section class="v-sec" aria-labelledby="stuck">
                    <div class="v-sec-h">
                        <h2 id="stuck">{tr!(outbox.to_correct)}</h2>
                    </div>
                    {move || {
                        stuck
                            .get()
                            .into_iter()
                            .map(|row| view! { <Stuck row=row /> })
                            .collect_view()
                    }}
                </section>
            </Show>
            <section class="v-sec" aria-labelledby="waiting">
                <div class="v-sec-h">
                    <h2 id="waiting">
                        {tr!(outbox.to_deliver)} " "
                        {move || view! { <Counted number=waiting.with(Vec::len) /> }}
                    </h2>
                    <Hand />
                </div>
                <Show when=move || outbox.known().is_some_and(|outbox| outbox.waiting.is_empty())>
                    <Empty title=tr!(outbox.nothing) text=tr!(outbox.nothing_text) />
                </Show>
                <ul class="v-list is-here" aria-label=tr!(outbox.to_deliver)>
                    {move || {
                        waiting
                            .get()
                            .into_iter()
                            .map(|row| view! { <WaitingRow row=row /> })
                            .collect_view()
                    }}
                </ul>
                <Show when=unmetered>
                    <button type="button" class="btn btn-outline-primary mt-3" on:click=anyway>
                        {tr!(outbox.send_anyway)}
                    </button>
                </Show>
            </section>
            <Show when=move || delivered.with(|rows| !rows.is_empty())>
                <section class="v-sec" aria-labelledby="delivered">
                    <div class="v-sec-h">
                        <h2 id="delivered">{tr!(outbox.delivered)}</h2>
                    </div>
                    <ul class="v-list">
                        {move || {
                            delivered
                                .get()
                                .into_iter()
                                .map(|row| view! { <DeliveredRow row=row /> })
                                .collect_view()
                        }}
                    </ul>
                </section>
            </Show>
            <Signs />
        </div>
    }
}

/// The number of those that wait, when any do.
#[component]
fn Counted(number: usize) -> impl IntoView {
    (number > 0).then(|| view! { <span class="v-count">{number}</span> })
}

fn kind(row: &RequestRow) -> &'static str {
    match row.kind {
        MessageKind::Report => tr!(outbox.kind_report),
        MessageKind::Photo => tr!(outbox.kind_photo),
        MessageKind::File | MessageKind::CaseFile => tr!(outbox.kind_file),
        MessageKind::Signature => tr!(outbox.kind_signature),
        MessageKind::SignatureAnswer => tr!(outbox.kind_signature_answer),
        MessageKind::Message => tr!(outbox.kind_message),
        MessageKind::Withdrawal | MessageKind::CaseWithdrawal | MessageKind::CertificateWithdrawal => {
            tr!(outbox.kind_withdrawal)
        }
        MessageKind::SignatureWithdrawal => tr!(outbox.kind_signature_withdrawal),
        MessageKind::Case => tr!(outbox.kind_case),
        MessageKind::CaseMessage => tr!(outbox.kind_message),
        MessageKind::CaseIntegration => tr!(outbox.kind_integration),
        MessageKind::Declaration => tr!(outbox.kind_declaration),
        MessageKind::NoticeFile => tr!(outbox.kind_proof),
        MessageKind::Certificate => tr!(outbox.kind_certificate),
    }
}

/// The page of what a request belongs to.
fn page(row: &RequestRow) -> Page {
    match (row.kind, row.matter) {
        (MessageKind::Signature, Matter::Case(id)) => Page::CaseDraft(id),
        // Its case is gone.
        (MessageKind::SignatureWithdrawal, _) => Page::Cases,
        (_, Matter::Report(id)) => Page::Report(id),
        (_, Matter::Case(id)) => Page::Case(id),
        (_, Matter::Signature(id)) => Page::Signature(id),
        (_, Matter::Notice(id)) => Page::Notice(id, None),
        (_, Matter::Certificate(id)) => Page::Certificate(id),
        (_, Matter::Paper(_)) => Page::Papers,
    }
}

fn icon(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::Report => "it-horn",
        MessageKind::Photo => "it-camera",
        MessageKind::Message | MessageKind::CaseMessage | MessageKind::CaseIntegration => "it-comment",
        MessageKind::Withdrawal
        | MessageKind::CaseWithdrawal
        | MessageKind::CertificateWithdrawal
        | MessageKind::SignatureWithdrawal => "it-restore",
        MessageKind::Signature | MessageKind::SignatureAnswer => "it-pencil",
        MessageKind::Case
        | MessageKind::File
        | MessageKind::CaseFile
        | MessageKind::NoticeFile
        | MessageKind::Certificate => "it-file",
        MessageKind::Declaration => "it-card",
    }
}

/// The resident's hand on sending.
#[component]
fn Hand() -> impl IntoView {
    let settings = live(&[Event::Settings], || GetSettings {});
    let tried = RwSignal::new(false);
    let hold = move || settings.known().is_some_and(|settings| settings.hold);
    let now = move |_| {
        tried.set(true);
        spawn_local(async { drop(bridge::call(SyncNow {}).await) });
    };
    let toggle = move |_| {
        let Some(before) = settings.peek() else { return };
        let settings = Settings { hold: !before.hold, ..before };
        spawn_local(async move { drop(bridge::call(SaveSettings { settings }).await) });
    };
    view! {
        <span class="v-flow">
            <button type="button" class="v-link v-small" on:click=now>
                <Icon name="it-refresh" small=true />
                {tr!(outbox.try_now)}
            </button>
            <button
                type="button"
                class="v-link v-small"
                aria-pressed=move || hold().to_string()
                on:click=toggle
            >
                {move || if hold() { tr!(outbox.resume) } else { tr!(outbox.pause) }}
            </button>
            <span role="status" class="v-small v-mute">
                {move || tried.get().then(|| tr!(outbox.trying))}
            </span>
        </span>
    }
}

#[component]
fn WaitingRow(row: RequestRow) -> impl IntoView {
    let waits = match (row.waits_for.unwrap_or(WaitsFor::NextTry), row.next_try) {
        (WaitsFor::NextTry, Some(at)) => tr!(outbox.waits_next_at, when = words::when(at)),
        (WaitsFor::NextTry, None) => tr!(outbox.waits_next).to_owned(),
        (WaitsFor::Network, _) => tr!(outbox.waits_network).to_owned(),
        (WaitsFor::Earlier, _) => tr!(outbox.waits_earlier).to_owned(),
        (WaitsFor::Hold, _) => tr!(outbox.waits_hold).to_owned(),
        (WaitsFor::SignIn, _) => tr!(outbox.waits_sign_in).to_owned(),
        (WaitsFor::Room, Some(at)) => tr!(outbox.waits_room_until, when = words::when(at)),
        (WaitsFor::Room, None) => tr!(outbox.waits_room).to_owned(),
        (WaitsFor::Unmetered, _) => tr!(outbox.waits_unmetered).to_owned(),
    };
    let name = kind(&row);
    let progress = (row.bytes > 0).then(|| {
        let percent = (row.sent * 100 / row.bytes).min(100);
        view! {
            <span class="v-d">
                {tr!(
                    outbox.sent_of, sent = words::bytes(row.sent), bytes = words::bytes(row.bytes)
                )}
            </span>
            <span
                class="v-prog my-2"
                role="progressbar"
                aria-label=name
                aria-valuemin="0"
                aria-valuemax="100"
                aria-valuenow=percent.to_string()
            >
                <span style:width=format!("{percent}%")></span>
            </span>
        }
    });
    view! {
        <li class="v-row">
            <span class="v-leaf is-blank">
                <Icon name=icon(row.kind) />
            </span>
            <div>
                <Link to=page(&row) class="v-t">
                    {name}
                </Link>
                <span class="v-d">{tr!(outbox.for_report, title = row.title)}</span>
                <span class="v-d">{tr!(outbox.saved_at, when = words::when(row.saved_at))}</span>
                {progress}
                <span class="v-state">{waits}</span>
            </div>
        </li>
    }
}

#[component]
fn DeliveredRow(row: RequestRow) -> impl IntoView {
    let (at, name) = (row.delivered_at.unwrap_or(row.saved_at), kind(&row));
    let proof = row.number.clone().filter(|_| row.kind.is_whole()).map(|number| {
        view! {
            <div class="v-proof mb-3">
                <Icon name="it-file-signed" />
                <div>
                    <b>{tr!(outbox.receipt, number = number)}</b>
                    {move || {
                        tr!(
                            report.receipt_text, town = shared().town().map(|town| town.name).unwrap_or_default()
                        )
                    }}
                </div>
            </div>
        }
    });
    view! {
        <li>
            <div class="v-row">
                <span class="v-leaf is-blank">
                    <Icon name=icon(row.kind) />
                </span>
                <div>
                    <Link to=page(&row) class="v-t">
                        {name}
                    </Link>
                    <span class="v-d">{tr!(outbox.for_report, title = row.title)}</span>
                    <span class="v-d">{tr!(outbox.delivered_at, when = words::when(at))}</span>
                </div>
            </div>
            {proof}
        </li>
    }
}

#[component]
fn Stuck(row: RequestRow) -> impl IntoView {
    let reason = row.stuck.clone();
    let happened = reason.as_ref().map(words::problem).unwrap_or_default();
    let detail =
        reason.as_ref().and_then(|reason| reason.detail.clone()).map(|text| tr!(outbox.town_says, text = text));
    let code = reason
        .map(|reason| tr!(outbox.code, code = reason.code.code().to_uppercase().replace('_', "-")))
        .unwrap_or_default();
    let (whole, matter, id) = (row.kind.is_whole(), row.matter, row.id);
    let asking = RwSignal::new(false);
    let retry = move |_| spawn_local(async move { drop(bridge::call(RetryRequest { id }).await) });
    let withdraw = Callback::new(move |()| {
        spawn_local(async move {
            match matter {
                Matter::Report(id) if whole => drop(bridge::call(WithdrawReport { id }).await),
                Matter::Case(id) if whole => drop(bridge::call(WithdrawCase { id }).await),
                _ => drop(bridge::call(WithdrawRequest { id }).await),
            }
        });
    });
    view! {
        <article class="v-turn is-turn mb-3">
            <b class="v-state is-turn">
                <Icon name="it-warning-circle" />
                {tr!(home.your_turn)}
            </b>
            <h3 class="mt-1">
                {kind(&row)} " " {tr!(outbox.for_report, title = row.title.clone())}
            </h3>
            <dl class="v-trio mt-3">
                <div>
                    <dt>{tr!(outbox.what_happened)}</dt>
                    <dd>
                        {tr!(outbox.refused)} " " {happened}
                        {detail
                            .map(|detail| {
                                view! {
                                    <br />
                                    {detail}
                                }
                            })}
                    </dd>
                </div>
                <div class="is-safe">
                    <dt>
                        <Icon name="it-check-circle" small=true />
                        {tr!(outbox.what_is_safe)}
                    </dt>
                    <dd>{tr!(outbox.safe)}</dd>
                </div>
                <div>
                    <dt>{tr!(outbox.what_to_do)}</dt>
                    <dd>{if whole { tr!(outbox.do_correct) } else { tr!(outbox.do_retry) }}</dd>
                </div>
            </dl>
            <div class="v-btns mt-3">
                {match matter {
                    Matter::Report(id) if whole => Some(view! { <Correct id=id /> }.into_any()),
                    Matter::Case(id) if whole => Some(view! { <CorrectCase id=id /> }.into_any()),
                    _ => None,
                }} <button type="button" class="btn btn-outline-primary" on:click=retry>
                    {tr!(outbox.retry)}
                </button>
                <button type="button" class="v-link is-no" on:click=move |_| asking.set(true)>
                    {if whole { tr!(outbox.withdraw) } else { tr!(outbox.remove) }}
                </button>
            </div>
            <p class="v-small v-mute mt-3">{code}</p>
        </article>
        <Ask
            open=asking
            title=tr!(report.withdraw_title)
            text=Signal::derive(|| tr!(report.withdraw_here))
            yes=tr!(report.withdraw_yes)
            no=tr!(report.keep)
            then=withdraw
        />
    }
}

/// What the two signs mean, and how sending goes.
#[component]
fn Signs() -> impl IntoView {
    let tried = move || {
        let status = shared().status.known()?;
        status.freshness.last_try.map(|at| tr!(outbox.last_try, when = words::when(at)))
    };
    view! {
        <div class="v-side">
            <section class="v-sec" aria-labelledby="signs">
                <h2 id="signs" class="h3">
                    {tr!(outbox.signs)}
                </h2>
                <ul class="v-signs">
                    <li class="is-here">
                        <span>
                            <b>{tr!(outbox.sign_here)}</b>
                            " "
                            {tr!(outbox.sign_here_text)}
                        </span>
                    </li>
                    <li>
                        <span>
                            <b>{tr!(outbox.sign_town)}</b>
                            " "
                            {tr!(outbox.sign_town_text)}
                        </span>
                    </li>
                </ul>
                <p class="v-small v-mute mt-3">{tried} " " {tr!(outbox.never_twice)}</p>
            </section>
        </div>
    }
}
