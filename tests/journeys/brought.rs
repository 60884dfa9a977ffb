//! What people bring from elsewhere, through the program: papers, photos and codes as other programs and telephones make them, odd ones too.

use std::io::Cursor;
use std::time::Duration;

use exif::experimental::Writer;
use exif::{Field, In, Rational, Tag, Value};
use image::{DynamicImage, GrayImage, ImageFormat, Luma, RgbImage, imageops};
use serde_json::Value as Json;
use world::papers::{code, endless, nested, with_codes};
use world::shell::keep;
use world::{Shell, World};

/// Four notices of one entity, with what each asks for in cents.
const NOTICES: [(&str, u64); 4] = [
    ("312034567890123476", 13_801),
    ("301000000000000144", 6_900),
    ("302160802880000089", 6_901),
    ("302032002700000251", 12_345),
];

fn says((number, cents): (&str, u64)) -> String {
    format!("PAGOPA|002|{number}|03334231200|{cents}")
}

/// A town, and a device in a shell that has joined it.
async fn joined() -> (World, Shell) {
    let world = World::new().await;
    let shell = Shell::joined(&world.town.url()).await;
    (world, shell)
}

/// A report of a pothole with this photo; `more` says where, unless the photo does.
async fn report(shell: &Shell, photo: &str, more: &[&str]) -> (Option<i32>, Json) {
    let words = ["report", "--category", "roads", "--title", "Buca", "--details", "Profonda", "--photo", photo];
    shell.json(&[&words, more].concat()).await
}

fn encoded(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// The programs that look are ended, and never the program that was asked.
#[tokio::test(flavor = "multi_thread")]
async fn a_paper_that_asks_for_everything_is_answered_in_a_sentence() {
    let (_world, shell) = joined().await;
    let papers = tempfile::tempdir().unwrap();
    for (name, bytes) in nested(30_000).into_iter().chain(endless()) {
        let path = keep(papers.path(), &format!("{name}.pdf"), &bytes);
        for words in [&["notice", "read", &path][..], &["verify", &path]] {
            let ended = tokio::time::timeout(Duration::from_secs(60), shell.json(words)).await;
            let (code, said) = ended.unwrap();
            // Operands that lie in one another are passed over where there is time, and nothing else is on that page.
            let passed = [(Some(2), "code", "no_code"), (Some(6), "verdict", "not_one")];
            let is = |(ended, field, word): (Option<i32>, &str, &str)| code == ended && said[field] == word;
            let over = name == "operands" && passed.into_iter().any(is);
            assert!(over || is((Some(2), "code", "too_much_work")), "{words:?}: {code:?} {said}");
        }
    }
}

/// Nobody is told that a paper has no certificate on it when nobody could look.
#[tokio::test(flavor = "multi_thread")]
async fn a_locked_paper_is_called_locked_and_not_empty() {
    let (_world, shell) = joined().await;
    let papers = tempfile::tempdir().unwrap();
    let open = keep(papers.path(), "open.pdf", &with_codes(&[vec![(says(NOTICES[0]).as_str(), (60, 600))]]));
    let locked = papers.path().join("locked.pdf");
    let locking = ["--encrypt", "word", "word", "256", "--", &open];
    assert!(std::process::Command::new("qpdf").args(locking).arg(&locked).status().unwrap().success());
    let locked = locked.to_str().unwrap();
    for words in [["notice", "read", locked].as_slice(), &["verify", locked]] {
        let (code, said) = shell.json(words).await;
        assert_eq!((code, &said["code"]), (Some(2), &"paper_locked".into()), "{words:?}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_notice_of_a_page_is_told_and_nobody_pays_the_first() {
    let (_world, shell) = joined().await;
    let files = tempfile::tempdir().unwrap();
    let texts = NOTICES.map(says);
    let mut page = GrayImage::from_pixel(1240, 1754, Luma([255]));
    for (text, (x, y)) in texts.iter().zip([(100, 300), (700, 300), (100, 1000), (700, 1000)]) {
        imageops::overlay(&mut page, &code(text, 7), x, y);
    }
    let places = [(60, 600), (300, 600), (60, 300), (300, 300)];
    let paper = with_codes(&[texts.iter().map(String::as_str).zip(places).collect()]);
    let picture = keep(files.path(), "four.png", &encoded(page, ImageFormat::Png));
    let paper = keep(files.path(), "four.pdf", &paper);
    for path in [picture, paper] {
        let (_, read) = shell.json(&["notice", "read", &path]).await;
        let all = read["several"].as_array().unwrap_or_else(|| panic!("{path}: {read}"));
        let told = |one: &Json| (one["grouped"].as_str().unwrap().replace(' ', ""), one["amount"].as_u64().unwrap());
        let mut told: Vec<(String, u64)> = all.iter().map(told).collect();
        told.sort();
        let mut wanted: Vec<(String, u64)> =
            NOTICES.iter().map(|(number, cents)| ((*number).to_owned(), *cents)).collect();
        wanted.sort();
        assert_eq!(told, wanted, "{path}");
        let (_, ledger) = shell.json(&["notices"]).await;
        let kept = NOTICES.iter().any(|(number, _)| ledger.to_string().contains(number));
        assert!(!kept, "nothing is kept before one is chosen: {ledger}");
    }
}

/// A code behind six pages, a paper with something before its mark, one that is a program.
#[tokio::test(flavor = "multi_thread")]
async fn papers_are_read_as_others_make_them() {
    let (_world, shell) = joined().await;
    let files = tempfile::tempdir().unwrap();
    let text = says(NOTICES[3]);
    let mut pages = vec![Vec::new(); 6];
    pages.push(vec![(text.as_str(), (400, 600))]);
    let plain = with_codes(&[vec![(text.as_str(), (400, 600))]]);
    let good = [
        ("page7.pdf", with_codes(&pages)),
        ("bom.pdf", [b"\xef\xbb\xbf", &plain[..]].concat()),
        ("newline.pdf", [b"\n", &plain[..]].concat()),
    ];
    for (name, bytes) in good {
        let path = keep(files.path(), name, &bytes);
        let (_, read) = shell.json(&["notice", "read", &path]).await;
        assert!(read.to_string().contains(NOTICES[3].0), "{name}: {read}");
        // Checked as a file, and never taken for the text of a code.
        let (_, checked) = shell.json(&["verify", &path]).await;
        assert_eq!(checked["verdict"], "not_one", "{name}: {checked}");
    }
    let script = keep(files.path(), "script.pdf", b"#!/bin/sh\n# %PDF-1.4\necho ciao\n");
    let (code, refused) = shell.json(&["paper", "keep", "other", &script]).await;
    assert_eq!((code, &refused["code"]), (Some(2), &Json::from("file_kind")), "{refused}");
}

/// One notice of a paper that is longer than a look is told as what it is: perhaps not the only one.
#[tokio::test(flavor = "multi_thread")]
async fn a_notice_of_a_paper_not_wholly_looked_at_is_compared_first() {
    let (_world, shell) = joined().await;
    let files = tempfile::tempdir().unwrap();
    let text = says(NOTICES[0]);
    let mut pages = vec![vec![(text.as_str(), (400, 600))]];
    pages.resize(62, Vec::new());
    let path = keep(files.path(), "long.pdf", &with_codes(&pages));
    let (_, read) = shell.json(&["notice", "read", &path]).await;
    let rows = read["partial"].as_array().unwrap_or_else(|| panic!("{read}"));
    assert_eq!(rows[0]["grouped"].as_str().unwrap().replace(' ', ""), NOTICES[0].0);
}

/// What a telephone writes of a place: degrees, minutes and seconds, of which some are 0/0.
fn placed(parts: [[(u32, u32); 3]; 2], orientation: u16) -> Vec<u8> {
    let rational = |parts: [(u32, u32); 3]| Value::Rational(parts.map(|(num, denom)| Rational { num, denom }).to_vec());
    let field = |tag, value| Field { tag, ifd_num: In::PRIMARY, value };
    let letter = |letter: &str| Value::Ascii(vec![letter.as_bytes().to_vec()]);
    let fields = [
        field(Tag::Orientation, Value::Short(vec![orientation])),
        field(Tag::GPSLatitudeRef, letter("N")),
        field(Tag::GPSLatitude, rational(parts[0])),
        field(Tag::GPSLongitudeRef, letter("E")),
        field(Tag::GPSLongitude, rational(parts[1])),
    ];
    let mut writer = Writer::new();
    fields.iter().for_each(|field| writer.push_field(field));
    let mut bytes = Cursor::new(Vec::new());
    writer.write(&mut bytes, false).unwrap();
    bytes.into_inner()
}

fn jpeg_with(exif: &[u8]) -> Vec<u8> {
    let plain = encoded(RgbImage::from_pixel(64, 48, image::Rgb([190, 120, 60])), ImageFormat::Jpeg);
    let body = [b"Exif\0\0", exif].concat();
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&plain[..2], &[0xff, 0xe1], &length, &body, &plain[2..]].concat()
}

/// A `WebP` of the extended form (RFC 9649, section 2.7), with these bytes as its EXIF.
fn webp_with(exif: &[u8]) -> Vec<u8> {
    let (width, height) = (64_u32, 48_u32);
    let plain = encoded(RgbImage::from_pixel(width, height, image::Rgb([190, 120, 60])), ImageFormat::WebP);
    let chunk = |name: &[u8; 4], body: &[u8]| {
        let padding = vec![0; body.len() % 2];
        [&name[..], &u32::try_from(body.len()).unwrap().to_le_bytes(), body, &padding].concat()
    };
    let side = |length: u32| (length - 1).to_le_bytes()[..3].to_vec();
    let extended = [&[0x08, 0, 0, 0][..], &side(width), &side(height)].concat();
    let body = [&b"WEBP"[..], &chunk(b"VP8X", &extended), &plain[12..], &chunk(b"EXIF", exif)].concat();
    [b"RIFF", &u32::try_from(body.len()).unwrap().to_le_bytes()[..], &body].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn photos_tell_their_place_as_telephones_write_it() {
    let (_world, shell) = joined().await;
    let photos = tempfile::tempdir().unwrap();
    let whole = [[(43, 1), (28, 1), (2633, 100)], [(11, 1), (53, 1), (648, 100)]];
    let no_seconds = [[(43, 1), (28, 1), (0, 0)], [(11, 1), (53, 1), (0, 0)]];
    let fractions = [[(43, 1), (2_804_388, 100_000), (0, 0)], [(11, 1), (531_080, 10_000), (0, 0)]];
    let marked = [b"Exif\0\0", &placed(whole, 6)[..]].concat();
    let photos = [
        ("plain.webp", webp_with(&placed(whole, 6)), (43.473_98, 11.885_13)),
        ("marked.webp", webp_with(&marked), (43.473_98, 11.885_13)),
        ("seconds.jpg", jpeg_with(&placed(no_seconds, 1)), (43.466_67, 11.883_33)),
        ("fractions.jpg", jpeg_with(&placed(fractions, 1)), (43.467_40, 11.885_13)),
    ]
    .map(|(name, bytes, place)| (keep(photos.path(), name, &bytes), place));
    for (path, (lat, lon)) in photos {
        let (code, told) = report(&shell, &path, &[]).await;
        assert_eq!(code, Some(0), "{path}: {told}");
        let (found_lat, found_lon) = (told["point"]["lat"].as_f64().unwrap(), told["point"]["lon"].as_f64().unwrap());
        assert!((found_lat - lat).abs() < 1e-4 && (found_lon - lon).abs() < 1e-4, "{path}: {told}");
        // The resident's is somewhere else: this place is nobody's but the photo's.
        assert_eq!(told["outside"], Json::Null, "{path}: {told}");
    }
    // One from Madrid is taken as it says, and asked about.
    let madrid = [[(40, 1), (25, 1), (0, 1)], [(3, 1), (42, 1), (0, 1)]];
    let path = keep(shell.folder.path(), "madrid.jpg", &jpeg_with(&placed(madrid, 1)));
    let (code, told) = report(&shell, &path, &[]).await;
    assert_eq!((code, &told["outside"]), (Some(0), &Json::from("Comune di Pietrachiara")), "{told}");
    // Without degrees there is no place, whatever else is told.
    let nowhere = [[(0, 0), (28, 1), (0, 1)], [(11, 1), (53, 1), (0, 1)]];
    let path = keep(shell.folder.path(), "nowhere.jpg", &jpeg_with(&placed(nowhere, 1)));
    let (code, refused) = report(&shell, &path, &[]).await;
    assert_eq!((code, &refused["code"]), (Some(1), &Json::from("invalid")), "{refused}");
    assert_eq!(refused["invalid"][0]["field"], "place", "{refused}");
}

/// Fifty million pixels, as a telephone's largest photos have.
#[tokio::test(flavor = "multi_thread")]
async fn a_photo_of_fifty_megapixels_is_taken() {
    let (_world, shell) = joined().await;
    let photo = encoded(RgbImage::from_pixel(8160, 6144, image::Rgb([120, 130, 140])), ImageFormat::Jpeg);
    let path = keep(shell.folder.path(), "large.jpg", &photo);
    let (code, told) = report(&shell, &path, &["--address", "Via Roma 14"]).await;
    assert_eq!(code, Some(0), "{told}");
}
