//! The resident as the town knows them, their household, and the way to have it corrected.

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::{GetProfile, MemberRow, PersonFacts, ProfileView, Relation};

use super::mine::Ways;
use super::service::Start;
use crate::components::{AsOf, Heading, Icon, Unknown};
use crate::live::live;
use crate::route::{Link, Page};
use crate::{tr, words};

#[component]
pub fn Profile() -> impl IntoView {
    let profile = live(&[Event::Person, Event::Town], || GetProfile {});
    view! {
        <Ways />
        <div class="v-head">
            <Heading text=tr!(profile.title) />
        </div>
        {move || profile.known().map(|profile| view! { <Whole profile=profile /> })}
    }
}

#[component]
fn Whole(profile: ProfileView) -> impl IntoView {
    let Some(person) = profile.person else {
        if profile.signed_in {
            return view! {
                <Unknown
                    title=tr!(profile.unknown)
                    text=tr!(reports.town_unknown_text)
                    freshness=profile.freshness
                />
            }
            .into_any();
        }
        return view! {
            <div class="v-note">
                <Icon name="it-user" />
                <div>
                    <b>{tr!(profile.stranger)}</b>
                    <p>{tr!(profile.stranger_text)}</p>
                </div>
            </div>
            <div class="v-btns mt-2">
                <Link to=Page::People class="btn btn-primary">
                    {tr!(people.sign_in)}
                </Link>
            </div>
        }
        .into_any();
    };
    let correct = profile.correct.map(|id| {
        view! {
            <p class="mt-3">{tr!(profile.correct_text)}</p>
            <Start id=id label=tr!(profile.correct) />
        }
    });
    view! {
        <div class="v-cols">
            <section class="v-sec">
                <AsOf freshness=profile.freshness />
                <Facts person=person.clone() />
                {correct}
            </section>
            <div class="v-side">
                <section class="v-sec" aria-labelledby="household">
                    <h2 id="household" class="h3">
                        {tr!(profile.household)}
                    </h2>
                    <Household members=person.household />
                </section>
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn Facts(person: PersonFacts) -> impl IntoView {
    let fact = |name: &'static str, value: String| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd>{value}</dd>
            </div>
        }
        .into_any()
    };
    view! {
        <dl class="v-facts mt-2">
            {fact(tr!(profile.name), person.name.clone())}
            {fact(tr!(profile.tax_code), person.tax_code.clone())}
            {fact(tr!(profile.born), words::day(person.birth_date))}
            {fact(tr!(profile.address), person.address.clone())}
        </dl>
    }
    .into_any()
}

#[component]
fn Household(members: Vec<MemberRow>) -> impl IntoView {
    if members.is_empty() {
        return view! { <p class="v-mute mt-2">{tr!(profile.alone)}</p> }.into_any();
    }
    let row = |member: MemberRow| {
        let relation = match member.relation {
            Relation::Spouse => tr!(profile.spouse),
            Relation::Child => tr!(profile.child),
            Relation::Parent => tr!(profile.parent),
            Relation::Sibling => tr!(profile.sibling),
            Relation::Other => tr!(profile.other),
        };
        let entrusted = member.entrusted.then(|| view! { <span class="v-d">{tr!(profile.entrusted)}</span> });
        view! {
            <li>
                <b class="v-t">{member.name}</b>
                <span class="v-d">{relation}</span>
                {entrusted}
            </li>
        }
        .into_any()
    };
    view! { <ul class="v-ticks is-plain mt-2">{members.into_iter().map(row).collect_view()}</ul> }.into_any()
}
