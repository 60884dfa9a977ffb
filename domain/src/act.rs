//! The types of act that a notice board publishes.
//!
//! Source: national controlled vocabulary *municipal-notice-board*, three levels.

use crate::wire_enum;

macro_rules! acts {
    ($($name:ident, $code:literal, $label:literal;)*) => {
        wire_enum! {
            /// A type of act, by its code of three levels, such as `A.04.02`; in the order of the vocabulary.
            ActType {
                $(#[doc = $label] $name $code,)*
            }
        }

        impl ActType {
            /// The official Italian name.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label,)* }
            }
        }
    };
}

acts! {
    ManagerDecree, "A.01.01", "Decreto del Dirigente";
    MayorDecree, "A.01.02", "Decreto del Sindaco";
    CouncilResolution, "A.02.01", "Deliberazione del Consiglio comunale";
    BoardResolution, "A.02.02", "Deliberazione della Giunta comunale";
    CommissionerResolution, "A.02.03", "Deliberazione del Commissario ad acta";
    DistrictCouncilResolution, "A.02.04", "Deliberazione del Consiglio circoscrizionale";
    DistrictBoardResolution, "A.02.05", "Deliberazione dell’Esecutivo circoscrizionale";
    OtherResolution, "A.02.06", "Deliberazione di altri Organi";
    ManagerDetermination, "A.03.01", "Determinazione del Dirigente";
    MayorDetermination, "A.03.02", "Determinazione del Sindaco";
    ManagerOrdinance, "A.04.01", "Ordinanza del Dirigente";
    MayorOrdinance, "A.04.02", "Ordinanza del Sindaco";
    BuildingPermit, "B.01.01", "Permesso a costruire";
    Unreachability, "C.01.01", "Provvedimento di cancellazione per irreperibilità";
    ChangeOfName, "C.02.01", "Pubblicazione cambio nome";
    Banns, "C.03.01", "Pubblicazione di matrimonio";
    Deposit, "D.01.01", "Avviso di deposito in casa comunale";
    Poster, "D.01.02", "Avviso/Manifesto";
    Competition, "D.02.01", "Bando di concorso";
    Tender, "D.02.02", "Bando di gara";
    Grants, "D.02.03", "Bando di contributi e vantaggi economici";
    ThirdParties, "E.01.01", "Atto di terzi";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_leads_back_to_its_act() {
        for act in ActType::ALL {
            assert_eq!(ActType::from_code(act.code()), Some(*act));
        }
        assert_eq!(ActType::from_code("A.09.09"), None);
    }
}
