//! One case: whose move it is and by when, its timeline, what was sent, the thread with its office.

mod field;
mod form;
mod signers;

use chrono::NaiveDate;
use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::{
    CaseRow, CaseView, CorrectCase, Delivery, GetCase, StepView, SummaryLine, SummaryPart, WithdrawCase,
};
use vicino_domain::{CaseId, Clock, Phrase, Turn};
use wasm_bindgen_futures::spawn_local;

use crate::components::{AsOf, Ask, FileList, Heading, Icon, Look, Pill, Receipt, Thread, To};
use crate::live::live;
use crate::pages::Missing;
use crate::pages::service::{Reach, Start};
use crate::route::{Link, Page, way};
use crate::{bridge, tr, words};

pub use form::CaseForm;

/// The status of a case, as the resident should see it.
pub fn look(row: &CaseRow) -> Look {
    match (&row.delivery, row.state) {
        (Delivery::Stuck { .. }, _) => Look { class: "is-turn", icon: "it-warning-circle", words: tr!(state.stuck) },
        (Delivery::Waiting, _) => Look { class: "is-here", icon: "it-upload", words: tr!(state.waiting) },
        (Delivery::Delivered { .. }, state) => phrase(state.map(|state| state.phrase())),
    }
}

fn phrase(phrase: Option<Phrase>) -> Look {
    let (class, icon) = match phrase {
        Some(Phrase::Sent | Phrase::Registered | Phrase::Integrated) | None => ("is-go", "it-check"),
        Some(Phrase::InProgress) => ("is-go", "it-tool"),
        Some(Phrase::YourTurn) => ("is-turn", "it-warning-circle"),
        Some(Phrase::Concluded) => ("is-ok", "it-check-circle"),
        Some(Phrase::Refused | Phrase::Revoked) => ("is-past", "it-info-circle"),
        Some(Phrase::Withdrawn) => ("is-past", "it-restore"),
    };
    Look { class, icon, words: words::phrase(phrase) }
}

#[component]
pub fn Case(id: CaseId) -> impl IntoView {
    let case = live(&[Event::Cases, Event::Outbox], move || GetCase { id });
    let title = Memo::new(move |_| case.known().map(|case| case.row.title));
    let gone = Memo::new(move |_| case.failed().is_some());
    let enclosed = Memo::new(move |_| case.known().map(|case| case.enclosed).unwrap_or_default());
    let messages = Memo::new(move |_| case.known().map(|case| case.messages).unwrap_or_default());
    let open = Memo::new(move |_| {
        let case =
            case.known().filter(|case| !matches!(case.row.delivery, Delivery::Stuck { .. }) && !case.withdrawing)?;
        match case.row.state.map(|state| state.turn()) {
            Some(Turn::Resident) => Some(To::Asked(id)),
            Some(Turn::Nobody) => None,
            Some(Turn::Office) | None => Some(To::Case(id)),
        }
    });
    let part = move |draw: fn(CaseView) -> AnyView| move || case.known().map(draw);
    view! {
        <Show when=move || gone.get()>
            <Missing />
        </Show>
        {move || {
            title
                .get()
                .map(|title| {
                    view! {
                        <div class="v-head">
                            {part(|case| view! { <Head case=case /> }.into_any())}
                            <Heading text=title lang="it" />
                            {part(|case| view! { <About case=case /> }.into_any())}
                        </div>
                        <div class="v-cols">
                            <section class="v-sec" aria-labelledby="steps">
                                <h2 id="steps" class="h3">
                                    {tr!(report.where_it_stands)}
                                </h2>
                                {part(|case| {
                                    view! {
                                        <CaseClock
                                            id=case.row.id
                                            clock=case.row.clock
                                            answer_by=case.answer_by
                                        />
                                    }
                                        .into_any()
                                })}
                                {part(|case| {
                                    view! {
                                        <ol class="v-time">
                                            {case
                                                .steps
                                                .into_iter()
                                                .map(|step| view! { <Step step=step /> })
                                                .collect_view()}
                                        </ol>
                                    }
                                        .into_any()
                                })}
                            </section>
                            <div class="v-side">
                                {part(|case| {
                                    case.answers
                                        .into_iter()
                                        .map(|part| view! { <AnswerSection part=part /> })
                                        .collect_view()
                                        .into_any()
                                })}
                                {part(|case| {
                                    case.office
                                        .map(|office| {
                                            view! {
                                                <section class="v-sec">
                                                    <h2 class="h3">{tr!(services.contacts)}</h2>
                                                    <p class="v-t mt-2" lang="it">
                                                        {office.name.clone()}
                                                    </p>
                                                    <Reach office=office />
                                                </section>
                                            }
                                        })
                                        .into_any()
                                })} {part(|case| view! { <Help case=case /> }.into_any())}
                            </div>
                            <Thread
                                matter=id.into()
                                messages=messages
                                enclosed=enclosed
                                open=open
                            />
                            {part(move |case| {
                                view! { <Withdraw id=case.row.id may=case.may_withdraw /> }
                                    .into_any()
                            })}
                        </div>
                    }
                })
        }}
    }
}

#[component]
fn Head(case: CaseView) -> impl IntoView {
    let number = match (case.protocol, &case.row.delivery) {
        (Some((number, at)), _) => Some(tr!(cases.protocol, number = number, when = words::when(at))),
        (None, Delivery::Delivered { number, .. }) => Some(tr!(cases.number, number = number.clone())),
        (None, _) => None,
    };
    let receipt = case.receipt.then(|| view! { <Proof id=case.row.id /> });
    view! {
        {number.map(|number| view! { <p class="v-small v-mute">{number}</p> })}
        {receipt}
    }
    .into_any()
}

/// The town's signed word that it arrived.
#[component]
fn Proof(id: CaseId) -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <button type="button" class="v-link v-small" on:click=move |_| open.set(true)>
            {tr!(report.show_receipt)}
        </button>
        <Receipt matter=id.into() open=open />
    }
}

/// What the town refused is turned back into a draft, and one goes there.
#[component]
pub fn Correct(id: CaseId) -> impl IntoView {
    let way = way();
    let correct = move |_| {
        spawn_local(async move {
            if bridge::call(CorrectCase { id }).await.is_ok() {
                way.to(Page::CaseDraft(id));
            }
        });
    };
    view! {
        <button type="button" class="btn btn-primary" on:click=correct>
            {tr!(outbox.correct)}
        </button>
    }
}

#[component]
fn About(case: CaseView) -> impl IntoView {
    let stuck = matches!(case.row.delivery, Delivery::Stuck { .. });
    let why = match &case.row.delivery {
        Delivery::Stuck { reason } => {
            let town = reason.detail.clone().map(|text| tr!(outbox.town_says, text = text)).unwrap_or_default();
            Some(format!("{} {town}", words::problem(reason)))
        }
        _ if case.withdrawing => Some(tr!(cases.withdrawing).to_owned()),
        _ => None,
    };
    let about = case.about.map(|(id, title)| {
        view! {
            <p>
                {tr!(cases.about)} " " <span lang="it">
                    <Link to=Page::Case(id)>{title}</Link>
                </span>
            </p>
        }
    });
    view! {
        {about}
        <Pill look=look(&case.row) big=true />
        {why.map(|why| view! { <p class="v-mute">{why}</p> })}
        {stuck
            .then(|| {
                view! {
                    <p>{tr!(outbox.safe)}</p>
                    <div class="v-btns mt-2">
                        <Correct id=case.row.id />
                        <Link to=Page::Outbox class="v-link">
                            {tr!(nav.outbox)}
                        </Link>
                    </div>
                }
            })}
        <AsOf freshness=case.freshness />
    }
    .into_any()
}

/// A hand with it, and the case on paper.
#[component]
fn Help(case: CaseView) -> impl IntoView {
    let id = case.row.id;
    let ask = case.help.map(|service| view! { <Start id=service label=tr!(cases.help) about=id /> });
    view! {
        <section class="v-sec">
            {ask} <p class="mt-2">
                <Link to=Page::Paper(id)>
                    <Icon name="it-print" small=true />
                    " "
                    {tr!(paper.print)}
                </Link>
            </p>
        </section>
    }
    .into_any()
}

/// Whose move it is, the days used, and by when the office must conclude.
#[component]
fn CaseClock(id: CaseId, clock: Option<Clock>, answer_by: Option<NaiveDate>) -> impl IntoView {
    let clock = clock.filter(|clock| clock.turn != Turn::Nobody)?;
    let whose = if clock.turn == Turn::Resident { tr!(cases.your_move) } else { tr!(cases.office_move) };
    let (by, late) = (clock.conclude_by.map(words::day), clock.late);
    let when = match (clock.stands_still, clock.late, by) {
        (true, _, Some(by)) => tr!(cases.stands_still, day = by),
        (false, true, Some(by)) => tr!(cases.late, day = by),
        (false, false, Some(by)) => tr!(cases.answer_by, day = by),
        (_, _, None) => String::new(),
    };
    let class = if clock.turn == Turn::Resident || clock.late { "v-note is-turn mt-2" } else { "v-note mt-2" };
    Some(view! {
        <div class=class>
            <Icon name="it-clock" />
            <div>
                <b>{whose} " " {tr!(cases.since, day = words::day(clock.since))}</b>
                {answer_by
                    .map(|by| {
                        let day = words::day(by);
                        let said = if words::is_over(by) {
                            tr!(cases.answer_over, day = day)
                        } else {
                            tr!(cases.answer_until, day = day)
                        };
                        view! { <p>{said}</p> }
                    })}
                <p>{when}</p>
                {late
                    .then(|| {
                        view! {
                            <p>
                                <Link to=Page::Letter(id)>{tr!(paper.letter_write)}</Link>
                            </p>
                        }
                    })}
                <p class="v-small v-mute">
                    {tr!(cases.days, used = clock.used, stopped = clock.stopped, left = clock.left)}
                </p>
            </div>
        </div>
    })
}

#[component]
fn Step(step: StepView) -> impl IntoView {
    let look = phrase(step.state.map(|state| state.phrase()));
    let term = step.suspends.map(|suspends| if suspends { tr!(cases.suspended) } else { tr!(cases.resumed) });
    let (office, by) = (step.office, step.by);
    let who = move || office.clone().or_else(|| words::other_writer(by.clone())).map(|who| format!(" · {who}"));
    view! {
        <li class="is-done">
            <span class="v-dot" aria-hidden="true">
                <Icon name=look.icon />
            </span>
            <b class="v-t">{look.words}</b>
            <time class="v-d" datetime=step.at.to_rfc3339()>
                {words::when(step.at)}
                {who}
            </time>
            {term.map(|term| view! { <span class="v-d">{term}</span> })}
            {step
                .note
                .map(|note| {
                    view! {
                        <p class="mt-1 v-text" lang="it">
                            {note}
                        </p>
                    }
                })}
            <FileList files=step.files />
        </li>
    }
}

/// Questions and answers under a heading.
#[component]
pub fn AnswerSection(part: SummaryPart) -> impl IntoView {
    let line = |line: SummaryLine| {
        let declared = line.answer.is_empty() && line.files.is_empty();
        let answer = if declared { tr!(cases.declared).to_owned() } else { line.answer };
        view! {
            <div>
                <dt lang="it">{line.question}</dt>
                <dd lang="it">{answer} <FileList files=line.files /></dd>
            </div>
        }
    };
    view! {
        <section class="v-sec">
            <h2 class="h3" lang="it">
                {part.title}
            </h2>
            <dl class="v-facts mt-2">{part.lines.into_iter().map(line).collect_view()}</dl>
        </section>
    }
}

#[component]
fn Withdraw(id: CaseId, may: bool) -> impl IntoView {
    let asking = RwSignal::new(false);
    let withdraw = Callback::new(move |()| spawn_local(async move { drop(bridge::call(WithdrawCase { id }).await) }));
    may.then(|| {
        view! {
            <button type="button" class="v-link is-no" on:click=move |_| asking.set(true)>
                {tr!(cases.withdraw)}
            </button>
            <Ask
                open=asking
                title=tr!(cases.withdraw)
                text=Signal::derive(|| tr!(cases.withdraw_text).to_owned())
                yes=tr!(report.withdraw_yes)
                no=tr!(report.keep)
                then=withdraw
            />
        }
    })
}
