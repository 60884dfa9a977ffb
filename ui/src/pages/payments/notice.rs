//! One debt: whom it is for, how much and by when, how it can be paid, what it is made of, its story.

mod papers;
mod terms;

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::{GetNotice, InstallmentView, NoticeView, PayLine};
use vicino_domain::pagopa::{Check, NoticeNumber};
use vicino_domain::{CART, NoticeId, NoticeState};

use super::cart::Cart;
use super::code::Codes;
use super::panel::{Panel, pay};
use super::said::Said;
use super::{confirmed, due, sign};
use crate::components::{AsOf, Heading, Icon};
use crate::live::{live, settled};
use crate::pages::Missing;
use crate::route::{Link, Page};
use crate::{tr, words};
use papers::{Contacts, NoticeReceipts, Proofs, RelatedServices, Story};
use terms::{F24, Plans, Reason};

#[component]
pub fn Notice(id: NoticeId, number: Option<NoticeNumber>) -> impl IntoView {
    let notice = live(&[Event::Payments, Event::Outbox], move || GetNotice { id });
    let title = Memo::new(move |_| notice.known().map(|notice| notice.row.title));
    let gone = Memo::new(move |_| notice.failed().is_some());
    // The payment that is spoken of: the one chosen here, or the one offered.
    let picked = RwSignal::new(number);
    let number = Memo::new(move |before: Option<&Option<NoticeNumber>>| {
        // What was spoken of stays so when it is paid: the next instalment must not look like this one, unpaid.
        picked.get().or(before.copied().flatten()).or_else(|| notice.known()?.row.number)
    });
    let one = Memo::new(move |_| find(&notice.known()?, number.get()?));
    let payable = Memo::new(move |_| one.get().is_some_and(|one| one.payable && !waits(&one)));
    // Paid, says the resident: paying once more is not offered like paying.
    let again = Memo::new(move |_| one.get().is_some_and(|one| one.payable && waits(&one)));
    let proved = Memo::new(move |_| one.get().is_some_and(|one| one.state == NoticeState::Confirmed));
    let lines = Signal::derive(move || {
        let line = |one: InstallmentView| PayLine { id, number: one.number, amount: one.amount };
        one.get().map(line).into_iter().collect::<Vec<_>>()
    });
    let enclosed = Memo::new(move |_| notice.known().map(|notice| notice.enclosed).unwrap_or_default());
    let creditor = Memo::new(move |_| notice.known().map(|notice| (notice.creditor, notice.creditor_code.to_string())));
    let view = settled(notice, |notice| confirmed(&mut notice.freshness, false));
    let part = move |draw: fn(NoticeView) -> AnyView| move || view.get().map(draw);
    view! {
        <Show when=move || gone.get()>
            <Missing />
        </Show>
        {move || {
            title
                .get()
                .map(|title| {
                    view! {
                        <div class="v-cols">
                            <div class="v-head">
                                {part(|view| view! { <Whom view=view /> }.into_any())}
                                <Heading text=title lang="it" />
                                {move || {
                                    notice
                                        .known()
                                        .map(|notice| {
                                            view! { <Sum view=notice.clone() one=one.get() /> }
                                        })
                                }}
                                {move || {
                                    view.get()
                                        .map(|notice| {
                                            view! { <PayState view=notice one=one.get() /> }
                                        })
                                }}
                            </div>
                            <section class="v-sec v-sec-pay" aria-label=tr!(notice.choose)>
                                // A receipt is the last word: what the page had said before it no longer matters.
                                <Show when=move || !proved.get()>
                                    <Panel of=lines />
                                </Show>
                                <Show when=move || payable.get()>
                                    <Buttons lines=lines />
                                </Show>
                                <Show when=move || again.get()>
                                    <p class="v-mute">{tr!(notice.wait)}</p>
                                    <p>
                                        <button
                                            type="button"
                                            class="v-link v-small"
                                            on:click=move |_| pay(lines.get_untracked(), false)
                                        >
                                            {tr!(notice.again)}
                                        </button>
                                    </p>
                                </Show>
                                {move || {
                                    (one.get().is_some() && !proved.get())
                                        .then(|| {
                                            view! {
                                                <Said id=id number=number.into() enclosed=enclosed />
                                            }
                                        })
                                }}
                            </section>
                            <div class="v-side">
                                {move || {
                                    creditor
                                        .get()
                                        .filter(|_| payable.get())
                                        .map(|(name, code)| {
                                            view! {
                                                <Codes
                                                    id=id
                                                    number=number.into()
                                                    creditor=name
                                                    creditor_code=code
                                                />
                                            }
                                        })
                                }} {part(|view| view! { <Contacts view=view /> }.into_any())}
                            </div>
                            {move || {
                                view.get()
                                    .map(|notice| view! { <Reason view=notice one=one.get() /> })
                            }}
                            {move || {
                                view.get()
                                    .map(|notice| {
                                        view! {
                                            <Plans plans=notice.plans number=number picked=picked />
                                        }
                                    })
                            }}
                            {part(|view| view! { <F24 view=view /> }.into_any())}
                            {part(|view| view! { <NoticeReceipts view=view /> }.into_any())}
                            {part(|view| view! { <Proofs view=view /> }.into_any())}
                            {part(|view| view! { <RelatedServices view=view /> }.into_any())}
                            {part(|view| view! { <Story view=view /> }.into_any())}
                        </div>
                    }
                })
        }}
    }
}

/// Returns whether the confirmation of a payment is waited for, and nobody has said otherwise.
fn waits(one: &InstallmentView) -> bool {
    one.state == NoticeState::OnItsWay && !one.contrary
}

fn find(view: &NoticeView, number: NoticeNumber) -> Option<InstallmentView> {
    view.plans.iter().flat_map(|plan| &plan.installments).find(|one| one.number == number).cloned()
}

#[component]
fn Whom(view: NoticeView) -> impl IntoView {
    let detail = view.row.whom.detail.map(|detail| format!(", {detail}"));
    view! {
        <p class="v-for">
            <Icon name=sign(view.row.whom.kind) small=true />
            <span lang="it">
                <span class="visually-hidden">{tr!(pay.whom)} " "</span>
                {view.row.whom.name}
                {detail}
            </span>
        </p>
    }
    .into_any()
}

/// The amount, by when, and whether that is fresh enough to be paid.
#[component]
fn Sum(view: NoticeView, one: Option<InstallmentView>) -> impl IntoView {
    let amount = one.as_ref().map_or(view.row.amount, |one| one.amount);
    let plan = view.plans.iter().find(|plan| one.as_ref().is_some_and(|one| plan.installments.contains(one)));
    let at = plan.and_then(|plan| plan.installments.iter().position(|other| Some(other) == one.as_ref()));
    let count = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    let which = plan.zip(at).map_or(view.row.part, |(plan, at)| (count(at + 1), count(plan.installments.len())));
    let small = (which.1 > 1).then(|| view! { <small>{tr!(pay.part, n = which.0, of = which.1)}</small> });
    let by = one.as_ref().and_then(|one| one.due_on).or(view.row.due_on);
    let from = one.as_ref().map(|one| one.due_from.clone()).filter(|from| !from.is_empty());
    let by = by.map(|day| {
        let from = from.map(|from| view! { <span class="v-small v-mute">" · " {tr!(pay.from, from = from)}</span> });
        view! { <p>{tr!(notice.until, day = words::day(day))} {from}</p> }
    });
    let open = one.as_ref().is_some_and(|one| one.payable && one.state == NoticeState::ToPay) && !view.row.stranger;
    let opens = one.as_ref().and_then(|one| one.opens_on);
    let opens = opens.map(|day| view! { <p>{tr!(notice.opens_on, day = words::day(day))}</p> });
    let fresh = view.freshness.as_of.filter(|_| open).map(|at| {
        let when = words::when(at);
        let text = if view.fresh { tr!(notice.confirmed, when = when) } else { tr!(notice.old, when = when) };
        view! {
            <p class="v-asof">
                <Icon name="it-clock" small=true />
                {text}
            </p>
        }
    });
    let fresh = fresh.map_or_else(|| view! { <AsOf freshness=view.freshness /> }.into_any(), IntoAny::into_any);
    let check = one
        .filter(|one| one.check == Check::Wrong)
        .map(|_| view! { <p class="v-state is-turn">{tr!(notice.check)}</p> });
    view! {
        <p class="v-amount mt-2">{words::euro(amount)} " " {small}</p>
        {by}
        {opens}
        {fresh}
        {check}
    }
    .into_any()
}

/// Where it stands, and what is strange about it.
#[component]
fn PayState(view: NoticeView, one: Option<InstallmentView>) -> impl IntoView {
    let pill = one.as_ref().map(|one| match one.state {
        NoticeState::Confirmed => ("v-state is-big is-ok", "it-check-circle", tr!(notice.confirmed_state)),
        NoticeState::OnItsWay if one.contrary => ("v-state is-big is-no", "it-error", tr!(notice.not_paid)),
        NoticeState::OnItsWay if view.row.stranger => {
            ("v-state is-big is-ok", "it-check-circle", tr!(notice.said_by_you))
        }
        NoticeState::OnItsWay => ("v-state is-big is-turn", "it-clock", tr!(notice.on_its_way)),
        NoticeState::ToPay if one.opens_on.is_some() => ("v-state is-big is-past", "it-clock", tr!(notice.not_yet)),
        NoticeState::ToPay if !one.payable => ("v-state is-big is-past", "it-info-circle", tr!(notice.closed)),
        NoticeState::ToPay => ("v-state is-big is-go", "it-card", tr!(notice.to_pay)),
    });
    let pill = pill.map(|(class, icon, said)| {
        view! {
            <p>
                <b class=class>
                    <Icon name=icon />
                    {said}
                </b>
            </p>
        }
    });
    let note = |title: String, text: &'static str| {
        view! {
            <div class="v-note is-turn mt-2">
                <Icon name="it-warning-circle" />
                <div>
                    <b>{title}</b>
                    <p>{text}</p>
                </div>
            </div>
        }
    };
    let late = (view.row.state == NoticeState::ToPay && view.row.days < 0 && !view.row.closed)
        .then(|| view! { <p class="v-mute">{due(&view.row)}</p> });
    let open =
        view.row.open_since.map(|at| note(tr!(notice.open_title, when = words::when(at)), tr!(notice.open_text)));
    let twice = one
        .as_ref()
        .is_some_and(|one| one.paid_twice)
        .then(|| note(tr!(notice.twice).to_owned(), tr!(notice.twice_text)));
    let contrary = one.as_ref().is_some_and(|one| one.contrary).then(|| {
        let text = if one.as_ref().is_some_and(|one| one.state != NoticeState::Confirmed) {
            tr!(notice.contrary_said)
        } else {
            tr!(notice.contrary_text)
        };
        note(tr!(notice.contrary).to_owned(), text)
    });
    let elsewhere = (view.row.stranger && view.row.state == NoticeState::OnItsWay)
        .then(|| view! { <p class="v-mute">{tr!(notice.elsewhere)}</p> });
    view! {
        {pill}
        {elsewhere}
        {late}
        {open}
        {twice}
        {contrary}
    }
    .into_any()
}

/// To pay it, alone or with others. The same buttons stay while what is known of it changes: whoever is on one stays
/// there.
#[component]
fn Buttons(lines: Signal<Vec<PayLine>>) -> impl IntoView {
    let cart = expect_context::<Cart>();
    let line = move || lines.with(|lines| lines.first().copied());
    let sum = move || line().map(|line| words::euro(line.amount)).unwrap_or_default();
    let inside = Memo::new(move |_| line().is_some_and(|line| cart.holds(&line)));
    let full = Memo::new(move |_| cart.0.with(Vec::len) >= CART);
    let add = move |_| {
        if let Some(line) = line() {
            cart.0.update(|lines| lines.push(line));
        }
    };
    let together = move || match (inside.get(), full.get()) {
        (true, _) => view! {
            <Link to=Page::Cart class="v-link">
                {tr!(notice.in_cart)}
            </Link>
        }
        .into_any(),
        (false, true) => view! {
            <Link to=Page::Cart class="v-link v-small">
                {tr!(cart.full)}
            </Link>
        }
        .into_any(),
        (false, false) => view! {
            <button type="button" class="v-link" on:click=add>
                {tr!(notice.together)}
            </button>
        }
        .into_any(),
    };
    view! {
        <div class="v-flow">
            <button
                type="button"
                class="btn btn-primary btn-wide"
                on:click=move |_| pay(lines.get_untracked(), false)
            >
                {move || tr!(notice.pay, sum = sum())}
                " "
                <Icon name="it-external-link" small=true />
            </button>
            {together}
        </div>
        <p class="v-small v-mute mt-1">{tr!(notice.how)}</p>
    }
}
