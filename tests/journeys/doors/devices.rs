//! A lost phone is shut out: by its owner from another device, by an office, or by the time that passes.

use serde_json::{Value, json};
use vicino_contract::FailureCode;
use vicino_contract::ipc::{
    CommandHandler as _, DevicesView, GetDevices, GetPeople, SignOut, SignOutThere, SigningOut,
};
use world::caller::{BACK, VERIFIER};
use world::{Caller, Device, Wire, World, made};

use crate::steps::sessions::{client, is_refused, until};

const ANNA: &str = "BRTNNA86E54X999E";

fn devices(device: &Device) -> DevicesView {
    device.app().handle(GetDevices {}).unwrap()
}

fn is_signed_in(device: &Device) -> bool {
    device.app().handle(GetPeople {}).unwrap().people.iter().any(|person| person.current && person.signed_in)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_phone_is_signed_out_from_another_device() {
    let world = World::new().await;
    let (lost, home) = (world.signed_in("Anna").await, world.signed_in("Anna").await);
    world.settle(&home).await;
    let view = devices(&home);
    assert_eq!(view.rows.iter().map(|row| row.here).collect::<Vec<_>>(), [true, false]);
    // Somebody else's list has neither.
    assert_eq!(devices(&world.signed_in("Luca").await).rows.len(), 1);
    let token = std::fs::read(lost.own_folder().join("sign-in.key")).unwrap();
    let running = tokio::spawn(home.app().clone().run());
    home.app().handle(SignOutThere { id: Some(view.rows[1].id) }).unwrap();
    assert_eq!(devices(&home).signing_out, SigningOut::Asking);
    until(|| devices(&home).rows.len() == 1, "the list is read again").await;
    assert_eq!(devices(&home).signing_out, SigningOut::None);
    running.abort();
    assert!(is_signed_in(&home));
    // Whoever has the phone, or a copy of its token, has nothing; what the owner wrote there waits for them.
    assert!(is_refused(&world, &client(&token), &token).await);
    lost.report("Scritta sul telefono perso", 0);
    let _ = lost.app().sync().await.unwrap();
    assert!(!is_signed_in(&lost));
    assert!(world.town.queue().await.is_empty());
    lost.app().sign_in_as("Anna").await.unwrap();
    world.settle(&lost).await;
    assert_eq!(world.town.queue().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_everywhere_ends_here_too_and_says_when_it_did_not() {
    let world = World::new().await;
    let (one, two) = (world.signed_in("Anna").await, world.signed_in("Anna").await);
    world.cable.set(Wire::Unplugged);
    let running = tokio::spawn(one.app().clone().run());
    one.app().handle(SignOutThere { id: None }).unwrap();
    until(|| matches!(devices(&one).signing_out, SigningOut::Failed { .. }), "it says that it was not done").await;
    world.cable.set(Wire::Whole);
    world.settle(&two).await;
    assert!(is_signed_in(&one) && is_signed_in(&two));
    one.app().handle(SignOutThere { id: None }).unwrap();
    until(|| !is_signed_in(&one), "here too").await;
    running.abort();
    let _ = two.app().sync().await.unwrap();
    assert!(!is_signed_in(&two));
}

/// Its pages are no answers: neither to a token that is to be renewed, nor to one that is to be forgotten.
#[tokio::test(flavor = "multi_thread")]
async fn a_hotel_renews_nothing_and_ends_nothing() {
    let world = World::new().await;
    let (mut one, two) = (world.signed_in("Anna").await, world.signed_in("Anna").await);
    // After a start nothing but the kept token is there: it is renewed first of all.
    one.restart();
    world.cable.set(Wire::CaptivePortal);
    let round = one.app().sync().await.unwrap();
    assert!(!round.reached && round.trouble == Some(FailureCode::NotATown), "{round:?}");
    assert!(is_signed_in(&one));
    one.app().handle(SignOut {}).unwrap();
    let _ = one.app().sync().await.unwrap();
    world.cable.set(Wire::Whole);
    world.settle(&two).await;
    assert_eq!(devices(&two).rows.len(), 2, "the town has not heard of it");
    assert!(one.app().sync().await.unwrap().reached);
    let _ = two.app().sync().await.unwrap();
    assert_eq!(devices(&two).rows.len(), 1, "it is said again where it is heard");
}

/// A call of somebody's, as any program could make it.
async fn asked(caller: &Caller, verb: &str, path: &str) -> (u16, Value) {
    let request = caller.http.request(verb.parse().unwrap(), format!("{}{path}", caller.url));
    let answer = request.bearer_auth(caller.token.clone().unwrap()).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_ends_or_sees_the_devices_of_somebody_else() {
    let world = World::new().await;
    let (anna, luca) = (Caller::resident(&world, "Anna").await, Caller::resident(&world, "Luca").await);
    let (_, hers) = asked(&anna, "GET", "/v1/devices").await;
    let id = hers["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(hers["here"], id.as_str());
    // The list names neither the device nor the session: nothing of it opens anything.
    assert!(!hers.to_string().contains(&anna.device.to_string()));
    assert_eq!(asked(&luca, "DELETE", &format!("/v1/devices/{id}")).await.0, 404);
    assert_eq!(asked(&luca, "DELETE", &format!("/v1/devices/{}", made(7))).await.0, 404);
    assert_eq!(asked(&Caller::device(&world).await, "GET", "/v1/devices").await.0, 403);
    assert_eq!(asked(&anna, "GET", "/v1/devices").await.1["items"].as_array().unwrap().len(), 1);
    // A child's devices are the child's and their parents' to know, nobody else's: the feed is the list.
    assert!(!luca.own().await.contains(&id));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_shuts_a_device_out_by_tax_code_and_it_is_written_down() {
    let world = World::new().await;
    let (lost, kept) = (Caller::resident(&world, "Anna").await, Caller::resident(&world, "Anna").await);
    let stream = lost.http.get(format!("{}/v1/events", lost.url)).bearer_auth(lost.token.clone().unwrap());
    let mut stream = stream.send().await.unwrap();
    let clerk = json!({ "name": "Sportello", "role": "clerk", "offices": [] });
    let clerk = world.town.office("POST", "/operators", Some(clerk)).await.1["token"].as_str().unwrap().to_owned();
    assert_eq!(world.town.operator(&clerk, "POST", "/devices", Some(json!({ "tax_code": ANNA }))).await.0, 403);
    let (status, list) = world.town.office("POST", "/devices", Some(json!({ "tax_code": ANNA }))).await;
    assert_eq!((status, list["items"].as_array().unwrap().len()), (200, 2));
    assert_eq!(world.town.office("POST", "/devices", Some(json!({ "tax_code": "RSSMRA80A01H501U" }))).await.0, 404);
    let (_, own) = asked(&lost, "GET", "/v1/devices").await;
    let end = json!({ "tax_code": ANNA, "id": own["here"] });
    let (status, left) = world.town.office("POST", "/devices/end", Some(end)).await;
    assert_eq!((status, left["items"].as_array().unwrap().len()), (200, 1));
    assert_eq!(asked(&lost, "GET", "/v1/devices").await.0, 401);
    assert_eq!(asked(&kept, "GET", "/v1/devices").await.0, 200);
    // Its stream ends, and it is not believed under its own name either.
    let ends = async { while let Ok(Some(_)) = stream.chunk().await {} };
    tokio::time::timeout(std::time::Duration::from_secs(20), ends).await.unwrap();
    let again = json!({ "id": lost.device, "secret": "x".repeat(43) });
    let answer = lost.http.post(format!("{}/v1/devices", lost.url)).json(&again).send().await.unwrap();
    assert_eq!(answer.status(), 403);
    assert_eq!(answer.json::<Value>().await.unwrap()["code"], "device_ended");
    let (_, audit) = world.town.office("GET", "/audit", None).await;
    assert!(audit.to_string().contains("shut_out") && !audit.to_string().contains(ANNA), "{audit}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_nobody_uses_is_over_after_ninety_days() {
    let mut world = World::new().await;
    let device = world.signed_in("Anna").await;
    // Used now and then, it stays.
    for _ in 0..3 {
        world.clock.turn(80 * 86_400);
        world.settle(&device).await;
        assert!(is_signed_in(&device));
    }
    world.clock.turn(91 * 86_400);
    let _ = device.app().sync().await.unwrap();
    assert!(!is_signed_in(&device));
    // And, once the town has swept, is on no list.
    world.restart_town().await;
    let other = world.signed_in("Anna").await;
    for _ in 0..50 {
        world.settle(&other).await;
        if devices(&other).rows.len() == 1 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("it is still listed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_devices_own_token_is_exchanged_and_its_introduction_is_remembered() {
    let world = World::new().await;
    let stranger = Caller::device(&world).await;
    let device = world.device().await;
    device.report("Buca", 0);
    world.settle(&device).await;
    world.clock.turn(31 * 86_400);
    assert_eq!(asked(&stranger, "GET", "/v1/changes?own=").await.0, 401);
    // The app introduces itself again, and is who it was.
    device.report("Lampione", 0);
    world.settle(&device).await;
    assert_eq!(world.town.queue().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_somebody_else_made_up_is_not_taken_over() {
    let world = World::new().await;
    let anna = Caller::resident(&world, "Anna").await;
    let body = json!({ "id": anna.device, "secret": "y".repeat(43), "name": "<b>Mio</b>\n", "kind": "toaster" });
    let answer = anna.http.post(format!("{}/v1/devices", anna.url)).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 422);
    let mine =
        json!({ "id": anna.device, "secret": "x".repeat(43), "name": "Telefono\u{202e}\ndi Anna", "kind": "toaster" });
    assert_eq!(anna.http.post(format!("{}/v1/devices", anna.url)).json(&mine).send().await.unwrap().status(), 201);
    let (_, list) = asked(&anna, "GET", "/v1/devices").await;
    let row = &list["items"][0];
    assert_eq!((row["name"].as_str().unwrap(), row["kind"].as_str().unwrap()), ("Telefono di Anna", ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_under_way_on_a_lost_device_comes_to_nothing() {
    let world = World::new().await;
    let lost = Caller::resident(&world, "Anna").await;
    // Somebody else has signed in on the same device, and a third sign-in is under way.
    let (code, other) = (lost.code("Luca").await, lost.code("Samira").await);
    let (status, luca) = lost.exchange(&code, VERIFIER, BACK).await;
    assert_eq!(status, 200, "{luca}");
    assert_eq!(world.town.office("POST", "/devices/end", Some(json!({ "tax_code": ANNA }))).await.0, 200);
    assert_eq!(lost.exchange(&other, VERIFIER, BACK).await.0, 400);
    let request = lost.http.get(format!("{}/v1/changes?own=", lost.url));
    assert_eq!(request.bearer_auth(luca["access_token"].as_str().unwrap()).send().await.unwrap().status(), 401);
    let page = lost.http.get(lost.page(&[])).send().await.unwrap();
    assert_ne!(page.status(), 200, "nobody signs in on it");
    // A manager of one office shuts nobody out.
    let office = json!({ "name": "Biblioteca", "role": "manager", "offices": [made(9)] });
    let library = world.town.office("POST", "/operators", Some(office)).await.1["token"].as_str().unwrap().to_owned();
    for path in ["/devices", "/devices/end"] {
        let asked = world.town.operator(&library, "POST", path, Some(json!({ "tax_code": ANNA }))).await;
        assert_eq!(asked.0, 403, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_is_found_again_begins_anew() {
    let world = World::new().await;
    let found = world.signed_in("Anna").await;
    assert_eq!(world.town.office("POST", "/devices/end", Some(json!({ "tax_code": ANNA }))).await.0, 200);
    let _ = found.app().sync().await.unwrap();
    assert!(!is_signed_in(&found));
    // The town refuses who it was; it becomes somebody else, and its owner signs in again.
    let mut signed = false;
    for _ in 0..3 {
        signed = found.app().sign_in_as("Anna").await.is_ok();
        if signed {
            break;
        }
    }
    assert!(signed && is_signed_in(&found));
    found.report("Dal telefono ritrovato", 0);
    world.settle(&found).await;
    assert_eq!(world.town.queue().await.len(), 1);
}
