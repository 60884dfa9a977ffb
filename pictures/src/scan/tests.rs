//! Codes in pictures and papers, as cameras and programs make them, and what is made to be looked at for ever.

use super::*;
use image::{DynamicImage, GrayImage, ImageFormat, Luma, imageops};
use proptest::prelude::*;
use qrcode::QrCode;

const TEXT: &str = "PAGOPA|002|302032002700000251|03334231200|0000012345";

fn codes(bytes: &[u8]) -> Result<Vec<String>, PhotoError> {
    super::codes(bytes, Wanted::Payment).map(|codes| codes.texts)
}

/// A picture tiled with corners of codes: small to send, and made to be looked at for ever.
fn corners(each_way: u32) -> Vec<u8> {
    const SIDE: u32 = 16;
    let picture = GrayImage::from_fn(each_way * SIDE, each_way * SIDE, |x, y| {
        let (x, y) = ((x % SIDE) / 2, (y % SIDE) / 2);
        let ring = x.min(y).min(6_u32.saturating_sub(x.max(y)));
        let dark = x < 7 && y < 7 && ring != 1;
        Luma([if dark { 0 } else { 255 }])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    DynamicImage::ImageLuma8(picture).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[test]
fn a_picture_made_to_be_looked_at_for_ever_is_not() {
    let hostile = corners(60);
    assert!(hostile.len() < 300_000, "{} bytes", hostile.len());
    // No clock here: what bounds it is counted. A look at these would not end within an hour.
    // Nor is it said to have no code: nobody has looked at all of it.
    assert_eq!(codes(&hostile), Err(PhotoError::TooMuch));
    assert_eq!(strangers_codes(&hostile, Wanted::Certificate), Err(PhotoError::TooMuch));
}

#[test]
fn of_strangers_neither_papers_nor_large_pictures_are_looked_at() {
    let large = |deep: bool| {
        let (width, height) = if deep { (2600, 2600) } else { (5000, 4000) };
        let mut bytes = std::io::Cursor::new(Vec::new());
        let picture =
            if deep { DynamicImage::new_rgba16(width, height) } else { DynamicImage::new_luma8(width, height) };
        picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    };
    assert_eq!(strangers_codes(&large(false), Wanted::Certificate), Err(PhotoError::TooLarge));
    assert_eq!(strangers_codes(&large(true), Wanted::Certificate), Err(PhotoError::TooLarge));
    assert_eq!(strangers_codes(b"%PDF-1.7", Wanted::Certificate), Err(PhotoError::NotAPicture));
    assert!(super::codes(&large(true), Wanted::Any).is_ok(), "the resident's own scan, at home");
}

fn drawn(text: &str, module: u32) -> GrayImage {
    let code = QrCode::new(text).unwrap();
    let side = u32::try_from(code.width()).unwrap();
    GrayImage::from_fn((side + 8) * module, (side + 8) * module, |x, y| {
        let (x, y) = ((x / module).wrapping_sub(4) as usize, (y / module).wrapping_sub(4) as usize);
        let dark = x < code.width() && y < code.width() && code[(x, y)] == qrcode::Color::Dark;
        Luma([if dark { 0 } else { 255 }])
    })
}

fn jpeg(picture: GrayImage) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    DynamicImage::ImageLuma8(picture).into_rgb8().write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

#[test]
fn a_code_in_a_photo_is_read_also_when_it_is_small_and_the_paper_turned() {
    let mut photo = GrayImage::from_pixel(4000, 3000, Luma([235]));
    imageops::overlay(&mut photo, &drawn(TEXT, 6), 2300, 1700);
    assert_eq!(codes(&jpeg(photo.clone())), Ok(vec![TEXT.to_owned()]));
    let turned = imageops::rotate90(&photo);
    assert_eq!(codes(&jpeg(turned)), Ok(vec![TEXT.to_owned()]));
}

#[test]
fn another_code_beside_it_does_not_hide_it() {
    let mut photo = GrayImage::from_pixel(4000, 3000, Luma([235]));
    imageops::overlay(&mut photo, &drawn("https://example.org", 30), 100, 100);
    imageops::overlay(&mut photo, &drawn(TEXT, 4), 3200, 2300);
    assert!(codes(&jpeg(photo)).unwrap().contains(&TEXT.to_owned()));
}

#[test]
fn every_code_on_a_page_is_told_and_each_once() {
    let texts = ["312034567890123476", "301000000000000144", "302160802880000089", "302032002700000251"];
    let texts = texts.map(|number| format!("PAGOPA|002|{number}|03334231200|12345"));
    let mut page = GrayImage::from_pixel(1240, 1754, Luma([255]));
    for (text, (x, y)) in texts.iter().zip([(100, 300), (700, 300), (100, 1000), (700, 1000)]) {
        imageops::overlay(&mut page, &drawn(text, 6), x, y);
    }
    let mut found = codes(&jpeg(page)).unwrap();
    found.sort_unstable();
    let mut wanted = texts.to_vec();
    wanted.sort_unstable();
    assert_eq!(found, wanted);
}

#[test]
fn a_code_is_read_light_on_dark_and_faint() {
    let plain = drawn(TEXT, 6);
    let mut dark = plain.clone();
    imageops::invert(&mut dark);
    let mut night = GrayImage::from_pixel(900, 1400, Luma([18]));
    imageops::overlay(&mut night, &dark, 200, 500);
    assert_eq!(codes(&jpeg(night)).unwrap(), [TEXT]);
    let faint = GrayImage::from_fn(plain.width(), plain.height(), |x, y| Luma([190 + plain.get_pixel(x, y).0[0] / 16]));
    assert_eq!(codes(&jpeg(faint)).unwrap(), [TEXT]);
}

/// A paper of empty pages; `more` stands in its trailer.
fn paper(pages: usize, more: &str) -> Vec<u8> {
    let kids: String = (0..pages).map(|n| format!("{} 0 R ", n + 3)).collect();
    let mut objects =
        vec![String::from("<</Type/Catalog/Pages 2 0 R>>"), format!("<</Type/Pages/Kids[{kids}]/Count {pages}>>")];
    objects.extend((0..pages).map(|_| String::from("<</Type/Page/Parent 2 0 R/MediaBox[0 0 60 85]>>")));
    let mut bytes = b"%PDF-1.4\n".to_vec();
    let mut at = Vec::new();
    for (n, object) in (1..).zip(&objects) {
        at.push(bytes.len());
        bytes.extend(format!("{n} 0 obj\n{object}\nendobj\n").into_bytes());
    }
    let table: String = at.iter().map(|place| format!("{place:010} 00000 n \n")).collect();
    let (count, begins) = (objects.len() + 1, bytes.len());
    bytes.extend(
        format!("xref\n0 {count}\n0000000000 65535 f \n{table}trailer<</Size {count}/Root 1 0 R{more}>>\nstartxref\n{begins}\n%%EOF\n")
            .into_bytes(),
    );
    bytes
}

#[test]
fn a_paper_is_said_to_have_no_code_only_when_every_page_was_looked_at() {
    let looked = |pages, time| in_paper(paper(3, ""), |_| true, Most { pages, time });
    let long = Duration::from_secs(600);
    assert_eq!(looked(3, long), Ok(Codes { texts: Vec::new(), whole: true }));
    assert_eq!(looked(2, long), Err(PhotoError::TooMuch), "a page is left");
    assert_eq!(looked(3, Duration::ZERO), Err(PhotoError::TooMuch), "and so are all of them");
}

#[test]
fn a_locked_paper_is_called_locked() {
    // Neither word fits the empty password (ISO 32000-1 §7.6.3).
    let word = "7f".repeat(32);
    let locked = format!("/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<{word}>/U<{word}>>>/ID[<00><00>]");
    assert_eq!(codes(&paper(1, &locked)), Err(PhotoError::Locked));
}

#[test]
fn a_picture_without_a_code_says_so() {
    let empty = jpeg(GrayImage::from_pixel(800, 600, Luma([200])));
    assert_eq!(codes(&empty), Ok(Vec::new()));
    assert_eq!(codes(b""), Err(PhotoError::Empty));
    assert_eq!(codes(b"%PDF-1.7 and nothing after it"), Err(PhotoError::Broken));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn no_bytes_make_it_fall(bytes in prop::collection::vec(any::<u8>(), 0..400), paper in any::<bool>()) {
        // Beneath the shelter, where a fall would show.
        let most = Most { pages: 1, time: Duration::from_secs(5) };
        let read = if paper {
            in_paper([b"%PDF-1.4\n".to_vec(), bytes].concat(), |_| true, most)
        } else {
            in_picture(&bytes, |_| true, photo::MOST_PIXELS)
        };
        prop_assert!(read.is_err_and(|why| why != PhotoError::TooMuch));
    }
}
