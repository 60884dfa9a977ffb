//! What must be true afterwards: whatever was printed as saved is at the town exactly once and whole, and nobody had to lend a hand.

use std::path::Path;

use serde_json::Value;
use sha2::Digest as _;

use crate::town::{Town, device};

/// A report that was printed as saved.
pub(crate) struct Saved {
    pub(crate) id: String,
    pub(crate) photos: usize,
}

/// The identity that `report` printed, when it said that it is saved.
pub(crate) fn saved(output: &std::process::Output, photos: usize) -> Option<Saved> {
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let id = said.trim().strip_prefix("saved on this device: ")?.to_owned();
    Some(Saved { id, photos })
}

/// Every report the town's office has.
pub(crate) async fn queue(town: &Town) -> Result<Vec<Value>, String> {
    let asked = reqwest::Client::new().get(format!("{}/office/v1/reports?limit=1000", town.url));
    let answer = asked.bearer_auth(town.office_token()).send().await.map_err(|_| "the town is silent")?;
    if !answer.status().is_success() {
        return Err(format!("the office does not enter: {}", answer.status()));
    }
    let queue: Value = answer.json().await.map_err(|_| "the queue is no JSON")?;
    Ok(queue["items"].as_array().cloned().unwrap_or_default())
}

/// What does not hold of a device and its town once both were left alone: `saved` is what was promised.
pub(crate) async fn wrongs(folder: &Path, town: &Town, saved: &[Saved]) -> Vec<String> {
    let mut wrongs = Vec::new();
    let mut last = None;
    for _ in 0..4 {
        let output = device(folder, &["sync"]).await;
        last = output.status.code();
        if last == Some(0) {
            break;
        }
    }
    if last != Some(0) {
        wrongs.push(format!("it does not come to rest: exit {last:?}"));
    }
    let queue = match queue(town).await {
        Ok(queue) => queue,
        Err(why) => return vec![why],
    };
    for promised in saved {
        let there: Vec<&Value> = queue.iter().filter(|one| one["id"] == promised.id.as_str()).collect();
        let [report] = there.as_slice() else {
            wrongs.push(format!("{} is at the town {} times", promised.id, there.len()));
            continue;
        };
        let photos = report["arrived"].as_array().cloned().unwrap_or_default();
        if photos.len() != promised.photos || photos.iter().any(|photo| photo["arrived"] != true) {
            wrongs.push(format!("{} has not all of its photos: {photos:?}", promised.id));
        }
        for photo in photos {
            if let Some(why) = is_torn(town, photo["sha256"].as_str().unwrap_or_default()).await {
                wrongs.push(why);
            }
        }
    }
    // By its own key each thing is there once: a second one would have another.
    let mut titles: Vec<&str> = queue.iter().filter_map(|one| one["title"].as_str()).collect();
    titles.sort_unstable();
    let doubled = titles.windows(2).any(|pair| pair[0] == pair[1] && pair[0].starts_with("Prova "));
    if doubled {
        wrongs.push(String::from("something arrived twice"));
    }
    wrongs.extend(unsound(&town.folder.join("town.db")));
    wrongs.extend(left_behind(folder).into_iter().chain(left_behind(&town.folder)));
    wrongs
}

async fn is_torn(town: &Town, digest: &str) -> Option<String> {
    let asked = reqwest::Client::new().get(format!("{}/v1/files/{digest}", town.url)).bearer_auth(town.office_token());
    let bytes = asked.send().await.ok()?.bytes().await.ok()?;
    let found: String = sha2::Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    (found != digest).then(|| format!("the file {digest} is another"))
}

/// What SQLite finds wrong in a register.
pub(crate) fn unsound(file: &Path) -> Option<String> {
    let verdict = rusqlite::Connection::open(file)
        .and_then(|register| register.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0)));
    match verdict {
        Ok(verdict) if verdict == "ok" => None,
        Ok(verdict) => Some(format!("the register is not sound: {verdict}")),
        Err(cause) => Some(format!("the register does not open: {cause}")),
    }
}

/// Files that a cut-off write left, once both have started again.
fn left_behind(folder: &Path) -> Vec<String> {
    let mut left = Vec::new();
    let mut rooms = vec![folder.to_owned()];
    while let Some(room) = rooms.pop() {
        for entry in std::fs::read_dir(&room).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                rooms.push(path);
            } else if path.extension().is_some_and(|end| end == "part") {
                left.push(format!("{} was left behind", path.display()));
            }
        }
    }
    left
}
