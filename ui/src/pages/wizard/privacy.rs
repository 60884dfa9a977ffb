//! Step 1, Privacy: what becomes public, what stays with the office, what never leaves.

use leptos::prelude::*;
use vicino_domain::Field;

use super::{Discard, SavedLine, Wizarding};
use crate::components::{Heading, Icon, Problem};
use crate::tr;

#[component]
pub fn Privacy() -> impl IntoView {
    let wizarding = expect_context::<Wizarding>();
    let keeping = wizarding.keeping;
    let problem = wizarding.problem(Field::Privacy);
    view! {
        <div class="v-head">
            <Heading text=tr!(wizard.privacy_title) />
            <SavedLine />
        </div>
        <section class="v-sec v-lead">
            <p>{tr!(wizard.privacy_text)}</p>
            <div class="v-note mt-3">
                <Icon name="it-locked" />
                <div>{tr!(wizard.privacy_hidden)}</div>
            </div>
            <div class="v-field mt-4" class:is-no=move || problem.get().is_some()>
                <Problem id=String::from("privacy-problem") text=problem />
                <div class="form-check">
                    <input
                        type="checkbox"
                        id="privacy"
                        aria-describedby="privacy-problem"
                        aria-required="true"
                        aria-invalid=move || problem.get().is_some().then_some("true")
                        prop:checked=move || keeping.draft.with(|draft| draft.privacy_accepted)
                        on:change:target=move |event| {
                            keeping
                                .change(|draft| draft.privacy_accepted = event.target().checked())
                        }
                    />
                    <label for="privacy">{tr!(wizard.privacy_accept)}</label>
                </div>
            </div>
        </section>
        <Discard />
    }
}
