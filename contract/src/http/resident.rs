//! A resident as the town knows them, and their household.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vicino_domain::registry::{self, CivilStatus, Entry, FamilyMember};

use super::HeldBody;

/// A resident. Names as the national ontology has them (ModI, RAC_GEN_NAME_001).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResidentRecord {
    /// Their identity with the town.
    pub id: Uuid,
    /// *Nome*
    pub given_name: String,
    /// *Cognome*
    pub family_name: String,
    /// *Codice fiscale*
    pub tax_code: String,
    /// *Data di nascita*
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub birth_date: NaiveDate,
    /// *Indirizzo di residenza*
    pub address: String,
    /// A sentence about them, in a town where nobody exists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// What else the registry knows of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry: Option<RegistryBody>,
    /// The household, as the registry has it.
    #[serde(default)]
    pub household: Vec<MemberBody>,
}

impl ResidentRecord {
    /// Given and family name.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
    }

    /// What the registry of this town says of them; nothing where it tells a device no more than a name.
    #[must_use]
    pub fn entry(&self, town: &str) -> Option<Entry> {
        let registry = self.registry.as_ref()?;
        Some(Entry {
            name: self.full_name(),
            tax_code: self.tax_code.clone(),
            born_on: self.birth_date,
            born_in: registry.born_in.clone(),
            address: self.address.clone(),
            town: town.to_owned(),
            resident_since: registry.resident_since,
            citizenship: registry.citizenship.clone(),
            civil_status: registry.civil_status.as_deref().and_then(CivilStatus::from_code),
            family: registry.family.clone(),
        })
    }

    /// Who they are, as an act says it; also where the registry says nothing more of them.
    #[must_use]
    pub fn presented(&self) -> String {
        let born_in = self.registry.as_ref().and_then(|registry| registry.born_in.as_ref());
        registry::presented(&self.full_name(), &self.tax_code, (self.birth_date, born_in))
    }

    /// The names of the whole household, theirs first: among these somebody is chosen in a form.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        [self.full_name()].into_iter().chain(self.household.iter().map(|member| member.name.clone())).collect()
    }
}

/// The facts the registry knows of a resident beside their name, birth and address: certified by the town, declared by themselves.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegistryBody {
    /// *Luogo di nascita*
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub born_in: Option<String>,
    /// Since when they have lived at their address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub resident_since: Option<NaiveDate>,
    /// *Cittadinanza*, as people say it: `italiana`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub citizenship: Option<String>,
    /// *Stato civile*: `single`, `married`, `widowed`, `divorced` or `civil_union`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub civil_status: Option<String>,
    /// Those of the same family on the registry.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    pub family: Vec<FamilyMember>,
    /// Certificates that cannot be issued now, each with its reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<HeldBody>,
    /// As of which day this is so.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub as_of: NaiveDate,
}

/// Somebody of the household.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MemberBody {
    /// Their identity with the town.
    pub id: Uuid,
    /// Given and family name.
    pub name: String,
    /// `spouse`, `child`, `parent`, `sibling` or `other`.
    pub relation: String,
    /// Tells whether their matters are entrusted to this resident.
    pub entrusted: bool,
}
