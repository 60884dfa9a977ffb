//! A resident as the town knows them, and their household.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

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
    /// Who lives with them, as the registry has it.
    #[serde(default)]
    pub household: Vec<MemberBody>,
}

impl ResidentRecord {
    /// Given and family name.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
    }

    /// The names of the whole household, theirs first: among these somebody is chosen in a form.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        [self.full_name()].into_iter().chain(self.household.iter().map(|member| member.name.clone())).collect()
    }
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
    /// Whether their matters are entrusted to this resident.
    pub entrusted: bool,
}
