//! Paying, as far as it has come: asked, open elsewhere, come back; and every way it can fail, each with what is safe.

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::{GetPaying, Pay, PayLine, PayingNow, PayingView, StopPaying};
use vicino_domain::Outcome;
use wasm_bindgen_futures::spawn_local;

use crate::components::Icon;
use crate::live::live;
use crate::{bridge, tr, words};

/// Begins to pay.
pub(super) fn pay(lines: Vec<PayLine>, despite: bool) {
    spawn_local(async move { drop(bridge::call(Pay { lines, despite }).await) });
}

/// The point it has reached; nothing while nobody pays, or somebody pays something else than these. `whole`: these and
/// no others.
#[component]
pub(super) fn Panel(of: Signal<Vec<PayLine>>, #[prop(optional)] whole: bool) -> impl IntoView {
    let paying = live(&[Event::Paying], || GetPaying {});
    let same = |one: &PayLine, other: &PayLine| (one.id, one.number) == (other.id, other.number);
    let mine = move |now: &PayingNow| {
        of.with(|of| {
            let among = |line: &PayLine| of.iter().any(|one| same(one, line));
            if whole { now.lines.len() == of.len() && now.lines.iter().all(among) } else { now.lines.iter().any(among) }
        })
    };
    view! { <div role="status">{move || paying.known().filter(mine).and_then(shown)}</div> }
}

fn shown(now: PayingNow) -> Option<AnyView> {
    let lines = now.lines;
    Some(match now.view {
        PayingView::None => return None,
        PayingView::Asking => view! {
            <PanelNote
                icon="it-clock"
                class="v-note is-go"
                title=tr!(paying.asking)
                text=String::new()
                ways=().into_any()
            />
        }
        .into_any(),
        PayingView::Elsewhere { url, opened } => {
            let (title, link) =
                if opened { (tr!(paying.elsewhere), "v-link") } else { (tr!(paying.ready), "btn btn-primary") };
            let ways = view! {
                <a class=link href=url target="_blank" rel="noopener noreferrer">
                    {tr!(paying.open)}
                    " "
                    <Icon name="it-external-link" small=true />
                </a>
                <button type="button" class="v-link" on:click=stop>
                    {tr!(paying.stop)}
                </button>
            };
            view! {
                <PanelNote
                    icon="it-external-link"
                    class="v-note is-go"
                    title=title
                    text=tr!(paying.elsewhere_text).to_owned()
                    ways=ways.into_any()
                />
            }
            .into_any()
        }
        PayingView::Back(outcome) => view! { <CameBack outcome=outcome /> }.into_any(),
        PayingView::Warned { numbers } => {
            let ways = view! {
                <button type="button" class="btn btn-primary" on:click=stop>
                    {tr!(paying.leave)}
                </button>
                <button
                    type="button"
                    class="btn btn-outline-primary"
                    on:click=move |_| pay(lines.clone(), true)
                >
                    {tr!(paying.despite)}
                </button>
            };
            let text = tr!(paying.warned_text, numbers = numbers.join(", "));
            view! {
                <PanelNote
                    icon="it-warning-circle"
                    class="v-note is-turn"
                    title=tr!(paying.warned)
                    text=text
                    ways=ways.into_any()
                />
            }
            .into_any()
        }
        PayingView::Refused(bad) => view! { <NotOpened why=words::paying(&bad) /> }.into_any(),
        PayingView::Stale => view! {
            <PanelNote
                icon="it-warning-circle"
                class="v-note is-turn"
                title=tr!(paying.stale)
                text=tr!(paying.stale_text).to_owned()
                ways=view! { <CloseButton /> }.into_any()
            />
        }
        .into_any(),
        PayingView::Failed { code } => view! { <NotOpened why=words::code(code).to_owned() /> }.into_any(),
    })
}

#[component]
fn CameBack(outcome: Outcome) -> impl IntoView {
    let (icon, class, title, text) = match outcome {
        Outcome::Paid => ("it-check-circle", "v-note is-ok", tr!(paying.back_paid), tr!(paying.back_paid_text)),
        Outcome::Cancelled => {
            ("it-info-circle", "v-note is-past", tr!(paying.back_cancelled), tr!(paying.back_cancelled_text))
        }
        Outcome::Refused => ("it-error", "v-note is-no", tr!(paying.back_refused), tr!(paying.back_refused_text)),
        Outcome::Unknown => {
            ("it-help-circle", "v-note is-turn", tr!(paying.back_unknown), tr!(paying.back_unknown_text))
        }
    };
    view! {
        <PanelNote
            icon=icon
            class=class
            title=title
            text=text.to_owned()
            ways=view! { <CloseButton /> }.into_any()
        />
    }
    .into_any()
}

/// What happened, what is safe.
#[component]
fn NotOpened(why: String) -> impl IntoView {
    let text = format!("{why} {}", tr!(paying.safe));
    view! {
        <PanelNote
            icon="it-error"
            class="v-note is-no"
            title=tr!(paying.failed)
            text=text
            ways=view! { <CloseButton /> }.into_any()
        />
    }
    .into_any()
}

#[component]
fn CloseButton() -> impl IntoView {
    view! {
        <button type="button" class="btn btn-outline-primary" on:click=stop>
            {tr!(paying.close)}
        </button>
    }
    .into_any()
}

fn stop(_: leptos::ev::MouseEvent) {
    spawn_local(async { drop(bridge::call(StopPaying {}).await) });
}

#[component]
fn PanelNote(
    icon: &'static str,
    class: &'static str,
    title: &'static str,
    text: String,
    ways: AnyView,
) -> impl IntoView {
    view! {
        <div class=format!("{class} my-3")>
            <Icon name=icon />
            <div>
                <b>{title}</b>
                <p>{text}</p>
                <div class="v-btns mt-2">{ways}</div>
            </div>
        </div>
    }
    .into_any()
}
