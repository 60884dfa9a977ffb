//! Settings: language, text, sending; the town and its key; how this device keeps its secrets.

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::{
    GetSettings, GetSyncState, KeyHolder, Language, LeavePractice, SaveSettings, Settings, TextSize,
};
use wasm_bindgen_futures::spawn_local;

use crate::app::shared;
use crate::components::{Ask, Heading, Icon};
use crate::live::live;
use crate::route::{Link, Page};
use crate::{bridge, tr, words};

#[component]
pub fn SettingsPage() -> impl IntoView {
    let settings = live(&[Event::Settings], || GetSettings {});
    let failed = RwSignal::new(None);
    let saved = RwSignal::new(false);
    // What was chosen last, also while it is still being kept: two quick changes must both stay.
    let chosen = StoredValue::new(None::<Settings>);
    Effect::new(move |_| chosen.set_value(settings.known()));
    let keep = move |change: fn(&mut Settings, &str), value: &str| {
        let Some(mut settings) = chosen.get_value() else { return };
        change(&mut settings, value);
        chosen.set_value(Some(settings));
        spawn_local(async move {
            let kept = bridge::call(SaveSettings { settings }).await;
            saved.try_set(kept.is_ok());
            failed.try_set(kept.err());
        });
    };
    view! {
        <div class="v-head">
            <Heading text=tr!(settings.title) />
        </div>
        <div class="v-cols">
            <div>
                {move || {
                    settings
                        .known()
                        .map(|settings| view! { <SettingsForm settings=settings keep=keep /> })
                }} <p role="status" class="v-state is-ok mt-3">
                    {move || saved.get().then(|| tr!(settings.saved))}
                </p>
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
            </div>
            <div class="v-side v-side-wide">
                <Town />
                <Keeping />
                <About />
            </div>
        </div>
    }
}

#[component]
fn SettingsForm(
    settings: Settings,
    keep: impl Fn(fn(&mut Settings, &str), &str) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let language = match settings.language {
        Language::System => "system",
        Language::It => "it",
        Language::En => "en",
    };
    let size = match settings.text_size {
        TextSize::Normal => "normal",
        TextSize::Large => "large",
        TextSize::Larger => "larger",
    };
    let speak: fn(&mut Settings, &str) = |settings, value| {
        settings.language = match value {
            "it" => Language::It,
            "en" => Language::En,
            _ => Language::System,
        };
    };
    let write: fn(&mut Settings, &str) = |settings, value| {
        settings.text_size = match value {
            "large" => TextSize::Large,
            "larger" => TextSize::Larger,
            _ => TextSize::Normal,
        };
    };
    let hold: fn(&mut Settings, &str) = |settings, value| settings.hold = value == "on";
    let metered: fn(&mut Settings, &str) = |settings, value| settings.photos_on_metered = value == "on";
    let alerts: fn(&mut Settings, &str) = |settings, value| settings.alerts = value == "on";
    let from: fn(&mut Settings, &str) = |settings, value| settings.quiet.from = value.parse().unwrap_or_default();
    let to: fn(&mut Settings, &str) = |settings, value| settings.quiet.to = value.parse().unwrap_or_default();
    let refused = RwSignal::new(false);
    // Without the system's leave nothing could be told: it is asked for first.
    let wish = move |on: bool| {
        spawn_local(async move {
            let may = !on || crate::alerts::ask().await;
            refused.try_set(!may);
            keep(alerts, if on && may { "on" } else { "off" });
        });
    };
    let hour = |id: &'static str, label: &'static str, value: u8, change: fn(&mut Settings, &str)| {
        let hours =
            (0..24_u8).map(|hour| view! { <option value=hour.to_string()>{format!("{hour}:00")}</option> }.into_any());
        view! {
            <div class="v-field">
                <label for=id>{label}</label>
                <select
                    class="form-control"
                    id=id
                    prop:value=value.to_string()
                    on:change:target=move |event| keep(change, &event.target().value())
                >
                    {hours.collect_view()}
                </select>
            </div>
        }
        .into_any()
    };
    let ticked = |checked: bool| if checked { "on" } else { "off" };
    view! {
        <section class="v-sec v-fields">
            <div class="v-field">
                <label for="language">{tr!(settings.language)}</label>
                <select
                    class="form-control"
                    id="language"
                    prop:value=language
                    on:change:target=move |event| keep(speak, &event.target().value())
                >
                    <option value="system">{tr!(settings.language_system)}</option>
                    <option value="it" lang="it">
                        "Italiano"
                    </option>
                    <option value="en" lang="en">
                        "English"
                    </option>
                </select>
            </div>
            <div class="v-field">
                <label for="size">{tr!(settings.text_size)}</label>
                <select
                    class="form-control"
                    id="size"
                    prop:value=size
                    on:change:target=move |event| keep(write, &event.target().value())
                >
                    <option value="normal">{tr!(settings.size_normal)}</option>
                    <option value="large">{tr!(settings.size_large)}</option>
                    <option value="larger">{tr!(settings.size_larger)}</option>
                </select>
            </div>
        </section>
        <section class="v-sec" aria-labelledby="sending">
            <div class="v-sec-h">
                <h2 id="sending" class="h3">
                    {tr!(settings.sending)}
                </h2>
            </div>
            <div class="form-check">
                <input
                    type="checkbox"
                    id="hold"
                    aria-describedby="hold-hint"
                    prop:checked=settings.hold
                    on:change:target=move |event| keep(hold, ticked(event.target().checked()))
                />
                <label for="hold">{tr!(settings.hold)}</label>
            </div>
            <p class="v-small v-mute" id="hold-hint">
                {tr!(settings.hold_text)}
            </p>
            <div class="form-check mt-3">
                <input
                    type="checkbox"
                    id="metered"
                    aria-describedby="metered-hint"
                    prop:checked=settings.photos_on_metered
                    on:change:target=move |event| keep(metered, ticked(event.target().checked()))
                />
                <label for="metered">{tr!(settings.photos_metered)}</label>
            </div>
            <p class="v-small v-mute" id="metered-hint">
                {tr!(settings.photos_metered_text)}
            </p>
        </section>
        <section class="v-sec" aria-labelledby="alerts">
            <div class="v-sec-h">
                <h2 id="alerts" class="h3">
                    {tr!(alerts.title)}
                </h2>
            </div>
            <div class="form-check">
                <input
                    type="checkbox"
                    id="alert"
                    aria-describedby="alert-hint"
                    prop:checked=move || settings.alerts && !refused.get()
                    on:change:target=move |event| wish(event.target().checked())
                />
                <label for="alert">{tr!(alerts.wish)}</label>
            </div>
            <p class="v-small v-mute" id="alert-hint">
                {tr!(alerts.wish_text)}
            </p>
            <p role="alert" class="v-err">
                {move || refused.get().then(|| tr!(alerts.refused))}
            </p>
            <div class="v-flow mt-2">
                {hour("quiet-from", tr!(alerts.quiet_from), settings.quiet.from, from)}
                {hour("quiet-to", tr!(alerts.quiet_to), settings.quiet.to, to)}
            </div>
        </section>
    }
}

#[component]
fn Town() -> impl IntoView {
    let facts = move || {
        let town = shared().town()?;
        Some(view! {
            <dl class="v-facts mt-2">
                <div>
                    <dt>{tr!(settings.town)}</dt>
                    <dd>
                        {town.name}
                        {town
                            .practice
                            .then(|| {
                                view! { <span class="v-d">{tr!(settings.town_practice)}</span> }
                            })}
                    </dd>
                </div>
                <div>
                    <dt>{tr!(settings.address)}</dt>
                    <dd class="v-hash">{town.url}</dd>
                </div>
                <div>
                    <dt>{tr!(settings.fingerprint)}</dt>
                    <dd class="v-hash">
                        {town.fingerprint} <span class="v-d">{tr!(settings.fingerprint_text)}</span>
                    </dd>
                </div>
            </dl>
        })
    };
    let asking = RwSignal::new(false);
    let left = Callback::new(|()| spawn_local(async { drop(bridge::call(LeavePractice {}).await) }));
    let leave = move || {
        shared().town().is_some_and(|town| town.practice).then(|| {
            view! {
                <button
                    type="button"
                    class="btn btn-outline-primary mt-2"
                    on:click=move |_| asking.set(true)
                >
                    {tr!(settings.leave)}
                </button>
                <Ask
                    open=asking
                    title=tr!(settings.leave)
                    text=Signal::derive(|| tr!(settings.leave_text).to_owned())
                    yes=tr!(settings.leave_yes)
                    no=tr!(app.close)
                    then=left
                />
            }
        })
    };
    view! {
        <section class="v-sec" aria-labelledby="the-town">
            <h2 id="the-town" class="h3">
                {tr!(settings.town)}
            </h2>
            {facts}
            {leave}
            <p class="v-small v-mute mt-2">{tr!(settings.join_other)}</p>
        </section>
    }
}

/// The way this device keeps its secrets; a key in a file is said aloud.
#[component]
fn Keeping() -> impl IntoView {
    let note = move || {
        let status = shared().status.known()?;
        Some(match status.key {
            KeyHolder::Keyring => view! {
                <div class="v-note">
                    <Icon name="it-locked" />
                    <div>
                        <b>{tr!(settings.key)}</b>
                        <p>{tr!(settings.key_ring)}</p>
                    </div>
                </div>
            }
            .into_any(),
            KeyHolder::OwnerFile => view! {
                <div class="v-note is-turn">
                    <Icon name="it-warning-circle" />
                    <div>
                        <b>{tr!(settings.key)}</b>
                        <p>{tr!(settings.key_file)}</p>
                    </div>
                </div>
            }
            .into_any(),
        })
    };
    view! { <section class="v-sec">{note}</section> }
}

#[component]
fn About() -> impl IntoView {
    let state = live(&[Event::Status, Event::Town], || GetSyncState {});
    // What a newer town sends and this version cannot read.
    let aside = move || {
        let aside: u32 = state.known()?.collections.iter().map(|row| row.set_aside).sum();
        (aside > 0).then(|| view! { <p class="v-small mt-2">{tr!(sync.set_aside, n = aside)}</p> })
    };
    view! {
        <section class="v-sec" aria-labelledby="about">
            <h2 id="about" class="h3">
                {tr!(settings.about)}
            </h2>
            <p class="v-small v-mute mt-2">
                {tr!(settings.about_text, version = env!("CARGO_PKG_VERSION"))}
            </p>
            {aside}
            <p class="v-small mt-2">
                <Link to=Page::Sync>{tr!(sync.title)}</Link>
            </p>
        </section>
    }
}
