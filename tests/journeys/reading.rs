//! The town on the device: the snapshot, what is new, what cannot be understood, years away, and agreement after all of it.

use std::path::Path;

use serde_json::json;
use vicino_contract::ipc::BulletinKind;
use vicino_contract::ipc::finding::SearchGroup;
use vicino_contract::ipc::{
    CommandHandler as _, Find, GetBulletin, GetOffice, GetPublicReport, GetReceipt, GetService, GetSyncState,
    ListBulletins, ListServices,
};
use vicino_domain::{OfficeId, ReportId};
use vicino_server::feed::snapshot;
use vicino_server::practice;
use world::{Device, ManualClock, Polls, SmallDisk, Wire, World};

/// Records that make a snapshot worth it.
const CROWD: u64 = 7_000;

/// A town with a crowd, its snapshot made.
async fn crowded() -> World {
    let world = World::new().await;
    let town = world.town.town().clone();
    tokio::task::spawn_blocking(move || {
        practice::crowd(&town, CROWD, 7).unwrap();
        // The town may be about to make it by itself.
        snapshot::refresh(&town).unwrap();
    })
    .await
    .unwrap();
    world
}

fn all(device: &Device) -> u32 {
    let state = device.app().handle(GetSyncState {}).unwrap();
    state.collections.iter().filter(|row| !row.own).map(|row| row.count).sum()
}

fn took_a_snapshot(device: &Device) -> bool {
    files(device.folder(), "public-").count() > 0
}

fn files(folder: &Path, prefix: &'static str) -> impl Iterator<Item = String> {
    let names =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    names.filter(move |name| name.starts_with(prefix))
}

#[tokio::test(flavor = "multi_thread")]
async fn services_and_bulletins_are_read_without_a_network() {
    let world = World::new().await;
    let device = world.device().await;
    let unknown = device.app().handle(ListServices {}).unwrap();
    assert!(unknown.rows.is_empty() && unknown.freshness.as_of.is_none(), "not known is not empty");
    world.settle(&device).await;
    world.cable.set(Wire::Unplugged);
    let list = device.app().handle(ListServices {}).unwrap();
    assert_eq!(list.rows.len(), 31);
    assert!(list.freshness.as_of.is_some());
    let sheet = device.app().handle(GetService { id: list.rows[0].id }).unwrap();
    assert!(!sheet.office.unwrap().hours.is_empty());
    let acts = device.app().handle(ListBulletins { kind: Some(BulletinKind::Act), offset: 0, limit: 50 }).unwrap();
    assert_eq!(acts.total, 9);
    assert!(acts.rows.windows(2).all(|pair| pair[0].published_at >= pair[1].published_at));
    let act = device.app().handle(GetBulletin { id: acts.rows[0].id }).unwrap();
    assert!(act.act.unwrap().what.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_on_the_device_is_found() {
    let world = World::new().await;
    let device = world.device().await;
    world.settle(&device).await;
    world.cable.set(Wire::Unplugged);
    let mut draft = device.draft("Panchina rovinata");
    draft.details = "Vicino alla fontana".into();
    device.save(&draft);
    let sent = device.report("Tombino aperto", 0);
    let find = |text: &str| device.app().handle(Find { text: text.into(), only: None }).unwrap();
    let kinds = |text: &str| find(text).groups.into_iter().map(|group| group.kind).collect::<Vec<_>>();
    assert!(kinds("panchina fontan").contains(&SearchGroup::Drafts));
    assert_eq!(find("tombin").groups[0].rows[0].id, sent.uuid());
    assert!(kinds("carta ident").contains(&SearchGroup::Services));
    assert!(kinds("allert").contains(&SearchGroup::Bulletins));
    assert!(kinds("via roma").contains(&SearchGroup::Streets));
    assert!(kinds("polizia").contains(&SearchGroup::Offices));
    assert!(kinds("zzzzqqq").is_empty());
    // What is found can be opened, and says of when it is.
    let first = |text: &str, kind: SearchGroup| {
        let group = find(text).groups.into_iter().find(|group| group.kind == kind).unwrap();
        group.rows.into_iter().next().unwrap()
    };
    let service = first("carta ident", SearchGroup::Services);
    assert!(service.at.is_some() && first("allert", SearchGroup::Bulletins).at.is_some());
    let office = OfficeId::from_uuid(first("polizia", SearchGroup::Offices).id);
    let office = device.app().handle(GetOffice { id: office }).unwrap();
    assert!(!office.services.is_empty() && !office.office.hours.is_empty());
    let public = first("tiglio", SearchGroup::PublicReports);
    let report = device.app().handle(GetPublicReport { id: ReportId::from_uuid(public.id) }).unwrap();
    let kept = |at: vicino_domain::Instant| at.timestamp_millis();
    assert_eq!(Some(kept(report.row.received_at)), public.at.map(kept));
    let snippet = &find("panchina fontan").groups[0].rows[0].snippet;
    assert!(snippet.contains("fontana"), "{snippet}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_takes_the_snapshot_and_then_what_came_after_it() {
    let world = crowded().await;
    let device = world.device().await;
    world.settle(&device).await;
    assert!(took_a_snapshot(&device));
    assert!(u64::from(all(&device)) >= CROWD);
    assert!(!device.app().handle(Find { text: "lavori".into(), only: None }).unwrap().groups.is_empty());
    let id = device.report("Dopo la fotografia", 0);
    world.settle(&device).await;
    assert_eq!(world.town.transition(id, "in_charge", "Visto.").await.0, 200);
    let before = all(&device);
    world.settle(&device).await;
    assert_eq!(all(&device), before + 1, "a delta on top of the snapshot");
    assert_eq!(files(device.folder(), "snapshot-").count(), 0, "nothing is left over");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_that_has_grown_old_is_taken_once_and_the_rest_read_after_it() {
    let world = crowded().await;
    let town = world.town.town().clone();
    tokio::task::spawn_blocking(move || practice::crowd(&town, 2 * CROWD, 8).unwrap()).await.unwrap();
    let device = world.device().await;
    world.settle(&device).await;
    assert!(took_a_snapshot(&device));
    assert!(u64::from(all(&device)) >= 3 * CROWD);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_cut_anywhere_goes_on_from_there() {
    let world = crowded().await;
    for seed in 0..6_usize {
        let device = world.device().await;
        world.cable.set(Wire::DribblesAnswers(20_000 + seed * 37_777));
        for _ in 0..3 {
            world.clock.turn(3600);
            let _ = device.app().sync().await.unwrap();
        }
        world.cable.set(Wire::Whole);
        world.settle(&device).await;
        assert!(u64::from(all(&device)) >= CROWD);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_snapshot_is_refused_and_what_is_here_stays() {
    let world = crowded().await;
    let folder = world.town.folder().join("snapshots");
    let file = files(&folder, "").find(|name| name.ends_with(".zst")).unwrap();
    let sound = std::fs::read(folder.join(&file)).unwrap();
    let mut bent = sound.clone();
    let middle = bent.len() / 2;
    bent[middle] ^= 0x40;
    let spoiled: [Vec<u8>; 3] = [bent, sound[..sound.len() - 9].to_vec(), vec![0x5a; sound.len()]];
    for bytes in spoiled {
        std::fs::write(folder.join(&file), bytes).unwrap();
        let device = world.device().await;
        for _ in 0..2 {
            world.clock.turn(3600);
            device.app().sync().await.unwrap();
        }
        assert!(!took_a_snapshot(&device));
        assert!(u64::from(all(&device)) >= CROWD, "read one by one instead");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_switched_off_at_any_moment_of_the_first_reading_agrees_in_the_end() {
    let world = crowded().await;
    for polls in [1, 9, 30, 60, 90, 120, 160, 220, 300] {
        let mut device = world.device().await;
        let _ = Polls::new(polls, device.app().sync()).await;
        device.restart();
        world.settle(&device).await;
        assert!(u64::from(all(&device)) >= CROWD, "after {polls}");
        assert_eq!(files(device.folder(), "snapshot-").count(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_app_keeps_what_it_does_not_know_and_counts_what_it_cannot_read() {
    let world = World::new().await;
    let device = world.device().await;
    world.settle(&device).await;
    let before = device.app().handle(ListBulletins { kind: None, offset: 0, limit: 1 }).unwrap().total;
    // A town of tomorrow: a collection nobody here knows, a field more, a shape nobody here reads.
    let town = world.town.town().clone();
    town.register
        .publish("park_benches", uuid::Uuid::from_u128(1), &json!({ "title": "Panchina gigante", "seats": 9 }))
        .unwrap();
    let mut bulletin = json!({ "id": uuid::Uuid::from_u128(2), "kind": "news", "title": "Notizia di domani", "text": "Testo",
        "published_at": "2026-03-12T08:00:00Z", "mood": { "colour": "verde" } });
    town.register.publish("bulletins", uuid::Uuid::from_u128(2), &bulletin).unwrap();
    bulletin["published_at"] = json!(["un", "altro", "formato"]);
    town.register.publish("bulletins", uuid::Uuid::from_u128(3), &bulletin).unwrap();
    world.settle(&device).await;
    assert_eq!(device.app().handle(ListBulletins { kind: None, offset: 0, limit: 1 }).unwrap().total, before + 1);
    let state = device.app().handle(GetSyncState {}).unwrap();
    let of = |name: &str| state.collections.iter().find(|row| row.name == name).unwrap();
    assert_eq!((of("park_benches").count, of("bulletins").set_aside), (1, 1));
    let found = device.app().handle(Find { text: "gigante".into(), only: None }).unwrap();
    assert_eq!(found.groups[0].kind, SearchGroup::Others);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_changed_twice_while_a_device_was_away_for_two_years() {
    let mut world = World::new().await;
    let device = world.device().await;
    let id = device.report("Prima della chiave nuova", 0);
    world.settle(&device).await;
    for _ in 0..2 {
        world.town.stop().await;
        vicino_server::rotate(world.town.folder()).unwrap();
        world.town.start().await;
    }
    world.cable.plug(world.town.address());
    world.clock.turn(2 * 365 * 86_400);
    let later = device.report("Dopo due anni", 1);
    // A signature by an unknown key has the card read again, and the chain followed.
    world.settle(&device).await;
    assert!(matches!(device.view(later).row.delivery, vicino_contract::ipc::Delivery::Delivered { .. }));
    device.app().handle(GetReceipt { matter: id.into() }).unwrap();
    device.app().handle(GetReceipt { matter: later.into() }).unwrap();
    // A town with a key nobody vouched for is another town, whatever it calls itself.
    let stranger = World::new().await;
    world.cable.plug(stranger.town.address());
    assert!(device.app().join(&world.cable.url()).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_wrong_by_two_years_and_put_right_loses_nothing() {
    let (world, clock) = (World::new().await, ManualClock::new());
    let device = world.device_by(&clock).await;
    clock.turn(2 * 365 * 86_400);
    let early = device.report("Già dal futuro", 0);
    device.app().sync().await.unwrap();
    world.cable.set(Wire::Cut);
    let id = device.report("Dal futuro", 1);
    for _ in 0..5 {
        let _ = device.app().sync().await.unwrap();
    }
    // The clock is put right; what waits must not wait for two years.
    clock.turn(-2 * 365 * 86_400);
    world.cable.set(Wire::Whole);
    for _ in 0..3 {
        clock.turn(1);
        device.app().sync().await.unwrap();
    }
    assert!(device.outbox().waiting.is_empty(), "{:?}", device.outbox().waiting);
    let queue = world.town.queue().await;
    let held: Vec<&str> = queue.iter().map(|report| report["id"].as_str().unwrap()).collect();
    assert_eq!(held, [early.to_string(), id.to_string()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_loses_nothing_and_room_puts_it_right() {
    if !SmallDisk::is_possible() {
        return SmallDisk::again_where_it_is("reading::a_full_disk_loses_nothing_and_room_puts_it_right");
    }
    let world = crowded().await;
    let disk = SmallDisk::of(2_600);
    let mut device = world.device_on(disk.folder()).await;
    let draft = device.draft("Scritta prima che il disco fosse pieno");
    let sent = device.report("Inviata prima", 0);
    // The town does not fit: reading fails or stops, and says so; what was written stays.
    for _ in 0..3 {
        world.clock.turn(3600);
        let _ = device.app().sync().await;
    }
    assert!(u64::from(all(&device)) < CROWD);
    device.restart();
    assert_eq!(device.app().handle(vicino_contract::ipc::GetDraft { id: draft.id }).unwrap().draft.title, draft.title);
    assert_eq!(device.view(sent).row.title, "Inviata prima");
    disk.grow(80_000);
    world.settle(&device).await;
    assert!(u64::from(all(&device)) >= CROWD);
    assert!(matches!(device.view(sent).row.delivery, vicino_contract::ipc::Delivery::Delivered { .. }));
}
