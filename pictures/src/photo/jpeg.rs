//! What a JPEG is made of (ISO/IEC 10918-1, Annex B): its segments, where its pixels end, and whether all of them are there.

use std::io::Cursor;

use image::{DynamicImage, GrayImage, RgbImage};
use jpeg_decoder::PixelFormat;
use zune_core::bytestream::ZCursor;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use super::{LONGEST_PAPER, MOST_PIXELS, MOST_SCALED, PhotoError};

/// Start of image.
const SOI: u8 = 0xd8;
/// End of image.
const EOI: u8 = 0xd9;
/// Start of scan: behind its head come pixels.
const SOS: u8 = 0xda;

/// A piece of a JPEG.
enum Piece<'a> {
    /// A segment with its marker, its length and what it holds.
    Segment(u8, &'a [u8]),
    /// Pixels, up to the next marker.
    Pixels(&'a [u8]),
    /// The end mark; what stands behind it.
    End(&'a [u8]),
}

/// The pieces of the first image of a file, in their order, as far as they are what the standard says.
struct Pieces<'a> {
    rest: &'a [u8],
    in_scan: bool,
}

impl<'a> Pieces<'a> {
    fn of(jpeg: &'a [u8]) -> Self {
        Self { rest: jpeg.strip_prefix(&[0xff, SOI]).unwrap_or_default(), in_scan: false }
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        if std::mem::take(&mut self.in_scan) {
            let end = marker_at(self.rest).unwrap_or(self.rest.len());
            let (pixels, after) = self.rest.split_at_checked(end)?;
            self.rest = after;
            return Some(Piece::Pixels(pixels));
        }
        // Any number of fill bytes may stand before a marker (B.1.1.2).
        while let [0xff, 0xff, ..] = self.rest {
            self.rest = self.rest.get(1..)?;
        }
        match *self.rest {
            [0xff, EOI, ref after @ ..] => {
                self.rest = &[];
                Some(Piece::End(after))
            }
            // Another image begins where this one has no end.
            [0xff, SOI, ..] => None,
            [0xff, marker, high, low, ..] => {
                let length = 2 + usize::from(u16::from_be_bytes([high, low]));
                let (segment, after) = self.rest.split_at_checked(length)?;
                self.rest = after;
                self.in_scan = marker == SOS;
                Some(Piece::Segment(marker, segment))
            }
            _ => None,
        }
    }
}

/// Where a marker stands among pixels: neither a stuffed byte (`ff 00`), nor a restart, nor fill.
fn marker_at(pixels: &[u8]) -> Option<usize> {
    pixels.windows(2).position(|pair| matches!(pair, [0xff, marker] if !matches!(marker, 0 | 0xd0..=0xd7 | 0xff)))
}

/// Returns whether every row of a JPEG is there. A file cut short on its way has no end mark, and what follows in its place is another's; but some
/// cameras write none either, and then each row is looked for.
pub(super) fn is_whole(jpeg: &[u8]) -> bool {
    let (mut pieces, mut taken) = (Pieces::of(jpeg), 2);
    while let Some(piece) = pieces.next() {
        if matches!(piece, Piece::End(_)) {
            return true;
        }
        taken = jpeg.len() - pieces.rest.len();
    }
    let Some(image) = jpeg.get(..taken) else { return false };
    let options = DecoderOptions::default().set_strict_mode(true).set_max_width(65_500).set_max_height(65_500);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(image), options);
    // Before anything of that size is made: a few bytes announce as many pixels as they like.
    let pixels = decoder.decode_headers().ok().and_then(|()| decoder.info());
    let pixels = pixels.map_or(u64::MAX, |info| u64::from(info.width) * u64::from(info.height));
    match pixels {
        // Read scaled, by a reader that says itself when rows are missing; or not at all.
        MOST_PIXELS.. => pixels <= MOST_SCALED,
        _ => decoder.decode().is_ok(),
    }
}

/// A picture too large to be read whole, read at a half, a quarter or an eighth of its size.
pub(super) fn scaled(jpeg: &[u8]) -> Result<DynamicImage, PhotoError> {
    // One that comes in several passes is held whole while it is read (SOF2), whatever is made of it.
    if Pieces::of(jpeg).any(|piece| matches!(piece, Piece::Segment(0xc2, _))) {
        return Err(PhotoError::TooLarge);
    }
    let mut decoder = jpeg_decoder::Decoder::new(Cursor::new(jpeg));
    let side = u16::try_from(LONGEST_PAPER).unwrap_or(u16::MAX);
    decoder.scale(side, side).map_err(|_| PhotoError::Broken)?;
    let pixels = decoder.decode().map_err(|_| PhotoError::Broken)?;
    let info = decoder.info().ok_or(PhotoError::Broken)?;
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    let image = match info.pixel_format {
        PixelFormat::L8 => GrayImage::from_raw(width, height, pixels).map(DynamicImage::ImageLuma8),
        PixelFormat::RGB24 => RgbImage::from_raw(width, height, pixels).map(DynamicImage::ImageRgb8),
        PixelFormat::L16 | PixelFormat::CMYK32 => return Err(PhotoError::TooLarge),
    };
    Ok(DynamicImage::ImageRgb8(image.ok_or(PhotoError::Broken)?.into_rgb8()))
}

/// Returns whether a JPEG is nothing but its pixels and the tables to read them: no APP1 to APP15 but a colour profile and Adobe's mark, no comment,
/// and nothing behind its end.
pub(super) fn is_bare(jpeg: &[u8]) -> bool {
    for piece in Pieces::of(jpeg) {
        match piece {
            Piece::Segment(0xe0 | 0xe2 | 0xee, _) | Piece::Pixels(_) => {}
            Piece::Segment(0xe1..=0xef | 0xfe, _) => return false,
            Piece::Segment(..) => {}
            Piece::End(behind) => return behind.is_empty(),
        }
    }
    false
}

/// The file without APP0 to APP15 and COM segments: even the encoder's own JFIF mark goes.
pub(super) fn without_metadata(jpeg: &[u8]) -> Vec<u8> {
    let mut clean = Vec::with_capacity(jpeg.len());
    clean.extend_from_slice(&[0xff, SOI]);
    for piece in Pieces::of(jpeg) {
        match piece {
            Piece::Segment(0xe0..=0xef | 0xfe, _) => {}
            Piece::Segment(_, bytes) | Piece::Pixels(bytes) => clean.extend_from_slice(bytes),
            Piece::End(_) => clean.extend_from_slice(&[0xff, EOI]),
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::{develop, noise};

    /// A photo of a device's own making: whole, with nothing in it.
    fn photo() -> Vec<u8> {
        develop(&noise::png(320, 240)).unwrap().jpeg
    }

    /// The same with fill bytes before each marker, or before the first, or before the pixels'.
    fn filled(jpeg: &[u8], before: impl Fn(usize, u8) -> bool) -> Vec<u8> {
        let mut bytes = vec![0xff, SOI];
        for (at, piece) in Pieces::of(jpeg).enumerate() {
            match piece {
                Piece::Segment(marker, segment) => {
                    if before(at, marker) {
                        bytes.extend_from_slice(&[0xff, 0xff, 0xff]);
                    }
                    bytes.extend_from_slice(segment);
                }
                Piece::Pixels(pixels) => bytes.extend_from_slice(pixels),
                Piece::End(_) => bytes.extend_from_slice(&[0xff, EOI]),
            }
        }
        bytes
    }

    #[test]
    fn fill_bytes_stand_before_any_marker() {
        let jpeg = photo();
        for odd in
            [filled(&jpeg, |_, _| true), filled(&jpeg, |at, _| at == 0), filled(&jpeg, |_, marker| marker == SOS)]
        {
            assert!(odd.len() > jpeg.len() && is_whole(&odd) && is_bare(&odd));
            assert!(develop(&odd).is_ok());
        }
    }

    #[test]
    fn a_photo_without_its_end_mark_is_whole_when_every_row_is_there() {
        let jpeg = photo();
        let open = &jpeg[..jpeg.len() - 2];
        assert!(is_whole(open) && develop(open).is_ok());
        // A maker's own words behind the pixels, and no end.
        let trailer = [open, b"\0\0\x01\x0a\x0e\0\0\0Image_UTC_Data1700000000000SEFHk\0\0\0SEFT"].concat();
        assert!(is_whole(&trailer) && develop(&trailer).is_ok());
    }

    /// A head that announces 65 500 × 65 500 pixels, and no end: nothing of that size is made.
    #[test]
    fn a_small_file_that_announces_gigabytes_is_refused_before_they_are_made() {
        let mut jpeg = photo();
        let frame = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
        jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff, 0xdc, 0xff, 0xdc]);
        let open = &jpeg[..jpeg.len() - 2];
        assert!(!is_whole(open));
        assert!(matches!(develop(open).map(drop), Err(PhotoError::Broken | PhotoError::TooLarge)));
    }

    #[test]
    fn a_photo_that_is_cut_is_broken_whatever_follows() {
        let jpeg = photo();
        for part in [3, 5, 8] {
            let cut = &jpeg[..jpeg.len() * part / 10];
            assert_eq!(develop(cut).map(drop), Err(PhotoError::Broken), "{part} tenths");
            assert_eq!(
                develop(&[cut, &jpeg].concat()).map(drop),
                Err(PhotoError::Broken),
                "{part} tenths, and another"
            );
        }
        // Two in one file, as some telephones write them (CIPA DC-007): the first is the photo.
        assert!(develop(&[jpeg.as_slice(), &jpeg].concat()).is_ok());
    }
}
