//! The resident's cases: those being written, those sent.

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::{CaseDraftRow, CaseRow, Freshness, ListCases, ListSignatures};

use super::case::look;
use super::mine::Ways;
use super::signature::SignatureLine;
use crate::app::shared;
use crate::components::{AsOf, Heading, Icon, LongList, Nothing, Pill};
use crate::live::live;
use crate::route::{Link, Page};
use crate::{tr, words};

/// Rows asked for at a time: what a long list shows, and some to spare.
const PAGE: u32 = 50;

#[component]
pub fn Cases() -> impl IntoView {
    let first = RwSignal::new(0_u32);
    let list = live(&[Event::Cases, Event::Outbox], move || ListCases { offset: first.get(), limit: PAGE });
    let signatures = live(&[Event::Cases, Event::Outbox], || ListSignatures {});
    let read = Memo::new(move |_| list.known().is_some());
    let total = Memo::new(move |_| list.known().map_or(0, |list| list.total));
    // The rows belong to the offset they were asked with: both change together.
    let rows = Memo::new(move |_| (first.get_untracked(), list.known().map(|list| list.rows).unwrap_or_default()));
    let drafts = Memo::new(move |_| list.known().map(|list| list.drafts).unwrap_or_default());
    let freshness = Memo::new(move |_| list.known().map(|list| list.freshness).unwrap_or_default());
    let unsent = move || {
        let drafts = drafts.get();
        (!drafts.is_empty()).then(|| {
            view! {
                <section class="v-sec" aria-labelledby="drafts">
                    <h2 id="drafts" class="h3">
                        {tr!(reports.drafts)}
                    </h2>
                    <ul class="v-list is-here">
                        {drafts
                            .into_iter()
                            .map(|row| view! { <DraftLine row=row /> })
                            .collect_view()}
                    </ul>
                </section>
            }
        })
    };
    let wide = move || total.get() > 0 || drafts.with(Vec::is_empty) || freshness.get().as_of.is_none();
    let sent = move || {
        if total.get() == 0 {
            return view! { <NoCases freshness=freshness.get() /> }.into_any();
        }
        view! {
            <LongList
                label=tr!(cases.sent)
                first=first
                total=total
                rows=rows
                row=|row| view! { <CaseLine row=row /> }
            />
        }
        .into_any()
    };
    let body = view! {
        {unsent}
        <Show when=move || read.get() && wide()>
            <section class="v-sec" aria-labelledby="sent">
                <div class="v-sec-h">
                    <h2 id="sent" class="h3">
                        {tr!(cases.sent)}
                    </h2>
                    {move || view! { <AsOf freshness=freshness.get() /> }}
                </div>
                {sent}
            </section>
        </Show>
    };
    // Those that ask something; what was answered stands behind them until it is asked no more.
    let wanted = move || {
        let rows = signatures.known()?.rows;
        (!rows.is_empty()).then(|| {
            view! {
                <section class="v-sec" aria-labelledby="wanted">
                    <h2 id="wanted" class="h3">
                        {tr!(signature.title)}
                    </h2>
                    <ul class="v-list">
                        {rows
                            .into_iter()
                            .map(|row| view! { <SignatureLine row=row /> })
                            .collect_view()}
                    </ul>
                </section>
            }
        })
    };
    view! {
        <Ways />
        <div class="v-head">
            <Heading text=tr!(cases.title) />
        </div>
        {wanted}
        {body}
    }
}

/// Nobody's cases come without signing in: what the town has of a stranger is not known to be nothing.
#[component]
fn NoCases(freshness: Freshness) -> impl IntoView {
    // Read inside the closure, so that the page follows a sign-in.
    move || {
        let people = shared().people.known().map(|people| people.people).unwrap_or_default();
        let stranger = people.iter().any(|person| person.current && person.resident.is_none());
        if stranger {
            return view! {
                <div class="v-note">
                    <Icon name="it-user" />
                    <div>
                        <b>{tr!(cases.stranger)}</b>
                        <p>{tr!(cases.none_text)}</p>
                    </div>
                </div>
                <div class="v-btns mt-2">
                    <Link to=Page::People class="btn btn-primary">
                        {tr!(people.sign_in)}
                    </Link>
                    <Link to=Page::Services class="btn btn-outline-primary">
                        {tr!(services.title)}
                    </Link>
                </div>
            }
            .into_any();
        }
        view! {
            <Nothing
                freshness=freshness
                empty=tr!(cases.none)
                empty_text=tr!(cases.none_text)
                unknown=tr!(cases.unknown)
            />
            <Link to=Page::Services class="btn btn-primary mt-2">
                {tr!(services.title)}
            </Link>
        }
        .into_any()
    }
}

#[component]
fn DraftLine(row: CaseDraftRow) -> impl IntoView {
    let missing = if row.gaps == 0 { tr!(cases.ready).to_owned() } else { tr!(cases.missing, n = row.gaps) };
    view! {
        <li>
            <Link to=Page::CaseDraft(row.id) class="v-row">
                <span class="v-leaf is-blank">
                    <Icon name="it-pencil" />
                </span>
                <div>
                    <span class="v-t" lang="it">
                        {row.title}
                    </span>
                    {row
                        .whom
                        .map(|whom| {
                            view! {
                                <span class="v-d" lang="it">
                                    {whom}
                                </span>
                            }
                        })}
                    <span class="v-d">{missing}</span>
                    <span class="v-d">{words::when(row.saved_at)}</span>
                </div>
                <Icon name="it-chevron-right" />
            </Link>
        </li>
    }
}

#[component]
fn CaseLine(row: CaseRow) -> impl IntoView {
    let by = row.clock.as_ref().and_then(|clock| clock.conclude_by.filter(|_| !clock.stands_still));
    view! {
        <Link to=Page::Case(row.id) class="v-row">
            <div>
                <span class="v-t" lang="it">
                    {row.title.clone()}
                </span>
                {row
                    .whom
                    .clone()
                    .map(|whom| {
                        view! {
                            <span class="v-d" lang="it">
                                {whom}
                            </span>
                        }
                    })}
                <Pill look=look(&row) />
                {by
                    .map(|by| {
                        view! {
                            <span class="v-d">{tr!(cases.answer_by, day = words::day(by))}</span>
                        }
                    })}
                <span class="v-d">{words::when(row.changed_at)}</span>
            </div>
            <Icon name="it-chevron-right" />
        </Link>
    }
}
