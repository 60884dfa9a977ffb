//! A state: icon, word and colour, never colour alone.

use leptos::prelude::*;
use vicino_contract::ipc::{Delivery, ReportRow};
use vicino_domain::ReportState;

use crate::components::Icon;
use crate::{tr, words};

/// The look of a state.
#[derive(Clone, PartialEq)]
pub struct Look {
    pub class: &'static str,
    pub icon: &'static str,
    pub words: &'static str,
}

/// The status of a report, as the resident should see it.
pub fn pill_of(row: &ReportRow) -> Look {
    match (&row.delivery, row.state) {
        (Delivery::Stuck { .. }, _) => Look { class: "is-turn", icon: "it-warning-circle", words: tr!(state.stuck) },
        (Delivery::Waiting, _) => Look { class: "is-here", icon: "it-upload", words: tr!(state.waiting) },
        (Delivery::Delivered { .. }, state) => town(state.or(Some(ReportState::Received))),
    }
}

/// The look of a town's state.
pub fn town(state: Option<ReportState>) -> Look {
    let (class, icon) = match state {
        Some(ReportState::Received) => ("is-go", "it-check"),
        Some(ReportState::InCharge) => ("is-go", "it-tool"),
        Some(ReportState::YourTurn) => ("is-turn", "it-warning-circle"),
        Some(ReportState::Resolved) => ("is-ok", "it-check-circle"),
        Some(ReportState::Declined) => ("is-past", "it-info-circle"),
        Some(ReportState::Withdrawn) => ("is-past", "it-restore"),
        None => ("is-past", "it-help"),
    };
    Look { class, icon, words: words::state(state) }
}

#[component]
pub fn Pill(
    /// The state's colour, picture and word.
    look: Look,
    /// Tells whether it heads a page.
    #[prop(optional)]
    big: bool,
) -> impl IntoView {
    let class = match (look.class, big) {
        ("is-turn", false) => "v-state is-turn",
        ("is-turn", true) => "v-state is-turn is-big",
        ("is-here", false) => "v-state is-here",
        ("is-here", true) => "v-state is-here is-big",
        ("is-go", false) => "v-state is-go",
        ("is-go", true) => "v-state is-go is-big",
        ("is-ok", false) => "v-state is-ok",
        ("is-ok", true) => "v-state is-ok is-big",
        (_, false) => "v-state is-past",
        (_, true) => "v-state is-past is-big",
    };
    view! {
        <span class=class>
            <Icon name=look.icon />
            {look.words}
        </span>
    }
}
