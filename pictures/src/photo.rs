//! Photos made fit to send: recognised by their bytes, upright, no wider than needed, with nothing written into them.
//!
//! What the camera wrote (place and time) is read *before* and offered to the resident; the file that is kept is
//! encoded anew and holds no metadata segment at all.

mod camera;
mod develop;
mod jpeg;
#[cfg(test)]
mod noise;
mod sniff;
mod xmp;

use crate::scan::Grey;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use vicino_domain::Point;

pub use sniff::{Kind, sniff};

/// Largest file taken in, in bytes.
pub const MOST_BYTES: usize = vicino_domain::media::MOST_PHOTO_BYTES as usize;
/// Most pixels taken in whole: a "50 megapixel" telephone makes 8192 × 6144.
pub const MOST_PIXELS: u64 = 52_000_000;
/// Most pixels of a JPEG, which is read scaled when it is larger than that.
pub const MOST_SCALED: u64 = 120_000_000;
/// Longest side of what is kept, in pixels.
pub const LONGEST_SIDE: u32 = 1600;
/// Longest side of a picture of a paper, in pixels: small print must stay readable.
pub const LONGEST_PAPER: u32 = 2400;
/// JPEG quality of what is kept.
pub const QUALITY: u8 = 80;

/// Why a file is no photo for us.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error, Serialize, Deserialize)]
pub enum PhotoError {
    /// No bytes at all.
    #[error("empty")]
    Empty,
    /// None of the kinds read here.
    #[error("not a picture")]
    NotAPicture,
    /// HEIC, HEIF or AVIF.
    #[error("HEIC")]
    Heic,
    /// Begins as a picture and cannot be read to the end.
    #[error("broken")]
    Broken,
    /// More than [`MOST_BYTES`].
    #[error("too many bytes")]
    TooHeavy,
    /// More than [`MOST_PIXELS`].
    #[error("too many pixels")]
    TooLarge,
    /// A paper that only a word opens.
    #[error("locked")]
    Locked,
    /// It asks for more time or memory than a look may cost.
    #[error("too much work")]
    TooMuch,
    /// Another look is not done yet.
    #[error("still looking at another")]
    StillLooking,
    /// Nothing can be looked at now: the program or thread that looks does not start.
    #[error("nothing to look with")]
    NotLooked,
    /// A photo with something written into it beside its pixels: who took it, where, with what.
    #[error("not clean")]
    NotClean,
}

/// The facts the camera had written into the file.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Written {
    /// Where it was taken.
    pub point: Option<Point>,
    /// The error of that, in metres.
    pub accuracy: Option<f64>,
    /// When, by the camera's clock, `YYYY-MM-DD HH:MM:SS` without zone.
    pub taken: Option<String>,
}

/// A photo ready to be kept and sent.
#[derive(Clone, PartialEq, Debug)]
pub struct Developed {
    /// A JPEG with no metadata.
    pub jpeg: Vec<u8>,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// The facts the camera had written.
    pub written: Written,
}

/// Makes a file fit to send.
///
/// # Errors
/// [`PhotoError`], one sentence each; the file itself is never touched.
pub fn develop(bytes: &[u8]) -> Result<Developed, PhotoError> {
    develop_to(bytes, LONGEST_SIDE)
}

/// Makes a picture of a paper fit to send: larger than a photo, and as clean.
///
/// # Errors
/// [`PhotoError`], one sentence each; the file itself is never touched.
pub fn develop_paper(bytes: &[u8]) -> Result<Vec<u8>, PhotoError> {
    develop_to(bytes, LONGEST_PAPER).map(|developed| developed.jpeg)
}

/// The most pixels of a picture from a caller who has not signed in, 8 bits each: as many as a phone's camera makes.
pub const STRANGERS_PIXELS: u64 = 13_000_000;

/// Returns whether this is a photo as devices send them: a JPEG of the size devices make, which opens, and holds nothing beside its pixels.
///
/// # Errors
/// [`PhotoError`]: what it is instead.
pub fn is_clean(bytes: &[u8]) -> Result<(), PhotoError> {
    if bytes.is_empty() {
        return Err(PhotoError::Empty);
    }
    if sniff(bytes)? != Kind::Jpeg {
        return Err(PhotoError::NotAPicture);
    }
    if !jpeg::is_bare(bytes) {
        return Err(PhotoError::NotClean);
    }
    develop::grey(bytes, Kind::Jpeg, (LONGEST_PAPER, STRANGERS_PIXELS)).map(drop)
}

/// A picture in grey, upright or not, at most this long and of so many pixels: for eyes that look for codes.
pub(crate) fn grey(bytes: &[u8], (longest_side, most): (u32, u64)) -> Result<Grey, PhotoError> {
    if bytes.is_empty() {
        return Err(PhotoError::Empty);
    }
    if bytes.len() > MOST_BYTES {
        return Err(PhotoError::TooHeavy);
    }
    develop::grey(bytes, sniff(bytes)?, (longest_side, most))
}

fn develop_to(bytes: &[u8], longest_side: u32) -> Result<Developed, PhotoError> {
    if bytes.is_empty() {
        return Err(PhotoError::Empty);
    }
    if bytes.len() > MOST_BYTES {
        return Err(PhotoError::TooHeavy);
    }
    let kind = sniff(bytes)?;
    let (orientation, written) = camera::read(bytes);
    let (jpeg, width, height) = develop::run(bytes, kind, orientation, longest_side)?;
    Ok(Developed { jpeg, width, height, written })
}
