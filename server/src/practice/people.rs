//! Who lives in Pietrachiara: a family of four and a shopkeeper. None of them exists.
//!
//! Their tax codes are well formed and end in a place that no municipality has (`X999`), so that they are nobody's.

use chrono::{Days, Months, NaiveDate, NaiveTime};
use rusqlite::Transaction;
use serde_json::json;
use uuid::Uuid;
use vicino_contract::http::{Collection, HeldBody, MemberBody, RegistryBody, ResidentRecord};
use vicino_domain::certificate::CertificateKind;
use vicino_domain::registry::{CivilStatus, FamilyMember};
use vicino_domain::{Instant, ResidentId, town_day};

use crate::Town;
use crate::practice::{named, practice_store};
use crate::reader::Owner;
use crate::store::{self, StoreError};

struct Person {
    given: &'static str,
    family: &'static str,
    tax_code: &'static str,
    born: (i32, u32, u32),
    address: &'static str,
    about: &'static str,
    home: u8,
}

const PEOPLE: &[Person] = &[
    Person {
        given: "Anna",
        family: "Berti",
        tax_code: "BRTNNA86E54X999E",
        born: (1986, 5, 14),
        address: "Via Roma 14",
        about: "Madre di Giulia e Tommaso",
        home: 1,
    },
    Person {
        given: "Luca",
        family: "Moretti",
        tax_code: "MRTLCU84S03X999T",
        born: (1984, 11, 3),
        address: "Via Roma 14",
        about: "Padre di Giulia e Tommaso",
        home: 1,
    },
    Person {
        given: "Giulia",
        family: "Moretti",
        tax_code: "MRTGLI14P61X999Y",
        born: (2014, 9, 21),
        address: "Via Roma 14",
        about: "Va a scuola in via delle Scuole",
        home: 1,
    },
    Person {
        given: "Tommaso",
        family: "Moretti",
        tax_code: "MRTTMS17B08X999W",
        born: (2017, 2, 8),
        address: "Via Roma 14",
        about: "Va a scuola in via delle Scuole",
        home: 1,
    },
    Person {
        given: "Samira",
        family: "Haddad",
        tax_code: "HDDSMR79L70X999K",
        born: (1979, 7, 30),
        address: "Vicolo del Forno 3",
        about: "Ha il forno in vicolo del Forno",
        home: 2,
    },
];

/// The certificates that Pietrachiara issues.
pub(crate) const OFFERED: &[CertificateKind] = &[
    CertificateKind::Residence,
    CertificateKind::Family,
    CertificateKind::FamilyWithKinship,
    CertificateKind::FamilyAndCivilStatus,
    CertificateKind::CivilStatus,
    CertificateKind::FreeToMarry,
    CertificateKind::Birth,
    CertificateKind::Marriage,
    CertificateKind::Citizenship,
    CertificateKind::Life,
];

impl Person {
    fn name(&self) -> String {
        format!("{} {}", self.given, self.family)
    }

    fn id(&self) -> ResidentId {
        ResidentId::from_uuid(named("resident", &self.name()))
    }

    fn born(&self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.born.0, self.born.1, self.born.2).unwrap_or_default()
    }

    /// When they come of age (art. 2 of the civil code: eighteen years).
    fn of_age(&self) -> Instant {
        let day = self.born().checked_add_months(Months::new(18 * 12)).unwrap_or_default();
        day.and_time(NaiveTime::MIN).and_utc()
    }

    fn is_child(&self) -> bool {
        self.born.0 > 2008
    }

    fn record(&self, today: NaiveDate) -> ResidentRecord {
        let others = PEOPLE.iter().filter(|other| other.home == self.home && other.tax_code != self.tax_code);
        let household = others.map(|other| MemberBody {
            id: other.id().uuid(),
            name: other.name(),
            relation: String::from(self.relation_of(other)),
            entrusted: !self.is_child() && other.is_child(),
        });
        ResidentRecord {
            id: self.id().uuid(),
            given_name: self.given.to_owned(),
            family_name: self.family.to_owned(),
            tax_code: self.tax_code.to_owned(),
            birth_date: self.born(),
            address: self.address.to_owned(),
            about: Some(self.about.to_owned()),
            registry: Some(self.registry(today)),
            household: household.collect(),
        }
    }

    /// The facts the registry knows of them. One certificate cannot be issued: what it would say is known elsewhere.
    fn registry(&self, today: NaiveDate) -> RegistryBody {
        let family = PEOPLE.iter().filter(|other| other.home == self.home && other.tax_code != self.tax_code);
        let member = |other: &Self| FamilyMember {
            name: other.name(),
            born_on: other.born(),
            born_in: Some(other.born_in().to_owned()),
            woman: Some(other.woman()),
            kinship: String::from(match (self.relation_of(other), other.woman()) {
                ("child", true) => "figlia",
                ("child", false) => "figlio",
                ("parent", true) => "madre",
                ("parent", false) => "padre",
                ("sibling", true) => "sorella",
                ("sibling", false) => "fratello",
                (_, true) => "moglie",
                (_, false) => "marito",
            }),
        };
        let status = match (self.is_child(), self.home) {
            (true, _) => CivilStatus::Single,
            (false, 1) => CivilStatus::Married,
            _ => CivilStatus::Widowed,
        };
        RegistryBody {
            born_in: Some(self.born_in().to_owned()),
            resident_since: NaiveDate::from_ymd_opt(2012.max(self.born.0), 6, 1).max(Some(self.born())),
            citizenship: Some(String::from("italiana")),
            civil_status: Some(status.code().to_owned()),
            family: family.map(member).collect(),
            held: vec![HeldBody {
                kind: Some(CertificateKind::Marriage.code().to_owned()),
                why: String::from(
                    "L’atto di matrimonio è di un altro Comune, Roccachiara: l’abbiamo chiesto, di solito arriva in 45 giorni.",
                ),
                since: today.checked_sub_days(Days::new(10)),
                until: today.checked_add_days(Days::new(35)),
                office: Some(crate::practice::content::office_id(crate::practice::content::REGISTRY)),
                code: String::from("MAT-ROCCACHIARA"),
            }],
            as_of: today.checked_sub_days(Days::new(11)).unwrap_or(today),
        }
    }

    const fn born_in(&self) -> &'static str {
        if self.home == 1 { "Pietrachiara" } else { "Tripoli (Libia)" }
    }

    /// As the tax code has it: a woman's day is forty more (DM 12/03/1974).
    fn woman(&self) -> bool {
        self.tax_code.get(9..11).and_then(|day| day.parse::<u32>().ok()).is_some_and(|day| day > 40)
    }

    fn relation_of(&self, other: &Self) -> &'static str {
        match (self.is_child(), other.is_child()) {
            (false, true) => "child",
            (true, false) => "parent",
            (true, true) => "sibling",
            (false, false) => "spouse",
        }
    }
}

/// Registers everyone, entrusts the children to their parents, and gives each a few matters.
pub(crate) fn settle(tx: &Transaction<'_>, town: &Town) -> Result<(), StoreError> {
    let today = vicino_domain::town_day(town.now());
    for person in PEOPLE {
        let owner = Some(Owner::from(person.id()));
        store::write(tx, Collection::Residents.code(), &person.id().to_string(), owner, &person.record(today))?;
        let wards = PEOPLE.iter().filter(|other| !person.is_child() && other.is_child() && other.home == person.home);
        for ward in wards {
            practice_store::entrust(tx, person.id(), ward.id(), ward.of_age())?;
        }
        if person.is_child() {
            matters(tx, town, person)?;
        }
    }
    Ok(())
}

/// A child's matters. Deadlines have no room in the app yet: they travel whole and wait there.
fn matters(tx: &Transaction<'_>, town: &Town, child: &Person) -> Result<(), StoreError> {
    let owner = Owner::from(child.id());
    crate::practice::cases::canteen(tx, town, (named("case", child.tax_code), owner), (&child.name(), child.tax_code))?;
    let give = |collection: Collection, what: &str, body: serde_json::Value| {
        let id: Uuid = named(what, child.tax_code);
        store::write(tx, collection.code(), &id.to_string(), Some(owner), &body)
    };
    give(
        Collection::Deadlines,
        "deadline",
        json!({ "title": "Rinnovo della dieta speciale", "beneficiary": child.name(), "due_on": town_day(town.now() + chrono::Duration::days(40)) }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_are_entrusted_their_children_and_nobody_else() {
        let anna = PEOPLE[0].record(NaiveDate::default());
        let entrusted: Vec<&str> =
            anna.household.iter().filter(|member| member.entrusted).map(|member| member.name.as_str()).collect();
        assert_eq!(entrusted, ["Giulia Moretti", "Tommaso Moretti"]);
        assert!(PEOPLE[2].record(NaiveDate::default()).household.iter().all(|member| !member.entrusted));
        assert!(PEOPLE[4].record(NaiveDate::default()).household.is_empty());
    }
}
