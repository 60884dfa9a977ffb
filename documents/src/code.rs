//! The code of a paper that carries a signed word: a QR code, as an SVG image.

use qrcode::QrCode;
use qrcode::render::svg::Color;

/// A QR code of the size its text needs; nothing when no code holds it.
#[must_use]
pub fn square_code(text: &str) -> Option<String> {
    let code = QrCode::new(text).ok()?;
    Some(code.render::<Color<'_>>().min_dimensions(240, 240).build())
}
