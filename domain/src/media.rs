//! What a file is, by its own bytes: neither its name nor what it is announced as is asked.

/// Bytes from the beginning of a file that are enough to know what it is.
pub const HEAD: usize = 8192;

/// Largest file taken in as a photo, in bytes.
pub const MOST_PHOTO_BYTES: u32 = 40_000_000;

/// What a file is when nothing else can be said (RFC 2046 section 4.5.1).
pub const UNKNOWN: &str = "application/octet-stream";

/// What a message may carry, and a question that names no kinds.
pub const USUAL: [&str; 3] = ["application/pdf", "image/jpeg", "image/png"];

/// The media type of the file that begins with these bytes.
#[must_use]
pub fn media_of(head: &[u8]) -> &'static str {
    infer::get(head).map_or(UNKNOWN, |kind| kind.mime_type())
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
        for program in [&b"\x7fELF\x02\x01\x01\0"[..], b"MZ\x90\0", b"#!/bin/sh\n", b"", b"Ciao"] {
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
