//! What a PDF says, read from its own text: for eyes that do not see pages, and for screens too narrow for them.
//!
//! Letters come in the order they are drawn in, which in a tagged paper is the order they are read in (PDF/UA-1, ISO 14289-1, 7.1).

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use hayro::hayro_interpret::font::Glyph;
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, GlyphDrawMode, Image, InterpreterCache, InterpreterSettings, Paint,
    PathDrawMode, SoftMask, TransformExt as _, interpret_page,
};
use hayro::vello_cpu::kurbo::{Affine, BezPath, Point, Rect, Shape as _};

use crate::photo::PhotoError;
use crate::scan::MOST_PDF;

/// Stands in for a typeface that a paper does not bring.
const TYPEFACE: &[u8] = include_bytes!("../../assets/fonts/TitilliumWeb-Regular.ttf");
/// Pages that are read: a longer paper is opened in a reader of its own.
const PAGES: usize = 50;
/// The most letters kept of all pages together.
const MOST_LETTERS: usize = 400_000;
/// A gap wider than this, in letter heights, stands for a space that the paper does not spell out.
const SPACE: f64 = 0.25;
/// A step down of this, in letter heights, begins a line.
const LINE: f64 = 0.5;

/// Lines no further apart than this, in letter heights, may be of one paragraph.
const CLOSE: f64 = 1.6;
/// A line that comes this near to the edge of the text goes on in the next one.
const FULL: f64 = 0.8;

/// What the pages of a PDF say, paragraph by paragraph. A page that is only a picture says nothing.
///
/// # Errors
/// [`PhotoError`] when it is no PDF that opens.
pub fn pages(pdf: &[u8]) -> Result<Vec<Vec<String>>, PhotoError> {
    if pdf.len() > MOST_PDF {
        return Err(PhotoError::TooHeavy);
    }
    // A paper comes from anywhere: whatever it does to the program that reads it ends here.
    let read = catch_unwind(AssertUnwindSafe(|| read(pdf.to_vec())));
    read.unwrap_or(Err(PhotoError::Broken))
}

fn read(pdf: Vec<u8>) -> Result<Vec<Vec<String>>, PhotoError> {
    let paper = crate::scan::open_paper(pdf)?;
    let cache = InterpreterCache::new();
    let mut left = MOST_LETTERS;
    let mut pages = Vec::new();
    for page in paper.pages().iter().take(PAGES) {
        let (width, height) = page.render_dimensions();
        let edge = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let turned = page.initial_transform(true).to_kurbo();
        // Many papers name a typeface and do not bring it: another tells the same letters.
        let settings = InterpreterSettings {
            font_resolver: Arc::new(|_| Some((Arc::new(TYPEFACE), 0))),
            ..InterpreterSettings::default()
        };
        let mut context = Context::new(turned, edge, &cache, page.xref(), settings);
        let mut reader = Reader { lines: Vec::new(), line: String::new(), begun: None, last: None, left };
        interpret_page(page, &mut context, &mut reader);
        reader.end_line();
        left = reader.left;
        pages.push(paragraphs(reader.lines));
    }
    Ok(pages)
}

/// A line as it stands on the page.
struct Line {
    text: String,
    at: Point,
    right: f64,
    height: f64,
}

/// Lines that were broken only for want of room are one again.
fn paragraphs(lines: Vec<Line>) -> Vec<String> {
    let edge = lines.iter().map(|line| line.right).fold(0.0, f64::max);
    let mut all: Vec<String> = Vec::new();
    let mut above: Option<Line> = None;
    for line in lines {
        let goes_on = above.as_ref().is_some_and(|above| {
            let (down, tall) = (line.at.y - above.at.y, above.height);
            (0.0..=CLOSE * tall).contains(&down)
                && (line.height - tall).abs() < tall / 10.0
                && (line.at.x - above.at.x).abs() < tall
                && above.right > FULL * edge
        });
        match all.last_mut().filter(|_| goes_on) {
            Some(paragraph) => {
                paragraph.push(' ');
                paragraph.push_str(&line.text);
            }
            None => all.push(line.text.clone()),
        }
        above = Some(line);
    }
    all
}

/// Where the last letter stood.
struct Stood {
    at: Point,
    right: f64,
    height: f64,
    text: String,
}

/// Listens to what is drawn, and keeps its letters.
struct Reader {
    lines: Vec<Line>,
    line: String,
    /// Where the line began.
    begun: Option<Point>,
    last: Option<Stood>,
    left: usize,
}

impl Reader {
    fn end_line(&mut self) {
        let text = self.line.split_whitespace().collect::<Vec<_>>().join(" ");
        if let (false, Some(at), Some(last)) = (text.is_empty(), self.begun, &self.last) {
            self.lines.push(Line { text, at, right: last.right, height: last.height });
        }
        self.line.clear();
        self.begun = None;
    }

    fn hear(&mut self, text: &str, at: Point, width: f64, height: f64) {
        if let Some(last) = &self.last {
            // Filled and then outlined, a letter is drawn twice in its place.
            if last.text == text && last.at.distance(at) < 0.01 {
                return;
            }
            let tall = last.height.max(height).max(0.1);
            if (last.at.y - at.y).abs() > LINE * tall || at.x < last.at.x - tall {
                self.end_line();
            } else if at.x - last.right > SPACE * tall {
                self.line.push(' ');
            }
        }
        self.begun.get_or_insert(at);
        let taken: String = text.chars().filter(|letter| !letter.is_control()).take(self.left).collect();
        self.left -= taken.chars().count();
        self.line.push_str(&taken);
        self.last = Some(Stood { at, right: at.x + width, height, text: text.to_owned() });
    }
}

impl<'a> Device<'a> for Reader {
    fn draw_glyph(&mut self, glyph: &Glyph<'a>, page: Affine, own: Affine, _: &Paint<'a>, _: &GlyphDrawMode) {
        let Some(said) = glyph.as_unicode() else { return };
        let whole = page * own;
        let at = whole.translation().to_point();
        // A glyph's outline is given for letters a thousand units tall.
        let scale = whole.determinant().abs().sqrt();
        let width = match glyph {
            Glyph::Outline(outline) => outline.outline().bounding_box().x1.max(0.0) * scale,
            Glyph::Type3(_) => 0.0,
        };
        let text = match said {
            BfString::Char(letter) => letter.to_string(),
            BfString::String(text) => text,
        };
        self.hear(&text, at, width, scale * 1000.0);
    }

    fn set_soft_mask(&mut self, _: Option<SoftMask<'a>>) {}
    fn set_blend_mode(&mut self, _: BlendMode) {}
    fn draw_path(&mut self, _: &BezPath, _: Affine, _: &Paint<'a>, _: &PathDrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'a, '_>, _: Affine) {}
    fn pop_clip_path(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A page with these lines, as the smallest PDF there can be.
    fn paper(lines: &[&str]) -> Vec<u8> {
        let text: String = lines.iter().map(|line| format!("({line}) Tj 0 -16 Td ")).collect();
        let content = format!("BT /F1 12 Tf 72 720 Td {text}ET");
        let objects = [
            String::from("<</Type/Catalog/Pages 2 0 R>>"),
            String::from("<</Type/Pages/Kids[3 0 R]/Count 1>>"),
            String::from(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
            ),
            format!("<</Length {}>>stream\n{content}\nendstream", content.len()),
            String::from("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"),
        ];
        let mut pdf = b"%PDF-1.4\n".to_vec();
        let mut places = Vec::new();
        for (n, object) in objects.iter().enumerate() {
            places.push(pdf.len());
            pdf.extend(format!("{} 0 obj\n{object}\nendobj\n", n + 1).into_bytes());
        }
        let table = pdf.len();
        let rows: String = places.iter().map(|place| format!("{place:010} 00000 n \n")).collect();
        let tail =
            format!("xref\n0 6\n0000000000 65535 f \n{rows}trailer<</Size 6/Root 1 0 R>>\nstartxref\n{table}\n%%EOF");
        pdf.extend(tail.into_bytes());
        pdf
    }

    #[test]
    fn a_page_reads_as_its_lines() {
        let said =
            pages(&paper(&["Oggetto: domanda", "La domanda  n. 12, presentata il giorno 12 marzo,", "e accolta."]))
                .unwrap();
        assert_eq!(said, [["Oggetto: domanda", "La domanda n. 12, presentata il giorno 12 marzo, e accolta."]]);
        assert_eq!(pages(&paper(&[])).unwrap(), [Vec::<String>::new()], "nothing is on it");
        assert_eq!(pages(b"%PDF-1.7 and nothing after it"), Err(PhotoError::Broken));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn no_bytes_make_it_fall(at in 0usize..600, byte in any::<u8>()) {
            let mut broken = paper(&["Si comunica che"]);
            let at = at % broken.len();
            broken[at] = byte;
            // Beneath the shelter, where a fall would show.
            let _ = read(broken);
        }
    }
}
