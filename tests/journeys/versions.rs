//! Old and new together: this release, a device that knows fewer fields, a town that says more, in every pair.
//!
//! A device that knows fewer fields reads an answer as if they were not there, and writes reports without them.

use serde_json::json;
use uuid::Uuid;
use vicino_contract::ipc::{
    BulletinKind, CommandHandler as _, Delivery, Find, GetReceipt, GetReport, GetSyncState, ListBulletins,
    ListServices, SendMessage,
};
use vicino_domain::{ReportId, ReportState};
use world::{Device, Dialect, Translator, World};

use crate::steps::agreement::notice;
use world::Caller;

/// The fewest fields a report may have.
fn sparse(title: &str) -> serde_json::Value {
    json!({ "category": "roads", "title": title, "details": "Profonda", "place": { "source": "words", "note": "qui" },
        "sent_at": "2026-03-12T07:41:00Z" })
}

/// The whole of a resident's year, between these two.
async fn live(dialect: Dialect) {
    let world = World::new().await;
    let translator = Translator::before(&world.town.url(), dialect).await;
    let device = Device::new(world.clock.clone());
    device.app().join(&translator.url()).await.unwrap();
    device.app().sign_in_as("Luca").await.unwrap();
    world.settle(&device).await;

    // What the device writes, the town signs for.
    let id = device.report("Botola zigrinata", 1);
    world.settle(&device).await;
    assert!(matches!(device.view(id).row.delivery, Delivery::Delivered { .. }));
    device.app().handle(GetReceipt { matter: id.into() }).unwrap();
    // What a device of the first day writes for the same resident comes here.
    let old = Caller::resident(&world, "Luca").await;
    let theirs = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0009);
    assert_eq!(old.call("PUT", &format!("/v1/reports/{theirs}"), Some(&sparse("Buca zagarosa"))).await, 201);
    // The office answers, and is answered.
    assert_eq!(world.town.transition(id, "in_charge", "Visto.").await.0, 200);
    assert_eq!(world.town.transition(id, "your_turn", "Che colore ha?").await.0, 200);
    world.settle(&device).await;
    device.app().handle(SendMessage { report: id, text: "Rossa".into() }).unwrap();
    world.town.town().register.publish("bulletins", Uuid::from_u128(1), &notice(1, "letta")).unwrap();
    world.town.town().register.publish("bulletins", Uuid::from_u128(2), &notice(2, "sepolta")).unwrap();
    world.settle(&device).await;
    world.town.town().register.unpublish("bulletins", Uuid::from_u128(2)).unwrap();
    world.settle(&device).await;

    let found = |text: &str| {
        let found = device.app().handle(Find { text: text.into(), only: None }).unwrap();
        found.groups.iter().map(|group| group.rows.len()).sum::<usize>()
    };
    let view = device.app().handle(GetReport { id }).unwrap();
    assert_eq!(view.row.state, Some(ReportState::YourTurn), "until the office moves it");
    assert!(view.messages.iter().any(|message| message.text == "Rossa"));
    assert_eq!(device.view(ReportId::from_uuid(theirs)).row.title, "Buca zagarosa");
    assert_eq!(device.app().handle(ListServices {}).unwrap().rows.len(), 31);
    let notices = ListBulletins { kind: Some(BulletinKind::Notice), offset: 0, limit: 200 };
    assert!(device.app().handle(notices).unwrap().rows.iter().any(|row| row.title == "# letta1x"));
    // The report in charge is everyone's too.
    assert_eq!([found("zigrinata"), found("zagarosa"), found("letta1x"), found("sepolta2x")], [2, 1, 1, 0]);
    let state = device.app().handle(GetSyncState {}).unwrap();
    assert!(state.trouble.is_none() && state.collections.iter().all(|row| row.set_aside == 0), "{state:?}");
    let benches = state.collections.iter().filter(|row| row.name == "park_benches").count();
    assert_eq!((benches > 0, found("gigante") > 0), (dialect.more, dialect.more), "kept, and found");
    assert!(device.outbox().waiting.is_empty() && device.outbox().stuck.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn this_device_and_this_town() {
    live(Dialect::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_of_fewer_fields_and_this_town() {
    live(Dialect { fewer: true, more: false }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn this_device_and_a_town_that_says_more() {
    live(Dialect { fewer: false, more: true }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_of_fewer_fields_and_a_town_that_says_more() {
    live(Dialect { fewer: true, more: true }).await;
}
