//! Pictures made here: hostile ones, noise that does not compress, and the folder of real photos when there is one.

use std::io::Cursor;
use std::path::PathBuf;

use image::{DynamicImage, GrayImage, ImageFormat, Luma, Rgb, RgbImage};

/// A JPEG of this size; another `seed`, another picture.
pub fn noise(width: u32, height: u32, seed: u8) -> Vec<u8> {
    let mut state = 0x9e37_79b9_u32.wrapping_add(u32::from(seed).wrapping_mul(0x85eb_ca6b)) | 1;
    let picture = RgbImage::from_fn(width, height, |_, _| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        let [a, b, c, _] = state.to_le_bytes();
        Rgb([a, b, c])
    });
    let mut bytes = Vec::new();
    picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Jpeg).unwrap();
    bytes
}

/// The folder of real photos, when `VICINO_PHOTOS` names one.
pub fn real() -> Option<PathBuf> {
    let folder = std::env::var_os("VICINO_PHOTOS").map(PathBuf::from)?;
    assert!(folder.is_dir(), "VICINO_PHOTOS is no folder");
    Some(folder)
}

/// A photo as a device sends it, of exactly so many bytes: what lacks is a colour profile's.
pub fn of_bytes(bytes: usize) -> Vec<u8> {
    let small = vicino_pictures::photo::develop(&noise(24, 24, 1)).unwrap().jpeg;
    let padding = bytes - small.len() - 4;
    let length = u16::try_from(padding + 2).unwrap().to_be_bytes();
    [&small[..2], &[0xff, 0xe2], &length, &vec![7; padding], &small[2..]].concat()
}

/// A picture tiled with corners of codes: small to send, and made to be looked at for ever.
pub fn corners() -> Vec<u8> {
    const SIDE: u32 = 16;
    let picture = GrayImage::from_fn(140 * SIDE, 140 * SIDE, |x, y| {
        let (x, y) = ((x % SIDE) / 2, (y % SIDE) / 2);
        let ring = x.min(y).min(6_u32.saturating_sub(x.max(y)));
        Luma([if x < 7 && y < 7 && ring != 1 { 0 } else { 255 }])
    });
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageLuma8(picture).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// A picture of a few kB that is gigabytes once opened.
pub fn heavy() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::new_rgba16(7_000, 7_000).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}
