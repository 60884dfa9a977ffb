//! The whole page: preferences, the frame, and the screen one stands before.

use leptos::prelude::*;
use vicino_contract::ipc::{GetPeople, GetSettings, GetStatus, GetTown, PeopleView, Status, TownView};
use vicino_contract::{Event, FailureCode};

use crate::frame::Frame;
use crate::live::{Live, live};
use crate::pages::{
    AskPage, Bulletin, Bulletins, Cart, CartPage, Case, CaseForm, Cases, Certificate, Check, Consumption, Counters,
    Deadlines, Declare, Delivery, Documents, Dossier, FilePage, Home, Letter, Messages, Missing, New, Notice, Office,
    Outbox, Paper, Papers, PaymentReceipt, Payments, People, Profile, Reading, Receipts, ReportPage, Reports, Search,
    Service, Services, SettingsPage, Shelf, Signature, Start, SyncPage, TownReport, Wizard,
};
use crate::route::{self, Page};
use crate::{preferences, words};

/// What every screen may look at.
#[derive(Clone, Copy)]
pub struct Shared {
    pub town: Live<TownView>,
    pub status: Live<Status>,
    pub people: Live<PeopleView>,
}

impl Shared {
    /// The town, when it is known.
    pub fn town(self) -> Option<TownView> {
        self.town.known()
    }
}

/// What was searched for last: it is there again when one comes back, and in no address.
#[derive(Clone, Copy)]
pub struct SearchedFor(pub RwSignal<String>);

/// The shared reads.
pub fn shared() -> Shared {
    expect_context()
}

#[component]
pub fn App() -> impl IntoView {
    provide_context(SearchedFor(RwSignal::new(String::new())));
    provide_context(Cart::default());
    provide_context(Shared {
        town: live(&[Event::Town], || GetTown {}),
        status: live(&[Event::Status, Event::Outbox], || GetStatus {}),
        people: live(&[Event::Person], || GetPeople {}),
    });
    let settings = live(&[Event::Settings], || GetSettings {});
    // Another language draws everything anew: words need not watch it one by one.
    let language = Memo::new(move |_| {
        if let Some(settings) = settings.known() {
            preferences::apply(&settings);
        }
        words::locale() as u8
    });
    route::begin();
    let shared = shared();
    let homeless =
        Memo::new(move |_| shared.town.failed().is_some_and(|failure| failure.code == FailureCode::NotJoined));
    // What is typed at the first start outlives a change of language.
    let (address, failed) = (RwSignal::new(String::new()), RwSignal::new(None));
    view! {
        {move || {
            let _ = language.get();
            if homeless.get() {
                // Read, not only tracked: a memo that nobody reads watches nothing.
                view! { <Start address=address failed=failed /> }
                    .into_any()
            } else {
                view! {
                    <Frame>
                        <Screen />
                    </Frame>
                }
                    .into_any()
            }
        }}
    }
}

/// The screen one stands before, drawn anew at each arrival.
#[component]
fn Screen() -> impl IntoView {
    move || match route::arrival().0 {
        Page::Home => view! { <Home /> }.into_any(),
        Page::Reports => view! { <Reports town=false /> }.into_any(),
        Page::Town => view! { <Reports town=true /> }.into_any(),
        Page::TownReport(id) => view! { <TownReport id=id /> }.into_any(),
        Page::Report(id) => view! { <ReportPage id=id /> }.into_any(),
        Page::New => view! { <New /> }.into_any(),
        Page::Draft(id) => view! { <Wizard id=id /> }.into_any(),
        Page::Outbox => view! { <Outbox /> }.into_any(),
        Page::Cases => view! { <Cases /> }.into_any(),
        Page::Case(id) => view! { <Case id=id /> }.into_any(),
        Page::Signature(id) => view! { <Signature id=id /> }.into_any(),
        Page::Payments => view! { <Payments /> }.into_any(),
        Page::Notice(id, number) => view! { <Notice id=id number=number /> }.into_any(),
        Page::Cart => view! { <CartPage /> }.into_any(),
        Page::ReadNotice => view! { <Reading /> }.into_any(),
        Page::Receipts => view! { <Receipts /> }.into_any(),
        Page::PaymentReceipt(id) => view! { <PaymentReceipt id=id /> }.into_any(),
        Page::Dossier => view! { <Dossier /> }.into_any(),
        Page::Consumption => view! { <Consumption /> }.into_any(),
        Page::Documents => view! { <Documents /> }.into_any(),
        Page::AskCertificate => view! { <AskPage /> }.into_any(),
        Page::Check => view! { <Check /> }.into_any(),
        Page::Declare => view! { <Declare /> }.into_any(),
        Page::Shelf(kind) => view! { <Shelf kind=kind /> }.into_any(),
        Page::Delivery(matter) => view! { <Delivery matter=matter /> }.into_any(),
        Page::File(id) => view! { <FilePage id=id /> }.into_any(),
        Page::Papers => view! { <Papers /> }.into_any(),
        Page::Counters => view! { <Counters /> }.into_any(),
        Page::Certificate(id) => view! { <Certificate id=id /> }.into_any(),
        Page::Messages => view! { <Messages /> }.into_any(),
        Page::Deadlines => view! { <Deadlines /> }.into_any(),
        Page::Profile => view! { <Profile /> }.into_any(),
        Page::Paper(id) => view! { <Paper id=id /> }.into_any(),
        Page::Letter(id) => view! { <Letter id=id /> }.into_any(),
        Page::CaseDraft(id) => view! { <CaseForm id=id /> }.into_any(),
        Page::Services => view! { <Services by_need=false /> }.into_any(),
        Page::Needs => view! { <Services by_need=true /> }.into_any(),
        Page::Service(id) => view! { <Service id=id /> }.into_any(),
        Page::Office(id) => view! { <Office id=id /> }.into_any(),
        Page::Bulletins(kind) => view! { <Bulletins kind=kind /> }.into_any(),
        Page::Bulletin(id) => view! { <Bulletin id=id /> }.into_any(),
        Page::Search => view! { <Search /> }.into_any(),
        Page::Sync => view! { <SyncPage /> }.into_any(),
        Page::People => view! { <People /> }.into_any(),
        Page::Settings => view! { <SettingsPage /> }.into_any(),
        Page::Missing => view! { <Missing /> }.into_any(),
    }
}
