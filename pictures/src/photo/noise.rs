//! Pictures for tests: no two pixels alike, so that nothing of them is packed away.

use std::io::Cursor;

use image::ImageFormat;

/// A PNG of coloured noise.
pub(super) fn png(width: u32, height: u32) -> Vec<u8> {
    let mut seed = 7_u32;
    let image = image::RgbImage::from_fn(width, height, |_, _| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [red, green, blue, _] = seed.to_be_bytes();
        image::Rgb([red, green, blue])
    });
    let mut bytes = Vec::new();
    image.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
    bytes
}
