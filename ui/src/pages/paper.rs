//! A case on paper: its summary, written or sent, and the letter that reminds an office that it is late. What is on the
//! screen is what is printed, without the frame.

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::{CaseDraftView, CaseView, Delivery, GetCase, GetCaseDraft, GetProfile, SummaryPart};
use vicino_domain::CaseId;

use super::case::{AnswerSection, look};
use crate::app::shared;
use crate::components::{Heading, Icon};
use crate::live::live;
use crate::pages::Missing;
use crate::route::{Link, Page};
use crate::{bridge, tr, words};

/// The summary of a case, sent or still being written.
#[component]
pub fn Paper(id: CaseId) -> impl IntoView {
    let sent = live(&[Event::Cases], move || GetCase { id });
    let draft = live(&[Event::Cases], move || GetCaseDraft { id });
    move || match (sent.known(), draft.known()) {
        (Some(case), _) => Some(view! { <CasePaper case=case /> }.into_any()),
        (None, Some(draft)) => Some(view! { <DraftPaper draft=draft /> }.into_any()),
        (None, None) if sent.failed().is_some() && draft.failed().is_some() => Some(view! { <Missing /> }.into_any()),
        (None, None) => None,
    }
}

#[component]
fn CasePaper(case: CaseView) -> impl IntoView {
    let state = look(&case.row).words;
    let mut facts = vec![(tr!(paper.state), state.to_owned())];
    if let Delivery::Delivered { number, at } = &case.row.delivery {
        facts.push((tr!(paper.number), number.clone()));
        facts.push((tr!(paper.received), words::date(*at)));
    }
    facts.extend(case.protocol.map(|(number, at)| (tr!(paper.protocol), format!("{number} · {}", words::date(at)))));
    facts.extend(case.office.map(|office| (tr!(paper.office), office.name)));
    view! {
        <Sheet back=Page::Case(case.row.id) title=case.row.title facts=facts answers=case.answers />
    }
    .into_any()
}

#[component]
fn DraftPaper(draft: CaseDraftView) -> impl IntoView {
    let state = match draft.gaps.len() {
        0 => tr!(cases.ready).to_owned(),
        n => tr!(cases.missing, n = n),
    };
    let facts = vec![(tr!(paper.state), tr!(paper.draft).to_owned()), (tr!(paper.missing), state)];
    view! {
        <Sheet back=Page::CaseDraft(draft.id) title=draft.title facts=facts answers=draft.summary />
    }
    .into_any()
}

#[component]
fn Sheet(back: Page, title: String, facts: Vec<(&'static str, String)>, answers: Vec<SummaryPart>) -> impl IntoView {
    let facts = facts.into_iter().map(|(name, value)| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd>{value}</dd>
            </div>
        }
        .into_any()
    });
    view! {
        <PrintWays back=back />
        <article class="v-letter">
            <Top />
            <Heading text=title lang="it" />
            <dl class="v-facts mt-2">{facts.collect_view()}</dl>
            {answers.into_iter().map(|part| view! { <AnswerSection part=part /> }).collect_view()}
            <p class="v-small v-mute mt-3">
                {tr!(paper.made)} " " {words::date(chrono::Utc::now())}
            </p>
        </article>
    }
    .into_any()
}

/// Whose paper it is: the town's name, and that nothing of a practice town is true.
#[component]
fn Top() -> impl IntoView {
    move || {
        let town = shared().town();
        let practice = town.as_ref().is_some_and(|town| town.practice);
        view! {
            <p class="v-small">
                <b>{town.map(|town| town.name)}</b>
                {practice
                    .then(|| {
                        view! {
                            " · "
                            {tr!(app.practice)}
                        }
                    })}
            </p>
        }
    }
}

#[component]
fn PrintWays(back: Page) -> impl IntoView {
    view! {
        <div class="v-btns v-screen-only mb-3">
            <Link to=back class="btn btn-outline-primary">
                {tr!(wizard.back)}
            </Link>
            <button type="button" class="btn btn-primary" on:click=|_| bridge::print()>
                <Icon name="it-print" small=true />
                {tr!(paper.print)}
            </button>
        </div>
    }
    .into_any()
}

/// The letter to an office that did not conclude in time (art. 2 l. 241/1990).
#[component]
pub fn Letter(id: CaseId) -> impl IntoView {
    let case = live(&[Event::Cases], move || GetCase { id });
    let profile = live(&[Event::Person], || GetProfile {});
    move || match case.known() {
        Some(case) => Some(
            view! {
                <LetterText
                    case=case
                    name=profile
                        .known()
                        .and_then(|profile| profile.person)
                        .map(|person| person.name)
                />
            }
            .into_any(),
        ),
        None => case.failed().map(|_| view! { <Missing /> }.into_any()),
    }
}

#[component]
fn LetterText(case: CaseView, name: Option<String>) -> impl IntoView {
    let office = case.office.clone();
    let number = match (&case.protocol, &case.row.delivery) {
        (Some((number, at)), _) => tr!(paper.letter_protocol, number = number.clone(), day = words::date(*at)),
        (None, Delivery::Delivered { number, at }) => {
            tr!(paper.letter_number, number = number.clone(), day = words::date(*at))
        }
        (None, _) => String::new(),
    };
    let by = case.row.clock.as_ref().and_then(|clock| clock.conclude_by).map(words::day).unwrap_or_default();
    view! {
        <PrintWays back=Page::Case(case.row.id) />
        <article class="v-letter">
            <Top />
            <p class="mt-3">
                <b>{office.as_ref().map(|office| office.name.clone())}</b>
                <br />
                {office.as_ref().and_then(|office| office.address.clone())}
                <br />
                {office.and_then(|office| office.contact)}
            </p>
            <Heading text=tr!(paper.letter_title, title = case.row.title.clone()) />
            <p class="mt-3">{tr!(paper.letter_what, number = number)}</p>
            <p class="mt-2">{tr!(paper.letter_late, day = by)}</p>
            <p class="mt-2">{tr!(paper.letter_ask)}</p>
            <p class="mt-4">{words::date(chrono::Utc::now())}</p>
            <p class="mt-4">{name}</p>
        </article>
    }
    .into_any()
}
