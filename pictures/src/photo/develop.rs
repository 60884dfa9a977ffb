//! Decodes within bounds, turns upright, scales down, encodes anew.

use std::io::Cursor;

use fast_image_resize::{FilterType, IntoImageView as _, ResizeAlg, ResizeOptions, Resizer, images::Image};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader, Limits, RgbImage};
use jpeg_encoder::{ColorType, Encoder};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

use crate::scan::Grey;

use super::{Kind, MOST_PIXELS, MOST_SCALED, PhotoError, QUALITY, jpeg};

/// The bytes of a pixel: red, green, blue, and how much shows through.
const BYTES: u8 = 4;

/// The largest colour profile that is read, in bytes: a table of every colour is smaller.
const MOST_PROFILE: usize = 2_000_000;

/// The JPEG, its width and its height.
pub(super) fn run(
    bytes: &[u8],
    kind: Kind,
    orientation: Orientation,
    longest_side: u32,
) -> Result<(Vec<u8>, u32, u32), PhotoError> {
    if kind == Kind::Jpeg && !jpeg::is_whole(bytes) {
        return Err(PhotoError::Broken);
    }
    // Scaled before it is turned, so that only the small picture is copied.
    let (image, profile) = decode(bytes, kind, MOST_PIXELS)?;
    let mut small = scale(image, longest_side)?;
    if let Some(profile) = profile {
        to_srgb(&mut small, &profile);
    }
    small.apply_orientation(orientation);
    let (width, height) = (small.width(), small.height());
    let mut jpeg = Vec::with_capacity(512 * 1024);
    let sides = u16::try_from(width).ok().zip(u16::try_from(height).ok());
    let (across, down) = sides.ok_or(PhotoError::TooLarge)?;
    let encoded = Encoder::new(&mut jpeg, QUALITY).encode(small.as_bytes(), across, down, ColorType::Rgb);
    encoded.map_err(|_| PhotoError::Broken)?;
    Ok((jpeg::without_metadata(&jpeg), width, height))
}

/// The pixels in grey.
pub(super) fn grey(bytes: &[u8], kind: Kind, (longest_side, most): (u32, u64)) -> Result<Grey, PhotoError> {
    let small = scale(decode(bytes, kind, most)?.0, longest_side)?.into_luma8();
    let (width, height) = small.dimensions();
    Ok(Grey { pixels: small.into_raw(), width, height })
}

/// The pixels, without transparency: what shows through is white, as on paper; and the profile of their colours, where there is one.
fn decode(bytes: &[u8], kind: Kind, most: u64) -> Result<(DynamicImage, Option<Vec<u8>>), PhotoError> {
    let format = match kind {
        Kind::Jpeg => ImageFormat::Jpeg,
        Kind::Png => ImageFormat::Png,
        Kind::Webp => ImageFormat::WebP,
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    // Before anything is unpacked, a profile of colours included: four bytes a pixel, and the decoder's own needs.
    let mut limits = Limits::default();
    limits.max_alloc = Some(most * 8);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder().map_err(told)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if kind == Kind::Jpeg && most == MOST_PIXELS && (MOST_PIXELS..=MOST_SCALED).contains(&pixels) {
        let profile = decoder.icc_profile().ok().flatten();
        return Ok((jpeg::scaled(bytes)?, profile));
    }
    // Of sixteen bits a channel, as no telephone makes them, half as many: what counts is the memory they take.
    let unpacked = pixels * u64::from(decoder.color_type().bytes_per_pixel().max(BYTES));
    if unpacked > most * u64::from(BYTES) {
        return Err(PhotoError::TooLarge);
    }
    if width == 0 || height == 0 {
        return Err(PhotoError::Broken);
    }
    decoder.set_limits(limits).map_err(told)?;
    // Only where colours matter: whoever looks for codes sees grey.
    let profile = if most == MOST_PIXELS { decoder.icc_profile().ok().flatten() } else { None };
    let image = DynamicImage::from_decoder(decoder).map_err(told)?;
    let image = DynamicImage::ImageRgb8(if image.color().has_alpha() { on_white(&image) } else { image.into_rgb8() });
    Ok((image, profile))
}

/// Says the colours of a profile (ICC.1) as sRGB does, which is what a picture without one means. A profile that is no colours', or cannot be
/// read, changes nothing.
fn to_srgb(image: &mut DynamicImage, profile: &[u8]) {
    let DynamicImage::ImageRgb8(pixels) = image else { return };
    if profile.len() > MOST_PROFILE {
        return;
    }
    let Ok(profile) = ColorProfile::new_from_slice(profile) else { return };
    if profile.color_space != DataColorSpace::Rgb {
        return;
    }
    let srgb = ColorProfile::new_srgb();
    let transform = profile.create_transform_8bit(Layout::Rgb, &srgb, Layout::Rgb, TransformOptions::default());
    let mut said = vec![0; pixels.as_raw().len()];
    if transform.is_ok_and(|transform| transform.transform(pixels.as_raw(), &mut said).is_ok())
        && let Some(said) = RgbImage::from_raw(pixels.width(), pixels.height(), said)
    {
        *pixels = said;
    }
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
    fn colours_of_another_profile_are_said_as_srgb_does() {
        // The red of sRGB as Display P3 writes it (SMPTE EG 432-1): without its profile it would be a duller one.
        let red = image::RgbImage::from_pixel(64, 64, image::Rgb([234, 51, 35]));
        let mut photo = Vec::new();
        let mut encoder = Encoder::new(&mut photo, 95);
        encoder.add_icc_profile(&ColorProfile::new_display_p3().encode().unwrap()).unwrap();
        encoder.encode(red.as_raw(), 64, 64, ColorType::Rgb).unwrap();
        let back = image::load_from_memory(&develop(&photo).unwrap().jpeg).unwrap().into_rgb8();
        let [r, g, b] = back.get_pixel(32, 32).0;
        assert!(r > 248 && g < 14 && b < 14, "{r} {g} {b}");
    }

    /// The transfer curve of sRGB and of Display P3 (IEC 61966-2-1), from light to code.
    fn encoded(light: f64) -> f64 {
        if light <= 0.003_130_8 { 12.92 * light } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 }
    }

    /// The light behind a code of 0 to 255.
    fn light(code: u8) -> f64 {
        let code = f64::from(code) / 255.0;
        if code <= 0.040_45 { code / 12.92 } else { ((code + 0.055) / 1.055).powf(2.4) }
    }

    fn times(matrix: [[f64; 3]; 3], vector: [f64; 3]) -> [f64; 3] {
        matrix.map(|row| row.iter().zip(vector).map(|(cell, part)| cell * part).sum())
    }

    /// CIE XYZ under D65 of an sRGB colour.
    fn xyz(colour: [u8; 3]) -> [f64; 3] {
        let matrix =
            [[0.412_456, 0.357_576, 0.180_438], [0.212_673, 0.715_152, 0.072_175], [0.019_334, 0.119_192, 0.950_304]];
        times(matrix, colour.map(light))
    }

    /// CIE L*a*b* under D65.
    fn lab(xyz: [f64; 3]) -> [f64; 3] {
        let [x, y, z] = [xyz[0] / 0.950_47, xyz[1], xyz[2] / 1.088_83].map(|part: f64| {
            if part > 216.0 / 24_389.0 { part.cbrt() } else { (24_389.0 / 27.0 * part + 16.0) / 116.0 }
        });
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    /// A picture of 64 colours as a camera of Display P3 writes it shows the same colours in sRGB: ΔE of CIE 1976 at most 3.
    #[test]
    fn every_colour_of_a_picture_stays_within_three_of_what_it_was() {
        let to_p3 = [
            [2.493_497, -0.931_384, -0.402_711],
            [-0.829_489, 1.762_664, 0.023_625],
            [0.035_846, -0.076_172, 0.956_885],
        ];
        let (patch, side) = (32, 8);
        let steps = [10, 90, 170, 250];
        let colour = |n: u32| [n % 4, n / 4 % 4, n / 16].map(|step| steps[step as usize]);
        let picture = image::RgbImage::from_fn(patch * side, patch * side, |x, y| {
            let seen = times(to_p3, xyz(colour(y / patch * side + x / patch)));
            image::Rgb(seen.map(|light| (encoded(light.clamp(0.0, 1.0)) * 255.0).round() as u8))
        });
        let mut photo = Vec::new();
        let mut encoder = Encoder::new(&mut photo, 98);
        encoder.add_icc_profile(&ColorProfile::new_display_p3().encode().unwrap()).unwrap();
        let edge = u16::try_from(patch * side).unwrap();
        encoder.encode(picture.as_raw(), edge, edge, ColorType::Rgb).unwrap();
        let back = image::load_from_memory(&develop(&photo).unwrap().jpeg).unwrap().into_rgb8();
        let mut unlike = Vec::new();
        for n in 0..side * side {
            let found = back.get_pixel(n % side * patch + patch / 2, n / side * patch + patch / 2).0;
            let apart = lab(xyz(colour(n))).into_iter().zip(lab(xyz(found)));
            let apart = apart.map(|(one, other)| (one - other).powi(2)).sum::<f64>().sqrt();
            if apart > 3.0 {
                unlike.push((colour(n), found, apart));
            }
        }
        assert!(unlike.is_empty(), "{unlike:?}");
    }

    #[test]
    fn a_picture_too_large_to_be_read_whole_is_read_scaled() {
        let jpeg = develop(&crate::photo::noise::png(1600, 1200)).unwrap().jpeg;
        let small = jpeg::scaled(&jpeg).unwrap();
        assert!(small.width() >= 1600 && small.width() * 3 == small.height() * 4);
        assert!(jpeg::scaled(&jpeg[..jpeg.len() / 2]).is_err(), "a cut one is broken at any size");
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
