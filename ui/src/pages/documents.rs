//! Documents: certificates with what each is worth today, what can be asked for, and where to have one checked.

mod ask;
mod certificate;
mod check;
mod counters;
mod declare;
mod delivery;
mod file;
mod papers;
mod shelf;

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::{
    CertificateList, CertificateRow, CertificateState, DocumentCount, DocumentKind, ListCertificates, ListDocuments,
};
use vicino_domain::certificate::CertificateKind;

use crate::components::{AsOf, Heading, Icon, Nothing};
use crate::live::{live, settled};
use crate::pages::mine::Ways;
use crate::pages::payments::confirmed;
use crate::route::{Link, Page};
use crate::{tr, words};

pub use ask::AskPage;
pub use certificate::Certificate;
pub use check::Check;
pub use counters::Counters;
pub use declare::Declare;
pub use delivery::Delivery;
pub use file::FilePage;
pub use papers::{Papers, until as paper_until};
pub use shelf::Shelf;

/// Days before the end of a certificate from which it is said that it ends soon.
const SOON: i64 = 30;

#[component]
pub fn Documents() -> impl IntoView {
    let list = live(&[Event::Documents, Event::Outbox], || ListCertificates {});
    let rows = settled(list, |list| confirmed(&mut list.freshness, list.rows.is_empty()));
    view! {
        <Ways />
        <div class="v-head">
            <Heading text=tr!(mine.documents) />
            {move || list.known().map(|list| view! { <AsOf freshness=list.freshness /> })}
        </div>
        {move || rows.get().map(|list| view! { <Body list=list /> })}
    }
}

#[component]
fn Body(list: CertificateList) -> impl IntoView {
    let inner = if list.rows.is_empty() {
        view! {
            <Nothing
                freshness=list.freshness
                empty=tr!(cert.none)
                empty_text=tr!(cert.none_text)
                unknown=tr!(cert.unknown)
            />
        }
        .into_any()
    } else {
        view! {
            <ul class="v-list">
                {list
                    .rows
                    .into_iter()
                    .map(|row| view! { <CertificateLine row=row /> })
                    .collect_view()}
            </ul>
        }
        .into_any()
    };
    let ask = (!list.offered.is_empty()).then(|| {
        view! {
            <Link to=Page::AskCertificate class="v-link v-small">
                {tr!(cert.ask)}
            </Link>
        }
    });
    view! {
        <div class="v-cols">
            <section class="v-sec" aria-labelledby="certificates">
                <div class="v-note is-go">
                    <Icon name="it-pencil" />
                    <div>
                        <b>{tr!(cert.maybe_not)}</b>
                        <p>{tr!(cert.maybe_not_text)}</p>
                        <p class="mt-2">
                            <Link to=Page::Declare class="v-link">
                                {tr!(declare.go)}
                            </Link>
                        </p>
                    </div>
                </div>
                <div class="v-sec-h mt-4">
                    <h2 id="certificates">{tr!(cert.title)}</h2>
                    {ask}
                </div>
                {inner}
                <p class="v-small mt-3">
                    <Link to=Page::Counters class="v-link">
                        {tr!(counters.link)}
                    </Link>
                </p>
            </section>
            <div class="v-side">
                <section class="v-sec" aria-labelledby="check">
                    <h2 id="check" class="h3">
                        {tr!(cert.check)}
                    </h2>
                    <p class="v-small v-mute mt-1">{tr!(cert.check_text)}</p>
                    <p class="mt-3">
                        <Link to=Page::Check class="btn btn-outline-primary">
                            {tr!(cert.check_go)}
                        </Link>
                    </p>
                </section>
                <section class="v-sec" aria-labelledby="other-papers">
                    <h2 id="other-papers" class="h3">
                        {tr!(cert.others)}
                    </h2>
                    <Others />
                </section>
            </div>
        </div>
    }
    .into_any()
}

/// The other documents by kind, with how many there are of each, and one's own.
#[component]
fn Others() -> impl IntoView {
    let list = live(shelf::CHANGES, || ListDocuments { kind: None, offset: 0, limit: 0 });
    let line = |to: Page, name: &'static str, said: String| {
        view! {
            <li>
                <Link to=to class="v-row">
                    <div>
                        <span class="v-t">{name}</span>
                        <span class="v-d">{said}</span>
                    </div>
                    <Icon name="it-chevron-right" small=true />
                </Link>
            </li>
        }
    };
    let counted = move |count: DocumentCount| {
        let said = match count.last {
            Some(at) => tr!(shelf.count, n = count.count, last = words::date(at)),
            None => tr!(shelf.count_none).to_owned(),
        };
        line(Page::Shelf(Some(count.kind)), shelf::many(count.kind), said)
    };
    move || {
        let list = list.known()?;
        let counts = list.counts.into_iter().filter(|count| count.kind != DocumentKind::Certificate);
        let own = match list.own {
            0 => tr!(papers.short).to_owned(),
            n => tr!(papers.count, n = n),
        };
        Some(view! {
            <ul class="v-list mt-2">
                {counts.map(counted).collect_view()} {line(Page::Papers, tr!(papers.title), own)}
            </ul>
            <p class="v-small mt-2">
                <Link to=Page::Shelf(None) class="v-link">
                    {tr!(shelf.see_all)}
                </Link>
            </p>
        })
    }
}

/// What certificates are called, one after the other.
fn named(kinds: &[CertificateKind]) -> String {
    kinds.iter().map(|kind| words::certificate(*kind)).collect::<Vec<_>>().join(", ")
}

/// Where it stands, and how much of its time is left.
#[component]
fn StateOf(row: CertificateRow) -> impl IntoView {
    let (class, icon, said) = match (row.state, row.days) {
        (CertificateState::Saved, _) => ("is-go", "it-clock", tr!(cert.saved).to_owned()),
        (CertificateState::Stuck, _) => ("is-no", "it-error", tr!(cert.stuck).to_owned()),
        (CertificateState::Asked, _) => ("is-go", "it-clock", tr!(cert.asked).to_owned()),
        (CertificateState::Held, _) => ("is-past", "it-info-circle", tr!(cert.held).to_owned()),
        (CertificateState::StampDue, _) => ("is-turn", "it-card", tr!(cert.stamp_due).to_owned()),
        (CertificateState::Issued, None) => ("is-ok", "it-check-circle", tr!(cert.for_ever).to_owned()),
        (CertificateState::Issued, Some(0)) => ("is-turn", "it-clock", tr!(cert.last_day).to_owned()),
        (CertificateState::Issued, Some(days)) if days <= SOON => ("is-turn", "it-clock", tr!(cert.ends_in, n = days)),
        (CertificateState::Issued, Some(days)) => ("is-ok", "it-check-circle", tr!(cert.holds, n = days)),
        (CertificateState::Expired, _) => ("is-past", "it-clock", tr!(cert.expired).to_owned()),
        (CertificateState::Withdrawn, _) => ("is-past", "it-restore", tr!(cert.withdrawn).to_owned()),
        (CertificateState::Revoked, _) => ("is-no", "it-error", tr!(cert.revoked).to_owned()),
    };
    let days = row.on.map(|on| match row.until {
        Some(until) => tr!(cert.from_to, from = words::day(on), to = words::day(until)),
        None => tr!(cert.issued_on, day = words::day(on)),
    });
    let bar = row.on.zip(row.until).zip(row.days).map(|((on, until), days)| {
        let whole = until.signed_duration_since(on).num_days().max(1);
        let left = days.clamp(0, whole) * 100 / whole;
        view! {
            <div class=format!("v-valid {class}") aria-hidden="true">
                <span class="v-prog">
                    <span style:width=format!("{left}%")></span>
                </span>
            </div>
        }
    });
    view! {
        {bar}
        <p class="v-valid-ends">
            <b class=format!("v-state {class}")>
                <Icon name=icon small=true />
                " "
                {said}
            </b>
            {days.map(|days| view! { <span>{days}</span> })}
        </p>
        {row
            .held
            .clone()
            .map(|held| {
                view! {
                    <p class="v-small" lang="it">
                        {held.why}
                    </p>
                }
            })}
    }
    .into_any()
}

#[component]
fn CertificateLine(row: CertificateRow) -> impl IntoView {
    let pill = view! { <StateOf row=row.clone() /> }.into_any();
    view! {
        <li>
            <Link to=Page::Certificate(row.id) class="v-row">
                <div>
                    <b class="v-t">{named(&row.kinds)}</b>
                    <span class="v-d" lang="it">
                        {row.person}
                    </span>
                    {pill}
                </div>
                <Icon name="it-chevron-right" small=true />
            </Link>
        </li>
    }
    .into_any()
}
