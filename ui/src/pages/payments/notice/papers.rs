//! What hangs on a debt: receipts, proofs, services, whom to ask, its story.

use leptos::prelude::*;
use vicino_contract::ipc::{EventView, NoticeEvent, NoticePurpose, NoticeView, ReceiptRow};
use vicino_domain::ServiceId;

use crate::components::{FileList, Icon};
use crate::pages::service::Reach;
use crate::route::{Link, Page};
use crate::{tr, words};

#[component]
pub(super) fn NoticeReceipts(view: NoticeView) -> impl IntoView {
    if view.receipts.is_empty() {
        return ().into_any();
    }
    let row = |row: ReceiptRow| {
        view! {
            <li>
                <Link to=Page::PaymentReceipt(row.id) class="v-row">
                    <Icon name="it-check-circle" />
                    <div>
                        <span class="v-line">
                            <b class="v-t">{words::date(row.paid_at)}</b>
                            <span class="v-num v-amt">{words::euro(row.amount)}</span>
                        </span>
                        <span class="v-d">{row.receipt}</span>
                    </div>
                    <Icon name="it-chevron-right" />
                </Link>
            </li>
        }
        .into_any()
    };
    view! {
        <section class="v-sec" aria-labelledby="receipts">
            <h2 id="receipts">{tr!(notice.receipts)}</h2>
            <ul class="v-list">{view.receipts.into_iter().map(row).collect_view()}</ul>
        </section>
    }
    .into_any()
}

#[component]
pub(super) fn Proofs(view: NoticeView) -> impl IntoView {
    (!view.files.is_empty())
        .then(|| {
            view! {
                <section class="v-sec">
                    <h2 class="h3">{tr!(notice.proofs)}</h2>
                    <FileList files=view.files />
                </section>
            }
        })
        .into_any()
}

#[component]
pub(super) fn RelatedServices(view: NoticeView) -> impl IntoView {
    let link = |(purpose, service): (NoticePurpose, ServiceId)| {
        let words = match purpose {
            NoticePurpose::Wrong => tr!(notice.wrong),
            NoticePurpose::Contest => tr!(notice.contest),
            NoticePurpose::MoreTime => tr!(notice.more_time),
            NoticePurpose::Driver => tr!(notice.driver),
            NoticePurpose::Other => tr!(notice.service),
        };
        view! {
            <p>
                <Link to=Page::Service(service) class="v-link">
                    {words}
                </Link>
            </p>
        }
        .into_any()
    };
    view.services.into_iter().map(link).collect_view().into_any()
}

#[component]
pub(super) fn Contacts(view: NoticeView) -> impl IntoView {
    view.office
        .map(|office| {
            let (id, name) = (office.id, office.name.clone());
            view! {
                <section class="v-sec">
                    <h2 class="h3">{tr!(services.contacts)}</h2>
                    <p class="v-t mt-2" lang="it">
                        <Link to=Page::Office(id)>{name}</Link>
                    </p>
                    <Reach office=office />
                </section>
            }
        })
        .into_any()
}

#[component]
pub(super) fn Story(view: NoticeView) -> impl IntoView {
    let event = |event: EventView| {
        let what = match event.what {
            NoticeEvent::Issued => tr!(notice.issued),
            NoticeEvent::Changed => tr!(notice.changed),
            NoticeEvent::SaidPaid => tr!(notice.said_paid),
            NoticeEvent::Paid => tr!(notice.paid),
            NoticeEvent::PaidAgain => tr!(notice.paid_again),
            NoticeEvent::NotPaid => tr!(notice.not_paid),
            NoticeEvent::Withdrawn => tr!(notice.withdrawn),
            NoticeEvent::Begun => tr!(notice.begun),
            NoticeEvent::ReturnedPaid => tr!(notice.returned_paid),
            NoticeEvent::ReturnedUnpaid => tr!(notice.returned_unpaid),
            NoticeEvent::ReturnedUnknown => tr!(notice.returned_unknown),
            NoticeEvent::Other => tr!(notice.other),
        };
        let note = event.note.map(|note| {
            view! {
                <span class="v-d" lang="it">
                    {note}
                </span>
            }
        });
        let which = event.number.map(|number| view! { <span class="v-d v-num">{number}</span> });
        let here = (!event.told).then(|| view! { <span class="v-d">{tr!(notice.only_here)}</span> });
        view! {
            <li class="v-row v-row-when">
                <time class="v-d" datetime=event.at.to_rfc3339()>
                    {words::when(event.at)}
                </time>
                <div>{what} {note} {which} {here}</div>
            </li>
        }
        .into_any()
    };
    view! {
        <section class="v-sec" aria-labelledby="history">
            <div class="v-sec-h">
                <h2 id="history">{tr!(notice.story)}</h2>
            </div>
            <ul class="v-list">{view.story.into_iter().map(event).collect_view()}</ul>
            <p class="v-small v-mute mt-2">{tr!(notice.stays)}</p>
        </section>
    }
    .into_any()
}
