//! The resident's cases: those being written, those sent.

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::{CaseDraftRow, CaseRow, ListCases};

use super::case::look;
use crate::components::{AsOf, Empty, Heading, Icon, Pill};
use crate::live::live;
use crate::route::{Link, Page};
use crate::{tr, words};

#[component]
pub fn Cases() -> impl IntoView {
    let list = live(&[Event::Cases, Event::Outbox], || ListCases {});
    let body = move || {
        let list = list.known()?;
        let nothing = (list.rows.is_empty() && list.drafts.is_empty()).then(|| {
            view! {
                <Empty title=tr!(cases.none) text=tr!(cases.none_text)>
                    <Link to=Page::Services class="btn btn-primary mt-2">{tr!(services.title)}</Link>
                </Empty>
            }
        });
        let drafts = (!list.drafts.is_empty()).then(|| {
            view! {
                <section class="v-sec" aria-labelledby="drafts">
                    <h2 id="drafts" class="h3">{tr!(reports.drafts)}</h2>
                    <ul class="v-list is-here">{list.drafts.into_iter().map(draft).collect_view()}</ul>
                </section>
            }
        });
        let rows = (!list.rows.is_empty()).then(|| {
            view! {
                <section class="v-sec" aria-labelledby="sent">
                    <div class="v-sec-h"><h2 id="sent" class="h3">{tr!(cases.sent)}</h2> <AsOf freshness=list.freshness/></div>
                    <ul class="v-list">{list.rows.into_iter().map(row).collect_view()}</ul>
                </section>
            }
        });
        Some(view! { {drafts} {rows} {nothing} })
    };
    view! {
        <div class="v-head"><Heading text=tr!(cases.title)/></div>
        {body}
    }
}

fn draft(row: CaseDraftRow) -> impl IntoView {
    let missing = if row.gaps == 0 { tr!(cases.ready).to_owned() } else { tr!(cases.missing, n = row.gaps) };
    view! {
        <li><Link to=Page::CaseDraft(row.id) class="v-row">
            <span class="v-leaf is-blank"><Icon name="it-pencil"/></span>
            <div><span class="v-t" lang="it">{row.title}</span> <span class="v-d">{missing}</span>
                <span class="v-d">{words::when(row.saved_at)}</span></div>
            <Icon name="it-chevron-right"/>
        </Link></li>
    }
}

fn row(row: CaseRow) -> impl IntoView {
    let by = row.clock.as_ref().and_then(|clock| clock.conclude_by.filter(|_| !clock.stands_still));
    view! {
        <li><Link to=Page::Case(row.id) class="v-row">
            <div>
                <span class="v-t" lang="it">{row.title.clone()}</span>
                <Pill look=look(&row)/>
                {by.map(|by| view! { <span class="v-d">{tr!(cases.answer_by, day = words::day(by))}</span> })}
                <span class="v-d">{words::when(row.changed_at)}</span>
            </div>
            <Icon name="it-chevron-right"/>
        </Link></li>
    }
}
