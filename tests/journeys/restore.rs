//! A town restored from an older copy: device and town agree again, with no one's help.

use serde_json::json;
use vicino_contract::http::NoticeRecord;
use vicino_contract::ipc::{
    CertificateState, CheckFile, CommandHandler as _, Delivery, ListPublicReports, ListSignatures, PayLine, PayingView,
    SayPaid, SendMessage, Verdict, WithdrawCertificate,
};
use vicino_core::IfMaybePaid;
use vicino_domain::certificate::{CertificateKind, StampDuty};
use vicino_domain::pagopa::NoticeNumber;
use vicino_domain::{BadCart, CertificateId, NoticeId, ReportState};
use vicino_server::matters::notice;
use world::World;

use crate::steps::certificates::{ask, exempt, row, settle, shown};
use crate::steps::payments::{BACK, due, notice};
use crate::steps::signatures::{ask_luca, moving};

#[tokio::test(flavor = "multi_thread")]
async fn what_the_town_forgot_is_told_again() {
    let mut world = World::new().await;
    let device = world.device().await;
    let kept = device.report("Prima della copia", 1);
    world.settle(&device).await;
    let copy = world.copy_town().await;

    device.app().handle(SendMessage { report: kept, text: "Dopo la copia".into() }).unwrap();
    let lost = device.report("Dopo la copia", 2);
    world.settle(&device).await;
    assert_eq!(world.town.transition(kept, "in_charge", "Visto.").await.0, 200);
    world.settle(&device).await;
    let before = device.app().handle(ListPublicReports { offset: 0, limit: 1 }).unwrap().total;

    world.restore_town(copy).await;
    let unsent = device.report("Scritta durante il ripristino", 0);
    assert_eq!(world.town.queue().await.len(), 1);
    // Two rounds: one to notice, one to agree.
    for _ in 0..2 {
        world.clock.turn(3600);
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
    assert_eq!(device.app().handle(ListPublicReports { offset: 0, limit: 1 }).unwrap().total, before - 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_the_town_forgot_introduces_itself_again() {
    let mut world = World::new().await;
    let empty = world.copy_town().await;
    let device = world.device().await;
    let id = device.report("Buca", 1);
    world.settle(&device).await;
    world.restore_town(empty).await;
    for _ in 0..3 {
        world.clock.turn(3600);
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
    let copy = world.copy_town().await;
    let id = device.report("Firmata e mai riletta", 0);
    // The town signs; then the cable breaks before the device has read what changed.
    let town = world.town.town().clone();
    let mut changes = town.register.listen();
    let delivering = device.app().sync();
    tokio::select! {
        _ = changes.recv() => {}
        round = delivering => drop(round),
    }
    world.restore_town(copy).await;
    for _ in 0..4 {
        world.clock.turn(3600);
        let _ = device.app().sync().await.unwrap();
    }
    let queue = world.town.queue().await;
    assert_eq!(queue.iter().filter(|report| report["id"] == id.to_string()).count(), 1);
    assert!(matches!(device.view(id).row.delivery, Delivery::Delivered { .. }));
}

/// A certificate, what was said of a notice, a signature and what was taken back: the town was put back to before all of them.
#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_matter_comes_back() {
    let mut world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let taken_back = ask(&anna, "Anna", &[CertificateKind::Family], StampDuty::Due);
    world.settle(&anna).await;
    let copy = world.copy_town().await;

    let stamped = ask(&anna, "Anna", &[CertificateKind::Residence], StampDuty::Due);
    let issued = ask(&anna, "Giulia", &[CertificateKind::Residence], exempt());
    let away = ask(&anna, "Giulia", &[CertificateKind::Family], StampDuty::Due);
    anna.app().handle(WithdrawCertificate { id: taken_back }).unwrap();
    let moves = moving(&anna);
    ask_luca(&anna, moves);
    let tax = due(&anna, "Rifiuti");
    let said = SayPaid { id: tax.id, number: tax.number.unwrap(), paid_on: "01/03/2026".into(), place: "Bar".into() };
    anna.app().handle(said).unwrap();
    settle(&world, &anna).await;
    anna.app().handle(WithdrawCertificate { id: away }).unwrap();
    settle(&world, &anna).await;
    let file = shown(&anna, issued).file.unwrap();
    assert_eq!(row(&anna, stamped).state, CertificateState::StampDue);

    world.restore_town(copy).await;
    for _ in 0..2 {
        world.clock.turn(3600);
        assert!(anna.app().sync().await.unwrap().reached);
    }
    // What it had promised is asked for again.
    settle(&world, &anna).await;
    assert!(anna.outbox().waiting.is_empty() && anna.outbox().stuck.is_empty(), "{:?}", anna.outbox());
    let (_, all) = world.town.office("GET", "/certificates", None).await;
    let at_town = |id: CertificateId| all["items"].as_array().unwrap().iter().find(|one| one["id"] == id.to_string());
    assert_eq!(at_town(stamped).unwrap()["state"], "stamp_due");
    assert_eq!(at_town(taken_back).unwrap()["state"], "withdrawn");
    assert!(at_town(away).is_none(), "what was taken back need not come back to be taken back again");
    assert_eq!(row(&anna, stamped).state, CertificateState::StampDue);
    // A paper that was issued holds by its signature, whatever the town remembers.
    let check = anna.app().handle(CheckFile { bytes: anna.app().file(file.id).unwrap().1 }).unwrap();
    assert_eq!(check.verdict, Verdict::Genuine);
    assert!(at_town(issued).is_none());
    // What was said of the notice, and who was asked to sign.
    let (_, queue) = world.town.office("GET", "/declarations", None).await;
    assert_eq!(queue["items"].as_array().unwrap().len(), 1, "{queue}");
    let luca = world.signed_in("Luca").await;
    assert_eq!(luca.app().handle(ListSignatures {}).unwrap().rows.len(), 1);
}

/// A debt that the town no longer knows stays in sight and is paid nowhere, until the town tells of it again.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_town_no_longer_knows_is_not_paid() {
    let mut world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let copy = world.copy_town().await;
    let template = notice::find(world.town.town(), due(&anna, "Rifiuti").id).unwrap().unwrap().body;
    let id = NoticeId::from_uuid(world::made(0x70));
    let mut record = NoticeRecord { id: id.uuid(), title: "Suolo pubblico".into(), lines: Vec::new(), ..template };
    record.plans.truncate(1);
    record.plans[0].installments.truncate(1);
    record.plans[0].installments[0].number = NoticeNumber::issue(47, 7_000_001);
    let account = json!({ "iban": "IT60X0542811101000000123456", "category": "0101002IM" });
    let body = json!({ "debtor": "BRTNNA86E54X999E", "account": account, "notice": record });
    let issue = async |world: &World| world.town.office("PUT", &format!("/notices/{id}"), Some(body.clone())).await.0;
    assert_eq!(issue(&world).await, 200);
    world.settle(&anna).await;
    let row = due(&anna, "Suolo pubblico");
    let line = [PayLine { id, number: row.number.unwrap(), amount: row.amount }];
    let page = async || anna.app().open_payment(&line, IfMaybePaid::Pay, BACK.into()).await.map(|page| page.url);
    world.restore_town(copy).await;
    for _ in 0..2 {
        world.clock.turn(3600);
        assert!(anna.app().sync().await.unwrap().reached);
    }
    assert!(matches!(page().await, Err(PayingView::Refused(BadCart::Unpayable { .. }))));
    let seen = notice(&anna, id);
    assert!(seen.plans[0].installments.iter().all(|one| !one.payable), "it is in sight, and at no counter");
    assert_eq!(issue(&world).await, 200);
    world.settle(&anna).await;
    assert!(page().await.is_ok());
}
