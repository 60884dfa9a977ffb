//! A device's folder that is opened: by one program at a time, from a full disk, damaged, or with something gone.

use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

use tokio::process::Command;
use vicino_contract::ipc::{CommandHandler as _, ListDrafts};
use vicino_core::{App, KeyPlace, Opening};
use world::driver::built;
use world::{Device, ManualClock, SmallDisk, World};

async fn shell(folder: &Path, words: &[&str]) -> Output {
    let mut shell = Command::new(built("vicino-headless"));
    shell.arg("--data").arg(folder).arg("--key-in-file").args(words).output().await.unwrap()
}

/// Twelve at once are twelve one after the other; beside one that stays open, a sentence.
#[tokio::test(flavor = "multi_thread")]
async fn one_program_on_a_device() {
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    assert!(shell(folder.path(), &["join", &world.town.url()]).await.status.success());
    assert!(shell(folder.path(), &["login", "--as", "Anna"]).await.status.success());
    let words =
        ["report", "--category", "roads", "--title", "Buca", "--details", "Profonda", "--address", "Via Roma 14"];
    let all = futures_util::future::join_all((0..12).map(|_| shell(folder.path(), &words))).await;
    assert!(all.iter().all(|one| one.status.success()), "{all:?}");
    let all = futures_util::future::join_all((0..4).map(|_| shell(folder.path(), &["sync"]))).await;
    assert!(all.iter().all(|one| one.status.success()), "{all:?}");
    assert_eq!(world.town.queue().await.len(), 12);
    // Nobody's token was taken for another's in the crowd: she is signed in still.
    let after = shell(folder.path(), &["sync"]).await;
    let said = String::from_utf8_lossy(&after.stdout).into_owned();
    assert!(after.status.success() && said.contains("reached the town; 0 waiting, 0 stuck"), "{said}");
    let _open = Device::on(folder.path(), ManualClock::new());
    let refused = tokio::time::timeout(Duration::from_secs(30), shell(folder.path(), &["status"])).await.unwrap();
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains("open on this folder already"), "{said}");
}

/// The file of public facts somewhere in this folder.
fn facts(folder: &Path) -> Option<PathBuf> {
    std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).find_map(|path| {
        let name = path.file_name()?.to_string_lossy().into_owned();
        if path.is_dir() { facts(&path) } else { (name.starts_with("public") && name.ends_with(".db")).then_some(path) }
    })
}

/// Public facts that are damaged deep inside, where opening does not look, are read again from the town; nothing else is touched.
#[tokio::test(flavor = "multi_thread")]
async fn public_facts_that_break_deep_inside_are_read_again() {
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    assert!(shell(folder.path(), &["join", &world.town.url()]).await.status.success());
    assert!(shell(folder.path(), &["sync"]).await.status.success());
    let whole = shell(folder.path(), &["bulletins"]).await.stdout;
    assert!(whole.len() > 200);
    let find = || facts(folder.path()).unwrap();
    let pages = std::fs::metadata(find()).unwrap().len() / 4096;
    let mut failed = 0;
    // A page of every twelve; the first of all is looked at by opening.
    for first in (2..pages).step_by(12) {
        let file = find();
        let mut bytes = std::fs::read(&file).unwrap();
        let at = usize::try_from(first * 4096).unwrap();
        for byte in bytes.iter_mut().skip(at).take(4096) {
            *byte = 0x5a;
        }
        std::fs::write(&file, bytes).unwrap();
        let said = shell(folder.path(), &["bulletins"]).await;
        failed += u32::from(!said.status.success() || said.stdout != whole);
        let sync = shell(folder.path(), &["sync"]).await;
        let again = shell(folder.path(), &["sync"]).await;
        assert!(sync.status.success() || again.status.success(), "page {first}: {again:?}");
        let said = shell(folder.path(), &["bulletins"]).await;
        let (said, whole) = (String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&whole));
        assert_eq!(said, whole, "page {first}");
    }
    assert!(failed > 0, "otherwise this test shows nothing");
}

/// What keeps a device shut is said in a sentence, and nothing is made worse by trying.
#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_does_not_open_says_why_in_a_sentence() {
    let world = World::new().await;
    let mut device = world.device().await;
    device.draft("Una bozza");
    device.close();
    let own = device.own_folder();
    let tried = async |what: &str| {
        let output = shell(device.folder(), &["status"]).await;
        let said = String::from_utf8(output.stderr).unwrap();
        let last = said.lines().last().unwrap_or_default().to_owned();
        assert!(!output.status.success() && last.contains(what), "{said}");
        assert!(!last.contains("sqlite") && !last.contains("rusqlite") && !last.contains("hmac"), "{said}");
    };
    // The key is gone: no other is made beside the store that it opens.
    let (key, aside) = (own.join("store.key"), own.join("aside"));
    std::fs::rename(&key, &aside).unwrap();
    tried("the key to what is kept here is missing").await;
    assert!(!key.exists());
    std::fs::rename(aside, &key).unwrap();
    // A key of another length opens nothing.
    let right = std::fs::read(&key).unwrap();
    std::fs::write(&key, &right[..7]).unwrap();
    tried("does not open with the key that is here").await;
    std::fs::write(&key, right).unwrap();
    // The first page is not what was written.
    let file = own.join("private.db");
    let whole = std::fs::read(&file).unwrap();
    let mut spoiled = whole.clone();
    spoiled[100..200].fill(7);
    std::fs::write(&file, spoiled).unwrap();
    // Nobody can tell this from a key that is another's: nothing is taken away before somebody says so.
    tried("does not open with the key that is here").await;
    assert!(file.exists() && !own.join("damaged-1.db").exists());
    let mended = shell(device.folder(), &["mend"]).await;
    let said = String::from_utf8(mended.stdout).unwrap();
    assert_eq!(mended.status.code(), Some(4), "nothing was saved, and scripts are told: {said}");
    assert!(said.contains("nothing in it could be read") && said.contains("damaged-1.db"), "{said}");
    assert!(shell(device.folder(), &["status"]).await.status.success(), "there is a way on");
    // As it was, it opens as it was.
    for name in ["private.db-wal", "private.db-shm"] {
        let _ = std::fs::remove_file(own.join(name));
    }
    std::fs::write(&file, whole).unwrap();
    device.restart();
    assert_eq!(device.app().handle(ListDrafts {}).unwrap().len(), 1);
}

/// A disk without room, and a folder that is none, are called that: the database itself says only that it could not write.
#[tokio::test(flavor = "multi_thread")]
async fn a_device_on_a_full_disk_says_so() {
    if !SmallDisk::is_possible() {
        return SmallDisk::again_where_it_is("openings::a_device_on_a_full_disk_says_so");
    }
    let disk = SmallDisk::of(4_000);
    let folder = disk.folder().join("device");
    let tried = async || String::from_utf8(shell(&folder, &["status"]).await.stderr).unwrap();
    disk.fill();
    assert!(tried().await.contains("the disk is full: make room"));
    disk.clear();
    assert_eq!(tried().await, "");
    disk.fill();
    let report =
        ["report", "--category", "roads", "--title", "Buca", "--details", "Profonda", "--address", "Via Roma 14"];
    let written = shell(&folder, &report).await;
    let said = [written.stdout, written.stderr].map(|said| String::from_utf8(said).unwrap()).concat();
    assert!(!written.status.success() && said.contains("the disk is full"), "{said}");
    disk.clear();
    std::fs::remove_dir_all(&folder).unwrap();
    std::fs::write(&folder, b"").unwrap();
    assert!(tried().await.contains("there is a file where the folder of a device should be"));
}

/// A store that vanished is missed: no empty one takes its place before somebody asks for it, and what belonged to it waits.
#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_vanished_is_missed() {
    let world = World::new().await;
    let mut device = world.device().await;
    device.report("Buca", 1);
    device.draft("Una bozza");
    device.close();
    let own = device.own_folder();
    let (file, aside) = (own.join("private.db"), own.join("aside"));
    std::fs::rename(&file, &aside).unwrap();
    for _ in 0..2 {
        let refused = shell(device.folder(), &["status"]).await;
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(!refused.status.success() && said.contains("private.db is gone: put it back"), "{said}");
        assert!(!file.metadata().is_ok_and(|file| file.len() > 0), "no other was begun");
        // Emptied, it is gone as well.
        std::fs::write(&file, b"").unwrap();
    }
    // What mends by itself, the window and `serve`, mends what is damaged; what is gone it leaves to whoever may put it back.
    std::fs::write(own.join("damaged"), b"").unwrap();
    let opening = Opening { key: KeyPlace::OwnerFile, ..Opening::of(device.folder()) };
    assert_eq!(App::open_or_mend(opening).err(), Some(vicino_core::OpenError::StoreIsMissing));
    assert!(own.join("files").is_dir() && !own.join("files-1").exists());
    let mended = shell(device.folder(), &["mend"]).await;
    let said = String::from_utf8(mended.stdout).unwrap();
    assert!(mended.status.code() == Some(4) && said.contains("files-1"), "{said}");
    assert!(shell(device.folder(), &["status"]).await.status.success(), "there is a way on");
    // Put back, with its files, it is what it was.
    for name in ["private.db-wal", "private.db-shm"] {
        let _ = std::fs::remove_file(own.join(name));
    }
    std::fs::rename(aside, &file).unwrap();
    std::fs::remove_dir_all(own.join("files")).unwrap();
    std::fs::rename(own.join("files-1"), own.join("files")).unwrap();
    device.restart();
    assert_eq!(device.app().handle(ListDrafts {}).unwrap().len(), 1);
    world.settle(&device).await;
    assert_eq!(world.town.queue().await.len(), 1, "its photo too");
}

/// A device of a release before people had folders, whose move was cut off between two files, goes on with it.
#[tokio::test(flavor = "multi_thread")]
async fn a_move_into_a_folder_of_ones_own_goes_on() {
    let world = World::new().await;
    let mut device = world.device().await;
    device.draft("Una bozza");
    device.close();
    // As it lay before, save what had been moved already; such a move goes into a folder whose name bears no moment.
    let own = device.folder().join("people/00000000-0000-7000-8000-000000000001");
    std::fs::rename(device.own_folder(), &own).unwrap();
    std::fs::remove_file(device.folder().join("people/person")).unwrap();
    for name in ["private.db-wal", "private.db-shm", "private.db"] {
        let _ = std::fs::rename(own.join(name), device.folder().join(name));
    }
    device.restart();
    assert_eq!(device.app().handle(ListDrafts {}).unwrap().len(), 1);
    assert!(!device.folder().join("private.db").exists());
}
