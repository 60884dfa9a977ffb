//! Clocks that are off: a device's or the town's, while something is written and while it is delivered.

use chrono::{DateTime, Utc};
use tempfile::tempdir;

use crate::campaign::Tally;
use crate::scene::Scene;
use crate::stage::Stage;
use crate::town::{Start, Town, device, device_at};
use crate::truth::{Matter, Saved, office, saved, wrongs};

/// How far a device's clock is off, as faketime says it.
const DEVICES: [&str; 7] = ["-1d", "+1d", "-730d", "+730d", "+10957d", "-7305d", "-10h"];
/// The same of a town's.
const TOWNS: [&str; 4] = ["-730d", "+730d", "-1d", "+1d"];

pub(crate) async fn clocks() -> Tally {
    let mut all = devices().await;
    all.add(towns().await);
    all
}

/// A device writes with a clock that is off, delivers with it, and is put right.
async fn devices() -> Tally {
    let (folder, mut tally) = (tempdir().unwrap(), Tally::default());
    let town = Town::start_whole(folder.path()).await.unwrap();
    for scene in [Scene::Photos, Scene::Case] {
        let mut stage = Stage::new(scene, &town.url).await;
        for clock in DEVICES {
            let at = stage.ready(scene).await;
            let words = scene.words(&stage);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let matter = scene.matter().expect("a step that saves something");
            let promised = saved(&device_at(at.path(), clock, &words).await, matter);
            let mut found: Vec<String> =
                promised.is_none().then(|| String::from("nothing is saved")).into_iter().collect();
            if !device_at(at.path(), clock, &["sync", "--once"]).await.status.success() {
                found.push(String::from("it does not deliver with its clock off"));
            }
            if let Some(Saved { id, .. }) = &promised {
                let path = if matter == Matter::Case { format!("/cases/{id}") } else { format!("/reports/{id}") };
                found.extend(is_right(&town, &path, "sent_at").await);
            }
            found.extend(wrongs(at.path(), &town, promised.as_slice()).await);
            tally.point(&format!("a device's clock is off by {clock} during {}", scene.name()), found);
        }
    }
    tally.told("clock", "a device's")
}

/// A town takes in with a clock that is off, and is put right.
async fn towns() -> Tally {
    let mut tally = Tally::default();
    for clock in TOWNS {
        let folder = tempdir().unwrap();
        let mut town = Town::start_whole(folder.path()).await.unwrap();
        let mut stage = Stage::new(Scene::Deliver, &town.url).await;
        let at = stage.copy();
        town.kill().await;
        let off = Start { clock: Some(clock), ..Start::default() };
        let mut found = Vec::new();
        match Town::start(folder.path(), off).await {
            None => found.push(String::from("the town does not start")),
            Some(mut town) => {
                let _ = device(at.path(), &["join", &town.url]).await;
                let _ = device(at.path(), &["sync", "--once"]).await;
                for Saved { id, .. } in stage.promised(Scene::Deliver) {
                    found.extend(is_right(&town, &format!("/reports/{id}"), "received_at").await);
                }
                town.kill().await;
            }
        }
        let town = Town::start_whole(folder.path()).await.unwrap();
        let _ = device(at.path(), &["join", &town.url]).await;
        found.extend(wrongs(at.path(), &town, &stage.promised(Scene::Deliver)).await);
        tally.point(&format!("a town's clock is off by {clock}"), found);
    }
    tally.told("clock", "a town's")
}

/// A clock that was not off after all: then a point shows nothing.
async fn is_right(town: &Town, path: &str, moment: &str) -> Option<String> {
    let matter = match office(town, path).await {
        Ok(matter) => matter,
        Err(why) => return Some(why),
    };
    let said = matter[moment].as_str().and_then(|said| said.parse::<DateTime<Utc>>().ok());
    let off = said.is_some_and(|said| (Utc::now() - said).num_hours().abs() >= 9);
    (!off).then(|| format!("its clock was right: {}", matter[moment]))
}
