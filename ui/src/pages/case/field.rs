//! One question of a form, as its kind asks for it; what is wrong with the answer is said beside it.

use leptos::prelude::*;
use vicino_contract::ipc::{FieldKind, FieldView, Keyboard};
use vicino_domain::form::{Answer, Choice, Path};

use super::form::Keeper;
use crate::components::{Problem, TextField};
use crate::tr;

#[component]
pub fn Question(field: FieldView, lack: Signal<Option<String>>, keeper: Keeper) -> impl IntoView {
    let FieldView { path, label, hint, required, kind, answer, .. } = field;
    let label = if required { format!("{label} *") } else { label };
    let id = format!("q-{}", path.to_string().replace('.', "-"));
    match kind {
        FieldKind::Line(keyboard) => {
            line(id, (label, hint), required, answer, Some(keyboard), (path, lack, keeper)).into_any()
        }
        FieldKind::Date => {
            let hint =
                Some(hint.map_or_else(
                    || tr!(cases.date_hint).to_owned(),
                    |hint| format!("{hint} · {}", tr!(cases.date_hint)),
                ));
            line(id, (label, hint), required, answer, Some(Keyboard::Digits), (path, lack, keeper)).into_any()
        }
        FieldKind::Long => line(id, (label, hint), required, answer, None, (path, lack, keeper)).into_any(),
        FieldKind::Choice { options, many } => {
            let chosen = if let Some(Answer::Chosen(values)) = answer { values } else { Vec::new() };
            choices(id, (label, hint), (options, many, chosen), (path, lack, keeper)).into_any()
        }
        FieldKind::People(names) => {
            let options = names.into_iter().map(|name| Choice { value: name.clone(), label: name }).collect();
            let chosen = if let Some(Answer::Text(name)) = answer { vec![name] } else { Vec::new() };
            choices(id, (label, hint), (options, false, chosen), (path, lack, keeper)).into_any()
        }
        FieldKind::Declaration => {
            let ticked = answer == Some(Answer::Ticked(true));
            let keep = move |ticked: bool| keeper.keep(path.clone(), ticked.then_some(Answer::Ticked(true)));
            view! {
                <div class="v-field"><div class="form-check">
                    <input type="checkbox" id=id.clone() checked=ticked on:change:target=move |event| keep(event.target().checked())/>
                    <label for=id>{label}</label>
                </div></div>
            }
            .into_any()
        }
        FieldKind::Elsewhere => {
            view! { <div class="v-field"><b>{label}</b> <p class="v-mute">{tr!(cases.elsewhere)}</p></div> }.into_any()
        }
    }
}

type Kept = (Path, Signal<Option<String>>, Keeper);

fn line(
    id: String,
    (label, hint): (String, Option<String>),
    required: bool,
    answer: Option<Answer>,
    keyboard: Option<Keyboard>,
    (path, lack, keeper): Kept,
) -> impl IntoView {
    let typed = if let Some(Answer::Text(typed)) = answer { typed } else { String::new() };
    let text = RwSignal::new(typed);
    let changed = Callback::new(move |typed: String| {
        text.set(typed.clone());
        keeper.keep(path.clone(), (!typed.is_empty()).then_some(Answer::Text(typed)));
    });
    let mode = match keyboard {
        Some(Keyboard::Decimal) => "decimal",
        Some(Keyboard::Digits) => "numeric",
        Some(Keyboard::Phone) => "tel",
        Some(Keyboard::Email) => "email",
        Some(Keyboard::Text) | None => "text",
    };
    let hint = hint.unwrap_or_default();
    match (keyboard, hint.is_empty()) {
        (None, _) => {
            view! { <TextField id=id label=label hint=hint value=text changed=changed problem=lack required=required lines=4/> }.into_any()
        }
        (Some(_), true) => {
            view! { <TextField id=id label=label value=text changed=changed problem=lack required=required mode=mode/> }.into_any()
        }
        (Some(_), false) => {
            view! { <TextField id=id label=label hint=hint value=text changed=changed problem=lack required=required mode=mode/> }
                .into_any()
        }
    }
}

fn choices(
    id: String,
    (label, hint): (String, Option<String>),
    (options, many, chosen): (Vec<Choice>, bool, Vec<String>),
    (path, lack, keeper): Kept,
) -> impl IntoView {
    let chosen = RwSignal::new(chosen);
    // Somebody of the household is told by name; everything else by the words of the form.
    let by_name = !many && options.iter().all(|option| option.value == option.label);
    let choose = Callback::new(move |(value, on): (String, bool)| {
        chosen.update(|chosen| {
            if !many {
                chosen.clear();
            }
            chosen.retain(|other| *other != value);
            if on {
                chosen.push(value);
            }
        });
        let values = chosen.get_untracked();
        let answer = match values.first().cloned() {
            Some(name) if by_name => Some(Answer::Text(name)),
            Some(_) => Some(Answer::Chosen(values)),
            None => None,
        };
        keeper.keep(path.clone(), answer);
    });
    let kind = if many { "checkbox" } else { "radio" };
    let problem_id = format!("{id}-problem");
    let described = problem_id.clone();
    let name = id.clone();
    let option = move |(n, option): (usize, Choice)| {
        let (own, value, is) = (format!("{name}-{n}"), option.value.clone(), option.value);
        view! {
            <div class="form-check">
                <input type=kind id=own.clone() name=name.clone() prop:checked=move || chosen.with(|chosen| chosen.contains(&is))
                    on:change:target=move |event| choose.run((value.clone(), event.target().checked()))/>
                <label for=own>{option.label}</label>
            </div>
        }
    };
    view! {
        <fieldset class="v-field" class:is-no=move || lack.get().is_some() aria-describedby=described>
            <legend>{label}</legend>
            {hint.map(|hint| view! { <span class="v-hint">{hint}</span> })}
            <Problem id=problem_id text=lack/>
            {options.into_iter().enumerate().map(option).collect_view()}
        </fieldset>
    }
}
