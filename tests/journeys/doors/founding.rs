//! A folder is a practice town's or a real one's for ever: whatever believes anybody never stands over what real people sent.

use vicino_server::{OpenError, TownIdentity, practice, system_clock};

fn real() -> TownIdentity {
    TownIdentity { practice: false, provider: None, ..practice::identity() }
}

fn opened(folder: &std::path::Path, identity: TownIdentity) -> Result<(), OpenError> {
    vicino_server::open(folder, identity, system_clock()).map(drop)
}

/// The one seed of its keys.
fn seed(folder: &std::path::Path) -> Vec<u8> {
    let files = std::fs::read_dir(folder.join("keys")).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<_> = files.filter(|path| path.is_file()).collect();
    all.sort();
    std::fs::read(all.first().unwrap()).unwrap()
}

/// The register as a release left it that did not write down how it was founded.
fn forget_founding(folder: &std::path::Path) {
    rusqlite::Connection::open(folder.join("town.db")).unwrap().execute("DELETE FROM founding", []).unwrap();
}

#[test]
fn a_real_town_is_never_opened_to_practise_in() {
    let folder = tempfile::tempdir().unwrap();
    let town = vicino_server::open(folder.path(), real(), system_clock()).unwrap();
    town.register.publish("bulletins", world::made(1), &serde_json::json!({ "title": "Avviso" })).unwrap();
    drop(town);
    let key = seed(folder.path());
    assert!(matches!(practice::open(folder.path(), system_clock()), Err(OpenError::IsReal)));
    forget_founding(folder.path());
    assert!(matches!(practice::open(folder.path(), system_clock()), Err(OpenError::IsReal)));
    // Nothing was changed by the attempt, and the town opens as it was.
    assert_eq!(seed(folder.path()), key);
    opened(folder.path(), real()).unwrap();
}

#[test]
fn a_practice_town_never_becomes_real() {
    let folder = tempfile::tempdir().unwrap();
    drop(practice::open(folder.path(), system_clock()).unwrap());
    assert!(matches!(opened(folder.path(), real()), Err(OpenError::IsPractice)));
    forget_founding(folder.path());
    assert!(matches!(opened(folder.path(), real()), Err(OpenError::IsPractice)));
    drop(practice::open(folder.path(), system_clock()).unwrap());
}
