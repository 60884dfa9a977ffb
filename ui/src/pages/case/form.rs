//! A case being written: section by section, each answer kept as it is typed; then everything that is missing, and
//! *send*.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::{
    AnswerField, CaseDraftView, DiscardCase, FieldKind, FieldView, GetCaseDraft, GoToSection, RemoveRepeat, RenewCase,
    SendCase,
};
use vicino_domain::CaseId;
use vicino_domain::form::{Answer, FieldError, Path};
use wasm_bindgen_futures::spawn_local;

use super::AnswerSection;
use super::field::Question;
use super::signers::Signers;
use crate::components::{Ask, Heading, Icon, focus};
use crate::live::{Live, live};
use crate::pages::Missing;
use crate::route::{Link, Page, way};
use crate::{bridge, tr, words};

/// Keeps answers in the order they were typed, one at a time; of one field only the newest.
#[derive(Clone, Copy)]
pub struct Keeper {
    id: CaseId,
    /// The answers still to be saved, shared with the task that saves them: those typed last are saved even when their
    /// page is gone.
    queue: StoredValue<Arc<Mutex<Queue>>>,
    failed: RwSignal<Option<vicino_contract::Failure>>,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<(Path, Option<Answer>)>,
    busy: bool,
}

impl Keeper {
    fn of(id: CaseId) -> Self {
        Self { id, queue: StoredValue::new(Arc::default()), failed: RwSignal::new(None) }
    }

    /// The case that is written.
    pub const fn case(self) -> CaseId {
        self.id
    }

    /// Keeps an answer; nothing: it is taken away.
    pub fn keep(self, path: Path, answer: Option<Answer>) {
        let Some(queue) = self.queue.try_get_value() else { return };
        {
            let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
            queue.waiting.retain(|(other, _)| *other != path);
            queue.waiting.push_back((path, answer));
            if std::mem::replace(&mut queue.busy, true) {
                return;
            }
        }
        spawn_local(async move {
            while let Some((path, answer)) = next(&queue) {
                let kept = bridge::call(AnswerField { id: self.id, path, answer }).await;
                self.failed.try_set(kept.err());
            }
        });
    }
}

/// The answer to keep next; with none left whoever keeps is done.
fn next(queue: &Mutex<Queue>) -> Option<(Path, Option<Answer>)> {
    let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
    let next = queue.waiting.pop_front();
    queue.busy = next.is_some();
    next
}

#[component]
pub fn CaseForm(id: CaseId) -> impl IntoView {
    let draft = live(&[Event::Cases, Event::Person], move || GetCaseDraft { id });
    let keeper = Keeper::of(id);
    let title = Memo::new(move |_| draft.get().map(|draft| draft.ok().map(|draft| draft.title)));
    let at = Memo::new(move |_| draft.known().map_or(0, |draft| usize::from(draft.section).min(draft.sections.len())));
    let newer = Memo::new(move |_| draft.known().and_then(|draft| draft.newer));
    let saved =
        move || draft.known().map(|draft| view! { <SaveLine draft=draft.clone() failed=keeper.failed.get() /> });
    move || match title.get()? {
        None => Some(view! { <Missing /> }.into_any()),
        Some(title) => Some(
            view! {
                <div class="v-head">
                    {move || {
                        draft
                            .known()
                            .and_then(|draft| draft.about)
                            .map(|(_, about)| {
                                view! {
                                    <p class="v-small v-mute">
                                        {tr!(cases.about)} " " <span lang="it">{about}</span>
                                    </p>
                                }
                            })
                    }} <Heading text=title lang="it" /> <p role="status">{saved}</p>
                    {move || newer.get().map(|version| view! { <Renewal id=id version=version /> })}
                </div>
                {move || view! { <Part draft=draft at=at.get() keeper=keeper /> }.into_any()}
            }
            .into_any(),
        ),
    }
}

/// The town asks something else by now: one may go on with that.
#[component]
fn Renewal(id: CaseId, version: u32) -> impl IntoView {
    let renew = move |_| spawn_local(async move { drop(bridge::call(RenewCase { id }).await) });
    view! {
        <p class="v-small v-mute mt-1">
            {tr!(cases.newer, version = version)} " "
            <button type="button" class="v-link v-small" on:click=renew>
                {tr!(cases.renew)}
            </button>
        </p>
    }
    .into_any()
}

/// When it was last kept, or why it was not.
#[component]
fn SaveLine(draft: CaseDraftView, failed: Option<vicino_contract::Failure>) -> impl IntoView {
    let (class, words) = match failed {
        Some(failure) => ("v-state is-no", words::failure(&failure)),
        None => ("v-state is-ok", tr!(wizard.saved_at, when = words::when(draft.saved_at))),
    };
    view! { <span class=class>{words}</span> }.into_any()
}

fn turn_to(id: CaseId, section: usize) {
    let section = u16::try_from(section).unwrap_or(u16::MAX);
    spawn_local(async move { drop(bridge::call(GoToSection { id, section }).await) });
}

/// The section one stands at; after the last, the end.
#[component]
fn Part(draft: Live<CaseDraftView>, at: usize, keeper: Keeper) -> impl IntoView {
    let count = draft.peek().map_or(0, |draft| draft.sections.len());
    if at >= count {
        return view! { <Last draft=draft id=keeper.id /> }.into_any();
    }
    let way = way();
    let back = move |_| if at == 0 { way.to(Page::Cases) } else { turn_to(keeper.id, at - 1) };
    // What is asked, without what was answered: only that draws the questions anew.
    let asked = Memo::new(move |_| {
        let mut section = draft.known().and_then(|draft| draft.sections.into_iter().nth(at));
        for field in section.iter_mut().flat_map(|section| section.repeats.iter_mut().flatten()) {
            (field.answer, field.lack) = (None, None);
            if let FieldKind::Files { files, .. } = &mut field.kind {
                files.iter_mut().for_each(|file| file.dated = None);
            }
        }
        section
    });
    view! {
        <p class="v-small v-mute">{tr!(cases.step, n = at + 1, of = count + 1)}</p>
        // Read, not only tracked: a memo nobody reads never looks at what it hangs on.
        {move || asked.with(|_| view! { <Questions draft=draft at=at keeper=keeper /> })}
        <Acts back=back on=move |_| turn_to(keeper.id, at + 1) word=tr!(wizard.next) />
    }
    .into_any()
}

/// The two ways on.
#[component]
fn Acts(
    back: impl Fn(leptos::ev::MouseEvent) + 'static,
    on: impl Fn(leptos::ev::MouseEvent) + 'static,
    word: &'static str,
) -> impl IntoView {
    view! {
        <div class="v-acts">
            <button type="button" class="btn btn-outline-primary" on:click=back>
                {tr!(wizard.back)}
            </button>
            <button type="button" class="btn btn-primary" id="on" on:click=on>
                {word}
                " "
                <Icon name="it-arrow-right" small=true />
            </button>
        </div>
    }
    .into_any()
}

/// The questions of a section, with the focus where it was.
#[component]
fn Questions(draft: Live<CaseDraftView>, at: usize, keeper: Keeper) -> impl IntoView {
    let Some(section) = draft.peek().and_then(|draft| draft.sections.into_iter().nth(at)) else { return ().into_any() };
    let stood = document().active_element().map(|element| element.id()).filter(|id| id.starts_with("q-"));
    if let Some(id) = stood {
        focus(id);
    }
    let lack = move |path: Path| {
        Signal::derive(move || {
            let fields = draft.known().and_then(|draft| draft.sections.into_iter().nth(at)).into_iter();
            let mut fields = fields.flat_map(|section| section.repeats.into_iter().flatten());
            let field = fields.find(|field| field.path == path)?;
            field.lack.map(|lack| words::lack(&lack, Some(&field.kind)))
        })
    };
    let repeated = section.may_add.is_some() || section.repeats.len() > 1;
    let first = section.repeats.first().and_then(|fields| fields.first()).map(|field| field.path.field.clone());
    let name = section.id.clone();
    let repeat = |(n, fields): (u16, Vec<FieldView>)| {
        let (id, section) = (keeper.id, name.clone());
        let remove = move |_| {
            let section = section.clone();
            spawn_local(async move { drop(bridge::call(RemoveRepeat { id, section, index: n }).await) });
        };
        let fields = fields
            .into_iter()
            .map(|field| view! { <Question lack=lack(field.path.clone()) field=field keeper=keeper /> })
            .collect_view();
        let remove = repeated.then(|| {
            view! {
                <button type="button" class="v-link is-no" on:click=remove>
                    {tr!(cases.remove)}
                </button>
            }
            .into_any()
        });
        view! { <section class="v-sec v-fields">{fields} {remove}</section> }.into_any()
    };
    let repeats = (0..).zip(section.repeats).map(repeat).collect_view();
    let add = section.may_add.map(|index| {
        // An empty answer to its first question is what a new repeat begins with.
        let path = Path { section: section.id, index, field: first.unwrap_or_else(|| String::from("name")) };
        let add = move |_| keeper.keep(path.clone(), Some(Answer::Text(String::new())));
        view! {
            <button type="button" class="btn btn-outline-primary" on:click=add>
                {tr!(cases.add)}
            </button>
        }
        .into_any()
    });
    view! {
        <div lang="it">
            <h2 class="h3">{section.title}</h2>
            <p class="v-mute">{section.help}</p>
            {repeats}
        </div>
        {add}
    }
    .into_any()
}

/// Everything that is missing, and *send*.
#[component]
fn Last(draft: Live<CaseDraftView>, id: CaseId) -> impl IntoView {
    let failed = RwSignal::new(None::<vicino_contract::Failure>);
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
    let review = Memo::new(move |_| draft.known().map(|draft| draft.summary));
    // Drawn anew only when who must sign, or how far they are, has changed: what is typed there stays.
    let who = Memo::new(move |_| draft.known().map(|draft| CaseDraftView { saved_at: Default::default(), ..draft }));
    let back = move |_| turn_to(id, draft.peek().map_or(0, |draft| draft.sections.len().saturating_sub(1)));
    view! {
        <section class="v-sec">
            {move || draft.known().map(|draft| view! { <GapList draft=draft.clone() /> })}
            {move || who.get().map(|draft| view! { <Signers draft=draft.clone() /> })}
            {move || {
                review
                    .get()
                    .map(|parts| {
                        view! {
                            <h2 class="h3 mt-4">{tr!(cases.review)}</h2>
                            {parts
                                .into_iter()
                                .map(|part| view! { <AnswerSection part=part /> })
                                .collect_view()}
                        }
                    })
            }} <p class="mt-2">
                <Link to=Page::Paper(id)>
                    <Icon name="it-print" small=true />
                    " "
                    {tr!(paper.print)}
                </Link>
            </p> <p class="v-small v-mute mt-3">{tr!(cases.checked_here)}</p>
            <p role="alert" class="v-err">
                {move || failed.get().map(|failure| words::failure(&failure))}
            </p> <button type="button" class="v-link is-no" on:click=move |_| asking.set(true)>
                {tr!(wizard.discard)}
            </button>
            <Ask
                open=asking
                title=tr!(wizard.discard_title)
                text=Signal::derive(|| tr!(wizard.discard_text).to_owned())
                yes=tr!(wizard.discard_yes)
                no=tr!(report.keep)
                then=discard
            />
        </section>
        <Acts back=back on=send word=tr!(wizard.send) />
    }
}

/// The part that is missing, each with the way there; what it costs and how long it takes.
#[component]
fn GapList(draft: CaseDraftView) -> impl IntoView {
    let gap = |gap: &FieldError| {
        let at = |path: &Path| draft.sections.iter().position(|section| section.id == path.section);
        let to = gap.at.as_ref().and_then(at);
        let fields = || draft.sections.iter().flat_map(|section| section.repeats.iter().flatten());
        let field = gap.at.as_ref().and_then(|path| fields().find(|field| field.path == *path));
        let label = field.map(|field| field.label.clone());
        let id = draft.id;
        let go = move |_| {
            if let Some(to) = to {
                turn_to(id, to);
            }
        };
        let lack = words::lack(&gap.lack, field.map(|field| &field.kind));
        match label {
            Some(label) => view! {
                <li>
                    <button type="button" class="v-link" lang="it" on:click=go>
                        {label}
                    </button>
                    <span class="v-d">{lack}</span>
                </li>
            }
            .into_any(),
            // About the whole: what is to be done stands below.
            None => view! { <li>{lack}</li> }.into_any(),
        }
    };
    let gaps = draft.gaps.iter().map(gap).collect_view();
    let (class, words) = match draft.gaps.len() {
        0 => ("v-state is-ok is-big", tr!(cases.nothing_missing).to_owned()),
        n => ("v-state is-turn is-big", tr!(cases.missing, n = n)),
    };
    let facts = [
        draft.days.map(|days| {
            let within = if draft.working_days {
                tr!(cases.term_working_days, n = days)
            } else {
                tr!(cases.term_days, n = days)
            };
            (tr!(cases.term), within)
        }),
        draft.fee.map(|fee| (tr!(cases.fee), fee.to_string())),
        draft.stamp.map(|stamp| (tr!(cases.stamp), stamp.to_string())),
        draft.closes_on.map(|day| (tr!(cases.closes), words::day(day))),
        (!draft.signed_in).then(|| (tr!(people.sign_in), tr!(cases.sign_in_first).to_owned())),
    ];
    let facts = facts.into_iter().flatten().map(|(name, value)| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd>{value}</dd>
            </div>
        }
        .into_any()
    });
    view! {
        <p class=class>{words}</p>
        <ul class="v-gaps">{gaps}</ul>
        <dl class="v-facts mt-3">{facts.collect_view()}</dl>
    }
    .into_any()
}
