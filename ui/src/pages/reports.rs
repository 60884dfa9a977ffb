//! Reports: the resident's own with their drafts, and what others in the town reported.

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::{
    DraftRow, Freshness, ListDrafts, ListPublicReports, ListReports, PublicReportRow, ReportRow,
};

use crate::components::{AsOf, Empty, Heading, Icon, LongList, Nothing, Pill, Unknown, pill_of, town_look};
use crate::live::live;
use crate::route::{Link, Page};
use crate::{tr, words};

/// Rows asked for at a time: what a long list shows, and some to spare.
const PAGE: u32 = 50;

#[component]
pub fn Reports(town: bool) -> impl IntoView {
    view! {
        <div class="v-head">
            <Heading text=tr!(reports.title) />
        </div>
        <nav class="v-jump" aria-label=tr!(reports.tabs)>
            <Link to=Page::Reports>{tr!(reports.mine)}</Link>
            <Link to=Page::Town>{tr!(reports.town)}</Link>
        </nav>
        {if town { view! { <Town /> }.into_any() } else { view! { <Mine /> }.into_any() }}
    }
}

/// How many there are; of nothing read yet no number is said.
fn counted(total: u32, freshness: Option<Freshness>) -> String {
    let read = freshness.is_some_and(|freshness| freshness.as_of.is_some());
    if total > 0 || read { how_many(total) } else { tr!(reports.title).to_owned() }
}

fn how_many(total: u32) -> String {
    if total == 1 { tr!(reports.one).to_owned() } else { tr!(reports.many, n = total) }
}

#[component]
fn Mine() -> impl IntoView {
    let first = RwSignal::new(0_u32);
    let list = live(&[Event::Reports, Event::Outbox], move || ListReports { offset: first.get(), limit: PAGE });
    let drafts = live(&[Event::Drafts], || ListDrafts {});
    let read = Memo::new(move |_| list.known().is_some());
    let total = Memo::new(move |_| list.known().map_or(0, |list| list.total));
    // The rows belong to the offset they were asked with: both change together.
    let rows = Memo::new(move |_| (first.get_untracked(), list.known().map(|list| list.rows).unwrap_or_default()));
    let drafts =
        move || drafts.known().filter(|drafts| !drafts.is_empty()).map(|drafts| view! { <DraftList drafts=drafts /> });
    let failed = move || list.failed().map(|failure| view! { <p role="alert">{words::failure(&failure)}</p> });
    view! {
        {drafts}
        {failed}
        <Show when=move || read.get()>
            <section class="v-sec" aria-labelledby="mine">
                <div class="v-sec-h">
                    <h2 id="mine">
                        {move || counted(total.get(), list.known().map(|list| list.freshness))}
                    </h2>
                    {move || list.known().map(|list| view! { <AsOf freshness=list.freshness /> })}
                </div>
                <Show when=move || {
                    total.get() == 0
                }>
                    {move || {
                        list.known()
                            .map(|list| {
                                view! {
                                    <Nothing
                                        freshness=list.freshness
                                        empty=tr!(reports.none)
                                        empty_text=tr!(reports.none_text)
                                        unknown=tr!(reports.mine_unknown)
                                    />
                                }
                            })
                    }} <Link to=Page::New class="btn btn-primary mt-2">
                        {tr!(reports.new)}
                    </Link>
                </Show>
                <Show when=move || { total.get() > 0 }>
                    <LongList
                        label=tr!(reports.list_of)
                        first=first
                        total=total
                        rows=rows
                        row=|row| view! { <OwnRow row=row /> }
                    />
                </Show>
            </section>
        </Show>
    }
}

#[component]
fn OwnRow(row: ReportRow) -> impl IntoView {
    let look = pill_of(&row);
    let here = look.class == "is-here";
    let coming = match row.photos_to_come {
        0 => None,
        1 => Some(tr!(reports.photos_one).to_owned()),
        n => Some(tr!(reports.photos_many, n = n)),
    };
    view! {
        <Link to=Page::Report(row.id) class=if here { "v-row v-row-here" } else { "v-row" }>
            <div>
                <span class="v-t">{row.title}</span>
                <span class="v-d">{words::category(Some(row.category))}</span>
                <Pill look=look />
                <span class="v-d">
                    {tr!(reports.sent_at, when = words::when(row.sent_at))}
                    {coming.map(|coming| format!(" · {coming}"))}
                </span>
            </div>
            <Icon name="it-chevron-right" />
        </Link>
    }
}

#[component]
fn DraftList(drafts: Vec<DraftRow>) -> impl IntoView {
    let row = |draft: DraftRow| {
        let title = if draft.title.trim().is_empty() { tr!(home.untitled).to_owned() } else { draft.title };
        let what = draft.category.map(|category| words::category(Some(category)));
        view! {
            <li>
                <Link to=Page::Draft(draft.id) class="v-row">
                    <span class="v-leaf is-blank">
                        <Icon name="it-pencil" />
                    </span>
                    <div>
                        <span class="v-t">{title}</span>
                        <span class="v-d">{what}</span>
                        <span class="v-d">{words::when(draft.saved_at)}</span>
                    </div>
                    <span class="v-small">{tr!(reports.continue_draft)}</span>
                    <Icon name="it-chevron-right" />
                </Link>
            </li>
        }
    };
    view! {
        <section class="v-sec" aria-labelledby="drafts">
            <div class="v-sec-h">
                <h2 id="drafts">{tr!(reports.drafts)}</h2>
            </div>
            <ul class="v-list is-here">{drafts.into_iter().map(row).collect_view()}</ul>
        </section>
    }
}

#[component]
fn Town() -> impl IntoView {
    let first = RwSignal::new(0_u32);
    let list = live(&[Event::Town], move || ListPublicReports { offset: first.get(), limit: PAGE });
    let read = Memo::new(move |_| list.known().is_some());
    let total = Memo::new(move |_| list.known().map_or(0, |list| list.total));
    let rows = Memo::new(move |_| (first.get_untracked(), list.known().map(|list| list.rows).unwrap_or_default()));
    let nothing = move || {
        let list = list.known().filter(|list| list.total == 0)?;
        Some(match list.freshness.as_of {
            Some(at) => view! {
                <Empty
                    title=tr!(reports.town_none)
                    text=tr!(reports.town_none_text, when = words::when(at))
                />
            }
            .into_any(),
            None => view! {
                <Unknown
                    title=tr!(reports.town_unknown)
                    text=tr!(reports.town_unknown_text)
                    freshness=list.freshness
                />
            }
            .into_any(),
        })
    };
    view! {
        <Show when=move || read.get()>
            <section class="v-sec" aria-labelledby="town">
                <div class="v-sec-h">
                    <h2 id="town">
                        {move || counted(total.get(), list.known().map(|list| list.freshness))}
                    </h2>
                    {move || list.known().map(|list| view! { <AsOf freshness=list.freshness /> })}
                </div>
                {nothing}
                <Show when=move || { total.get() > 0 }>
                    <LongList
                        label=tr!(reports.list_of)
                        first=first
                        total=total
                        rows=rows
                        row=|row| view! { <PublicRow row=row /> }
                    />
                </Show>
            </section>
        </Show>
    }
}

#[component]
fn PublicRow(row: PublicReportRow) -> impl IntoView {
    view! {
        <article class="v-row">
            <div>
                <h3 class="v-t">
                    <Link to=Page::TownReport(row.id)>{row.title}</Link>
                </h3>
                <span class="v-d">{words::category(row.category)}</span>
                <p>{row.details}</p>
                <span class="v-d">{row.where_}</span>
                <Pill look=town_look(row.state) />
                <span class="v-d">
                    {tr!(reports.received_at, when = words::when(row.received_at))}
                </span>
            </div>
        </article>
    }
}
