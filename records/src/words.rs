//! The words of a text as they are searched: folded, each once; and what several forms of a word have in common.

use std::collections::BTreeSet;

use rust_stemmers::{Algorithm, Stemmer};
use vicino_domain::fold;

/// No word is longer in the index; what is longer is a code, and its beginning will do.
const LONGEST: usize = 40;

/// The words of a text, folded, each once.
#[must_use]
pub fn words(text: &str) -> BTreeSet<String> {
    fold(text).split(' ').filter(|word| !word.is_empty()).map(short).collect()
}

fn short(word: &str) -> String {
    word.chars().take(LONGEST).collect()
}

/// The words that were typed, in their order; the last may be half a word.
#[must_use]
pub fn typed(text: &str) -> Vec<String> {
    fold(text).split(' ').filter(|word| !word.is_empty()).map(short).collect()
}

/// What the forms of an Italian word have in common (Snowball's Italian stemmer), so that *certificati* finds
/// *certificato*. Short words and numbers are their own stem.
pub struct Stems(Stemmer);

impl Default for Stems {
    fn default() -> Self {
        Self(Stemmer::create(Algorithm::Italian))
    }
}

impl Stems {
    /// The stem of a folded word.
    #[must_use]
    pub fn of(&self, word: &str) -> String {
        let plain = word.len() < 5 || word.bytes().any(|b| b.is_ascii_digit());
        if plain { word.to_owned() } else { self.0.stem(word).into_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_each_is_there_once() {
        let found: Vec<String> = words("Via dell’Orto, VIA Cesàre").into_iter().collect();
        assert_eq!(found, ["cesare", "dell", "orto", "via"]);
        assert_eq!(typed("Carta  d’Ident"), ["carta", "d", "ident"]);
    }

    #[test]
    fn forms_of_a_word_share_a_stem() {
        let stems = Stems::default();
        assert_eq!(stems.of("certificati"), stems.of("certificato"));
        assert_eq!(stems.of("iscrizioni"), stems.of("iscrizione"));
        assert_eq!(stems.of("2026"), "2026");
    }
}
