//! Cuts, crashes, lost answers, hotels: the town has it exactly once, and nothing is lost.

use vicino_contract::ipc::Delivery;
use vicino_contract::{FailureCode, StuckCode};
use vicino_domain::ReportId;
use world::{Device, Polls, Wire, World};

/// The town has this report once, whole, and the device knows it.
async fn holds_once(world: &World, device: &Device, id: ReportId, photos: usize) {
    let queue = world.town.queue().await;
    let same: Vec<_> = queue.iter().filter(|report| report["id"] == id.to_string()).collect();
    assert_eq!(same.len(), 1);
    let arrived = same[0]["arrived"].as_array().unwrap();
    assert_eq!(arrived.len(), photos);
    assert!(arrived.iter().all(|photo| photo["arrived"] == true), "{arrived:?}");
    let view = device.view(id);
    assert!(matches!(view.row.delivery, Delivery::Delivered { .. }));
    assert_eq!(view.row.photos_to_come, 0);
    assert!(device.outbox().waiting.is_empty() && device.outbox().stuck.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_is_lost_after_the_town_committed() {
    let world = World::new().await;
    let device = world.device().await;
    // The device is known before, so that it is the report whose answer is lost.
    world.settle(&device).await;
    let id = device.report("Buca", 1);
    world.cable.set(Wire::LosesAnswers);
    assert!(!device.app().sync().await.unwrap().reached);
    assert_eq!(world.town.queue().await.len(), 1, "the town has it");
    assert_eq!(device.view(id).row.delivery, Delivery::Waiting, "and the device does not know");
    world.cable.set(Wire::Whole);
    world.settle(&device).await;
    holds_once(&world, &device, id, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_lost_in_turn() {
    let world = World::new().await;
    let device = world.device().await;
    let id = device.report("Buca", 2);
    let mut lost = 0;
    for _ in 0..12 {
        world.cable.set(Wire::LosesAnswers);
        world.clock.turn(3600);
        lost += u32::from(!device.app().sync().await.unwrap().reached);
        world.cable.set(Wire::BreaksAfter(60_000));
        world.clock.turn(3600);
        let _ = device.app().sync().await.unwrap();
    }
    assert_eq!(lost, 12, "each time the answer was lost");
    world.cable.set(Wire::Whole);
    world.settle(&device).await;
    holds_once(&world, &device, id, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cable_breaks_at_any_byte_and_uploads_go_on_from_there() {
    let world = World::new().await;
    let device = world.device().await;
    world.settle(&device).await;
    let id = device.report("Buca", 1);
    let total = device.view(id).photos[0].bytes;
    let mut far = 0;
    for cut in (1..).map(|n| n * 4_919).take_while(|cut| *cut < 45_000) {
        world.cable.set(Wire::BreaksAfter(cut));
        world.clock.turn(3600);
        let _ = device.app().sync().await.unwrap();
        let sent = device.view(id).photos[0].sent;
        assert!(sent >= far, "never back");
        far = sent;
    }
    assert!(far > 0 && far < total, "{far} of {total}: some pieces were kept");
    world.cable.set(Wire::Whole);
    world.settle(&device).await;
    holds_once(&world, &device, id, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_device_is_switched_off_between_any_two_steps() {
    let world = World::new().await;
    let mut device = world.device().await;
    let id = device.report("Buca", 2);
    let mut polls = 1;
    loop {
        world.clock.turn(3600);
        let ended = Polls::new(polls, device.app().sync()).await;
        device.restart();
        if ended.is_some_and(|round| round.is_ok_and(|round| round.reached && round.waiting == 0)) {
            break;
        }
        polls += 1;
        assert!(polls < 400, "it gets there in the end");
    }
    assert!(polls > 5, "it was switched off on the way");
    world.settle(&device).await;
    holds_once(&world, &device, id, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_town_is_restarted_on_the_way() {
    let mut world = World::new().await;
    let device = world.device().await;
    let id = device.report("Buca", 2);
    let mut cuts = 0;
    for cut in [900, 150_000, 300_000] {
        world.cable.set(Wire::BreaksAfter(cut));
        world.clock.turn(3600);
        let round = device.app().sync().await.unwrap();
        cuts += usize::from(round.waiting > 0);
        world.restart_town().await;
    }
    assert!(cuts > 0, "something was cut on the way");
    world.cable.set(Wire::Whole);
    world.settle(&device).await;
    holds_once(&world, &device, id, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hotel_that_answers_everything_is_no_town() {
    let world = World::new().await;
    let device = world.device().await;
    world.settle(&device).await;
    let id = device.report("Buca", 1);
    world.cable.set(Wire::CaptivePortal);
    let round = device.app().sync().await.unwrap();
    assert_eq!((round.waiting, round.stuck), (2, 0), "neither received nor given up");
    assert!(!round.reached && round.trouble == Some(FailureCode::NotATown), "and it is not called the town: {round:?}");
    assert_eq!(device.view(id).row.delivery, Delivery::Waiting);
    world.cable.set(Wire::Whole);
    world.settle(&device).await;
    holds_once(&world, &device, id, 1).await;
}

/// Anything that answers, and says nothing, is asked a few times and then left for the next round.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_brings_nothing_further_is_not_asked_for_ever() {
    let world = World::new().await;
    let device = world.device().await;
    world.settle(&device).await;
    let more = r#"{"own":{"items":[],"next":"x","has_more":true,"snapshot_ahead":0}}"#;
    let other = r#"{"public":{"items":[],"next":"y","has_more":true,"snapshot_ahead":0}}"#;
    for answer in ["{}", r#"{"own":null,"public":null}"#, more, other] {
        world.cable.set(Wire::Says(answer));
        let round = tokio::time::timeout(std::time::Duration::from_secs(20), device.app().sync()).await;
        let round = round.unwrap_or_else(|_| panic!("{answer}: it ends")).unwrap();
        assert!(round.trouble.is_some(), "{answer}: and does not say that all was read");
        assert!(world.cable.answers() < 30, "{answer}: {}", world.cable.answers());
    }
    let id = device.report("Buca", 1);
    world.cable.set(Wire::Whole);
    world.settle(&device).await;
    holds_once(&world, &device, id, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poison_report_delays_no_other() {
    let world = World::new().await;
    let device = world.device().await;
    world.settle(&device).await;
    let poison = device.report("Veleno", 1);
    // Its photo's file is gone from the disk: it can never be prepared.
    let photo = device.view(poison).photos[0].id;
    drop(device.app().photo(photo).unwrap());
    for entry in std::fs::read_dir(device.own_folder().join("files")).unwrap() {
        std::fs::remove_file(entry.unwrap().path()).unwrap();
    }
    let healthy: Vec<ReportId> = (0..6).map(|n| device.report(&format!("Buca {n}"), 1)).collect();
    let round = device.app().sync().await.unwrap();
    assert_eq!((round.waiting, round.stuck), (0, 1), "only the photo that is gone, and it says so");
    assert_eq!(device.outbox().stuck[0].stuck.as_ref().unwrap().code, StuckCode::FileLost);
    for id in healthy {
        holds_only(&device, id);
    }
    assert!(matches!(device.view(poison).row.delivery, Delivery::Delivered { .. }), "its words went");
}

fn holds_only(device: &Device, id: ReportId) {
    let view = device.view(id);
    assert!(matches!(view.row.delivery, Delivery::Delivered { .. }));
    assert_eq!(view.row.photos_to_come, 0);
}
