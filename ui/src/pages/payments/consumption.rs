//! Meals and rides before any bill: a small chart that is a table.

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::{ConsumptionList, ConsumptionView, GetConsumption, Unit};
use vicino_domain::Cents;

use super::{confirmed, sign};
use crate::components::{AsOf, Heading, Icon, Nothing};
use crate::live::{live, settled};
use crate::pages::mine::Ways;
use crate::{tr, words};

#[component]
pub fn Consumption() -> impl IntoView {
    let list = live(&[Event::Payments], || GetConsumption {});
    let rows = settled(list, |list| confirmed(&mut list.freshness, list.services.is_empty()));
    view! {
        <Ways />
        <div class="v-head">
            <Heading text=tr!(consumption.title) />
            {move || list.known().map(|list| view! { <AsOf freshness=list.freshness /> })}
        </div>
        {move || rows.get().map(|list| view! { <Body list=list /> })}
    }
}

#[component]
fn Body(list: ConsumptionList) -> impl IntoView {
    if list.services.is_empty() {
        return view! {
            <Nothing
                freshness=list.freshness
                empty=tr!(consumption.none)
                empty_text=tr!(consumption.none_text)
                unknown=tr!(consumption.unknown)
            />
        }
        .into_any();
    }
    list.services
        .into_iter()
        .enumerate()
        .map(|(at, view)| view! { <ServiceUse at=at view=view /> })
        .collect_view()
        .into_any()
}

fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Meal => tr!(consumption.meals),
        Unit::Ride => tr!(consumption.rides),
        Unit::Use => tr!(consumption.uses),
    }
}

#[component]
fn ServiceUse(at: usize, view: ConsumptionView) -> impl IntoView {
    let balance = if view.balance.0 < 0 {
        tr!(consumption.debit, sum = words::euro(Cents(-view.balance.0)))
    } else {
        tr!(consumption.credit, sum = words::euro(view.balance))
    };
    let most = view.weeks.iter().map(|(_, count, _)| *count).max().unwrap_or(1).max(1);
    let id = format!("consumption-{at}");
    let week = |(monday, count, cost): (chrono::NaiveDate, u32, Cents)| {
        let width = format!("{}%", count * 100 / most);
        view! {
            <tr>
                <th scope="row">{words::day(monday)}</th>
                <td class="v-bar">
                    <span class="v-num">{count}</span>
                    <span class="v-prog" aria-hidden="true">
                        <span style:width=width></span>
                    </span>
                </td>
                <td class="v-num">{words::euro(cost)}</td>
            </tr>
        }
        .into_any()
    };
    let day = |(day, count, cost): (chrono::NaiveDate, u16, Cents)| {
        view! {
            <tr>
                <th scope="row">{words::day(day)}</th>
                <td class="v-num">{count}</td>
                <td class="v-num">{words::euro(cost)}</td>
            </tr>
        }
        .into_any()
    };
    let head = |first: &'static str| {
        view! {
            <thead>
                <tr>
                    <th scope="col">{first}</th>
                    <th scope="col">{unit(view.unit)}</th>
                    <th scope="col">{tr!(consumption.cost)}</th>
                </tr>
            </thead>
        }
    };
    let (weeks, days) = (head(tr!(consumption.week)), head(tr!(consumption.day)));
    view! {
        <section class="v-sec" aria-labelledby=id.clone()>
            <div class="v-group">
                <Icon name=sign(view.whom.kind) />
                <div>
                    <h2 class="h3" id=id.clone() lang="it">
                        {view.title}
                        ", "
                        {view.whom.name}
                    </h2>
                    <span class="v-d">
                        {tr!(consumption.counted, day = words::day(view.counted_to))}
                    </span>
                </div>
            </div>
            <p>
                <b class="v-num">{balance}</b>
            </p>
            <table class="v-table" aria-labelledby=id.clone()>
                {weeks}
                <tbody>{view.weeks.into_iter().map(week).collect_view()}</tbody>
            </table>
            <details class="mt-2">
                <summary>{tr!(consumption.days)}</summary>
                <table class="v-table" aria-labelledby=id.clone()>
                    {days}
                    <tbody>{view.days.into_iter().map(day).collect_view()}</tbody>
                </table>
            </details>
        </section>
    }
    .into_any()
}
