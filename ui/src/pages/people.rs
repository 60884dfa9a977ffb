//! Who uses this device: the one who does now, signing in and out, the others, and somebody new.

mod devices;

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::{
    CancelSignIn, Command, GetPeople, PeopleView, PersonRow, RemovePerson, SignIn, SignInView, SignOut, SwitchPerson,
};
use wasm_bindgen_futures::spawn_local;

use crate::app::shared;
use crate::components::{Ask, Heading, Icon};
use crate::live::live;
use crate::route::{Link, Page};
use crate::{bridge, tr, words};
use devices::Devices;

#[component]
pub fn People() -> impl IntoView {
    let people = live(&[Event::Person, Event::Outbox], || GetPeople {});
    let failed = RwSignal::new(None);
    let now = move || people.known().map(|people| view! { <CurrentPerson people=people failed=failed /> });
    let others = move || people.known().map(|people| view! { <OtherPeople people=people failed=failed /> });
    let known = Memo::new(move |_| {
        people.known().is_some_and(|people| people.people.iter().any(|person| person.current && person.signed_in))
    });
    let devices = move || known.get().then(|| view! { <Devices failed=failed /> });
    view! {
        <div class="v-head">
            <Heading text=tr!(people.title) />
        </div>
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
        {now}
        {devices}
        {others}
        <section class="v-sec">
            <Link to=Page::Settings class="v-row">
                <Icon name="it-settings" />
                <div class="v-t">{tr!(nav.settings)}</div>
            </Link>
        </section>
    }
}

type Failed = RwSignal<Option<vicino_contract::Failure>>;

/// Does something, and says what went wrong.
fn act<C: Command + Clone + 'static>(command: C, failed: Failed) -> impl Fn(leptos::ev::MouseEvent) + Clone {
    move |_| {
        let command = command.clone();
        spawn_local(async move { failed.set(bridge::call(command).await.err()) });
        // The button that was pressed may be drawn anew: the focus waits beside it.
        crate::components::focus("sign-in");
    }
}

/// The name of somebody.
pub fn name_of(person: &PersonRow) -> String {
    person.name.clone().unwrap_or_else(|| {
        if person.resident.is_some() { tr!(people.somebody).to_owned() } else { tr!(people.nobody).to_owned() }
    })
}

/// The one who uses the device now.
#[component]
fn CurrentPerson(people: PeopleView, failed: Failed) -> impl IntoView {
    let Some(me) = people.people.into_iter().find(|person| person.current) else { return ().into_any() };
    let may_sign_in =
        move || shared().town().is_some_and(|town| town.capabilities.iter().any(|offer| offer == "sign_in"));
    let state = match (&me.resident, me.signed_in) {
        (None, _) => tr!(people.not_signed_in_text),
        (Some(_), true) => tr!(people.signed_in_text),
        (Some(_), false) => tr!(people.signed_out_text),
    };
    let entrusted = (!people.entrusted.is_empty())
        .then(|| view! { <p class="mt-2">{tr!(people.entrusted, names = people.entrusted.join(", "))}</p> });
    let buttons = if me.signed_in {
        view! {
            <button type="button" class="btn btn-outline-primary" on:click=act(SignOut {}, failed)>
                {tr!(people.sign_out)}
            </button>
        }
        .into_any()
    } else {
        let step = people.sign_in;
        view! {
            <Show when=may_sign_in>
                <SignInStep step=step.clone() failed=failed />
            </Show>
        }
        .into_any()
    };
    view! {
        <section class="v-sec" aria-label=tr!(people.now)>
            <h2>{name_of(&me)}</h2>
            <p class="v-mute mt-1">{state}</p>
            {entrusted}
            <div class="v-btns mt-3" id="sign-in" tabindex="-1">
                {buttons}
            </div>
        </section>
    }
    .into_any()
}

/// The point a sign-in has reached, and the next step.
#[component]
fn SignInStep(step: SignInView, failed: Failed) -> impl IntoView {
    let begin = move |words: &'static str| {
        view! {
            <button type="button" class="btn btn-primary" on:click=act(SignIn {}, failed)>
                {words}
            </button>
        }
    };
    let give_up = move || {
        view! {
            <button type="button" class="v-link" on:click=act(CancelSignIn {}, failed)>
                {tr!(people.give_up)}
            </button>
        }
    };
    match step {
        SignInView::None => begin(tr!(people.sign_in)).into_any(),
        SignInView::Asking => view! {
            <p role="status">{tr!(people.asking)}</p>
            {give_up()}
        }
        .into_any(),
        SignInView::Elsewhere { url, opened } => {
            let way = if opened {
                view! { <p role="status">{tr!(people.opened)}</p> }.into_any()
            } else {
                view! {
                    <a class="btn btn-primary" href=url target="_blank" rel="noopener">
                        {tr!(people.go_to_page)}
                    </a>
                }
                .into_any()
            };
            view! {
                {way}
                {give_up()}
            }
            .into_any()
        }
        SignInView::Failed { code } => view! {
            <p class="v-err" role="alert">
                {words::code(code)}
            </p>
            {begin(tr!(people.again))}
        }
        .into_any(),
    }
}

/// The others, and somebody new.
#[component]
fn OtherPeople(people: PeopleView, failed: Failed) -> impl IntoView {
    let unsent = people.unsent;
    let current = people.people.iter().find(|person| person.current).map(|person| person.id);
    let others: Vec<PersonRow> = people.people.into_iter().filter(|person| !person.current).collect();
    let line = |person: PersonRow| {
        let name = name_of(&person);
        view! {
            <li class="v-row">
                <div class="v-t">{name.clone()}</div>
                <button
                    type="button"
                    class="btn btn-outline-primary btn-sm"
                    on:click=act(
                        SwitchPerson {
                            to: Some(person.id),
                        },
                        failed,
                    )
                >
                    {tr!(people.switch)}
                    <span class="visually-hidden">" " {name}</span>
                </button>
            </li>
        }
    };
    let asking = RwSignal::new(false);
    let lost = if unsent > 0 { tr!(people.remove_unsent, n = unsent) } else { tr!(people.remove_text).to_owned() };
    let remove = move |()| {
        let Some(id) = current else { return };
        spawn_local(async move { failed.set(bridge::call(RemovePerson { id }).await.err()) });
    };
    view! {
        <section class="v-sec" aria-labelledby="others">
            <h2 id="others" class="h3">
                {tr!(people.others)}
            </h2>
            <p class="v-small v-mute">{tr!(people.others_text)}</p>
            <ul class="v-list mt-2">{others.into_iter().map(line).collect_view()}</ul>
            <div class="v-btns mt-3">
                <button
                    type="button"
                    class="btn btn-outline-primary"
                    on:click=act(SwitchPerson { to: None }, failed)
                >
                    {tr!(people.new)}
                </button>
            </div>
        </section>
        <section class="v-danger">
            <button type="button" class="v-link is-no" on:click=move |_| asking.set(true)>
                {tr!(people.remove)}
            </button>
            <Ask
                open=asking
                title=tr!(people.remove)
                text=lost
                yes=tr!(people.remove_yes)
                no=tr!(app.close)
                then=remove
            />
        </section>
    }
}
