//! Kills and errors of the disk, at each call that changes something.

use world::copy_folder;

use crate::campaign::{Plan, Tally};
use crate::scene::{Scene, Stage, again, told};
use crate::town::{Injection, Town, count, device, hindered};
use crate::truth::{Saved, saved, unsound, wrongs};

/// The calls that change what is on a disk.
const CHANGES: &str =
    "write,pwrite64,rename,renameat,renameat2,unlink,unlinkat,fsync,fdatasync,mkdir,mkdirat,ftruncate,openat";
/// Points of a scene that are tried in a sample.
const SAMPLE: usize = 10;

/// Kills.
pub(crate) async fn kills(plan: Plan) -> Tally {
    let mut all = on_devices(plan, "kill", &["signal=SIGKILL"]).await;
    all.add(at_the_town(plan, "kill", "signal=SIGKILL").await);
    all.add(first_starts(plan).await);
    all
}

/// A full disk, and one that fails.
pub(crate) async fn errors(plan: Plan) -> Tally {
    let mut all = on_devices(plan, "errors", &["error=ENOSPC", "error=EIO"]).await;
    all.add(at_the_town(plan, "errors", "error=ENOSPC").await);
    all
}

/// Every scene of a device, at each call.
async fn on_devices(plan: Plan, part: &str, faults: &[&'static str]) -> Tally {
    let folder = tempfile::tempdir().unwrap();
    let town = Town::start_whole(folder.path()).await.unwrap();
    let mut all = Tally::default();
    for scene in Scene::ALL {
        let mut stage = Stage::new(scene, &town.url).await;
        let counted = stage.copy();
        let words = scene.words(&stage);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let calls = count(counted.path(), &words, CHANGES).await;
        let mut tally = Tally::default();
        for what in faults {
            for when in plan.points(calls, SAMPLE) {
                let device_folder = stage.copy();
                let injection = Injection { calls: CHANGES, what, when };
                let words = scene.words(&stage);
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                let Some(output) = hindered(device_folder.path(), &words, &injection).await else { continue };
                let photos = if scene == Scene::Photos { 2 } else { 0 };
                let mut promised: Vec<Saved> = stage.promised(scene);
                promised.extend(saved(&output, photos));
                let mut found = again(scene, device_folder.path(), &stage, &town).await;
                if panicked(&output) {
                    found.push(format!("it panicked: {}", told(&output)));
                }
                found.extend(wrongs(device_folder.path(), &town, &promised).await);
                tally.point(&format!("{part} {what} at {when} of {}", scene.name()), found);
            }
        }
        all.add(tally.told(part, scene.name()));
    }
    all
}

fn panicked(output: &std::process::Output) -> bool {
    output.status.code() == Some(101) || String::from_utf8_lossy(&output.stderr).contains("panicked at")
}

/// The town is hindered while a device delivers to it.
async fn at_the_town(plan: Plan, part: &str, what: &'static str) -> Tally {
    let mut tally = Tally::default();
    let before = tempfile::tempdir().unwrap();
    let mut town = Town::start_whole(before.path()).await.unwrap();
    town.kill().await;
    let most = if plan.full { 120 } else { SAMPLE };
    for point in 1..=most {
        // From a little after its start on: what a start writes is tried by itself.
        let when = if plan.full { point * 2 } else { point * 23 };
        let folder = tempfile::tempdir().unwrap();
        copy_folder(before.path(), folder.path());
        let injection = Injection { calls: "pwrite64,write,rename,fsync,fdatasync", what, when };
        let hindered = Town::start(folder.path(), Some(&injection)).await;
        let device_folder = tempfile::tempdir().unwrap();
        let mut promised = Vec::new();
        if let Some(mut hindered) = hindered {
            let joined = device(device_folder.path(), &["join", &hindered.url]).await;
            if joined.status.success() {
                let mut stage = Stage::new(Scene::Join, &hindered.url).await;
                for (scene, photos) in [(Scene::Report, 0), (Scene::Photos, 2)] {
                    let words = scene.words(&stage);
                    let words: Vec<&str> = words.iter().map(String::as_str).collect();
                    promised.extend(saved(&device(device_folder.path(), &words).await, photos));
                    stage.turn();
                }
                let _ = device(device_folder.path(), &["sync", "--once"]).await;
            }
            hindered.kill().await;
        }
        let found = match Town::start_whole(folder.path()).await {
            Err(why) => vec![why],
            Ok(town) => {
                // The town answers somewhere else now, as after a move.
                let joined = device(device_folder.path(), &["join", &town.url]).await;
                let mut found = Vec::new();
                if !joined.status.success() {
                    found.push(format!("it does not find its town again: {}", told(&joined)));
                }
                found.extend(wrongs(device_folder.path(), &town, &promised).await);
                found
            }
        };
        tally.point(&format!("{part} {what} at {when} of the town"), found);
    }
    tally.told(part, "a town that takes reports in")
}

/// A town is killed in its very first start, at each call: the next one needs no hand, nor does a change of keys.
async fn first_starts(plan: Plan) -> Tally {
    let mut tally = Tally::default();
    for when in plan.points(60, SAMPLE) {
        let folder = tempfile::tempdir().unwrap();
        let injection = Injection { calls: "write,rename,fsync,mkdir", what: "signal=SIGKILL", when };
        if let Some(mut town) = Town::start(folder.path(), Some(&injection)).await {
            town.kill().await;
        }
        let found = match Town::start_whole(folder.path()).await {
            Err(why) => vec![why],
            Ok(mut town) => {
                let mut found: Vec<String> = crate::truth::queue(&town).await.err().into_iter().collect();
                town.kill().await;
                found.extend(unsound(&folder.path().join("town.db")));
                found
            }
        };
        tally.point(&format!("kill at {when} of a first start"), found);
    }
    tally.told("kill", "a town's first start")
}
