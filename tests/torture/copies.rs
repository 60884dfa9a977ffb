//! Copies put back, of a town and of a device; and what the checks themselves are worth: losses made by hand that they must find.

use tempfile::tempdir;
use world::copy_folder;

use crate::campaign::Tally;
use crate::scene::Scene;
use crate::stage::Stage;
use crate::town::{Town, device};
use crate::truth::{Matter, Saved, wrongs};

/// A town is put back to each moment of a delivery, and a device too.
pub(crate) async fn copies() -> Tally {
    let mut tally = Tally::default();
    let (folder, copies) = (tempdir().unwrap(), tempdir().unwrap());
    let mut town = Town::start_whole(folder.path()).await.unwrap();
    let mut stage = Stage::new(Scene::Deliver, &town.url).await;
    let device_folder = stage.copy();
    let words: [&[&str]; 3] = [&["sync", "--once"], &["login", "--as", "Anna"], &["sync", "--once"]];
    for (n, words) in words.into_iter().enumerate() {
        town.kill().await;
        copy_folder(folder.path(), &copies.path().join(n.to_string()));
        town = Town::start_whole(folder.path()).await.unwrap();
        let _ = device(device_folder.path(), &["join", &town.url]).await;
        let _ = device(device_folder.path(), words).await;
    }
    town.kill().await;
    for n in 0..words.len() {
        let (back, again) = (tempdir().unwrap(), tempdir().unwrap());
        copy_folder(&copies.path().join(n.to_string()), back.path());
        copy_folder(device_folder.path(), again.path());
        let found = match Town::start_whole(back.path()).await {
            Err(why) => vec![why],
            Ok(restored) => {
                let _ = device(again.path(), &["join", &restored.url]).await;
                let _ = device(again.path(), &["login", "--as", "Anna"]).await;
                wrongs(again.path(), &restored, &stage.promised(Scene::Deliver)).await
            }
        };
        tally.point(&format!("the town is put back to copy {n}"), found);
    }
    tally.told("copies", "a town put back")
}

/// Losses made by hand. A check that does not find them shows nothing.
pub(crate) async fn controls() -> Tally {
    let mut tally = Tally::default();
    for control in ["a row deleted", "a report doubled", "a byte flipped", "a report never sent"] {
        let folder = tempdir().unwrap();
        let mut town = Town::start_whole(folder.path()).await.unwrap();
        let mut stage = Stage::new(Scene::Deliver, &town.url).await;
        let device_folder = stage.copy();
        let mut promised: Vec<Saved> = stage.promised(Scene::Deliver);
        assert_eq!(device(device_folder.path(), &["sync"]).await.status.code(), Some(0));
        town.kill().await;
        spoil(control, folder.path());
        if control == "a report never sent" {
            promised
                .push(Saved { matter: Matter::Report(0), id: String::from("0190a0a0-0000-7000-8000-000000000001") });
        }
        let town = Town::start_whole(folder.path()).await.unwrap();
        let _ = device(device_folder.path(), &["join", &town.url]).await;
        let found = wrongs(device_folder.path(), &town, &promised).await;
        let missed = if found.is_empty() { vec![String::from("the checks do not find it")] } else { Vec::new() };
        tally.point(&format!("control: {control}"), missed);
    }
    crate::power::control(&mut tally).await;
    tally.told("controls", "losses made by hand")
}

fn spoil(control: &str, town: &std::path::Path) {
    let register = rusqlite::Connection::open(town.join("town.db")).unwrap();
    match control {
        "a row deleted" => {
            let sql = "DELETE FROM records WHERE collection = 'reports' AND seq = (SELECT max(seq) FROM records WHERE collection = 'reports')";
            assert_eq!(register.execute(sql, []).unwrap(), 1);
        }
        "a report doubled" => {
            let sql = "INSERT INTO records (collection, id, owner, version, body)
                SELECT collection, '0190a0a0-0000-7000-8000-00000000000d', owner, 1, replace(body, id, '0190a0a0-0000-7000-8000-00000000000d')
                FROM records WHERE collection = 'reports' AND body LIKE '%Prova %' LIMIT 1";
            assert_eq!(register.execute(sql, []).unwrap(), 1);
        }
        "a byte flipped" => {
            let file = std::fs::read_dir(town.join("files")).unwrap().next().unwrap().unwrap().path();
            let mut bytes = std::fs::read(&file).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            std::fs::write(file, bytes).unwrap();
        }
        _ => {}
    }
}
