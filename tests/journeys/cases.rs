//! A case from its first letter to its end: drafted offline, checked, sent, followed, answered, refused and corrected.

use crate::steps::cases::{canteen, case, chosen, moves, put, sent, service, text, transition};
use serde_json::{Value, json};
use vicino_contract::FailureCode;
use vicino_contract::ipc::{
    CommandHandler as _, CorrectCase, Delivery, DiscardCase, Find, GetCase, GetCaseDraft, GoToSection, ListCases,
    NewCase, RemoveRepeat, SendCase, WithdrawCase, WriteToCase,
};
use vicino_domain::form::{FieldErrorKind, Kind};
use vicino_domain::{CaseState, ReportState, Turn};
use vicino_server::matters::case;
use world::{Wire, World};

#[tokio::test(flavor = "multi_thread")]
async fn written_and_checked_without_a_network_and_there_again_after_a_restart() {
    let world = World::new().await;
    let mut device = world.signed_in("Anna").await;
    world.cable.set(Wire::Unplugged);
    let draft = device.app().handle(NewCase { service: service(&device, "mensa"), about: None }).unwrap();
    let id = draft.id;
    assert!(draft.signed_in && draft.days == Some(30) && draft.newer.is_none());
    let missing: Vec<String> = draft.gaps.iter().filter_map(|gap| gap.at.as_ref()).map(ToString::to_string).collect();
    assert!(missing.contains(&"child.name".into()) && missing.contains(&"end.true".into()), "{missing:?}");
    assert!(draft.sections.iter().flat_map(|part| part.repeats.iter().flatten()).all(|field| field.lack.is_none()));
    assert_eq!(device.app().handle(SendCase { id }).unwrap_err().code, FailureCode::Invalid);
    // What is typed wrong is said beside it, and kept as typed.
    put(&device, id, "child.tax_code", text("MRTGLI14P61X999X"));
    put(&device, id, "child.from", text("31/02/2026"));
    put(&device, id, "child.name", text("Pinco Pallino"));
    put(&device, id, "meals.diet", chosen(&["health"]));
    put(&device, id, "pickup.name", text("Nonna Teresa"));
    put(&device, id, "pickup.1.name", text("Zio Piero"));
    device.app().handle(GoToSection { id, section: 2 }).unwrap();
    device.restart();
    let draft = device.app().handle(GetCaseDraft { id }).unwrap();
    assert_eq!(draft.section, 2);
    let field = |path: &str| {
        let all = draft.sections.iter().flat_map(|part| part.repeats.iter().flatten());
        all.into_iter().find(|field| field.path.to_string() == path).unwrap().clone()
    };
    assert!(matches!(field("child.tax_code").lack, Some(FieldErrorKind::Code(_))));
    assert_eq!(field("child.from").lack, Some(FieldErrorKind::NoSuchDay));
    assert_eq!(field("child.from").answer, Some(text("31/02/2026")));
    assert_eq!(field("child.name").lack, Some(FieldErrorKind::NotOfTheHousehold));
    assert!(field("meals.diet_words").required, "asked because of the diet");
    assert_eq!(field("pickup.1.name").answer, Some(text("Zio Piero")));
    device.app().handle(RemoveRepeat { id, section: "pickup".into(), index: 0 }).unwrap();
    let draft = device.app().handle(GetCaseDraft { id }).unwrap();
    let pickup = draft.sections.iter().find(|part| part.id == "pickup").unwrap();
    assert_eq!((pickup.repeats.len(), pickup.repeats[0][0].answer.clone()), (1, Some(text("Zio Piero"))));
    let list = device.app().handle(ListCases { offset: 0, limit: 50 }).unwrap();
    assert_eq!((list.drafts.len(), list.drafts[0].title.as_str()), (1, "Iscrizione alla mensa scolastica"));
    assert_eq!(list.drafts[0].whom.as_deref(), Some("Pinco Pallino"), "two children may both go to the canteen");
    device.app().handle(DiscardCase { id }).unwrap();
    assert!(device.app().handle(ListCases { offset: 0, limit: 50 }).unwrap().drafts.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_kitchen_table_to_the_outcome() {
    let world = World::new().await;
    let device = world.signed_in("Anna").await;
    world.cable.set(Wire::Unplugged);
    let id = sent(&device);
    assert_eq!(case(&device, id).row.delivery, Delivery::Waiting);
    world.cable.set(Wire::Whole);
    world.settle(&device).await;
    let view = case(&device, id);
    assert_eq!(view.row.state, Some(CaseState::Submitted));
    assert!(matches!(&view.row.delivery, Delivery::Delivered { number, .. } if number.starts_with("2026/")));
    assert!(view.office.unwrap().name.contains("scolastici"));
    let school = view.answers[0].lines.iter().find(|line| line.question == "Scuola").unwrap();
    assert_eq!(school.answer, "Primaria dei Tigli");
    // Two clerks: the second is told.
    let (_, seen) = world.town.office("GET", &format!("/cases/{id}"), None).await;
    moves(&world, id, &[("registered", None), ("pending", None)]).await;
    let late = json!({ "state": "pending", "version": seen["version"], "office": "Altro" });
    let (status, problem) = world.town.office("POST", &format!("/cases/{id}/transitions"), Some(late)).await;
    assert_eq!((status, problem["code"].as_str()), (409, Some("stale")));
    let (status, _) = transition(&world, id, json!({ "state": "submitted" })).await;
    assert_eq!(status, 422, "never back to the beginning");
    let (status, _) = transition(&world, id, json!({ "state": "awaiting_integration" })).await;
    assert_eq!(status, 409, "not from here");
    let (status, _) = transition(&world, id, json!({ "state": "integration_asked" })).await;
    assert_eq!(status, 422, "whoever asks says what for");
    // Ten days later the office asks for more; the clock stands still until the resident answers.
    world.clock.turn(10 * 86_400);
    moves(
        &world,
        id,
        &[("integration_asked", Some("Manca l’ISEE.")), ("awaiting_integration", Some("Scrivici il numero."))],
    )
    .await;
    world.clock.turn(6 * 86_400);
    world.settle(&device).await;
    let clock = case(&device, id).row.clock.unwrap();
    assert_eq!((clock.turn, clock.used, clock.stopped, clock.stands_still), (Turn::Resident, 10, 6, true));
    world.cable.set(Wire::Unplugged);
    let text = String::from("INPS-ISEE-2026-0001");
    device.app().handle(WriteToCase { id, text, integration: true }).unwrap();
    assert!(!case(&device, id).messages[0].delivered);
    world.cable.set(Wire::Whole);
    world.settle(&device).await;
    let view = case(&device, id);
    assert_eq!(view.row.state, Some(CaseState::Integrated));
    assert!(view.messages[0].delivered && view.row.clock.unwrap().turn == Turn::Office);
    moves(&world, id, &[("pending_again", None)]).await;
    let message = json!({ "id": "0190a000-0000-7000-8000-00000000000a", "office": "Ufficio Servizi scolastici", "text": "Grazie, tutto a posto." });
    assert_eq!(world.town.office("POST", &format!("/cases/{id}/messages"), Some(message)).await.0, 200);
    moves(&world, id, &[("accepted", Some("Iscritta."))]).await;
    world.settle(&device).await;
    let view = case(&device, id);
    assert_eq!((view.row.state, view.messages.len(), view.steps.len()), (Some(CaseState::Accepted), 2, 8));
    assert!(view.protocol.unwrap().0.ends_with("/2026") && !view.may_withdraw);
    let found = |text: &str| !device.app().handle(Find { text: text.into(), only: None }).unwrap().groups.is_empty();
    assert!(found("INPS-ISEE-2026") && found("a posto"));
    // Nobody else reads of it; the other parent's device does not either, for it is Anna's.
    let samira = world.signed_in("Samira").await;
    assert!(samira.app().handle(GetCase { id }).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_by_a_rule_the_device_did_not_know_and_corrected() {
    let world = World::new().await;
    let device = world.signed_in("Anna").await;
    let town = world.town.town().clone();
    world.cable.set(Wire::Unplugged);
    let id = sent(&device);
    // Meanwhile the town asks for more: the mail address is required, and there is a newer form.
    let mut pack = case::offered(&town, service(&device, "mensa").uuid()).unwrap();
    pack.form.version = 2;
    let end = pack.form.sections.iter_mut().find(|section| section.id == "end").unwrap();
    end.fields.iter_mut().find(|field| field.kind == Kind::Email).unwrap().required = true;
    case::offer(&town, &pack).unwrap();
    world.cable.set(Wire::Whole);
    world.clock.turn(3600);
    device.app().sync().await.unwrap();
    let Delivery::Stuck { reason } = case(&device, id).row.delivery else { panic!("it is refused") };
    assert_eq!(
        (reason.code.code(), reason.gaps[0].at.as_ref().unwrap().to_string()),
        ("invalid".into(), "end.email".into())
    );
    assert!(reason.detail.unwrap().contains("versione 2"));
    device.app().sync().await.unwrap();
    let draft = device.app().handle(CorrectCase { id }).unwrap();
    assert_eq!((draft.version, draft.gaps.len()), (2, 1));
    put(&device, id, "end.email", text("anna.berti@example.it"));
    device.app().handle(SendCase { id }).unwrap();
    world.settle(&device).await;
    assert_eq!(case(&device, id).row.state, Some(CaseState::Submitted));
    let (_, queue) = world.town.office("GET", "/cases?state=submitted", None).await;
    assert_eq!(queue["items"].as_array().unwrap().len(), 1, "exactly once");
}

#[tokio::test(flavor = "multi_thread")]
async fn taken_back_here_or_there_and_a_form_that_is_not_the_towns_is_not_drawn() {
    let world = World::new().await;
    let device = world.signed_in("Anna").await;
    world.cable.set(Wire::Unplugged);
    let here = sent(&device);
    device.app().handle(WithdrawCase { id: here }).unwrap();
    assert!(device.app().handle(GetCase { id: here }).is_err(), "it never left");
    world.cable.set(Wire::Whole);
    let there = sent(&device);
    world.settle(&device).await;
    device.app().handle(WithdrawCase { id: there }).unwrap();
    world.settle(&device).await;
    assert_eq!(case(&device, there).row.state, Some(CaseState::Withdrawn));
    // A service whose form somebody else signed, and one that is closed.
    let id = service(&device, "mensa");
    let (_, stranger) = (id, World::new().await);
    let word = case::offered(stranger.town.town(), id.uuid()).unwrap();
    let url = format!("{}/v1/changes?limit=1000&public=", world.town.url());
    let page: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    let items = page["public"]["items"].as_array().unwrap();
    let mut record = items.iter().find(|item| item["id"] == id.to_string()).unwrap()["body"].clone();
    assert_eq!(word.service, id.uuid());
    let signed = record["pack"].as_str().unwrap().to_owned();
    record["pack"] = json!(signed.replace('.', ".A"));
    world.town.town().register.publish("services", id.uuid(), &record).unwrap();
    world.settle(&device).await;
    assert_eq!(device.app().handle(NewCase { service: id, about: None }).unwrap_err().code, FailureCode::FormUnusable);
    // The same form beside a sheet that says something else: another cost, another office.
    record["pack"] = json!(signed);
    let sheet = record.clone();
    record["costs"] = json!("Il servizio costa 500 euro.");
    world.town.town().register.publish("services", id.uuid(), &record).unwrap();
    world.settle(&device).await;
    assert_eq!(device.app().handle(NewCase { service: id, about: None }).unwrap_err().code, FailureCode::FormUnusable);
    record = sheet;
    record["active"] = json!(false);
    world.town.town().register.publish("services", id.uuid(), &record).unwrap();
    world.settle(&device).await;
    assert_eq!(device.app().handle(NewCase { service: id, about: None }).unwrap_err().code, FailureCode::ServiceClosed);
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_are_the_towns_also_after_it_changed_its_key() {
    let mut world = World::new().await;
    let before = world.signed_in("Anna").await;
    world.town.stop().await;
    vicino_server::rotate(world.town.folder()).unwrap();
    world.town.start().await;
    world.cable.plug(world.town.address());
    // Whoever joins today knows the new key alone; whoever joined before follows the chain by itself.
    let newcomer = world.signed_in("Luca").await;
    for device in [&before, &newcomer] {
        world.settle(device).await;
        let id = sent(device);
        world.settle(device).await;
        assert_eq!(case(device, id).row.state, Some(CaseState::Submitted));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_town_applies_the_very_rules_of_the_device() {
    let world = World::new().await;
    let mensa = service(&world.signed_in("Anna").await, "mensa");
    let caller = world::Caller::resident(&world, "Anna").await;
    // What no device of ours would send: somebody who is not of the household, and a writer beyond the last.
    let body = json!({ "service": mensa, "form_version": 1, "sent_at": "2026-03-12T07:41:00Z", "answers": {
        "child.name": { "text": "Pinco Pallino" }, "child.tax_code": { "text": "MRTGLI14P61X999Y" },
        "child.school": { "chosen": ["primaria_tigli"] }, "child.from": { "text": "30/03/2026" },
        "meals.days": { "chosen": ["mon"] }, "meals.diet": { "chosen": ["none"] }, "pickup.65535.name": { "text": "x" },
        "end.phone": { "text": "348 555 0101" }, "end.true": { "ticked": true } } });
    let url = format!("{}/v1/cases/0190b000-0000-7000-8000-000000000001", world.town.url());
    let request = reqwest::Client::new().put(url).bearer_auth(caller.token.clone().unwrap()).json(&body);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 422);
    let problem: Value = answer.json().await.unwrap();
    let lacks: Vec<&Value> = problem["gaps"].as_array().unwrap().iter().map(|gap| &gap["lack"]).collect();
    assert!(lacks.contains(&&json!("not_of_the_household")) && lacks.contains(&&json!({ "too_many": 3 })), "{lacks:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_withdrawn_while_the_draft_waited_and_a_window_that_closed() {
    let world = World::new().await;
    let device = world.signed_in("Anna").await;
    let town = world.town.town().clone();
    let mensa = service(&device, "mensa");
    let (kept, queued) = (canteen(&device), canteen(&device));
    // One leaves before this device hears of it: the town says why, and it comes back whole.
    world.cable.set(Wire::Unplugged);
    device.app().handle(SendCase { id: queued }).unwrap();
    let url = format!("{}/v1/changes?limit=1000&public=", world.town.url());
    let page: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    let items = page["public"]["items"].as_array().unwrap();
    let record = items.iter().find(|item| item["id"] == mensa.to_string()).unwrap()["body"].clone();
    let mut closed = record.clone();
    (closed["active"], closed["inactive_note"]) = (json!(false), json!("Le iscrizioni riaprono a settembre."));
    town.register.publish("services", mensa.uuid(), &closed).unwrap();
    world.cable.set(Wire::Whole);
    world.clock.turn(3600);
    device.app().sync().await.unwrap();
    let Delivery::Stuck { reason } = case(&device, queued).row.delivery else { panic!("the town refuses it") };
    assert_eq!(reason.code.code(), "service_closed");
    let draft = device.app().handle(CorrectCase { id: queued }).unwrap();
    assert_eq!(draft.gaps.iter().map(|gap| &gap.lack).collect::<Vec<_>>(), [&FieldErrorKind::ServiceClosed]);
    assert_eq!(draft.summary[0].lines[0].answer, "Giulia Moretti", "whole, as it was written");
    // The other is not even sent: it is known here.
    let draft = device.app().handle(GetCaseDraft { id: kept }).unwrap();
    assert_eq!(draft.gaps.iter().map(|gap| &gap.lack).collect::<Vec<_>>(), [&FieldErrorKind::ServiceClosed]);
    assert_eq!(device.app().handle(SendCase { id: kept }).unwrap_err().code, FailureCode::Invalid);
    // Open again, it goes as if nothing had been.
    town.register.publish("services", mensa.uuid(), &record).unwrap();
    world.settle(&device).await;
    device.app().handle(SendCase { id: kept }).unwrap();
    world.settle(&device).await;
    assert_eq!(case(&device, kept).row.state, Some(CaseState::Submitted));
    // A window that closes while a case waits for a network: this device knows the day, and so does the town.
    let mut pack = case::offered(&town, mensa.uuid()).unwrap();
    pack.form.closes_on = Some("2026-03-13".parse().unwrap());
    case::offer(&town, &pack).unwrap();
    world.settle(&device).await;
    let late = canteen(&device);
    world.cable.set(Wire::Unplugged);
    device.app().handle(SendCase { id: late }).unwrap();
    world.clock.turn(3 * 86_400);
    world.cable.set(Wire::Whole);
    device.app().sync().await.unwrap();
    let Delivery::Stuck { reason } = case(&device, late).row.delivery else { panic!("the town refuses it") };
    assert!(matches!(reason.gaps[0].lack, FieldErrorKind::Closed(_)), "{reason:?}");
    let draft = device.app().handle(CorrectCase { id: late }).unwrap();
    assert!(matches!(draft.gaps[0].lack, FieldErrorKind::Closed(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_practice_office_brings_a_case_and_a_report_to_their_end_by_itself() {
    let world = World::new().await;
    let device = world.signed_in("Anna").await;
    let (id, report) = (sent(&device), device.report("Buca in via Roma", 0));
    world.settle(&device).await;
    let office = tokio::spawn(vicino_server::practice::work(
        world.town.town().clone(),
        vicino_server::practice::Pace(chrono::Duration::seconds(1)),
    ));
    let done = async {
        while case(&device, id).row.state != Some(CaseState::Accepted)
            || device.view(report).row.state != Some(ReportState::Resolved)
        {
            world.clock.turn(60);
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            world.settle(&device).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(50), done).await.expect("the office never stops on the way");
    office.abort();
    assert_eq!(case(&device, id).steps.last().unwrap().files[0].name, "esito.pdf");
}
