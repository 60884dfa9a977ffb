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
        PayingView::Asking => note("it-clock", "v-note is-go", tr!(paying.asking), String::new(), ().into_any()),
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
            note("it-external-link", "v-note is-go", title, tr!(paying.elsewhere_text).to_owned(), ways.into_any())
        }
        PayingView::Back(outcome) => back(outcome),
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
            note("it-warning-circle", "v-note is-turn", tr!(paying.warned), text, ways.into_any())
        }
        PayingView::Refused(bad) => failed(words::paying(&bad)),
        PayingView::Stale => {
            note("it-warning-circle", "v-note is-turn", tr!(paying.stale), tr!(paying.stale_text).to_owned(), close())
        }
        PayingView::Failed { code } => failed(words::code(code).to_owned()),
    })
}

fn back(outcome: Outcome) -> AnyView {
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
    note(icon, class, title, text.to_owned(), close())
}

/// What happened, what is safe.
fn failed(why: String) -> AnyView {
    let text = format!("{why} {}", tr!(paying.safe));
    note("it-error", "v-note is-no", tr!(paying.failed), text, close())
}

fn close() -> AnyView {
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

fn note(icon: &'static str, class: &'static str, title: &'static str, text: String, ways: AnyView) -> AnyView {
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
