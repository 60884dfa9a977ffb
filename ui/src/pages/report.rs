//! One report: where it stands, its proof, its photos, its thread, and the way to take it back.

mod story;

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::{Delivery, GetReport, ReportView, WithdrawReport};
use vicino_domain::{ReportId, ReportState};
use wasm_bindgen_futures::spawn_local;

use crate::components::{Ask, Heading, Icon, PhotoTile, Pill, Thread, To, pill_of};
use crate::live::{Live, live};
use crate::route::{Link, Page, way};
use crate::{bridge, tr, words};
pub use story::Correct;
use story::Story;

#[component]
fn Gone() -> impl IntoView {
    view! {
        <div class="v-head">
            <Heading text=tr!(report.missing) />
        </div>
        <Link to=Page::Reports class="btn btn-primary">
            {tr!(reports.title)}
        </Link>
    }
}

#[component]
pub fn ReportPage(id: ReportId) -> impl IntoView {
    let report = live(&[Event::Reports, Event::Outbox], move || GetReport { id });
    let title = Memo::new(move |_| report.known().map(|report| report.row.title));
    let gone = Memo::new(move |_| report.failed().is_some());
    let enclosed = Memo::new(move |_| report.known().map(|report| report.enclosed).unwrap_or_default());
    let messages = Memo::new(move |_| report.known().map(|report| report.messages).unwrap_or_default());
    let open = Memo::new(move |_| {
        let open = report.known().is_some_and(|report| {
            let stuck = matches!(report.row.delivery, Delivery::Stuck { .. });
            !stuck && !report.withdrawing && report.row.state.is_none_or(|state| !state.is_closed())
        });
        open.then_some(To::Report(id))
    });
    let part = move |draw: fn(ReportView) -> AnyView| move || report.known().map(draw);
    view! {
        <Show when=move || gone.get()>
            <Gone />
        </Show>
        {move || {
            title
                .get()
                .map(|title| {
                    view! {
                        <div class="v-head">
                            {part(|report| view! { <Head report=report /> }.into_any())}
                            <Heading text=title />
                            {part(|report| view! { <About report=report /> }.into_any())}
                        </div>
                        <div class="v-cols">
                            <section class="v-sec" aria-labelledby="story">
                                <div class="v-sec-h">
                                    <h2 id="story">{tr!(report.where_it_stands)}</h2>
                                    {part(|report| view! { <Age report=report /> }.into_any())}
                                </div>
                                <Story id=id report=report />
                            </section>
                            <div class="v-side">
                                {part(|report| view! { <Facts report=report /> }.into_any())}
                            </div>
                            <Thread
                                matter=id.into()
                                messages=messages
                                enclosed=enclosed
                                open=open
                            />
                        </div>
                        <Withdraw id=id report=report />
                    }
                })
        }}
    }
}

#[component]
fn Head(report: ReportView) -> impl IntoView {
    let withdrawing = report.withdrawing.then(|| {
        view! {
            <span class="v-state is-here is-big">
                <Icon name="it-upload" />
                {tr!(state.withdrawing)}
            </span>
        }
    });
    view! {
        <div class="v-btns">
            <Pill look=pill_of(&report.row) big=true />
            {withdrawing}
        </div>
    }
    .into_any()
}

#[component]
fn About(report: ReportView) -> impl IntoView {
    view! { <p class="v-mute">{words::category(Some(report.row.category))}</p> }.into_any()
}

#[component]
fn Age(report: ReportView) -> impl IntoView {
    let delivered = matches!(report.row.delivery, Delivery::Delivered { .. });
    let at = report.freshness.as_of.filter(|_| delivered);
    at.map(|at| {
        view! {
            <span class="v-asof">
                <Icon name="it-clock" small=true />
                {tr!(reports.as_of, when = words::when(at))}
            </span>
        }
    })
    .into_any()
}

/// Photos, place, who sees it, what was written.
#[component]
fn Facts(report: ReportView) -> impl IntoView {
    let coming = report.row.photos_to_come;
    let title = match coming {
        0 => tr!(report.photos).to_owned(),
        1 => tr!(report.photos_coming_one).to_owned(),
        n => tr!(report.photos_coming, n = n),
    };
    let photos = (!report.photos.is_empty()).then(|| {
        view! {
            <section class="v-sec" aria-labelledby="photos">
                <h2 id="photos" class="h3">
                    {title}
                </h2>
                <ul class="v-photos mt-3">
                    {report
                        .photos
                        .iter()
                        .cloned()
                        .zip(1..)
                        .map(|(photo, n)| {
                            view! { <PhotoTile number=n photo=photo on_its_way=true /> }
                        })
                        .collect_view()}
                </ul>
                {(coming > 0)
                    .then(|| {
                        view! { <p class="v-small v-mute mt-2">{tr!(report.photos_later)}</p> }
                    })}
            </section>
        }
    });
    let place = report.place;
    let precise = place.accuracy.map(|accuracy| tr!(place.accuracy, n = vicino_contract::ipc::whole_metres(accuracy)));
    let corrected = place.corrected_from.map(|_| tr!(place.corrected).to_owned());
    let source = [Some(words::source(place.source).to_owned()), precise, corrected]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ");
    let point = place.point.map(words::point).filter(|point| *point != words::place(&place));
    let note = place.note.clone().filter(|note| place.address.is_some() && !note.is_empty());
    view! {
        {photos}
        <section class="v-sec" aria-label=tr!(report.details)>
            <dl class="v-kv">
                <div>
                    <dt>{tr!(report.details)}</dt>
                    <dd class="v-text">{report.details}</dd>
                </div>
                <div>
                    <dt>{tr!(report.place)}</dt>
                    <dd>
                        <b>{words::place(&place)}</b>
                        <br />
                        {note
                            .map(|note| {
                                view! {
                                    {note}
                                    <br />
                                }
                            })}
                        {point
                            .map(|point| {
                                view! {
                                    <span class="v-small v-num">{point}</span>
                                    <br />
                                }
                            })}
                        <span class="v-small">{source}</span>
                    </dd>
                </div>
                <div>
                    <dt>{tr!(report.who_sees)}</dt>
                    <dd>
                        {if report.private { tr!(report.who_office) } else { tr!(report.who_all) }}
                    </dd>
                </div>
                {report
                    .contact
                    .map(|contact| {
                        view! {
                            <div>
                                <dt>{tr!(report.contact)}</dt>
                                <dd>{contact}</dd>
                            </div>
                        }
                    })}
            </dl>
        </section>
    }
    .into_any()
}

#[component]
fn Withdraw(id: ReportId, report: Live<ReportView>) -> impl IntoView {
    let asking = RwSignal::new(false);
    let way = way();
    let possible = move || {
        report.known().is_some_and(|report| {
            !report.withdrawing && report.row.state.is_none_or(|state| state.may_be_followed_by(ReportState::Withdrawn))
        })
    };
    let stays = move || report.known().is_some_and(|report| !report.only_here);
    let text = Signal::derive(move || if stays() { tr!(report.withdraw_sent) } else { tr!(report.withdraw_here) });
    let withdraw = Callback::new(move |()| {
        let stays = stays();
        spawn_local(async move {
            if bridge::call(WithdrawReport { id }).await.is_ok()
                && !stays
                && bridge::call(GetReport { id }).await.is_err()
            {
                way.to(Page::Reports);
            }
        });
    });
    view! {
        <Show when=possible>
            <div class="v-flow v-end">
                <button type="button" class="v-link is-no" on:click=move |_| asking.set(true)>
                    <Icon name="it-restore" small=true />
                    {tr!(report.withdraw)}
                </button>
            </div>
        </Show>
        <Ask
            open=asking
            title=tr!(report.withdraw_title)
            text=text
            yes=tr!(report.withdraw_yes)
            no=tr!(report.keep)
            then=withdraw
        />
    }
}
