//! What is owed, by whom it is for; what is on its way; what is paid. The rooms of single notices are inside.

mod cart;
mod code;
mod consumption;
mod dossier;
mod notice;
mod panel;
mod pictures;
mod reading;
mod receipts;
mod rows;
mod said;

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::{Freshness, ListPayments, NoticeRow, PaymentList};

use self::rows::NoticeGroup;
use super::mine::Ways;
use crate::components::{AsOf, Heading, Icon, Nothing};
use crate::live::{live, settled};
use crate::route::{Link, Page};
use crate::tr;

pub use cart::{Cart, CartPage};
pub use consumption::Consumption;
pub use dossier::Dossier;
pub use notice::Notice;
pub use pictures::Pictures;
pub use reading::{Reading, unread};
pub use receipts::{PaymentReceipt, Receipts};
pub(in crate::pages) use rows::{NoticeLine, due, part, sign};

/// Paid notices shown at first, and more at each press.
const PAID: u32 = 10;
/// Notices to pay shown at first, and more at each press.
const TO_PAY: u32 = 30;

#[component]
pub fn Payments() -> impl IntoView {
    let (owed, shown) = (RwSignal::new(TO_PAY), RwSignal::new(PAID));
    let list = live(&[Event::Payments], move || ListPayments { most: owed.get(), offset: 0, limit: shown.get() });
    let rows = settled(list, |list| confirmed(&mut list.freshness, list.to_pay.is_empty()));
    let chosen = expect_context::<Cart>().0;
    let cart = move || {
        let count = chosen.with(Vec::len);
        (count > 0).then(|| {
            view! {
                <p class="mb-4">
                    <Link to=Page::Cart class="btn btn-primary">
                        {tr!(pay.cart)}
                        " "
                        <span class="v-count">{count}</span>
                    </Link>
                </p>
            }
        })
    };
    view! {
        <Ways />
        <div class="v-head">
            <Heading text=tr!(pay.title) />
            {move || list.known().map(|list| view! { <AsOf freshness=list.freshness /> })}
        </div>
        {cart}
        {move || rows.get().map(|list| view! { <Body list=list owed=owed shown=shown /> })}
    }
}

/// As of when something is known matters to what is drawn of it only where there is nothing.
pub(in crate::pages) fn confirmed(freshness: &mut Freshness, empty: bool) {
    *freshness = Freshness { as_of: freshness.as_of.filter(|_| empty), last_try: None };
}

#[component]
fn Body(list: PaymentList, owed: RwSignal<u32>, shown: RwSignal<u32>) -> impl IntoView {
    view! {
        <nav class="v-jump d-lg-none" aria-label=tr!(pay.title)>
            <Jump to="#to-pay" what=tr!(pay.to_pay) count=list.to_pay_total />
            <Jump
                to="#on-its-way"
                what=tr!(pay.on_its_way)
                count=u32::try_from(list.on_its_way.len()).unwrap_or_default()
            />
            <Jump to="#paid" what=tr!(pay.paid) count=list.paid_total />
        </nav>
        <div class="v-cols">
            <ToPay list=list.clone() owed=owed />
            <div class="v-side v-side-wide">
                <OnItsWay rows=list.on_its_way />
                <Paid rows=list.paid total=list.paid_total shown=shown />
                <Closed rows=list.closed />
                <section class="v-sec" aria-label=tr!(pay.title)>
                    <ul class="v-tiles">
                        <Tile
                            to=Page::ReadNotice
                            icon="it-camera"
                            title=tr!(pay.read_tile)
                            text=tr!(pay.read_text)
                        />
                        <Tile
                            to=Page::Receipts
                            icon="it-files"
                            title=tr!(pay.receipts)
                            text=tr!(pay.receipts_text)
                        />
                        <Tile
                            to=Page::Dossier
                            icon="it-folder"
                            title=tr!(pay.dossier)
                            text=tr!(pay.dossier_text)
                        />
                        <Tile
                            to=Page::Consumption
                            icon="it-calendar"
                            title=tr!(pay.consumption)
                            text=tr!(pay.consumption_text)
                        />
                    </ul>
                </section>
                <section class="v-sec">
                    <h2 class="h3">{tr!(pay.offline_title)}</h2>
                    <p class="v-small v-mute mt-1">{tr!(pay.offline_text)}</p>
                </section>
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn Jump(to: &'static str, what: &'static str, count: u32) -> impl IntoView {
    (count > 0).then(|| view! { <a href=to>{what} " " <span class="v-count">{count}</span></a> }).into_any()
}

#[component]
fn Tile(to: Page, icon: &'static str, title: &'static str, text: &'static str) -> impl IntoView {
    view! {
        <li>
            <Link to=to>
                <Icon name=icon />
                <span>
                    <b class="v-t">{title}</b>
                    <span class="v-d">{text}</span>
                </span>
            </Link>
        </li>
    }
    .into_any()
}

#[component]
fn ToPay(list: PaymentList, owed: RwSignal<u32>) -> impl IntoView {
    let several = list.to_pay.len() > 1;
    let inner = if list.to_pay.is_empty() {
        view! {
            <Nothing
                freshness=list.freshness
                empty=tr!(pay.none)
                empty_text=tr!(pay.none_text)
                unknown=tr!(pay.unknown)
            />
        }
        .into_any()
    } else {
        let rows: usize = list.to_pay.iter().map(|group| group.rows.len()).sum();
        let more = (usize::try_from(list.to_pay_total).unwrap_or_default() > rows).then(|| {
            view! {
                <p class="v-small v-mute">
                    {tr!(pay.all_more, shown = rows, all = list.to_pay_total)}
                </p>
                <button
                    type="button"
                    class="v-link"
                    on:click=move |_| owed.update(|owed| *owed += TO_PAY)
                >
                    {tr!(pay.more_paid)}
                </button>
            }
        });
        view! {
            {several.then(|| view! { <p class="v-small v-mute">{tr!(pay.apart)}</p> })}
            {list
                .to_pay
                .iter()
                .cloned()
                .map(|group| view! { <NoticeGroup group=group /> })
                .collect_view()}
            {more}
        }
        .into_any()
    };
    let information = (!list.information.is_empty()).then(|| {
        view! {
            <section class="v-sec" aria-labelledby="f24">
                <h2 id="f24">{tr!(pay.information)}</h2>
                <ul class="v-list">
                    {list
                        .information
                        .iter()
                        .cloned()
                        .map(|one| view! { <NoticeLine row=one named=true /> })
                        .collect_view()}
                </ul>
            </section>
        }
    });
    view! {
        <div>
            <section class="v-sec" aria-labelledby="to-pay">
                <div class="v-sec-h">
                    <h2 id="to-pay">{tr!(pay.to_pay)}</h2>
                </div>
                {inner}
            </section>
            {information}
        </div>
    }
    .into_any()
}

/// What nobody is to pay any more, folded: it is looked for seldom.
#[component]
fn Closed(rows: Vec<NoticeRow>) -> impl IntoView {
    (!rows.is_empty())
        .then(|| {
            view! {
                <section class="v-sec" aria-labelledby="closed">
                    <details>
                        <summary>
                            <h2 class="h3" id="closed">
                                {tr!(pay.closed)}
                            </h2>
                        </summary>
                        <ul class="v-list">
                            {rows
                                .into_iter()
                                .map(|one| view! { <NoticeLine row=one named=true /> })
                                .collect_view()}
                        </ul>
                    </details>
                </section>
            }
        })
        .into_any()
}

#[component]
fn OnItsWay(rows: Vec<NoticeRow>) -> impl IntoView {
    let inner = if rows.is_empty() {
        None
    } else {
        Some(rows.into_iter().map(|one| view! { <NoticeLine row=one named=true /> }).collect_view())
    };
    inner
        .map(|rows| {
            view! {
                <section class="v-sec" aria-labelledby="on-its-way">
                    <div class="v-sec-h">
                        <h2 id="on-its-way">{tr!(pay.on_its_way)}</h2>
                    </div>
                    <ul class="v-list">{rows}</ul>
                </section>
            }
        })
        .into_any()
}

#[component]
fn Paid(rows: Vec<NoticeRow>, total: u32, shown: RwSignal<u32>) -> impl IntoView {
    let more = usize::try_from(total).unwrap_or_default() > rows.len();
    let inner = if rows.is_empty() {
        view! { <p class="v-small v-mute">{tr!(pay.none_paid)}</p> }.into_any()
    } else {
        view! {
            <ul class="v-list">
                {rows
                    .into_iter()
                    .map(|one| view! { <NoticeLine row=one named=true /> })
                    .collect_view()}
            </ul>
        }
        .into_any()
    };
    let button = more.then(|| {
        view! {
            <button
                type="button"
                class="v-link v-small"
                on:click=move |_| shown.update(|shown| *shown += PAID)
            >
                {tr!(pay.more_paid)}
            </button>
        }
    });
    view! {
        <section class="v-sec" aria-labelledby="paid">
            <div class="v-sec-h">
                <h2 id="paid">{tr!(pay.paid)}</h2>
            </div>
            {inner}
            {button}
        </section>
    }
    .into_any()
}
