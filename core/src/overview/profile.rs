//! The resident and their household as the town knows them.

use vicino_contract::http::{Collection, MemberBody, ResidentRecord, ServiceRecord};
use vicino_contract::ipc::{GetProfile, MemberRow, PersonFacts, ProfileView, Relation};

use crate::device::Device;
use crate::device::command::Handle;
use crate::directory;
use crate::error::Error;
use crate::store::{cursors, person};

impl Handle for GetProfile {
    fn handle(self, device: &Device) -> Result<ProfileView, Error> {
        let (person, signed_in, freshness) = device.store.private(|tx| {
            let person = person::find(tx)?;
            let signed_in = person.as_ref().is_some_and(|person| person.signed_in);
            let body = match person {
                Some(person) => vicino_records::body(tx, Collection::Residents.code(), person.resident.uuid())?,
                None => None,
            };
            let record: Option<ResidentRecord> = body.and_then(|body| serde_json::from_str(&body).ok());
            Ok((record, signed_in, device.own_freshness(cursors::read(tx)?.freshness)))
        })?;
        let correct = directory::with_purpose(device, ServiceRecord::CORRECTION)?;
        Ok(ProfileView { person: person.map(facts), correct, signed_in, freshness })
    }
}

fn facts(record: ResidentRecord) -> PersonFacts {
    PersonFacts {
        name: record.full_name(),
        tax_code: record.tax_code,
        birth_date: record.birth_date,
        address: record.address,
        household: record.household.into_iter().map(member).collect(),
    }
}

fn member(member: MemberBody) -> MemberRow {
    let relation = match member.relation.as_str() {
        "spouse" => Relation::Spouse,
        "child" => Relation::Child,
        "parent" => Relation::Parent,
        "sibling" => Relation::Sibling,
        _ => Relation::Other,
    };
    MemberRow { name: member.name, relation, entrusted: member.entrusted }
}
