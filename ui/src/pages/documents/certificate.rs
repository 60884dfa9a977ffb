//! One certificate: what it says in words, until when it holds, its paper, and how somebody else checks it.

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::Failure;
use vicino_contract::ipc::{CertificateState, CertificateView, GetCertificate, WithdrawCertificate};
use vicino_domain::CertificateId;
use wasm_bindgen_futures::spawn_local;

use super::{StateOf, named};
use crate::components::{AsOf, Ask, FileList, Heading, Icon};
use crate::live::live;
use crate::pages::Missing;
use crate::pages::service::Reach;
use crate::route::{Link, Page, way};
use crate::{bridge, tr, words};

#[component]
pub fn Certificate(id: CertificateId) -> impl IntoView {
    let certificate = live(&[Event::Documents, Event::Outbox, Event::Payments], move || GetCertificate { id });
    let gone = Memo::new(move |_| certificate.failed().is_some());
    let title = Memo::new(move |_| certificate.known().map(|view| named(&view.row.kinds)));
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
                            <Heading text=title />
                            {move || {
                                certificate
                                    .known()
                                    .map(|view| view! { <AsOf freshness=view.freshness /> })
                            }}
                        </div>
                    }
                })
        }}
        {move || certificate.known().map(|view| view! { <Body view=view /> })}
    }
}

#[component]
fn Body(view: CertificateView) -> impl IntoView {
    let row = &view.row;
    let pill = view! { <StateOf row=row.clone() /> };
    let (state, notice, person) = (row.state, row.notice, row.person.clone());
    let held = row.held.clone().map(|held| {
        let since = held.since.map(|day| tr!(cert.since, day = words::day(day)));
        let until = held.until.map(|day| tr!(cert.maybe_by, day = words::day(day)));
        view! {
            <p class="v-small v-mute">{since} " " {until}</p>
            <p class="v-small">{tr!(cert.code, code = held.code)}</p>
        }
    });
    let stamp = notice.filter(|_| state == CertificateState::StampDue).map(|notice| {
        view! {
            <div class="v-note is-turn mt-3">
                <Icon name="it-card" />
                <div>
                    <b>{tr!(cert.stamp_title)}</b>
                    <p>{tr!(cert.stamp_text)}</p>
                    <div class="v-btns mt-2">
                        <Link to=Page::Notice(notice, None) class="btn btn-primary">
                            {tr!(cert.stamp_go)}
                        </Link>
                    </div>
                </div>
            </div>
        }
    });
    let says = (!view.says.is_empty()).then(|| {
        view! {
            <section class="v-sec" aria-labelledby="says">
                <h2 id="says">{tr!(cert.says)}</h2>
                <p lang="it">{tr!(cert.about)} " " <b>{person.clone()}</b></p>
                <ul lang="it">
                    {view.says.iter().map(|said| view! { <li>{said.clone()}</li> }).collect_view()}
                </ul>
            </section>
        }
    });
    // Under what was taken back a sound signature is no comfort.
    let signed = view.number.clone().filter(|_| state != CertificateState::Revoked).map(|number| {
        let (class, icon, said) = if view.signed {
            ("v-note is-ok mt-3", "it-check-circle", tr!(cert.signed))
        } else {
            ("v-note is-no mt-3", "it-error", tr!(cert.unsigned))
        };
        view! {
            <div class=class>
                <Icon name=icon />
                <div>
                    <b>{said}</b>
                    <p>{tr!(cert.number, number = number)}</p>
                </div>
            </div>
        }
    });
    let id = row.id;
    let open = matches!(
        state,
        CertificateState::Saved
            | CertificateState::Stuck
            | CertificateState::Asked
            | CertificateState::Held
            | CertificateState::StampDue
    );
    let withdraw = (open && !view.withdrawing).then(|| view! { <WithdrawButton id=id /> });
    let withdrawing = view.withdrawing.then(|| view! { <p class="v-state is-here">{tr!(cert.withdrawing)}</p> });
    let code = view.word.clone().map(|(_, svg)| {
        view! {
            <section class="v-sec" aria-labelledby="code">
                <h2 id="code" class="h3 mb-3">
                    {tr!(cert.show)}
                </h2>
                <div class="v-qr">
                    <div role="img" aria-label=tr!(cert.qr)>
                        <div class="v-qr-code" aria-hidden="true" inner_html=svg></div>
                    </div>
                </div>
                <p class="v-small v-mute mt-2">{tr!(cert.show_text)}</p>
            </section>
        }
    });
    let paper = view.file.clone().map(|file| {
        view! {
            <section class="v-sec">
                <h2 class="h3">{tr!(cert.paper)}</h2>
                <FileList files=vec![file] />
                <p class="v-small v-mute">{tr!(cert.paper_text)}</p>
            </section>
        }
    });
    let office = view.office.map(|office| {
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
    });
    view! {
        <div class="v-cols">
            <div>
                <p class="v-for">
                    <Icon name="it-user" small=true />
                    <span lang="it">{person}</span>
                </p>
                {pill}
                {held}
                {view.revoked.map(|why| view! { <p lang="it">{why}</p> })}
                {stamp}
                {withdrawing}
                {signed}
                {says}
                <p class="v-small v-mute mt-3">
                    {tr!(cert.asked_at, when = words::when(view.asked_at))}
                </p>
                {withdraw}
            </div>
            <div class="v-side">{paper} {code} {office}</div>
        </div>
    }
    .into_any()
}

/// The way to ask for it no more, asked back first.
#[component]
fn WithdrawButton(id: CertificateId) -> impl IntoView {
    let way = way();
    let (open, failed) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let then = Callback::new(move |()| {
        spawn_local(async move {
            match bridge::call(WithdrawCertificate { id }).await {
                // One that never left is gone with it.
                Ok(()) => way.to(Page::Documents),
                Err(failure) => drop(failed.try_set(Some(failure))),
            }
        });
    });
    view! {
        <button type="button" class="v-link is-no mt-2" on:click=move |_| open.set(true)>
            {tr!(cert.withdraw)}
        </button>
        <Ask
            open=open
            title=tr!(cert.withdraw_title)
            text=tr!(cert.withdraw_text).to_owned()
            yes=tr!(cert.withdraw)
            no=tr!(cert.withdraw_no)
            then=then
        />
        {move || {
            failed
                .get()
                .map(|failure| {
                    view! {
                        <p role="alert" class="v-err">
                            <Icon name="it-error" small=true />
                            {words::failure(&failure)}
                        </p>
                    }
                })
        }}
    }
    .into_any()
}
