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

/// Whether this program draws PDF.
pub(crate) const DRAWS: bool = true;

/// What every paper shares.
struct Types {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

static TYPES: LazyLock<Types> = LazyLock::new(|| {
    let files: [&'static [u8]; 2] = [
        include_bytes!("../../assets/fonts/TitilliumWeb-Regular.ttf"),
        include_bytes!("../../assets/fonts/TitilliumWeb-Bold.ttf"),
    ];
    let fonts: Vec<Font> = files.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect();
    Types { library: LazyHash::new(Library::default()), book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts }
});

/// One paper's world.
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

/// What no typeface here has cannot stand on an archive's paper: a sign takes its place, so that the paper is drawn whatever somebody
/// is called.
fn make_printable(facts: &mut Value) {
    match facts {
        Value::String(text) => {
            let covered =
                |letter: char| TYPES.fonts.iter().any(|font| font.info().coverage.contains(u32::from(letter)));
            let printed = |letter: char| match letter {
                letter if covered(letter) && !letter.is_control() => letter,
                letter if letter.is_whitespace() || letter.is_control() => ' ',
                _ => '?',
            };
            *text = text.chars().map(printed).collect();
        }
        Value::Array(all) => all.iter_mut().for_each(make_printable),
        Value::Object(fields) => fields.values_mut().for_each(make_printable),
        _ => {}
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
    let facts = serde_json::to_vec(&facts).map_err(|cause| fault(&cause))?;
    let path = VirtualPath::new("paper.typ").map_err(|cause| PaperError(format!("{cause:?}")))?;
    let main = RootedPath::new(VirtualRoot::Project, path).intern();
    let pictures = pictures.iter().map(|(name, svg)| ((*name).to_owned(), Bytes::new(svg.as_bytes().to_vec())));
    let files = pictures.chain([(String::from("facts.json"), Bytes::new(facts))]).collect();
    let desk = Desk { main, source: Source::new(main, template.to_owned()), files, today: dated };
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
