//! Reading a notice: typed with live checks, from a picture or a PDF; one's own is opened, a stranger's can be kept.

use leptos::prelude::*;
use vicino_contract::Failure;
use vicino_contract::ipc::{CodeRow, KeepNotice, ReadNotice, ReadNoticeFile, ReadView};
use vicino_domain::pagopa::{Check, Creditor, NoticeNumber};
use vicino_domain::{Cents, codes};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::File;

use super::NoticeLine;
use super::pictures::Pictures;
use crate::components::{Heading, Icon, TextField};
use crate::pages::mine::Ways;
use crate::route::{Page, way};
use crate::{bridge, tr, words};

#[component]
pub fn Reading() -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let seen = RwSignal::new(None::<ReadView>);
    let (failed, working) = (RwSignal::new(None::<Failure>), RwSignal::new(false));
    // Whether more is to come: somebody types, sign by sign. Who pastes, or leaves the field, has said it all.
    let typing = RwSignal::new(false);
    let read = move |text: String| {
        typing.set(text.chars().count() <= typed.with_untracked(|before| before.chars().count()) + 1);
        typed.set(text.clone());
        failed.set(None);
        spawn_local(async move {
            let reply = bridge::call(ReadNotice { text: text.clone() }).await;
            // What was typed since has an answer of its own.
            if typed.try_get_untracked() == Some(text) {
                seen.set(reply.ok());
            }
        });
    };
    let picture = Callback::new(move |file: File| {
        working.set(true);
        seen.set(None);
        failed.set(None);
        spawn_local(async move {
            match read_file(file).await {
                Ok(view) => drop(seen.try_set(Some(view))),
                Err(failure) => drop(failed.try_set(Some(failure))),
            }
            working.try_set(false);
        });
    });
    let chosen = Callback::new(move |text: String| {
        read(text);
    });
    // While somebody is still typing, what is too short is no fault yet.
    let problem = Signal::derive(move || match seen.get() {
        Some(ReadView::Bad(bad)) if !typed.with(String::is_empty) => {
            let whole = !typing.get() || !typed.with(|text| may_go_on(text));
            whole.then(|| words::read_fault(bad))
        }
        _ => None,
    });
    view! {
        <Ways />
        <div class="v-head">
            <Heading text=tr!(reading.title) />
            <p class="v-mute">{tr!(reading.text)}</p>
        </div>
        <Pictures
            picture=picture
            text=Callback::new(read)
            ways=(tr!(reading.camera), tr!(reading.file))
        />
        <p role="status" class="v-small">
            {move || working.get().then(|| tr!(reading.working))}
        </p>
        {move || {
            failed
                .get()
                .map(|failure| {
                    view! {
                        <p role="alert" class="v-err">
                            <Icon name="it-error" small=true />
                            {unread(&failure)}
                        </p>
                    }
                })
        }}
        <div class="mt-3" on:focusout=move |_| typing.set(false)>
            <TextField
                id="notice-code"
                label=tr!(reading.code)
                hint=tr!(reading.code_hint).to_owned()
                value=typed
                changed=Callback::new(read)
                problem=problem
                mode="numeric"
            />
        </div>
        <div role="status">
            {move || seen.get().and_then(|view| shown(view, typed.with(String::is_empty), chosen))}
        </div>
    }
}

/// Returns whether what is typed so far may still become a number, or a code.
fn may_go_on(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let number = digits < 18 && text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace());
    number || "PAGOPA|".starts_with(text) || (text.starts_with("PAGOPA|") && text.split('|').count() <= 5)
}

/// Why a file could not be read: here it is no photo of a report, and nothing was being written.
pub fn unread(failure: &Failure) -> String {
    use vicino_contract::FailureCode::{
        PhotoBroken, PhotoEmpty, PhotoHeic, PhotoNotAPicture, PhotoTooHeavy, PhotoTooLarge,
    };
    match failure.code {
        PhotoEmpty | PhotoBroken => tr!(reading.file_broken).to_owned(),
        PhotoNotAPicture | PhotoHeic => tr!(reading.file_kind).to_owned(),
        PhotoTooHeavy | PhotoTooLarge => tr!(reading.file_large).to_owned(),
        _ => words::failure(failure),
    }
}

async fn read_file(file: File) -> Result<ReadView, Failure> {
    if file.size() > f64::from(vicino_contract::ipc::MOST_PHOTO_BYTES) {
        return Err(Failure::new(vicino_contract::FailureCode::PhotoTooHeavy));
    }
    let buffer = JsFuture::from(file.array_buffer()).await;
    let buffer = buffer.map_err(|_| Failure::new(vicino_contract::FailureCode::PhotoBroken))?;
    bridge::call_with_file(ReadNoticeFile { bytes: Vec::new() }, js_sys::Uint8Array::new(&buffer)).await
}

/// The notices of one picture or paper: none is anybody's choice by being first.
#[component]
fn SeveralCodes(all: Vec<CodeRow>, title: &'static str, hint: &'static str, chosen: Callback<String>) -> impl IntoView {
    let line = |one: CodeRow| {
        let owed = one.amount.map(words::euro);
        let whose = one.known.map(|known| known.title).or(one.creditor.map(|creditor| creditor.to_string()));
        let text = one.text;
        view! {
            <li class="v-row">
                <div>
                    <p class="v-t v-num">{one.grouped.clone()}</p>
                    <p class="v-small v-mute">{whose} " · " <b class="v-num">{owed}</b></p>
                </div>
                <button
                    type="button"
                    class="btn btn-sm btn-outline-primary"
                    aria-label=tr!(reading.choose_it, number = one.grouped)
                    on:click=move |_| chosen.run(text.clone())
                >
                    {tr!(reading.choose)}
                </button>
            </li>
        }
    };
    view! {
        <section class="v-sec">
            <h2 class="h3">{title}</h2>
            <p class="v-mute">{hint}</p>
            <ul class="v-list">{all.into_iter().map(line).collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// What was read; `picture`: nothing was typed.
fn shown(view: ReadView, picture: bool, chosen: Callback<String>) -> Option<AnyView> {
    Some(match view {
        ReadView::Several(all) => view! {
            <SeveralCodes
                all=all
                title=tr!(reading.several)
                hint=tr!(reading.several_hint)
                chosen=chosen
            />
        }
        .into_any(),
        ReadView::Partial(all) => view! {
            <SeveralCodes
                all=all
                title=tr!(reading.partial)
                hint=tr!(reading.partial_hint)
                chosen=chosen
            />
        }
        .into_any(),
        ReadView::NoCode => view! { <ReadingFault text=tr!(reading.no_code).to_owned() /> }.into_any(),
        // What is typed has its fault beside it.
        ReadView::Bad(bad) => {
            return picture.then(|| view! { <ReadingFault text=words::read_fault(bad) /> }.into_any());
        }
        ReadView::Notice { known: Some(known), check, amount, .. } => {
            let title = if known.stranger { tr!(reading.kept) } else { tr!(reading.mine) };
            // The paper is older than what is known here, or the other way round: both are said.
            let differs = amount.filter(|amount| !known.stranger && *amount != known.amount).map(|amount| {
                let text = tr!(reading.differs, paper = words::euro(amount), now = words::euro(known.amount));
                view! { <p class="v-state is-turn">{text}</p> }
            });
            view! {
                <section class="v-sec">
                    <h2 class="h3">{title}</h2>
                    <Warning check=check />
                    {differs}
                    <ul class="v-list">
                        <NoticeLine row=*known named=true />
                    </ul>
                </section>
            }
            .into_any()
        }
        ReadView::Notice { number, grouped, check, creditor, amount, known: None } => view! {
            <section class="v-sec">
                <h2 class="h3">{tr!(reading.found)}</h2>
                <p class="v-num">
                    <b>{grouped}</b>
                </p>
                <Warning check=check />
                <Keep number=number creditor=creditor amount=amount />
            </section>
        }
        .into_any(),
    })
}

#[component]
fn ReadingFault(text: String) -> impl IntoView {
    view! {
        <div class="v-note is-no mt-3">
            <Icon name="it-error" />
            <div>
                <p>{text}</p>
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn Warning(check: Check) -> impl IntoView {
    (check == Check::Wrong).then(|| view! { <p class="v-state is-turn">{tr!(notice.check)}</p> }).into_any()
}

/// A stranger's notice, with what its code did not say.
#[component]
fn Keep(number: NoticeNumber, creditor: Option<Creditor>, amount: Option<Cents>) -> impl IntoView {
    let way = way();
    let code = RwSignal::new(creditor.map(|code| code.to_string()).unwrap_or_default());
    let sum = RwSignal::new(amount.map(|sum| sum.to_string().replace('.', ",")).unwrap_or_default());
    let (name, what) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (asked, failed) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let creditor = move || {
        code.with(|code| {
            code.split_whitespace().collect::<String>().parse::<Creditor>().ok().filter(|code| !code.is_nobody())
        })
    };
    let cents = move || sum.with(|sum| codes::decimal(sum, 2).ok()).map(Cents).filter(|sum| sum.0 > 0);
    let keep = move |_| {
        asked.set(true);
        let Some((creditor, amount)) = creditor().zip(cents()) else { return };
        let (creditor_name, title) = (name.get_untracked(), what.get_untracked());
        spawn_local(async move {
            match bridge::call(KeepNotice { number, creditor, amount, creditor_name, title }).await {
                Ok(id) => way.to(Page::Notice(id, Some(number))),
                Err(failure) => drop(failed.try_set(Some(failure))),
            }
        });
    };
    let wrong = move |bad: bool, words: &'static str| (asked.get() && bad).then(|| words.to_owned());
    let field = move |field: vicino_domain::Field| {
        let failure = failed.get()?;
        failure.invalid.iter().find(|invalid| invalid.field == field).map(words::invalid)
    };
    view! {
        <h3 class="mt-3">{tr!(reading.keep_title)}</h3>
        <p class="v-mute mb-3">{tr!(reading.keep_text)}</p>
        <TextField
            id="keep-creditor"
            label=tr!(reading.creditor)
            hint=tr!(reading.creditor_hint).to_owned()
            value=code
            changed=Callback::new(move |text| code.set(text))
            problem=Signal::derive(move || wrong(creditor().is_none(), tr!(reading.bad_creditor)))
            mode="numeric"
            required=true
        />
        <TextField
            id="keep-name"
            label=tr!(reading.name)
            value=name
            changed=Callback::new(move |text| name.set(text))
            problem=Signal::derive(move || field(vicino_domain::Field::Creditor))
            required=true
        />
        <TextField
            id="keep-what"
            label=tr!(reading.what)
            value=what
            changed=Callback::new(move |text| what.set(text))
            problem=Signal::derive(move || field(vicino_domain::Field::Title))
            required=true
        />
        <TextField
            id="keep-amount"
            label=tr!(reading.amount)
            hint=tr!(reading.amount_hint).to_owned()
            value=sum
            changed=Callback::new(move |text| sum.set(text))
            problem=Signal::derive(move || {
                wrong(cents().is_none(), tr!(reading.bad_amount))
                    .or_else(|| field(vicino_domain::Field::Amount))
            })
            mode="decimal"
            required=true
        />
        <div class="v-btns mt-3">
            <button type="button" class="btn btn-primary" on:click=keep>
                {tr!(reading.keep)}
            </button>
        </div>
        {move || {
            failed
                .get()
                .filter(|failure| failure.invalid.is_empty())
                .map(|failure| {
                    view! {
                        <p role="alert" class="v-err">
                            {words::failure(&failure)}
                        </p>
                    }
                })
        }}
    }
}
