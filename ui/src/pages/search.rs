//! One search over everything on this device, as one types.

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::finding::SearchGroup;
use vicino_contract::ipc::{Find, Finding, Group};
use vicino_domain::{BulletinId, CaseId, NoticeId, OfficeId, ReportId, ServiceId};

use crate::app::SearchedFor;
use crate::components::{AsOf, Heading, Icon, TextField};
use crate::live::live;
use crate::route::{Link, Page};
use crate::{tr, words};

#[component]
pub fn Search() -> impl IntoView {
    let SearchedFor(text) = expect_context();
    crate::components::focus("words");
    let only = RwSignal::new(None::<SearchGroup>);
    let found =
        live(&[Event::Town, Event::Reports, Event::Drafts], move || Find { text: text.get(), only: only.get() });
    let typed = move |value: String| {
        only.set(None);
        text.set(value);
    };
    let said = move || {
        let found = found.known().filter(|found| !found.text.trim().is_empty())?;
        let count: usize = found.groups.iter().map(|group| group.rows.len()).sum();
        Some(match count {
            0 if found.freshness.as_of.is_none() => tr!(search.unknown).to_owned(),
            0 => tr!(search.nothing).to_owned(),
            n if found.groups.iter().any(|group| group.more) => tr!(search.first, n = n),
            1 => tr!(search.one).to_owned(),
            n => tr!(search.many, n = n),
        })
    };
    let groups = move || {
        let found = found.known()?;
        let partly = (!found.complete).then(|| view! { <p class="v-small v-mute mt-3">{tr!(search.partly)}</p> });
        Some(view! {
            <p>
                <AsOf freshness=found.freshness />
            </p>
            {found
                .groups
                .into_iter()
                .map(|group| view! { <FoundGroup group=group only=only /> })
                .collect_view()}
            {partly}
        })
    };
    view! {
        <div class="v-head">
            <Heading text=tr!(search.title) />
        </div>
        <TextField
            id="words"
            label=tr!(search.words)
            hint=Some(tr!(search.hint).to_owned())
            value=text
            changed=typed
        />
        <p role="status" class="v-small v-mute mt-2">
            {said}
        </p>
        {groups}
    }
}

#[component]
fn FoundGroup(group: Group, only: RwSignal<Option<SearchGroup>>) -> impl IntoView {
    let kind = group.kind;
    let alone = only.get_untracked() == Some(kind);
    let more = (group.more || alone).then(|| {
        let (word, next) = if alone { (tr!(search.all), None) } else { (tr!(search.more), Some(kind)) };
        view! {
            <button type="button" class="v-link" on:click=move |_| only.set(next)>
                {word}
            </button>
        }
    });
    view! {
        <section class="v-sec" aria-label=name(kind)>
            <h2 class="h3">{name(kind)}</h2>
            <ul class="v-list mt-2">
                {group
                    .rows
                    .into_iter()
                    .map(|row| view! { <FindingLine kind=kind row=row /> })
                    .collect_view()}
            </ul>
            {more}
        </section>
    }
}

/// The name of a group.
fn name(kind: SearchGroup) -> &'static str {
    match kind {
        SearchGroup::Drafts => tr!(reports.drafts),
        SearchGroup::Reports => tr!(reports.mine),
        SearchGroup::Cases => tr!(cases.title),
        SearchGroup::Notices => tr!(mine.payments),
        SearchGroup::Matters => tr!(search.matters),
        SearchGroup::Services => tr!(services.title),
        SearchGroup::Offices => tr!(search.offices),
        SearchGroup::Bulletins => tr!(bulletins.title),
        SearchGroup::PublicReports => tr!(reports.town),
        SearchGroup::Streets => tr!(search.streets),
        SearchGroup::Others => tr!(search.others),
    }
}

/// The screen a thing has, if any.
fn page(kind: SearchGroup, id: uuid::Uuid) -> Option<Page> {
    match kind {
        SearchGroup::Drafts => Some(Page::Draft(ReportId::from_uuid(id))),
        SearchGroup::Reports => Some(Page::Report(ReportId::from_uuid(id))),
        SearchGroup::Services => Some(Page::Service(ServiceId::from_uuid(id))),
        SearchGroup::Bulletins => Some(Page::Bulletin(BulletinId::from_uuid(id))),
        SearchGroup::Offices => Some(Page::Office(OfficeId::from_uuid(id))),
        SearchGroup::PublicReports => Some(Page::TownReport(ReportId::from_uuid(id))),
        // A street is all there is to it; the others have no room yet.
        SearchGroup::Cases => Some(Page::Case(CaseId::from_uuid(id))),
        SearchGroup::Notices => Some(Page::Notice(NoticeId::from_uuid(id), None)),
        SearchGroup::Streets | SearchGroup::Matters | SearchGroup::Others => None,
    }
}

#[component]
fn FindingLine(kind: SearchGroup, row: Finding) -> impl IntoView {
    let title = if row.title.trim().is_empty() { tr!(home.untitled).to_owned() } else { row.title };
    // A sheet is looked over on a day, at no hour.
    let when = if kind == SearchGroup::Services { words::date } else { words::when };
    let at = row.at.map(|at| view! { <span class="v-d">{when(at)}</span> });
    let inside = view! {
        <div>
            <span class="v-t" lang="it">
                {title}
            </span>
            <span class="v-d" lang="it">
                {row.snippet}
            </span>
            {at}
        </div>
    };
    let line = match page(kind, row.id) {
        Some(page) => view! {
            <Link to=page class="v-row">
                {inside}
                <Icon name="it-chevron-right" />
            </Link>
        }
        .into_any(),
        None => view! { <div class="v-row">{inside}</div> }.into_any(),
    };
    view! { <li>{line}</li> }
}
