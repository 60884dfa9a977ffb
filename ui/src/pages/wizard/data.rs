//! Step 2, Data: photos, place, description, answer and privacy.

use leptos::prelude::*;
use vicino_domain::{Category, Field};

use super::photos::Photos;
use super::place::PlaceSection;
use super::words_left::words_left;
use super::{Discard, SavedLine, Wizarding};
use crate::app::shared;
use crate::components::{Heading, Icon, Problem, TextField};
use crate::{tr, words};

#[component]
pub fn Data() -> impl IntoView {
    view! {
        <div class="v-head">
            <Heading text=tr!(wizard.data_title) />
            <SavedLine />
        </div>
        <div class="v-cols">
            <div>
                <Photos />
                <PlaceSection />
                <Description />
                <Answer />
                <Discard />
            </div>
            <div class="v-side d-none d-lg-block">
                <WhoSees />
            </div>
        </div>
    }
}

#[component]
fn Description() -> impl IntoView {
    let wizarding = expect_context::<Wizarding>();
    let keeping = wizarding.keeping;
    let categories = move || shared().town().map_or_else(|| Category::ALL.to_vec(), |town| town.categories);
    let chosen = move || keeping.draft.with(|draft| draft.category.map(Category::code).unwrap_or_default());
    let problem = wizarding.problem(Field::Category);
    let options = move || {
        categories()
            .into_iter()
            .map(|category| {
                let selected = chosen() == category.code();
                view! {
                    <option value=category.code() selected=selected>
                        {words::category(Some(category))}
                    </option>
                }
            })
            .collect_view()
    };
    let title = Signal::derive(move || keeping.draft.with(|draft| draft.title.clone()));
    let details = Signal::derive(move || keeping.draft.with(|draft| draft.details.clone()));
    let left = Signal::derive(move || words_left(&details.get(), wizarding.limits.get().details));
    view! {
        <section class="v-sec v-fields" aria-labelledby="what">
            <div class="v-sec-h">
                <h2 id="what">{tr!(wizard.description)}</h2>
            </div>
            <div class="v-field" class:is-no=move || problem.get().is_some()>
                <label for="category">{tr!(wizard.category)}</label>
                <Problem id=String::from("category-problem") text=problem />
                <select
                    class="form-control"
                    id="category"
                    aria-describedby="category-problem"
                    aria-required="true"
                    aria-invalid=move || problem.get().is_some().then_some("true")
                    on:change:target=move |event| {
                        keeping.change(|draft| draft.category = event.target().value().parse().ok())
                    }
                >
                    <option value="" selected=move || chosen().is_empty()>
                        {tr!(wizard.category_choose)}
                    </option>
                    {options}
                </select>
            </div>
            <TextField
                id="title"
                label=tr!(wizard.field_title)
                value=title
                problem=wizarding.problem(Field::Title)
                required=true
                changed=move |text| keeping.change(|draft| draft.title = text)
            />
            <TextField
                id="details"
                label=tr!(wizard.details)
                value=details
                problem=wizarding.problem(Field::Details)
                required=true
                lines=Some(4)
                counter=left
                changed=move |text| keeping.change(|draft| draft.details = text)
            />
        </section>
    }
}

#[component]
fn Answer() -> impl IntoView {
    let wizarding = expect_context::<Wizarding>();
    let keeping = wizarding.keeping;
    let contact = Signal::derive(move || keeping.draft.with(|draft| draft.contact.clone()));
    let always = move || keeping.draft.with(|draft| draft.category.is_some_and(Category::is_private));
    let private = move || always() || keeping.draft.with(|draft| draft.private);
    view! {
        <section class="v-sec" aria-labelledby="answer">
            <div class="v-sec-h">
                <h2 id="answer">{tr!(wizard.answer)}</h2>
            </div>
            <TextField
                id="contact"
                label=tr!(wizard.contact)
                hint=Some(tr!(wizard.contact_hint).to_owned())
                value=contact
                problem=wizarding.problem(Field::Contact)
                changed=move |text| keeping.change(|draft| draft.contact = text)
            />
            <div class="v-note mt-4">
                <Icon name="it-locked" />
                <div>
                    <div class="form-check">
                        <input
                            type="checkbox"
                            id="private"
                            aria-describedby="private-hint"
                            prop:checked=private
                            aria-disabled=move || always().then_some("true")
                            on:change:target=move |event| {
                                keeping.change(|draft| draft.private = event.target().checked())
                            }
                        />
                        <label for="private">{tr!(wizard.private)}</label>
                    </div>
                    <p class="v-small" id="private-hint">
                        {move || {
                            if always() {
                                tr!(wizard.always_private)
                            } else {
                                tr!(wizard.private_hint)
                            }
                        }}
                    </p>
                </div>
            </div>
        </section>
    }
}

#[component]
fn WhoSees() -> impl IntoView {
    view! {
        <section class="v-sec" aria-labelledby="who">
            <h2 id="who" class="h3">
                {tr!(wizard.who_sees)}
            </h2>
            <dl class="v-kv mt-3">
                <div>
                    <dt>{tr!(wizard.everyone)}</dt>
                    <dd>{tr!(wizard.everyone_sees)}</dd>
                </div>
                <div>
                    <dt>{tr!(wizard.office_only)}</dt>
                    <dd>{tr!(wizard.office_sees)}</dd>
                </div>
                <div>
                    <dt>{tr!(wizard.nobody)}</dt>
                    <dd>{tr!(wizard.nobody_sees)}</dd>
                </div>
            </dl>
        </section>
    }
}
