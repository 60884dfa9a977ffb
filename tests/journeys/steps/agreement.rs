//! Steps that journeys share about agreement.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;
use vicino_contract::ipc::{BulletinKind, CommandHandler as _, Find, GetSyncState, ListBulletins};
use world::{Device, World};

pub(crate) fn id(n: u8) -> Uuid {
    Uuid::from_u128(0xb0_0000 + u128::from(n))
}

/// A notice that a test publishes, found by this word and number.
pub(crate) fn notice(n: u128, word: &str) -> Value {
    json!({ "id": Uuid::from_u128(n), "kind": "notice", "title": format!("# {word}{n}x"), "text": "",
        "published_at": "2026-03-12T08:00:00Z" })
}

/// The titles of the notices published here, as the device has them.
pub(crate) fn on_the_device(device: &Device) -> BTreeMap<Uuid, String> {
    let (mut found, mut offset) = (BTreeMap::new(), 0);
    loop {
        let ask = ListBulletins { kind: Some(BulletinKind::Notice), offset, limit: 200 };
        let rows = device.app().handle(ask).unwrap().rows;
        if rows.is_empty() {
            return found;
        }
        offset += u32::try_from(rows.len()).unwrap();
        let ours = rows.into_iter().filter(|row| row.title.starts_with('#'));
        found.extend(ours.map(|row| (row.id.uuid(), row.title)));
    }
}

/// Everything public the town holds, as it tells a newcomer.
pub(crate) async fn in_the_town(world: &World) -> Vec<Value> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let url = format!("{}/v1/changes?limit=1000&public={cursor}", world.town.url());
        let mut page: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
        let items = page["public"]["items"].as_array_mut().unwrap();
        found.extend(items.drain(..).filter(|item| item["deleted"] != true));
        if page["public"]["has_more"] != true {
            return found;
        }
        cursor = page["public"]["next"].as_str().unwrap().to_owned();
    }
}

/// Device and town say the same: as much of every public collection, the same notices, each found by its words.
pub(crate) async fn agree(world: &World, device: &Device) {
    let records = in_the_town(world).await;
    let mut counts = BTreeMap::<String, u32>::new();
    let mut titles = BTreeMap::new();
    for record in &records {
        let collection = record["collection"].as_str().unwrap();
        *counts.entry(collection.to_owned()).or_default() += 1;
        let title = record["body"]["title"].as_str().unwrap_or_default();
        // One that cannot be read is counted and shown in no list.
        if collection == "bulletins" && title.starts_with('#') && record["body"]["published_at"].is_string() {
            titles.insert(record["id"].as_str().unwrap().parse::<Uuid>().unwrap(), title.to_owned());
        }
    }
    let state = device.app().handle(GetSyncState {}).unwrap();
    let here = state.collections.into_iter().filter(|row| !row.own && row.count + row.set_aside > 0);
    let here: BTreeMap<String, u32> = here.map(|row| (row.name, row.count + row.set_aside)).collect();
    assert_eq!(here, counts);
    let listed = on_the_device(device);
    assert_eq!(listed, titles);
    for (id, title) in listed {
        let text = title.trim_start_matches(['#', ' ']).to_owned();
        let found = device.app().handle(Find { text, only: None }).unwrap();
        assert!(found.groups.iter().any(|group| group.rows.iter().any(|row| row.id == id)), "{title} is found");
    }
}
