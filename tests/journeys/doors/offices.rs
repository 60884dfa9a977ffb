//! Whoever works for the town sees what is theirs, speaks as who they are, and is remembered.

use serde_json::{Value, json};
use uuid::Uuid;
use vicino_contract::ipc::{CommandHandler as _, GetReport, SendMessage, WithdrawReport};
use world::{Caller, World, made};

/// The practice town's office of this name.
async fn office(world: &World, name: &str) -> Value {
    let url = format!("{}/v1/changes?limit=1000&public=", world.town.url());
    let page: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    let items = page["public"]["items"].as_array().unwrap();
    items.iter().find(|item| item["body"]["name"] == name).unwrap()["id"].clone()
}

/// An operator's token.
async fn operator(world: &World, role: &str, offices: &[Value], circles: Value) -> String {
    let body = json!({ "name": "Operatore", "role": role, "offices": offices, "circles": circles });
    let (status, named) = world.town.office("POST", "/operators", Some(body)).await;
    assert_eq!(status, 201, "{named}");
    named["token"].as_str().unwrap().to_owned()
}

/// A report of a device nobody has signed in on.
async fn report(caller: &Caller, n: u128, category: &str, private: bool) -> Uuid {
    let id = made(n);
    let body = json!({ "category": category, "title": "Segnalazione", "details": "Dettagli", "private": private,
        "place": { "source": "words", "note": "qui" }, "sent_at": "2026-03-12T07:41:00Z", "photos": [] });
    assert_eq!(caller.call("PUT", &format!("/v1/reports/{id}"), Some(&body)).await, 201);
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_sees_the_reports_of_their_offices_and_circles_and_no_others() {
    let world = World::new().await;
    let caller = Caller::device(&world).await;
    let (road, waste) = (report(&caller, 1, "roads", false).await, report(&caller, 2, "waste", false).await);
    let (private, whistle) = (report(&caller, 3, "roads", true).await, report(&caller, 4, "safety", false).await);
    let (works, police) = (office(&world, "Ufficio Lavori pubblici").await, office(&world, "Polizia locale").await);
    let every = [road, waste, private, whistle];
    let all = json!(["private", "whistleblowing"]);
    for (offices, circles, seen) in [
        (vec![works.clone()], json!([]), vec![road]),
        (vec![works.clone()], json!(["private"]), vec![road, private]),
        (vec![works.clone()], all.clone(), vec![road, private]),
        (vec![police.clone()], json!(["private"]), vec![]),
        (vec![police.clone()], json!(["whistleblowing"]), vec![whistle]),
        (vec![], json!([]), vec![road, waste]),
        (vec![], all.clone(), every.to_vec()),
    ] {
        let token = operator(&world, "clerk", &offices, circles.clone()).await;
        let (_, queue) = world.town.operator(&token, "GET", "/reports", None).await;
        let listed = |id: &Uuid| queue["items"].as_array().unwrap().iter().any(|item| item["id"] == json!(id));
        for id in every {
            let what = format!("{id} with {offices:?} and {circles}");
            assert_eq!(listed(&id), seen.contains(&id), "{what}");
            let (status, record) = world.town.operator(&token, "GET", &format!("/reports/{id}"), None).await;
            assert_eq!(status == 200, seen.contains(&id), "{what}: {status}");
            if seen.contains(&id) {
                continue;
            }
            let step =
                json!({ "state": "in_charge", "version": record["version"].as_i64().unwrap_or(1), "office": "x" });
            let message = json!({ "id": made(9), "office": "x", "text": "x" });
            for (path, body) in [("transitions", step), ("messages", message)] {
                let path = format!("/reports/{id}/{path}");
                assert_eq!(world.town.operator(&token, "POST", &path, Some(body)).await.0, 404, "{what}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn photos_of_a_report_are_seen_by_those_who_see_it() {
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let id = anna.report("Con foto", 1);
    world.settle(&anna).await;
    let (_, record) = world.town.office("GET", &format!("/reports/{id}"), None).await;
    let digest = record["arrived"][0]["sha256"].as_str().unwrap();
    let read = async |token: &str| {
        let request = reqwest::Client::new().get(format!("{}/v1/files/{digest}", world.town.url()));
        request.bearer_auth(token).send().await.unwrap().status().as_u16()
    };
    let (theirs, other) = (office(&world, "Ufficio Lavori pubblici").await, office(&world, "Ufficio Tributi").await);
    assert_eq!(read(&operator(&world, "reader", &[theirs], json!([])).await).await, 200, "{record}");
    assert_eq!(read(&operator(&world, "reader", &[other], json!([])).await).await, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_speaks_as_an_office_they_do_not_work_in_or_gives_what_they_may_not_see() {
    let world = World::new().await;
    let caller = Caller::device(&world).await;
    let id = report(&caller, 1, "roads", false).await;
    let works = office(&world, "Ufficio Lavori pubblici").await;
    let token = operator(&world, "clerk", std::slice::from_ref(&works), json!([])).await;
    let (path, names) =
        (format!("/reports/{id}"), ["Polizia locale", "Polizia locale - Il Comandante", "", "Comune di Pietrachiara"]);
    for name in names {
        let message = json!({ "id": made(77), "office": name, "text": "Ciao" });
        assert_eq!(
            world.town.operator(&token, "POST", &format!("{path}/messages"), Some(message)).await.0,
            403,
            "{name}"
        );
        let step = json!({ "state": "in_charge", "version": 1, "office": name });
        assert_eq!(
            world.town.operator(&token, "POST", &format!("{path}/transitions"), Some(step)).await.0,
            403,
            "{name}"
        );
    }
    let message = json!({ "id": made(77), "office": "Ufficio Lavori pubblici", "text": "Ciao" });
    assert_eq!(world.town.operator(&token, "POST", &format!("{path}/messages"), Some(message)).await.0, 200);
    // A manager without a circle makes nobody who is in it.
    let manager = operator(&world, "manager", &[], json!([])).await;
    let body = json!({ "name": "Altro", "role": "manager", "offices": [], "circles": ["whistleblowing"] });
    assert_eq!(world.town.operator(&manager, "POST", "/operators", Some(body)).await.0, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_sign_ins_and_readings_are_in_the_audit_page_by_page() {
    let world = World::new().await;
    let caller = Caller::device(&world).await;
    let hidden = report(&caller, 1, "safety", false).await;
    let reader = operator(&world, "reader", &[], json!([])).await;
    assert_eq!(world.town.operator(&reader, "GET", &format!("/reports/{hidden}"), None).await.0, 404);
    assert_eq!(world.town.operator(&reader, "GET", "/audit", None).await.0, 403);
    let anna = Caller::resident(&world, "Anna").await;
    assert_eq!(anna.form("/oauth/revoke", &[("token", anna.refresh.as_deref().unwrap())]).await.status(), 200);
    world.town.office("GET", "/operators", None).await;
    world.town.office("GET", "/audit", None).await;
    let (_, audit) = world.town.office("GET", "/audit", None).await;
    let lines = audit["items"].as_array().unwrap();
    let count = |deed: &str| lines.iter().filter(|line| line["deed"] == deed).count();
    assert_eq!(
        ["refused", "signed_in", "signed_out", "read_audit", "read_operators"].map(count),
        [2, 1, 1, 1, 1],
        "{audit}"
    );
    let (_, about) = world.town.office("GET", &format!("/audit?matter={hidden}"), None).await;
    assert_eq!(about["items"][0]["deed"], "refused");
    // A page ends where the next begins.
    let middle = lines[2]["n"].as_i64().unwrap();
    let (_, page) = world.town.office("GET", &format!("/audit?before={middle}"), None).await;
    assert_eq!(page["items"][0]["n"], lines[3]["n"]);
    assert_eq!(page["next"], Value::Null, "fewer than a page holds");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_told_who_of_a_household_wrote_and_took_back() {
    let world = World::new().await;
    let (anna, luca) = (world.signed_in("Anna").await, world.signed_in("Giulia").await);
    let id = luca.report("Della figlia", 0);
    world.settle(&luca).await;
    world.settle(&anna).await;
    anna.app().handle(SendMessage { report: id, text: "Scrive la madre".into() }).unwrap();
    world.settle(&anna).await;
    anna.app().handle(WithdrawReport { id }).unwrap();
    world.settle(&anna).await;
    world.settle(&luca).await;
    let view = luca.app().handle(GetReport { id }).unwrap();
    assert_eq!(view.messages[0].by.as_ref().unwrap().name, "Anna Berti");
    let last = view.history.last().unwrap();
    assert_eq!(last.by.as_ref().unwrap().name, "Anna Berti");
    let (_, office) = world.town.office("GET", &format!("/reports/{id}"), None).await;
    assert_eq!(office["messages"][0]["by"]["name"], "Anna Berti");
}
