//! What a camera writes into a file (EXIF 2.32): which way is up, where, when. Odd values are passed over one by one.

use std::io::Cursor;

use exif::{Exif, Field, In, Reader, Tag, Value};
use image::metadata::Orientation;
use vicino_domain::Point;

use super::{Written, xmp};

/// Which way is up, and what else is told. A file without EXIF, or with a broken one, is upright and tells nothing.
pub(super) fn read(bytes: &[u8]) -> (Orientation, Written) {
    let Some(exif) = exif(bytes) else {
        return (Orientation::NoTransforms, Written { point: xmp::point(bytes), ..Written::default() });
    };
    let upright = field(&exif, Tag::Orientation).and_then(|field| field.value.get_uint(0));
    let orientation = upright.and_then(|turn| u8::try_from(turn).ok()).and_then(Orientation::from_exif);
    (
        orientation.unwrap_or(Orientation::NoTransforms),
        Written { point: point(&exif).or_else(|| xmp::point(bytes)), accuracy: accuracy(&exif), taken: taken(&exif) },
    )
}

/// The EXIF of a file, as far as it can be read.
fn exif(bytes: &[u8]) -> Option<Exif> {
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    let whole = |fault: exif::Error| fault.distill_partial_result(|_| ());
    // Many write the mark that a JPEG's segment begins with into a WebP as well, where it has no place (RFC 9649, section 2.7.1.4).
    let marked = webp_exif(bytes).and_then(|chunk| chunk.strip_prefix(b"Exif\0\0"));
    match marked {
        Some(chunk) => reader.read_raw(chunk.to_vec()).or_else(whole).ok(),
        None => reader.read_from_container(&mut Cursor::new(bytes)).or_else(whole).ok(),
    }
}

/// The EXIF chunk of a WebP.
fn webp_exif(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes.strip_prefix(b"RIFF")?.get(4..)?.strip_prefix(b"WEBP")?;
    while let Some((head, after)) = rest.split_at_checked(8) {
        let (name, length) = head.split_at_checked(4)?;
        let length = usize::try_from(u32::from_le_bytes(length.try_into().ok()?)).ok()?;
        if name == b"EXIF" {
            return after.get(..length);
        }
        // Chunks begin at even places.
        rest = after.get(length.checked_add(length % 2)?..)?;
    }
    None
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

/// Degrees, minutes and seconds. The standard wants unsigned rationals; some telephones write signed ones, and 0/0 for a part they do not
/// use.
fn degrees(field: &Field) -> Option<f64> {
    let part = |none: bool, unused: bool, value: f64| if none { unused.then_some(0.0) } else { Some(value) };
    let parts: Vec<Option<f64>> = match &field.value {
        Value::Rational(all) => all.iter().map(|one| part(one.denom == 0, one.num == 0, one.to_f64())).collect(),
        Value::SRational(all) => all.iter().map(|one| part(one.denom == 0, one.num == 0, one.to_f64())).collect(),
        _ => return None,
    };
    let scales = [1.0, 60.0, 3600.0];
    // Without degrees there is no place, whatever else is told.
    let unused = match &field.value {
        Value::Rational(all) => all.first()?.denom == 0,
        Value::SRational(all) => all.first()?.denom == 0,
        _ => true,
    };
    if unused {
        return None;
    }
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
