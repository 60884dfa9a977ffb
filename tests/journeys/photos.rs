//! Real photos with an independent reader's values, when `VICINO_PHOTOS` names their folder.

use vicino_contract::FailureCode;
use vicino_pictures::photo::{PhotoError, develop};
use world::World;

/// File, point, moment taken, size of what is kept.
type Expected = (&'static str, Option<(f64, f64)>, Option<&'static str>, (u32, u32));

const GOOD: &[Expected] = &[
    ("gps_DSCN0010.jpg", Some((43.467_448, 11.885_127)), Some("2008-10-22 16:28:39"), (640, 480)),
    ("gps_DSCN0021.jpg", Some((43.467_082, 11.884_538)), Some("2008-10-22 16:38:20"), (640, 480)),
    ("gps_DSCN0027.jpg", Some((43.468_442, 11.881_515)), Some("2008-10-22 16:44:01"), (640, 480)),
    ("gps_DSCN0042.jpg", Some((43.464_455, 11.881_478)), Some("2008-10-22 17:00:07"), (640, 480)),
    ("phone_nokia_8.3.jpg", Some((60.146_706, 24.906_772)), Some("2022-08-14 14:12:31"), (1600, 686)),
    ("odd_exif_0_length_string.jpg", Some((51.025, 7.591_944)), None, (1600, 798)),
    ("orientation_landscape_3.jpg", None, None, (600, 450)),
    ("orientation_landscape_6.jpg", None, None, (600, 450)),
    ("orientation_portrait_5.jpg", None, None, (450, 600)),
    ("orientation_portrait_8.jpg", None, None, (450, 600)),
];

/// APP0 to APP15 and COM segments before the scan.
fn metadata_segments(jpeg: &[u8]) -> usize {
    let (mut at, mut found) = (2, 0);
    while jpeg[at] == 0xff && jpeg[at + 1] != 0xda {
        found += usize::from(matches!(jpeg[at + 1], 0xe0..=0xef | 0xfe));
        at += 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
    }
    found
}

#[test]
fn every_real_photo_is_upright_small_and_clean() {
    let Some(folder) = world::photos::real() else { return };
    for (name, point, taken, size) in GOOD {
        let done =
            develop(&std::fs::read(folder.join(name)).unwrap()).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        // Orientations 5 to 8 lie on their side: what is kept stands. The table has the stored size.
        let sides = [done.width, done.height];
        let expected = [size.0, size.1];
        assert!(
            sides == expected || (name.starts_with("orientation") && sides == [size.1, size.0]),
            "{name}: {sides:?}"
        );
        assert_eq!(metadata_segments(&done.jpeg), 0, "{name}");
        assert_eq!(done.written.taken.as_deref(), *taken, "{name}");
        match (point, done.written.point) {
            (None, None) => {}
            (Some((lat, lon)), Some(read)) => {
                assert!((lat - read.lat()).abs() < 1e-5 && (lon - read.lon()).abs() < 1e-5, "{name}: {read}");
            }
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn turned_photos_show_the_same_picture() {
    let Some(folder) = world::photos::real() else { return };
    // Two pictures of one landscape, turned differently by the camera: upright they look alike.
    let grey = |name: &str| {
        let done = develop(&std::fs::read(folder.join(name)).unwrap()).unwrap();
        image::load_from_memory(&done.jpeg)
            .unwrap()
            .resize_exact(24, 24, image::imageops::FilterType::Triangle)
            .into_luma8()
    };
    for (one, two) in [
        ("orientation_landscape_3.jpg", "orientation_landscape_6.jpg"),
        ("orientation_portrait_5.jpg", "orientation_portrait_8.jpg"),
    ] {
        let (one, two) = (grey(one), grey(two));
        let far: u32 = one.pixels().zip(two.pixels()).map(|(a, b)| u32::from(a.0[0].abs_diff(b.0[0]))).sum();
        assert!(far / 576 < 12, "{} apart on average", far / 576);
    }
}

#[test]
fn broken_odd_and_foreign_files_get_a_clear_sentence() {
    let Some(folder) = world::photos::real() else { return };
    let read = |name: &str| develop(&std::fs::read(folder.join(name)).unwrap());
    assert_eq!(read("not_supported.heif").unwrap_err(), PhotoError::Heic);
    for name in ["invalid_exif_image01088.jpg", "invalid_exif_image01137.jpg", "corrupted.jpg"] {
        match read(name) {
            Ok(done) => assert_eq!(metadata_segments(&done.jpeg), 0, "{name}"),
            Err(fault) => assert_eq!(fault, PhotoError::Broken, "{name}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_file_leaves_the_draft_untouched() {
    let world = World::new().await;
    let device = world.device().await;
    let draft = device.draft("Buca");
    let refused = |bytes: &[u8]| device.add_photo(draft.id, bytes.to_vec()).unwrap_err().code;
    assert_eq!(refused(b""), FailureCode::PhotoEmpty);
    assert_eq!(refused(b"%PDF-1.7 called foto.jpg"), FailureCode::PhotoNotAPicture);
    assert_eq!(refused(b"\0\0\0\x18ftypheic"), FailureCode::PhotoHeic);
    assert_eq!(refused(&world::photos::noise(80, 80, 1)[..900]), FailureCode::PhotoBroken);
    assert_eq!(refused(&vec![0xff; 40_000_001]), FailureCode::PhotoTooHeavy);
    for n in 0..5 {
        device.add_photo(draft.id, world::photos::noise(20, 20, n)).unwrap();
    }
    assert_eq!(refused(&world::photos::noise(20, 20, 9)), FailureCode::PhotoTooMany);
    use vicino_contract::ipc::{CommandHandler as _, GetDraft};
    let kept = device.app().handle(GetDraft { id: draft.id }).unwrap();
    assert_eq!((kept.photos.len(), kept.draft.title.as_str()), (5, "Buca"));
}
