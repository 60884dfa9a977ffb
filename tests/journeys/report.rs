//! A report written without network, received by the town exactly once, moved and answered by the office.

use serde_json::json;
use vicino_contract::ipc::{
    Author, CommandHandler as _, Delivery, FindStreets, GetReceipt, GetStatus, ListPublicReports, ListReports,
    NearbyReports, SaveSettings, SendMessage, SendPhotosNow, SetNetwork, Settings, WaitsFor,
};
use vicino_contract::jws;
use vicino_domain::{Point, ReportState};
use world::{Wire, World};

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_journey() {
    let world = World::new().await;
    let device = world.device().await;
    world.cable.set(Wire::Cut);

    let id = device.report("Buca davanti al 14", 2);
    let round = device.app().sync().await.unwrap();
    assert!(!round.reached && round.waiting == 3);
    let view = device.view(id);
    assert_eq!((view.row.delivery, view.row.state, view.row.photos_to_come), (Delivery::Waiting, None, 2));
    assert_eq!(device.app().handle(GetStatus {}).unwrap().online, Some(false));
    assert_eq!(device.outbox().waiting[0].waits_for, Some(WaitsFor::Network));

    world.clock.turn(3 * 3600);
    world.cable.set(Wire::Whole);
    let round = device.app().sync().await.unwrap();
    assert!(round.reached && round.waiting == 0 && round.stuck == 0);
    let view = device.view(id);
    let Delivery::Delivered { number, .. } = &view.row.delivery else { panic!("{view:?}") };
    assert_eq!(
        (number.as_str(), view.row.state, view.row.photos_to_come),
        ("2026/00001", Some(ReportState::Received), 0)
    );

    let receipt = device.app().handle(GetReceipt { matter: id.into() }).unwrap();
    jws::verify(jws::Kind::Acknowledgement, &receipt.jws, &[world.town.town().key()]).unwrap();
    assert_eq!(receipt.number, "2026/00001");
    assert!(receipt.qr_svg.contains("<svg"));

    let (status, moved) = world.town.transition(id, "in_charge", "Sopralluogo entro mercoledì.").await;
    assert_eq!(status, 200, "{moved}");
    let answer = json!({ "id": "018f0000-0000-7000-8000-00000000000a", "office": "Ufficio Lavori pubblici", "text": "È vicina a un tombino?" });
    let path = format!("/reports/{id}/messages");
    for _ in 0..2 {
        assert_eq!(world.town.office("POST", &path, Some(answer.clone())).await.0, 200);
    }
    device.app().handle(SendMessage { report: id, text: "Sì, a un metro.".into() }).unwrap();
    assert!(device.view(id).messages.iter().any(|message| !message.delivered));
    world.settle(&device).await;
    let view = device.view(id);
    assert_eq!(view.row.state, Some(ReportState::InCharge));
    assert_eq!(view.history.len(), 2);
    let thread: Vec<_> =
        view.messages.iter().map(|message| (message.author, message.text.as_str(), message.delivered)).collect();
    assert_eq!(thread, [(Author::Office, "È vicina a un tombino?", true), (Author::Resident, "Sì, a un metro.", true)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_devices_see_their_own_and_what_is_public() {
    let world = World::new().await;
    let (anna, luca) = (world.device().await, world.device().await);
    let id = anna.report("Lampione spento", 0);
    let private = {
        let mut draft = anna.draft("Vetri rotti ogni notte");
        draft.private = true;
        anna.save(&draft);
        anna.app().handle(vicino_contract::ipc::SendReport { id: draft.id }).unwrap();
        draft.id
    };
    world.settle(&anna).await;
    world.settle(&luca).await;
    let public = |device: &world::Device| device.app().handle(ListPublicReports { offset: 0, limit: 200 }).unwrap();
    let before = public(&luca).total;
    assert_eq!(luca.app().handle(ListReports { offset: 0, limit: 9 }).unwrap().total, 0);
    for id in [id, private] {
        assert_eq!(world.town.transition(id, "in_charge", "Visto.").await.0, 200);
    }
    world.settle(&luca).await;
    let after = public(&luca);
    assert_eq!(after.total, before + 1, "the private one stays private");
    assert!(after.rows.iter().any(|row| row.id == id && row.state == Some(ReportState::InCharge)));
    assert_eq!(luca.app().handle(ListReports { offset: 0, limit: 9 }).unwrap().total, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_town_is_on_the_device() {
    let world = World::new().await;
    let device = world.device().await;
    let list = device.app().handle(ListPublicReports { offset: 0, limit: 9 }).unwrap();
    assert!(list.rows.is_empty() && list.freshness.as_of.is_none(), "not known yet, which is not empty");
    world.settle(&device).await;
    world.cable.set(Wire::Cut);
    let streets = device.app().handle(FindStreets { text: "orto".into() }).unwrap();
    assert_eq!(streets[0].name, "Traversa dell’Orto");
    let near = device.app().handle(NearbyReports { point: Point::new(43.46513, 11.88905).unwrap() }).unwrap();
    assert_eq!(near[0].report.title, "Radici sotto il marciapiede");
    assert!(near[0].metres < 10);
    assert!(device.app().handle(ListPublicReports { offset: 0, limit: 9 }).unwrap().freshness.as_of.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_residents_hand_on_sending() {
    let world = World::new().await;
    let device = world.device().await;
    let save = |settings| device.app().handle(SaveSettings { settings }).unwrap();
    save(Settings { hold: true, ..Settings::default() });
    let id = device.report("Panchina rotta", 1);
    assert_eq!(device.app().sync().await.unwrap().waiting, 2);
    assert_eq!(device.outbox().waiting[0].waits_for, Some(WaitsFor::Hold));

    save(Settings::default());
    device.app().handle(SetNetwork { online: true, metered: true, visible: true }).unwrap();
    assert_eq!(device.app().sync().await.unwrap().waiting, 1, "words go, photos wait");
    assert_eq!(device.outbox().waiting[0].waits_for, Some(WaitsFor::Unmetered));
    device.app().handle(SendPhotosNow {}).unwrap();
    assert_eq!(device.app().sync().await.unwrap().waiting, 0);
    assert_eq!(device.view(id).row.photos_to_come, 0);
}
