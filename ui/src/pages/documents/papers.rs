//! Papers of one's own: kept on this device with their end, and used again where a form asks for them.

use leptos::prelude::*;
use vicino_contract::ipc::{DiscardPaper, FileTo, KeepPaper, ListPapers, PaperRow};
use vicino_contract::{Event, Failure, FailureCode};
use vicino_domain::PaperId;
use vicino_domain::media::USUAL;
use vicino_domain::paper::{PaperKind, SOON};
use wasm_bindgen_futures::spawn_local;

use crate::components::{Ask, Enclose, Heading, Icon, Problem, TextField, focus};
use crate::live::live;
use crate::pages::mine::Ways;
use crate::{bridge, tr, words};

/// As many pages as one paper has here.
const PAGES: usize = 10;

#[component]
pub fn Papers() -> impl IntoView {
    let list = live(&[Event::Documents], || ListPapers {});
    // A row is drawn anew only when it is another one.
    let rows = Memo::new(move |_| list.known());
    let body = move || {
        let rows = rows.get()?;
        let inner = if rows.is_empty() {
            view! { <p class="v-mute">{tr!(papers.none)}</p> }.into_any()
        } else {
            view! {
                <ul class="v-list">
                    {rows.into_iter().map(|row| view! { <PaperLine row=row /> }).collect_view()}
                </ul>
            }
            .into_any()
        };
        Some(inner)
    };
    view! {
        <Ways />
        <div class="v-head">
            <Heading text=tr!(papers.title) />
            <p class="v-mute">{tr!(papers.text)}</p>
        </div>
        <section class="v-sec" aria-label=tr!(papers.title)>
            {body}
        </section>
        <section class="v-sec mt-4" aria-labelledby="new-paper">
            <h2 id="new-paper" class="h3">
                {tr!(papers.add)}
            </h2>
            <Write before=None />
        </section>
    }
}

/// Until when it holds, in words: for the list, and for whoever is about to use it.
pub fn until(row: &PaperRow) -> Option<(&'static str, String)> {
    let day = words::day(row.expires?);
    Some(match row.days? {
        days if days < 0 => ("v-state is-no", tr!(papers.over, day = day)),
        0 => ("v-state is-turn", tr!(cert.last_day).to_owned()),
        days if days <= SOON => ("v-state is-turn", tr!(papers.soon, n = days, day = day)),
        _ => ("v-d", tr!(cert.holds_until, day = day)),
    })
}

#[component]
fn PaperLine(row: PaperRow) -> impl IntoView {
    let id = row.id;
    let (writing, asking) = (RwSignal::new(false), RwSignal::new(false));
    let until = until(&row).map(|(class, said)| view! { <span class=class>{said}</span> });
    let kind = words::paper(row.kind);
    let kind = (kind != row.name).then(|| view! { <span class="v-d">{kind}</span> });
    let pages = row.files.clone();
    let more = pages.len() < PAGES;
    let types = USUAL.map(String::from).to_vec();
    let discard = Callback::new(move |()| {
        spawn_local(async move {
            drop(bridge::call(DiscardPaper { id }).await);
            focus(String::from("kind-new"));
        });
    });
    let named = row.name.clone();
    let before = StoredValue::new(row.clone());
    view! {
        <li class="v-own">
            <h2 class="h3" lang="it">
                {row.name.clone()}
            </h2>
            {kind}
            {until}
            <Enclose
                to=FileTo::Paper(id)
                files=pages
                id=format!("pages-{id}")
                types=types
                more=more
                dated=false
            />
            <div class="v-btns mt-2">
                <button
                    type="button"
                    class="v-link"
                    aria-expanded=move || writing.get().to_string()
                    on:click=move |_| writing.update(|on| *on = !*on)
                >
                    {tr!(papers.change)}
                </button>
                <button
                    type="button"
                    class="v-link is-no"
                    aria-label=tr!(papers.discard_name, name = named)
                    on:click=move |_| asking.set(true)
                >
                    {tr!(papers.discard)}
                </button>
            </div>
            <Show when=move || writing.get()>
                <Write before=Some(before.get_value()) />
            </Show>
            <Ask
                open=asking
                title=tr!(papers.discard_title)
                text=tr!(papers.discard_text).to_owned()
                yes=tr!(papers.discard)
                no=tr!(papers.keep)
                then=discard
            />
        </li>
    }
    .into_any()
}

/// What a paper is, what it is called, until when it holds.
#[component]
fn Write(before: Option<PaperRow>) -> impl IntoView {
    let id = before.as_ref().map(|row| row.id);
    let own = id.map_or_else(|| String::from("new"), |id| id.to_string());
    let kind = RwSignal::new(before.as_ref().map_or(PaperKind::IdentityCard, |row| row.kind));
    let name = RwSignal::new(before.as_ref().map(|row| row.name.clone()).unwrap_or_default());
    let expires = RwSignal::new(before.and_then(|row| row.expires).map(words::typed_day).unwrap_or_default());
    let failed = RwSignal::new(None::<Failure>);
    let of = move |wanted: fn(FailureCode) -> bool| {
        Signal::derive(move || {
            failed.get().filter(|failure| wanted(failure.code)).map(|failure| words::failure(&failure))
        })
    };
    let day = of(|code| matches!(code, FailureCode::NotADate | FailureCode::NoSuchDay));
    let long = of(|code| code == FailureCode::NameTooLong);
    let other = of(|code| !matches!(code, FailureCode::NotADate | FailureCode::NoSuchDay | FailureCode::NameTooLong));
    let save = move |_| {
        let typed = name.get_untracked();
        // Nameless it is called what it is, in the language of whoever keeps it.
        let called = if typed.trim().is_empty() { words::paper(kind.get_untracked()).to_owned() } else { typed };
        let command = KeepPaper { id, kind: kind.get_untracked(), name: called, expires: expires.get_untracked() };
        spawn_local(async move {
            let kept = bridge::call(command).await;
            if let (Ok(kept), None) = (&kept, id) {
                begin_pages(*kept);
                name.try_set(String::new());
                expires.try_set(String::new());
            }
            failed.try_set(kept.err());
        });
    };
    let options = PaperKind::ALL.iter().map(|one| {
        view! {
            <option value=one.code() selected=move || kind.get() == *one>
                {words::paper(*one)}
            </option>
        }
    });
    let choose = move |value: String| kind.set(PaperKind::from_code(&value).unwrap_or(PaperKind::Other));
    let select = format!("kind-{own}");
    view! {
        <div class="v-field">
            <label for=select.clone()>{tr!(papers.kind)}</label>
            <select
                class="form-control"
                id=select
                on:change:target=move |event| choose(event.target().value())
            >
                {options.collect_view()}
            </select>
        </div>
        <TextField
            id=format!("name-{own}")
            label=tr!(papers.name).to_owned()
            hint=tr!(papers.name_hint).to_owned()
            value=name
            changed=move |text| name.set(text)
            problem=long
        />
        <TextField
            id=format!("expires-{own}")
            label=tr!(papers.expires).to_owned()
            hint=tr!(papers.expires_hint).to_owned()
            value=expires
            changed=move |text| expires.set(text)
            problem=day
        />
        <Problem id=format!("problem-{own}") text=other />
        <button type="button" class="btn btn-primary mt-2" on:click=save>
            <Icon name="it-check" small=true />
            {tr!(papers.save)}
        </button>
    }
}

/// The next thing to do with a new paper is to add its pages.
fn begin_pages(paper: PaperId) {
    focus(format!("pages-{paper}"));
}
