//! Debts in a list: each a row, those of one person, home or vehicle together.

use leptos::prelude::*;
use vicino_contract::ipc::{NoticeRow, WhomGroup, WhomKind, WhomView};
use vicino_domain::NoticeState;

use crate::components::Icon;
use crate::route::{Link, Page};
use crate::{tr, words};

/// The picture of a person, a home, a vehicle.
pub(in crate::pages) fn sign(kind: WhomKind) -> &'static str {
    match kind {
        WhomKind::Person => "it-user",
        WhomKind::Home => "v-icon-home",
        WhomKind::Vehicle => "it-car",
    }
}

#[component]
pub(super) fn NoticeGroup(group: WhomGroup) -> impl IntoView {
    let (total, several) = (group.total, group.rows.len() > 1);
    let WhomView { kind, name, detail } = group.whom;
    let stranger = group.rows.first().is_some_and(|row| row.stranger);
    let detail = if stranger { Some(tr!(pay.strangers).to_owned()) } else { detail };
    let sum = several.then(|| {
        view! {
            <span class="v-sub">
                <span class="v-d">{tr!(pay.total_of, name = name.clone())}</span>
                <b class="v-num">{words::euro(total)}</b>
            </span>
        }
    });
    view! {
        <div class="v-group">
            <Icon name=sign(kind) />
            <div>
                <h3 lang="it">{name.clone()}</h3>
                {detail.map(|detail| view! { <span class="v-d">{detail}</span> })}
            </div>
            {sum}
        </div>
        <ul class="v-list">
            {group
                .rows
                .into_iter()
                .map(|one| view! { <NoticeLine row=one named=false /> })
                .collect_view()}
        </ul>
    }
    .into_any()
}

/// Which of several payments it is.
pub(in crate::pages) fn part((n, of): (u16, u16)) -> String {
    if of > 1 { format!(", {}", tr!(pay.part, n = n, of = of)) } else { String::new() }
}

/// How far off its day is, and where that day comes from.
pub(in crate::pages) fn due(row: &NoticeRow) -> String {
    if row.closed {
        return tr!(notice.closed).to_owned();
    }
    if let Some(from) = row.opens_on {
        return tr!(notice.opens_on, day = words::day(from));
    }
    if row.due_on.is_none() {
        return tr!(pay.no_due).to_owned();
    }
    let left = match row.days {
        0 => tr!(pay.today).to_owned(),
        1 => tr!(pay.tomorrow).to_owned(),
        days if days < 0 => tr!(pay.over, n = -days),
        days => tr!(pay.left, n = days),
    };
    if row.due_from.is_empty() { left } else { format!("{left} · {}", tr!(pay.from, from = row.due_from.clone())) }
}

/// A notice in a list; `named`: with whom it is for.
#[component]
pub(in crate::pages) fn NoticeLine(row: NoticeRow, named: bool) -> impl IntoView {
    let whom =
        named.then(|| view! { <span class="v-d">{tr!(pay.whom)} " " <b lang="it">{row.whom.name.clone()}</b></span> });
    let state = match row.state {
        NoticeState::ToPay => {
            let begun = row.open_since.map(|at| {
                view! { <b class="v-state is-turn">{tr!(pay.begun, when = words::when(at))}</b> }
            });
            view! {
                <span class="v-d">{due(&row)}</span>
                {begun}
            }
            .into_any()
        }
        NoticeState::OnItsWay if row.contrary => view! {
            <b class="v-state is-no">{tr!(notice.not_paid)}</b>
            <span class="v-d">{tr!(pay.contrary)}</span>
        }
        .into_any(),
        NoticeState::OnItsWay if row.stranger => view! {
            <b class="v-state is-ok">{tr!(notice.said_by_you)}</b>
            <span class="v-d">{tr!(notice.elsewhere)}</span>
        }
        .into_any(),
        NoticeState::OnItsWay => view! {
            <b class="v-state is-turn">{tr!(pay.not_again)}</b>
            <span class="v-d">{tr!(pay.wait)}</span>
        }
        .into_any(),
        NoticeState::Confirmed => {
            let on = row.paid_at.map(|at| tr!(pay.paid_on, when = words::date(at))).unwrap_or_default();
            let contrary = row.contrary.then(|| view! { <b class="v-state is-no">{tr!(notice.not_paid)}</b> });
            view! {
                <b class="v-state is-ok">
                    <Icon name="it-check-circle" />
                    {on}
                </b>
                {contrary}
            }
            .into_any()
        }
    };
    view! {
        <li>
            <Link to=Page::Notice(row.id, row.number) class="v-row v-pay">
                <DueLeaf row=row.clone() />
                <div>
                    <span class="v-line">
                        <b class="v-t" lang="it">
                            {row.title.clone()}
                            {part(row.part)}
                        </b>
                        <span class="v-num v-amt">{words::euro(row.amount)}</span>
                    </span>
                    {whom}
                    {state}
                </div>
            </Link>
        </li>
    }
    .into_any()
}

/// The day that matters.
#[component]
pub(super) fn DueLeaf(row: NoticeRow) -> impl IntoView {
    let class = match (row.state, row.days) {
        (NoticeState::Confirmed, _) => "v-leaf is-ok",
        (NoticeState::OnItsWay, _) => "v-leaf is-turn",
        (NoticeState::ToPay, _) if row.closed => "v-leaf",
        (NoticeState::ToPay, days) if row.due_on.is_some() && days <= 7 => "v-leaf is-turn",
        (NoticeState::ToPay, days) if row.due_on.is_some() && days <= 30 => "v-leaf is-go",
        _ => "v-leaf",
    };
    let paid = row.paid_at.filter(|_| row.state == NoticeState::Confirmed).map(words::day_of);
    match paid.or(row.due_on) {
        Some(day) => {
            let (number, month) = words::leaf(day);
            view! {
                <span class=class>
                    <b>{number}</b>
                    {month}
                </span>
            }
            .into_any()
        }
        None => view! {
            <span class=class>
                <Icon name="it-card" />
            </span>
        }
        .into_any(),
    }
}
