//! Decodes within bounds, turns upright, scales down, encodes anew.

use std::io::Cursor;

use fast_image_resize::{FilterType, IntoImageView as _, ResizeAlg, ResizeOptions, Resizer, images::Image};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader, Limits, RgbImage};
use jpeg_encoder::{ColorType, Encoder};

use crate::scan::Grey;

use super::{Kind, MOST_PIXELS, PhotoError, QUALITY};

/// The JPEG, its width and its height.
pub(super) fn run(
    bytes: &[u8],
    kind: Kind,
    orientation: Orientation,
    longest_side: u32,
) -> Result<(Vec<u8>, u32, u32), PhotoError> {
    if kind == Kind::Jpeg && !has_end(bytes) {
        return Err(PhotoError::Broken);
    }
    // Scaled before it is turned, so that only the small picture is copied.
    let mut small = scale(decode(bytes, kind, MOST_PIXELS)?, longest_side)?;
    small.apply_orientation(orientation);
    let (width, height) = (small.width(), small.height());
    let mut jpeg = Vec::with_capacity(512 * 1024);
    let sides = u16::try_from(width).ok().zip(u16::try_from(height).ok());
    let (across, down) = sides.ok_or(PhotoError::TooLarge)?;
    let encoded = Encoder::new(&mut jpeg, QUALITY).encode(small.as_bytes(), across, down, ColorType::Rgb);
    encoded.map_err(|_| PhotoError::Broken)?;
    Ok((without_metadata(&jpeg), width, height))
}

/// The same pixels in grey.
pub(super) fn grey(bytes: &[u8], kind: Kind, (longest_side, most): (u32, u64)) -> Result<Grey, PhotoError> {
    let small = scale(decode(bytes, kind, most)?, longest_side)?.into_luma8();
    let (width, height) = small.dimensions();
    Ok(Grey { pixels: small.into_raw(), width, height })
}

/// The pixels, without transparency: what shows through is white, as on paper.
fn decode(bytes: &[u8], kind: Kind, most: u64) -> Result<DynamicImage, PhotoError> {
    let format = match kind {
        Kind::Jpeg => ImageFormat::Jpeg,
        Kind::Png => ImageFormat::Png,
        Kind::Webp => ImageFormat::WebP,
    };
    let reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut decoder = reader.into_decoder().map_err(told)?;
    let (width, height) = decoder.dimensions();
    let deep = decoder.color_type().bytes_per_pixel() > 4;
    if u64::from(width) * u64::from(height) > most || (deep && most < MOST_PIXELS) {
        return Err(PhotoError::TooLarge);
    }
    if width == 0 || height == 0 {
        return Err(PhotoError::Broken);
    }
    let mut limits = Limits::default();
    // Four bytes a pixel and the decoder's own needs.
    limits.max_alloc = Some(most * 8);
    decoder.set_limits(limits).map_err(told)?;
    let image = DynamicImage::from_decoder(decoder).map_err(told)?;
    Ok(DynamicImage::ImageRgb8(if image.color().has_alpha() { on_white(&image) } else { image.into_rgb8() }))
}

fn on_white(image: &DynamicImage) -> RgbImage {
    let pixels = image.to_rgba8();
    let mut paper = RgbImage::new(pixels.width(), pixels.height());
    for (to, from) in paper.pixels_mut().zip(pixels.pixels()) {
        let [red, green, blue, alpha] = from.0;
        let over = |colour: u8| {
            let sum = u32::from(colour) * u32::from(alpha) + 255 * (255 - u32::from(alpha));
            u8::try_from(sum / 255).unwrap_or(255)
        };
        to.0 = [over(red), over(green), over(blue)];
    }
    paper
}

fn scale(image: DynamicImage, longest_side: u32) -> Result<DynamicImage, PhotoError> {
    let (width, height) = (image.width(), image.height());
    let longest = width.max(height);
    if longest <= longest_side {
        return Ok(image);
    }
    let fit = |side: u32| {
        let scaled = u64::from(side) * u64::from(longest_side) / u64::from(longest);
        u32::try_from(scaled).unwrap_or(longest_side).max(1)
    };
    let (width, height) = (fit(width), fit(height));
    let pixels = image.pixel_type().ok_or(PhotoError::Broken)?;
    let mut small = Image::new(width, height, pixels);
    // Each pixel kept is the mean of those it stands for: as sharp as a screen shows, and the quickest on old phones.
    Resizer::new()
        .resize(&image, &mut small, &ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Box)))
        .map_err(|_| PhotoError::Broken)?;
    let small = RgbImage::from_raw(width, height, small.into_vec()).ok_or(PhotoError::Broken)?;
    Ok(DynamicImage::ImageRgb8(small))
}

fn told(fault: ImageError) -> PhotoError {
    match fault {
        ImageError::Limits(_) => PhotoError::TooLarge,
        ImageError::Unsupported(_) => PhotoError::NotAPicture,
        _ => PhotoError::Broken,
    }
}

/// Whether the pixels of a JPEG go on to an end-of-image mark: a file cut short on its way has none.
fn has_end(jpeg: &[u8]) -> bool {
    let mut rest = jpeg.get(2..).unwrap_or_default();
    while let [0xff, marker, high, low, ..] = rest {
        let length = 2 + usize::from(u16::from_be_bytes([*high, *low]));
        match rest.split_at_checked(length) {
            Some((_, after)) if *marker != 0xda => rest = after,
            Some((_, scan)) => {
                // From the end, where it nearly always is.
                return scan.windows(2).rev().any(|pair| pair == [0xff, 0xd9]);
            }
            None => return false,
        }
    }
    // Odd bytes between segments: the decoder knows better.
    true
}

/// Whether a JPEG is nothing but its pixels and the tables to read them: no APP1 to APP15 but a colour profile and Adobe's mark, no comment,
/// and nothing behind its end (ISO/IEC 10918-1, Annex B).
pub(super) fn is_bare(jpeg: &[u8]) -> bool {
    let mut rest = jpeg.get(2..).unwrap_or_default();
    while let [0xff, marker, high, low, ..] = rest {
        let length = 2 + usize::from(u16::from_be_bytes([*high, *low]));
        let Some((_, after)) = rest.split_at_checked(length) else { return false };
        match marker {
            // Pixels, to the end mark: what stands behind it belongs to no picture.
            0xda => return after.ends_with(&[0xff, 0xd9]) && ends(after) == 1,
            0xe0 | 0xe2 | 0xee => {}
            0xe1..=0xef | 0xfe => return false,
            _ => {}
        }
        rest = after;
    }
    false
}

/// End-of-image marks among the pixels: a stuffed byte (`ff 00`) and restarts are none.
fn ends(scan: &[u8]) -> usize {
    scan.windows(2).filter(|pair| *pair == [0xff, 0xd9]).count()
}

/// The file without APP0 to APP15 and COM segments (ISO/IEC 10918-1, Annex B): even the encoder's own JFIF mark goes.
fn without_metadata(jpeg: &[u8]) -> Vec<u8> {
    let mut clean = Vec::with_capacity(jpeg.len());
    let Some((start, mut rest)) = jpeg.split_at_checked(2) else { return jpeg.to_vec() };
    clean.extend_from_slice(start);
    while let [0xff, marker, high, low, ..] = rest {
        let length = 2 + usize::from(u16::from_be_bytes([*high, *low]));
        // From the start of the scan on there are pixels, no more segments to look at.
        let Some((segment, after)) = rest.split_at_checked(length).filter(|_| *marker != 0xda) else { break };
        if !matches!(marker, 0xe0..=0xef | 0xfe) {
            clean.extend_from_slice(segment);
        }
        rest = after;
    }
    clean.extend_from_slice(rest);
    clean
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::develop;

    fn png(width: u32, height: u32, alpha: u8) -> Vec<u8> {
        let image = image::RgbaImage::from_pixel(width, height, image::Rgba([10, 20, 30, alpha]));
        let mut bytes = Vec::new();
        image.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
        bytes
    }

    #[test]
    fn a_wide_picture_is_scaled_and_clean() {
        let done = develop(&png(3200, 800, 255)).unwrap();
        assert_eq!((done.width, done.height), (1600, 400));
        let back = image::load_from_memory(&done.jpeg).unwrap();
        assert_eq!((back.width(), back.height()), (1600, 400));
        assert!(!done.jpeg.windows(4).any(|window| window == b"JFIF" || window == b"Exif"));
    }

    #[test]
    fn a_photo_of_a_device_is_bare_and_anything_more_is_not() {
        let clean = develop(&png(640, 480, 255)).unwrap().jpeg;
        assert_eq!(crate::photo::is_clean(&clean), Ok(()));
        let segment = |marker: u8, content: &[u8]| {
            let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
            [&clean[..2], &[0xff, marker], &length, content, &clean[2..]].concat()
        };
        for (marker, content) in [(0xe1, b"Exif\0\0MM".as_slice()), (0xfe, b"a comment"), (0xed, b"Photoshop")] {
            assert_eq!(crate::photo::is_clean(&segment(marker, content)), Err(PhotoError::NotClean), "{marker:x}");
        }
        assert_eq!(crate::photo::is_clean(&segment(0xe0, b"JFIF\0")), Ok(()));
        assert_eq!(
            crate::photo::is_clean(&[&clean[..], b"<script>"].concat()),
            Err(PhotoError::NotClean),
            "behind its end"
        );
        assert_eq!(
            crate::photo::is_clean(&[&clean[..], &clean[..]].concat()),
            Err(PhotoError::NotClean),
            "another behind it"
        );
        assert_eq!(crate::photo::is_clean(b"<html>"), Err(PhotoError::NotAPicture));
        assert_eq!(crate::photo::is_clean(&png(4, 4, 255)), Err(PhotoError::NotAPicture));
        assert!(crate::photo::is_clean(&clean[..clean.len() / 2]).is_err());
    }

    #[test]
    fn a_sliver_keeps_a_pixel() {
        let done = develop(&png(4000, 1, 255)).unwrap();
        assert_eq!((done.width, done.height), (1600, 1));
    }

    #[test]
    fn what_shows_through_is_white() {
        let done = develop(&png(16, 16, 0)).unwrap();
        let back = image::load_from_memory(&done.jpeg).unwrap().into_rgb8();
        assert!(back.pixels().all(|pixel| pixel.0.iter().all(|colour| *colour > 250)));
    }

    #[test]
    fn too_much_is_refused_before_it_is_decoded() {
        // A PNG header that announces 60 000 × 60 000 pixels, with nothing behind it.
        let mut header = png(1, 1, 255);
        header[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
        header[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
        assert!(matches!(develop(&header), Err(PhotoError::TooLarge | PhotoError::Broken)));
        assert_eq!(develop(&vec![0xff; crate::photo::MOST_BYTES + 1]), Err(PhotoError::TooHeavy));
        assert_eq!(develop(&[]), Err(PhotoError::Empty));
    }

    #[test]
    fn a_file_cut_short_is_broken() {
        let whole = png(64, 64, 255);
        assert_eq!(develop(&whole[..whole.len() / 2]), Err(PhotoError::Broken));
    }
}
