//! The square codes in a picture or a paper: found, and read as text. Nothing leaves the device.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use hayro::{RenderCache, RenderSettings, render, vello_cpu};
use rxing::helpers::{detect_in_luma_with_hints, detect_multiple_in_luma_with_hints};
use rxing::{BarcodeFormat, DecodeHints};
use serde::{Deserialize, Serialize};
use vello_cpu::color::palette::css::WHITE;
use vicino_domain::media::is_pdf;

use crate::photo::{self, PhotoError};

/// A photo is looked at this large first, and as it is when nothing is found.
const FIRST: u32 = 1600;
/// How large it is looked at once more when something was found.
const SECOND: u32 = 3200;
/// Pages of a paper that are looked at, as far as the time goes.
const PAGES: usize = 60;
/// The time after which no further page is begun.
const TURNING: Duration = Duration::from_secs(7);
/// Another light on the same pixels.
type Light = fn(&[u8]) -> Vec<u8>;
/// The lights in which a picture is looked at when nothing is seen in its own.
const LIGHTS: [Light; 2] = [inverted, stretched];
/// A page is drawn this tall, in pixels: a code of 25 mm has six for each of its modules.
const TALL: f32 = 2400.0;
/// The largest paper looked at.
pub(crate) const MOST_PDF: usize = 20_000_000;

/// Places in one picture that look like a corner of a code: beyond them it is a pattern made to be looked at for ever. A page of codes has
/// some dozens.
const MOST_CORNERS: usize = 600;
/// The time that may be spent on one picture.
const PATIENCE: Duration = Duration::from_secs(6);

/// The code that is looked for. All of them are told that are seen: what is done with one of several is for whoever asked to choose.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Wanted {
    /// A signed word, as certificates carry.
    Certificate,
    /// A payment notice's.
    Payment,
    /// Any.
    Any,
}

impl Wanted {
    /// Returns whether a text begins as the one that is looked for.
    fn fits(self, text: &str) -> bool {
        match self {
            // The head of every signed word, in base64.
            Self::Certificate => text.starts_with("eyJ"),
            Self::Payment => text.starts_with("PAGOPA|") || text.starts_with("codfase="),
            Self::Any => true,
        }
    }
}

/// The codes that were seen in a file, by their texts.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Codes {
    /// Each text once, in the order it was met.
    pub texts: Vec<String>,
    /// Every page was looked at, to its end: none was left out for its number, its size or the time it asked for.
    pub whole: bool,
}

/// The codes in a picture that somebody nobody knows has brought: a paper is none, and a large picture neither.
///
/// # Errors
/// [`PhotoError`] when it is no such picture, or asks for too much.
pub fn strangers_codes(bytes: &[u8], wanted: Wanted) -> Result<Codes, PhotoError> {
    if is_pdf(bytes) {
        return Err(PhotoError::NotAPicture);
    }
    sheltered(|| in_picture(bytes, |text| wanted.fits(text), photo::STRANGERS_PIXELS))
}

/// The codes in a file, a picture or a PDF, by their texts: also when another code stands beside the wanted one, or on a page before it.
///
/// # Errors
/// [`PhotoError`] when it is neither, or cannot be opened; [`PhotoError::TooMuch`] when no code is wanted that was seen, and not all of it was
/// looked at.
pub fn codes(bytes: &[u8], wanted: Wanted) -> Result<Codes, PhotoError> {
    let paper = is_pdf(bytes);
    if paper && bytes.len() > MOST_PDF {
        return Err(PhotoError::TooHeavy);
    }
    let wanted = |text: &str| wanted.fits(text);
    let most = Most { pages: PAGES, time: TURNING };
    sheltered(|| {
        if paper { in_paper(bytes.to_vec(), wanted, most) } else { in_picture(bytes, wanted, photo::MOST_PIXELS) }
    })
}

/// A paper or a picture comes from anywhere: whatever it does to the program that reads it ends here.
fn sheltered(read: impl FnOnce() -> Result<Codes, PhotoError>) -> Result<Codes, PhotoError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or(Err(PhotoError::Broken))
}

fn in_picture(bytes: &[u8], wanted: impl Fn(&str) -> bool, most: u64) -> Result<Codes, PhotoError> {
    let small = photo::grey(bytes, (FIRST, most))?;
    let (mut found, mut whole) = in_lights(&small);
    if most < photo::MOST_PIXELS && !found.is_empty() {
        // Of a stranger one look is enough.
        return Ok(Codes { texts: found, whole: false });
    }
    // Another may be smaller: looked for once more, and not in every pixel of a large photo.
    let again = if found.iter().any(|text| wanted(text)) { SECOND } else { u32::MAX };
    // The code may be a small part of a large photo.
    let large = photo::grey(bytes, (again, most))?;
    if large.width > small.width {
        let (seen, to_the_end) = in_lights(&large);
        add(&mut found, seen);
        whole &= to_the_end;
    }
    told(found, whole, wanted)
}

/// What is told of the codes that were seen: nobody may say that there is no such code where not all of it was looked at.
fn told(texts: Vec<String>, whole: bool, wanted: impl Fn(&str) -> bool) -> Result<Codes, PhotoError> {
    if whole || texts.iter().any(|text| wanted(text)) { Ok(Codes { texts, whole }) } else { Err(PhotoError::TooMuch) }
}

/// A picture in grey.
pub(crate) struct Grey {
    pub(crate) pixels: Vec<u8>,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// Adds what was not seen before.
fn add(found: &mut Vec<String>, more: Vec<String>) {
    more.into_iter().for_each(|text| {
        if !found.contains(&text) {
            found.push(text);
        }
    });
}

/// The codes of a picture; where there is none, those that show in another light: light on dark, as on a screen at night, or faint. A picture
/// that was not worth one look is not worth another. Also whether it was looked at to the end.
fn in_lights(grey: &Grey) -> (Vec<String>, bool) {
    let mut found = Vec::new();
    let (seen, mut worth) = in_grey(grey);
    add(&mut found, seen);
    for light in LIGHTS {
        if !found.is_empty() || !worth {
            break;
        }
        let pixels = light(&grey.pixels);
        let (seen, still) = in_grey(&Grey { pixels, width: grey.width, height: grey.height });
        add(&mut found, seen);
        worth = still;
    }
    (found, worth)
}

/// Dark where it was light.
fn inverted(pixels: &[u8]) -> Vec<u8> {
    pixels.iter().map(|pixel| 255 - pixel).collect()
}

/// The darkest made black and its lightest white, but for the hundredth part that is darker or lighter still.
fn stretched(pixels: &[u8]) -> Vec<u8> {
    let mut counts = [0_usize; 256];
    for pixel in pixels {
        if let Some(count) = counts.get_mut(usize::from(*pixel)) {
            *count += 1;
        }
    }
    let share = pixels.len() / 100;
    let edge = |backwards: bool| {
        let mut passed = 0;
        let values = (0..=255_u8).map(|value| if backwards { 255 - value } else { value });
        let mut values = values.skip_while(|value| {
            passed += counts.get(usize::from(*value)).copied().unwrap_or_default();
            passed <= share
        });
        values.next()
    };
    let (low, high) = (edge(false).unwrap_or(0), edge(true).unwrap_or(255));
    let range = u32::from(high.saturating_sub(low)).max(1);
    let stretch = |pixel: &u8| {
        let above = u32::from(pixel.saturating_sub(low)) * 255 / range;
        u8::try_from(above).unwrap_or(255)
    };
    pixels.iter().map(stretch).collect()
}

/// The codes of a picture as it is, and whether it was looked at to the end.
fn in_grey(grey: &Grey) -> (Vec<String>, bool) {
    let mut hints = DecodeHints {
        PossibleFormats: Some([BarcodeFormat::QR_CODE, BarcodeFormat::DATA_MATRIX].into()),
        TryHarder: Some(true),
        ..DecodeHints::default()
    };
    let (width, height) = (grey.width, grey.height);
    let mut texts = Vec::new();
    let mut worth = within_reason(&mut hints, |hints| {
        let all = detect_multiple_in_luma_with_hints(grey.pixels.clone(), width, height, hints).unwrap_or_default();
        texts.extend(all.iter().map(|code| code.getText().to_owned()));
    });
    if texts.is_empty() && worth {
        worth = within_reason(&mut hints, |hints| {
            let one = detect_in_luma_with_hints(grey.pixels.clone(), width, height, None, hints);
            texts.extend(one.ok().map(|code| code.getText().to_owned()));
        });
    }
    (texts, worth)
}

/// Looks as long as the picture is worth it; whether it was, to the end. The detector tells of each corner it believes in, and has no other
/// bound: its work grows with the cube of their number.
fn within_reason(hints: &mut DecodeHints, look: impl FnOnce(&mut DecodeHints)) -> bool {
    let (corners, begun) = (AtomicUsize::new(0), Instant::now());
    hints.NeedResultPointCallback = Some(Arc::new(move |_| {
        if corners.fetch_add(1, Ordering::Relaxed) > MOST_CORNERS || begun.elapsed() > PATIENCE {
            // Out of the detector, which knows no other way to be stopped; no panic, and nobody is told of one.
            resume_unwind(Box::new(()));
        }
    }));
    // What was found before is kept.
    catch_unwind(AssertUnwindSafe(|| look(hints))).is_ok()
}

/// Opens a paper; one that a word locks is told apart from one that is broken.
pub(crate) fn open_paper(bytes: Vec<u8>) -> Result<Pdf, PhotoError> {
    Pdf::new(bytes).map_err(|why| match why {
        LoadPdfError::Decryption(_) => PhotoError::Locked,
        LoadPdfError::Invalid => PhotoError::Broken,
    })
}

/// The most of a paper that is looked at.
#[derive(Clone, Copy)]
struct Most {
    pages: usize,
    time: Duration,
}

fn in_paper(bytes: Vec<u8>, wanted: impl Fn(&str) -> bool, most: Most) -> Result<Codes, PhotoError> {
    let paper = open_paper(bytes)?;
    let (cache, settings) = (RenderCache::new(), InterpreterSettings::default());
    let (mut texts, begun) = (Vec::new(), Instant::now());
    let (pages, mut whole) = (paper.pages(), true);
    for (turned, page) in pages.iter().enumerate() {
        if turned >= most.pages || begun.elapsed() > most.time {
            whole = false;
            break;
        }
        let (width, height) = page.render_dimensions();
        // A page of no size, or one that no screen could hold.
        if !(1.0..=20_000.0).contains(&width) || !(1.0..=20_000.0).contains(&height) {
            whole = false;
            continue;
        }
        let scale = TALL / height.max(width);
        let drawing = RenderSettings { x_scale: scale, y_scale: scale, bg_color: WHITE, ..RenderSettings::default() };
        let drawn = render(page, &cache, &settings, &drawing);
        let pixels = drawn.data_as_u8_slice().chunks_exact(4).map(|pixel| match pixel {
            [red, green, blue, _] => {
                let sum = u32::from(*red) * 299 + u32::from(*green) * 587 + u32::from(*blue) * 114;
                u8::try_from(sum / 1000).unwrap_or(255)
            }
            _ => 255,
        });
        let pixels: Vec<u8> = pixels.collect();
        // An empty page, such as a sheet's other side.
        if pixels.iter().all(|pixel| Some(pixel) == pixels.first()) {
            continue;
        }
        let (width, height) = (u32::from(drawn.width()), u32::from(drawn.height()));
        let (seen, to_the_end) = in_lights(&Grey { pixels, width, height });
        add(&mut texts, seen);
        whole &= to_the_end;
    }
    told(texts, whole, wanted)
}

#[cfg(test)]
mod tests;
