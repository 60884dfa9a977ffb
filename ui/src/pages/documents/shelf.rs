//! The shelf: everything the town gave, newest first, of one kind or of all.

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::{DocumentKind, DocumentOf, DocumentRow, ListDocuments};

use super::SOON;
use crate::components::{AsOf, Heading, Icon, LongList, Nothing};
use crate::live::live;
use crate::pages::mine::Ways;
use crate::route::{Link, Page};
use crate::{tr, words};

/// Rows asked for at a time: what a long list shows, and some to spare.
const PAGE: u32 = 50;
/// What brings documents.
pub const CHANGES: &[Event] = &[Event::Documents, Event::Payments, Event::Cases, Event::Reports, Event::Outbox];

#[component]
pub fn Shelf(kind: Option<DocumentKind>) -> impl IntoView {
    let first = RwSignal::new(0_u32);
    let list = live(CHANGES, move || ListDocuments { kind, offset: first.get(), limit: PAGE });
    let total = Memo::new(move |_| list.known().map_or(0, |list| list.total));
    let rows = Memo::new(move |_| (first.get_untracked(), list.known().map(|list| list.rows).unwrap_or_default()));
    let head = move || list.known().map(|list| view! { <AsOf freshness=list.freshness /> });
    let nothing = move || {
        let list = list.known().filter(|list| list.total == 0)?;
        Some(view! {
            <Nothing
                freshness=list.freshness
                empty=tr!(shelf.none)
                empty_text=tr!(shelf.none_text)
                unknown=tr!(shelf.unknown)
            />
        })
    };
    view! {
        <Ways />
        <div class="v-head">
            <Heading text=tr!(shelf.title) />
            {head}
        </div>
        <nav class="v-jump" aria-label=tr!(shelf.kinds)>
            <Link to=Page::Shelf(None)>{tr!(shelf.all)}</Link>
            {DocumentKind::ALL
                .map(|kind| view! { <Link to=Page::Shelf(Some(kind))>{many(kind)}</Link> })}
        </nav>
        {(kind == Some(DocumentKind::Payment))
            .then(|| {
                view! {
                    <p class="v-small mt-2">
                        <Link to=Page::Receipts class="v-link">
                            {tr!(shelf.by_year)}
                        </Link>
                    </p>
                }
            })}
        {nothing}
        <Show when=move || { total.get() > 0 }>
            <LongList
                label=tr!(shelf.title)
                first=first
                total=total
                rows=rows
                row=|row| view! { <DocumentLine row=row /> }.into_any()
            />
        </Show>
    }
}

/// What several of a kind are called.
pub fn many(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Certificate => tr!(cert.title),
        DocumentKind::Payment => tr!(shelf.payments),
        DocumentKind::Delivery => tr!(shelf.deliveries),
        DocumentKind::Attachment => tr!(shelf.attachments),
    }
}

#[component]
fn DocumentLine(row: DocumentRow) -> impl IntoView {
    let (to, icon, kind) = match row.of {
        DocumentOf::Certificate(id) => (Page::Certificate(id), "it-file-signed", tr!(shelf.certificate)),
        DocumentOf::Payment(id) => (Page::PaymentReceipt(id), "it-card", tr!(receipts.one)),
        DocumentOf::Delivery(id) if row.about.is_empty() => (Page::Delivery(id), "it-check-circle", tr!(receipt.title)),
        DocumentOf::Delivery(id) => (Page::Delivery(id), "it-check-circle", tr!(shelf.protocol)),
        DocumentOf::Attachment(id) => (Page::File(id), "it-file", tr!(shelf.attachment)),
    };
    let about = (!row.about.is_empty()).then(|| {
        view! {
            " · "
            <span lang="it">{row.about.clone()}</span>
        }
    });
    view! {
        <Link to=to class="v-row">
            <Icon name=icon />
            <div>
                <b class="v-t" lang="it">
                    {row.title.clone()}
                </b>
                <span class="v-d">{kind} {about} " · " {words::date(row.at)}</span>
                {state(&row)}
            </div>
            <Icon name="it-chevron-right" small=true />
        </Link>
    }
    .into_any()
}

/// The time that is left, and the steps still to come.
fn state(row: &DocumentRow) -> Option<AnyView> {
    let held = match (row.revoked, row.days) {
        (true, _) => Some(("v-state is-no", tr!(cert.revoked).to_owned())),
        (_, None) => None,
        (_, Some(days)) if days < 0 => Some(("v-state is-past", tr!(cert.expired).to_owned())),
        (_, Some(0)) => Some(("v-state is-turn", tr!(cert.last_day).to_owned())),
        (_, Some(days)) if days <= SOON => Some(("v-state is-turn", tr!(cert.ends_in, n = days))),
        (_, Some(days)) => Some(("v-state is-ok", tr!(cert.holds, n = days))),
    };
    let held = held.map(|(class, said)| view! { <span class=class>{said}</span> });
    let away = (!row.here).then(|| view! { <span class="v-d">{tr!(shelf.not_here)}</span> });
    (held.is_some() || away.is_some()).then(|| {
        view! {
            {held}
            " "
            {away}
        }
        .into_any()
    })
}
