//! The report wizard: Privacy, Data, Summary, Confirmation; kept on the device as it is typed.

mod data;
mod done;
mod keep;
mod photos;
mod place;
mod privacy;
mod summary;
mod words_left;

use leptos::prelude::*;
use vicino_contract::Failure;
use vicino_contract::ipc::{DiscardDraft, DraftView, GetDraft, NewDraft, SendReport};
use vicino_domain::{Field, Invalid, Limits, ReportDraft, ReportId};
use wasm_bindgen_futures::spawn_local;

use crate::app::shared;
use crate::components::{Ask, Heading, Icon, focus};
use crate::route::{Link, Page, way};
use crate::{bridge, tr, words};
use keep::Keeping;

/// Begins a draft and opens it.
#[component]
pub fn New() -> impl IntoView {
    let way = way();
    let failed = RwSignal::new(None::<Failure>);
    spawn_local(async move {
        match bridge::call(NewDraft {}).await {
            Ok(view) => way.instead(Page::Draft(view.draft.id)),
            Err(failure) => failed.set(Some(failure)),
        }
    });
    move || {
        failed.get().map(|failure| {
            view! {
                <Heading text=tr!(wizard.title) />
                <p role="alert">{words::failure(&failure)}</p>
            }
        })
    }
}

/// Opens a draft where it was left.
#[component]
pub fn Wizard(id: ReportId) -> impl IntoView {
    let opened = RwSignal::new(None::<Result<DraftView, Failure>>);
    spawn_local(async move { drop(opened.try_set(Some(bridge::call(GetDraft { id }).await))) });
    move || match opened.get() {
        None => ().into_any(),
        Some(Ok(view)) => view! { <Steps view=view /> }.into_any(),
        Some(Err(_)) => view! {
            <div class="v-head">
                <Heading text=tr!(report.missing) />
            </div>
            <Link to=Page::Reports class="btn btn-primary">
                {tr!(reports.title)}
            </Link>
        }
        .into_any(),
    }
}

/// What the steps share.
#[derive(Clone, Copy)]
struct Wizarding {
    keeping: Keeping,
    /// Tells whether missing answers are pointed out: only after an attempt to go on.
    asked: RwSignal<bool>,
    /// Photos still being made fit.
    working: RwSignal<u32>,
    limits: Signal<Limits>,
}

impl Wizarding {
    /// What keeps the draft from being sent.
    fn invalid(self) -> Vec<Invalid> {
        self.keeping.draft.with(|draft| draft.invalid(&self.limits.get()))
    }

    /// The fault of a field, once it is time to say so.
    fn problem(self, field: Field) -> Signal<Option<String>> {
        Signal::derive(move || {
            if !self.asked.get() {
                return None;
            }
            self.invalid().iter().find(|invalid| invalid.field == field).map(words::invalid)
        })
    }
}

/// Where the focus goes for a field.
fn place_of(field: Field) -> &'static str {
    match field {
        Field::Privacy => "privacy",
        Field::Place | Field::PlaceNote | Field::Address => "place",
        Field::Category => "category",
        Field::Title => "title",
        Field::Details => "details",
        Field::Photos => "photos",
        Field::Contact | Field::Creditor | Field::Amount => "contact",
        Field::Message => "message",
    }
}

#[component]
fn Steps(view: DraftView) -> impl IntoView {
    let shared = shared();
    let limits = Signal::derive(move || shared.town().map(|town| town.limits).unwrap_or_default());
    let keeping = Keeping::of(view);
    let wizarding = Wizarding { keeping, asked: RwSignal::new(false), working: RwSignal::new(0), limits };
    provide_context(wizarding);
    let step = keeping.step;
    let sending = RwSignal::new(None::<Failure>);
    // Which fields belong to the step that is left.
    let missing_here = move || {
        let all = wizarding.invalid();
        let here = |invalid: &Invalid| match step.get_untracked() {
            1 => invalid.field == Field::Privacy,
            2 => invalid.field != Field::Privacy,
            _ => true,
        };
        all.into_iter().find(here)
    };
    let busy = RwSignal::new(false);
    let next = move || {
        // A photo in the works belongs to the report: nobody leaves without it. Pressed twice is meant once.
        if wizarding.working.get_untracked() > 0 {
            return focus(place_of(Field::Photos));
        }
        if busy.get_untracked() {
            return;
        }
        sending.set(None);
        if let Some(missing) = missing_here() {
            wizarding.asked.set(true);
            if step.get_untracked() == 3 {
                step.set(if missing.field == Field::Privacy { 1 } else { 2 });
            }
            return focus(place_of(missing.field));
        }
        wizarding.asked.set(false);
        if step.get_untracked() < 3 {
            step.update(|step| *step += 1);
            keeping.now();
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let id = keeping.draft.with_untracked(|draft| draft.id);
            let sent = match keeping.save().await {
                Ok(_) => bridge::call(SendReport { id }).await.map(drop),
                Err(failure) => Err(failure),
            };
            match sent {
                Ok(()) => {
                    keeping.close();
                    step.set(4);
                }
                Err(failure) => drop(sending.try_set(Some(failure))),
            }
            busy.try_set(false);
        });
    };
    let way = way();
    let back = move |_| match step.get_untracked() {
        1 => way.to(Page::Home),
        _ => {
            step.update(|step| *step -= 1);
            keeping.now();
        }
    };
    let screen = move || match step.get() {
        1 => view! { <privacy::Privacy /> }.into_any(),
        2 => view! { <data::Data /> }.into_any(),
        3 => view! { <summary::Summary /> }.into_any(),
        _ => view! { <done::Done /> }.into_any(),
    };
    let words_of_next = move || if step.get() == 3 { tr!(wizard.send) } else { tr!(wizard.next) };
    view! {
        <Progress step=step />
        {screen}
        {move || {
            sending
                .get()
                .map(|failure| {
                    view! {
                        <p role="alert" class="v-err mt-3">
                            <Icon name="it-error" small=true />
                            {words::failure(&failure)}
                        </p>
                    }
                })
        }}
        <Show when=move || { step.get() < 4 }>
            <div class="v-acts">
                <button type="button" class="btn btn-outline-primary" on:click=back>
                    {tr!(wizard.back)}
                </button>
                <button
                    type="button"
                    class="btn btn-outline-primary"
                    on:click=move |_| keeping.now()
                >
                    {tr!(wizard.save)}
                </button>
                <button type="button" class="btn btn-primary" on:click=move |_| next()>
                    {words_of_next}
                    " "
                    <Icon name="it-arrow-right" small=true />
                </button>
            </div>
        </Show>
    }
}

/// Which step of which, and that everything is safe.
#[component]
fn Progress(step: RwSignal<u8>) -> impl IntoView {
    let names = [tr!(wizard.step_privacy), tr!(wizard.step_data), tr!(wizard.step_summary), tr!(wizard.step_done)];
    let items = names.into_iter().zip(1_u8..).map(move |(name, n)| {
        let class = move || match n.cmp(&step.get()) {
            std::cmp::Ordering::Less => "is-done",
            std::cmp::Ordering::Equal => "is-now",
            std::cmp::Ordering::Greater => "is-to-come",
        };
        view! {
            <li class=class aria-current=move || (n == step.get()).then_some("step")>
                {move || {
                    (n < step.get())
                        .then(|| {
                            view! { <span class="visually-hidden">{tr!(wizard.done_step)}</span> }
                        })
                }}
                {n.to_string()}
                " "
                {name}
            </li>
        }
    });
    view! {
        <div class="v-wizard-top">
            <Link to=Page::Home class="v-link v-small">
                <Icon name="it-chevron-left" small=true />
                {tr!(wizard.exit)}
            </Link>
        </div>
        <ol class="v-steps" aria-label=tr!(wizard.steps)>
            {items.collect_view()}
        </ol>
    }
}

/// The line that says when the draft was last kept, or why it was not.
#[component]
fn SavedLine() -> impl IntoView {
    let keeping = expect_context::<Wizarding>().keeping;
    // Of nothing written it says nothing.
    let blank = Memo::new(move |_| keeping.draft.with(ReportDraft::is_blank) && keeping.photos.with(Vec::is_empty));
    let line = move || match keeping.failed.get() {
        Some(failure) => Some(view! {
            <SavedState
                class="is-no"
                icon="it-error"
                text=tr!(wizard.not_saved, why = words::failure(&failure))
            />
        }),
        None if blank.get() => None,
        None => {
            let when = words::when(keeping.saved_at.get());
            Some(view! { <SavedState class="is-ok" icon="it-check-circle" text=tr!(wizard.saved_at, when = when) /> })
        }
    };
    view! {
        <p role="status">{line}</p>
        <p class="v-small v-mute">{tr!(wizard.autosave)} " " {tr!(app.required_note)}</p>
    }
}

/// The state of the draft: saved when, or not saved and why.
#[component]
fn SavedState(class: &'static str, icon: &'static str, text: String) -> impl IntoView {
    view! {
        <span class=format!("v-state {class}")>
            <Icon name=icon />
            {text}
        </span>
    }
}

/// Throws the draft away, after asking.
#[component]
fn Discard() -> impl IntoView {
    let keeping = expect_context::<Wizarding>().keeping;
    let asking = RwSignal::new(false);
    let way = way();
    let discard = Callback::new(move |()| {
        let id = keeping.draft.with_untracked(|draft| draft.id);
        keeping.close();
        spawn_local(async move {
            drop(bridge::call(DiscardDraft { id }).await);
            way.to(Page::Reports);
        });
    });
    view! {
        <div class="v-flow v-end">
            <button type="button" class="v-link is-no" on:click=move |_| asking.set(true)>
                <Icon name="it-delete" small=true />
                {tr!(wizard.discard)}
            </button>
        </div>
        <Ask
            open=asking
            title=tr!(wizard.discard_title)
            text=Signal::derive(|| tr!(wizard.discard_text))
            yes=tr!(wizard.discard_yes)
            no=tr!(report.keep)
            then=discard
        />
    }
}
