//! The eleven official kinds of *disservizio*.
//!
//! Source: *Modello Comuni* of Designers Italia, `design-comuni-pagine-statiche`, list of the report form.

use std::str::FromStr;

use thiserror::Error;

use crate::wire_enum;

macro_rules! categories {
    ($($(#[$doc:meta])* $name:ident, $code:literal, $icon:literal;)*) => {
        wire_enum! {
            /// The subject of a report, in the order of the official form.
            Category {
                $($(#[$doc])* $name $code,)*
            }
        }

        impl Category {
            /// The icon that goes with it, a symbol of Bootstrap Italia's sprite.
            #[must_use]
            pub const fn icon(self) -> &'static str {
                match self { $(Self::$name => $icon,)* }
            }
        }
    };
}

categories! {
    /// Acqua, allagamenti, problemi fognari
    Water, "water", "it-warning-circle";
    /// Ambiente, inquinamento, protezione ambientale
    Environment, "environment", "it-warning-circle";
    /// Arredo urbano
    StreetFurniture, "street_furniture", "it-pin";
    /// Disinfestazione, derattizzazione, animali randagi
    Pests, "pests", "it-warning-circle";
    /// Igiene urbana, rifiuti, pulizia e decoro
    Waste, "waste", "it-delete";
    /// Manutenzione immobili, edifici pubblici, scuole, barriere architettoniche, cimiteri
    Buildings, "buildings", "it-pa";
    /// Ordine pubblico, disturbo della quiete
    PublicOrder, "public_order", "it-locked";
    /// Parchi e verde pubblico
    Parks, "parks", "it-map-marker-circle";
    /// Servizi del comune
    Services, "services", "it-pa";
    /// Sicurezza, degrado urbano e sociale
    Safety, "safety", "it-locked";
    /// Strade, marciapiedi, segnaletica e viabilità
    Roads, "roads", "it-tool";
}

impl Category {
    /// Returns whether a report of this kind is always for the office's eyes only: it may speak of illegal behaviour.
    #[must_use]
    pub const fn is_private(self) -> bool {
        matches!(self, Self::PublicOrder | Self::Safety)
    }
}

/// The text is the code of no category.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("no category has the code {0:?}")]
pub struct UnknownCategory(pub String);

impl FromStr for Category {
    type Err = UnknownCategory;

    fn from_str(text: &str) -> Result<Self, UnknownCategory> {
        Self::from_code(text).ok_or_else(|| UnknownCategory(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn there_are_eleven_and_two_are_private() {
        assert_eq!(Category::ALL.len(), 11);
        assert_eq!(Category::ALL.iter().filter(|category| category.is_private()).count(), 2);
    }

    #[test]
    fn code_and_wire_are_the_same_word() {
        for category in Category::ALL {
            assert_eq!(serde_json::to_value(category).unwrap(), category.code());
            assert_eq!(category.code().parse(), Ok(*category));
        }
    }

    proptest! {
        #[test]
        fn any_other_word_is_refused(word in "[a-z_]{0,20}") {
            prop_assume!(Category::ALL.iter().all(|category| category.code() != word));
            prop_assert_eq!(word.parse::<Category>(), Err(UnknownCategory(word)));
        }
    }
}
