//! Debts at the office's desk: issued by whoever may, with pagoPA first; what residents say of them, proofs and all; taken back.

use std::sync::Arc;

use serde_json::{Value, json};
use vicino_contract::http::NoticeRecord;
use vicino_contract::ipc::{AddFile, CommandHandler as _, FileTo, NoticeEvent, PayingView, SayPaid};
use vicino_domain::{BadCart, NoticeId, NoticeState, PositionState};
use vicino_server::matters::notice;
use vicino_server::pagopa::{Gpd, Positions as _};
use world::pagopa::{FalsePagoPa, KEY};
use world::{Device, World};

use crate::steps::operators::named;
use crate::steps::payments::{due, list, notice, payment};

/// The tax of Anna's home as an office would send it, with the office that answers for it.
fn tax(world: &World, anna: &Device) -> (NoticeId, NoticeRecord) {
    let id = due(anna, "Rifiuti").id;
    (id, notice::find(world.town.town(), id).unwrap().unwrap().body)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_resident_says_is_seen_by_its_office_alone_with_the_proof() {
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let (id, record) = tax(&world, &anna);
    let number = record.plans[0].installments[0].number;
    let (_, none) = world.town.office("GET", "/declarations", None).await;
    assert_eq!(none, json!({ "items": [] }));
    let bytes = b"%PDF-1.7\nscontrino".to_vec();
    anna.app().handle(AddFile { to: FileTo::Letter(id.into()), name: "scontrino.pdf".into(), bytes }).unwrap();
    let said = SayPaid { id, number, paid_on: "01/03/2026".into(), place: "Tabaccheria".into() };
    anna.app().handle(said).unwrap();
    world.settle(&anna).await;
    let insider = named(&world, "Tea Tributi", "clerk", json!([record.office])).await.1;
    let reader = named(&world, "Rita Lettera", "reader", json!([record.office])).await.1;
    let outsider = named(&world, "Ida Scuola", "registrar", json!([uuid::Uuid::from_u128(9)])).await.1;
    let (_, queue) = world.town.operator(&insider, "GET", "/declarations", None).await;
    assert_eq!(queue["items"][0]["id"], json!(id));
    assert_eq!(world.town.operator(&outsider, "GET", "/declarations", None).await.1, json!({ "items": [] }));
    let path = format!("/notices/{id}");
    assert_eq!(world.town.operator(&outsider, "GET", &path, None).await.0, 404);
    let (_, seen) = world.town.operator(&reader, "GET", &path, None).await;
    let proof = seen["files"][0]["sha256"].as_str().unwrap().to_owned();
    assert_eq!(seen["files"][0]["arrived"], json!(true));
    for (token, expected) in [(&reader, 200), (&outsider, 404)] {
        let file = reqwest::Client::new().get(format!("{}/v1/files/{proof}", world.town.url())).bearer_auth(token);
        assert_eq!(file.send().await.unwrap().status().as_u16(), expected, "a proof is its office's to read");
    }
    // Somebody who only opens a page takes nothing off the office's desk.
    let line = vicino_contract::ipc::PayLine { id, number, amount: record.plans[0].installments[0].amount };
    anna.app().open_payment(&[line], vicino_core::IfMaybePaid::Pay, crate::steps::payments::BACK.into()).await.unwrap();
    let (_, queue) = world.town.operator(&insider, "GET", "/declarations", None).await;
    assert_eq!(queue["items"][0]["id"], json!(id));
    // The office answers: shown beside the resident's word, never instead of it; and it waits no more.
    let contrary = |note: &str| Some(json!({ "number": number, "note": note }));
    let deed = format!("{path}/contradictions");
    for (token, body, expected) in [
        (&outsider, contrary("Non risulta."), 404),
        (&reader, contrary("Non risulta."), 403),
        (&insider, Some(json!({ "number": record.plans[0].installments[1].number, "note": "Non risulta." })), 409),
        (&insider, contrary("  "), 422),
        (&insider, Some(json!({ "number": "347200000000000000", "note": "Non risulta." })), 404),
        (&insider, contrary("Non risulta."), 200),
        (&insider, contrary("Non risulta."), 200),
    ] {
        let (status, answer) = world.town.operator(token, "POST", &deed, body).await;
        assert_eq!(status, expected, "{answer}");
    }
    assert_eq!(world.town.operator(&insider, "GET", "/declarations", None).await.1, json!({ "items": [] }));
    world.settle(&anna).await;
    let shown = payment(&anna, id, number);
    assert_eq!((shown.state, shown.contrary), (NoticeState::OnItsWay, true));
    let row = list(&anna).on_its_way.into_iter().find(|row| row.number == Some(number)).unwrap();
    assert!(row.contrary, "nobody is told only to wait");
    let days = anna.app().handle(vicino_contract::ipc::ListDeadlines {}).unwrap();
    let days = serde_json::to_string(&days).unwrap();
    assert!(days.contains(&id.to_string()), "its day still counts");
    let contrary = notice(&anna, id).story.into_iter().filter(|event| event.what == NoticeEvent::NotPaid).count();
    assert_eq!(contrary, 1, "the same word twice is one");
    let (_, audit) = world.town.office("GET", &format!("/audit?matter={id}"), None).await;
    assert!(audit["items"].as_array().unwrap().iter().any(|line| line["deed"] == "wrote"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_issues_changes_and_takes_back_with_pagopa_first() {
    let pagopa = FalsePagoPa::new().await;
    let mut world = World::new().await;
    let gpd = || Gpd::new(&pagopa.gpd(), KEY.into(), "77777777777".parse().unwrap()).unwrap();
    world.town.positions_at(Arc::new(gpd())).await;
    world.cable.plug(world.town.address());
    let anna = world.signed_in("Anna").await;
    let (_, template) = tax(&world, &anna);
    let new = NoticeId::from_uuid(uuid::Uuid::from_u128(0x0190_d0e5));
    let path = format!("/notices/{new}");
    let body = |amount: i64| -> Value {
        let mut record = NoticeRecord { title: "Suolo pubblico".into(), lines: Vec::new(), ..template.clone() };
        record.plans.truncate(1);
        record.plans[0].installments.truncate(1);
        record.plans[0].installments[0].number = vicino_domain::pagopa::NoticeNumber::issue(47, 7_000_001);
        record.plans[0].installments[0].amount = vicino_domain::Cents(amount);
        let account = json!({ "iban": "IT60X0542811101000000123456", "category": "0101002IM" });
        json!({ "debtor": "BRTNNA86E54X999E", "account": account, "notice": record })
    };
    let office = async |method: &str, path: &str, body: Value| world.town.office(method, path, Some(body)).await;
    let clerk = named(&world, "Tea Tributi", "clerk", json!([template.office])).await.1;
    let reader = named(&world, "Rita Lettera", "reader", json!([])).await.1;
    let outsider = named(&world, "Ida Scuola", "registrar", json!([uuid::Uuid::from_u128(9)])).await.1;
    assert_eq!(world.town.operator(&reader, "PUT", &path, Some(body(4000))).await.0, 403);
    assert_eq!(world.town.operator(&outsider, "PUT", &path, Some(body(4000))).await.0, 404);
    for (wrong, value) in [("debtor", json!("XXXXXX00X00X000X")), ("account", json!(null))] {
        let mut torn = body(4000);
        torn[wrong] = value;
        assert_eq!(office("PUT", &path, torn).await.0, 422, "{wrong}");
    }
    assert_eq!(pagopa.asked(), 0, "what is refused here is not asked there");
    let (status, seen) = world.town.operator(&clerk, "PUT", &path, Some(body(4000))).await;
    assert_eq!((status, seen["history"].as_array().unwrap().len()), (200, 1), "{seen}");
    let (_, again) = world.town.operator(&clerk, "PUT", &path, Some(body(4000))).await;
    assert_eq!(again, seen, "the same again changes nothing");
    world.settle(&anna).await;
    assert_eq!(due(&anna, "Suolo pubblico").amount.0, 4000);
    let (_, changed) = office("PUT", &path, body(3500)).await;
    assert_eq!(changed["history"][1]["what"], json!("changed"));
    let position = gpd().find(&new.to_string()).await.unwrap();
    assert_eq!(position.payment_option[0].installments[0].amount.0, 3500);
    // A paper that comes with it is on the resident's device, once.
    let paper = world.town.bring("delibera.pdf", b"%PDF-1.7\ndelibera".to_vec()).await;
    // One that nobody brought is refused before pagoPA is told of what changes with it.
    let mut never = body(3600);
    never["files"] = json!([{ "sha256": "ab".repeat(32), "name": "mai.pdf" }]);
    assert_eq!(office("PUT", &path, never).await.0, 422);
    let position = gpd().find(&new.to_string()).await.unwrap();
    assert_eq!(position.payment_option[0].installments[0].amount.0, 3500);
    let mut with = body(3500);
    with["files"] = json!([paper]);
    for _ in 0..2 {
        let (status, seen) = office("PUT", &path, with.clone()).await;
        assert_eq!((status, seen["files"].as_array().unwrap().len()), (200, 1), "{seen}");
    }
    world.settle(&anna).await;
    let file = notice(&anna, new).files.remove(0);
    assert_eq!((file.name.as_str(), file.here), ("delibera.pdf", true));
    // Another office does not write over it, nor take it back.
    let mut moved = body(1);
    moved["notice"]["office"] = json!(uuid::Uuid::from_u128(9));
    assert_eq!(world.town.operator(&outsider, "PUT", &path, Some(moved)).await.0, 404);
    let back = format!("{path}/withdrawal");
    let why = json!({ "note": "Annullato: era doppio." });
    assert_eq!(world.town.operator(&outsider, "POST", &back, Some(why.clone())).await.0, 404);
    assert_eq!(world.town.operator(&clerk, "POST", &back, Some(json!({ "note": "" }))).await.0, 422);
    assert_eq!(world.town.operator(&clerk, "POST", &back, Some(why.clone())).await.0, 200);
    assert_eq!(world.town.operator(&clerk, "POST", &back, Some(why)).await.0, 409, "it is so already");
    assert_eq!(gpd().find(&new.to_string()).await.unwrap().status, Some(PositionState::Unpayable));
    world.settle(&anna).await;
    assert!(notice(&anna, new).plans[0].installments.iter().all(|one| !one.payable));
    // pagoPA is away: nothing is asked of a resident that cannot be paid.
    let other = format!("/notices/{}", uuid::Uuid::from_u128(0x0190_d0e6));
    world
        .town
        .positions_at(Arc::new(Gpd::new("http://127.0.0.1:9/gpd", KEY.into(), "77777777777".parse().unwrap()).unwrap()))
        .await;
    let mut third = body(100);
    third["notice"]["plans"][0]["installments"][0]["number"] =
        json!(vicino_domain::pagopa::NoticeNumber::issue(47, 7_000_002));
    assert_eq!(world.town.office("PUT", &other, Some(third)).await.0, 503);
    assert_eq!(world.town.office("GET", &other, None).await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_paid_is_not_changed_and_what_waits_for_its_day_is_listed() {
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let (id, record) = tax(&world, &anna);
    let (town, path) = (world.town.town(), format!("/notices/{id}"));
    let owner = notice::find(town, id).unwrap().unwrap().owner.unwrap();
    // A debt of which every way begins later: in the list, with its day, and not to be paid before.
    let mut later =
        NoticeRecord { id: uuid::Uuid::from_u128(0x0190_d0e8), title: "Suolo pubblico".into(), ..record.clone() };
    let opens = world.clock.read().date_naive() + chrono::Duration::days(10);
    later.plans.truncate(1);
    later.plans[0].from = Some(opens);
    for (n, one) in later.plans[0].installments.iter_mut().enumerate() {
        one.number = vicino_domain::pagopa::NoticeNumber::issue(47, 7_100_000 + n as u64);
    }
    notice::issue_to(town, owner, later.clone()).unwrap();
    world.settle(&anna).await;
    let row = due(&anna, "Suolo pubblico");
    assert_eq!((row.opens_on, row.closed), (Some(opens), false));
    let pay = |row: &vicino_contract::ipc::NoticeRow| [crate::steps::payments::line(row)];
    let refused = anna
        .app()
        .open_payment(&pay(&row), vicino_core::IfMaybePaid::Ask, crate::steps::payments::BACK.into())
        .await
        .err()
        .unwrap();
    assert!(matches!(refused, PayingView::Refused(BadCart::NotYet { .. })), "{refused:?}");
    // Nobody writes anything, and its day comes.
    world.clock.turn(11 * 86_400);
    world.settle(&anna).await;
    let row = due(&anna, "Suolo pubblico");
    assert_eq!(row.opens_on, None);
    assert!(
        anna.app()
            .open_payment(&pay(&row), vicino_core::IfMaybePaid::Ask, crate::steps::payments::BACK.into())
            .await
            .is_ok()
    );
    // What somebody has paid is not asked for in another way.
    crate::steps::payments::pay(&anna, &[&due(&anna, "Rifiuti")], "paid").await.unwrap();
    world.settle(&anna).await;
    let mut other = record.clone();
    other.lines = Vec::new();
    other.plans.truncate(1);
    other.plans[0].installments.truncate(1);
    other.plans[0].installments[0].number = vicino_domain::pagopa::NoticeNumber::issue(47, 7_200_000);
    let body = |notice: &NoticeRecord| Some(json!({ "debtor": "BRTNNA86E54X999E", "notice": notice }));
    assert_eq!(world.town.office("PUT", &path, body(&other)).await.0, 409);
    for unclear in
        [NoticeRecord { title: " ".into(), ..record.clone() }, NoticeRecord { good_for_hours: 0, ..record.clone() }]
    {
        assert_eq!(world.town.office("PUT", &path, body(&unclear)).await.0, 422);
    }
    let mut wrong = record.clone();
    wrong.lines[0].amount = vicino_domain::Cents(1);
    assert_eq!(world.town.office("PUT", &path, body(&wrong)).await.0, 422, "a bill that explains nothing");
    let same = NoticeRecord { title: "Rifiuti (TARI), casa".into(), ..record.clone() };
    let (status, seen) = world.town.office("PUT", &path, body(&same)).await;
    assert_eq!(
        (status, seen["plans"][0]["installments"][0]["state"].as_str()),
        (200, Some("PAID")),
        "a title may be mended"
    );
    // What is paid by F24 alone can be taken back too.
    let samira = world.signed_in("Samira").await;
    let f24 = list(&samira).information.into_iter().next().unwrap();
    let back = format!("/notices/{}/withdrawal", f24.id);
    let why = || Some(json!({ "note": "Era sbagliato." }));
    assert_eq!(world.town.office("POST", &back, why()).await.0, 200);
    assert_eq!(world.town.office("POST", &back, why()).await.0, 409);
    world.settle(&samira).await;
    let left = list(&samira);
    assert!(left.information.iter().all(|row| row.id != f24.id) && left.closed.iter().any(|row| row.id == f24.id));
    assert!(notice(&samira, f24.id).f24.is_empty(), "nobody copies it into a form");
}
