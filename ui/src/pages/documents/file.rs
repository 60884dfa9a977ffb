//! A file read in the app: what its pages say, in words; and the way to see it as it is, in the system's viewer, which
//! keeps it elsewhere and hands it on. A browser does both here.

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::Failure;
use vicino_contract::ipc::{FileSheet, FileView, OpenFile, ReadFile};
use vicino_domain::AttachmentId;
use wasm_bindgen_futures::spawn_local;

use crate::components::{Heading, Icon};
use crate::live::live;
use crate::pages::ThingPage;
use crate::{bridge, tr, words};

#[component]
pub fn FilePage(id: AttachmentId) -> impl IntoView {
    let file = live(&[Event::Documents, Event::Cases, Event::Reports, Event::Payments], move || ReadFile { id });
    view! { <ThingPage thing=file draw=|sheet| view! { <Shown sheet=sheet /> } /> }
}

#[component]
fn Shown(sheet: FileSheet) -> impl IntoView {
    let FileSheet { file, title, pages, picture } = sheet;
    let given = match file.given_at {
        Some(at) => tr!(file.given, when = words::when(at)),
        None => tr!(file.own).to_owned(),
    };
    let url = bridge::file_url(file.id);
    let said = match (file.here, picture, pages.iter().any(|page| !page.is_empty())) {
        (false, ..) => view! { <p class="v-note">{tr!(file.not_here)}</p> }.into_any(),
        (true, true, _) => view! { <PictureOf file=file.clone() url=url.clone() /> }.into_any(),
        (true, false, true) => view! { <PageText pages=pages /> }.into_any(),
        (true, false, false) => view! { <p class="v-mute mt-3">{tr!(file.no_text)}</p> }.into_any(),
    };
    view! {
        <div class="v-head">
            <p class="v-mute" lang="it">
                {title}
            </p>
            <Heading text=file.name.clone() lang="it" />
            <p class="v-d">{given} " · " {words::bytes(file.bytes)}</p>
        </div>
        {file.here.then(|| view! { <FileWays file=file.clone() url=url /> })}
        {said}
    }
    .into_any()
}

/// A picture is looked at here where a browser shows it; whoever cannot see it is told its name.
#[component]
fn PictureOf(file: FileView, url: Option<String>) -> impl IntoView {
    match url {
        Some(url) => {
            let name = file.name.clone();
            view! {
                <p class="mt-3">
                    <img class="v-sheet" src=url alt=tr!(file.picture, name = name) />
                </p>
            }
            .into_any()
        }
        None => view! { <p class="v-mute mt-3">{tr!(file.picture_elsewhere)}</p> }.into_any(),
    }
}

#[component]
fn PageText(pages: Vec<Vec<String>>) -> impl IntoView {
    let many = pages.len() > 1;
    let page = |(at, lines): (usize, Vec<String>)| {
        let head = many.then(|| view! { <h3 class="v-d mt-3">{tr!(file.page, n = at + 1)}</h3> });
        let lines = lines
            .into_iter()
            .map(|line| {
                view! {
                    <p class="v-said" lang="it">
                        {line}
                    </p>
                }
            })
            .collect_view();
        view! {
            {head}
            {lines}
        }
    };
    view! {
        <section class="v-sec mt-3" aria-labelledby="text">
            <h2 id="text" class="h3">
                {tr!(file.text)}
            </h2>
            <p class="v-small v-mute mb-3">{tr!(file.text_hint)}</p>
            {pages.into_iter().enumerate().map(page).collect_view()}
        </section>
    }
    .into_any()
}

#[component]
fn FileWays(file: FileView, url: Option<String>) -> impl IntoView {
    let (id, name, media) = (file.id, file.name.clone(), file.media.clone());
    let failed = RwSignal::new(None::<Failure>);
    let open = match url.clone() {
        Some(url) => view! {
            <a class="btn btn-primary" href=url target="_blank" rel="noopener">
                <Icon name="it-external-link" small=true />
                {tr!(file.open)}
            </a>
        }
        .into_any(),
        None => {
            let open = move |_| {
                spawn_local(async move { drop(failed.try_set(bridge::call(OpenFile { id }).await.err())) });
            };
            view! {
                <button type="button" class="btn btn-primary" on:click=open>
                    <Icon name="it-external-link" small=true />
                    {tr!(file.open)}
                </button>
            }
            .into_any()
        }
    };
    let save = url.clone().map(|url| {
        let name = name.clone();
        view! {
            <a class="btn btn-outline-primary" href=url download=name>
                <Icon name="it-download" small=true />
                {tr!(file.save)}
            </a>
        }
    });
    let share = url.filter(|_| bridge::can_share(&media)).map(|url| {
        let share = move |_| {
            let (url, name, media) = (url.clone(), name.clone(), media.clone());
            spawn_local(async move { bridge::share(&url, &name, &media).await });
        };
        view! {
            <button type="button" class="btn btn-outline-primary" on:click=share>
                {tr!(file.share)}
            </button>
        }
    });
    view! {
        <div class="v-btns">{open} {save} {share}</div>
        <p class="v-small v-mute mt-2">{tr!(file.open_hint)}</p>
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
