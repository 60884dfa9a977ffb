//! The first start: choose a town by its address and look at its card, or practise.

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::{
    GetOnboarding, GetSettings, JoinTown, Language, OnboardingView, Practise, PreviewTown, SaveSettings, Settings,
};
use wasm_bindgen_futures::spawn_local;

use crate::components::{Heading, Icon, TextField};
use crate::i18n::Locale;
use crate::live::live;
use crate::{bridge, tr, words};

#[component]
pub fn Start(address: RwSignal<String>, failed: RwSignal<Option<vicino_contract::Failure>>) -> impl IntoView {
    let onboarding = live(&[Event::Onboarding], || GetOnboarding {});
    let missing = RwSignal::new(false);
    let look = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let url = address.get_untracked().trim().to_owned();
        if url.is_empty() {
            missing.set(true);
            return;
        }
        missing.set(false);
        spawn_local(async move { failed.set(bridge::call(PreviewTown { url }).await.err()) });
    };
    let practise = move |_| spawn_local(async move { failed.set(bridge::call(Practise {}).await.err()) });
    view! {
        <main class="v-main v-start" id="content" tabindex="-1">
            <div class="v-head">
                <Heading text=tr!(start.title) />
                <p class="v-lead">{tr!(start.text)}</p>
                <p class="v-flow">
                    <LanguageButton language=Language::It failed=failed />
                    <LanguageButton language=Language::En failed=failed />
                </p>
            </div>
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
            <section class="v-sec" aria-labelledby="town">
                <h2 id="town">{tr!(start.town)}</h2>
                <form class="mt-3" on:submit=look>
                    <TextField
                        id="address"
                        label=tr!(start.address)
                        hint=Some(tr!(start.address_hint).to_owned())
                        value=address
                        changed=move |value| address.set(value)
                        mode="url"
                    />
                    <div class="v-btns mt-3">
                        <button type="submit" class="btn btn-primary">
                            {tr!(start.look)}
                        </button>
                    </div>
                </form>
                {move || {
                    missing
                        .get()
                        .then(|| {
                            view! {
                                <p role="alert" class="v-err">
                                    {tr!(start.address_missing)}
                                </p>
                            }
                        })
                }}
                <div class="mt-3">
                    {move || {
                        onboarding
                            .known()
                            .map(|onboarding| {
                                view! { <TownPreviewCard onboarding=onboarding failed=failed /> }
                            })
                    }}
                </div>
            </section>
            <section class="v-sec" aria-labelledby="practise">
                <h2 id="practise">{tr!(start.practise)}</h2>
                <p class="mt-1">{tr!(start.practise_text)}</p>
                <div class="v-btns mt-3">
                    <button type="button" class="btn btn-outline-primary" on:click=practise>
                        {tr!(start.practise_go)}
                    </button>
                </div>
            </section>
        </main>
    }
}

/// A button that speaks another language from now on; its name is in that language.
#[component]
fn LanguageButton(language: Language, failed: RwSignal<Option<vicino_contract::Failure>>) -> impl IntoView {
    let (name, tag, locale) = match language {
        Language::En => ("English", "en", Locale::en),
        Language::It | Language::System => ("Italiano", "it", Locale::it),
    };
    let spoken = words::locale() == locale;
    let speak = move |_| {
        spawn_local(async move {
            let kept = async {
                let settings = bridge::call(GetSettings {}).await?;
                bridge::call(SaveSettings { settings: Settings { language, ..settings } }).await
            };
            failed.set(kept.await.err());
        });
    };
    view! {
        <button
            type="button"
            class="v-link"
            id=format!("tongue-{tag}")
            lang=tag
            aria-pressed=spoken.to_string()
            on:click=speak
        >
            {name}
        </button>
    }
}

/// The town's card, before it is joined.
#[component]
fn TownPreviewCard(onboarding: OnboardingView, failed: RwSignal<Option<vicino_contract::Failure>>) -> impl IntoView {
    match onboarding {
        OnboardingView::None => ().into_any(),
        OnboardingView::Asking { .. } => view! { <p role="status">{tr!(start.asking)}</p> }.into_any(),
        OnboardingView::Failed { code, .. } => view! {
            <p class="v-err" role="alert">
                {words::code(code)}
                " "
                {tr!(start.check)}
            </p>
        }
        .into_any(),
        OnboardingView::Card { name, ipa_code, fingerprint, practice, .. } => {
            let join = move |_| spawn_local(async move { failed.set(bridge::call(JoinTown {}).await.err()) });
            let practice = practice.then(|| view! { <p class="v-state is-try">{tr!(app.practice)}</p> });
            view! {
                <div class="v-note is-go" role="status">
                    <Icon name="it-pa" />
                    <div>
                        <h3>{name}</h3>
                        {practice}
                        <dl class="v-facts mt-2">
                            <div>
                                <dt>{tr!(start.ipa)}</dt>
                                <dd>{ipa_code}</dd>
                            </div>
                            <div>
                                <dt>{tr!(settings.fingerprint)}</dt>
                                <dd class="v-hash">{fingerprint}</dd>
                            </div>
                        </dl>
                        <p class="v-small mt-2">{tr!(start.compare)}</p>
                        <div class="v-btns mt-3">
                            <button type="button" class="btn btn-primary" on:click=join>
                                {tr!(start.join)}
                            </button>
                        </div>
                    </div>
                </div>
            }
            .into_any()
        }
    }
}
