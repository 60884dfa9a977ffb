//! What a file is, by its own bytes: neither its name nor what it is announced as is asked.

/// Bytes from the beginning of a file that are enough to know what it is.
pub const HEAD: usize = 8192;

/// Largest file taken in as a photo, in bytes.
pub const MOST_PHOTO_BYTES: u32 = 40_000_000;

/// The kind of a file when nothing else can be said (RFC 2046 section 4.5.1).
pub const UNKNOWN: &str = "application/octet-stream";

/// What a message may carry, and a question that names no kinds.
pub const USUAL: [&str; 3] = ["application/pdf", "image/jpeg", "image/png"];

/// The mark of a PDF's beginning (ISO 32000-1, section 7.5.2).
const PDF: &[u8] = b"%PDF-";
/// What may stand before it at the most, in bytes.
const BEFORE: usize = 1024;

/// The media type of the file that begins with these bytes.
#[must_use]
pub fn media_of(head: &[u8]) -> &'static str {
    match infer::get(head).map(|kind| kind.mime_type()) {
        // The mark somewhere in a file makes no paper of it.
        Some("application/pdf") | None if is_pdf(head) => "application/pdf",
        Some("application/pdf") | None => UNKNOWN,
        Some(other) => other,
    }
}

/// Returns whether these bytes begin a PDF. A mark of Unicode and blank lines before its own are other programs' doing, and no harm; anything else
/// before it makes it something else.
#[must_use]
pub fn is_pdf(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    head.trim_ascii_start().starts_with(PDF) && head.len() - head.trim_ascii_start().len() <= BEFORE
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_program_is_no_paper_whatever_it_is_called() {
        assert_eq!(media_of(b"%PDF-1.7\n"), "application/pdf");
        assert_eq!(media_of(&[0xff, 0xd8, 0xff, 0xe0]), "image/jpeg");
        assert_eq!(media_of(b"\x89PNG\r\n\x1a\n"), "image/png");
        for paper in [&b"\xef\xbb\xbf%PDF-1.4"[..], b"\n%PDF-1.4", b"\r\n \t%PDF-1.4"] {
            assert_eq!(media_of(paper), "application/pdf");
        }
        for program in [
            &b"\x7fELF\x02\x01\x01\0"[..],
            b"MZ\x90\0",
            b"#!/bin/sh\n",
            b"#!/bin/sh\n# %PDF-1.4\n",
            b"x%PDF-1.4",
            b"",
            b"Ciao",
        ] {
            assert!(!USUAL.contains(&media_of(program)), "{program:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_fall(bytes: Vec<u8>) {
            let _ = media_of(&bytes);
        }
    }
}
