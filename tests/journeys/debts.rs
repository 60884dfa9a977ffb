//! Debts at the office's desk: issued by whoever may, with pagoPA first; what residents say of them, proofs and all; taken back.

use std::sync::Arc;

use serde_json::{Value, json};
use vicino_contract::http::NoticeRecord;
use vicino_contract::ipc::{AddFile, Answers as _, FileTo, NoticeEvent, SayPaid};
use vicino_domain::{NoticeId, NoticeState, PositionState};
use vicino_server::pagopa::{Gpd, Positions as _};
use world::pagopa::{FalsePagoPa, KEY};
use world::{Device, World};

use crate::operators::named;
use crate::payments::{due, notice, payment};
use crate::signing_in::signed_in;

/// The tax of Anna's home as an office would send it, with the office that answers for it.
fn tax(world: &World, anna: &Device) -> (NoticeId, NoticeRecord) {
    let id = due(anna, "Rifiuti").id;
    (id, world.town.town().notice(id).unwrap().unwrap().body)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_resident_says_is_seen_by_its_office_alone_with_the_proof() {
    let world = World::new().await;
    let anna = signed_in(&world, "Anna").await;
    let (id, record) = tax(&world, &anna);
    let number = record.plans[0].installments[0].number;
    let (_, none) = world.town.office("GET", "/declarations", None).await;
    assert_eq!(none, json!({ "items": [] }));
    let bytes = b"%PDF-1.7\nscontrino".to_vec();
    anna.app().answer(AddFile { to: FileTo::Letter(id.into()), name: "scontrino.pdf".into(), bytes }).unwrap();
    let said = SayPaid { id, number, paid_on: "01/03/2026".into(), place: "Tabaccheria".into() };
    anna.app().answer(said).unwrap();
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
    // The office answers: shown beside the resident's word, never instead of it; and it waits no more.
    let contrary = |note: &str| Some(json!({ "number": number, "note": note }));
    let deed = format!("{path}/contradictions");
    for (token, body, expected) in [
        (&outsider, contrary("Non risulta."), 404),
        (&reader, contrary("Non risulta."), 403),
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
    let anna = signed_in(&world, "Anna").await;
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
