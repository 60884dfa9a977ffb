//! Kills and errors of the disk at the town, at each call that changes something.

use std::path::Path;

use serde_json::json;
use tempfile::{TempDir, tempdir};
use world::copy_folder;

use crate::campaign::{Plan, Tally};
use crate::scene::Scene;
use crate::stage::{Stage, age_town, done, told};
use crate::town::{Injection, Met, Start, Town, device, met, points, rotate};
use crate::truth::{Matter, Saved, office, saved, unsound, wrongs};

/// Public records of a town that makes a snapshot: some more than it makes one for.
const MANY: u64 = 2_100;
/// Points of a scene that are tried in a sample.
const SAMPLE: usize = 4;

/// What a town is doing when something happens to it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doing {
    /// It starts for the first time.
    First,
    /// It starts, and makes a snapshot of many records.
    Snapshot,
    /// It gets a new key.
    Rotate,
    /// It is opened by this release, and was left by one before.
    Migration,
    /// It takes reports and photos in.
    Accept,
    /// The office moves a report.
    Transition,
    /// It issues a certificate.
    Issue,
}

impl Doing {
    const ALL: [Self; 7] =
        [Self::First, Self::Snapshot, Self::Rotate, Self::Migration, Self::Accept, Self::Transition, Self::Issue];

    const fn name(self) -> &'static str {
        match self {
            Self::First => "a town's first start",
            Self::Snapshot => "a town that makes a snapshot",
            Self::Rotate => "a town that gets a new key",
            Self::Migration => "a town of a release before",
            Self::Accept => "a town that takes reports in",
            Self::Transition => "a town whose office moves a report",
            Self::Issue => "a town that issues a certificate",
        }
    }

    /// Returns whether a word of the campaign's own command line names it.
    fn is(self, scene: Option<&str>) -> bool {
        scene.is_none_or(|scene| self.name().contains(scene))
    }
}

/// A town and a device before the step.
struct Before {
    town: TempDir,
    stage: Option<Stage>,
    /// The report its office is about to move.
    report: Option<Saved>,
}

impl Before {
    async fn of(doing: Doing) -> Self {
        let (town, mut stage, mut report) = (tempdir().unwrap(), None, None);
        if doing == Doing::Snapshot {
            // Its records are there; its snapshot is still to be made.
            let start = Start { records: Some(MANY), ..Start::default() };
            let mut whole = Town::start(town.path(), start).await.unwrap();
            whole.makes_a_snapshot().await;
            whole.kill().await;
            std::fs::remove_dir_all(town.path().join("snapshots")).unwrap();
        } else if doing != Doing::First {
            let mut whole = Town::start_whole(town.path()).await.unwrap();
            // What waits on the device arrives while the town is hindered.
            let (ready, waiting): (_, &[Scene]) = match doing {
                Doing::Issue => (Scene::Certificate, &[Scene::Certificate]),
                Doing::Transition => (Scene::Report, &[Scene::Report]),
                _ => (Scene::Report, &[Scene::Report, Scene::Photos]),
            };
            let mut device = Stage::new(ready, &whole.url).await;
            if doing == Doing::Issue {
                done(device.folder(), &["login", "--as", "Anna"]).await;
                done(device.folder(), &["sync"]).await;
            }
            device.write(waiting).await;
            if doing == Doing::Transition {
                let folder = device.copy();
                done(folder.path(), &["sync"]).await;
                report = device.promised(ready).into_iter().next();
            }
            whole.kill().await;
            stage = Some(device);
        }
        if doing == Doing::Migration {
            age_town(town.path());
        }
        Self { town, stage, report }
    }
}

/// Every scene, at each call.
pub(crate) async fn at_towns(plan: Plan, (part, scene): (&str, Option<&str>), what: &'static str) -> Tally {
    let mut all = Tally::default();
    for doing in Doing::ALL.into_iter().filter(|doing| doing.is(scene)) {
        let mut before = Before::of(doing).await;
        let log = tempfile::NamedTempFile::new().unwrap();
        let started = |injection| Start { traced: Some((log.path(), injection)), ..Start::default() };
        let undisturbed = run(doing, &mut before, started(None)).await;
        let mut tally = Tally::default();
        tally.violations.extend(undisturbed.into_iter().map(|why| format!("{}, undisturbed: {why}", doing.name())));
        for at in plan.points(&points(log.path()), SAMPLE) {
            let found = run(doing, &mut before, started(Some(Injection { at, what }))).await;
            if met(log.path()) == Met::File {
                tally.point(&format!("{part} {what} at {} {} of {}", at.call, at.n, doing.name()), found);
            }
        }
        all.add(tally.told(part, doing.name()));
    }
    all
}

/// The step on copies of what was before, and what does not hold after it.
async fn run(doing: Doing, before: &mut Before, start: Start<'_>) -> Vec<String> {
    let folder = tempdir().unwrap();
    copy_folder(before.town.path(), folder.path());
    let device_folder = before.stage.as_mut().map_or_else(|| tempdir().unwrap(), Stage::copy);
    let mut promised = before.stage.as_ref().map(|stage| stage.promised(Scene::Deliver)).unwrap_or_default();
    let mut moved = false;
    if doing == Doing::Rotate {
        rotate(folder.path(), start).await;
    } else if let Some(mut hindered) = Town::start(folder.path(), start).await {
        if doing == Doing::Snapshot {
            hindered.makes_a_snapshot().await;
        }
        if before.stage.is_some() && device(device_folder.path(), &["join", &hindered.url]).await.status.success() {
            if doing == Doing::Accept
                && let Some(stage) = &mut before.stage
            {
                // One more is written and sent while it is hindered.
                stage.turn();
                let words = Scene::Report.words(stage);
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                promised.extend(saved(&device(device_folder.path(), &words).await, Matter::Report(0)));
            }
            if let Some(report) = &before.report {
                moved = moves(&hindered, report).await;
            }
            let _ = device(device_folder.path(), &["sync", "--once"]).await;
        }
        hindered.kill().await;
    }
    match Town::start_whole(folder.path()).await {
        Err(why) => vec![why],
        Ok(mut town) => {
            let mut found = if doing == Doing::Snapshot { unmade(&mut town).await } else { Vec::new() };
            found.extend(after((before, &town), device_folder.path(), &promised, moved).await);
            found
        }
    }
}

/// The office takes the report in charge; whether the town said that it did.
async fn moves(town: &Town, report: &Saved) -> bool {
    let path = format!("/reports/{}", report.id);
    let Ok(now) = office(town, &path).await else { return false };
    let step = json!({ "state": "in_charge", "version": now["version"], "office": "Ufficio Lavori pubblici" });
    let url = format!("{}/office/v1{path}/transitions", town.url);
    let asked = reqwest::Client::new().post(url).bearer_auth(town.office_token()).json(&step);
    asked.send().await.is_ok_and(|answer| answer.status().is_success())
}

async fn after((before, town): (&Before, &Town), folder: &Path, promised: &[Saved], moved: bool) -> Vec<String> {
    let mut found = office(town, "/reports").await.err().into_iter().collect::<Vec<_>>();
    // The town answers somewhere else now, as after a move; whoever was not there yet joins.
    let joined = device(folder, &["join", &town.url]).await;
    if !joined.status.success() {
        found.push(format!("nobody finds the town again: {}", told(&joined)));
        found.extend(unsound(&town.folder.join("town.db")));
        return found;
    }
    found.extend(wrongs(folder, town, promised).await);
    if let Some(report) = &before.report {
        match office(town, &format!("/reports/{}", report.id)).await {
            Err(why) => found.push(why),
            Ok(now) => {
                let steps = now["history"].as_array().map_or(0, Vec::len);
                let wanted: &[(&str, usize)] =
                    if moved { &[("in_charge", 2)] } else { &[("in_charge", 2), ("received", 1)] };
                if !wanted.contains(&(now["state"].as_str().unwrap_or_default(), steps)) {
                    found.push(format!("the report is {} after {steps} steps", now["state"]));
                }
            }
        }
    }
    found.extend(strays(&town.folder));
    found
}

/// What does not hold of a town's snapshot, whatever happened while it was made: there is one, whole, and nothing half-made beside it.
async fn unmade(town: &mut Town) -> Vec<String> {
    town.makes_a_snapshot().await;
    let names = std::fs::read_dir(town.folder.join("snapshots")).into_iter().flatten().flatten();
    let mut names: Vec<String> = names.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort_unstable();
    match names.as_slice() {
        [file, label] if file.ends_with(".zst") && file != "new.zst" && label == "label" => Vec::new(),
        _ => vec![format!("its snapshots are {names:?}")],
    }
}

/// Bytes in a town's rooms for uploads, once nothing is on its way.
fn strays(folder: &Path) -> Option<String> {
    let left: Vec<_> = std::fs::read_dir(folder.join("uploads")).into_iter().flatten().flatten().collect();
    (!left.is_empty()).then(|| format!("{} files lie among the uploads", left.len()))
}
