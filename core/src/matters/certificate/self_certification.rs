//! Self-certifications, composed here with no network: from the last the registry told, and what is typed.

use chrono::{Datelike as _, Months, NaiveDate};
use rusqlite::Transaction;
use vicino_contract::http::{Collection, ResidentRecord};
use vicino_contract::ipc::{AboutRow, BlankView, Declaration, ListStatements, PaperView, StatementList, StatementView};
use vicino_contract::{Failure, FailureCode};
use vicino_documents::DeclarationPaper;
use vicino_domain::declaration::{Lacking, Wordings};
use vicino_domain::{ResidentId, italian_day, said_on, town_day};

use crate::device::Device;
use crate::device::command::Handle;
use crate::error::Error;
use crate::matters::certificate::commands::registered;

const WORDINGS: &str = include_str!("../../../data/declarations.json");

fn wordings() -> Result<Wordings, Error> {
    Ok(serde_json::from_str(WORDINGS)?)
}

/// Whoever uses the device, and the children in their care, as the registry has them.
fn people(tx: &Transaction<'_>, today: NaiveDate) -> Result<Vec<ResidentRecord>, Error> {
    let Some(own) = registered(tx)? else { return Ok(Vec::new()) };
    let mut all = Vec::new();
    for ward in own.household.iter().filter(|member| member.entrusted) {
        let body = vicino_records::body(tx, Collection::Residents.code(), ward.id)?;
        let record = body.and_then(|body| serde_json::from_str::<ResidentRecord>(&body).ok());
        // Who has come of age declares for themselves (art. 2 of the civil code), whatever was last read here.
        all.extend(record.filter(|ward| today < ward.birth_date + Months::new(18 * 12)));
    }
    all.insert(0, own);
    Ok(all)
}

fn town(device: &Device) -> Result<(String, bool), Error> {
    Ok(device.joined()?.map(|joined| (joined.card.name, joined.card.practice)).unwrap_or_default())
}

impl Handle for ListStatements {
    fn handle(self, device: &Device) -> Result<StatementList, Error> {
        let (town, _) = town(device)?;
        let today = town_day(device.now());
        let people = device.store.private(|tx| people(tx, today))?;
        let own = people.first().map(|own| own.id);
        let about = people.iter().find(|one| self.person.map_or(own, |id| Some(id.uuid())) == Some(one.id));
        let entry = about.and_then(|about| about.entry(&town));
        let ward = about.map(|about| about.id) != own;
        let statements = wordings()?.statements.into_iter().map(|statement| {
            let filled = entry.as_ref().map(|entry| statement.fill(entry, ward, &self.typed, today.year()));
            StatementView {
                unknown: !matches!(filled, Some(Ok(_) | Err(Lacking::Typed(_)))),
                reads: filled.and_then(Result::ok),
                asks: statement
                    .asks
                    .into_iter()
                    .map(|blank| BlankView {
                        name: blank.name,
                        label: (blank.label, blank.label_en),
                        kind: blank.kind,
                        this_year: today.year(),
                    })
                    .collect(),
                title: (statement.title, statement.title_en),
                code: statement.code,
            }
        });
        Ok(StatementList {
            statements: statements.collect(),
            as_of: about.and_then(|about| about.registry.as_ref()).map(|registry| registry.as_of),
            people: people
                .iter()
                .map(|one| AboutRow {
                    id: ResidentId::from_uuid(one.id),
                    name: one.full_name(),
                    own: Some(one.id) == own,
                })
                .collect(),
        })
    }
}

/// A self-certification on paper, ready to be signed.
pub(crate) fn paper(device: &Device, wish: &Declaration) -> Result<PaperView, Error> {
    let (town, practice) = town(device)?;
    let today = town_day(device.now());
    let people = device.store.private(|tx| people(tx, today))?;
    let own = people.first().ok_or_else(|| Failure::new(FailureCode::SignedOut))?;
    let about = people.iter().find(|one| ResidentId::from_uuid(one.id) == wish.person).ok_or_else(Error::not_found)?;
    let ward = about.id != own.id;
    let (entry, registry) = about.entry(&town).zip(about.registry.as_ref()).ok_or_else(Error::not_found)?;
    let all = wordings()?.statements;
    let mut says = Vec::new();
    for code in &wish.statements {
        let statement = all.iter().find(|one| one.code == *code).ok_or_else(Error::not_found)?;
        let said = statement.fill(&entry, ward, &wish.typed, today.year());
        says.push(said.map_err(|_| Failure::new(FailureCode::DeclarationLacks))?);
    }
    if says.is_empty() {
        return Err(Failure::new(FailureCode::DeclarationLacks).into());
    }
    let declarant = own.presented();
    let paper = DeclarationPaper {
        declarant: format!("{declarant}, residente in {}", own.address),
        about: if ward { about.full_name() } else { String::new() },
        says,
        as_of: said_on("del ", &italian_day(registry.as_of)),
        place_and_day: italian_day(today),
        practice,
    };
    let sheet = paper.sheet(today).map_err(|cause| {
        tracing::error!(%cause, "self-certification PDF not drawn");
        Failure::new(FailureCode::Internal)
    })?;
    let name = format!("autocertificazione-{today}.{}", sheet.ending);
    Ok(PaperView { name, media: sheet.media.to_owned(), bytes: sheet.bytes })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use vicino_domain::registry::{CivilStatus, Entry};

    use super::*;

    #[test]
    fn every_wording_can_be_filled_and_no_two_blanks_share_a_name() {
        let day = NaiveDate::from_ymd_opt(1986, 5, 14).unwrap();
        let entry = Entry {
            name: "Anna Berti".into(),
            tax_code: "BRTNNA86E54X999E".into(),
            born_on: day,
            born_in: Some("Pietrachiara".into()),
            address: "Via Roma 14".into(),
            town: "Pietrachiara".into(),
            resident_since: Some(day),
            citizenship: Some("italiana".into()),
            civil_status: Some(CivilStatus::Single),
            family: Vec::new(),
        };
        let all = wordings().unwrap().statements;
        let blanks: Vec<&str> = all.iter().flat_map(|one| &one.asks).map(|blank| blank.name.as_str()).collect();
        assert_eq!(blanks.iter().collect::<BTreeSet<_>>().len(), blanks.len(), "one answer would fill two blanks");
        let typed: BTreeMap<String, String> =
            blanks.iter().map(|name| ((*name).to_owned(), String::from("2025"))).collect();
        for statement in &all {
            for ward in [false, true] {
                let said = statement.fill(&entry, ward, &typed, 2026);
                assert!(said.is_ok_and(|said| !said.contains('{')), "{}", statement.code);
            }
        }
    }
}
