//! Kills and errors of the disk on a device, at each call that changes something.

use tempfile::{TempDir, tempdir};

use crate::campaign::{Plan, Tally};
use crate::scene::{Scene, again};
use crate::stage::{Stage, told};
use crate::town::{Injection, Point, Start, Town, hindered, points_of};
use crate::truth::{Saved, saved, wrongs};

/// Points of a scene that are tried in a sample.
const SAMPLE: usize = 5;
/// Public records of a town whose newcomers take its snapshot.
const MANY: u64 = 6_000;

/// Every scene, at each call.
pub(crate) async fn on_devices(plan: Plan, (part, named): (&str, Option<&str>), faults: &[&'static str]) -> Tally {
    let mut all = Tally::default();
    for scene in Scene::ALL.into_iter().filter(|scene| named.is_none_or(|named| scene.name().contains(named))) {
        let points = plan.points(&points_of_step(scene).await, SAMPLE);
        let mut tally = Tally::default();
        for what in faults {
            for some in points.chunks(scene.at_one_town()) {
                let (_folder, town, mut stage) = opened(scene).await;
                for at in some {
                    let injection = Injection { at: *at, what };
                    if let Some(found) = point(scene, &mut stage, &town, injection).await {
                        tally.point(&format!("{part} {what} at {} {} of {}", at.call, at.n, scene.name()), found);
                    }
                }
            }
        }
        all.add(tally.told(part, scene.name()));
    }
    all
}

/// A town, and a device of it before the step.
async fn opened(scene: Scene) -> (TempDir, Town, Stage) {
    let folder = tempdir().unwrap();
    let records = (scene == Scene::Snapshot).then_some(MANY);
    let town = Town::start(folder.path(), Start { records, ..Start::default() }).await.unwrap();
    let stage = Stage::new(scene, &town.url).await;
    (folder, town, stage)
}

/// The points of a step to which nothing happens.
async fn points_of_step(scene: Scene) -> Vec<Point> {
    let (_folder, _town, mut stage) = opened(scene).await;
    let device = stage.ready(scene).await;
    let words = scene.words(&stage);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    points_of(device.path(), &words).await
}

/// A point: what does not hold after it; nothing when the fault met no file.
async fn point(scene: Scene, stage: &mut Stage, town: &Town, injection: Injection) -> Option<Vec<String>> {
    let folder = stage.ready(scene).await;
    let words = scene.words(stage);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let output = hindered(folder.path(), &words, injection).await?;
    let mut promised: Vec<Saved> = stage.promised(scene);
    promised.extend(scene.matter().and_then(|matter| saved(&output, matter)));
    let mut found = again(scene, folder.path(), stage, town).await;
    if output.status.code() == Some(101) || String::from_utf8_lossy(&output.stderr).contains("panicked at") {
        found.push(format!("it panicked: {}", told(&output)));
    }
    found.extend(wrongs(folder.path(), town, &promised).await);
    Some(found)
}
