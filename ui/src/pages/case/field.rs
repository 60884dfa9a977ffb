//! One question of a form, as its kind asks for it; what is wrong with the answer is said beside it.

use leptos::prelude::*;
use vicino_contract::Failure;
use vicino_contract::ipc::{FieldKind, FieldView, FileTo, FileView, Keyboard, PaperRow, UsePaper};
use vicino_domain::form::{Answer, Choice};
use wasm_bindgen_futures::spawn_local;

use super::form::Keeper;
use crate::components::{Enclose, Icon, Problem, TextField};
use crate::pages::paper_until;
use crate::{bridge, tr, words};

/// A question; `lack`: what is wrong with its answer.
#[component]
pub fn Question(lack: Signal<Option<String>>, field: FieldView, keeper: Keeper) -> impl IntoView {
    let id = format!("q-{}", field.path.to_string().replace('.', "-"));
    let label = if field.required { format!("{} *", field.label) } else { field.label.clone() };
    match field.kind.clone() {
        FieldKind::Line(keyboard) => {
            let mode = match keyboard {
                Keyboard::Decimal => "decimal",
                Keyboard::Digits => "numeric",
                Keyboard::Phone => "tel",
                Keyboard::Email => "email",
                Keyboard::Text => "text",
            };
            view! { <LineField id=id label=label lack=lack field=field keeper=keeper lines=None mode=mode /> }
                .into_any()
        }
        FieldKind::Date => {
            let label = format!("{label} ({})", tr!(cases.date_hint));
            view! { <LineField id=id label=label lack=lack field=field keeper=keeper lines=None mode="text" /> }
                .into_any()
        }
        FieldKind::Long => view! {
            <LineField
                id=id
                label=label
                lack=lack
                field=field
                keeper=keeper
                lines=Some(4)
                mode="text"
            />
        }
        .into_any(),
        FieldKind::Choice { options, many } => view! {
            <ChoiceField
                id=id
                label=label
                lack=lack
                field=field
                keeper=keeper
                options=options
                many=many
            />
        }
        .into_any(),
        FieldKind::People(names) => {
            let options = names.into_iter().map(|name| Choice { value: name.clone(), label: name });
            view! {
                <ChoiceField
                    id=id
                    label=label
                    lack=lack
                    field=field
                    keeper=keeper
                    options=options.collect()
                    many=false
                />
            }
            .into_any()
        }
        FieldKind::Declaration => {
            let option = Choice { value: String::new(), label };
            view! {
                <ChoiceField
                    id=id
                    label=String::new()
                    lack=lack
                    field=field
                    keeper=keeper
                    options=vec![option]
                    many=true
                />
            }
            .into_any()
        }
        FieldKind::Files { types, most, dated, files, own } => view! {
            <Papers
                id=id
                label=label
                lack=lack
                field=field
                keeper=keeper
                types=types
                most=most
                dated=dated
                files=files
                own=own
            />
        }
        .into_any(),
        FieldKind::Elsewhere => view! {
            <div class="v-field">
                <b>{label}</b>
                <p class="v-mute">{tr!(cases.elsewhere)}</p>
            </div>
        }
        .into_any(),
    }
}

#[component]
fn LineField(
    id: String,
    label: String,
    lack: Signal<Option<String>>,
    field: FieldView,
    keeper: Keeper,
    lines: Option<u32>,
    mode: &'static str,
) -> impl IntoView {
    let text = RwSignal::new(if let Some(Answer::Text(typed)) = field.answer { typed } else { String::new() });
    let changed = Callback::new(move |typed: String| {
        text.set(typed.clone());
        keeper.keep(field.path.clone(), (!typed.is_empty()).then_some(Answer::Text(typed)));
    });
    view! {
        <TextField
            id=id
            label=label
            hint=field.hint
            value=text
            changed=changed
            problem=lack
            required=field.required
            lines=lines
            mode=mode
        />
    }
    .into_any()
}

/// Files: those chosen, and the ways to more of them.
#[component]
fn Papers(
    id: String,
    label: String,
    /// What is wrong with them.
    lack: Signal<Option<String>>,
    field: FieldView,
    keeper: Keeper,
    /// The media types that are taken.
    types: Vec<String>,
    /// The most files.
    most: u16,
    /// Each file needs its date.
    dated: bool,
    files: Vec<FileView>,
    /// Papers of one's own that could be used.
    own: Vec<PaperRow>,
) -> impl IntoView {
    let to = FileTo::Answer { case: keeper.case(), path: field.path };
    let more = files.len() < usize::from(most);
    let (problem, described) = (format!("{id}-problem"), format!("{id}-problem"));
    view! {
        <fieldset class="v-field" aria-describedby=described>
            <legend>{label}</legend>
            <span class="v-hint">{field.hint}</span>
            <Problem id=problem text=lack />
            {more.then(|| view! { <Kept own=own to=to.clone() /> })}
            <Enclose to=to files=files id=id types=types more=more dated=dated />
        </fieldset>
    }
}

/// Papers of one's own that are what is asked for, each put here with all its pages at a press.
#[component]
fn Kept(own: Vec<PaperRow>, to: FileTo) -> impl IntoView {
    let failed = RwSignal::new(None::<Failure>);
    let rows = own.into_iter().map(|paper| {
        let (id, to, until) = (paper.id, to.clone(), paper_until(&paper));
        let take = move |_| {
            let to = to.clone();
            spawn_local(async move { drop(failed.try_set(bridge::call(UsePaper { to, id }).await.err())) });
        };
        view! {
            <p class="v-flow">
                <button type="button" class="btn btn-outline-primary" on:click=take>
                    <Icon name="it-folder" small=true />
                    {tr!(papers.take, name = paper.name)}
                </button>
                {until.map(|(class, said)| view! { <span class=class>{said}</span> })}
            </p>
        }
    });
    view! {
        {rows.collect_view()}
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

/// One of these, or several; something declared is one that is ticked or not; somebody is told by name.
#[component]
fn ChoiceField(
    id: String,
    label: String,
    lack: Signal<Option<String>>,
    field: FieldView,
    keeper: Keeper,
    options: Vec<Choice>,
    many: bool,
) -> impl IntoView {
    let chosen = StoredValue::new(match field.answer {
        Some(Answer::Chosen(values)) => values,
        Some(Answer::Text(name)) => vec![name],
        Some(Answer::Ticked(true)) => vec![String::new()],
        _ => Vec::new(),
    });
    let kind = field.kind;
    let choose = Callback::new(move |(value, on): (String, bool)| {
        chosen.update_value(|chosen| {
            chosen.retain(|other| many && *other != value);
            if on {
                chosen.push(value);
            }
        });
        let values = chosen.get_value();
        let answer = match (&kind, values.first()) {
            (_, None) => None,
            (FieldKind::Declaration, Some(_)) => Some(Answer::Ticked(true)),
            (FieldKind::People(_), Some(name)) => Some(Answer::Text(name.clone())),
            (_, Some(_)) => Some(Answer::Chosen(values)),
        };
        keeper.keep(field.path.clone(), answer);
    });
    let (problem, described) = (format!("{id}-problem"), format!("{id}-problem"));
    let option = |(n, option): (usize, Choice)| {
        let (own, value) = (format!("{id}-{n}"), option.value);
        let is = chosen.with_value(|chosen| chosen.contains(&value));
        view! {
            <div class="form-check">
                <input
                    type=if many { "checkbox" } else { "radio" }
                    id=own.clone()
                    name=id.clone()
                    checked=is
                    on:change:target=move |event| {
                        choose.run((value.clone(), event.target().checked()))
                    }
                />
                <label for=own>{option.label}</label>
            </div>
        }
        .into_any()
    };
    let options = options.into_iter().enumerate().map(option).collect_view();
    view! {
        <fieldset class="v-field" aria-describedby=described>
            <legend>{label}</legend>
            <span class="v-hint">{field.hint}</span>
            <Problem id=problem text=lack />
            {options}
        </fieldset>
    }
    .into_any()
}
