//! What is being done when something happens: one word of a shell, on a device prepared for it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;
use world::copy_folder;

use crate::town::{Town, device};
use crate::truth::{Saved, saved};

/// A step that is tried at every point.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scene {
    /// A report is written.
    Report,
    /// A report with two photos.
    Photos,
    /// What waits is delivered.
    Deliver,
    /// A newcomer joins the town.
    Join,
    /// A resident signs in.
    Login,
    /// The practice town is left.
    Leave,
}

impl Scene {
    pub(crate) const ALL: [Self; 6] = [Self::Report, Self::Photos, Self::Deliver, Self::Join, Self::Login, Self::Leave];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Report => "a report",
            Self::Photos => "a report with two photos",
            Self::Deliver => "delivering",
            Self::Join => "joining",
            Self::Login => "signing in",
            Self::Leave => "leaving the practice town",
        }
    }

    /// The words of the step.
    pub(crate) fn words(self, stage: &Stage) -> Vec<String> {
        let title = format!("Prova {}", stage.turn);
        let report = ["report", "--category", "roads", "--title", &title, "--details", "x", "--address", "Via Roma 14"];
        let mut words: Vec<String> = match self {
            Self::Report | Self::Photos => report.map(String::from).to_vec(),
            Self::Deliver => vec![String::from("sync")],
            Self::Join => vec![String::from("join"), stage.url.clone()],
            Self::Login => ["login", "--as", "Anna"].map(String::from).to_vec(),
            Self::Leave => vec![String::from("leave-practice")],
        };
        if self == Self::Photos {
            for photo in &stage.photos {
                words.extend([String::from("--photo"), photo.display().to_string()]);
            }
        }
        words
    }
}

/// A number that no other title has.
fn fresh() -> usize {
    static TITLES: AtomicUsize = AtomicUsize::new(1);
    TITLES.fetch_add(1, Ordering::Relaxed)
}

/// A device as it stands before the step, to be copied for each point.
pub(crate) struct Stage {
    before: TempDir,
    pub(crate) url: String,
    photos: Vec<PathBuf>,
    _pictures: TempDir,
    /// What was saved before the step.
    waiting: Vec<(String, usize)>,
    /// The number in the title of what is written next.
    turn: usize,
}

impl Stage {
    pub(crate) async fn new(scene: Scene, url: &str) -> Self {
        let (before, pictures) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let photos: Vec<PathBuf> = (1..=2).map(|n| pictures.path().join(format!("{n}.png"))).collect();
        for (photo, seed) in photos.iter().zip(0..) {
            std::fs::write(photo, world::photos::noise(500, 400, seed)).unwrap();
        }
        let mut stage =
            Self { before, url: url.to_owned(), photos, _pictures: pictures, waiting: Vec::new(), turn: fresh() };
        if scene != Scene::Join {
            done(stage.before.path(), &["join", url]).await;
            done(stage.before.path(), &["sync"]).await;
        }
        if matches!(scene, Scene::Deliver | Scene::Leave) {
            for photos in [0, 2] {
                stage.turn = fresh();
                let words = if photos == 0 { Scene::Report } else { Scene::Photos }.words(&stage);
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                let told = saved(&device(stage.before.path(), &words).await, photos).unwrap();
                stage.waiting.push((told.id, photos));
            }
        }
        stage
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

    /// What was saved before the step and must be at the town afterwards.
    pub(crate) fn promised(&self, scene: Scene) -> Vec<Saved> {
        // What was only tried goes with the practice town.
        let waiting = self.waiting.iter().filter(|_| scene != Scene::Leave);
        waiting.map(|(id, photos)| Saved { id: id.clone(), photos: *photos }).collect()
    }
}

async fn done(folder: &Path, words: &[&str]) {
    let output = device(folder, words).await;
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Does what is left to do after a step that was cut off, as a person would: the same again, where it was not done.
pub(crate) async fn again(scene: Scene, folder: &Path, stage: &Stage, town: &Town) -> Vec<String> {
    let words = scene.words(stage);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match scene {
        Scene::Report | Scene::Photos | Scene::Deliver => Vec::new(),
        Scene::Join | Scene::Login => {
            let output = device(folder, &words).await;
            let fine = output.status.success();
            if fine { Vec::new() } else { vec![format!("not the second time either: {}", told(&output))] }
        }
        Scene::Leave => {
            // Left, or not left: never half. Either way a town can be joined afterwards.
            let _ = device(folder, &words).await;
            let joined = device(folder, &["join", &town.url]).await;
            let people = std::fs::read_dir(folder.join("people")).unwrap().flatten();
            let many = people.filter(|entry| entry.path().is_dir()).count();
            let mut wrongs = Vec::new();
            if !joined.status.success() {
                wrongs.push(format!("no town can be joined afterwards: {}", told(&joined)));
            }
            if many > 1 {
                wrongs.push(format!("what was tried is still here: {many} folders"));
            }
            wrongs
        }
    }
}

pub(crate) fn told(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or_default().to_owned()
}
