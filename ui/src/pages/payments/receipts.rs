//! Receipts by year, and one receipt with the town's signature.

use leptos::prelude::*;
use uuid::Uuid;
use vicino_contract::Event;
use vicino_contract::ipc::{GetPaymentReceipt, ListReceipts, PaperOf, PaymentReceiptView, ReceiptList, ReceiptRow};
use wasm_bindgen_futures::spawn_local;

use super::confirmed;
use crate::components::{AsOf, Heading, Icon, Nothing};
use crate::live::{live, settled};
use crate::pages::ThingPage;
use crate::pages::mine::Ways;
use crate::route::{Link, Page};
use crate::{bridge, tr, words};

#[component]
pub fn Receipts() -> impl IntoView {
    let year = RwSignal::new(None::<i32>);
    let list = live(&[Event::Payments], move || ListReceipts { year: year.get() });
    let rows = settled(list, |list| confirmed(&mut list.freshness, list.years.is_empty()));
    view! {
        <Ways />
        <div class="v-head">
            <Heading text=tr!(receipts.title) />
            {move || list.known().map(|list| view! { <AsOf freshness=list.freshness /> })}
        </div>
        {move || rows.get().map(|list| view! { <Body list=list year=year /> })}
    }
}

#[component]
fn Body(list: ReceiptList, year: RwSignal<Option<i32>>) -> impl IntoView {
    if list.years.is_empty() {
        return view! {
            <Nothing
                freshness=list.freshness
                empty=tr!(receipts.none)
                empty_text=tr!(receipts.none_text)
                unknown=tr!(receipts.unknown)
            />
        }
        .into_any();
    }
    let choice = |of: Option<i32>, words: String| {
        let pressed = move || if year.get() == of { "true" } else { "false" };
        view! {
            <button
                type="button"
                class="v-link"
                aria-pressed=pressed
                on:click=move |_| year.set(of)
            >
                {words}
            </button>
        }
        .into_any()
    };
    let years = list.years.iter().map(|of| choice(Some(*of), of.to_string())).collect_view();
    let save = move |_| {
        let of = PaperOf::Receipts(year.get_untracked());
        spawn_local(async move { drop(bridge::paper(of).await) });
    };
    view! {
        <div class="v-flow" role="group" aria-label=tr!(receipts.year)>
            {choice(None, tr!(receipts.all).to_owned())}
            {years}
        </div>
        <ul class="v-list">
            {list.rows.into_iter().map(|row| view! { <ReceiptLine row=row /> }).collect_view()}
        </ul>
        <button type="button" class="btn btn-outline-primary mt-3" on:click=save>
            <Icon name="it-download" small=true />
            {tr!(receipts.save)}
        </button>
        <p class="v-small v-mute mt-2">{tr!(receipts.save_text)}</p>
    }
    .into_any()
}

#[component]
fn ReceiptLine(row: ReceiptRow) -> impl IntoView {
    view! {
        <li>
            <Link to=Page::PaymentReceipt(row.id) class="v-row v-pay">
                <Icon name="it-check-circle" />
                <div>
                    <span class="v-line">
                        <b class="v-t" lang="it">
                            {row.title}
                        </b>
                        <span class="v-num v-amt">{words::euro(row.amount)}</span>
                    </span>
                    <span class="v-d">
                        {tr!(pay.whom)} " " <b lang="it">{row.whom.name}</b> " · "
                        {words::date(row.paid_at)}
                    </span>
                </div>
                <Icon name="it-chevron-right" />
            </Link>
        </li>
    }
    .into_any()
}

#[component]
pub fn PaymentReceipt(id: Uuid) -> impl IntoView {
    let receipt = live(&[Event::Payments], move || GetPaymentReceipt { id });
    view! { <ThingPage thing=receipt draw=|view| view! { <Shown view=view /> } /> }
}

/// The receipt on paper.
fn print(id: Uuid) {
    spawn_local(async move { drop(bridge::paper(PaperOf::Receipt(id)).await) });
}

#[component]
fn Shown(view: PaymentReceiptView) -> impl IntoView {
    let id = view.row.id;
    let (class, icon, said) = if view.signed {
        ("v-state is-ok", "it-check-circle", tr!(receipts.signed))
    } else {
        ("v-state is-turn", "it-warning-circle", tr!(receipts.unsigned))
    };
    let fee = view.fee.map(|fee| {
        view! {
            <div>
                <dt>{tr!(receipts.fee)}</dt>
                <dd class="v-num">{words::euro(fee)}</dd>
            </div>
        }
    });
    view! {
        <div class="v-head">
            <p class="v-mute">{tr!(receipts.one)}</p>
            <Heading text=view.row.title lang="it" />
            <p class="v-amount mt-2">{words::euro(view.row.amount)}</p>
            <p>
                <b class=class>
                    <Icon name=icon />
                    {said}
                </b>
            </p>
        </div>
        <div class="v-cols">
            <dl class="v-facts">
                <div>
                    <dt>{tr!(receipts.whom)}</dt>
                    <dd lang="it">{view.row.whom.name}</dd>
                </div>
                <div>
                    <dt>{tr!(receipts.paid)}</dt>
                    <dd>{words::when(view.row.paid_at)}</dd>
                </div>
                <div>
                    <dt>{tr!(receipts.creditor)}</dt>
                    <dd lang="it">
                        {view.creditor}
                        <span class="v-d">
                            {tr!(notice.tax_code, code = view.creditor_code.to_string())}
                        </span>
                    </dd>
                </div>
                <div>
                    <dt>{tr!(receipts.notice)}</dt>
                    <dd class="v-num">{view.grouped}</dd>
                </div>
                <div>
                    <dt>{tr!(receipts.number)}</dt>
                    <dd class="v-hash">{view.row.receipt}</dd>
                </div>
                {fee}
                <div>
                    <dt>{tr!(receipts.psp)}</dt>
                    <dd lang="it">{view.psp}</dd>
                </div>
            </dl>
            <div class="v-side">
                <div class="v-qr">
                    <div role="img" aria-label=tr!(receipts.qr)>
                        <div class="v-qr-code" aria-hidden="true" inner_html=view.qr_svg></div>
                    </div>
                </div>
            </div>
            <details class="mt-3">
                <summary>{tr!(receipts.raw)}</summary>
                <p class="v-hash">{view.word}</p>
            </details>
            <div class="v-btns mt-3">
                <Link to=Page::Notice(view.row.notice, None) class="btn btn-outline-primary">
                    {tr!(receipts.open_notice)}
                </Link>
                <button type="button" class="v-link" on:click=move |_| print(id)>
                    <Icon name="it-print" small=true />
                    {tr!(notice.print)}
                </button>
            </div>
        </div>
    }
    .into_any()
}
