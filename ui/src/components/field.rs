//! A field: label, help, problem, control, in this order and tied together.

use leptos::prelude::*;

use crate::components::Icon;

/// The fault of a field, tied to it by its id.
#[component]
pub fn Problem(
    /// The id of the field; the sentence is named after it.
    id: String,
    /// The sentence, while something is wrong.
    #[prop(into)]
    text: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <span id=id class="v-err-slot">
            {move || {
                text.get()
                    .map(|text| {
                        view! {
                            <span class="v-err">
                                <Icon name="it-error" small=true />
                                {text}
                            </span>
                        }
                    })
            }}
        </span>
    }
}

/// A line or several of text.
#[component]
pub fn TextField(
    /// The id of the field.
    #[prop(into)]
    id: String,
    /// The question.
    #[prop(into)]
    label: Signal<String>,
    /// A sentence that helps to answer.
    #[prop(default = None, into)]
    hint: Option<String>,
    /// The text to show.
    #[prop(into)]
    value: Signal<String>,
    /// Takes what is typed.
    #[prop(into)]
    changed: Callback<String>,
    /// The sentence that says what is wrong.
    #[prop(optional, into)]
    problem: Signal<Option<String>>,
    /// Several lines.
    #[prop(default = None)]
    lines: Option<u32>,
    /// The keyboard a phone should show.
    #[prop(optional)]
    mode: Option<&'static str>,
    /// Tells whether it may not be left out.
    #[prop(optional)]
    required: bool,
    /// What a counter says, when there is one.
    #[prop(optional, into)]
    counter: Option<Signal<String>>,
) -> impl IntoView {
    let (hint_id, problem_id, counter_id) = (format!("{id}-hint"), format!("{id}-problem"), format!("{id}-count"));
    let described = [hint.is_some().then_some(&hint_id), Some(&problem_id), counter.is_some().then_some(&counter_id)];
    let described = described.into_iter().flatten().cloned().collect::<Vec<_>>().join(" ");
    let wrong = move || problem.get().is_some().then_some("true");
    let required = required.then_some("true");
    let control = match lines {
        Some(rows) => view! {
            <textarea
                class="form-control"
                id=id.clone()
                rows=rows
                aria-describedby=described
                aria-invalid=wrong
                aria-required=required
                prop:value=value
                on:input:target=move |event| changed.run(event.target().value())
            ></textarea>
        }
        .into_any(),
        None => view! {
            <input
                class="form-control"
                id=id.clone()
                type="text"
                inputmode=mode
                autocomplete="off"
                aria-describedby=described
                aria-invalid=wrong
                aria-required=required
                prop:value=value
                on:input:target=move |event| changed.run(event.target().value())
            />
        }
        .into_any(),
    };
    view! {
        <div class="v-field" class:is-no=move || problem.get().is_some()>
            <label for=id.clone()>{label}</label>
            {hint
                .map(|hint| {
                    view! {
                        <span class="v-hint" id=hint_id>
                            {hint}
                        </span>
                    }
                })}
            <Problem id=problem_id text=problem />
            {control}
            {counter
                .map(|counter| {
                    view! {
                        <span class="v-hint mt-2" id=counter_id>
                            {counter}
                        </span>
                    }
                })}
        </div>
    }
}
