//! Asking for a certificate: whom it is for first, because most need none; then which, about whom, and the stamp duty.

use leptos::prelude::*;
use vicino_contract::Failure;
use vicino_contract::ipc::{AskCertificate, CertificateList, KindView, ListCertificates};
use vicino_domain::ResidentId;
use vicino_domain::certificate::{
    Audience, CertificateKind, CertificateRequest, CertificateRequestError, Exemption, MOST_KINDS, StampDuty, stamp_of,
};
use wasm_bindgen_futures::spawn_local;

use crate::components::{Heading, Icon, TextField};
use crate::live::live;
use crate::pages::mine::Ways;
use crate::route::{Link, Page, way};
use crate::{bridge, tr, words};

#[component]
pub fn AskPage() -> impl IntoView {
    let list = live(&[], || ListCertificates {});
    view! {
        <Ways />
        <div class="v-head">
            <Heading text=tr!(cert.ask) />
        </div>
        {move || list.known().map(|list| view! { <Ask list=list /> })}
    }
}

#[component]
fn Ask(list: CertificateList) -> impl IntoView {
    let way = way();
    let audience = RwSignal::new(None::<Audience>);
    let kinds = RwSignal::new(Vec::<CertificateKind>::new());
    let person = RwSignal::new(list.people.first().map(|one| one.id));
    let exempt = RwSignal::new(None::<Exemption>);
    let reason = RwSignal::new(String::new());
    let (asked, failed) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    // Pressed twice it is asked for once.
    let sending = RwSignal::new(false);
    let offered: StoredValue<Vec<CertificateKind>> =
        StoredValue::new(list.offered.iter().map(|kind| kind.kind).collect());
    let stamp = move || match exempt.get() {
        None => StampDuty::Due,
        Some(code) => {
            let reason = Some(reason.get().trim().to_owned()).filter(|reason| !reason.is_empty());
            StampDuty::Exempt { code, reason }
        }
    };
    // The same rule as the core's and the town's: what is missing is said before anything is sent.
    let wrong = Memo::new(move |_| {
        let audience = audience.get()?;
        let (kinds, stamp) = (kinds.get(), stamp());
        CertificateRequest { kinds: &kinds, audience, stamp: &stamp }.check(&offered.get_value()).err()
    });
    let send = move |_| {
        asked.set(true);
        let (Some(audience), Some(person), None) =
            (audience.get_untracked(), person.get_untracked(), wrong.get_untracked())
        else {
            return;
        };
        if sending.get_untracked() {
            return;
        }
        sending.set(true);
        let command = AskCertificate { kinds: kinds.get_untracked(), person, audience, stamp: stamp() };
        spawn_local(async move {
            match bridge::call(command).await {
                Ok(id) => way.to(Page::Certificate(id)),
                Err(failure) => {
                    sending.try_set(false);
                    failed.try_set(Some(failure));
                }
            }
        });
    };
    let cost = move || {
        let due = stamp_of(&kinds.get(), &stamp());
        due.map_or_else(|| tr!(cert.no_stamp).to_owned(), |sum| tr!(cert.stamp_cost, sum = words::euro(sum)))
    };
    let going_on = move || audience.get().is_some_and(|audience| audience != Audience::Public);
    let people = list.people.clone();
    let all = list.offered.clone();
    // Another one may be what somebody wants, and may cost a stamp: they are told, and not kept from it.
    let already = Memo::new(move |_| {
        let chosen = person.get()?;
        let name = &list.people.iter().find(|one| one.id == chosen)?.name;
        kinds.with(|kinds| list.already(name, kinds).map(|row| row.id))
    });
    let problem = move |which: fn(CertificateRequestError) -> bool| asked.get() && wrong.get().is_some_and(which);
    view! {
        <fieldset class="v-field">
            <legend>{tr!(cert.for_whom)}</legend>
            {[Audience::Public, Audience::Private, Audience::CourtOrAbroad]
                .map(|one| {
                    view! {
                        <RadioChoice
                            name="audience"
                            word=words::audience(one)
                            more=String::new()
                            chosen=Signal::derive(move || audience.get() == Some(one))
                            choose=Callback::new(move |()| audience.set(Some(one)))
                        />
                    }
                })
                .into_iter()
                .collect_view()}
        </fieldset>
        <Show when=move || audience.get() == Some(Audience::Public)>
            <div class="v-note is-go mt-3">
                <Icon name="it-pencil" />
                <div>
                    <b>{tr!(cert.self_certify)}</b>
                    <p>{tr!(cert.self_certify_text)}</p>
                    <div class="v-btns mt-2">
                        <Link to=Page::Declare class="btn btn-primary">
                            {tr!(declare.go)}
                        </Link>
                    </div>
                </div>
            </div>
        </Show>
        <div hidden=move || !going_on()>
            <fieldset class="v-field mt-4">
                <legend>{tr!(cert.about_whom)}</legend>
                {people
                    .into_iter()
                    .map(|one| {
                        let id: ResidentId = one.id;
                        view! {
                            <RadioChoice
                                name="person"
                                word=one.name
                                more=if one.own { tr!(cert.own).to_owned() } else { String::new() }
                                chosen=Signal::derive(move || person.get() == Some(id))
                                choose=Callback::new(move |()| person.set(Some(id)))
                            />
                        }
                            .into_any()
                    })
                    .collect_view()}
            </fieldset>
            <fieldset class="v-field mt-4">
                <legend>{tr!(cert.which)}</legend>
                <span class="v-hint">{tr!(cert.which_hint, n = MOST_KINDS)}</span>
                <Show when=move || problem(|bad| {
                    matches!(
                        bad,
                        CertificateRequestError::Nothing | CertificateRequestError::TooMany
                    )
                })>
                    <p class="v-err" role="alert">
                        {tr!(cert.choose_one)}
                    </p>
                </Show>
                {all
                    .into_iter()
                    .map(|one| view! { <KindChoice one=one kinds=kinds /> })
                    .collect_view()}
            </fieldset>
            <fieldset class="v-field mt-4">
                <legend>{tr!(cert.stamp)}</legend>
                <span class="v-hint">{tr!(cert.stamp_hint)}</span>
                <RadioChoice
                    name="stamp"
                    word=tr!(cert.pay_stamp).to_owned()
                    more=String::new()
                    chosen=Signal::derive(move || exempt.get().is_none())
                    choose=Callback::new(move |()| exempt.set(None))
                />
                {Exemption::ALL
                    .iter()
                    .map(|code| {
                        let code = *code;
                        view! {
                            <RadioChoice
                                name="stamp"
                                word=words::exemption(code)
                                more=String::new()
                                chosen=Signal::derive(move || exempt.get() == Some(code))
                                choose=Callback::new(move |()| exempt.set(Some(code)))
                            />
                        }
                            .into_any()
                    })
                    .collect_view()}
            </fieldset>
            <Show when=move || exempt.get().is_some()>
                <TextField
                    id="reason"
                    label=tr!(cert.reason)
                    hint=tr!(cert.reason_hint).to_owned()
                    value=reason
                    changed=Callback::new(move |text| reason.set(text))
                    problem=Signal::derive(move || {
                        problem(|bad| bad == CertificateRequestError::Reason)
                            .then(|| tr!(cert.reason_missing).to_owned())
                    })
                />
            </Show>
            <div role="status">
                {move || {
                    already
                        .get()
                        .map(|id| {
                            view! {
                                <div class="v-note is-turn mt-3">
                                    <Icon name="it-info-circle" />
                                    <div>
                                        <b>{tr!(cert.already)}</b>
                                        <p>{tr!(cert.already_text)}</p>
                                        <div class="v-btns mt-2">
                                            <Link
                                                to=Page::Certificate(id)
                                                class="btn btn-outline-primary"
                                            >
                                                {tr!(cert.already_open)}
                                            </Link>
                                        </div>
                                    </div>
                                </div>
                            }
                        })
                }}
            </div>
            <p class="v-amount-s mt-3">{cost}</p>
            <div class="v-btns mt-3">
                <button type="button" class="btn btn-primary" on:click=send>
                    {tr!(cert.send)}
                </button>
            </div>
            <p class="v-small v-mute mt-1">{tr!(cert.send_text)}</p>
            {move || {
                failed
                    .get()
                    .map(|failure| {
                        view! {
                            <p role="alert" class="v-err">
                                {words::failure(&failure)}
                            </p>
                        }
                    })
            }}
        </div>
    }
}

/// A choice among several: its label, and a further text.
#[component]
pub(super) fn RadioChoice(
    name: &'static str,
    word: String,
    more: String,
    chosen: Signal<bool>,
    choose: Callback<()>,
) -> impl IntoView {
    let id = format!("{name}-{}", word.chars().filter(char::is_ascii_alphanumeric).take(24).collect::<String>());
    view! {
        <div class="form-check">
            <input
                type="radio"
                name=name
                id=id.clone()
                prop:checked=chosen
                on:change=move |_| choose.run(())
            />
            <label for=id>{word} <span class="v-d">{more}</span></label>
        </div>
    }
    .into_any()
}

/// A kind: what it proves, or why it cannot be issued now.
#[component]
fn KindChoice(one: KindView, kinds: RwSignal<Vec<CertificateKind>>) -> impl IntoView {
    let which = one.kind;
    let id = format!("certificate-{which}");
    let held = one.held.is_some();
    let chosen = move || kinds.with(|kinds| kinds.contains(&which));
    let toggle = move |_| {
        kinds.update(|kinds| {
            let before = kinds.len();
            kinds.retain(|other| *other != which);
            if kinds.len() == before {
                kinds.push(which);
            }
        });
    };
    let why = one.held.map(|held| {
        let until = held.until.map(|day| tr!(cert.maybe_by, day = words::day(day))).unwrap_or_default();
        view! {
            <span class="v-d">
                <b class="v-state">{tr!(cert.held)}</b>
                " "
                <span lang="it">{held.why}</span>
                " "
                {until}
                " "
                {tr!(cert.code, code = held.code)}
            </span>
        }
    });
    view! {
        <div class="form-check">
            <input
                type="checkbox"
                id=id.clone()
                prop:checked=chosen
                disabled=held
                on:change=toggle
            />
            <label for=id>
                {words::certificate(which)} <span class="v-d">{words::proves(which)}</span>
            </label>
            {why}
        </div>
    }
    .into_any()
}
