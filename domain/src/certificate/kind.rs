//! The kinds of certificates, as the national registry has them (ANPR, table 13 *Tipo di certificato*).

use crate::wire_enum;

wire_enum! {
    /// A kind of certificate, in the order of the table.
    CertificateKind {
        /// Born when and where.
        Birth "birth",
        /// Died when and where.
        Death "death",
        /// Married when, where and to whom.
        Marriage "marriage",
        /// Taken off the registry, when and why.
        Cancellation "cancellation",
        /// Of which country.
        Citizenship "citizenship",
        /// Of which countries, since when.
        CitizenshipHistory "citizenship_history",
        /// Alive.
        Life "life",
        /// Living where.
        Residence "residence",
        /// Having lived where, and when.
        ResidenceHistory "residence_history",
        /// Living abroad, where.
        ResidenceAbroad "residence_abroad",
        /// Single, married, widowed, divorced.
        CivilStatus "civil_status",
        /// Living with whom.
        Family "family",
        /// Living with whom, and of what civil status.
        FamilyAndCivilStatus "family_and_civil_status",
        /// Living in a community: a convent, barracks, a home.
        ResidenceInCommunity "residence_in_community",
        /// Living abroad with whom.
        FamilyAbroad "family_abroad",
        /// Living with whom, and how they are related.
        FamilyWithKinship "family_with_kinship",
        /// Free to marry.
        FreeToMarry "free_to_marry",
        /// In a civil union, since when and with whom.
        CivilUnion "civil_union",
        /// With a contract of cohabitation.
        CohabitationContract "cohabitation_contract",
        /// Living where on a day that is past.
        ResidenceOn "residence_on",
    }
}

impl CertificateKind {
    /// The number in the table.
    #[must_use]
    pub const fn anpr(self) -> u8 {
        self as u8 + 1
    }

    /// The name, in the language of the acts.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Birth => "Certificato anagrafico di nascita",
            Self::Death => "Certificato anagrafico di morte",
            Self::Marriage => "Certificato anagrafico di matrimonio",
            Self::Cancellation => "Certificato di cancellazione anagrafica",
            Self::Citizenship => "Certificato di cittadinanza",
            Self::CitizenshipHistory => "Certificato storico di cittadinanza",
            Self::Life => "Certificato di esistenza in vita",
            Self::Residence => "Certificato di residenza",
            Self::ResidenceHistory => "Certificato storico di residenza",
            Self::ResidenceAbroad => "Certificato di residenza AIRE",
            Self::CivilStatus => "Certificato di stato civile",
            Self::Family => "Certificato di stato di famiglia",
            Self::FamilyAndCivilStatus => "Certificato di stato di famiglia e di stato civile",
            Self::ResidenceInCommunity => "Certificato di residenza in convivenza",
            Self::FamilyAbroad => "Certificato di stato di famiglia AIRE",
            Self::FamilyWithKinship => "Certificato di stato di famiglia con rapporti di parentela",
            Self::FreeToMarry => "Certificato di stato libero",
            Self::CivilUnion => "Certificato anagrafico di unione civile",
            Self::CohabitationContract => "Certificato di contratto di convivenza",
            Self::ResidenceOn => "Certificato storico di residenza alla data",
        }
    }

    /// Returns whether no stamp is ever due: extracts of birth, marriage and death (art. 7 L. 405/1990).
    #[must_use]
    pub const fn is_free_of_stamp(self) -> bool {
        matches!(self, Self::Birth | Self::Marriage | Self::Death)
    }

    /// Returns whether what it says cannot change any more, so that it holds for ever.
    #[must_use]
    pub const fn is_for_ever(self) -> bool {
        matches!(self, Self::Birth | Self::Death)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole_and_in_its_order() {
        let numbers: Vec<u8> = CertificateKind::ALL.iter().map(|kind| kind.anpr()).collect();
        assert_eq!(numbers, (1..=20).collect::<Vec<u8>>());
        assert_eq!((CertificateKind::Residence.anpr(), CertificateKind::FreeToMarry.anpr()), (8, 17));
        assert!(CertificateKind::ALL.iter().all(|kind| CertificateKind::from_code(kind.code()) == Some(*kind)));
    }
}
