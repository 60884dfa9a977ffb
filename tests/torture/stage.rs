//! A device as it stands before a step, to be copied for each point.

use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::atomic::{AtomicUsize, Ordering};

use rusqlite::Connection;
use tempfile::TempDir;
use world::copy_folder;

use crate::scene::Scene;
use crate::town::device;
use crate::truth::{Saved, saved};

/// A number that no other title has.
fn fresh() -> usize {
    static TITLES: AtomicUsize = AtomicUsize::new(1);
    TITLES.fetch_add(1, Ordering::Relaxed)
}

pub(crate) struct Stage {
    before: TempDir,
    pub(crate) url: String,
    pub(crate) photos: Vec<PathBuf>,
    _pictures: TempDir,
    /// What was saved before the step.
    waiting: Vec<Saved>,
    /// The number in the title of what is written next.
    pub(crate) turn: usize,
    /// What a device reads where nothing happened to the step, when that is to be compared.
    read: Option<String>,
}

impl Stage {
    pub(crate) async fn new(scene: Scene, url: &str) -> Self {
        let (before, pictures) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let photos: Vec<PathBuf> = (1..=2).map(|n| pictures.path().join(format!("{n}.png"))).collect();
        for (photo, seed) in photos.iter().zip(0..) {
            std::fs::write(photo, world::photos::noise(500, 400, seed)).unwrap();
        }
        let (waiting, read) = (Vec::new(), None);
        let mut stage = Self { before, url: url.to_owned(), photos, _pictures: pictures, waiting, turn: fresh(), read };
        let folder = stage.before.path().to_owned();
        if scene != Scene::Join {
            done(&folder, &["join", url]).await;
        }
        if !matches!(scene, Scene::Join | Scene::Pull | Scene::Snapshot) {
            done(&folder, &["sync"]).await;
        }
        if matches!(scene, Scene::Deliver | Scene::Leave | Scene::Migration) {
            stage.write(&[Scene::Report, Scene::Photos]).await;
        }
        if scene == Scene::Migration {
            age_device(&folder);
        }
        if matches!(scene, Scene::Pull | Scene::Snapshot | Scene::Migration) {
            let undisturbed = stage.ready(scene).await;
            done(undisturbed.path(), &["sync"]).await;
            let read = readings(undisturbed.path()).await;
            assert!(read.lines().count() > 20, "an undisturbed device reads little: {read}");
            stage.read = Some(read);
        }
        stage
    }

    /// Where the device is kept.
    pub(crate) fn folder(&self) -> &Path {
        self.before.path()
    }

    /// Writes matters that wait when the step begins.
    pub(crate) async fn write(&mut self, scenes: &[Scene]) {
        for scene in scenes {
            self.turn = fresh();
            let words = scene.words(self);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let output = device(self.before.path(), &words).await;
            self.waiting.extend(scene.matter().and_then(|matter| saved(&output, matter)));
            assert!(output.status.success(), "{words:?}: {}", told(&output));
        }
    }

    /// The next title is another.
    pub(crate) fn turn(&mut self) {
        self.turn = fresh();
    }

    /// A copy of the device for one point.
    pub(crate) fn copy(&mut self) -> TempDir {
        self.turn = fresh();
        let copy = tempfile::tempdir().unwrap();
        copy_folder(self.before.path(), copy.path());
        copy
    }

    /// A copy of the device for one point, as the step needs it. Whoever is signed in signs in on the copy: two copies of one session are
    /// a stolen one.
    pub(crate) async fn ready(&mut self, scene: Scene) -> TempDir {
        let copy = self.copy();
        if matches!(scene, Scene::Pull | Scene::Case | Scene::Certificate | Scene::Paper) {
            done(copy.path(), &["login", "--as", "Anna"]).await;
            if scene != Scene::Pull {
                done(copy.path(), &["sync"]).await;
            }
        }
        copy
    }

    /// What was saved before the step and must be at the town afterwards.
    pub(crate) fn promised(&self, scene: Scene) -> Vec<Saved> {
        // What was only tried goes with the practice town.
        if scene == Scene::Leave { Vec::new() } else { self.waiting.clone() }
    }

    /// What a device reads otherwise than one to which nothing happened.
    pub(crate) async fn reads_otherwise(&self, folder: &Path) -> Option<String> {
        let found = readings(folder).await;
        let wanted = self.read.as_deref()?;
        let line = wanted.lines().zip(found.lines()).find(|(wanted, found)| wanted != found);
        match line {
            Some((wanted, found)) => Some(format!("it reads {found:?} and not {wanted:?}")),
            None if wanted.len() == found.len() => None,
            None => Some(format!("it reads {} lines and not {}", found.lines().count(), wanted.lines().count())),
        }
    }
}

/// What a device tells of a town and of its resident.
async fn readings(folder: &Path) -> String {
    let mut all = String::new();
    for word in ["services", "bulletins", "notices", "receipts"] {
        let output = device(folder, &[word]).await;
        all.push_str(&format!("{word}: {:?}\n{}\n", output.status.code(), String::from_utf8_lossy(&output.stdout)));
    }
    all
}

/// Makes a device one of a release before: its private file as that release left it (`core/migrations/private`).
fn age_device(folder: &Path) {
    let people = std::fs::read_dir(folder.join("people")).unwrap().flatten();
    let person = people.map(|entry| entry.path()).find(|path| path.join("private.db").exists()).expect("a person");
    let key: String =
        std::fs::read(person.join("store.key")).unwrap().iter().map(|byte| format!("{byte:02x}")).collect();
    let private = Connection::open(person.join("private.db")).unwrap();
    private.pragma_update(None, "key", format!("x'{key}'")).unwrap();
    private
        .execute_batch(
            "ALTER TABLE outbox DROP COLUMN matter_kind; ALTER TABLE files DROP COLUMN matter_kind;
             ALTER TABLE messages DROP COLUMN matter_kind; ALTER TABLE threads_read DROP COLUMN matter_kind;
             DELETE FROM once WHERE what = 'folded';
             ALTER TABLE outbox RENAME COLUMN lack TO no_network;
             PRAGMA user_version = 8;",
        )
        .unwrap();
}

/// Makes a town one of a release before (`server/migrations`).
pub(crate) fn age_town(folder: &Path) {
    let register = Connection::open(folder.join("town.db")).unwrap();
    let undone = "DROP INDEX acknowledgements_by_id; ALTER TABLE carts DROP COLUMN at; PRAGMA user_version = 16;";
    register.execute_batch(undone).unwrap();
}

pub(crate) async fn done(folder: &Path, words: &[&str]) {
    let output = device(folder, words).await;
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// The last thing a shell said of a fault.
pub(crate) fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or_default().to_owned()
}
