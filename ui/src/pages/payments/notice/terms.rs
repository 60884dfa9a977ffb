//! What a debt is made of, and the ways it can be paid: at once, by instalments, with an F24.

use leptos::prelude::*;
use vicino_contract::ipc::{F24View, InstallmentView, LineView, NoticeView, PlanView};
use vicino_domain::pagopa::NoticeNumber;
use vicino_domain::{Cents, NoticeState};

use crate::{tr, words};

/// The sum, line by line: of the whole debt by the way that is spoken of, and what of it this payment is.
#[component]
pub(super) fn Reason(view: NoticeView, one: Option<InstallmentView>) -> impl IntoView {
    let way = view.plans.into_iter().find(|plan| one.as_ref().is_some_and(|one| plan.installments.contains(one)));
    let count = way.as_ref().map_or(1, |plan| plan.installments.len());
    let lines: Vec<LineView> = view.lines.into_iter().chain(way.into_iter().flat_map(|plan| plan.lines)).collect();
    if lines.is_empty() {
        return ().into_any();
    }
    let total: Cents = lines.iter().map(|line| line.amount).sum();
    let part = one.filter(|_| count > 1).map(|one| {
        view! {
            <tr>
                <th scope="row">{tr!(notice.this_part)}</th>
                <td>{words::euro(one.amount)}</td>
            </tr>
        }
    });
    let line = |line: LineView| {
        let how = line.how.map(|how| view! { <span class="v-d">{how}</span> });
        view! {
            <tr>
                <th scope="row" lang="it">
                    {line.what}
                    {how}
                </th>
                <td>{words::euro(line.amount)}</td>
            </tr>
        }
    };
    // What leads up to a sum that is no sum of them, such as a base and its rate, is not added.
    let adds = view.f24.is_empty();
    view! {
        <section class="v-sec" aria-labelledby="sum">
            <div class="v-sec-h">
                <h2 id="sum">{tr!(notice.why)}</h2>
            </div>
            <table class="v-sum" aria-labelledby="sum">
                <tbody>
                    {lines.into_iter().map(line).collect_view()}
                    {adds
                        .then(|| {
                            view! {
                                <tr class="is-total">
                                    <th scope="row">{tr!(notice.total)}</th>
                                    <td>{words::euro(total)}</td>
                                </tr>
                            }
                        })} {part}
                </tbody>
            </table>
        </section>
    }
    .into_any()
}

/// The ways to pay it, and which payment is spoken of.
#[component]
pub(super) fn Plans(
    plans: Vec<PlanView>,
    number: Memo<Option<NoticeNumber>>,
    picked: RwSignal<Option<NoticeNumber>>,
) -> impl IntoView {
    if plans.iter().map(|plan| plan.installments.len()).sum::<usize>() < 2 {
        return ().into_any();
    }
    let plan = |plan: PlanView| {
        let until = plan.until.map(|day| {
            if plan.over { tr!(notice.over).to_owned() } else { tr!(notice.until_day, day = words::day(day)) }
        });
        let rows = plan
            .installments
            .into_iter()
            .map(|one| view! { <InstallmentChoice one=one number=number picked=picked /> })
            .collect_view();
        view! {
            <fieldset class="mt-3">
                <legend class="v-t" lang="it">
                    {plan.title}
                    {until.map(|until| view! { <span class="v-d">{until}</span> })}
                </legend>
                {rows}
            </fieldset>
        }
        .into_any()
    };
    view! {
        <section class="v-sec" aria-labelledby="rate">
            <div class="v-sec-h">
                <h2 id="rate">{tr!(notice.plans)}</h2>
            </div>
            {plans.into_iter().map(plan).collect_view()}
        </section>
    }
    .into_any()
}

#[component]
pub(super) fn InstallmentChoice(
    one: InstallmentView,
    number: Memo<Option<NoticeNumber>>,
    picked: RwSignal<Option<NoticeNumber>>,
) -> impl IntoView {
    let id = format!("installment-{}", one.number);
    let by = one.due_on.map(|day| tr!(notice.until, day = words::day(day))).unwrap_or_default();
    let state = match one.state {
        NoticeState::Confirmed => one.paid_at.map(|at| tr!(pay.paid_on, when = words::date(at))).unwrap_or_default(),
        NoticeState::OnItsWay if one.contrary => tr!(notice.not_paid).to_owned(),
        NoticeState::OnItsWay => tr!(notice.on_its_way).to_owned(),
        NoticeState::ToPay => match one.opens_on {
            Some(from) => tr!(notice.opens_on, day = words::day(from)),
            None if !one.payable => tr!(notice.other_way).to_owned(),
            None => String::new(),
        },
    };
    let which = one.number;
    let chosen = move || number.get() == Some(which);
    view! {
        <div class="form-check">
            <input
                type="radio"
                name="installment"
                id=id.clone()
                prop:checked=chosen
                on:change=move |_| picked.set(Some(which))
            />
            <label for=id>
                <span class="v-num">{words::euro(one.amount)}</span>
                " "
                {by}
                <span class="v-d">{state}</span>
            </label>
        </div>
    }
    .into_any()
}

#[component]
pub(super) fn F24(view: NoticeView) -> impl IntoView {
    if view.f24.is_empty() {
        return ().into_any();
    }
    let row = |row: F24View| {
        let part = match row.part.as_str() {
            "deposit" => tr!(notice.deposit),
            "balance" => tr!(notice.balance),
            _ => tr!(notice.whole),
        };
        view! {
            <dl class="v-facts mt-3">
                <div class="v-pair">
                    <dt>{tr!(notice.f24_part)}</dt>
                    <dd>{part}</dd>
                </div>
                <div class="v-pair">
                    <dt>{tr!(notice.f24_due)}</dt>
                    <dd>{words::day(row.due_on)}</dd>
                </div>
                <div class="v-pair">
                    <dt>{tr!(notice.f24_town)}</dt>
                    <dd>{row.town}</dd>
                </div>
                <div class="v-pair">
                    <dt>{tr!(notice.f24_tribute)}</dt>
                    <dd>{row.tribute}</dd>
                </div>
                <div class="v-pair">
                    <dt>{tr!(notice.f24_count)}</dt>
                    <dd>{row.properties}</dd>
                </div>
                <div class="v-pair">
                    <dt>{tr!(notice.f24_year)}</dt>
                    <dd>{row.year.to_string()}</dd>
                </div>
                <div class="v-pair">
                    <dt>{tr!(notice.f24_amount)}</dt>
                    <dd class="v-num">{words::euro(row.amount)}</dd>
                </div>
            </dl>
        }
        .into_any()
    };
    view! {
        <section class="v-sec" aria-labelledby="f24">
            <h2 id="f24">{tr!(notice.f24)}</h2>
            <p class="v-mute">{tr!(notice.f24_text)}</p>
            {view.f24.into_iter().map(row).collect_view()}
        </section>
    }
    .into_any()
}
