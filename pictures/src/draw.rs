//! Square codes, drawn: QR codes and Data Matrix, as SVG images.

mod mask;

use std::fmt::Write as _;

use datamatrix::{DataMatrix, SymbolList};
use qrcode::bits::Bits;
use qrcode::canvas::Canvas;
use qrcode::render::{Renderer, svg};
use qrcode::types::QrResult;
use qrcode::{Color, EcLevel, QrCode, Version, ec};

/// A text too long for any code.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("no square code holds this text")]
pub struct TooLong;

/// A QR code, of the size its text needs.
///
/// # Errors
/// [`TooLong`].
pub fn qr(text: &str) -> Result<String, TooLong> {
    let code = QrCode::new(text).map_err(|_| TooLong)?;
    Ok(code.render::<svg::Color<'_>>().min_dimensions(240, 240).build())
}

/// The QR code of a payment notice: version 4 (33 modules), error correction M (docs.pagopa.it, *Codice QR*).
///
/// # Errors
/// [`TooLong`] when it is no notice's: those always fit.
pub fn notice_qr(text: &str) -> Result<String, TooLong> {
    notice_modules(text).map_err(|_| TooLong).map(|modules| image(&modules, NOTICE_SIDE))
}

const NOTICE_SIDE: usize = 33;

fn notice_modules(text: &str) -> QrResult<Vec<Color>> {
    let (version, level) = (Version::Normal(4), EcLevel::M);
    let mut bits = Bits::new(version);
    bits.push_optimal_data(text.as_bytes())?;
    bits.push_terminator(level)?;
    let (data, correction) = ec::construct_codewords(&bits.into_bytes(), version, level)?;
    let mut canvas = Canvas::new(version, level);
    canvas.draw_all_functional_patterns();
    canvas.draw_data(&data, &correction);
    Ok(mask::best::<NOTICE_SIDE>(&canvas))
}

fn image(modules: &[Color], side: usize) -> String {
    Renderer::<svg::Color<'_>>::new(modules, side, 4).min_dimensions(240, 240).build()
}

/// A Data Matrix (ISO/IEC 16022), square, one path, with the quiet module around it that the standard asks for.
///
/// # Errors
/// [`TooLong`].
pub fn matrix(text: &str) -> Result<String, TooLong> {
    let matrix = DataMatrix::encode_str(text, SymbolList::default().enforce_square()).map_err(|_| TooLong)?;
    let bitmap = matrix.bitmap();
    let side = bitmap.width() + 2;
    let mut path = String::new();
    for (x, y) in bitmap.pixels() {
        // Writing into a string cannot fail.
        let _ = write!(path, "M{} {}h1v1h-1z", x + 1, y + 1);
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" width=\"240\" height=\"240\" \
         shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_s_code_is_the_one_the_library_draws() {
        for n in 0..500u64 {
            let (number, creditor) = (n * 0x0019_1f3d_a7c1 % 1_000_000_000_000, n * 7_919_000_017 % 100_000_000_000);
            let text = format!("PAGOPA|002|302{number:015}|{creditor:011}|{}", 1 + n * 1_234_567);
            let library = QrCode::with_version(&text, Version::Normal(4), EcLevel::M).unwrap();
            assert_eq!(notice_modules(&text).unwrap(), library.to_colors(), "{text}");
        }
        assert_eq!(notice_qr(&"x".repeat(63)), Err(TooLong));
    }

    #[test]
    fn the_postal_code_of_a_notice_is_read_back_from_its_picture() {
        let text = format!(
            "codfase=NBPA;18{}12{}10{}38961P1{}{:178}A",
            "302032002700000251", "000016302093", "0000012345", "03334231200", ""
        );
        assert_eq!(text.len(), 256);
        let svg = matrix(&text).unwrap();
        let side: u32 = svg.split("viewBox=\"0 0 ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
        // Six pixels a module, and paper around it.
        let scale = 6;
        let mut picture = image::GrayImage::from_pixel((side + 8) * scale, (side + 8) * scale, image::Luma([255]));
        for step in svg.split(" d=\"").nth(2).unwrap().split('M').skip(1) {
            let mut numbers = step.split(['h', ' ']).map(|number| number.parse::<u32>());
            let (Some(Ok(x)), Some(Ok(y))) = (numbers.next(), numbers.next()) else { panic!("{step}") };
            for (dx, dy) in (0..scale * scale).map(|n| (n % scale, n / scale)) {
                picture.put_pixel((x + 4) * scale + dx, (y + 4) * scale + dy, image::Luma([0]));
            }
        }
        let mut png = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut png, image::ImageFormat::Png).unwrap();
        assert_eq!(crate::scan::codes(&png.into_inner(), crate::scan::Wanted::Any).unwrap().texts, [text]);
    }

    #[test]
    fn what_fits_nowhere_says_so() {
        assert_eq!(qr(&"x".repeat(5000)), Err(TooLong));
        assert_eq!(notice_qr(&"x".repeat(200)), Err(TooLong));
        assert_eq!(matrix(&"x".repeat(5000)), Err(TooLong));
    }
}
