//! Personal documents kept to be used again: an identity card, the ISEE, and others that forms often ask for.

use crate::wire_enum;

/// The longest name of a paper, in letters.
pub const LONGEST_NAME: usize = 80;

/// Days before its end from which a paper is said to end soon: what takes its place takes weeks to get.
pub const SOON: i64 = 60;

wire_enum! {
    /// The kind of a paper.
    PaperKind {
        /// *Carta d’identità*.
        IdentityCard "identity_card",
        /// *Passaporto*.
        Passport "passport",
        /// *Patente di guida*.
        DrivingLicence "driving_licence",
        /// *Permesso di soggiorno*.
        ResidencePermit "residence_permit",
        /// *Tessera sanitaria*, with the tax code.
        HealthCard "health_card",
        /// *Attestazione ISEE*.
        Isee "isee",
        /// *Certificato di invalidità*, or under law 104/1992.
        Disability "disability",
        /// Somebody’s medical certificate.
        Medical "medical",
        /// *Contratto di affitto*.
        Lease "lease",
        /// *Libretto di circolazione*.
        Vehicle "vehicle",
        /// Anything else, by its name.
        Other "other",
    }
}

impl PaperKind {
    /// The name where nobody gave it a name, in Italian.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::IdentityCard => "Carta d’identità",
            Self::Passport => "Passaporto",
            Self::DrivingLicence => "Patente di guida",
            Self::ResidencePermit => "Permesso di soggiorno",
            Self::HealthCard => "Tessera sanitaria",
            Self::Isee => "Attestazione ISEE",
            Self::Disability => "Certificato di invalidità",
            Self::Medical => "Certificato medico",
            Self::Lease => "Contratto di affitto",
            Self::Vehicle => "Carta di circolazione",
            Self::Other => "Documento",
        }
    }
}
