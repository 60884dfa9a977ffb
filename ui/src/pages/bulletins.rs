//! What the town makes known: news, notices, the notice board; and one of them.

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::{BulletinKind, BulletinRow, BulletinView, GetBulletin, ListBulletins};
use vicino_domain::BulletinId;

use crate::components::{AsOf, Heading, Icon, LongList, Nothing};
use crate::live::live;
use crate::pages::ThingPage;
use crate::route::{Link, Page};
use crate::{tr, words};

/// Rows asked for at a time: what a long list shows, and some to spare.
const PAGE: u32 = 50;

#[component]
pub fn Bulletins(kind: Option<BulletinKind>) -> impl IntoView {
    let first = RwSignal::new(0_u32);
    let list = live(&[Event::Town], move || ListBulletins { kind, offset: first.get(), limit: PAGE });
    let total = Memo::new(move |_| list.known().map_or(0, |list| list.total));
    let rows = Memo::new(move |_| (first.get_untracked(), list.known().map(|list| list.rows).unwrap_or_default()));
    let head = move || list.known().map(|list| view! { <AsOf freshness=list.freshness /> });
    let nothing = move || {
        let list = list.known().filter(|list| list.total == 0)?;
        Some(view! {
            <Nothing
                freshness=list.freshness
                empty=tr!(bulletins.none)
                empty_text=""
                unknown=tr!(bulletins.unknown)
            />
        })
    };
    view! {
        <div class="v-head">
            <Heading text=tr!(bulletins.title) />
            {head}
        </div>
        <nav class="v-jump" aria-label=tr!(bulletins.title)>
            <Link to=Page::Bulletins(None)>{tr!(bulletins.all)}</Link>
            {BulletinKind::ALL
                .iter()
                .map(|kind| view! { <Link to=Page::Bulletins(Some(*kind))>{many(*kind)}</Link> })
                .collect_view()}
        </nav>
        {nothing}
        <Show when=move || { total.get() > 0 }>
            <LongList
                label=tr!(bulletins.title)
                first=first
                total=total
                rows=rows
                row=|row| view! { <BulletinLine row=row /> }
            />
        </Show>
    }
}

fn many(kind: BulletinKind) -> &'static str {
    match kind {
        BulletinKind::News => tr!(bulletins.news),
        BulletinKind::Notice => tr!(bulletins.notices),
        BulletinKind::Act => tr!(bulletins.acts),
    }
}

/// The name of one of them.
fn one(kind: Option<BulletinKind>) -> &'static str {
    match kind {
        Some(BulletinKind::News) => tr!(bulletins.one_news),
        Some(BulletinKind::Notice) => tr!(bulletins.one_notice),
        Some(BulletinKind::Act) => tr!(bulletins.one_act),
        None => tr!(bulletins.one_other),
    }
}

/// A bulletin in a list.
#[component]
pub fn BulletinLine(row: BulletinRow) -> impl IntoView {
    let urgent = row.urgent.then(|| {
        view! {
            <span class="v-state is-turn">
                <Icon name="it-warning-circle" small=true />
                {tr!(bulletins.urgent)}
            </span>
        }
    });
    let over = row.until.filter(|until| words::is_over(*until));
    view! {
        <Link to=Page::Bulletin(row.id) class="v-row">
            <div>
                <span class="v-t" lang="it">
                    {row.title}
                </span>
                <span class="v-d">{one(row.kind)} " · " {words::when(row.published_at)}</span>
                {over
                    .map(|until| {
                        view! {
                            <span class="v-d">{tr!(bulletins.over, day = words::day(until))}</span>
                        }
                    })}
                {urgent}
            </div>
            <Icon name="it-chevron-right" />
        </Link>
    }
}

#[component]
pub fn Bulletin(id: BulletinId) -> impl IntoView {
    let bulletin = live(&[Event::Town], move || GetBulletin { id });
    view! { <ThingPage thing=bulletin draw=|bulletin| view! { <WholeBulletin bulletin=bulletin /> } /> }
}

#[component]
fn WholeBulletin(bulletin: BulletinView) -> impl IntoView {
    let row = bulletin.row;
    let urgent = row.urgent.then(|| {
        view! {
            <span class="v-state is-turn is-big">
                <Icon name="it-warning-circle" />
                {tr!(bulletins.urgent)}
            </span>
        }
    });
    let fact = |name: &'static str, value: String| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd>{value}</dd>
            </div>
        }
    };
    let town_fact = |name: &'static str, value: String| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd lang="it">{value}</dd>
            </div>
        }
    };
    let act = bulletin.act.map(|act| {
        let what = act.what.map_or_else(|| act.code.clone(), |what| what.label().to_owned());
        view! {
            {town_fact(tr!(bulletins.act_type), what)}
            {fact(tr!(bulletins.register), act.number)}
        }
    });
    let text = if bulletin.paragraphs.is_empty() { vec![row.summary] } else { bulletin.paragraphs };
    view! {
        <div class="v-head">
            <p class="v-mute">{one(row.kind)} " · " {words::when(row.published_at)}</p>
            <Heading text=row.title lang="it" />
            {urgent}
            <AsOf freshness=bulletin.freshness />
        </div>
        <div class="v-cols">
            <div lang="it">
                {text
                    .into_iter()
                    .map(|text| view! { <p class="v-text mb-3">{text}</p> })
                    .collect_view()}
            </div>
            <div class="v-side">
                <dl class="v-facts">
                    {act} {row.until.map(|until| fact(tr!(bulletins.until), words::day(until)))}
                    {bulletin.office.map(|office| town_fact(tr!(bulletins.office), office))}
                </dl>
            </div>
        </div>
    }
}
