//! A town restored from an older copy: device and town agree again, with no one's help.

use vicino_contract::ipc::{Answers as _, Delivery, ListPublicReports, SendMessage};
use vicino_domain::ReportState;
use world::World;

#[tokio::test(flavor = "multi_thread")]
async fn what_the_town_forgot_is_told_again() {
    let mut world = World::new().await;
    let device = world.device().await;
    let kept = device.report("Prima della copia", 1);
    world.settle(&device).await;
    world.town.stop().await;
    let copy = world.town.copy();
    world.town.start().await;
    world.cable.plug(world.town.address());

    device.app().answer(SendMessage { report: kept, text: "Dopo la copia".into() }).unwrap();
    let lost = device.report("Dopo la copia", 2);
    world.settle(&device).await;
    assert_eq!(world.town.transition(kept, "in_charge", "Visto.").await.0, 200);
    world.settle(&device).await;
    let before = device.app().answer(ListPublicReports { offset: 0, limit: 1 }).unwrap().total;

    world.restore_town(copy).await;
    let unsent = device.report("Scritta durante il ripristino", 0);
    assert_eq!(world.town.queue().await.len(), 1);
    // Two rounds: one to notice, one to agree.
    for _ in 0..2 {
        world.hands.turn(3600);
        assert!(device.app().sync().await.unwrap().reached);
    }
    assert!(device.outbox().waiting.is_empty(), "{:?}", device.outbox());
    let queue = world.town.queue().await;
    assert_eq!(queue.len(), 3);
    for id in [lost, unsent] {
        assert!(matches!(device.view(id).row.delivery, Delivery::Delivered { .. }));
    }
    let of = |id: vicino_domain::ReportId| queue.iter().find(|report| report["id"] == id.to_string()).unwrap();
    assert_eq!(of(kept)["messages"][0]["text"], "Dopo la copia");
    assert!(of(lost)["arrived"].as_array().unwrap().iter().all(|photo| photo["arrived"] == true));
    world.settle(&device).await;
    assert_eq!(device.view(kept).row.state, Some(ReportState::Received), "the town's word, as it now stands");
    assert_eq!(device.app().answer(ListPublicReports { offset: 0, limit: 1 }).unwrap().total, before - 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_the_town_forgot_introduces_itself_again() {
    let mut world = World::new().await;
    world.town.stop().await;
    let empty = world.town.copy();
    world.town.start().await;
    world.cable.plug(world.town.address());
    let device = world.device().await;
    let id = device.report("Buca", 1);
    world.settle(&device).await;
    world.restore_town(empty).await;
    for _ in 0..3 {
        world.hands.turn(3600);
        device.app().sync().await.unwrap();
    }
    let queue = world.town.queue().await;
    assert_eq!(queue.len(), 1);
    assert_eq!(queue[0]["id"], id.to_string());
    assert_eq!(queue[0]["arrived"][0]["arrived"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_put_back_before_the_device_read_again() {
    let mut world = World::new().await;
    let device = world.device().await;
    world.settle(&device).await;
    world.town.stop().await;
    let copy = world.town.copy();
    world.town.start().await;
    world.cable.plug(world.town.address());
    let id = device.report("Firmata e mai riletta", 0);
    // The town signs; then the cable breaks before the device has read what changed.
    let town = world.town.town().clone();
    let mut changes = town.listen();
    let delivering = device.app().sync();
    tokio::select! {
        _ = changes.recv() => {}
        round = delivering => drop(round),
    }
    world.restore_town(copy).await;
    for _ in 0..4 {
        world.hands.turn(3600);
        let _ = device.app().sync().await.unwrap();
    }
    let queue = world.town.queue().await;
    assert_eq!(queue.iter().filter(|report| report["id"] == id.to_string()).count(), 1);
    assert!(matches!(device.view(id).row.delivery, Delivery::Delivered { .. }));
}
