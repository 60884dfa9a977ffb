//! What must be true afterwards: whatever was printed as saved is at the town exactly once and whole, and nobody had to lend a hand.

use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use sha2::Digest as _;

use crate::town::{Town, device};

/// A matter that a step writes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Matter {
    /// A report with so many photos.
    Report(usize),
    /// A case.
    Case,
    /// A certificate for which no stamp is due.
    Certificate,
}

/// What was printed as saved.
#[derive(Clone)]
pub(crate) struct Saved {
    pub(crate) matter: Matter,
    pub(crate) id: String,
}

/// What a shell printed, when it said that it is saved.
pub(crate) fn saved(output: &std::process::Output, matter: Matter) -> Option<Saved> {
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = said.lines().find(|line| line.contains("saved on this device"))?;
    let id = line.split([' ', ':']).find(|word| word.len() == 36 && word.matches('-').count() == 4)?.to_owned();
    Some(Saved { matter, id })
}

/// What the town's office is told.
pub(crate) async fn office(town: &Town, path: &str) -> Result<Value, String> {
    let asked = reqwest::Client::new().get(format!("{}/office/v1{path}", town.url));
    let answer = asked.bearer_auth(town.office_token()).send().await.map_err(|_| "the town is silent")?;
    if !answer.status().is_success() {
        return Err(format!("the office is told {} of {path}", answer.status()));
    }
    answer.json().await.map_err(|_| String::from("the office is told no JSON"))
}

/// What does not hold of a device and its town once both were left alone: `saved` is what was promised.
pub(crate) async fn wrongs(folder: &Path, town: &Town, saved: &[Saved]) -> Vec<String> {
    let mut wrongs = Vec::new();
    let mut last = None;
    for _ in 0..4 {
        last = device(folder, &["sync"]).await.status.code();
        if last == Some(0) {
            break;
        }
    }
    if last != Some(0) {
        wrongs.push(format!("it does not come to rest: exit {last:?}"));
    }
    for promised in saved {
        wrongs.extend(kept(town, promised).await.err());
    }
    wrongs.extend(doubled(town).await);
    wrongs.extend(unsound(&town.folder.join("town.db")));
    wrongs.extend(left_behind(folder).into_iter().chain(left_behind(&town.folder)));
    wrongs
}

/// A promise is kept when the office finds the matter under its identity, whole.
async fn kept(town: &Town, Saved { matter, id }: &Saved) -> Result<(), String> {
    match matter {
        Matter::Report(photos) => {
            let report = office(town, &format!("/reports/{id}")).await?;
            let arrived = report["arrived"].as_array().cloned().unwrap_or_default();
            if arrived.len() != *photos || arrived.iter().any(|photo| photo["arrived"] != true) {
                return Err(format!("{id} has not all of its photos: {arrived:?}"));
            }
            for photo in arrived {
                whole(town, photo["sha256"].as_str().unwrap_or_default()).await?;
            }
            Ok(())
        }
        Matter::Case => office(town, &format!("/cases/{id}")).await.map(drop),
        Matter::Certificate => {
            // It is issued beside the call that asked for it.
            for _ in 0..50 {
                let certificate = office(town, &format!("/certificates/{id}")).await?;
                if certificate["state"] == "issued" {
                    // No office reads it: it is the resident's. It lies in the town's folder.
                    let digest = certificate["issued"]["file"]["sha256"].as_str().unwrap_or_default();
                    let bytes = std::fs::read(town.folder.join("files").join(digest));
                    return is_whole(digest, &bytes.map_err(|_| format!("the paper of {id} is not there"))?);
                }
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            Err(format!("the certificate {id} is not issued"))
        }
    }
}

async fn whole(town: &Town, digest: &str) -> Result<(), String> {
    let asked = reqwest::Client::new().get(format!("{}/v1/files/{digest}", town.url)).bearer_auth(town.office_token());
    let answer = asked.send().await.map_err(|_| "the town is silent")?;
    let bytes = answer.bytes().await.map_err(|_| "a file breaks off")?;
    is_whole(digest, &bytes)
}

fn is_whole(digest: &str, bytes: &[u8]) -> Result<(), String> {
    let found: String = sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    if found == digest { Ok(()) } else { Err(format!("the file {digest} is another")) }
}

/// What arrived twice: by its own key each thing is there once, so a second one would have another key and the same words.
async fn doubled(town: &Town) -> Vec<String> {
    let mut wrongs = Vec::new();
    for (path, place) in [("/reports", "/title"), ("/cases", "/answers/who.name/text")] {
        let queue = match office(town, path).await {
            Ok(queue) => queue,
            Err(why) => return vec![why],
        };
        let items = queue["items"].as_array().cloned().unwrap_or_default();
        let called = items.iter().filter_map(|one| one.pointer(place)?.as_str());
        let mut seen = HashSet::new();
        let twice = called.filter(|name| name.starts_with("Prova ")).filter(|name| !seen.insert(*name));
        wrongs.extend(twice.map(|name| format!("{name} arrived twice")));
    }
    wrongs
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
