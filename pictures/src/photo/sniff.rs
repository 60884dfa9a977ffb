//! What a file is, by its first bytes; its name and announced type are never asked.

use super::PhotoError;

/// The kinds of pictures read here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// JPEG (ISO/IEC 10918-1): begins with SOI and a marker.
    Jpeg,
    /// PNG (ISO/IEC 15948 §5.2).
    Png,
    /// WebP (RFC 9649 §2.4).
    Webp,
}

/// Recognises a picture.
///
/// # Errors
/// [`PhotoError::Heic`] for the HEIF family (ISO/IEC 23008-12: an `ftyp` box of these brands), and
/// [`PhotoError::NotAPicture`] for anything else.
pub fn sniff(bytes: &[u8]) -> Result<Kind, PhotoError> {
    let at = |from: usize, to: usize| bytes.get(from..to).unwrap_or_default();
    if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        return Ok(Kind::Jpeg);
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Ok(Kind::Png);
    }
    if bytes.starts_with(b"RIFF") && at(8, 12) == b"WEBP" {
        return Ok(Kind::Webp);
    }
    const HEIF: [&[u8]; 8] = [b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"];
    if at(4, 8) == b"ftyp" && HEIF.contains(&at(8, 12)) {
        return Err(PhotoError::Heic);
    }
    Err(PhotoError::NotAPicture)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_pdf_called_jpg_is_no_picture() {
        assert_eq!(sniff(b"%PDF-1.7\n"), Err(PhotoError::NotAPicture));
        assert_eq!(sniff(b"\0\0\0\x18ftypheic\0\0\0\0"), Err(PhotoError::Heic));
        assert_eq!(sniff(b"\0\0\0\x18ftypavif\0\0\0\0"), Err(PhotoError::Heic));
        assert_eq!(sniff(b"RIFF\0\0\0\0WEBPVP8 "), Ok(Kind::Webp));
        assert_eq!(sniff(b"RIFF\0\0\0\0WAVEfmt "), Err(PhotoError::NotAPicture));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_fall(bytes: Vec<u8>) {
            let _ = sniff(&bytes);
            let _ = super::super::develop(&bytes);
        }
    }
}
