//! Text made comparable: lower case, without accents, one space between words.

use unicode_normalization::UnicodeNormalization as _;

/// Folds text for finding: `Cesàre  Battìsti` becomes `cesare battisti`, `Łukasz Brânză` becomes `lukasz branza`, however each mark is
/// spelled.
///
/// Apostrophes and punctuation become spaces, so that `dell'Orto` is found by `orto`. Letters of other scripts stay what they are.
#[must_use]
pub fn fold(text: &str) -> String {
    // Compatibility decomposition (UAX #15) parts a letter from its marks, and writes ligatures out; what lower case makes of it may have
    // marks again, as of İ.
    let plain = text.nfkd().filter(|letter| !is_mark(*letter)).flat_map(char::to_lowercase);
    let plain: String = plain.nfkd().filter(|letter| !is_mark(*letter)).collect();
    let mut folded = String::with_capacity(plain.len());
    for letter in plain.chars() {
        match latin(letter) {
            Some(letters) => folded.push_str(letters),
            None if letter.is_alphanumeric() || unicode_normalization::char::is_combining_mark(letter) => {
                folded.push(letter);
            }
            None if folded.ends_with(' ') || folded.is_empty() => {}
            None => folded.push(' '),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// Returns whether it is an accent or another sign on a letter of Latin, Greek or Cyrillic: the blocks of combining diacritical marks. Marks of other
/// scripts are letters to their readers.
const fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{2bc}' | '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// The Latin letters that are no letter with a mark to Unicode, though they are to their readers.
const fn latin(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ı' => "i",
        'ł' | 'ƚ' | 'ɫ' => "l",
        'ø' => "o",
        'đ' | 'ð' | 'ɖ' | 'ɗ' => "d",
        'ħ' => "h",
        'ŧ' => "t",
        'ŋ' => "n",
        'ß' => "ss",
        'œ' => "oe",
        'æ' => "ae",
        'þ' => "th",
        'ĸ' => "k",
        'ə' => "e",
        'ɓ' | 'ƀ' => "b",
        'ƙ' => "k",
        'ƴ' => "y",
        'ɣ' => "g",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn accents_case_and_marks_do_not_matter() {
        assert_eq!(fold("  Via dell’Orto,  14/A "), "via dell orto 14 a");
        assert_eq!(fold("LUNGARNO Cesàre Battìsti"), "lungarno cesare battisti");
    }

    #[test]
    fn every_latin_letter_is_found_by_its_plain_one_in_both_spellings() {
        let all = [
            ("Brânză", "branza"),
            ("Łukasz", "lukasz"),
            ("Søren", "soren"),
            ("İstanbul", "istanbul"),
            ("Iğdır", "igdir"),
            ("Straße", "strasse"),
            ("STRAẞE", "strasse"),
            ("Ionuţ", "ionut"),
            ("Ionuț", "ionut"),
            ("Şişli", "sisli"),
            ("Đặng", "dang"),
            ("Œuvre", "oeuvre"),
            ("Mönch", "monch"),
            ("ﬁne", "fine"),
        ];
        for (text, found) in all {
            assert_eq!(fold(text), found, "{text}");
            assert_eq!(fold(&text.nfd().collect::<String>()), found, "{text}, decomposed");
        }
        // Nothing between A and the end of Latin Extended-B with a mark that a keyboard makes stays as it is.
        let kept = ('À'..='ž').filter(|letter| letter.is_alphabetic() && !fold(&letter.to_string()).is_ascii());
        assert_eq!(kept.collect::<String>(), "");
        // Other scripts are found as they are written.
        assert_eq!(fold("山田 हिन्दी"), "山田 हिन्दी");
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,80}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
