//! What the registry knows of somebody, and how it is said: certified by the town, or declared by themselves.
//!
//! Sentences are Italian, the language of the acts, and follow the wording in use for ANPR certificates and for declarations under art. 46
//! DPR 445/2000; they are to be checked by the lawyers of each town.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::certificate::CertificateKind;
use crate::codes::TaxCode;
use crate::wire_enum;
use crate::{italian_day, said_on};

wire_enum! {
    /// Tells whether and how somebody is married.
    CivilStatus {
        /// Never married.
        Single "single",
        /// Married.
        Married "married",
        /// The spouse has died.
        Widowed "widowed",
        /// Divorced.
        Divorced "divorced",
        /// In a civil union.
        CivilUnion "civil_union",
    }
}

/// Somebody of the same family on the registry.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FamilyMember {
    /// Given and family name.
    pub name: String,
    /// When they were born.
    pub born_on: NaiveDate,
    /// Where.
    #[serde(default)]
    pub born_in: Option<String>,
    /// Tells whether she is a woman; nothing: that is not told, and both endings are written.
    #[serde(default)]
    pub woman: Option<bool>,
    /// The way they are related to whose record this is, as people say it: *coniuge*, *figlia*.
    pub kinship: String,
}

impl FamilyMember {
    fn named(&self) -> String {
        format!("{}, {}", self.name, born(self.woman, self.born_on, self.born_in.as_ref()))
    }
}

/// The facts the registry knows of somebody. What it does not know is not there, and is not certified.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Given and family name.
    pub name: String,
    /// *Codice fiscale*.
    pub tax_code: String,
    /// When they were born.
    pub born_on: NaiveDate,
    /// Where.
    pub born_in: Option<String>,
    /// Where they live.
    pub address: String,
    /// In which town.
    pub town: String,
    /// Since when.
    pub resident_since: Option<NaiveDate>,
    /// Of which country, as people say it: *italiana*.
    pub citizenship: Option<String>,
    /// Tells whether they are married.
    pub civil_status: Option<CivilStatus>,
    /// Those they live with, on the registry.
    pub family: Vec<FamilyMember>,
}

impl Entry {
    /// The facts the town certifies of them; `None`: the registry does not say it.
    #[must_use]
    pub fn certified(&self, kind: CertificateKind) -> Option<String> {
        use CertificateKind::{
            Birth, Citizenship, CivilStatus as Status, Family, FamilyAndCivilStatus, FamilyWithKinship, FreeToMarry,
            Life, Residence,
        };
        Some(match kind {
            Birth => {
                let words = format!("è {} a {} il ", self.agreed("nato/a"), self.born_in.as_ref()?);
                said_on(&words, &italian_day(self.born_on))
            }
            Citizenship => format!("è in possesso della cittadinanza {}", self.citizenship.as_ref()?),
            Life => String::from("è in vita"),
            Residence => {
                let since = self.resident_since.map(|day| said_on(" dal ", &italian_day(day))).unwrap_or_default();
                format!(
                    "è {} nell’anagrafe della popolazione residente di questo Comune, in {}{since}",
                    self.agreed("iscritto/a"),
                    self.address
                )
            }
            Status => format!("risulta di stato civile: {}", self.agreed(self.civil_status?.said())),
            FreeToMarry => {
                matches!(self.civil_status?, CivilStatus::Single | CivilStatus::Widowed | CivilStatus::Divorced)
                    .then_some(())?;
                String::from("risulta di stato libero")
            }
            Family => {
                format!("la sua famiglia anagrafica, in {}, è composta da: {}", self.address, self.family_named())
            }
            FamilyWithKinship => {
                format!(
                    "la sua famiglia anagrafica, in {}, è composta da: {}",
                    self.address,
                    self.family_with_kinship()
                )
            }
            FamilyAndCivilStatus => format!(
                "risulta di stato civile {} e la sua famiglia anagrafica, in {}, è composta da: {}",
                self.agreed(self.civil_status?.said()),
                self.address,
                self.family_named()
            ),
            _ => return None,
        })
    }

    fn born(&self) -> String {
        born(self.woman(), self.born_on, self.born_in.as_ref())
    }

    fn woman(&self) -> Option<bool> {
        woman(&self.tax_code)
    }

    /// A wording with endings for both (*nato/a*), with theirs alone.
    pub(crate) fn agreed(&self, wording: &str) -> String {
        agreed(wording, self.woman())
    }

    /// The person and those they live with, by name and birth.
    fn family_named(&self) -> String {
        self.household(FamilyMember::named)
    }

    /// The person and those they live with, each with their kinship.
    pub(crate) fn family_with_kinship(&self) -> String {
        self.household(|one| format!("{}, {}", one.named(), one.kinship))
    }

    fn household(&self, said: impl Fn(&FamilyMember) -> String) -> String {
        let own = format!("{}, {}", self.name, self.born());
        std::iter::once(own).chain(self.family.iter().map(said)).collect::<Vec<_>>().join("; ")
    }
}

/// A person as an act names them: name, birth, tax code.
#[must_use]
pub fn presented(name: &str, tax_code: &str, (born_on, born_in): (NaiveDate, Option<&String>)) -> String {
    format!("{name}, {}, codice fiscale {tax_code}", born(woman(tax_code), born_on, born_in))
}

/// By their tax code, which tells it.
fn woman(tax_code: &str) -> Option<bool> {
    TaxCode::read(tax_code).ok().map(|code| code.female)
}

fn born(woman: Option<bool>, on: NaiveDate, at: Option<&String>) -> String {
    let at = at.map(|at| format!(" a {at}")).unwrap_or_default();
    agreed(&said_on(&format!("nato/a{at} il "), &italian_day(on)), woman)
}

/// A wording with the endings of a woman or of a man; of both where that is not known.
fn agreed(wording: &str, woman: Option<bool>) -> String {
    match woman {
        None => wording.to_owned(),
        Some(true) => wording.replace("celibe/nubile", "nubile").replace("o/a", "a"),
        Some(false) => wording.replace("celibe/nubile", "celibe").replace("o/a", "o"),
    }
}

impl CivilStatus {
    /// As a certificate says it, for a woman and for a man.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::Single => "celibe/nubile",
            Self::Married => "coniugato/a",
            Self::Widowed => "vedovo/a",
            Self::Divorced => "già coniugato/a",
            Self::CivilUnion => "unito/a civilmente",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn anna() -> Entry {
        Entry {
            name: "Anna Berti".into(),
            tax_code: "BRTNNA86E54X999E".into(),
            born_on: day(1986, 5, 14),
            born_in: Some("Pietrachiara".into()),
            address: "via Roma 14".into(),
            town: "Pietrachiara".into(),
            resident_since: Some(day(2011, 6, 1)),
            citizenship: Some("italiana".into()),
            civil_status: Some(CivilStatus::Married),
            family: vec![FamilyMember {
                name: "Giulia Moretti".into(),
                born_on: day(2014, 9, 21),
                born_in: None,
                woman: None,
                kinship: "figlia".into(),
            }],
        }
    }

    #[test]
    fn what_is_known_is_certified_and_nothing_else() {
        use CertificateKind::{Birth, Death, Family, FamilyWithKinship, FreeToMarry, Residence};
        let anna = anna();
        let said = |kind| anna.certified(kind).unwrap();
        assert_eq!(said(Birth), "è nata a Pietrachiara il 14 maggio 1986");
        assert_eq!(said(CertificateKind::CivilStatus), "risulta di stato civile: coniugata");
        let luca = Entry { tax_code: "RSSMRA85T10A562S".into(), ..anna.clone() };
        assert!(luca.certified(Residence).unwrap().starts_with("è iscritto nell’anagrafe"));
        let untold = Entry { tax_code: String::new(), ..anna.clone() };
        assert!(untold.certified(Residence).unwrap().starts_with("è iscritto/a nell’anagrafe"));
        assert!(said(Residence).ends_with("in via Roma 14 dal 1º giugno 2011"));
        assert_eq!(anna.certified(FreeToMarry), None, "she is married");
        assert_eq!(anna.certified(Death), None);
        assert!(said(Family).ends_with("Giulia Moretti, nato/a il 21 settembre 2014"));
        assert!(said(FamilyWithKinship).ends_with("figlia"));
        let unknown = Entry { born_in: None, citizenship: None, civil_status: None, ..anna.clone() };
        for kind in [Birth, CertificateKind::Citizenship, CertificateKind::CivilStatus, FreeToMarry] {
            assert_eq!(unknown.certified(kind), None, "{kind}");
        }
    }
}
