//! The inbox: every thread with an office, the newest first, with what is not read yet.

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::{Author, ListThreads, Target, ThreadRow};

use super::mine::Ways;
use crate::components::{AsOf, Heading, Icon, Nothing};
use crate::live::live;
use crate::route::{Link, Page};
use crate::{tr, words};

/// The page of what something belongs to; none: it has no page here.
pub fn page(matter: Target) -> Option<Page> {
    match matter {
        Target::Report(id) => Some(Page::Report(id)),
        Target::Case(id) => Some(Page::Case(id)),
        Target::Draft(id) => Some(Page::CaseDraft(id)),
        Target::Signature(id) => Some(Page::Signature(id)),
        Target::Notice(id) => Some(Page::Notice(id, None)),
        Target::Paper(_) => Some(Page::Papers),
        Target::None => None,
    }
}

#[component]
pub fn Messages() -> impl IntoView {
    let threads = live(&[Event::Messages, Event::Cases, Event::Reports], || ListThreads {});
    let body = move || {
        let list = threads.known()?;
        let rows = if list.rows.is_empty() {
            view! {
                <Nothing
                    freshness=list.freshness
                    empty=tr!(messages.none)
                    empty_text=tr!(messages.none_text)
                    unknown=tr!(messages.unknown)
                />
            }
            .into_any()
        } else {
            view! {
                <ul class="v-list">
                    {list
                        .rows
                        .into_iter()
                        .map(|row| view! { <ThreadLine row=row /> })
                        .collect_view()}
                </ul>
            }
            .into_any()
        };
        Some(view! {
            <section class="v-sec" aria-label=tr!(messages.title)>
                <AsOf freshness=list.freshness />
                {rows}
            </section>
        })
    };
    view! {
        <Ways />
        <div class="v-head">
            <Heading text=tr!(messages.title) />
        </div>
        {body}
    }
}

#[component]
fn ThreadLine(row: ThreadRow) -> impl IntoView {
    let (author, by, office) = (row.author, row.by, row.office);
    // Read inside the closure: the list of people may arrive later.
    let who = move || match author {
        Author::Resident => words::writer(by.clone()),
        Author::Office => office.clone().unwrap_or_default(),
    };
    let unread = (row.unread > 0).then(|| {
        view! {
            <span class="v-count">
                {row.unread}<span class="visually-hidden">" " {tr!(messages.to_read)}</span>
            </span>
        }
    });
    let waits = (!row.delivered).then(|| view! { <span class="v-state is-here">{tr!(report.to_deliver)}</span> });
    let to = page(row.matter).unwrap_or(Page::Missing);
    view! {
        <li>
            <Link to=to class="v-row">
                <div>
                    <span class="v-t" lang="it">
                        {row.title}
                    </span>
                    {unread}
                    {waits}
                    <span class="v-d">
                        <b lang="it">{who}</b>
                        " · "
                        {words::when(row.at)}
                    </span>
                    <span class="v-d v-one-line" lang="it">
                        {row.text}
                    </span>
                </div>
                <Icon name="it-chevron-right" />
            </Link>
        </li>
    }
    .into_any()
}
