//! Step 3, Summary: everything that will be sent, to read over; each part leads back to where it is changed.

use leptos::prelude::*;
use vicino_domain::Category;

use super::{SavedLine, Wizarding};
use crate::components::{Heading, Icon, PhotoTile};
use crate::{tr, words};

#[component]
pub fn Summary() -> impl IntoView {
    let wizarding = expect_context::<Wizarding>();
    let keeping = wizarding.keeping;
    let missing = move || {
        let invalid = wizarding.invalid();
        (!invalid.is_empty()).then(|| {
            let title = if invalid.len() == 1 {
                tr!(wizard.missing_one).to_owned()
            } else {
                tr!(wizard.missing_many, n = invalid.len())
            };
            let items = invalid
                .iter()
                .map(|invalid| {
                    view! {
                        <li>
                            <div>{words::invalid(invalid)}</div>
                        </li>
                    }
                })
                .collect_view();
            view! {
                <div class="v-turn is-turn mb-4">
                    <h2 class="h3">{title}</h2>
                    <ol class="v-todo">{items}</ol>
                </div>
            }
        })
    };
    let edit = move |_| {
        keeping.step.set(2);
        keeping.now();
    };
    view! {
        <div class="v-head">
            <Heading text=tr!(wizard.summary_title) />
            <SavedLine />
        </div>
        {missing}
        <section class="v-sec" aria-labelledby="summary">
            <div class="v-sec-h">
                <h2 id="summary">{tr!(outbox.kind_report)}</h2>
                <button type="button" class="v-link" on:click=edit>
                    <Icon name="it-pencil" small=true />
                    {tr!(wizard.edit)}
                    <span class="visually-hidden">" " {tr!(wizard.edit_what)}</span>
                </button>
            </div>
            {move || {
                keeping
                    .draft
                    .with(|draft| {
                        let place = draft.place.as_ref().map(words::place).unwrap_or_default();
                        let how = draft.place.as_ref().map(|place| words::source(place.source));
                        let private = draft.private
                            || draft.category.is_some_and(Category::is_private);
                        let contact = Some(draft.contact.trim().to_owned())
                            .filter(|contact| !contact.is_empty());
                        view! {
                            <dl class="v-facts">
                                <div>
                                    <dt>{tr!(report.place)}</dt>
                                    <dd>{place} <span class="v-d">{how}</span></dd>
                                </div>
                                <div>
                                    <dt>{tr!(report.category)}</dt>
                                    <dd>
                                        {draft
                                            .category
                                            .map(|category| words::category(Some(category)))}
                                    </dd>
                                </div>
                                <div>
                                    <dt>{tr!(wizard.field_title).replace(" *", "")}</dt>
                                    <dd>{draft.title.clone()}</dd>
                                </div>
                                <div>
                                    <dt>{tr!(report.details)}</dt>
                                    <dd class="v-text">{draft.details.clone()}</dd>
                                </div>
                                <div>
                                    <dt>{tr!(report.who_sees)}</dt>
                                    <dd>
                                        {if private {
                                            tr!(report.who_office)
                                        } else {
                                            tr!(report.who_all)
                                        }}
                                    </dd>
                                </div>
                                {contact
                                    .map(|contact| {
                                        view! {
                                            <div>
                                                <dt>{tr!(report.contact)}</dt>
                                                <dd>{contact}</dd>
                                            </div>
                                        }
                                    })}
                            </dl>
                        }
                    })
            }}
            <h3 class="mt-4">{tr!(report.photos)}</h3>
            {move || {
                let photos = keeping.photos.get();
                if photos.is_empty() {
                    view! { <p class="v-mute">{tr!(wizard.summary_photos_none)}</p> }.into_any()
                } else {
                    view! {
                        <ul class="v-photos mt-2">
                            {photos
                                .into_iter()
                                .zip(1..)
                                .map(|(photo, n)| view! { <PhotoTile number=n photo=photo /> })
                                .collect_view()}
                        </ul>
                    }
                        .into_any()
                }
            }}
        </section>
        <p class="v-small v-mute mt-4">{tr!(wizard.offline_send)}</p>
    }
}
