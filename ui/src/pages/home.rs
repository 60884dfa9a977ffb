//! Home: what awaits the resident, what they may do, what happened lately.

use chrono::{Local, Timelike as _, Utc};
use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::{
    BulletinList, CaseList, CaseRow, Delivery, DraftRow, ListBulletins, ListCases, ListDrafts, ListPayments,
    ListReports, ListSignatures, PaymentList, ReportList, ReportRow, SignatureList, SignatureState,
};
use vicino_domain::{ReportState, Turn};

use super::bulletins::BulletinLine;
use crate::app::shared;
use crate::components::{AsOf, Heading, Icon, Nothing, pill_of};
use crate::live::live;
use crate::route::{Link, Page};
use crate::{tr, words};

/// Things shown that ask something; more stand in their lists.
const AWAITING: usize = 5;
/// Days within which what is owed is shown here.
const SOON: i64 = 30;
/// Lines of what the town made known.
const NEWS: u32 = 3;
/// Lines of what happened lately.
const RECENT: usize = 5;

#[component]
pub fn Home() -> impl IntoView {
    let shared = shared();
    let reports = live(&[Event::Reports, Event::Outbox], || ListReports { offset: 0, limit: 30 });
    let drafts = live(&[Event::Drafts], || ListDrafts {});
    let cases = live(&[Event::Cases, Event::Outbox], || ListCases { offset: 0, limit: 200 });
    let signatures = live(&[Event::Cases, Event::Outbox], || ListSignatures {});
    let payments = live(&[Event::Payments], || ListPayments { most: 20, offset: 0, limit: 0 });
    let news = live(&[Event::Town], || ListBulletins { kind: None, offset: 0, limit: NEWS });
    let list = move || reports.known();
    let practice = move || {
        shared.town().filter(|town| town.practice).map(|town| {
            view! {
                <section class="v-sec">
                    <div class="v-note is-try">
                        <Icon name="it-info-circle" />
                        <div>
                            <h2 class="h3">{tr!(home.practice_title, town = town.name)}</h2>
                            <p class="mt-1">{tr!(home.practice_text)}</p>
                        </div>
                    </div>
                </section>
            }
        })
    };
    view! {
        <div class="v-head v-hello">
            <svg class="v-town-art" viewBox="0 0 330 110" aria-hidden="true">
                <use href="#v-icon-skyline"></use>
            </svg>
            <Heading text=greeting() />
            <p class="v-mute">{words::date(Utc::now())}</p>
        </div>
        <section class="v-sec" aria-labelledby="awaits">
            <div class="v-sec-h">
                <h2 id="awaits">{tr!(home.awaits)}</h2>
                <span class="v-small">
                    <Link to=Page::Deadlines>{tr!(deadlines.title)}</Link>
                </span>
            </div>
            {move || {
                view! {
                    <Awaiting
                        list=list()
                        drafts=drafts.known().unwrap_or_default()
                        cases=cases.known()
                        signatures=signatures.known()
                        payments=payments.known()
                    />
                }
            }}
        </section>
        <Tiles />
        <section class="v-sec" aria-labelledby="recent">
            <div class="v-sec-h">
                <h2 id="recent">{tr!(home.recent)}</h2>
            </div>
            {move || list().map(|list| view! { <RecentReports list=list /> })}
        </section>
        <section class="v-sec" aria-labelledby="news">
            <div class="v-sec-h">
                <h2 id="news">{tr!(home.news)}</h2>
                {move || news.known().map(|news| view! { <AsOf freshness=news.freshness /> })}
            </div>
            {move || news.known().map(|list| view! { <LatestBulletins list=list /> })}
        </section>
        {practice}
    }
}

fn greeting() -> &'static str {
    match Local::now().hour() {
        5..=12 => tr!(home.morning),
        13..=17 => tr!(home.afternoon),
        _ => tr!(home.evening),
    }
}

/// What asks something of the resident: what an office or a person asks first, then what they left unfinished.
#[component]
fn Awaiting(
    list: Option<ReportList>,
    drafts: Vec<DraftRow>,
    cases: Option<CaseList>,
    signatures: Option<SignatureList>,
    payments: Option<PaymentList>,
) -> impl IntoView {
    let (case_rows, case_drafts) = cases.map(|list| (list.rows, list.drafts)).unwrap_or_default();
    let turn = |row: &CaseRow| {
        matches!(row.delivery, Delivery::Stuck { .. }) || row.state.is_some_and(|state| state.turn() == Turn::Resident)
    };
    let case_rows = case_rows.into_iter().filter(turn).map(|row| {
        let stuck = matches!(row.delivery, Delivery::Stuck { .. });
        let why = if stuck { tr!(home.to_correct) } else { tr!(home.office_asks) }.to_owned();
        view! {
            <AwaitingLine
                to=Page::Case(row.id)
                icon="it-warning-circle"
                title=named(row.title, row.whom)
                state=tr!(home.your_turn)
                why=why
            />
        }
        .into_any()
    });
    let signatures = signatures.map(|list| list.rows).unwrap_or_default().into_iter();
    let signatures = signatures.filter(|row| row.state == SignatureState::YourTurn).map(|row| {
        let why = tr!(signature.asks, who = row.asker);
        view! {
            <AwaitingLine
                to=Page::Signature(row.id)
                icon="it-pencil"
                title=row.title
                state=tr!(home.your_turn)
                why=why
            />
        }
        .into_any()
    });
    let case_drafts = case_drafts.into_iter().map(|draft| {
        let why = words::when(draft.saved_at);
        view! {
            <AwaitingLine
                to=Page::CaseDraft(draft.id)
                icon="it-pencil"
                title=named(draft.title, draft.whom)
                state=tr!(home.draft)
                why=why
            />
        }
        .into_any()
    });
    let asks =
        |row: &ReportRow| matches!(row.delivery, Delivery::Stuck { .. }) || row.state == Some(ReportState::YourTurn);
    let freshness = list.as_ref().map(|list| list.freshness).unwrap_or_default();
    let rows = list.map(|list| list.rows).unwrap_or_default();
    let reports = rows.into_iter().filter(asks).map(|row| {
        let why = if row.state == Some(ReportState::YourTurn) { tr!(home.office_asks) } else { tr!(home.to_correct) }
            .to_owned();
        view! {
            <AwaitingLine
                to=Page::Report(row.id)
                icon="it-warning-circle"
                title=row.title
                state=tr!(home.your_turn)
                why=why
            />
        }
        .into_any()
    });
    let drafts = drafts.into_iter().map(|draft| {
        let title = if draft.title.trim().is_empty() { tr!(home.untitled).to_owned() } else { draft.title };
        view! {
            <AwaitingLine
                to=Page::Draft(draft.id)
                icon="it-pencil"
                title=title
                state=tr!(home.draft)
                why=words::when(draft.saved_at)
            />
        }
        .into_any()
    });
    let asked = case_rows.chain(signatures).chain(reports).chain(owed(payments));
    let all: Vec<_> = asked.chain(case_drafts).chain(drafts).take(AWAITING).collect();
    if all.is_empty() {
        view! {
            <Nothing
                freshness=freshness
                empty=tr!(home.nothing)
                empty_text=tr!(home.nothing_text)
                unknown=tr!(reports.mine_unknown)
            />
        }
        .into_any()
    } else {
        view! { <ul class="v-list">{all}</ul> }.into_any()
    }
}

/// What is to be paid within a month, or is late.
fn owed(payments: Option<PaymentList>) -> impl Iterator<Item = AnyView> {
    let groups = payments.map(|list| list.to_pay).unwrap_or_default();
    let mut rows: Vec<_> = groups.into_iter().flat_map(|group| group.rows).filter(|row| row.due_on.is_some()).collect();
    rows.sort_by_key(|row| row.due_on);
    rows.into_iter().filter(|row| row.days <= SOON).map(|row| {
        let title = format!("{} · {}", row.title, row.whom.name);
        let why = format!("{} · {}", words::euro(row.amount), row.due_on.map(words::day).unwrap_or_default());
        view! {
            <AwaitingLine
                to=Page::Notice(row.id, row.number)
                icon="it-card"
                title=title
                state=tr!(deadlines.pay)
                why=why
            />
        }
        .into_any()
    })
}

/// A case by its service, and by whom it is about: two children may both go to the canteen.
fn named(title: String, whom: Option<String>) -> String {
    whom.map_or(title.clone(), |whom| format!("{title} · {whom}"))
}

#[component]
fn AwaitingLine(to: Page, icon: &'static str, title: String, state: &'static str, why: String) -> impl IntoView {
    view! {
        <li>
            <Link to=to class="v-row">
                <span class="v-leaf is-turn">
                    <Icon name=icon />
                </span>
                <div>
                    <span class="v-t">{title}</span>
                    <span class="v-d">
                        <b class="v-state is-turn">{state}</b>
                        " · "
                        {why}
                    </span>
                </div>
                <Icon name="it-chevron-right" />
            </Link>
        </li>
    }
}

#[component]
fn Tiles() -> impl IntoView {
    let tile = |to: Page, icon: &'static str, name: &'static str, text: &'static str| {
        view! {
            <li>
                <Link to=to>
                    <Icon name=icon />
                    <span>
                        <b class="v-t">{name}</b>
                        <span class="v-d d-none d-lg-block">{text}</span>
                    </span>
                </Link>
            </li>
        }
    };
    view! {
        <section class="v-sec v-sec-tiles" aria-label=tr!(home.what_to_do)>
            <ul class="v-tiles">
                {tile(Page::New, "it-horn", tr!(home.report), tr!(home.report_text))}
                {tile(Page::Reports, "it-folder", tr!(home.mine), tr!(home.mine_text))}
                {tile(Page::Cases, "it-file", tr!(cases.title), tr!(cases.tile))}
                {tile(Page::Payments, "it-card", tr!(home.pay), tr!(home.pay_text))}
                {tile(Page::Messages, "it-comment", tr!(messages.title), tr!(messages.tile))}
                {tile(Page::Bulletins(None), "it-calendar", tr!(bulletins.title), tr!(home.news))}
                {tile(Page::Search, "it-search", tr!(search.title), tr!(home.search_text))}
                {tile(Page::Outbox, "it-upload", tr!(home.outbox), tr!(home.outbox_text))}
            </ul>
        </section>
    }
}

/// What the town made known lately.
#[component]
fn LatestBulletins(list: BulletinList) -> impl IntoView {
    if list.rows.is_empty() {
        return view! {
            <Nothing
                freshness=list.freshness
                empty=tr!(bulletins.none)
                empty_text=""
                unknown=tr!(bulletins.unknown)
            />
        }
        .into_any();
    }
    let rows = list.rows.into_iter().map(|row| {
        view! {
            <li>
                <BulletinLine row=row />
            </li>
        }
    });
    view! { <ul class="v-list">{rows.collect_view()}</ul> }.into_any()
}

/// What happened lately, newest first.
#[component]
fn RecentReports(mut list: ReportList) -> impl IntoView {
    list.rows.sort_by_key(|row| std::cmp::Reverse(row.changed_at));
    if list.rows.is_empty() {
        return view! {
            <Nothing
                freshness=list.freshness
                empty=tr!(home.no_recent)
                empty_text=tr!(home.no_recent_text)
                unknown=tr!(reports.mine_unknown)
            />
        }
        .into_any();
    }
    let rows = list.rows.into_iter().take(RECENT).map(|row| {
        let look = pill_of(&row);
        view! {
            <li>
                <Link to=Page::Report(row.id) class="v-row v-row-when">
                    <time class="v-d" datetime=row.changed_at.to_rfc3339()>
                        {words::when(row.changed_at)}
                    </time>
                    <div>
                        <span class="v-t">{row.title}</span>
                        <span class="v-d">{look.words}</span>
                    </div>
                </Link>
            </li>
        }
    });
    view! { <ul class="v-list">{rows.collect_view()}</ul> }.into_any()
}
