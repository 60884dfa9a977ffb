//! Stores damaged at every page, cut off while they are mended, and of a release before.

use super::*;
use crate::matters::report;
use vicino_domain::Instant;

const KEY: [u8; 32] = [1; 32];

/// A store with so many drafts, closed.
fn written(folder: &Path, count: u32) {
    let store = crate::store::tests::open(folder, 1).unwrap();
    store
        .private(|tx| {
            (0..count).try_for_each(|n| {
                let body = serde_json::json!({ "title": format!("Buca {n}"), "details": "x".repeat(700) });
                report::drafts_store::save(tx, &format!("d{n:04}"), &body.to_string(), 1, Instant::default())
            })
        })
        .unwrap();
}

fn count(folder: &Path) -> u32 {
    let store = crate::store::tests::open(folder, 1).unwrap();
    store.private(|tx| Ok(tx.query_row("SELECT count(*) FROM drafts", [], |row| row.get(0))?)).unwrap()
}

fn spoil(folder: &Path, from: f64, pages: usize) {
    let file = folder.join("private.db");
    let mut bytes = fs::read(&file).unwrap();
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a place in a small file"
    )]
    let at = (bytes.len() as f64 * from) as usize / 4096 * 4096;
    bytes[at..at + pages * 4096].fill(0x5a);
    fs::write(file, bytes).unwrap();
}

#[test]
fn what_stands_around_a_hole_is_saved() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path(), 400);
    assert!(!is_damaged(folder.path(), &KEY).unwrap());
    spoil(folder.path(), 0.6, 3);
    assert!(is_damaged(folder.path(), &KEY).unwrap());
    let salvaged = salvage(folder.path(), &KEY).unwrap();
    assert!(salvaged.holes > 0 && salvaged.rows > 370, "{salvaged:?}");
    assert!(salvaged.kept.exists() && !is_damaged(folder.path(), &KEY).unwrap());
    let saved = count(folder.path());
    assert!((370..400).contains(&saved), "{saved}");
}

/// Whichever page is spoiled, it is noticed, and a file that opens takes its place.
#[test]
fn every_page_that_is_spoiled_is_mended() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path(), 20);
    let whole = fs::read(folder.path().join(PRIVATE)).unwrap();
    let mut saved = 0;
    for page in 0..whole.len() / 4096 {
        let mut spoiled = whole.clone();
        spoiled[page * 4096 + 100..page * 4096 + 200].fill(0x5a);
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(PRIVATE), spoiled).unwrap();
        assert!(is_damaged(folder.path(), &KEY).unwrap(), "page {page}");
        let salvaged = salvage(folder.path(), &KEY).unwrap();
        assert!(salvaged.kept.exists() && !is_damaged(folder.path(), &KEY).unwrap(), "page {page}");
        saved += u32::from(salvaged.rows > 0);
    }
    assert!(saved > 20, "of most pages' loss something is saved: {saved}");
}

/// A store of a release before, damaged when the new one comes: what is saved of it is brought up as the whole would have been.
#[test]
fn a_damaged_store_of_before_is_brought_up() {
    use crate::store::outbox;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(PRIVATE);
    let old = open_private_of(&file, &KEY, Some(10)).unwrap();
    let id = |n: u128| uuid::Uuid::from_u128(n).to_string();
    for n in 0..60_u128 {
        let (request, paper) = (id(1_000 + n), id(2_000 + n));
        old.execute(
            "INSERT INTO outbox (id, matter, kind, subject, body, saved_at) VALUES (?1, ?1, 'report', ?1, ?2, 0)",
            rusqlite::params![request, vec![b'x'; 700]],
        )
        .unwrap();
        old.execute("INSERT INTO papers (id, kind, name, kept_at) VALUES (?1, 'other', '', 0)", [&paper]).unwrap();
        old.execute(
            "INSERT INTO files (id, matter, sha256, name, media, bytes, here) VALUES (?1, ?1, ?2, ?3, '', 1, 1)",
            [&paper, &"00".repeat(32), &"n".repeat(200)],
        )
        .unwrap();
    }
    old.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    drop(old);
    let (spoiled, key) = (std::cell::Cell::new(false), &KEY);
    // The first page that holds rows and leaves something to be saved.
    let whole = fs::read(&file).unwrap();
    for page in (1..whole.len() / 4096).rev() {
        let mut bytes = whole.clone();
        bytes[page * 4096 + 100..page * 4096 + 200].fill(0x5a);
        fs::write(&file, &bytes).unwrap();
        if is_damaged(folder.path(), key).unwrap() {
            spoiled.set(true);
            break;
        }
    }
    assert!(spoiled.get());
    let salvaged = salvage(folder.path(), key).unwrap();
    assert!(salvaged.rows > 60, "{salvaged:?}");
    let store = crate::store::tests::open(folder.path(), 1).unwrap();
    store
        .private(|tx| {
            let pending = outbox::pending(tx)?;
            assert!(pending.len() > 20, "what waits is read: {}", pending.len());
            let sql = "SELECT count(*) FROM files WHERE matter_kind <> 'paper'";
            let others: u32 = tx.query_row(sql, [], |row| row.get(0))?;
            assert_eq!(others, 0, "a page of a paper of one's own stays one");
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_file_of_which_nothing_can_be_read_is_kept_beside_a_new_one() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path(), 3);
    spoil(folder.path(), 0.0, 1);
    assert!(is_damaged(folder.path(), &KEY).unwrap());
    let salvaged = salvage(folder.path(), &KEY).unwrap();
    assert!(salvaged.kept.exists() && salvaged.rows == 0);
    assert_eq!(count(folder.path()), 0);
    // A second time another name is taken.
    spoil(folder.path(), 0.0, 1);
    assert!(salvage(folder.path(), &KEY).unwrap().kept.ends_with("damaged-2.db"));
}

/// Cut off before its step a mend begins again; behind it, it is ended: at no point is what can be read lost.
#[test]
fn a_mend_that_is_cut_off_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path(), 400);
    spoil(folder.path(), 0.6, 3);
    let (damaged, made) = (folder.path().join(PRIVATE), folder.path().join(MADE));
    // Half of another file, without the mark.
    fs::write(&made, b"half").unwrap();
    assert!(is_damaged(folder.path(), &KEY).unwrap());
    let kept = salvage(folder.path(), &KEY).unwrap();
    assert!(!made.exists() && !folder.path().join(MARK).exists());
    let saved = count(folder.path());
    assert!(saved > 350, "{saved}");
    // Behind the step, with the damaged one still in its place; and with the new one in its place already.
    fs::rename(&damaged, &made).unwrap();
    fs::rename(&kept.kept, &damaged).unwrap();
    fs::write(folder.path().join(MARK), "damaged-1.db").unwrap();
    finish(folder.path()).unwrap();
    assert!(kept.kept.exists() && count(folder.path()) == saved);
    fs::write(folder.path().join(MARK), "damaged-1.db").unwrap();
    finish(folder.path()).unwrap();
    assert_eq!(count(folder.path()), saved);
    assert!(!folder.path().join(MARK).exists());
}

#[test]
fn another_key_is_no_damage() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path(), 3);
    assert!(matches!(unlock(&folder.path().join(PRIVATE), &[2; 32]), Err(Error::KeyDoesNotFit)));
}

#[test]
fn a_damaged_store_of_a_release_to_come_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path(), 60);
    let file = folder.path().join(PRIVATE);
    let later = unlock(&file, &KEY).unwrap();
    later.pragma_update(None, "user_version", 1_000).unwrap();
    later.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    drop(later);
    spoil(folder.path(), 0.6, 1);
    assert!(is_damaged(folder.path(), &KEY).unwrap());
    let cause = salvage(folder.path(), &KEY).unwrap_err();
    assert_eq!(crate::error::OpenError::from(&cause), crate::error::OpenError::Newer);
    assert!(file.exists() && !folder.path().join("damaged-1.db").exists());
}
