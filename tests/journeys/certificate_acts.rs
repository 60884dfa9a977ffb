//! Certificates at the office's desk: the stamp of another paper, the seal kept elsewhere, the wish taken back.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use vicino_contract::FailureCode;
use vicino_contract::http::TownKey;
use vicino_contract::ipc::{CertificateState, CheckFile, CommandHandler as _, Verdict, WithdrawCertificate};
use vicino_contract::jws::{Kind, TownSigner};
use vicino_domain::certificate::{CertificateKind, StampDuty};
use vicino_domain::{CertificateId, PositionState};
use vicino_server::matters::notice;
use vicino_server::pagopa::{Gpd, Positions, Receipt, StampCame};
use vicino_server::payments::receipts;
use vicino_server::{Signer, Unsigned};
use world::caller::Caller;
use world::pagopa::{FalsePagoPa, KEY};
use world::{Wire, World};

use crate::steps::certificate_page::{file, page};
use crate::steps::certificates::{ask, exempt, moves, row, settle, shown};
use crate::steps::operators::named;
use crate::steps::payments::{due, notice, pay};

#[tokio::test(flavor = "multi_thread")]
async fn a_stamp_paid_for_another_paper_is_made_to_hold_by_the_registry_s_office_alone() {
    let world = World::new().await;
    let luca = world.signed_in("Luca").await;
    let id = ask(&luca, "Luca", &[CertificateKind::Residence], StampDuty::Due);
    settle(&world, &luca).await;
    let path = format!("/certificates/{id}/issue");
    assert_eq!(world.town.office("POST", &path, None).await.0, 409, "nothing is paid yet");
    let stamp = due(&luca, "Marca da bollo");
    // Paid while it is held; by the time it is not, the registry says something else.
    moves(&world, &luca, "Via Roma 14", true);
    settle(&world, &luca).await;
    pay(&luca, &[&stamp], "paid").await.unwrap();
    moves(&world, &luca, "Piazza Nuova 1", false);
    settle(&world, &luca).await;
    assert_eq!(row(&luca, id).state, CertificateState::Held);
    let registry = vicino_server::practice::identity().registry.unwrap();
    let clerk = named(&world, "Rosa Anagrafe", "clerk", json!([registry])).await.1;
    let reader = named(&world, "Rita Lettera", "reader", json!([registry])).await.1;
    let outsider = named(&world, "Ida Scuola", "registrar", json!([uuid::Uuid::from_u128(9)])).await.1;
    let (_, queue) = world.town.operator(&reader, "GET", "/certificates", None).await;
    assert_eq!(queue["items"][0]["id"], json!(id));
    assert!(queue["items"][0]["held"]["code"].as_str().unwrap().ends_with("stamp_of_another_paper"));
    assert_eq!(world.town.operator(&outsider, "GET", "/certificates", None).await.0, 404);
    for (token, expected) in [(&outsider, 404), (&reader, 403), (&clerk, 200), (&clerk, 409)] {
        assert_eq!(world.town.operator(token, "POST", &path, None).await.0, expected);
    }
    world.settle(&luca).await;
    let view = shown(&luca, id);
    assert_eq!(view.row.state, CertificateState::Issued);
    assert!(view.says[0].contains("Piazza Nuova 1"), "{:?}", view.says);
    let paper = luca.app().file(view.file.unwrap().id).unwrap().1;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("c.pdf");
    std::fs::write(&file, &paper).unwrap();
    let words = crate::steps::notices::told("pdftotext", &["-layout"], &file).replace('\n', " ");
    assert!(words.contains("ha fatto valere il bollo") && words.contains("Ufficio Anagrafe e stato civile"), "{words}");
    // Every deed has its line.
    let (_, audit) = world.town.office("GET", &format!("/audit?matter={id}"), None).await;
    // By the number on the paper, whatever became of it.
    let number = view.number.as_ref().unwrap().replace('/', "%2F");
    let (_, found) = world.town.operator(&clerk, "GET", &format!("/certificates?number={number}"), None).await;
    assert_eq!((found["items"][0]["id"].clone(), found["items"].as_array().unwrap().len()), (json!(id), 1));
    let (_, none) = world.town.operator(&clerk, "GET", "/certificates?number=nonsense", None).await;
    assert_eq!(none, json!({ "items": [] }));
    let deeds: Vec<&str> = audit["items"].as_array().unwrap().iter().map(|row| row["deed"].as_str().unwrap()).collect();
    assert!(deeds.contains(&"issued") && deeds.contains(&"read"), "{deeds:?}");
    // Taken back with a reason; twice, or without one, it is not.
    let back = format!("/certificates/{id}/revocation");
    let note = |text: &str| Some(json!({ "note": text }));
    for (token, body, expected) in [
        (&outsider, note("No."), 404),
        (&reader, note("No."), 403),
        (&clerk, note(" "), 422),
        (&clerk, note("Indirizzo sbagliato."), 200),
        (&clerk, note("Di nuovo."), 409),
    ] {
        assert_eq!(world.town.operator(token, "POST", &back, body).await.0, expected);
    }
    let (_, audit) = world.town.office("GET", &format!("/audit?matter={id}"), None).await;
    assert_eq!(audit["items"][0]["deed"], "revoked");
    let nobody = CertificateId::from_uuid(uuid::Uuid::from_u128(5));
    assert_eq!(world.town.office("GET", &format!("/certificates/{nobody}"), None).await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stamp_is_bought_from_pagopa_for_this_paper_and_its_number_stands_on_it() {
    let mut world = World::new().await;
    let luca = world.signed_in("Luca").await;
    let pagopa = FalsePagoPa::new().await;
    let gpd = Gpd::new(&pagopa.gpd(), KEY.into(), "77777777777".parse().unwrap()).unwrap();
    let positions: Arc<dyn Positions> = Arc::new(gpd);
    world.town.positions_at(positions.clone()).await;
    world.cable.plug(world.town.address());
    let id = ask(&luca, "Luca", &[CertificateKind::Residence], StampDuty::Due);
    settle(&world, &luca).await;
    let debt = row(&luca, id).notice.unwrap();
    // The position was made first, and buys a stamp: no account gets this money.
    let position = positions.find(&debt.to_string()).await.unwrap();
    let one = &position.payment_option[0].installments[0];
    assert_eq!((one.amount.0, one.transfer.len(), one.transfer[0].iban.as_ref()), (1600, 1, None));
    let asked = notice::find(world.town.town(), debt).unwrap().unwrap().body.stamp.unwrap();
    assert_eq!(one.transfer[0].stamp.as_ref().unwrap().hash_document, asked.document_hash);
    // A receipt with what is no stamp does not pass for one: the office is told, and makes it hold by hand.
    let town = world.town.town();
    let other = ask(&luca, "Giulia", &[CertificateKind::Residence], StampDuty::Due);
    settle(&world, &luca).await;
    let stamp = notice(&luca, row(&luca, other).notice.unwrap()).plans[0].installments[0].clone();
    let receipt = Receipt {
        id: String::from("RT-SBAGLIATA"),
        number: stamp.number,
        creditor: "77777777777".parse().unwrap(),
        amount: stamp.amount,
        fee: None,
        paid_at: world.clock.read(),
        psp: String::from("Banca di prova"),
        method: None,
        stamp: Some(StampCame::of("bnVsbGE=")),
    };
    assert!(notice::book(town, &receipt).unwrap());
    settle(&world, &luca).await;
    assert!(row(&luca, other).held.unwrap().code.ends_with("wrong_stamp"));
    assert_eq!(world.town.office("POST", &format!("/certificates/{other}/issue"), None).await.0, 200);
    // Paid at a counter; the receipt carries the stamp.
    assert!(pagopa.pay(&one.iuv));
    receipts::gather(world.town.town(), positions.as_ref()).await.unwrap();
    settle(&world, &luca).await;
    let bought = notice::find(world.town.town(), debt).unwrap().unwrap().body.stamp.unwrap().bought.unwrap();
    assert!(bought.iubd.starts_with("PROVA") && bought.xml.contains("<TipoBollo>01"));
    let view = shown(&luca, id);
    assert_eq!(view.row.state, CertificateState::Issued);
    assert!(said(&luca.app().file(view.file.unwrap().id).unwrap().1).contains(&bought.iubd));
}

/// What a paper says, by another program.
fn said(paper: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.pdf");
    std::fs::write(&path, paper).unwrap();
    crate::steps::notices::told("pdftotext", &["-layout"], &path).replace('\n', " ")
}

/// A seal kept elsewhere, that answers only the third time it is asked.
#[derive(Debug)]
struct Remote {
    key: TownSigner,
    /// The key it says it signs with.
    says: TownKey,
    asked: AtomicUsize,
}

impl Signer for Remote {
    fn sign(&self, payload: &[u8]) -> Result<String, Unsigned> {
        if self.asked.fetch_add(1, Ordering::Relaxed) < 2 {
            Err(Unsigned)
        } else {
            Ok(self.key.sign(Kind::Certificate, payload))
        }
    }

    fn seal(&self, payload: &[u8]) -> Result<String, Unsigned> {
        Ok(self.key.sign_detached(Kind::Seal, payload))
    }

    fn key(&self) -> TownKey {
        self.says.clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seal_kept_elsewhere_is_waited_for_trusted_by_the_town_s_word_and_loses_no_number() {
    let mut world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let remote = |seed, says| Remote {
        key: TownSigner::from_seed([seed; 32]),
        says: TownSigner::from_seed([says; 32]).public(),
        asked: AtomicUsize::new(0),
    };
    world.town.sealed_by(Arc::new(remote(3, 3))).await;
    world.cable.plug(world.town.address());
    let ids = [(); 2].map(|()| ask(&anna, "Anna", &[CertificateKind::Residence], exempt()));
    // It does not answer at first; whoever waits is told nothing wrong.
    for _ in 0..4 {
        settle(&world, &anna).await;
    }
    let mut numbers = ids.map(|id| shown(&anna, id).number.unwrap());
    numbers.sort();
    assert_eq!(numbers, ["2026/000001", "2026/000002"]);
    // The device joined before: by the town's own word it knows the new key, and so does whoever joins now.
    let paper = anna.app().file(shown(&anna, ids[0]).file.unwrap().id).unwrap().1;
    let bank = world.device().await;
    for device in [&anna, &bank] {
        let seen = device.app().handle(CheckFile { bytes: paper.clone() }).unwrap();
        assert_eq!((seen.verdict, seen.sealed), (Verdict::Genuine, Some(true)));
    }
    assert!(page(&world, file(paper.clone()), "it").await.1.contains("È autentico"));
    // It vouches for certificates and for nothing else; somebody else who signs what nobody could check issues none.
    assert_eq!(world.town.card().await["succession"], json!([]));
    world.town.sealed_by(Arc::new(remote(5, 6))).await;
    world.cable.plug(world.town.address());
    let wrong = ask(&anna, "Anna", &[CertificateKind::Residence], exempt());
    for _ in 0..4 {
        settle(&world, &anna).await;
    }
    assert_eq!(row(&anna, wrong).state, CertificateState::Asked);
    // Whoever sealed before is not forgotten: what they sealed is the town's still.
    assert!(page(&world, file(paper.clone()), "it").await.1.contains("È autentico"));
    let late = world.device().await;
    assert_eq!(late.app().handle(CheckFile { bytes: paper }).unwrap().verdict, Verdict::Genuine);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_for_twice_is_asked_for_no_more_and_nobody_pays_for_it() {
    let mut world = World::new().await;
    let luca = world.signed_in("Luca").await;
    let pagopa = FalsePagoPa::new().await;
    let positions: Arc<dyn Positions> =
        Arc::new(Gpd::new(&pagopa.gpd(), KEY.into(), "77777777777".parse().unwrap()).unwrap());
    world.town.positions_at(positions.clone()).await;
    world.cable.plug(world.town.address());
    let withdraw = |id| luca.app().handle(WithdrawCertificate { id });
    let residence = || ask(&luca, "Luca", &[CertificateKind::Residence], StampDuty::Due);
    // One that never left is gone, and nobody ever hears of it.
    world.cable.set(Wire::Unplugged);
    let never = residence();
    withdraw(never).unwrap();
    assert!(luca.outbox().waiting.is_empty());
    assert_eq!(withdraw(never).unwrap_err().code, FailureCode::NotFound);
    world.cable.set(Wire::Whole);
    // Two whose stamps are asked for: one is asked for no more, and its stamp is not to be paid, at pagoPA either.
    let (kept, twice) = (residence(), residence());
    settle(&world, &luca).await;
    let debts = [kept, twice].map(|id| row(&luca, id).notice.unwrap());
    assert!(debts[0] != debts[1]);
    world.cable.set(Wire::Unplugged);
    withdraw(twice).unwrap();
    assert!(shown(&luca, twice).withdrawing);
    assert_eq!(withdraw(twice).unwrap_err().code, FailureCode::AlreadySent, "it is wished for already");
    world.cable.set(Wire::Whole);
    settle(&world, &luca).await;
    settle(&world, &luca).await;
    assert_eq!(row(&luca, twice).state, CertificateState::Withdrawn);
    let status = positions.find(&debts[1].to_string()).await.unwrap().status;
    assert_eq!(status, Some(PositionState::Unpayable));
    assert!(notice(&luca, debts[1]).plans[0].installments.iter().all(|one| !one.payable));
    assert_eq!(row(&luca, kept).state, CertificateState::StampDue, "the other waits as before");
    // Paid before the town hears of the wish: it is issued all the same.
    let one = positions.find(&debts[0].to_string()).await.unwrap().payment_option[0].installments[0].iuv.clone();
    assert!(pagopa.pay(&one));
    receipts::gather(world.town.town(), positions.as_ref()).await.unwrap();
    withdraw(kept).unwrap();
    settle(&world, &luca).await;
    settle(&world, &luca).await;
    assert_eq!(row(&luca, kept).state, CertificateState::Issued);
    assert_eq!(withdraw(kept).unwrap_err().code, FailureCode::AlreadySent);
    // On its way while it was wished for no more, and its receipt late: nobody has paid for nothing.
    let late = notice::find(world.town.town(), debts[1]).unwrap().unwrap().body;
    let receipt = Receipt {
        id: String::from("RT-TARDI"),
        number: late.plans[0].installments[0].number,
        creditor: late.creditor.tax_code,
        amount: late.plans[0].installments[0].amount,
        fee: None,
        paid_at: world.clock.read(),
        psp: String::from("Banca di prova"),
        method: None,
        stamp: None,
    };
    assert!(notice::book(world.town.town(), &receipt).unwrap());
    settle(&world, &luca).await;
    settle(&world, &luca).await;
    assert_eq!(row(&luca, twice).state, CertificateState::Issued);
    // A stranger's is nobody's to take back.
    let anna = world.signed_in("Anna").await;
    let hers = ask(&anna, "Anna", &[CertificateKind::Residence], StampDuty::Due);
    settle(&world, &anna).await;
    let path = format!("/v1/certificates/{hers}/withdrawal");
    let body = json!({ "sent_at": "2026-03-12T07:41:00Z" });
    let samira = Caller::resident(&world, "Samira").await;
    assert_eq!(samira.call("PUT", &path, Some(&body)).await, 404);
    settle(&world, &anna).await;
    assert_eq!(row(&anna, hers).state, CertificateState::StampDue);
}
