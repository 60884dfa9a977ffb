//! What surrounds every screen: the top bar, the strip, the menus.

use leptos::prelude::*;
use vicino_contract::ipc::Status;

use crate::app::shared;
use crate::components::Icon;
use crate::pages::name_of;
use crate::route::{Link, Page, here};
use crate::{tr, words};

#[component]
pub fn Frame(children: Children) -> impl IntoView {
    let shared = shared();
    let practice = Memo::new(move |_| shared.town().is_some_and(|town| town.practice));
    // The wizard's own buttons take the place of the menu on a phone.
    let wizard = Memo::new(move |_| matches!(here(), Page::Draft(_) | Page::CaseDraft(_)));
    let online = move || shared.status.known().is_some_and(|status| status.online == Some(true) && !status.hold);
    view! {
        <a class="visually-hidden-focusable v-skip" href="#content" on:click=skip>
            {tr!(app.skip)}
        </a>
        <div class="v-app" class:is-practice=move || practice.get()>
            <header class="v-top">
                <Link to=Page::Home class="v-town">
                    <Icon name="v-icon-crest" />
                    <span>
                        {move || {
                            shared.town().map_or_else(|| String::from("Vicino"), |town| town.name)
                        }}
                    </span>
                </Link>
                <Show when=move || practice.get()>
                    <span class="v-practice">{tr!(app.practice)}</span>
                </Show>
                <div class="v-top-end">
                    <span role="status" class="d-none d-lg-inline-flex">
                        <Link to=Page::Outbox class="v-net">
                            {move || view! { <Net status=shared.status.known() /> }}
                        </Link>
                    </span>
                    <Link to=Page::Search>
                        <Icon name="it-search" />
                        <span class="v-name">{tr!(search.title)}</span>
                    </Link>
                    <Link to=Page::People>
                        <Icon name="it-user" />
                        <span class="v-name">{move || person()}</span>
                    </Link>
                </div>
            </header>
            <div role="status" class="d-lg-none">
                <Link
                    to=Page::Outbox
                    class=Signal::derive(move || if online() { "v-strip is-on" } else { "v-strip" })
                >
                    {move || view! { <Strip status=shared.status.known() /> }}
                </Link>
            </div>
            <Rail />
            <main class="v-main" id="content" tabindex="-1">
                {children()}
            </main>
            <Show when=move || !wizard.get()>
                <Tabs />
            </Show>
        </div>
    }
}

/// Skips to the content without leaving the route.
fn skip(event: leptos::ev::MouseEvent) {
    event.prevent_default();
    crate::components::focus("content");
}

/// The first line: whether there is a road to the town, and what waits.
fn first(status: &Status) -> String {
    let road = match (status.hold, status.online) {
        (true, _) => tr!(strip.hold),
        (_, Some(true)) => tr!(strip.online),
        (_, Some(false)) => tr!(strip.offline),
        (_, None) => tr!(strip.unknown),
    };
    let waits = match (status.stuck, status.waiting) {
        (1, _) => tr!(strip.one_stuck).to_owned(),
        (stuck, _) if stuck > 1 => tr!(strip.many_stuck, n = stuck),
        (_, 0) => tr!(strip.all_delivered).to_owned(),
        (_, 1) => tr!(strip.one_waits).to_owned(),
        (_, waiting) => tr!(strip.many_wait, n = waiting),
    };
    format!("{road} · {waits}")
}

/// The second line: how old what is known is.
fn second(status: &Status) -> String {
    status.freshness.as_of.map_or_else(|| tr!(strip.never).to_owned(), |at| tr!(strip.as_of, when = words::when(at)))
}

fn sign(status: &Status) -> &'static str {
    if status.online == Some(true) && !status.hold { "it-wifi" } else { "v-icon-offline" }
}

#[component]
fn Strip(status: Option<Status>) -> impl IntoView {
    status.map(|status| {
        view! {
            <Icon name=sign(&status) small=true />
            <span>
                <b>{first(&status)}</b>
                {second(&status)}
            </span>
            <Icon name="it-chevron-right" small=true />
        }
    })
}

#[component]
fn Net(status: Option<Status>) -> impl IntoView {
    status.map(|status| {
        view! {
            <Icon name=sign(&status) small=true />
            {first(&status)}
            " · "
            {second(&status)}
        }
    })
}

/// Whoever uses the device now.
fn person() -> String {
    let people = shared().people.known().map(|people| people.people).unwrap_or_default();
    people.iter().find(|person| person.current).map_or_else(|| tr!(people.title).to_owned(), name_of)
}

/// The number of requests the resident may want to look at.
fn queue() -> u32 {
    shared().status.known().map_or(0, |status| status.waiting + status.stuck)
}

/// A place in a bar: a picture and a word that lead to a page.
#[component]
fn Way(to: Page, icon: &'static str, text: &'static str) -> impl IntoView {
    view! {
        <li>
            <Link to=to>
                <Icon name=icon />
                {text}
            </Link>
        </li>
    }
}

#[component]
fn Rail() -> impl IntoView {
    let count = move || {
        let queue = queue();
        (queue > 0).then(|| {
            view! {
                <span class="v-count">
                    {queue}<span class="visually-hidden">" " {tr!(nav.to_deliver)}</span>
                </span>
            }
        })
    };
    view! {
        <nav class="v-rail" aria-label=tr!(app.menu)>
            <Link to=Page::New class="btn btn-primary">
                <Icon name="it-horn" />
                {tr!(nav.report)}
            </Link>
            <ul>
                <Way to=Page::Home icon="v-icon-home" text=tr!(nav.home) />
                <Way to=Page::Services icon="it-pa" text=tr!(services.title) />
                <Way to=Page::Bulletins(None) icon="it-calendar" text=tr!(bulletins.title) />
                <Way to=Page::Cases icon="it-file" text=tr!(mine.title) />
                <Way to=Page::Reports icon="it-folder" text=tr!(nav.reports) />
                <li>
                    <Link to=Page::Outbox>
                        <Icon name="it-upload" />
                        {tr!(nav.outbox)}
                        {count}
                    </Link>
                </li>
            </ul>
            <ul class="v-rail-end">
                <Way to=Page::Settings icon="it-settings" text=tr!(nav.settings) />
            </ul>
        </nav>
    }
}

#[component]
fn Tabs() -> impl IntoView {
    view! {
        <nav class="bottom-nav v-tabs" aria-label=tr!(app.menu)>
            <ul>
                <Way to=Page::Home icon="v-icon-home" text=tr!(nav.home) />
                <Way to=Page::Services icon="it-pa" text=tr!(services.title) />
                <li class="v-main-act">
                    <Link to=Page::New>
                        <span>
                            <Icon name="it-horn" />
                        </span>
                        {tr!(nav.report)}
                    </Link>
                </li>
                <Way to=Page::Cases icon="it-file" text=tr!(mine.short) />
                <Way to=Page::Reports icon="it-folder" text=tr!(nav.reports_short) />
            </ul>
        </nav>
    }
}
