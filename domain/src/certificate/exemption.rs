//! The reasons for which no stamp duty is due, as the national registry has them (ANPR, table 39 *Esenzione bollo*).

use crate::wire_enum;

wire_enum! {
    /// A reason of the law, in the order of the table. The certificate names it: used for anything else, it does not hold.
    Exemption {
        /// A charity.
        Charity "charity",
        /// A sports club.
        Sport "sport",
        /// A case in court.
        Court "court",
        /// An expert or a trustee named by a court.
        CourtExpert "court_expert",
        /// Somebody who cannot look after themselves.
        Guardianship "guardianship",
        /// A child adopted, fostered or under guardianship.
        Adoption "adoption",
        /// Separation or divorce.
        Divorce "divorce",
        /// A street that got another name.
        StreetRenamed "street_renamed",
        /// A pension from abroad.
        ForeignPension "foreign_pension",
        /// Between public bodies.
        PublicBodies "public_bodies",
        /// Any other, said in words.
        Other "other",
    }
}

impl Exemption {
    /// The number in the table.
    #[must_use]
    pub const fn anpr(self) -> u8 {
        if matches!(self, Self::Other) { 99 } else { self as u8 + 1 }
    }

    /// As the certificate names it, in the language of the acts.
    #[must_use]
    pub const fn law(self) -> &'static str {
        match self {
            Self::Charity => "ONLUS (art. 27-bis tab. B DPR 642/1972)",
            Self::Sport => "società sportive (art. 8-bis tab. B DPR 642/1972)",
            Self::Court => "uso processuale (art. 18 DPR 115/2002)",
            Self::CourtExpert => "C.T.U. o curatore (art. 16 tab. B DPR 642/1972)",
            Self::Guardianship => {
                "interdizione, inabilitazione, amministrazione di sostegno (art. 13 tab. B DPR 642/1972)"
            }
            Self::Adoption => {
                "adozione, affidamento, tutela di minori (art. 13 tab. B DPR 642/1972, art. 82 L. 184/1983)"
            }
            Self::Divorce => "separazione o divorzio (art. 19 L. 74/1987)",
            Self::StreetRenamed => "variazione di toponomastica (art. 16 c. 8 L. 537/1993)",
            Self::ForeignPension => "pensione estera (art. 9 tab. B DPR 642/1972)",
            Self::PublicBodies => "scambio fra pubbliche amministrazioni (art. 16 tab. B DPR 642/1972)",
            Self::Other => "altro motivo",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_the_tables() {
        let numbers: Vec<u8> = Exemption::ALL.iter().map(|reason| reason.anpr()).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 99]);
    }
}
