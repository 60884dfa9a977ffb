//! The resident as the town knows them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use vicino_domain::ServiceId;

use super::Freshness;

/// The facts the town knows of the resident.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ProfileView {
    /// Them, once they have signed in and the town has told.
    pub person: Option<PersonFacts>,
    /// The service with which a correction is asked for, when the town has one.
    pub correct: Option<ServiceId>,
    /// Tells whether somebody is signed in.
    pub signed_in: bool,
    /// As of when it is known.
    pub freshness: Freshness,
}

/// The facts of a registry.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PersonFacts {
    /// Given and family name.
    pub name: String,
    /// *Codice fiscale*
    pub tax_code: String,
    /// *Data di nascita*
    pub birth_date: NaiveDate,
    /// *Indirizzo di residenza*
    pub address: String,
    /// The household.
    pub household: Vec<MemberRow>,
}

/// Somebody of the household.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MemberRow {
    /// Given and family name.
    pub name: String,
    /// The relation to the resident.
    pub relation: Relation,
    /// Tells whether their matters are entrusted to the resident.
    pub entrusted: bool,
}

/// The relation of somebody to the resident.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Husband, wife or partner.
    Spouse,
    /// Daughter or son.
    Child,
    /// Mother or father.
    Parent,
    /// Sister or brother.
    Sibling,
    /// Anybody else.
    Other,
}
