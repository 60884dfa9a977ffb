//! One service's sheet, its sections in the national order.

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::{GetService, Hours, NewCase, OfficeView, ServiceView, Term};
use vicino_domain::{CaseId, ServiceId};

use crate::components::{AsOf, Heading, Icon};
use crate::live::live;
use crate::pages::ThingPage;
use crate::route::{Link, Page, way};
use crate::{bridge, tr, words};
use wasm_bindgen_futures::spawn_local;

#[component]
pub fn Service(id: ServiceId) -> impl IntoView {
    let service = live(&[Event::Town], move || GetService { id });
    view! { <ThingPage thing=service draw=|service| view! { <Sheet service=service /> } /> }
}

#[component]
fn Sheet(service: ServiceView) -> impl IntoView {
    let state = if service.row.active {
        view! {
            <span class="v-state is-ok is-big">
                <Icon name="it-check" />
                {tr!(services.active)}
            </span>
        }
        .into_any()
    } else {
        view! {
            <span class="v-state is-turn is-big">
                <Icon name="it-warning-circle" />
                {tr!(services.paused)}
            </span>
            <p lang="it">{service.inactive_note}</p>
        }
        .into_any()
    };
    let way = match (service.asks, service.online) {
        (true, _) => tr!(services.online),
        (false, true) => tr!(services.elsewhere),
        (false, false) => tr!(services.at_the_desk),
    };
    let way = view! { <p class="v-small v-mute">{way}</p> };
    let start = service.asks.then(|| view! { <Start id=service.row.id label=tr!(cases.start) /> });
    view! {
        <div class="v-head">
            <Heading text=service.row.title lang="it" />
            <p class="v-lead" lang="it">
                {service.row.summary}
            </p>
            {state}
            {start}
            <AsOf freshness=service.freshness />
        </div>
        <div class="v-cols">
            <div>
                <TextPart title=tr!(services.audience) text=service.audience />
                <TextPart title=tr!(services.description) text=service.description />
                <TextPart title=tr!(services.how) text=service.how />
                <ListPart title=tr!(services.what_is_needed) items=service.needs />
                <TextPart title=tr!(services.outcome) text=service.outcome />
                <Terms times=service.times />
                <TextPart title=tr!(services.costs) text=service.costs />
                <TextPart title=tr!(services.access) text=service.access />
                {way}
                <TextPart title=tr!(services.conditions) text=service.conditions />
            </div>
            <div class="v-side">
                {service.office.map(|office| view! { <Contacts office=office /> })}
                <section class="v-sec">
                    <p class="v-small v-mute">
                        {words::nth(tr!(services.categories), service.row.category)}
                    </p>
                    <p class="v-small v-mute" lang="it">
                        {service.topics.join(" · ")}
                    </p>
                    <p class="v-small v-mute">
                        {tr!(services.updated, day = words::day(service.updated_on))}
                    </p>
                </section>
            </div>
        </div>
    }
}

/// Begins a request, and goes there.
#[component]
pub fn Start(
    id: ServiceId,
    label: &'static str,
    /// The case that help is asked for.
    #[prop(optional)]
    about: Option<CaseId>,
) -> impl IntoView {
    let way = way();
    let failed = RwSignal::new(None);
    let start = move |_| {
        spawn_local(async move {
            match bridge::call(NewCase { service: id, about }).await {
                Ok(draft) => way.to(Page::CaseDraft(draft.id)),
                Err(failure) => failed.set(Some(failure)),
            }
        });
    };
    view! {
        <div class="v-btns mt-2">
            <button type="button" class="btn btn-primary" on:click=start>
                {label}
            </button>
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
    }
}

/// A part of the sheet in words; nothing when it is empty.
#[component]
fn TextPart(title: &'static str, text: String) -> impl IntoView {
    (!text.trim().is_empty()).then(|| {
        view! {
            <section class="v-sec">
                <h2 class="h3">{title}</h2>
                <p class="v-text mt-2" lang="it">
                    {text}
                </p>
            </section>
        }
    })
}

/// A part of the sheet as a list; nothing when it is empty.
#[component]
fn ListPart(title: &'static str, items: Vec<String>) -> impl IntoView {
    (!items.is_empty()).then(|| {
        let items = items.into_iter().map(|item| {
            view! {
                <li>
                    <Icon name="it-check" small=true />
                    <span>{item}</span>
                </li>
            }
        });
        view! {
            <section class="v-sec">
                <h2 class="h3">{title}</h2>
                <ul class="v-ticks" lang="it">
                    {items.collect_view()}
                </ul>
            </section>
        }
    })
}

#[component]
fn Terms(times: Vec<Term>) -> impl IntoView {
    (!times.is_empty()).then(|| {
        let times = times.into_iter().map(|term| {
            view! {
                <div>
                    <dt>{term.when}</dt>
                    <dd>{term.what}</dd>
                </div>
            }
        });
        view! {
            <section class="v-sec">
                <h2 class="h3">{tr!(services.times)}</h2>
                <dl class="v-facts mt-2" lang="it">
                    {times.collect_view()}
                </dl>
            </section>
        }
    })
}

/// The office that answers for a service.
#[component]
fn Contacts(office: OfficeView) -> impl IntoView {
    let (id, name) = (office.id, office.name.clone());
    view! {
        <section class="v-sec">
            <h2 class="h3">{tr!(services.contacts)}</h2>
            <p class="v-t mt-2" lang="it">
                <Link to=Page::Office(id)>{name}</Link>
            </p>
            <p class="v-small v-mute" lang="it">
                {office.what.clone()}
            </p>
            <Reach office=office />
        </section>
    }
}

/// The way to reach an office, and when.
#[component]
pub fn Reach(office: OfficeView) -> impl IntoView {
    let mail = office.contact.map(|mail| {
        view! {
            <p>
                <a href=format!("mailto:{mail}")>{mail.clone()}</a>
            </p>
        }
    });
    let phone = office.phone.map(|phone| {
        view! {
            <p>
                <a href=format!("tel:{}", phone.replace(' ', ""))>{phone.clone()}</a>
            </p>
        }
    });
    view! {
        <p lang="it">{office.address}</p>
        {phone}
        {mail}
        <h3 class="v-label mt-3">{tr!(services.hours)}</h3>
        <ul class="v-ticks is-plain">{opening(&office.hours)}</ul>
    }
}

/// A line for each day an office is open.
pub fn opening(hours: &[Hours]) -> impl IntoView + use<> {
    let line = |day: u8| {
        let open: Vec<String> =
            hours.iter().filter(|part| part.day == day).map(|part| format!("{}–{}", part.from, part.to)).collect();
        (!open.is_empty()).then(|| view! { <li>{words::weekday(day)} " " {open.join(", ")}</li> })
    };
    (1..=7).filter_map(line).collect_view()
}
