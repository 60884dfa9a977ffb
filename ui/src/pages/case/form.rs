//! A case being written: section by section, each answer kept as it is typed; then everything that is missing, and *send*.

use std::collections::{BTreeMap, VecDeque};

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::{
    AnswerField, CaseDraftView, DiscardCase, FieldView, GetCaseDraft, RemoveTurn, SectionView, SendCase, TurnToSection,
};
use vicino_domain::CaseId;
use vicino_domain::form::{Answer, Lack, Path};
use wasm_bindgen_futures::spawn_local;

use super::field::Question;
use crate::components::{Ask, Heading, Icon};
use crate::live::{Live, live};
use crate::pages::Missing;
use crate::route::{Page, way};
use crate::{bridge, tr, words};

/// Keeps answers in the order they were typed, one at a time; of one field only the newest.
#[derive(Clone, Copy)]
pub struct Keeper {
    id: CaseId,
    waiting: StoredValue<VecDeque<(Path, Option<Answer>)>>,
    busy: StoredValue<bool>,
    pub failed: RwSignal<Option<vicino_contract::Failure>>,
}

impl Keeper {
    /// Keeps an answer; nothing: it is taken away.
    pub fn keep(self, path: Path, answer: Option<Answer>) {
        self.waiting.update_value(|waiting| {
            waiting.retain(|(other, _)| *other != path);
            waiting.push_back((path, answer));
        });
        if self.busy.get_value() {
            return;
        }
        self.busy.set_value(true);
        spawn_local(async move {
            while let Some((path, answer)) = self.waiting.try_update_value(VecDeque::pop_front).flatten() {
                let kept = bridge::call(AnswerField { id: self.id, path, answer }).await;
                self.failed.try_set(kept.err());
            }
            self.busy.try_update_value(|busy| *busy = false);
        });
    }
}

#[component]
pub fn CaseForm(id: CaseId) -> impl IntoView {
    let draft = live(&[Event::Cases, Event::Person], move || GetCaseDraft { id });
    let gone = Memo::new(move |_| draft.failed().is_some());
    let title = Memo::new(move |_| draft.known().map(|draft| draft.title));
    let section = Memo::new(move |_| draft.known().map(|draft| usize::from(draft.section).min(draft.sections.len())));
    let keeper = Keeper {
        id,
        waiting: StoredValue::new(VecDeque::new()),
        busy: StoredValue::new(false),
        failed: RwSignal::new(None),
    };
    let saved = move || {
        let draft = draft.known()?;
        Some(match keeper.failed.get() {
            Some(failure) => view! { <span class="v-state is-no">{words::failure(&failure)}</span> },
            None => {
                view! { <span class="v-state is-ok">{tr!(wizard.saved_at, when = words::when(draft.saved_at))}</span> }
            }
        })
    };
    let newer = move || {
        let newer = draft.known()?.newer?;
        Some(
            view! { <div class="v-note is-turn"><Icon name="it-warning-circle"/><div>{tr!(cases.newer, version = newer)}</div></div> },
        )
    };
    view! {
        <Show when=move || gone.get()><Missing/></Show>
        {move || title.get().map(|title| view! {
            <div class="v-head">
                <Heading text=title lang="it"/>
                <p role="status">{saved}</p>
                {newer}
            </div>
            {move || section.get().map(|at| {
                let count = draft.peek().map_or(0, |draft| draft.sections.len());
                if at < count {
                    view! { <Part draft=draft at=at keeper=keeper/> }.into_any()
                } else {
                    view! { <Last draft=draft id=id/> }.into_any()
                }
            })}
        })}
    }
}

fn turn_to(id: CaseId, section: usize) {
    let section = u16::try_from(section).unwrap_or(u16::MAX);
    spawn_local(async move { drop(bridge::call(TurnToSection { id, section }).await) });
}

/// One section. Its questions stay where they are while one types: only what is asked moves them.
#[component]
fn Part(draft: Live<CaseDraftView>, at: usize, keeper: Keeper) -> impl IntoView {
    let section = move || draft.known().and_then(|draft| draft.sections.into_iter().nth(at));
    let lacks = Memo::new(move |_| {
        let fields = section().into_iter().flat_map(|section| section.turns.into_iter().flatten());
        fields.filter_map(|field| Some((field.path, field.lack?))).collect::<BTreeMap<Path, Lack>>()
    });
    let heading = Memo::new(move |_| section().map(|section| (section.title, section.help)));
    let count = Memo::new(move |_| draft.known().map_or(0, |draft| draft.sections.len()));
    let turns = Memo::new(move |_| section().map_or(0, |section| section.turns.len()));
    let repeated =
        Memo::new(move |_| section().is_some_and(|section| section.may_add.is_some() || section.turns.len() > 1));
    let fields =
        move |turn: usize| section().and_then(|section| section.turns.into_iter().nth(turn)).unwrap_or_default();
    let add = move |_| {
        let Some(SectionView { may_add: Some(turn), id, .. }) = section() else { return };
        // An empty answer to its first question is what a new filling begins with.
        let first = draft
            .peek()
            .and_then(|draft| draft.sections.into_iter().nth(at)?.turns.into_iter().next()?.into_iter().next());
        let field = first.map_or_else(|| String::from("name"), |field| field.path.field);
        keeper.keep(Path { section: id, turn, field }, Some(Answer::Text(String::new())));
    };
    let remove = move |turn: usize| {
        let Some(section) = section() else { return };
        let (id, turn) = (keeper.id, u16::try_from(turn).unwrap_or_default());
        spawn_local(async move { drop(bridge::call(RemoveTurn { id, section: section.id, turn }).await) });
    };
    let back = move |_| if at == 0 { way_home() } else { turn_to(keeper.id, at - 1) };
    view! {
        <p class="v-small v-mute">{move || tr!(cases.step, n = at + 1, of = count.get() + 1)}</p>
        {move || heading.get().map(|(title, help)| view! {
            <h2 class="h3" lang="it">{title}</h2>
            {help.map(|help| view! { <p class="v-mute" lang="it">{help}</p> })}
        })}
        <For each=move || 0..turns.get() key=|turn| *turn let:turn>
            <section class="v-sec v-fields" lang="it">
                <For each=move || fields(turn) key=|field: &FieldView| (field.path.clone(), field.required) let:field>
                    {
                        let path = field.path.clone();
                        let lack = Signal::derive(move || lacks.with(|lacks| lacks.get(&path).map(words::lack)));
                        view! { <Question field=field lack=lack keeper=keeper/> }
                    }
                </For>
                <Show when=move || repeated.get()>
                    <button type="button" class="v-link is-no" on:click=move |_| remove(turn)>{tr!(cases.remove)}</button>
                </Show>
            </section>
        </For>
        <Show when=move || section().is_some_and(|section| section.may_add.is_some())>
            <div class="v-btns"><button type="button" class="btn btn-outline-primary" on:click=add>{tr!(cases.add)}</button></div>
        </Show>
        <div class="v-acts">
            <button type="button" class="btn btn-outline-primary" on:click=back>{tr!(wizard.back)}</button>
            <button type="button" class="btn btn-primary" on:click=move |_| turn_to(keeper.id, at + 1)>
                {tr!(wizard.next)} " " <Icon name="it-arrow-right" small=true/>
            </button>
        </div>
    }
}

fn way_home() {
    way().to(Page::Cases);
}

/// Everything that is missing, and *send*.
#[component]
fn Last(draft: Live<CaseDraftView>, id: CaseId) -> impl IntoView {
    let failed = RwSignal::new(None);
    let asking = RwSignal::new(false);
    let way = way();
    let send = move |_| {
        spawn_local(async move {
            match bridge::call(SendCase { id }).await {
                Ok(_) => way.instead(Page::Case(id)),
                Err(failure) => failed.set(Some(failure)),
            }
        });
    };
    let discard = Callback::new(move |()| {
        spawn_local(async move {
            drop(bridge::call(DiscardCase { id }).await);
            way.instead(Page::Cases);
        });
    });
    let gaps = move || {
        let draft = draft.known()?;
        let line = |gap: &vicino_domain::form::Gap| {
            let at = draft
                .sections
                .iter()
                .position(|section| gap.at.as_ref().is_some_and(|path| path.section == section.id));
            let label = gap.at.as_ref().and_then(|path| {
                let fields = draft.sections.iter().flat_map(|section| section.turns.iter().flatten());
                fields.into_iter().find(|field| field.path == *path).map(|field| field.label.clone())
            });
            let go = move |_| {
                if let Some(at) = at {
                    turn_to(id, at)
                }
            };
            view! {
                <li><button type="button" class="v-link" on:click=go><span lang="it">{label}</span></button>
                    <span class="v-d">{words::lack(&gap.lack)}</span></li>
            }
        };
        let all = draft.gaps.iter().map(line).collect_view();
        Some(if draft.gaps.is_empty() {
            view! { <p class="v-state is-ok is-big"><Icon name="it-check-circle"/> {tr!(cases.nothing_missing)}</p> }
                .into_any()
        } else {
            view! { <h2 class="h3">{tr!(cases.missing, n = draft.gaps.len())}</h2> <ul class="v-gaps">{all}</ul> }
                .into_any()
        })
    };
    let facts = move || {
        let draft = draft.known()?;
        let fact = |name: &'static str, value: String| view! { <div><dt>{name}</dt><dd>{value}</dd></div> };
        Some(view! {
            <dl class="v-facts mt-3">
                {draft.days.map(|days| fact(tr!(cases.term), tr!(cases.term_days, n = days)))}
                {draft.fee.map(|fee| fact(tr!(cases.fee), fee.to_string()))}
                {draft.stamp.map(|stamp| fact(tr!(cases.stamp), stamp.to_string()))}
                {draft.closes_on.map(|day| fact(tr!(cases.closes), words::day(day)))}
            </dl>
            {(!draft.signed_in).then(|| view! { <p class="v-note is-turn"><span>{tr!(cases.sign_in_first)}</span></p> })}
        })
    };
    let ready = move || draft.known().is_some_and(|draft| draft.gaps.is_empty() && draft.signed_in);
    let back = move |_| turn_to(id, draft.peek().map_or(0, |draft| draft.sections.len().saturating_sub(1)));
    view! {
        <section class="v-sec">
            {gaps}
            {facts}
            <p class="v-small v-mute mt-3">{tr!(cases.checked_here)}</p>
            {move || failed.get().map(|failure| view! { <p role="alert" class="v-err">{words::failure(&failure)}</p> })}
            <button type="button" class="v-link is-no" on:click=move |_| asking.set(true)>{tr!(wizard.discard)}</button>
            <Ask open=asking title=tr!(wizard.discard_title) text=Signal::derive(|| tr!(wizard.discard_text).to_owned()) yes=tr!(wizard.discard_yes)
                no=tr!(report.keep) then=discard/>
        </section>
        <div class="v-acts">
            <button type="button" class="btn btn-outline-primary" on:click=back>{tr!(wizard.back)}</button>
            <button type="button" class="btn btn-primary" disabled=move || !ready() on:click=send>{tr!(wizard.send)}</button>
        </div>
    }
}
