//! A place that stands only in a file's XMP packet (ISO 16684-1; `exif:GPSLatitude`, CIPA DC-010 §4): telephones that export without EXIF.

use vicino_domain::Point;

/// The most of a packet that is looked at.
const MOST: usize = 256 * 1024;

/// The place in the first packet that tells one.
pub(super) fn point(bytes: &[u8]) -> Option<Point> {
    let lat = coordinate(value(bytes, b"exif:GPSLatitude")?, b'N', b'S')?;
    let lon = coordinate(value(bytes, b"exif:GPSLongitude")?, b'E', b'W')?;
    // Zero and zero is what cameras write that do not know.
    Point::new(lat, lon).ok().filter(|_| lat != 0.0 || lon != 0.0)
}

/// What is written under a name, as an attribute or as an element.
fn value<'a>(bytes: &'a [u8], name: &[u8]) -> Option<&'a str> {
    let packet = find(bytes, b"<x:xmpmeta").and_then(|at| bytes.get(at..)).unwrap_or_default();
    let packet = packet.get(..MOST).unwrap_or(packet);
    let mut rest = packet;
    while let Some(at) = find(rest, name) {
        rest = rest.get(at + name.len()..)?;
        // `GPSLatitudeRef` is another name.
        let (open, close): (&[u8], u8) = match rest.first()? {
            b'=' => (b"=\"", b'"'),
            b'>' => (b">", b'<'),
            _ => continue,
        };
        let text = rest.strip_prefix(open)?;
        let end = text.iter().take(40).position(|byte| *byte == close)?;
        return std::str::from_utf8(text.get(..end)?).ok();
    }
    None
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// `DDD,MM,SSk` or `DDD,MM.mmk`.
fn coordinate(text: &str, positive: u8, negative: u8) -> Option<f64> {
    let (numbers, letter) = text.trim().split_at_checked(text.trim().len().checked_sub(1)?)?;
    let letter = letter.as_bytes().first()?.to_ascii_uppercase();
    let sign = if letter == positive { 1.0 } else { -1.0 };
    if letter != positive && letter != negative {
        return None;
    }
    let parts: Vec<f64> = numbers.split(',').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let fine = parts.iter().skip(1).all(|part| (0.0..60.0).contains(part));
    let degrees = match parts.as_slice() {
        [degrees, minutes] => degrees + minutes / 60.0,
        [degrees, minutes, seconds] => degrees + minutes / 60.0 + seconds / 3600.0,
        _ => return None,
    };
    (fine && degrees >= 0.0).then_some(sign * degrees)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_in_either_form() {
        let attributes = b"..<x:xmpmeta><rdf:Description exif:GPSLatitudeRef=\"N\" exif:GPSLatitude=\"43,28.0433N\" exif:GPSLongitude=\"11,53.1067E\"/>";
        let elements = b"<x:xmpmeta><exif:GPSLatitude>43,28,2.6N</exif:GPSLatitude><exif:GPSLongitude>11,53,6.4E</exif:GPSLongitude>";
        for packet in [attributes.as_slice(), elements.as_slice()] {
            let point = point(packet).unwrap();
            assert!(point.metres_to(Point::new(43.467_389, 11.885_111).unwrap()) < 5.0, "{point}");
        }
        for odd in ["", "43,28.04", "43,61.0N", "N", "x,1N", "43N", "-43,1N"] {
            assert_eq!(coordinate(odd, b'N', b'S'), None, "{odd}");
        }
        assert_eq!(coordinate("43,30.0S", b'N', b'S'), Some(-43.5));
        assert_eq!(point(b"exif:GPSLatitude=\"1,2.0N\""), None, "no packet");
    }
}
