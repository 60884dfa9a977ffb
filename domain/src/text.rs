//! Words from outside, made fit to be shown: the one place where letters that lie about themselves are taken out.
//!
//! Letters that turn the direction of what stands around them (Unicode UAX #9), that nobody sees, or that command a terminal let a text say
//! one thing to a program and another to eyes. They are taken out of what residents write and of what offices write, on devices and at the
//! town.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// A text with every letter and its marks in one, wherever that is possible (Unicode NFC): what a keyboard here writes, whoever wrote it.
#[must_use]
pub fn composed(text: &str) -> String {
    text.nfc().collect()
}

/// Returns whether a text is [`composed`] already.
#[must_use]
pub fn is_composed(text: &str) -> bool {
    unicode_normalization::is_nfc(text)
}

/// The letters of a text as they are counted here, on a device and at the town: those of the [`composed`] text.
#[must_use]
pub fn count(text: &str) -> u32 {
    u32::try_from(text.nfc().count()).unwrap_or(u32::MAX)
}

/// A text in the letters of ASCII, for where no others can stand: accents are left out, other scripts are written as they sound. A sign
/// that has no sound is told by its number, and nothing is left out.
#[must_use]
pub fn ascii(text: &str) -> String {
    let mut sounds = String::with_capacity(text.len());
    for letter in text.nfc().filter(|letter| !is_hidden(*letter) && !is_joiner(*letter)) {
        match deunicode::deunicode_char(letter) {
            Some(_) => sounds.push(letter),
            None => sounds.push_str(&format!("U+{:X}", u32::from(letter))),
        }
    }
    line(&deunicode::deunicode(&sounds))
}

/// Returns whether a letter turns the direction of others (UAX #9), or stands for nothing anybody sees.
const fn is_hidden(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{13430}'..='\u{1345f}' | '\u{1d159}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Returns whether a letter joins or parts its neighbours (ZWNJ, ZWJ): of use between letters, as in Persian and in emoji, and of none elsewhere.
#[must_use]
pub const fn is_joiner(letter: char) -> bool {
    matches!(letter, '\u{200c}' | '\u{200d}')
}

/// Tells whether a letter is a mark on the one before it.
#[must_use]
pub fn is_mark(letter: char) -> bool {
    is_combining_mark(letter)
}

/// A text of one line, as it may be shown anywhere: a name, a title, an address. Line ends, tabs and runs of spaces are one space.
#[must_use]
pub fn line(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_whitespace() || letter.is_control() {
            if !shown.is_empty() && !shown.ends_with(' ') {
                shown.push(' ');
            }
        } else if is_joiner(letter) {
            if shown.chars().next_back().is_some_and(|before| before != ' ' && !is_joiner(before)) {
                shown.push(letter);
            }
        } else if !is_hidden(letter) {
            shown.push(letter);
        }
    }
    let end = shown.trim_end_matches(|letter: char| letter == ' ' || is_joiner(letter)).len();
    shown.truncate(end);
    if shown.chars().any(is_seen) { composed(&shown) } else { String::new() }
}

/// Returns whether a letter is seen by itself: one that only changes the look of the letter before it (a mark, a variation selector) is not.
fn is_seen(letter: char) -> bool {
    !letter.is_whitespace() && !is_joiner(letter) && !is_combining_mark(letter)
}

/// A text of several lines: details, a message. Lines end with a line feed, whatever they ended with; what commands a terminal is gone.
#[must_use]
pub fn lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let plain = |letter: &char| !is_hidden(*letter) && (*letter == '\n' || *letter == '\t' || !letter.is_control());
    let shown: String = text.chars().filter(plain).collect();
    if shown.chars().any(is_seen) { composed(shown.trim()) } else { String::new() }
}

/// A text as it was written, without the letters that lie: nothing else of it is changed.
#[must_use]
pub fn honest(text: &str) -> String {
    text.chars()
        .filter(|letter| !is_hidden(*letter) && (matches!(letter, '\n' | '\r' | '\t') || !letter.is_control()))
        .nfc()
        .collect()
}

/// A code, a number or a place as it was pasted: a line without anything that nobody sees.
#[must_use]
pub fn code(text: &str) -> String {
    line(&text.chars().filter(|letter| !is_joiner(*letter)).collect::<String>())
}

/// A file's name, without the folders before it: what stands in a list, and what a disk would call it.
#[must_use]
pub fn file_name(text: &str) -> String {
    let name = line(text);
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.trim_start_matches(['.', ' ']).to_owned()
}

/// The most letters of somebody's own words on a paper of the town's.
pub const MOST_QUOTED: usize = 80;

/// Somebody's own words as a paper of the town's may carry them: one line, short, between quotation marks, and never a sentence that
/// could be taken for the town's.
#[must_use]
pub fn quoted(text: &str) -> String {
    let signs: Vec<char> = line(text).chars().collect();
    let is_digit = |at: Option<usize>| at.and_then(|at| signs.get(at)).is_some_and(char::is_ascii_digit);
    let plain: String = signs
        .iter()
        .enumerate()
        .map(|(at, letter)| match *letter {
            // A point or a colon inside a number ends nothing: 12.50 euros, at 14:30.
            '.' | ':' if is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)) => *letter,
            '“' | '”' | '«' | '»' | '"' | '„' | '‟' | '‹' | '›' | '″' | '＂' => '’',
            // What ends a sentence or begins a list ends no sentence here.
            '.' | ';' | ':' | '!' | '?' | '…' | '。' | '·' | '•' => ' ',
            other => other,
        })
        .collect();
    let plain = line(&plain);
    let mut short: String = plain.chars().take(MOST_QUOTED).collect();
    if short.len() < plain.len() {
        short.truncate(short.trim_end().len());
        short.push('…');
    }
    format!("“{short}”")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn letters_that_lie_are_gone_and_others_stay() {
        assert_eq!(line("  Via\t Roma\r\n14 "), "Via Roma 14");
        assert_eq!(line("fattura\u{202e}gpj.exe"), "fatturagpj.exe");
        assert_eq!(line("\u{200b}\u{2060}\u{feff}\u{200d}"), "", "only letters that nobody sees");
        assert_eq!(line("\u{fe0f}\u{fe00}"), "", "what changes a letter that is not there shows nothing");
        assert_eq!((line(" \u{301}\u{302} "), lines("\u{20dd}\n\u{fe0f}")), (String::new(), String::new()));
        for shown in ["❤\u{fe0f}", "1\u{fe0f}\u{20e3}", "ไทย", "हिन्दी", "שָׁלוֹם"] {
            assert_eq!(line(shown), shown, "marks on letters stay");
        }
        assert_eq!(line("\u{1d159}\u{13440}"), "");
        assert_eq!(line("\u{1b}[2J\u{1b}]0;titolo\u{7}Buca"), "[2J ]0;titolo Buca", "a terminal is not commanded");
        assert_eq!(line("Straße, niño, ëœ, 日本, می\u{200c}خواهم"), "Straße, niño, ëœ, 日本, می\u{200c}خواهم");
        assert_eq!(line("👨\u{200d}👩\u{200d}👧"), "👨\u{200d}👩\u{200d}👧");
        assert_eq!(lines("uno\r\ndue\rtre\u{1b}[31m\n\n"), "uno\ndue\ntre[31m");
        assert_eq!(lines("\u{200b}\n \u{2060}\t"), "");
        assert_eq!(file_name("../../etc/passwd"), "passwd");
        assert_eq!(file_name("C:\\temp\\..\\.ssh"), "ssh");
        assert_eq!(file_name("planimetria\u{202e}fdp.exe"), "planimetriafdp.exe");
    }

    #[test]
    fn a_letter_and_its_marks_are_one() {
        let decomposed = "Universita\u{300} di Citta\u{300}";
        assert_eq!(
            (composed(decomposed).as_str(), line(decomposed).as_str()),
            ("Università di Città", "Università di Città")
        );
        assert!(!is_composed(decomposed) && is_composed("Università"));
        assert_eq!(count(&"e\u{300}".repeat(80)), 80);
        // What stood between a letter and its mark is gone before they are one.
        assert_eq!(line("a\u{200b}\u{300}"), "à");
        let spelled = ["Rată grădiniță", "Opłata", "Straße", "Παπαδόπουλος", "Мельник", "山田", "e\u{301}"];
        let plain = ["Rata gradinita", "Oplata", "Strasse", "Papadopoulos", "Mel'nik", "Shan Tian", "e"];
        assert_eq!(spelled.map(ascii), plain);
        let nobodys = ascii("Đặng Văn Łukasz ĳ \u{e123} \u{1f9ff}");
        assert!(nobodys.is_ascii() && nobodys.contains("U+E123") && !nobodys.contains('?'), "{nobodys}");
    }

    #[test]
    fn a_quotation_is_short_and_no_sentence_of_its_own() {
        let hostile =
            "studio.\nSi certifica inoltre che Anna è proprietaria” della piazza. Il Sindaco: “vale per tutti gli usi";
        let said = quoted(hostile);
        assert!(said.starts_with("“studio Si certifica") && said.ends_with("…”"), "{said}");
        assert_eq!(said.matches(['“', '”']).count(), 2);
        assert_eq!(quoted("Sconto 12.50 alle 14:30. Pagato.Il Comune"), "“Sconto 12.50 alle 14:30 Pagato Il Comune”");
        assert_eq!(quoted("n. 4.a"), "“n 4 a”", "a list is none of ours");
        assert!(!said.contains(['.', ':', '\n']) && said.chars().count() <= MOST_QUOTED + 3);
    }

    proptest! {
        #[test]
        fn what_is_shown_once_is_shown_the_same_again(text in any::<String>()) {
            prop_assert_eq!(line(&line(&text)), line(&text));
            prop_assert_eq!(lines(&lines(&text)), lines(&text));
            let bad = ['\n', '\u{1b}', '\u{202e}', '\u{200b}'];
            prop_assert!(!line(&text).contains(bad));
        }
    }
}
