//! Somebody else signs: asked without a network, read before it is signed, good for exactly what was read.

use serde_json::{Value, json};
use vicino_contract::ipc::{
    AnswerSignature, AskSignature, CommandHandler as _, DiscardCase, GetSignature, ListSignatures, RenewCase, SendCase,
    SignatureState, SignatureStatus, Whom,
};
use vicino_contract::{FailureCode, MessageKind};
use vicino_domain::form::FieldErrorKind;
use vicino_domain::{CaseId, CaseState, SignatureId};
use vicino_server::matters::case;
use world::{Device, Wire, World};

use crate::steps::cases::{case, chosen, put, service, text};
use crate::steps::signatures::{ask_luca, draft, moving};
use world::Caller;

fn status(device: &Device, id: CaseId) -> SignatureStatus {
    draft(device, id).co_signers[0].status.clone()
}

fn wanted(device: &Device) -> Vec<(SignatureId, SignatureState)> {
    device.app().handle(ListSignatures {}).unwrap().rows.into_iter().map(|row| (row.id, row.state)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn asked_read_signed_and_good_for_exactly_that() {
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let luca = world.signed_in("Luca").await;
    world.cable.set(Wire::Unplugged);
    let id = moving(&anna);
    let gaps = draft(&anna, id).gaps;
    assert_eq!(gaps.iter().map(|gap| &gap.lack).collect::<Vec<_>>(), [&FieldErrorKind::NotSigned("other".into())]);
    assert_eq!(anna.app().handle(SendCase { id }).unwrap_err().code, FailureCode::Invalid);
    // Children are not asked; Luca is, without a network.
    assert_eq!(draft(&anna, id).candidates.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Luca Moretti"]);
    ask_luca(&anna, id);
    assert_eq!(status(&anna, id), SignatureStatus::ToDeliver);
    assert_eq!(anna.outbox().waiting[0].title, "Cambio di residenza");
    world.cable.set(Wire::Whole);
    world.settle(&anna).await;
    assert_eq!(status(&anna, id), SignatureStatus::Waiting);
    world.settle(&luca).await;
    let (signature, state) = wanted(&luca)[0];
    assert_eq!(state, SignatureState::YourTurn);
    // He reads what he signs, with no network.
    world.cable.set(Wire::Unplugged);
    let view = luca.app().handle(GetSignature { id: signature }).unwrap();
    assert_eq!(
        (view.row.asker.as_str(), view.label.as_str()),
        ("Anna Berti", "L’altra persona maggiorenne che si trasferisce")
    );
    let lines: Vec<&str> = view.answers.iter().flat_map(|part| &part.lines).map(|line| line.answer.as_str()).collect();
    assert!(lines.contains(&"Via del Pozzo 12"), "{lines:?}");
    luca.app().handle(AnswerSignature { id: signature, signs: true, note: String::new() }).unwrap();
    assert_eq!(wanted(&luca)[0].1, SignatureState::ToDeliver);
    let again = luca.app().handle(AnswerSignature { id: signature, signs: false, note: String::new() });
    assert_eq!(again.unwrap_err().code, FailureCode::AlreadySent);
    world.cable.set(Wire::Whole);
    world.settle(&luca).await;
    assert_eq!(wanted(&luca)[0].1, SignatureState::Signed);
    world.settle(&anna).await;
    assert_eq!((status(&anna, id), draft(&anna, id).gaps.len()), (SignatureStatus::Signed, 0));
    // Another house is not what he signed; the old one again is.
    put(&anna, id, "home.address", text("Via Roma 1"));
    assert_eq!(status(&anna, id), SignatureStatus::Outdated);
    assert_eq!(draft(&anna, id).gaps[0].lack, FieldErrorKind::NotSigned("other".into()));
    ask_luca(&anna, id);
    world.settle(&anna).await;
    world.settle(&luca).await;
    let states: Vec<SignatureState> = wanted(&luca).into_iter().map(|(_, state)| state).collect();
    assert_eq!(states, [SignatureState::YourTurn, SignatureState::Withdrawn]);
    let second = wanted(&luca)[0].0;
    luca.app().handle(AnswerSignature { id: second, signs: false, note: "La via è sbagliata".into() }).unwrap();
    world.settle(&luca).await;
    world.settle(&anna).await;
    let signer = draft(&anna, id).co_signers.remove(0);
    assert_eq!((signer.status, signer.note.as_deref()), (SignatureStatus::Declined, Some("La via è sbagliata")));
    // Of what he did not sign he keeps nothing.
    for (signature, state) in wanted(&luca) {
        assert!(matches!(state, SignatureState::Declined | SignatureState::Withdrawn));
        assert!(luca.app().handle(GetSignature { id: signature }).unwrap().answers.is_empty());
    }
    put(&anna, id, "home.address", text("Via del Pozzo 14"));
    ask_luca(&anna, id);
    world.settle(&anna).await;
    world.settle(&luca).await;
    luca.app().handle(AnswerSignature { id: wanted(&luca)[0].0, signs: true, note: String::new() }).unwrap();
    world.settle(&luca).await;
    world.settle(&anna).await;
    anna.app().handle(SendCase { id }).unwrap();
    world.settle(&anna).await;
    assert_eq!(case(&anna, id).row.state, Some(CaseState::Submitted));
    assert!(anna.outbox().stuck.is_empty());
    // The office has the evidence beside the case.
    let (_, seen) = world.town.office("GET", &format!("/cases/{id}"), None).await;
    let evidence = &seen["signatures"][0];
    assert_eq!((&evidence["signer"], &evidence["person"]), (&json!("other"), &json!("Luca Moretti")));
    assert_eq!(evidence["digest"].as_str().unwrap().len(), 64);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_outside_the_household_by_tax_code_and_nobody_at_all() {
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let id = moving(&anna);
    let ask =
        |code: &str| anna.app().handle(AskSignature { id, signer: "other".into(), whom: Whom::TaxCode(code.into()) });
    assert_eq!(ask("HDDSMR79L70X999A").unwrap_err().code, FailureCode::NoSuchCode);
    // A sound code of nobody waits like everybody's: whether somebody is in the register is not told. It can be asked of somebody else.
    ask("RSSMRA85T10A562S").unwrap();
    world.settle(&anna).await;
    assert!(matches!(status(&anna, id), SignatureStatus::Waiting), "{:?}", status(&anna, id));
    ask("hdd smr 79l70 x999k").unwrap();
    world.settle(&anna).await;
    let person = |anna: &Device| draft(anna, id).co_signers[0].person.clone();
    assert_eq!(person(&anna).as_deref(), Some("HDDSMR79L70X999K"), "a code is no way to a name");
    let samira = world.signed_in("Samira").await;
    assert_eq!(wanted(&samira)[0].1, SignatureState::YourTurn);
    samira.app().handle(AnswerSignature { id: wanted(&samira)[0].0, signs: true, note: String::new() }).unwrap();
    world.settle(&samira).await;
    world.settle(&anna).await;
    assert_eq!(person(&anna).as_deref(), Some("Samira Haddad"));
    // When it is no longer needed, nobody is asked.
    put(&anna, id, "who.alone", chosen(&["alone"]));
    assert!(draft(&anna, id).co_signers.is_empty() && draft(&anna, id).gaps.is_empty());
}

/// A caller's own program, and what it may do with a signature that is asked of Luca.
#[tokio::test(flavor = "multi_thread")]
async fn only_whoever_is_asked_signs_and_the_town_looks_for_it() {
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let id = moving(&anna);
    ask_luca(&anna, id);
    world.settle(&anna).await;
    let luca = world.signed_in("Luca").await;
    let (signature, _) = wanted(&luca)[0];
    let (http, url) = (reqwest::Client::new(), world.town.url());
    let answer = |digest: &str| json!({ "digest": digest, "signs": true, "sent_at": "2026-03-12T07:41:00Z" });
    let wrong = answer(&"0".repeat(64));
    for (who, expected) in [("Anna", 404), ("Giulia", 404), ("Samira", 404), ("Luca", 422)] {
        let token = Caller::resident(&world, who).await.token.unwrap();
        let request = http.put(format!("{url}/v1/signatures/{signature}/answer")).bearer_auth(token).json(&wrong);
        assert_eq!(request.send().await.unwrap().status().as_u16(), expected, "{who}");
    }
    let nobody = http.put(format!("{url}/v1/signatures/{signature}/answer")).json(&wrong).send().await.unwrap();
    assert_eq!(nobody.status(), 401);
    // A program that sends without the signature is told of the very gap the device knows.
    let token = Caller::resident(&world, "Anna").await.token.unwrap();
    let moving = service(&anna, "Cambio di residenza");
    let body = json!({ "service": moving, "form_version": 1, "sent_at": "2026-03-12T07:41:00Z",
        "files": [{ "id": "0190b000-0000-7000-8000-0000000000e1", "sha256": "ab".repeat(32), "size": 5, "name": "c.pdf", "media": "application/pdf" }],
        "answers": { "who.name": { "text": "Anna Berti" }, "who.tax_code": { "text": "BRTNNA86E54X999E" }, "who.alone": { "chosen": ["together"] },
        "home.address": { "text": "Via del Pozzo 12" }, "home.cap": { "text": "52037" }, "home.from": { "text": "01/03/2026" },
        "home.title": { "chosen": ["owner"] }, "papers.identity": { "files": ["0190b000-0000-7000-8000-0000000000e1"] },
        "end.phone": { "text": "348 555 0101" }, "end.true": { "ticked": true } } });
    let sent = http.put(format!("{url}/v1/cases/{id}")).bearer_auth(token).json(&body).send().await.unwrap();
    let problem: Value = sent.json().await.unwrap();
    assert_eq!(problem["gaps"], json!([{ "at": null, "lack": { "not_signed": "other" } }]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_changed_is_asked_to_be_signed_only_as_it_is_now() {
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let id = moving(&anna);
    let mut pack = case::offered(world.town.town(), service(&anna, "Cambio di residenza").uuid()).unwrap();
    pack.form.version += 1;
    case::offer(world.town.town(), &pack).unwrap();
    ask_luca(&anna, id);
    world.settle(&anna).await;
    let SignatureStatus::Refused(reason) = status(&anna, id) else { panic!("{:?}", status(&anna, id)) };
    assert_eq!(reason.code.code(), "form_changed");
    let before = draft(&anna, id);
    assert_eq!(before.newer, Some(pack.form.version));
    let renewed = anna.app().handle(RenewCase { id }).unwrap();
    assert_eq!((renewed.version, renewed.newer), (pack.form.version, None));
    assert_eq!(renewed.summary, before.summary, "what was answered stays");
    ask_luca(&anna, id);
    world.settle(&anna).await;
    assert_eq!(status(&anna, id), SignatureStatus::Waiting);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_a_town_put_back_from_a_copy_lost_is_given_again() {
    let mut world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let luca = world.signed_in("Luca").await;
    let id = moving(&anna);
    ask_luca(&anna, id);
    world.settle(&anna).await;
    world.settle(&luca).await;
    let copy = world.town.copy();
    luca.app().handle(AnswerSignature { id: wanted(&luca)[0].0, signs: true, note: String::new() }).unwrap();
    world.settle(&luca).await;
    assert_eq!(wanted(&luca)[0].1, SignatureState::Signed);
    world.restore_town(copy).await;
    world.settle(&luca).await;
    world.settle(&luca).await;
    assert_eq!(wanted(&luca)[0].1, SignatureState::Signed, "told again by his device");
    world.settle(&anna).await;
    assert_eq!(status(&anna, id), SignatureStatus::Signed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_thrown_away_is_not_signed_any_more() {
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let luca = world.signed_in("Luca").await;
    let id = moving(&anna);
    ask_luca(&anna, id);
    world.settle(&anna).await;
    world.settle(&luca).await;
    assert_eq!(wanted(&luca)[0].1, SignatureState::YourTurn);
    world.cable.set(Wire::Unplugged);
    anna.app().handle(DiscardCase { id }).unwrap();
    assert_eq!(anna.outbox().waiting[0].kind, MessageKind::SignatureWithdrawal);
    assert_eq!(anna.outbox().waiting[0].title, "Cambio di residenza");
    world.cable.set(Wire::Whole);
    world.settle(&anna).await;
    // He answers before his device has read of it: it changes nothing, and nothing is stuck.
    luca.app().handle(AnswerSignature { id: wanted(&luca)[0].0, signs: true, note: String::new() }).unwrap();
    world.settle(&luca).await;
    assert_eq!(wanted(&luca)[0].1, SignatureState::Withdrawn);
    assert!(luca.outbox().stuck.is_empty() && anna.outbox().stuck.is_empty());
    // What never left is only taken out.
    world.cable.set(Wire::Unplugged);
    let second = moving(&anna);
    ask_luca(&anna, second);
    anna.app().handle(DiscardCase { id: second }).unwrap();
    assert!(anna.outbox().waiting.is_empty());
}
