//! What Pietrachiara offers and makes known: offices and counters with their hours, services with their sheets, bulletins. The texts are
//! data (`server/data/practice`).

use chrono::{Datelike as _, Duration};
use rusqlite::Transaction;
use serde::Deserialize;
use uuid::Uuid;
use vicino_contract::http::{
    ActBody, BulletinRecord, Collection, CounterRecord, HoursBody, OfficeRecord, PointBody, ServicePack, ServiceRecord,
    TimeBody,
};
use vicino_contract::jws::Kind;
use vicino_domain::form::Form;
use vicino_domain::{Category, Cents, Instant, Term, town_day};

use crate::Town;
use crate::matters::case::sheet_digest;
use crate::practice::named;
use crate::settings::Desks;
use crate::store::{self, StoreError};

const OFFICES: &str = include_str!("../../data/practice/offices.json");
const SERVICES: &str = include_str!("../../data/practice/services.json");
const FORMS: &str = include_str!("../../data/practice/forms.json");
const COUNTERS: &str = include_str!("../../data/practice/counters.json");
const BULLETINS: &str = include_str!("../../data/practice/bulletins.json");

#[derive(Deserialize)]
struct Office {
    name: String,
    what: String,
    address: String,
    lat: f64,
    lon: f64,
    phone: String,
    email: String,
    hours: Vec<HoursBody>,
}

#[derive(Deserialize)]
struct Counter {
    name: String,
    kind: String,
    gives: String,
    fee: Option<String>,
    address: String,
    phone: String,
    lat: f64,
    lon: f64,
    hours: Vec<HoursBody>,
}

#[derive(Deserialize)]
struct Service {
    title: String,
    summary: String,
    category: u8,
    life_events: Vec<u8>,
    topics: Vec<String>,
    active: bool,
    inactive_note: Option<String>,
    #[serde(default)]
    purpose: Option<String>,
    audience: String,
    description: String,
    how: String,
    needs: Vec<String>,
    outcome: String,
    times: Vec<TimeBody>,
    costs: String,
    access: String,
    online: bool,
    conditions: String,
    office: String,
}

/// The form of a service.
#[derive(Deserialize)]
struct Asks {
    service: String,
    form: Form,
    term: Option<Term>,
    fee: Option<Cents>,
    stamp: Option<Cents>,
}

impl Asks {
    fn sign(&self, town: &Town, service: &ServiceRecord) -> Result<String, StoreError> {
        let pack = ServicePack {
            iss: town.identity.ipa_code.clone(),
            kind: ServicePack::KIND.to_owned(),
            service: service.id,
            sheet: Some(sheet_digest(service)?),
            form: self.form.clone(),
            term: self.term,
            fee: self.fee,
            stamp: self.stamp,
        };
        Ok(town.signer().sign(Kind::Service, &serde_json::to_vec(&pack)?))
    }
}

#[derive(Deserialize)]
struct Bulletin {
    kind: String,
    title: String,
    summary: String,
    text: String,
    days_ago: i64,
    days_up: Option<i64>,
    office: String,
    act: Option<Act>,
    urgent: bool,
}

#[derive(Deserialize)]
struct Act {
    code: String,
    register: u32,
}

/// Gives a new town its offices, services and bulletins.
pub(crate) fn settle(tx: &Transaction<'_>, town: &Town) -> Result<(), StoreError> {
    let now = town.now();
    let forms: Vec<Asks> = serde_json::from_str(FORMS)?;
    for office in serde_json::from_str::<Vec<Office>>(OFFICES)? {
        let id = office_id(&office.name);
        let point = Some(PointBody { lat: office.lat, lon: office.lon });
        let record = OfficeRecord {
            id,
            name: office.name,
            what: Some(office.what),
            contact: Some(office.email),
            phone: Some(office.phone),
            address: Some(office.address),
            point,
            hours: office.hours,
        };
        store::write(tx, Collection::Offices.code(), &id.to_string(), None, &record)?;
    }
    for counter in serde_json::from_str::<Vec<Counter>>(COUNTERS)? {
        let id = named("counter", &counter.name);
        let record = CounterRecord {
            id,
            name: counter.name,
            kind: counter.kind,
            gives: counter.gives,
            fee: counter.fee,
            phone: Some(counter.phone),
            address: counter.address,
            point: Some(PointBody { lat: counter.lat, lon: counter.lon }),
            hours: counter.hours,
        };
        store::write(tx, Collection::Counters.code(), &id.to_string(), None, &record)?;
    }
    for service in serde_json::from_str::<Vec<Service>>(SERVICES)? {
        let mut record = sheet(service, now);
        record.pack =
            forms.iter().find(|asks| asks.service == record.title).map(|asks| asks.sign(town, &record)).transpose()?;
        store::write(tx, Collection::Services.code(), &record.id.to_string(), None, &record)?;
    }
    let mut bulletins: Vec<Bulletin> = serde_json::from_str(BULLETINS)?;
    // The oldest first, as they were published.
    bulletins.sort_by_key(|bulletin| std::cmp::Reverse(bulletin.days_ago));
    for bulletin in bulletins {
        let record = published(bulletin, now);
        store::write(tx, Collection::Bulletins.code(), &record.id.to_string(), None, &record)?;
    }
    Ok(())
}

/// The office that keeps the registry.
pub(crate) const REGISTRY: &str = "Ufficio Anagrafe e stato civile";

/// The identity of an office.
/// The offices that answer its reports.
pub(crate) fn desks() -> Desks {
    let name = |category| match category {
        Category::Water | Category::Roads | Category::StreetFurniture | Category::Buildings => {
            "Ufficio Lavori pubblici"
        }
        Category::Environment | Category::Pests | Category::Waste | Category::Parks => "Ufficio Ambiente e verde",
        Category::PublicOrder | Category::Safety => "Polizia locale",
        Category::Services => "Ufficio relazioni con il pubblico",
    };
    Desks(Category::ALL.iter().map(|category| (*category, office_id(name(*category)))).collect())
}

pub(crate) fn office_id(name: &str) -> Uuid {
    named("office", name)
}

fn sheet(service: Service, now: Instant) -> ServiceRecord {
    ServiceRecord {
        id: named("service", &service.title),
        title: service.title,
        summary: service.summary,
        active: service.active,
        inactive_note: service.inactive_note,
        purpose: service.purpose,
        category: service.category,
        life_events: service.life_events,
        topics: service.topics,
        audience: service.audience,
        description: service.description,
        how: service.how,
        needs: service.needs,
        outcome: service.outcome,
        times: service.times,
        costs: service.costs,
        access: service.access,
        online: service.online,
        conditions: service.conditions,
        office: office_id(&service.office),
        updated_on: town_day(now - Duration::days(20)),
        pack: None,
    }
}

fn published(bulletin: Bulletin, now: Instant) -> BulletinRecord {
    let published_at = now - Duration::days(bulletin.days_ago) - Duration::hours(2);
    BulletinRecord {
        id: named("bulletin", &bulletin.title),
        kind: bulletin.kind,
        title: bulletin.title,
        summary: bulletin.summary,
        text: bulletin.text,
        published_at,
        until: bulletin.days_up.map(|days| town_day(published_at + Duration::days(days))),
        office: Some(bulletin.office),
        act: bulletin.act.map(|act| ActBody {
            code: act.code,
            register: act.register,
            year: town_day(published_at).year(),
        }),
        urgent: bulletin.urgent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_catalogue_covers_every_category_and_names_offices_there_are() {
        let services: Vec<Service> = serde_json::from_str(SERVICES).unwrap();
        let offices: Vec<Office> = serde_json::from_str(OFFICES).unwrap();
        let categories: BTreeSet<u8> = services.iter().map(|service| service.category).collect();
        assert_eq!(categories, (1..=15).collect());
        assert_eq!(services.len(), 31);
        assert!(services.iter().all(|service| offices.iter().any(|office| office.name == service.office)));
        assert!(services.iter().all(|service| service.active == service.inactive_note.is_none()));
    }

    #[test]
    fn every_act_has_a_type_of_the_national_vocabulary() {
        let bulletins: Vec<Bulletin> = serde_json::from_str(BULLETINS).unwrap();
        for bulletin in &bulletins {
            assert_eq!(bulletin.kind == "act", bulletin.act.is_some(), "{}", bulletin.title);
            if let Some(act) = &bulletin.act {
                assert!(vicino_domain::ActType::from_code(&act.code).is_some(), "{}", act.code);
            }
        }
    }
}
