//! What the town offers and makes known, as screens show it: services, offices, bulletins.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use vicino_domain::{ActType, BulletinId, Instant, OfficeId, ServiceId, wire_enum};

use super::Freshness;
pub use crate::http::{HoursBody as Hours, TimeBody as Term};

/// The town's services.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ServiceList {
    /// All of them, by title.
    pub rows: Vec<ServiceRow>,
    /// As of when they are known.
    pub freshness: Freshness,
}

/// A service in the catalogue.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ServiceRow {
    /// The identity.
    pub id: ServiceId,
    /// The name.
    pub title: String,
    /// A sentence.
    pub summary: String,
    /// The national category, 1 to 15.
    pub category: u8,
    /// The life events it belongs to, 1 to 19.
    pub life_events: Vec<u8>,
    /// Tells whether it can be asked for now.
    pub active: bool,
}

/// A service's sheet.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ServiceView {
    /// The line in the catalogue.
    pub row: ServiceRow,
    /// Why it cannot be asked for, and until when.
    pub inactive_note: Option<String>,
    /// Topics.
    pub topics: Vec<String>,
    /// *A chi è rivolto*
    pub audience: String,
    /// *Descrizione*
    pub description: String,
    /// *Come fare*
    pub how: String,
    /// *Cosa serve*
    pub needs: Vec<String>,
    /// *Cosa si ottiene*
    pub outcome: String,
    /// *Tempi e scadenze*
    pub times: Vec<Term>,
    /// *Quanto costa*
    pub costs: String,
    /// *Accedi al servizio*
    pub access: String,
    /// Tells whether it can be asked for from a distance.
    pub online: bool,
    /// Tells whether it can be asked for from this app: the town has given it a form.
    pub asks: bool,
    /// *Condizioni di servizio*
    pub conditions: String,
    /// *Contatti*; `None` when the town has not told of the office.
    pub office: Option<OfficeView>,
    /// When its sheet was last looked over.
    pub updated_on: NaiveDate,
    /// As of when it is known.
    pub freshness: Freshness,
}

/// An office.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OfficeView {
    /// The identity.
    pub id: OfficeId,
    /// The name.
    pub name: String,
    /// What it does.
    pub what: Option<String>,
    /// The way to reach it by mail.
    pub contact: Option<String>,
    /// The telephone number.
    pub phone: Option<String>,
    /// Where it is.
    pub address: Option<String>,
    /// When it is open.
    pub hours: Vec<Hours>,
}

/// Where papers are had in person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CounterRow {
    /// The name.
    pub name: String,
    /// The kind.
    pub kind: CounterKind,
    /// What is had there, as the town says it.
    pub gives: String,
    /// The kinds it takes for itself, as the town says it.
    pub fee: Option<String>,
    /// The telephone number.
    pub phone: Option<String>,
    /// Where it is.
    pub address: String,
    /// How far it is, in metres, as the crow flies; nothing: nobody said where they are, or the town where it is.
    pub metres: Option<u32>,
    /// When it is open.
    pub hours: Vec<Hours>,
    /// Until when it is open today, `HH:MM`; nothing: it is closed now, or it is a holiday and nobody knows.
    pub open_until: Option<String>,
}

/// The kind of a counter.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum CounterKind {
    /// A tobacconist.
    Tobacconist,
    /// A post office.
    PostOffice,
    /// A library.
    Library,
    /// An office of the town.
    Office,
    /// Anything else.
    Other,
}

/// Every counter.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CounterList {
    /// The nearest first, or by name.
    pub rows: Vec<CounterRow>,
    /// As of when they are known.
    pub freshness: Freshness,
}

/// An office, and what it answers for.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OfficeSheet {
    /// The office.
    pub office: OfficeView,
    /// The services, by title.
    pub services: Vec<ServiceRow>,
    /// As of when it is known.
    pub freshness: Freshness,
}

wire_enum! {
    /// The kinds of bulletin.
    BulletinKind {
        /// *Notizie*
        News "news",
        /// *Avvisi*
        Notice "notice",
        /// *Albo pretorio*
        Act "act",
    }
}

/// A page of bulletins.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct BulletinList {
    /// The rows of this page, newest first.
    pub rows: Vec<BulletinRow>,
    /// The number of all of them.
    pub total: u32,
    /// As of when they are known.
    pub freshness: Freshness,
}

/// A bulletin in a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BulletinRow {
    /// The identity.
    pub id: BulletinId,
    /// What it is; `None` when this app does not know it.
    pub kind: Option<BulletinKind>,
    /// The title.
    pub title: String,
    /// A sentence.
    pub summary: String,
    /// When it was published.
    pub published_at: Instant,
    /// The last day it is up, or matters.
    pub until: Option<NaiveDate>,
    /// Tells whether it cannot wait.
    pub urgent: bool,
}

/// A bulletin.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct BulletinView {
    /// The line in the list.
    pub row: BulletinRow,
    /// The paragraphs.
    pub paragraphs: Vec<String>,
    /// The office that published it.
    pub office: Option<String>,
    /// What act it is.
    pub act: Option<ActView>,
    /// As of when it is known.
    pub freshness: Freshness,
}

/// An act of the notice board.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ActView {
    /// The type; `None` when this app does not know it.
    pub what: Option<ActType>,
    /// The code of its type.
    pub code: String,
    /// The number in the register, such as `214/2026`.
    pub number: String,
}
