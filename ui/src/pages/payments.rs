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

use self::rows::group;
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
pub(in crate::pages) use rows::{due, part, row, sign};

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
        {move || rows.get().map(|list| body(list, owed, shown))}
    }
}

/// As of when something is known matters to what is drawn of it only where there is nothing.
pub(in crate::pages) fn confirmed(freshness: &mut Freshness, empty: bool) {
    *freshness = Freshness { as_of: freshness.as_of.filter(|_| empty), last_try: None };
}

fn body(list: PaymentList, owed: RwSignal<u32>, shown: RwSignal<u32>) -> AnyView {
    view! {
        <nav class="v-jump d-lg-none" aria-label=tr!(pay.title)>
            {jump("#to-pay", tr!(pay.to_pay), list.to_pay_total)}
            {jump(
                "#on-its-way",
                tr!(pay.on_its_way),
                u32::try_from(list.on_its_way.len()).unwrap_or_default(),
            )}
            {jump("#paid", tr!(pay.paid), list.paid_total)}
        </nav>
        <div class="v-cols">
            {to_pay(&list, owed)}
            <div class="v-side v-side-wide">
                {on_its_way(list.on_its_way)} {paid(list.paid, list.paid_total, shown)}
                {closed(list.closed)} <section class="v-sec" aria-label=tr!(pay.title)>
                    <ul class="v-tiles">
                        {tile(
                            Page::ReadNotice,
                            "it-camera",
                            tr!(pay.read_tile),
                            tr!(pay.read_text),
                        )}
                        {tile(
                            Page::Receipts,
                            "it-files",
                            tr!(pay.receipts),
                            tr!(pay.receipts_text),
                        )}
                        {tile(Page::Dossier, "it-folder", tr!(pay.dossier), tr!(pay.dossier_text))}
                        {tile(
                            Page::Consumption,
                            "it-calendar",
                            tr!(pay.consumption),
                            tr!(pay.consumption_text),
                        )}
                    </ul>
                </section> <section class="v-sec">
                    <h2 class="h3">{tr!(pay.offline_title)}</h2>
                    <p class="v-small v-mute mt-1">{tr!(pay.offline_text)}</p>
                </section>
            </div>
        </div>
    }
    .into_any()
}

fn jump(to: &'static str, what: &'static str, count: u32) -> AnyView {
    (count > 0).then(|| view! { <a href=to>{what} " " <span class="v-count">{count}</span></a> }).into_any()
}

fn tile(to: Page, icon: &'static str, title: &'static str, text: &'static str) -> AnyView {
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

fn to_pay(list: &PaymentList, owed: RwSignal<u32>) -> AnyView {
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
            {list.to_pay.iter().cloned().map(group).collect_view()}
            {more}
        }
        .into_any()
    };
    let information = (!list.information.is_empty()).then(|| {
        view! {
            <section class="v-sec" aria-labelledby="f24">
                <h2 id="f24">{tr!(pay.information)}</h2>
                <ul class="v-list">
                    {list.information.iter().cloned().map(|one| row(one, true)).collect_view()}
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
fn closed(rows: Vec<NoticeRow>) -> AnyView {
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
                            {rows.into_iter().map(|one| row(one, true)).collect_view()}
                        </ul>
                    </details>
                </section>
            }
        })
        .into_any()
}

fn on_its_way(rows: Vec<NoticeRow>) -> AnyView {
    let inner = if rows.is_empty() { None } else { Some(rows.into_iter().map(|one| row(one, true)).collect_view()) };
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

fn paid(rows: Vec<NoticeRow>, total: u32, shown: RwSignal<u32>) -> AnyView {
    let more = usize::try_from(total).unwrap_or_default() > rows.len();
    let inner = if rows.is_empty() {
        view! { <p class="v-small v-mute">{tr!(pay.none_paid)}</p> }.into_any()
    } else {
        view! { <ul class="v-list">{rows.into_iter().map(|one| row(one, true)).collect_view()}</ul> }.into_any()
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
