//! A self-certification: about whom, what, how it reads, and the paper to be signed. With no network.

use std::collections::BTreeMap;

use leptos::prelude::*;
use vicino_contract::Failure;
use vicino_contract::ipc::{Declaration, ListStatements, PaperOf, StatementList, StatementView};
use vicino_domain::ResidentId;
use vicino_domain::declaration::{BlankFault, LONGEST_BLANK};
use wasm_bindgen_futures::spawn_local;

use super::ask::RadioChoice;
use crate::components::{Heading, TextField};
use crate::i18n::Locale;
use crate::live::live;
use crate::pages::mine::Ways;
use crate::{bridge, tr, words};

#[component]
pub fn Declare() -> impl IntoView {
    let person = RwSignal::new(None::<ResidentId>);
    let typed = RwSignal::new(BTreeMap::<String, String>::new());
    let chosen = RwSignal::new(Vec::<String>::new());
    let list = live(&[], move || ListStatements { person: person.get(), typed: typed.get() });
    let failed = RwSignal::new(None::<Failure>);
    let people = Memo::new(move |_| list.known().map(|list| list.people).unwrap_or_default());
    // The same fields stay while what they fill changes: whoever types in one stays there.
    let offered =
        Memo::new(move |_| list.known().map(|list| list.statements.into_iter().map(still).collect::<Vec<_>>()));
    let about = move || person.get().or_else(|| people.get().first().map(|one| one.id));
    let make = move |_| {
        let Some(person) = about() else { return };
        let wish = Declaration { person, statements: chosen.get_untracked(), typed: typed.get_untracked() };
        spawn_local(async move {
            let done = bridge::paper(PaperOf::Declaration(wish)).await;
            failed.try_set(done.err());
        });
    };
    view! {
        <Ways />
        <div class="v-head">
            <Heading text=tr!(declare.title) />
            <p class="v-mute">{tr!(declare.text)}</p>
        </div>
        <fieldset class="v-field">
            <legend>{tr!(cert.about_whom)}</legend>
            {move || {
                people
                    .get()
                    .into_iter()
                    .map(|one| {
                        let id = one.id;
                        view! {
                            <RadioChoice
                                name="person"
                                word=one.name
                                more=if one.own { tr!(cert.own).to_owned() } else { String::new() }
                                chosen=Signal::derive(move || about() == Some(id))
                                choose=Callback::new(move |()| person.set(Some(id)))
                            />
                        }
                            .into_any()
                    })
                    .collect_view()
            }}
        </fieldset>
        <fieldset class="v-field mt-4">
            <legend>{tr!(declare.what)}</legend>
            {move || {
                offered
                    .get()
                    .map(|all| {
                        all.into_iter()
                            .map(|one| {
                                view! { <StatementChoice one=one chosen=chosen typed=typed /> }
                            })
                            .collect_view()
                    })
            }}
        </fieldset>
        <section class="v-sec" aria-labelledby="text">
            <h2 id="text">{tr!(declare.reads)}</h2>
            <div role="status">
                {move || {
                    list.known()
                        .map(|list| {
                            view! { <DeclarationText list=list chosen=chosen.get().clone() /> }
                        })
                }}
            </div>
        </section>
        <div class="v-btns mt-3">
            <button type="button" class="btn btn-primary" on:click=make>
                {tr!(declare.make)}
            </button>
        </div>
        <p class="v-small v-mute mt-1">{tr!(declare.make_text)}</p>
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
    }
}

/// What of a statement does not change while one types.
fn still(view: StatementView) -> StatementView {
    StatementView { reads: None, ..view }
}

fn own_words((italian, english): (String, String)) -> String {
    if words::locale() == Locale::en { english } else { italian }
}

/// The reason why a blank cannot be filled with what is typed.
fn blank_fault(fault: BlankFault) -> String {
    match fault {
        BlankFault::Missing => tr!(lack.missing).to_owned(),
        BlankFault::TooLong => tr!(declare.too_long, max = LONGEST_BLANK),
        BlankFault::NotASum => tr!(declare.not_a_sum).to_owned(),
        BlankFault::NotAYear => tr!(declare.not_a_year).to_owned(),
        BlankFault::NotYet => tr!(declare.not_yet).to_owned(),
    }
}

#[component]
fn StatementChoice(
    one: StatementView,
    chosen: RwSignal<Vec<String>>,
    typed: RwSignal<BTreeMap<String, String>>,
) -> impl IntoView {
    let (code, id) = (StoredValue::new(one.code.clone()), format!("declares-{}", one.code));
    let is = move || code.with_value(|code| chosen.with(|chosen| chosen.contains(code)));
    let toggle = move |_| {
        let code = code.get_value();
        chosen.update(|chosen| {
            let before = chosen.len();
            chosen.retain(|other| *other != code);
            if chosen.len() == before {
                chosen.push(code);
            }
        });
    };
    let unknown = one.unknown.then(|| view! { <span class="v-d">{tr!(declare.unknown)}</span> });
    let asks = StoredValue::new(one.asks);
    let prefix = StoredValue::new(id.clone());
    let fields = move || {
        let field = |blank: vicino_contract::ipc::BlankView| {
            let name = StoredValue::new(blank.name.clone());
            let value = Signal::derive(move || {
                typed.with(|typed| name.with_value(|name| typed.get(name).cloned().unwrap_or_default()))
            });
            let writing = RwSignal::new(false);
            let changed = Callback::new(move |text: String| {
                writing.set(true);
                typed.update(|typed| drop(typed.insert(name.get_value(), text)));
            });
            let id = format!("{}-{}", prefix.get_value(), blank.name);
            // Nothing is a fault while somebody writes; that something is missing is said by the text below.
            let problem = Signal::derive(move || match blank.kind.read(&value.get(), blank.this_year) {
                Ok(_) | Err(BlankFault::Missing) => None,
                Err(_) if writing.get() => None,
                Err(fault) => Some(blank_fault(fault)),
            });
            view! {
                <div class="mt-3" on:focusout=move |_| writing.set(false)>
                    <TextField
                        id=id
                        label=own_words(blank.label)
                        value=value
                        changed=changed
                        problem=problem
                        required=true
                    />
                </div>
            }
        };
        asks.get_value().into_iter().map(field).collect_view()
    };
    view! {
        <div class="form-check">
            <input
                type="checkbox"
                id=id.clone()
                prop:checked=is
                disabled=one.unknown
                on:change=toggle
            />
            <label for=id>{own_words(one.title)}</label>
            {unknown}
        </div>
        <Show when=is>
            <div class="v-inset">{fields()}</div>
        </Show>
    }
    .into_any()
}

/// The way it reads so far, in the language of the acts.
#[component]
fn DeclarationText(list: StatementList, chosen: Vec<String>) -> impl IntoView {
    let mut lacks = false;
    let mut said = Vec::new();
    for code in &chosen {
        match list.statements.iter().find(|one| one.code == *code).and_then(|one| one.reads.clone()) {
            Some(text) => said.push(text),
            None => lacks = true,
        }
    }
    let as_of = list.as_of.filter(|_| !said.is_empty()).map(|day| tr!(declare.as_of, day = words::day(day)));
    let none = chosen.is_empty().then(|| tr!(declare.none));
    let lacks = lacks.then(|| tr!(declare.lacks));
    view! {
        <ul lang="it">{said.into_iter().map(|text| view! { <li>{text}</li> }).collect_view()}</ul>
        <p class="v-small v-mute">{none} {lacks} " " {as_of}</p>
    }
    .into_any()
}
