//! What a camera writes into a file (EXIF 2.32): which way is up, where, when. Odd values are passed over one by one.

use std::io::Cursor;

use exif::{Exif, Field, In, Reader, Tag, Value};
use image::metadata::Orientation;
use vicino_domain::Point;

use super::Written;

/// Which way is up, and what else is told. A file without EXIF, or with a broken one, is upright and tells nothing.
pub(super) fn read(bytes: &[u8]) -> (Orientation, Written) {
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    let exif =
        reader.read_from_container(&mut Cursor::new(bytes)).or_else(|fault| fault.distill_partial_result(|_| ()));
    let Ok(exif) = exif else { return (Orientation::NoTransforms, Written::default()) };
    let upright = field(&exif, Tag::Orientation).and_then(|field| field.value.get_uint(0));
    let orientation = upright.and_then(|turn| u8::try_from(turn).ok()).and_then(Orientation::from_exif);
    (
        orientation.unwrap_or(Orientation::NoTransforms),
        Written { point: point(&exif), accuracy: accuracy(&exif), taken: taken(&exif) },
    )
}

fn field(exif: &Exif, tag: Tag) -> Option<&Field> {
    exif.get_field(tag, In::PRIMARY)
}

/// `GPSLatitude` and `GPSLongitude` with their references (§4.6.6).
fn point(exif: &Exif) -> Option<Point> {
    let lat = degrees(field(exif, Tag::GPSLatitude)?)? * sign(field(exif, Tag::GPSLatitudeRef)?, b'S', b'N')?;
    let lon = degrees(field(exif, Tag::GPSLongitude)?)? * sign(field(exif, Tag::GPSLongitudeRef)?, b'W', b'E')?;
    let point = Point::new(lat, lon).ok()?;
    // Zero and zero is what cameras write that do not know: nobody reports from that sea.
    (lat != 0.0 || lon != 0.0).then_some(point)
}

/// Degrees, minutes and seconds. The standard wants unsigned rationals; some telephones write signed ones.
fn degrees(field: &Field) -> Option<f64> {
    let parts: Vec<Option<f64>> = match &field.value {
        Value::Rational(parts) => parts.iter().map(|part| (part.denom != 0).then(|| part.to_f64())).collect(),
        Value::SRational(parts) => parts.iter().map(|part| (part.denom != 0).then(|| part.to_f64())).collect(),
        _ => return None,
    };
    let scales = [1.0, 60.0, 3600.0];
    parts.first()?;
    parts
        .into_iter()
        .zip(scales)
        .try_fold(0.0, |sum, (part, scale)| Some(sum + part.filter(|part| *part >= 0.0)? / scale))
}

fn sign(field: &Field, negative: u8, positive: u8) -> Option<f64> {
    let Value::Ascii(words) = &field.value else { return None };
    match words.first()?.first()?.to_ascii_uppercase() {
        letter if letter == negative => Some(-1.0),
        letter if letter == positive => Some(1.0),
        _ => None,
    }
}

/// `GPSHPositioningError`, in metres.
fn accuracy(exif: &Exif) -> Option<f64> {
    let Value::Rational(parts) = &field(exif, Tag::GPSHPositioningError)?.value else { return None };
    let error = parts.first().filter(|part| part.denom != 0)?.to_f64();
    (error.is_finite() && error > 0.0).then_some(error)
}

/// `DateTimeOriginal`, `YYYY:MM:DD HH:MM:SS` (§4.6.5), with the dashes of ISO 8601.
fn taken(exif: &Exif) -> Option<String> {
    let Value::Ascii(words) = &field(exif, Tag::DateTimeOriginal)?.value else { return None };
    let text = std::str::from_utf8(words.first()?).ok()?;
    let moment = chrono::NaiveDateTime::parse_from_str(text.trim_end_matches('\0'), "%Y:%m:%d %H:%M:%S").ok()?;
    Some(moment.format("%Y-%m-%d %H:%M:%S").to_string())
}
