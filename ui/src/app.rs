//! The whole page: preferences, routes, and the frame around every screen.

use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;
use vicino_contract::Event;
use vicino_contract::ipc::{GetSettings, GetStatus, GetTown, Status, TownView};

use crate::frame::Frame;
use crate::live::{Live, live};
use crate::pages::{Home, Missing, New, Outbox, ReportPage, Reports, SettingsPage, Wizard};
use crate::{preferences, words};

/// What every screen may look at.
#[derive(Clone, Copy)]
pub struct Shared {
    pub town: Live<TownView>,
    pub status: Live<Status>,
}

impl Shared {
    /// The town, when it is known.
    pub fn town(self) -> Option<TownView> {
        self.town.known()
    }
}

/// The shared reads.
pub fn shared() -> Shared {
    expect_context()
}

#[component]
pub fn App() -> impl IntoView {
    provide_context(Shared {
        town: live(&[Event::Town], || GetTown {}),
        status: live(&[Event::Status, Event::Outbox], || GetStatus {}),
    });
    let settings = live(&[Event::Settings], || GetSettings {});
    // Another language draws everything anew: words need not watch it one by one.
    let language = Memo::new(move |_| {
        if let Some(settings) = settings.known() {
            preferences::apply(&settings);
        }
        words::locale() as u8
    });
    view! {
        <Router>
            {move || {
                language.track();
                view! {
                    <Frame>
                        <Routes fallback=Missing>
                            <Route path=path!("/") view=Home/>
                            <Route path=path!("/reports") view=Reports/>
                            <Route path=path!("/reports/:id") view=ReportPage/>
                            <Route path=path!("/new") view=New/>
                            <Route path=path!("/drafts/:id") view=Wizard/>
                            <Route path=path!("/outbox") view=Outbox/>
                            <Route path=path!("/settings") view=SettingsPage/>
                        </Routes>
                    </Frame>
                }
            }}
        </Router>
    }
}
