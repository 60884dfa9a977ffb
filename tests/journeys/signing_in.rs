//! Who somebody is: signed in and out, in turn on one device, seen by whom the household rules say.

use vicino_contract::ipc::{
    CommandHandler as _, Find, GetPeople, GetSyncState, ListCases, ListReports, RemovePerson, SendMessage, SignOut,
    SwitchPerson, SyncState, WaitsFor,
};
use vicino_contract::{Event, FailureCode};
use vicino_core::{KeyPlace, Opening};
use vicino_domain::PersonId;
use world::{Device, Polls, World};

fn count(state: &SyncState, name: &str) -> u32 {
    state.collections.iter().find(|row| row.name == name).map_or(0, |row| row.count)
}

fn name(device: &Device) -> Option<String> {
    let people = device.app().handle(GetPeople {}).unwrap().people;
    people.into_iter().find(|person| person.current).and_then(|person| person.name)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parent_sees_what_is_theirs_and_their_childrens_and_nobody_elses() {
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    assert_eq!(name(&anna).as_deref(), Some("Anna Berti"));
    let state = anna.app().handle(GetSyncState {}).unwrap();
    // Herself, Giulia and Tommaso; a case and a deadline of each child, which wait without a room.
    assert_eq!([count(&state, "residents"), count(&state, "cases"), count(&state, "deadlines")], [3, 2, 2]);
    assert_eq!(anna.app().handle(GetPeople {}).unwrap().entrusted, ["Giulia Moretti", "Tommaso Moretti"]);
    let samira = world.signed_in("Samira").await;
    let state = samira.app().handle(GetSyncState {}).unwrap();
    assert_eq!([count(&state, "residents"), count(&state, "cases")], [1, 0]);
    let giulia = world.signed_in("Giulia").await;
    let state = giulia.app().handle(GetSyncState {}).unwrap();
    assert_eq!([count(&state, "residents"), count(&state, "cases")], [1, 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_draws_only_when_told_draws_the_name() {
    let world = World::new().await;
    let device = world.device().await;
    let mut told = device.app().listen();
    device.app().sign_in_as("Anna").await.unwrap();
    // What happens from here on is told by the first reading alone.
    while told.try_recv().is_ok() {}
    assert_eq!(name(&device), None, "it comes with the first reading");
    let app = device.app().clone();
    let reading = tokio::spawn(async move { app.sync().await.unwrap() });
    let mut drawn = None;
    while drawn.is_none() {
        let event = tokio::time::timeout(std::time::Duration::from_secs(20), told.recv()).await;
        if event.expect("it is told").unwrap() == Event::Person {
            drawn = name(&device);
        }
    }
    assert_eq!(drawn.as_deref(), Some("Anna Berti"));
    assert!(reading.await.unwrap().reached);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_follows_its_writer_to_another_device() {
    let world = World::new().await;
    let phone = world.signed_in("Luca").await;
    let id = phone.report("Lampione spento", 0);
    world.settle(&phone).await;
    let computer = world.signed_in("Luca").await;
    assert_eq!(computer.view(id).row.title, "Lampione spento");
    // The child's report is in the parent's hands too; the neighbour knows nothing of either.
    let child = world.signed_in("Tommaso").await;
    let own = child.report("Altalena rotta", 0);
    world.settle(&child).await;
    world.settle(&phone).await;
    assert_eq!(phone.view(own).row.title, "Altalena rotta");
    let samira = world.signed_in("Samira").await;
    assert_eq!(samira.app().handle(ListReports { offset: 0, limit: 9 }).unwrap().total, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_who_comes_of_age_is_no_longer_seen() {
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    assert_eq!(count(&anna.app().handle(GetSyncState {}).unwrap(), "cases"), 2);
    // An office gives a paper to each; both are here.
    let (_, queue) = world.town.office("GET", "/cases", None).await;
    let ids: Vec<String> = anna
        .app()
        .handle(ListCases { offset: 0, limit: 9 })
        .unwrap()
        .rows
        .iter()
        .map(|row| row.id.to_string())
        .collect();
    let hers =
        queue["items"].as_array().unwrap().iter().filter(|case| ids.contains(&case["id"].as_str().unwrap().into()));
    for (n, case) in (0..).zip(hers) {
        let paper = world.town.bring("atto.pdf", crate::steps::files::pdf(30 + n, 900)).await;
        let message = serde_json::json!({ "id": uuid::Uuid::from_u128(0x0190_c000 + u128::from(n)), "office": "Anagrafe", "text": "Ecco",
            "files": [paper] });
        let path = format!("/cases/{}/messages", case["id"].as_str().unwrap());
        assert_eq!(world.town.office("POST", &path, Some(message)).await.0, 200);
    }
    world.settle(&anna).await;
    let papers = || std::fs::read_dir(anna.own_folder().join("files")).map_or(0, Iterator::count);
    assert_eq!(papers(), 2);
    // Giulia is eighteen in September 2032, Tommaso in February 2035.
    world.clock.turn(365 * 86_400 * 7);
    // After so long the town asks who is there.
    world.settle(&anna).await;
    anna.app().sign_in_as("Anna").await.unwrap();
    world.settle(&anna).await;
    assert_eq!(count(&anna.app().handle(GetSyncState {}).unwrap(), "cases"), 1);
    assert_eq!(papers(), 1, "what an office gave to somebody grown goes with their case");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_turns_sees_nothing_of_the_other() {
    let world = World::new().await;
    let device = world.signed_in("Anna").await;
    let anna: PersonId = device.app().handle(GetPeople {}).unwrap().people[0].id;
    device.draft("Segreto di Anna");
    let annas = device.report("Lampadario storto", 0);
    device.app().handle(SwitchPerson { to: None }).unwrap();
    let search = |text: &str| device.app().handle(Find { text: text.into(), only: None }).unwrap();
    assert!(search("segreto").groups.is_empty(), "not in a search");
    assert_eq!(device.app().handle(ListReports { offset: 0, limit: 9 }).unwrap().total, 0, "not in a list");
    assert!(device.outbox().waiting.is_empty(), "not in the outbox");
    // Luca signs in; Anna's report still waits for her, and is sent under her name when she is back.
    device.app().sign_in_as("Luca").await.unwrap();
    world.settle(&device).await;
    assert!(search("lampadario").groups.is_empty());
    assert!(world.town.queue().await.is_empty());
    device.app().handle(SwitchPerson { to: Some(anna) }).unwrap();
    world.settle(&device).await;
    assert_eq!(search("segreto").groups.len(), 1);
    assert!(matches!(device.view(annas).row.delivery, vicino_contract::ipc::Delivery::Delivered { .. }));
    // Each store opens with a key of its own.
    let people = device.folder().join("people");
    let keys: std::collections::BTreeSet<Vec<u8>> = std::fs::read_dir(people)
        .unwrap()
        .filter_map(|entry| std::fs::read(entry.unwrap().path().join("store.key")).ok())
        .collect();
    assert_eq!(keys.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_cannot_share_a_store_nor_one_have_two() {
    let world = World::new().await;
    let device = world.signed_in("Anna").await;
    assert_eq!(device.app().sign_in_as("Luca").await.unwrap_err().code, FailureCode::OtherPerson);
    assert_eq!(name(&device).as_deref(), Some("Anna Berti"));
    device.app().handle(SwitchPerson { to: None }).unwrap();
    assert_eq!(device.app().sign_in_as("Anna").await.unwrap_err().code, FailureCode::OtherPerson);
    assert_eq!(device.app().sign_in_as("Nessuno").await.unwrap_err().code, FailureCode::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_sign_in_locks_nothing_and_costs_no_word() {
    let world = World::new().await;
    let device = world.signed_in("Luca").await;
    let before = device.report("Prima", 0);
    world.settle(&device).await;
    // More than a year away: the refresh token is too old.
    world.clock.turn(500 * 86_400);
    let id = device.report("Scritta dopo", 1);
    let round = device.app().sync().await.unwrap();
    assert!(round.reached, "the public facts are read all the same");
    assert_eq!(device.view(before).row.title, "Prima");
    assert_eq!(device.view(id).row.title, "Scritta dopo");
    let waiting = device.outbox().waiting;
    assert!(waiting.iter().any(|row| row.waits_for == Some(WaitsFor::SignIn)), "{waiting:?}");
    assert_eq!(world.town.queue().await.len(), 1);
    device.app().sign_in_as("Luca").await.unwrap();
    world.settle(&device).await;
    assert_eq!(world.town.queue().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_keeps_what_is_here() {
    let world = World::new().await;
    let device = world.signed_in("Luca").await;
    let id = device.report("Mia", 0);
    world.settle(&device).await;
    device.app().handle(SignOut {}).unwrap();
    assert!(device.app().sync().await.unwrap().reached);
    assert_eq!(device.view(id).row.title, "Mia");
    let me = device.app().handle(GetPeople {}).unwrap().people.remove(0);
    assert!(!me.signed_in && me.name.is_some(), "it stays Luca's");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_cut_short_at_any_moment_leaves_a_store_that_works() {
    let world = World::new().await;
    let mut done = false;
    for polls in (0..60).step_by(3) {
        let mut device = world.device().await;
        let id = device.report("Durante l’accesso", 0);
        let ended = Polls::new(polls, device.app().sign_in_as("Samira")).await;
        done |= ended.is_some();
        device.restart();
        world.settle(&device).await;
        assert!(matches!(device.view(id).row.delivery, vicino_contract::ipc::Delivery::Delivered { .. }));
        if !device.app().handle(GetPeople {}).unwrap().people[0].signed_in {
            device.app().sign_in_as("Samira").await.unwrap();
        }
        world.settle(&device).await;
        assert_eq!(name(&device).as_deref(), Some("Samira Haddad"));
    }
    assert!(done, "some went all the way");
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_is_taken_away_leaves_nothing() {
    let world = World::new().await;
    let mut device = world.signed_in("Anna").await;
    let anna = device.app().handle(GetPeople {}).unwrap().people[0].id;
    device.draft("Da dimenticare");
    let folder = device.own_folder();
    device.app().handle(RemovePerson { id: anna }).unwrap();
    assert!(!folder.exists());
    let people = device.app().handle(GetPeople {}).unwrap().people;
    assert!(people.len() == 1 && people[0].id != anna && people[0].name.is_none());
    device.restart();
    let found = device.app().handle(Find { text: "dimenticare".into(), only: None }).unwrap();
    assert!(found.groups.iter().all(|group| group.kind != vicino_contract::ipc::finding::SearchGroup::Drafts));
    // The town lets her in again, on a store that begins anew.
    device.app().sign_in_as("Anna").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ward_who_comes_of_age_takes_their_reports_along() {
    let world = World::new().await;
    let (anna, giulia) = (world.signed_in("Anna").await, world.signed_in("Giulia").await);
    let id = giulia.report("Canestro rotto", 0);
    world.settle(&giulia).await;
    world.settle(&anna).await;
    anna.app().handle(SendMessage { report: id, text: "È vicino alla scuola".into() }).unwrap();
    world.settle(&anna).await;
    world.clock.turn(365 * 86_400 * 7);
    world.settle(&anna).await;
    anna.app().sign_in_as("Anna").await.unwrap();
    world.settle(&anna).await;
    assert_eq!(anna.app().handle(ListReports { offset: 0, limit: 9 }).unwrap().total, 0);
    assert!(anna.outbox().waiting.is_empty(), "nothing is tried again for ever");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_of_the_time_before_people_keeps_everything() {
    let world = World::new().await;
    let mut device = world.device().await;
    device.draft("Bozza di allora");
    let id = device.report("Segnalazione di allora", 1);
    // As it was laid out then: one store, in the device's own folder.
    let (old, home) = (device.folder().to_owned(), device.own_folder());
    device.close();
    for entry in std::fs::read_dir(&home).unwrap() {
        let entry = entry.unwrap();
        std::fs::rename(entry.path(), old.join(entry.file_name())).unwrap();
    }
    std::fs::remove_dir_all(old.join("people")).unwrap();
    device.restart();
    assert_eq!(device.app().handle(vicino_contract::ipc::ListDrafts {}).unwrap().len(), 1);
    world.settle(&device).await;
    assert!(matches!(device.view(id).row.delivery, vicino_contract::ipc::Delivery::Delivered { .. }));
    assert_eq!(world.town.queue().await[0]["arrived"][0]["arrived"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_practice_town_follows_whoever_takes_the_device() {
    let (world, folder) = (World::new().await, tempfile::tempdir().unwrap());
    let home = folder.path().to_owned();
    let open = move || {
        let practise = Some(vicino_headless::serve::practise());
        vicino_core::App::open(Opening { key: KeyPlace::OwnerFile, practise, ..Opening::of(&home) }).unwrap()
    };
    let first = open.clone();
    let program = move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let everyone: Vec<PersonId> = runtime.block_on(async {
            let app = first();
            app.practise().await.unwrap();
            app.handle(SwitchPerson { to: None }).unwrap();
            assert!(app.sync().await.unwrap().reached);
            app.handle(GetPeople {}).unwrap().people.iter().map(|person| person.id).collect()
        });
        // With the program its town ends.
        runtime.shutdown_timeout(std::time::Duration::from_secs(20));
        everyone
    };
    let everyone = tokio::task::spawn_blocking(program).await.unwrap();
    // It starts again: the practice town answers on another port.
    let app = open();
    app.practise().await.unwrap();
    for id in everyone {
        app.handle(SwitchPerson { to: Some(id) }).unwrap();
        assert!(app.sync().await.unwrap().reached, "whoever it is");
    }
    drop(world);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_practised_chooses_their_town_afterwards() {
    let (world, other) = (World::new().await, World::new().await);
    let mut device = world.signed_in("Anna").await;
    device.report("Solo una prova", 0);
    device.app().handle(SwitchPerson { to: None }).unwrap();
    device.app().handle(vicino_contract::ipc::LeavePractice {}).unwrap();
    for _ in 0..2 {
        let people = device.app().handle(GetPeople {}).unwrap().people;
        assert!(people.len() == 1 && people[0].name.is_none(), "{people:?}");
        assert!(!device.app().has_joined().unwrap().0);
        let found = device.app().handle(Find { text: "prova".into(), only: None }).unwrap();
        assert!(found.groups.is_empty() && found.freshness.as_of.is_none(), "nothing of it is left, nor known");
        device.restart();
    }
    device.app().join(&other.town.url()).await.unwrap();
    other.settle(&device).await;
    let services = device.app().handle(vicino_contract::ipc::ListServices {}).unwrap();
    assert_eq!(services.rows.len(), 31);
}
