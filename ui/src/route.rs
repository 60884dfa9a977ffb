//! Where one is: every screen by its path, links that go there without loading the page again.

use leptos::ev;
use leptos::prelude::*;
use uuid::Uuid;
use vicino_contract::Matter;
use vicino_contract::ipc::{BulletinKind, DocumentKind};
use vicino_domain::pagopa::NoticeNumber;
use vicino_domain::{
    AttachmentId, BulletinId, CaseId, CertificateId, NoticeId, OfficeId, ReportId, ServiceId, SignatureId,
};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::HtmlAnchorElement;

/// A screen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Page {
    Home,
    Reports,
    Town,
    TownReport(ReportId),
    Report(ReportId),
    New,
    Draft(ReportId),
    Outbox,
    Cases,
    Case(CaseId),
    CaseDraft(CaseId),
    /// A case on paper.
    Paper(CaseId),
    /// The letter to an office that is late.
    Letter(CaseId),
    Payments,
    /// A debt, and which of its notices is spoken of; nothing: the one to pay next.
    Notice(NoticeId, Option<NoticeNumber>),
    /// Notices to be paid together.
    Cart,
    /// Where a notice is read.
    ReadNotice,
    Receipts,
    PaymentReceipt(Uuid),
    Dossier,
    Consumption,
    Documents,
    /// Where a certificate is asked for.
    AskCertificate,
    /// Where a certificate is checked.
    Check,
    /// Where a self-certification is written.
    Declare,
    Certificate(CertificateId),
    /// Everything the town gave, of a kind or of all.
    Shelf(Option<DocumentKind>),
    /// The receipt of a report or a case.
    Delivery(Matter),
    /// A file, read.
    File(AttachmentId),
    /// Papers of one's own.
    Papers,
    /// Where papers are had in person.
    Counters,
    Messages,
    Deadlines,
    Profile,
    /// A signature somebody asks for.
    Signature(SignatureId),
    Services,
    Needs,
    Service(ServiceId),
    Office(OfficeId),
    Bulletins(Option<BulletinKind>),
    Bulletin(BulletinId),
    Search,
    Sync,
    People,
    Settings,
    Missing,
}

impl Page {
    /// The screen at this path.
    fn at(path: &str, query: &str) -> Self {
        let mut steps = path.trim_matches('/').split('/');
        let kind = || query.split("kind=").nth(1).and_then(BulletinKind::from_code);
        match (steps.next().unwrap_or_default(), steps.next(), steps.next()) {
            ("", None, _) => Self::Home,
            ("reports", None, _) if query.contains("tab=town") => Self::Town,
            ("reports", None, _) => Self::Reports,
            ("reports", Some("town"), Some(id)) => id.parse().map_or(Self::Missing, Self::TownReport),
            ("reports", Some(id), None) => id.parse().map_or(Self::Missing, Self::Report),
            ("new", None, _) => Self::New,
            ("drafts", Some(id), None) => id.parse().map_or(Self::Missing, Self::Draft),
            ("cases", None, _) => Self::Cases,
            ("cases", Some(id), None) => id.parse().map_or(Self::Missing, Self::Case),
            ("cases", Some(id), Some("write")) => id.parse().map_or(Self::Missing, Self::CaseDraft),
            ("cases", Some(id), Some("paper")) => id.parse().map_or(Self::Missing, Self::Paper),
            ("cases", Some(id), Some("letter")) => id.parse().map_or(Self::Missing, Self::Letter),
            ("payments", None, _) => Self::Payments,
            ("payments", Some("cart"), None) => Self::Cart,
            ("payments", Some("read"), None) => Self::ReadNotice,
            ("payments", Some("receipts"), None) => Self::Receipts,
            ("payments", Some("receipts"), Some(id)) => id.parse().map_or(Self::Missing, Self::PaymentReceipt),
            ("payments", Some("dossier"), None) => Self::Dossier,
            ("payments", Some("consumption"), None) => Self::Consumption,
            ("payments", Some(id), None) => id.parse().map_or(Self::Missing, |id| Self::Notice(id, None)),
            ("payments", Some(id), Some(number)) => match (id.parse(), number.parse()) {
                (Ok(id), Ok(number)) => Self::Notice(id, Some(number)),
                _ => Self::Missing,
            },
            ("documents", None, _) => Self::Documents,
            ("documents", Some("ask"), None) => Self::AskCertificate,
            ("documents", Some("check"), None) => Self::Check,
            ("documents", Some("declare"), None) => Self::Declare,
            ("documents", Some("all"), None) => Self::Shelf(shelf(query)),
            ("documents", Some("papers"), None) => Self::Papers,
            ("documents", Some("counters"), None) => Self::Counters,
            ("documents", Some("delivery"), Some(id)) => id.parse().map_or(Self::Missing, Self::Delivery),
            ("documents", Some("file"), Some(id)) => id.parse().map_or(Self::Missing, Self::File),
            ("documents", Some(id), None) => id.parse().map_or(Self::Missing, Self::Certificate),
            ("messages", None, _) => Self::Messages,
            ("deadlines", None, _) => Self::Deadlines,
            ("profile", None, _) => Self::Profile,
            ("signatures", Some(id), None) => id.parse().map_or(Self::Missing, Self::Signature),
            ("services", None, _) if query.contains("by=need") => Self::Needs,
            ("services", None, _) => Self::Services,
            ("services", Some(id), None) => id.parse().map_or(Self::Missing, Self::Service),
            ("offices", Some(id), None) => id.parse().map_or(Self::Missing, Self::Office),
            ("bulletins", None, _) => Self::Bulletins(kind()),
            ("bulletins", Some(id), None) => id.parse().map_or(Self::Missing, Self::Bulletin),
            ("search", None, _) => Self::Search,
            ("sync", None, _) => Self::Sync,
            ("people", None, _) => Self::People,
            ("outbox", None, _) => Self::Outbox,
            ("settings", None, _) => Self::Settings,
            _ => Self::Missing,
        }
    }

    /// The path of this screen.
    pub fn path(self) -> String {
        match self {
            Self::Home | Self::Missing => String::from("/"),
            Self::Reports => String::from("/reports"),
            Self::Town => String::from("/reports?tab=town"),
            Self::TownReport(id) => format!("/reports/town/{id}"),
            Self::Report(id) => format!("/reports/{id}"),
            Self::New => String::from("/new"),
            Self::Draft(id) => format!("/drafts/{id}"),
            Self::Outbox => String::from("/outbox"),
            Self::Cases => String::from("/cases"),
            Self::Case(id) => format!("/cases/{id}"),
            Self::CaseDraft(id) => format!("/cases/{id}/write"),
            Self::Paper(id) => format!("/cases/{id}/paper"),
            Self::Letter(id) => format!("/cases/{id}/letter"),
            Self::Payments => String::from("/payments"),
            Self::Notice(id, None) => format!("/payments/{id}"),
            Self::Notice(id, Some(number)) => format!("/payments/{id}/{number}"),
            Self::Cart => String::from("/payments/cart"),
            Self::ReadNotice => String::from("/payments/read"),
            Self::Receipts => String::from("/payments/receipts"),
            Self::PaymentReceipt(id) => format!("/payments/receipts/{id}"),
            Self::Dossier => String::from("/payments/dossier"),
            Self::Consumption => String::from("/payments/consumption"),
            Self::Documents => String::from("/documents"),
            Self::AskCertificate => String::from("/documents/ask"),
            Self::Check => String::from("/documents/check"),
            Self::Declare => String::from("/documents/declare"),
            Self::Certificate(id) => format!("/documents/{id}"),
            Self::Shelf(None) => String::from("/documents/all"),
            Self::Shelf(Some(kind)) => format!("/documents/all?kind={}", word(kind)),
            Self::Delivery(matter) => format!("/documents/delivery/{}", matter.address()),
            Self::File(id) => format!("/documents/file/{id}"),
            Self::Papers => String::from("/documents/papers"),
            Self::Counters => String::from("/documents/counters"),
            Self::Messages => String::from("/messages"),
            Self::Deadlines => String::from("/deadlines"),
            Self::Profile => String::from("/profile"),
            Self::Signature(id) => format!("/signatures/{id}"),
            Self::Services => String::from("/services"),
            Self::Needs => String::from("/services?by=need"),
            Self::Service(id) => format!("/services/{id}"),
            Self::Office(id) => format!("/offices/{id}"),
            Self::Bulletins(None) => String::from("/bulletins"),
            Self::Bulletins(Some(kind)) => format!("/bulletins?kind={}", kind.code()),
            Self::Bulletin(id) => format!("/bulletins/{id}"),
            Self::Search => String::from("/search"),
            Self::Sync => String::from("/sync"),
            Self::People => String::from("/people"),
            Self::Settings => String::from("/settings"),
        }
    }
}

/// The word of a kind of documents in an address.
const fn word(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Certificate => "certificates",
        DocumentKind::Payment => "payments",
        DocumentKind::Delivery => "deliveries",
        DocumentKind::Attachment => "attachments",
    }
}

fn shelf(query: &str) -> Option<DocumentKind> {
    DocumentKind::ALL.into_iter().find(|kind| query.split("kind=").nth(1) == Some(word(*kind)))
}

/// Where one is, and how often one has arrived: the same path again is another arrival.
#[derive(Clone, Copy)]
struct Here(RwSignal<(Page, u32)>);

/// Watches the address for as long as the page lives.
pub fn begin() {
    provide_context(Here(RwSignal::new((read(), 0))));
    let here = expect_context::<Here>();
    std::mem::forget(window_event_listener(ev::popstate, move |_| here.arrive()));
    std::mem::forget(window_event_listener(ev::click, move |event| {
        if let Some(path) = followed(&event) {
            event.prevent_default();
            push(&path, false);
            here.arrive();
        }
    }));
}

impl Here {
    fn arrive(self) {
        self.0.update(|(page, arrivals)| {
            *page = read();
            *arrivals = arrivals.wrapping_add(1);
        });
    }
}

/// The screen one stands before.
pub fn here() -> Page {
    expect_context::<Here>().0.get().0
}

/// The arrival: changes also when one comes to the same screen again.
pub fn arrival() -> (Page, u32) {
    expect_context::<Here>().0.get()
}

/// A way to other screens, for actions that end elsewhere.
#[derive(Clone, Copy)]
pub struct Way(Here);

/// The way from here.
pub fn way() -> Way {
    Way(expect_context())
}

impl Way {
    /// Goes to a screen.
    pub fn to(self, page: Page) {
        push(&page.path(), false);
        self.0.arrive();
    }

    /// Goes to a screen in the place of this one, so that *back* does not lead here again.
    pub fn instead(self, page: Page) {
        push(&page.path(), true);
        self.0.arrive();
    }
}

fn read() -> Page {
    let location = window().location();
    Page::at(&location.pathname().unwrap_or_default(), &location.search().unwrap_or_default())
}

fn push(path: &str, replace: bool) {
    let Ok(history) = window().history() else { return };
    // A history that cannot be written only loses the way back.
    let _ = if replace {
        history.replace_state_with_url(&JsValue::NULL, "", Some(path))
    } else {
        history.push_state_with_url(&JsValue::NULL, "", Some(path))
    };
}

/// The path of a link of ours that a plain click follows.
fn followed(event: &web_sys::MouseEvent) -> Option<String> {
    let plain = event.button() == 0 && !event.ctrl_key() && !event.meta_key() && !event.shift_key() && !event.alt_key();
    if !plain || event.default_prevented() {
        return None;
    }
    let link = event.target()?.dyn_into::<web_sys::Element>().ok()?.closest("a[href]").ok()??;
    let link: HtmlAnchorElement = link.dyn_into().ok()?;
    let ours = link.origin() == window().location().origin().ok()?
        && link.target().is_empty()
        && !link.has_attribute("download");
    (ours && link.hash().is_empty()).then(|| format!("{}{}", link.pathname(), link.search()))
}

/// A link to a screen; it says when one is there already.
#[component]
pub fn Link(to: Page, #[prop(optional, into)] class: Signal<&'static str>, children: Children) -> impl IntoView {
    let current = move || (here() == to).then_some("page");
    view! {
        <a href=to.path() class=class aria-current=current>
            {children()}
        </a>
    }
}
