//! Room for files is shared out, and nothing is kept longer than the town said: words always pass, and bytes that nothing needs go.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use vicino_contract::MessageKind;
use vicino_contract::ipc::{CommandHandler as _, ListReports, WaitsFor, WithdrawReport};
use vicino_domain::certificate::CertificateKind;
use world::{Caller, Device, World, made};

use crate::steps::certificates::{ask, exempt, settle, shown};
use crate::steps::payments::{due, pay};

/// What waits on a device, and for what.
fn waiting(device: &Device) -> Vec<(MessageKind, Option<WaitsFor>)> {
    device.outbox().waiting.iter().map(|row| (row.kind, row.waits_for)).collect()
}

/// The files of the town, by name.
fn files(world: &World) -> Vec<std::ffi::OsString> {
    let all = std::fs::read_dir(world.town.folder().join("files")).unwrap();
    all.map(|entry| entry.unwrap().file_name()).collect()
}

/// Makes every file of the town two days old.
fn age(world: &World) {
    let old = SystemTime::now() - Duration::from_secs(2 * 86_400);
    for name in files(world) {
        let file = std::fs::File::options().append(true).open(world.town.folder().join("files").join(name)).unwrap();
        file.set_modified(old).unwrap();
    }
}

/// Waits until the town has swept.
async fn swept(world: &World, to: usize) {
    for _ in 0..500 {
        if files(world).len() == to {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{} files, not {to}", files(world).len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_takes_words_and_says_so_until_there_is_room() {
    let mut world = World::otherwise(|town| (town.bounds.free_disk, town.bounds.free_part) = (u64::MAX / 2, 1)).await;
    let device = world.device().await;
    device.report("Con una foto", 1);
    let _ = device.app().sync().await.unwrap();
    assert_eq!(world.town.queue().await.len(), 1, "the words are there");
    assert_eq!(waiting(&device), [(MessageKind::Photo, Some(WaitsFor::Room))]);
    // What comes later is not held up by it, nor by anything of the same report.
    device.report("Senza foto", 0);
    let _ = device.app().sync().await.unwrap();
    assert_eq!(world.town.queue().await.len(), 2);
    world.town.otherwise(|town| town.bounds.free_disk = 0).await;
    world.cable.plug(world.town.address());
    device.app().retry_now().unwrap();
    world.settle(&device).await;
    assert_eq!(waiting(&device), []);
    assert_eq!(files(&world).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_device_fills_no_more_than_its_share_of_a_day() {
    let world = World::otherwise(|town| town.bounds.unsigned_kilobytes_per_day = 900).await;
    let (greedy, other) = (world.device().await, world.device().await);
    for n in 0..4 {
        greedy.report(&format!("Molte foto {n}"), 2);
    }
    for _ in 0..6 {
        let _ = greedy.app().sync().await.unwrap();
    }
    assert_eq!(world.town.queue().await.len(), 4, "every word arrives");
    let left = waiting(&greedy);
    assert!(!left.is_empty() && left.iter().all(|row| *row == (MessageKind::Photo, Some(WaitsFor::Room))), "{left:?}");
    // Nobody else has less for it.
    other.report("Una foto", 1);
    world.settle(&other).await;
    assert_eq!(waiting(&other), []);
    // A resident has their own share, on whatever device.
    let anna = world.signed_in("Anna").await;
    anna.report("Una foto", 2);
    world.settle(&anna).await;
    assert_eq!(waiting(&anna), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_device_begins_no_more_uploads_than_it_may_and_none_is_charged_twice() {
    let world = World::otherwise(|town| town.bounds.open_uploads = 2).await;
    let caller = Caller::device(&world).await;
    let photo = |n: u128| json!({ "id": made(n), "sha256": format!("{n:064x}"), "size": 1000 });
    let report = json!({ "category": "roads", "title": "Buca", "details": "Profonda", "sent_at": "2026-03-12T07:41:00Z",
        "place": { "source": "words", "note": "qui" }, "photos": [photo(1), photo(2), photo(3)] });
    let path = format!("/v1/reports/{}", made(0xabc));
    let status = caller.call("PUT", &path, Some(&report)).await;
    assert_eq!(status, 201);
    let begin = async |n: u128| {
        let request = caller.http.post(format!("{}/v1/uploads", caller.url)).bearer_auth(caller.token.clone().unwrap());
        let encoded = |text: String| base64::Engine::encode(&base64::prelude::BASE64_STANDARD, text);
        let metadata = format!(
            "report {},photo {},sha256 {}",
            encoded(made(0xabc).to_string()),
            encoded(made(n).to_string()),
            encoded(format!("{n:064x}"))
        );
        let request = request.header("tus-resumable", "1.0.0").header("upload-length", "1000");
        let answer = request.header("upload-metadata", metadata).send().await.unwrap();
        let wait = answer.headers().get("retry-after").is_some();
        (answer.status().as_u16(), wait, answer.json::<Value>().await.unwrap_or_default()["code"].clone())
    };
    assert_eq!((begin(1).await.0, begin(2).await.0), (201, 201));
    assert_eq!(begin(3).await, (429, true, json!("no_room")));
    // The same again is the upload there is.
    assert_eq!(begin(1).await.0, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_back_frees_its_bytes_and_nobody_elses() {
    let mut world = World::new().await;
    let (anna, luca) = (world.signed_in("Anna").await, world.device().await);
    let gone = anna.report("Da ritirare", 2);
    anna.report("Resta", 1);
    world.settle(&anna).await;
    // Somebody else has sent the very picture that Anna takes back.
    let same = luca.draft("La stessa foto");
    let bytes = world::photos::noise(300, 200, 7);
    luca.add_photo(same.id, bytes.clone()).unwrap();
    luca.app().handle(vicino_contract::ipc::SendReport { id: same.id }).unwrap();
    world.settle(&luca).await;
    let shared = anna.draft("La stessa foto, di Anna");
    anna.add_photo(shared.id, bytes).unwrap();
    anna.app().handle(vicino_contract::ipc::SendReport { id: shared.id }).unwrap();
    world.settle(&anna).await;
    assert_eq!(files(&world).len(), 4);
    for id in [gone, shared.id] {
        anna.app().handle(WithdrawReport { id }).unwrap();
    }
    world.settle(&anna).await;
    let (_, taken) = world.town.office("GET", &format!("/reports/{gone}"), None).await;
    let digest = taken["arrived"][0]["sha256"].as_str().unwrap().to_owned();
    assert!(world.town.file(&digest).await.is_none(), "not even an office reads it any more");
    age(&world);
    // Bytes that a cut-off write left, which no row names; one that a sender may be about to fill is left alone.
    let stray = |n: u128| world.town.folder().join("uploads").join(made(n).to_string());
    let (old, young) = (stray(0x99), stray(0x98));
    std::fs::write(&old, b"x").unwrap();
    std::fs::write(&young, b"x").unwrap();
    let before = SystemTime::now() - Duration::from_secs(2 * 86_400);
    std::fs::File::options().append(true).open(&old).unwrap().set_modified(before).unwrap();
    world.restart_town().await;
    swept(&world, 2).await;
    for _ in 0..500 {
        if !old.exists() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(!old.exists());
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(young.exists(), "a sender may be about to fill it");
    // Whatever was acknowledged is so still, and nothing comes again by itself.
    for _ in 0..3 {
        world.settle(&anna).await;
    }
    assert_eq!((files(&world).len(), waiting(&anna)), (2, vec![]));
    assert_eq!(anna.app().handle(ListReports { offset: 0, limit: 9 }).unwrap().total, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_over_is_erased_when_the_town_says_and_the_audit_tells() {
    let mut world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let (old, open) = (anna.report("Finita", 1), anna.report("Ancora aperta", 1));
    world.settle(&anna).await;
    world.town.transition(old, "in_charge", "").await;
    assert_eq!(world.town.transition(old, "resolved", "Riparata").await.0, 200);
    world.settle(&anna).await;
    world.clock.turn(31 * 86_400);
    age(&world);
    world
        .town
        .otherwise(|town| {
            town.retention = vicino_server::Retention { reports: Some(30), ..vicino_server::Retention::default() };
        })
        .await;
    world.cable.plug(world.town.address());
    swept(&world, 1).await;
    assert_eq!(world.town.office("GET", &format!("/reports/{old}"), None).await.0, 404);
    assert_eq!(world.town.office("GET", &format!("/reports/{open}"), None).await.0, 200);
    let (_, audit) = world.town.office("GET", &format!("/audit?matter={old}"), None).await;
    let erased =
        audit["items"].as_array().unwrap().iter().any(|row| row["deed"] == "erased" && row["operator"] == "town");
    assert!(erased, "{audit}");
    // Nobody reads of it any more, and no device sends it again.
    for _ in 0..3 {
        world.settle(&anna).await;
    }
    assert_eq!(world.town.queue().await.len(), 1);
    let public: Value = reqwest::get(format!("{}/v1/changes?limit=1000&public=", world.town.url()))
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let still = public["public"]["items"]
        .as_array()
        .unwrap()
        .iter()
        .any(|item| item["id"] == old.to_string() && item["deleted"] != true);
    assert!(!still);
}

#[tokio::test(flavor = "multi_thread")]
async fn words_have_their_share_too() {
    let world = World::otherwise(|town| {
        (town.bounds.messages, town.bounds.words_kilobytes_per_day) = (3, 40);
    })
    .await;
    let (caller, other) = (Caller::device(&world).await, Caller::device(&world).await);
    let report = json!({ "category": "roads", "title": "Buca", "details": "Profonda", "sent_at": "2026-03-12T07:41:00Z",
        "place": { "source": "words", "note": "qui" }, "photos": [] });
    let path = format!("/v1/reports/{}", made(1));
    assert_eq!(caller.call("PUT", &path, Some(&report)).await, 201);
    let mut statuses = Vec::new();
    for n in 0..50_u128 {
        let message = json!({ "text": "Ancora", "sent_at": "2026-03-12T07:41:00Z", "files": [] });
        statuses.push(caller.call("PUT", &format!("{path}/messages/{}", made(100 + n)), Some(&message)).await);
    }
    assert_eq!(statuses[..4], [201, 201, 201, 422], "a thread is as long as it may be");
    assert_eq!(statuses[49], 429, "and nobody talks for ever");
    assert_eq!(other.call("PUT", &format!("/v1/reports/{}", made(2)), Some(&report)).await, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_holds_is_not_erased() {
    let mut world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let id = ask(&anna, "Anna", &[CertificateKind::Residence], exempt());
    settle(&world, &anna).await;
    let number = shown(&anna, id).number.unwrap();
    let keep = |days| vicino_server::Retention { certificates: Some(days), ..vicino_server::Retention::default() };
    world.clock.turn(30 * 86_400);
    world.town.otherwise(move |town| town.retention = keep(10)).await;
    world.cable.plug(world.town.address());
    tokio::time::sleep(Duration::from_millis(500)).await;
    let path = format!("/certificates?number={number}");
    let there = async |world: &World| world.town.office("GET", &path, None).await.1["items"].as_array().unwrap().len();
    assert_eq!(there(&world).await, 1, "it holds for three months");
    world.clock.turn(200 * 86_400);
    world.restart_town().await;
    for _ in 0..100 {
        if there(&world).await == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it held no longer, and is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn receipts_carts_and_what_was_consumed_have_a_term_too() {
    let mut world = World::new().await;
    let anna = world.signed_in("Anna").await;
    pay(&anna, &[&due(&anna, "Mensa")], "paid").await.unwrap();
    world.settle(&anna).await;
    let register = rusqlite::Connection::open(world.town.folder().join("town.db")).unwrap();
    let count = |sql: &str| register.query_row(sql, [], |row| row.get::<_, u32>(0)).unwrap();
    let receipts = "SELECT count(*) FROM records WHERE collection = 'payments' AND NOT deleted";
    let days = "SELECT coalesce(sum(json_array_length(body, '$.days')), 0) FROM records WHERE collection = 'consumptions' AND NOT deleted";
    let carts = "SELECT count(*) FROM carts";
    assert!([receipts, days, carts].map(count).iter().all(|count| *count > 0));
    // Nothing has a term until the town says one, but the memory of a page that has long been closed.
    world.clock.turn(100 * 86_400);
    world.restart_town().await;
    for _ in 0..200 {
        if count(carts) == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(count(carts) == 0 && count(receipts) > 0 && count(days) > 0);
    let (payments, consumptions) = (Some(30), Some(30));
    let keeps = vicino_server::Retention { payments, consumptions, ..vicino_server::Retention::default() };
    world.town.otherwise(move |town| town.retention = keeps).await;
    world.cable.plug(world.town.address());
    for _ in 0..200 {
        if count(receipts) + count(days) == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!((count(receipts), count(days)), (0, 0));
    let erased: u32 =
        register.query_row("SELECT count(*) FROM audit WHERE deed = 'erased'", [], |row| row.get(0)).unwrap();
    assert_eq!(erased, 2, "and the audit tells");
}

/// A register whose index lost its entries would say of every file that nobody needs it.
#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_register_sweeps_nothing() {
    let mut world = World::new().await;
    let anna = world.signed_in("Anna").await;
    anna.report("Con una foto", 1);
    world.settle(&anna).await;
    assert_eq!(files(&world).len(), 1);
    age(&world);
    world.town.stop().await;
    let register = rusqlite::Connection::open(world.town.folder().join("town.db")).unwrap();
    register.pragma_update(None, "writable_schema", true).unwrap();
    // Where the files' index was, stands one of nothing.
    let sql = "CREATE TABLE empty (sha256 TEXT) STRICT; CREATE INDEX empty_by_file ON empty (sha256);
               UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'empty_by_file')
               WHERE name = 'uploads_by_file';";
    register.execute_batch(sql).unwrap();
    drop(register);
    world.restart_town().await;
    // Its first sweep is a thorough one, and over by then.
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(files(&world).len(), 1, "the photo is the resident's, whatever a damaged index says");
}
