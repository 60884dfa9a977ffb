//! What is being done on a device when something happens: one word of a shell.

use std::path::Path;

use vicino_contract::ipc::{CommandHandler as _, ListPapers, PaperRow};
use vicino_core::{App, KeyPlace, Opening};

use crate::stage::{Stage, told};
use crate::town::{Town, device};
use crate::truth::Matter;

/// A step that is tried at every point.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scene {
    /// A report is written.
    Report,
    /// A report with two photos.
    Photos,
    /// What waits is delivered.
    Deliver,
    /// A resident who has signed in reads what is theirs, the first time.
    Pull,
    /// A newcomer to a town of many records takes its snapshot.
    Snapshot,
    /// A newcomer joins the town.
    Join,
    /// A resident signs in.
    Login,
    /// The practice town is left.
    Leave,
    /// A case is written and sent.
    Case,
    /// A certificate is asked for.
    Certificate,
    /// A paper of two pages is kept.
    Paper,
    /// A device of a release before is opened by this one, and delivers what waits.
    Migration,
}

impl Scene {
    pub(crate) const ALL: [Self; 12] = [
        Self::Report,
        Self::Photos,
        Self::Deliver,
        Self::Pull,
        Self::Snapshot,
        Self::Join,
        Self::Login,
        Self::Leave,
        Self::Case,
        Self::Certificate,
        Self::Paper,
        Self::Migration,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Report => "a report",
            Self::Photos => "a report with two photos",
            Self::Deliver => "delivering",
            Self::Pull => "reading what is one's own",
            Self::Snapshot => "taking the snapshot",
            Self::Join => "joining",
            Self::Login => "signing in",
            Self::Leave => "leaving the practice town",
            Self::Case => "a case",
            Self::Certificate => "a certificate",
            Self::Paper => "a paper of two pages",
            Self::Migration => "a device of a release before",
        }
    }

    /// The matter that the step prints as saved.
    pub(crate) const fn matter(self) -> Option<Matter> {
        match self {
            Self::Report => Some(Matter::Report(0)),
            Self::Photos => Some(Matter::Report(2)),
            Self::Case => Some(Matter::Case),
            Self::Certificate => Some(Matter::Certificate),
            _ => None,
        }
    }

    /// The number of points one town is good for: it issues so many certificates a day to a resident, and lets so many new devices in from
    /// one address.
    pub(crate) const fn at_one_town(self) -> usize {
        // Of 200 devices a day (`Bounds::devices_per_day`) a point makes at most two, and its scene some.
        if matches!(self, Self::Certificate) { 8 } else { 60 }
    }

    /// The words of the step.
    pub(crate) fn words(self, stage: &Stage) -> Vec<String> {
        let title = format!("Prova {}", stage.turn);
        let report = ["report", "--category", "roads", "--title", &title, "--details", "x", "--address", "Via Roma 14"];
        let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let pictures = || stage.photos.iter().map(|photo| photo.display().to_string());
        match self {
            Self::Report => own(&report),
            Self::Photos => {
                let photos = pictures().flat_map(|photo| [String::from("--photo"), photo]);
                report.map(String::from).into_iter().chain(photos).collect()
            }
            Self::Deliver | Self::Pull | Self::Snapshot | Self::Migration => own(&["sync"]),
            Self::Join => own(&["join", &stage.url]),
            Self::Login => own(&["login", "--as", "Anna"]),
            Self::Leave => own(&["leave-practice"]),
            Self::Case => {
                let answers = [
                    &format!("who.name={title}"),
                    "who.tax_code=BRTNNA86E54X999E",
                    "who.address=Via Roma 14",
                    "who.cap=51016",
                    "end.rules=yes",
                ];
                let set = answers.iter().flat_map(|answer| [String::from("--set"), (*answer).to_owned()]);
                own(&["case", "new", "--service", "biblioteca", "--send"]).into_iter().chain(set).collect()
            }
            Self::Certificate => own(&["certificate", "ask", "residence", "--exempt", "sport"]),
            Self::Paper => {
                let kept = own(&["paper", "keep", "isee", "--name", &title]);
                kept.into_iter().chain(pictures()).collect()
            }
        }
    }
}

/// Does what is left to do after a step that was cut off, as a person would: the same again, where it was not done. Says what does not
/// hold of the device itself.
pub(crate) async fn again(scene: Scene, folder: &Path, stage: &Stage, town: &Town) -> Vec<String> {
    let words = scene.words(stage);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match scene {
        Scene::Join | Scene::Login => {
            let output = device(folder, &words).await;
            let fine = output.status.success();
            if fine { Vec::new() } else { vec![format!("not the second time either: {}", told(&output))] }
        }
        Scene::Leave => left(folder, &words, town).await,
        Scene::Pull | Scene::Snapshot | Scene::Migration => {
            let _ = device(folder, &words).await;
            stage.reads_otherwise(folder).await.into_iter().collect()
        }
        Scene::Paper => halves(folder),
        Scene::Report | Scene::Photos | Scene::Deliver | Scene::Case | Scene::Certificate => Vec::new(),
    }
}

/// Left, or not left: never half. Either way a town can be joined afterwards.
async fn left(folder: &Path, words: &[&str], town: &Town) -> Vec<String> {
    let _ = device(folder, words).await;
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

/// Papers that are listed without all of their pages, or with one that cannot be read: half a paper proves nothing.
fn halves(folder: &Path) -> Vec<String> {
    let app = match App::open(Opening { key: KeyPlace::OwnerFile, ..Opening::of(folder) }) {
        Ok(app) => app,
        Err(why) => return vec![format!("the device does not open: {why}")],
    };
    let papers = app.handle(ListPapers {}).unwrap();
    let whole = |paper: &PaperRow| paper.files.len() == 2 && paper.files.iter().all(|page| app.file(page.id).is_ok());
    papers.iter().filter(|paper| !whole(paper)).map(|paper| format!("half a paper is kept: {}", paper.name)).collect()
}
