//! Having a certificate checked: a file, a picture of its code, or its text; with no network, and with what exactly was
//! checked.

use leptos::prelude::*;
use vicino_contract::Failure;
use vicino_contract::ipc::{CheckFile, CheckText, CheckView, Verdict};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::File;

use crate::components::{Heading, Icon};
use crate::pages::mine::Ways;
use crate::pages::payments::{Pictures, unread};
use crate::{bridge, tr, words};

#[component]
pub fn Check() -> impl IntoView {
    let (seen, failed) = (RwSignal::new(None::<CheckView>), RwSignal::new(None::<Failure>));
    let working = RwSignal::new(false);
    let begin = move || {
        seen.set(None);
        failed.set(None);
        working.set(true);
    };
    let end = move |reply: Result<CheckView, Failure>| {
        working.try_set(false);
        match reply {
            Ok(view) => drop(seen.try_set(Some(view))),
            Err(failure) => drop(failed.try_set(Some(failure))),
        }
    };
    let file = Callback::new(move |file: File| {
        begin();
        spawn_local(async move { end(read(file).await) });
    });
    let text = Callback::new(move |text: String| {
        begin();
        spawn_local(async move { end(bridge::call(CheckText { text }).await) });
    });
    view! {
        <Ways />
        <div class="v-head">
            <Heading text=tr!(cert.check) />
            <p class="v-mute">{tr!(cert.check_long)}</p>
        </div>
        <Pictures picture=file text=text ways=(tr!(cert.aim), tr!(cert.file)) />
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
        <div role="status">{move || seen.get().map(|view| view! { <Shown view=view /> })}</div>
    }
}

async fn read(file: File) -> Result<CheckView, Failure> {
    if file.size() > f64::from(vicino_contract::ipc::MOST_PHOTO_BYTES) {
        return Err(Failure::new(vicino_contract::FailureCode::PhotoTooHeavy));
    }
    let buffer = JsFuture::from(file.array_buffer()).await;
    let buffer = buffer.map_err(|_| Failure::new(vicino_contract::FailureCode::PhotoBroken))?;
    bridge::call_with_file(CheckFile { bytes: Vec::new() }, js_sys::Uint8Array::new(&buffer)).await
}

#[component]
fn Shown(view: CheckView) -> impl IntoView {
    let (class, icon, title, text) = match view.verdict {
        // What a code says is the town's; the paper around it may say anything.
        Verdict::Genuine if view.sealed.is_none() => {
            ("is-ok", "it-check-circle", tr!(cert.v_genuine_code), tr!(cert.v_genuine_code_text))
        }
        Verdict::Genuine => ("is-ok", "it-check-circle", tr!(cert.v_genuine), tr!(cert.v_genuine_text)),
        Verdict::Expired => ("is-turn", "it-clock", tr!(cert.v_expired), tr!(cert.v_expired_text)),
        Verdict::Revoked => ("is-no", "it-error", tr!(cert.v_revoked), tr!(cert.v_revoked_text)),
        Verdict::Altered => ("is-no", "it-error", tr!(cert.v_altered), tr!(cert.v_altered_text)),
        Verdict::CodeOnly => ("is-turn", "it-warning-circle", tr!(cert.v_code), tr!(cert.v_code_text)),
        Verdict::UnknownKey => ("is-past", "it-help-circle", tr!(cert.v_key), tr!(cert.v_key_text)),
        Verdict::Compromised => ("is-turn", "it-warning-circle", tr!(cert.v_compromised), tr!(cert.v_compromised_text)),
        Verdict::UnknownTown => ("is-past", "it-help-circle", tr!(cert.v_unknown), tr!(cert.v_unknown_text)),
        Verdict::NotOne => ("is-past", "it-info-circle", tr!(cert.v_none), tr!(cert.v_none_text)),
        Verdict::Clock => ("is-turn", "it-clock", tr!(cert.v_clock), tr!(cert.v_clock_text)),
    };
    let seal = view.said.is_some().then(|| match view.sealed {
        Some(true) => tr!(cert.seal_whole),
        Some(false) => tr!(cert.seal_broken),
        None => tr!(cert.seal_none),
    });
    let taken_back = view.as_of.map(|at| tr!(cert.taken_back_as_of, when = words::when(at)));
    let day = tr!(cert.checked_for, day = words::day(view.today));
    let checked = view.said.is_some().then(|| {
        view! {
            <h3 class="mt-3">{tr!(cert.checked)}</h3>
            <ul>
                <li>{tr!(cert.signature_checked)}</li>
                <li>{seal}</li>
                <li>{day}</li>
                {taken_back.map(|text| view! { <li>{text}</li> })}
            </ul>
        }
    });
    let said = view.said.map(|said| {
        let until = said
            .until
            .map_or_else(|| tr!(cert.for_ever).to_owned(), |day| tr!(cert.holds_until, day = words::day(day)));
        view! {
            <h3 class="mt-3">{tr!(cert.town_said, town = said.town)}</h3>
            <p lang="it">
                <b>{said.name}</b>
                ", "
                {tr!(cert.born_on, day = words::day(said.born_on))}
            </p>
            <ul lang="it">
                {said.says.into_iter().map(|text| view! { <li>{text}</li> }).collect_view()}
            </ul>
            <p class="v-d">
                {tr!(cert.number, number = said.number)} " · "
                {tr!(cert.issued_on, day = words::day(said.on))} " · " {until}
            </p>
        }
    });
    view! {
        <section class="v-sec mt-3">
            <div class=format!("v-note {class}")>
                <Icon name=icon />
                <div>
                    <h2 class="h3">{title}</h2>
                    <p>{text}</p>
                </div>
            </div>
            {said}
            {checked}
        </section>
    }
    .into_any()
}
