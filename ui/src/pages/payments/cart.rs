//! Notices paid together: up to five, each with whom it is for.

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::{GetCart, NoticeRow, PayLine};
use vicino_domain::{Cents, NoticeState};

use super::panel::{Panel, pay};
use super::part;
use crate::components::{Empty, Heading, Icon};
use crate::live::live;
use crate::pages::mine::Ways;
use crate::route::{Link, Page};
use crate::{tr, words};

/// What was chosen to be paid together, and what of it somebody began to pay last; kept until the page is closed.
#[derive(Clone, Copy, Default)]
pub struct Cart(pub RwSignal<Vec<PayLine>>, RwSignal<Vec<PayLine>>);

impl Cart {
    /// Returns whether this notice was chosen.
    pub(super) fn holds(self, line: &PayLine) -> bool {
        self.0.with(|lines| lines.iter().any(|other| other.number == line.number && other.id == line.id))
    }
}

#[component]
pub fn CartPage() -> impl IntoView {
    let Cart(cart, begun) = expect_context::<Cart>();
    let list = live(&[Event::Payments], move || GetCart { lines: cart.get() });
    // What is paid meanwhile leaves the cart; an amount that changed is shown as it is now.
    Effect::new(move |_| {
        let Some(rows) = list.known() else { return };
        let open = |line: &PayLine| {
            let row = rows.iter().find(|row| row.id == line.id && row.number == Some(line.number));
            // One that was chosen while these were read is not known yet.
            row.is_none_or(|row| row.state == NoticeState::ToPay)
        };
        if !cart.with_untracked(|lines| lines.iter().all(open)) {
            cart.update(|lines| lines.retain(open));
        }
    });
    let rows =
        move || Some(list.known()?.into_iter().filter(|row| row.state == NoticeState::ToPay).collect::<Vec<_>>());
    let lines = Signal::derive(move || {
        let rows = rows().unwrap_or_default();
        rows.iter()
            .filter_map(|row| Some(PayLine { id: row.id, number: row.number?, amount: row.amount }))
            .collect::<Vec<_>>()
    });
    view! {
        <Ways />
        <div class="v-head">
            <Heading text=tr!(cart.title) />
            <p class="v-mute">{tr!(cart.text)}</p>
        </div>
        {move || {
            rows()
                .map(|rows| view! { <ChosenNotices rows=rows cart=cart begun=begun lines=lines /> })
        }}
        <Panel of=begun.into() whole=true />
        <p class="mt-3">
            <Link to=Page::Payments class="v-link">
                {tr!(cart.add)}
            </Link>
        </p>
    }
}

#[component]
fn ChosenNotices(
    rows: Vec<NoticeRow>,
    cart: RwSignal<Vec<PayLine>>,
    begun: RwSignal<Vec<PayLine>>,
    lines: Signal<Vec<PayLine>>,
) -> impl IntoView {
    if rows.is_empty() {
        return view! { <Empty title=tr!(cart.none) text=tr!(cart.none_text) /> }.into_any();
    }
    let total: Cents = rows.iter().map(|row| row.amount).sum();
    let mut names: Vec<String> = Vec::new();
    for row in &rows {
        if !names.contains(&row.whom.name) {
            names.push(row.whom.name.clone());
        }
    }
    let line = |row: NoticeRow| {
        let (id, number) = (row.id, row.number);
        let name = tr!(cart.remove_name, name = row.title.clone());
        let remove = move |_| cart.update(|lines| lines.retain(|line| line.id != id || Some(line.number) != number));
        view! {
            <li>
                <div class="v-row v-pay">
                    <div>
                        <span class="v-line">
                            <Link to=Page::Notice(id, number)>
                                <b class="v-t" lang="it">
                                    {row.title}
                                    {part(row.part)}
                                </b>
                            </Link>
                            <span class="v-num v-amt">{words::euro(row.amount)}</span>
                        </span>
                        <span class="v-d">
                            {tr!(pay.whom)} " " <b lang="it">{row.whom.name}</b>
                        </span>
                    </div>
                    <button
                        type="button"
                        class="v-link is-no v-small"
                        aria-label=name
                        on:click=remove
                    >
                        {tr!(cart.remove)}
                    </button>
                </div>
            </li>
        }
        .into_any()
    };
    let go = move |_| {
        begun.set(lines.get_untracked());
        pay(lines.get_untracked(), false);
    };
    view! {
        <ul class="v-list">{rows.into_iter().map(line).collect_view()}</ul>
        <p class="mt-3">
            <span class="v-d" lang="it">
                {tr!(cart.sum, names = names.join(", "))}
            </span>
            <span class="v-amount">{words::euro(total)}</span>
        </p>
        <div class="v-btns mt-3">
            <button type="button" class="btn btn-primary" on:click=go>
                {tr!(notice.pay, sum = words::euro(total))}
                " "
                <Icon name="it-external-link" small=true />
            </button>
        </div>
        <p class="v-small v-mute mt-1">{tr!(notice.how)}</p>
    }
    .into_any()
}
