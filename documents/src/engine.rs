//! Typst in a world of its own: one template, its facts, its pictures, two typefaces; no disk, no network, no clock.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::PaperError;
use chrono::{Datelike as _, NaiveDate};
use serde::Serialize;
use serde_json::Value;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};
use vicino_domain::text;

/// Tells whether this program draws PDF.
pub(crate) const DRAWS: bool = true;

/// The parts that every paper shares.
struct Types {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

static TYPES: LazyLock<Types> = LazyLock::new(|| {
    let files: [&'static [u8]; 17] = [
        include_bytes!("../../assets/fonts/TitilliumWeb-Regular.ttf"),
        include_bytes!("../../assets/fonts/TitilliumWeb-Bold.ttf"),
        // What these lack is set in the others.
        include_bytes!("../../assets/fonts/noto/NotoSans-Regular.ttf"),
        include_bytes!("../../assets/fonts/noto/NotoSans-Bold.ttf"),
        include_bytes!("../../assets/fonts/noto/NotoSansArabic-Regular.ttf"),
        include_bytes!("../../assets/fonts/noto/NotoSansArmenian-Regular.ttf"),
        include_bytes!("../../assets/fonts/noto/NotoSansBengali-Regular.ttf"),
        include_bytes!("../../assets/fonts/noto/NotoSansDevanagari-Regular.ttf"),
        include_bytes!("../../assets/fonts/noto/NotoSansEthiopic-Regular.ttf"),
        include_bytes!("../../assets/fonts/noto/NotoSansGeorgian-Regular.ttf"),
        include_bytes!("../../assets/fonts/noto/NotoSansGurmukhi-Regular.ttf"),
        include_bytes!("../../assets/fonts/noto/NotoSansHebrew-Regular.ttf"),
        include_bytes!("../../assets/fonts/noto/NotoSansSinhala-Regular.ttf"),
        include_bytes!("../../assets/fonts/noto/NotoSansTamil-Regular.ttf"),
        include_bytes!("../../assets/fonts/noto/NotoSansThai-Regular.ttf"),
        include_bytes!("../../assets/fonts/noto/NotoSansSC-Regular.otf"),
        include_bytes!("../../assets/fonts/noto/NotoSansKR-Regular.otf"),
    ];
    let fonts: Vec<Font> = files.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect();
    Types { library: LazyHash::new(Library::default()), book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts }
});

/// A paper's world.
struct Desk {
    main: FileId,
    source: Source,
    files: BTreeMap<String, Bytes>,
    today: NaiveDate,
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &TYPES.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &TYPES.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main { Ok(self.source.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let name = id.vpath().get_without_slash().to_owned();
        self.files.get(&name).cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        TYPES.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        let day = self.today;
        Datetime::from_ymd(day.year(), u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?)
    }
}

/// Our own typeface, and the one that sets what it lacks of the alphabets of Europe, by their places among the fonts.
const OWN: usize = 0;
const OTHER: usize = 2;

fn covers(font: &Font, letter: char) -> bool {
    font.info().coverage.contains(u32::from(letter))
}

fn font_covers(place: usize, letter: char) -> bool {
    TYPES.fonts.get(place).is_some_and(|font| covers(font, letter))
}

/// Returns whether one typeface sets a letter with this mark. Typst parts no letter from its marks: what no single typeface has makes a paper
/// impossible.
fn is_set_with(letter: char, mark: char) -> bool {
    let both = |font: &Font| covers(font, letter) && covers(font, mark);
    if font_covers(OWN, letter) {
        [OWN, OTHER].into_iter().any(|place| TYPES.fonts.get(place).is_some_and(both))
    } else {
        TYPES.fonts.iter().any(both)
    }
}

/// Makes words fit for an archive's paper, whatever somebody is called: what shows nothing is gone, a letter and its marks are one, and a
/// letter that no typeface here has is written as it sounds. A mark that no typeface sets on its letter is left out.
fn make_printable(facts: &mut Value) {
    match facts {
        Value::String(text) => {
            let covered = |letter: char| TYPES.fonts.iter().any(|font| covers(font, letter));
            let (mut printed, mut foreign, mut base) = (String::with_capacity(text.len()), String::new(), ' ');
            for letter in text::honest(text).chars() {
                let shown = match letter {
                    letter if letter.is_whitespace() || letter.is_control() => ' ',
                    letter if text::is_mark(letter) && foreign.is_empty() && !is_set_with(base, letter) => continue,
                    letter if covered(letter) || text::is_joiner(letter) => letter,
                    letter => {
                        foreign.push(letter);
                        continue;
                    }
                };
                if !foreign.is_empty() {
                    // A word as a whole: each sign alone would lose the blanks between its sounds.
                    let sounds = text::ascii(&std::mem::take(&mut foreign));
                    base = sounds.chars().next_back().unwrap_or(base);
                    printed.push_str(&sounds);
                    if text::is_mark(shown) && !is_set_with(base, shown) {
                        continue;
                    }
                }
                if !text::is_mark(shown) && !text::is_joiner(shown) {
                    base = shown;
                }
                printed.push(shown);
            }
            printed.push_str(&text::ascii(&foreign));
            *text = printed;
        }
        Value::Array(all) => all.iter_mut().for_each(make_printable),
        Value::Object(fields) => fields.values_mut().for_each(make_printable),
        _ => {}
    }
}

/// Tells whether some letter bears a mark that our own typeface lacks.
fn has_rare_marks(facts: &Value) -> bool {
    match facts {
        Value::String(text) => {
            let mut base = ' ';
            text.chars().any(|letter| {
                if text::is_mark(letter) {
                    return font_covers(OWN, base) && !font_covers(OWN, letter);
                }
                if !text::is_joiner(letter) {
                    base = letter;
                }
                false
            })
        }
        Value::Array(all) => all.iter().any(has_rare_marks),
        Value::Object(fields) => fields.values().any(has_rare_marks),
        _ => false,
    }
}

/// Draws a paper: a template, the facts it reads as `facts.json`, the pictures it names. `identity` tells one paper from another.
pub(crate) fn draw(
    template: &str,
    facts: &impl Serialize,
    pictures: &[(&str, &str)],
    (identity, dated): (&str, NaiveDate),
) -> Result<Vec<u8>, PaperError> {
    let fault = |cause: &dyn std::fmt::Display| PaperError(cause.to_string());
    let mut facts = serde_json::to_value(facts).map_err(|cause| fault(&cause))?;
    make_printable(&mut facts);
    // The whole paper in the one typeface that sets every mark on every letter of Europe.
    let template = if has_rare_marks(&facts) {
        template.replace("font: \"Titillium Web\"", "font: \"Noto Sans\"")
    } else {
        template.to_owned()
    };
    let facts = serde_json::to_vec(&facts).map_err(|cause| fault(&cause))?;
    let path = VirtualPath::new("paper.typ").map_err(|cause| PaperError(format!("{cause:?}")))?;
    let main = RootedPath::new(VirtualRoot::Project, path).intern();
    let pictures = pictures.iter().map(|(name, svg)| ((*name).to_owned(), Bytes::new(svg.as_bytes().to_vec())));
    let files = pictures.chain([(String::from("facts.json"), Bytes::new(facts))]).collect();
    let desk = Desk { main, source: Source::new(main, template), files, today: dated };
    let document = typst::compile::<PagedDocument>(&desk).output;
    let document =
        document.map_err(|causes| PaperError(causes.iter().map(|cause| cause.message.as_str()).collect()))?;
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1]);
    let options = PdfOptions {
        ident: Smart::Custom(identity.to_owned()),
        creator: Smart::Custom(Some(String::from("Vicino"))),
        timestamp: None,
        standards: standards.map_err(|cause| fault(&cause.message()))?,
        ..PdfOptions::default()
    };
    let drawn = typst_pdf::pdf(&document, &options);
    // What Typst remembers of papers long drawn is let go: a program that draws all day must not grow.
    typst::comemo::evict(10);
    drawn.map_err(|causes| PaperError(causes.iter().map(|cause| cause.message.as_str()).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_is_printed_as_they_are_written() {
        let printed = |text: &str| {
            let mut value = Value::String(text.to_owned());
            make_printable(&mut value);
            value.as_str().unwrap().to_owned()
        };
        for name in [
            "Perché la città",
            "Đặng Văn Lâm",
            "Łukasz Brânză",
            "Ionuț Rață",
            "Παπαδόπουλος",
            "Мельник Юлія",
            "سميرة الحداد",
            "שרה לוי",
            "মোহাম্মদ রহমান",
            "हरप्रीत कौर",
            "ਹਰਪ੍ਰੀਤ ਕੌਰ",
            "ნინო ბერიძე",
            "Արամ",
            "ሰላም",
            "ශ්‍රී ලංකා",
            "தமிழ்",
            "ภาษาไทย",
            "1‑2 «€» №",
        ] {
            assert_eq!(printed(name), name);
        }
        // A letter and its mark are one, and what nobody sees prints nothing.
        assert_eq!(printed("Perche\u{301} la citta\u{300}"), "Perché la città");
        assert_eq!(printed("An\u{200b}na\u{ad} \u{202e}Berti\u{202c}"), "Anna Berti");
        // A mark that no typeface sets on this letter, such as another script's.
        assert_eq!(printed("a\u{e31} q\u{93f} \u{302}m\u{302}\u{e31}"), "a q \u{302}m\u{302}");
        for name in ["王小明 張偉", "山田 太郎 ヤマダ", "김철수 한글"] {
            assert_eq!(printed(name), name);
        }
        // No typeface here has these: they are written as they sound, and never as a question.
        assert!(!printed("\u{e123} 😀 𓀀 𠮷").contains('?') && printed("\u{e123}").contains("E123"));
    }
}
