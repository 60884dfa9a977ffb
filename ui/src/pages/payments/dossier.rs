//! The tax dossier: what was asked, paid and is open, by year; the homes and vehicles behind it.

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::{DossierView, GetDossier, HoldingView, NoticeKind, TaxView, YearView};

use super::{NoticeLine, confirmed, sign};
use crate::components::{AsOf, Heading, Icon, Nothing};
use crate::live::{live, settled};
use crate::pages::mine::Ways;
use crate::route::{Link, Page};
use crate::{tr, words};

#[component]
pub fn Dossier() -> impl IntoView {
    let dossier = live(&[Event::Payments], || GetDossier {});
    let rows = settled(dossier, |dossier| confirmed(&mut dossier.freshness, dossier.years.is_empty()));
    view! {
        <Ways />
        <div class="v-head">
            <Heading text=tr!(dossier.title) />
            {move || dossier.known().map(|dossier| view! { <AsOf freshness=dossier.freshness /> })}
        </div>
        {move || rows.get().map(|dossier| view! { <Body dossier=dossier /> })}
    }
}

/// The name of a tax.
fn tax(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Canteen => tr!(dossier.canteen),
        NoticeKind::Transport => tr!(dossier.transport),
        NoticeKind::Waste => tr!(dossier.waste),
        NoticeKind::Fine => tr!(dossier.fine),
        NoticeKind::PropertyTax => tr!(dossier.property_tax),
        NoticeKind::Service => tr!(dossier.service),
    }
}

#[component]
fn Body(dossier: DossierView) -> impl IntoView {
    if dossier.years.is_empty() && dossier.holdings.is_empty() {
        return view! {
            <Nothing
                freshness=dossier.freshness
                empty=tr!(dossier.none)
                empty_text=tr!(dossier.none_text)
                unknown=tr!(dossier.unknown)
            />
        }
        .into_any();
    }
    let holdings = (!dossier.holdings.is_empty()).then(|| {
        view! {
            <section class="v-sec">
                <h2>{tr!(dossier.holdings)}</h2>
                {dossier
                    .holdings
                    .into_iter()
                    .map(|holding| view! { <Holding holding=holding /> })
                    .collect_view()}
                {dossier
                    .wrong
                    .map(|service| {
                        view! {
                            <p>
                                <Link to=Page::Service(service) class="v-link">
                                    {tr!(notice.wrong)}
                                </Link>
                            </p>
                        }
                    })}
            </section>
        }
    });
    view! {
        <div class="v-cols">
            <div>
                {dossier
                    .years
                    .into_iter()
                    .map(|view| view! { <TaxYear view=view /> })
                    .collect_view()}
            </div>
            <div class="v-side v-side-wide">{holdings}</div>
        </div>
    }
    .into_any()
}

#[component]
fn TaxYear(view: YearView) -> impl IntoView {
    let id = format!("year-{}", view.year);
    // Where nothing waits for its confirmation there is no column of it: on a phone the others need the room.
    let waits = view.taxes.iter().any(|one| one.on_its_way.0 > 0);
    let line = |one: &TaxView| {
        let f24 = one.kind == NoticeKind::PropertyTax;
        let open = if f24 { tr!(dossier.f24).to_owned() } else { words::euro(one.open) };
        view! {
            <tr>
                <th scope="row">
                    {tax(one.kind)} <span class="v-d" lang="it">
                        {one.whom.name.clone()}
                    </span>
                </th>
                <td>{words::euro(one.assessed)}</td>
                <td>{words::euro(one.paid)}</td>
                {waits.then(|| view! { <td>{words::euro(one.on_its_way)}</td> })}
                <td>{open}</td>
            </tr>
        }
        .into_any()
    };
    let lines = view.taxes.iter().map(line).collect_view();
    let rows = view
        .taxes
        .into_iter()
        .flat_map(|tax| tax.rows)
        .map(|row| view! { <NoticeLine row=row named=true /> })
        .collect_view();
    view! {
        <section class="v-sec" aria-labelledby=id.clone()>
            <h2 id=id.clone()>{view.year.to_string()}</h2>
            <div class="v-wide" role="region" tabindex="0" aria-labelledby=id.clone()>
                <table class="v-table" aria-labelledby=id.clone()>
                    <thead>
                        <tr>
                            <th scope="col">{tr!(dossier.tax)}</th>
                            <th scope="col">{tr!(dossier.assessed)}</th>
                            <th scope="col">{tr!(dossier.paid)}</th>
                            {waits
                                .then(|| view! { <th scope="col">{tr!(dossier.on_its_way)}</th> })}
                            <th scope="col">{tr!(dossier.open)}</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
            <ul class="v-list mt-3">{rows}</ul>
        </section>
    }
    .into_any()
}

#[component]
fn Holding(holding: HoldingView) -> impl IntoView {
    let fact = |(what, value): (String, String)| {
        view! {
            <div>
                <dt>{what}</dt>
                <dd>{value}</dd>
            </div>
        }
    };
    view! {
        <div class="v-group">
            <Icon name=sign(holding.whom.kind) />
            <div>
                <h3 lang="it">{holding.whom.name}</h3>
            </div>
        </div>
        <dl class="v-facts" lang="it">
            {holding.facts.into_iter().map(fact).collect_view()}
        </dl>
    }
    .into_any()
}
