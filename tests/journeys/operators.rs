//! Who works in the offices: each by their role, with the cases of their offices, and every reading written down.

use serde_json::{Value, json};
use vicino_contract::ipc::{CommandHandler as _, NewCase, SendCase};
use world::World;

use crate::steps::cases::{chosen, moves, put, sent, service, text};
use crate::steps::operators::named;

fn step(state: &str, version: i64) -> Value {
    json!({ "state": state, "version": version, "office": "Ufficio Servizi scolastici", "note": "Manca l’ISEE." })
}

#[tokio::test(flavor = "multi_thread")]
async fn every_role_by_every_deed() {
    let world = World::new().await;
    let device = world.signed_in("Anna").await;
    let reader = named(&world, "Rita Lettera", "reader", json!([])).await.1;
    let clerk = named(&world, "Carlo Banco", "clerk", json!([])).await.1;
    let registrar = named(&world, "Paola Protocollo", "registrar", json!([])).await.1;
    let manager = named(&world, "Marta Direttrice", "manager", json!([])).await.1;
    let everyone = [&reader, &clerk, &registrar, &manager];
    for (who, token) in everyone.iter().enumerate() {
        let id = sent(&device);
        world.settle(&device).await;
        let path = format!("/cases/{id}");
        let version = world.town.operator(token, "GET", &path, None).await.1["version"].as_i64().unwrap();
        let moves = format!("{path}/transitions");
        let message = json!({ "id": uuid::Uuid::from_u128(0x0190_a000 + who as u128), "office": "Ufficio Servizi scolastici", "text": "Buongiorno" });
        let operator = json!({ "name": "Nuova", "role": "manager" });
        let table: [(&str, &str, Option<Value>, [u16; 4]); 6] = [
            ("GET", "/cases", None, [200; 4]),
            ("POST", &moves, Some(step("registered", version)), [403, 403, 200, 200]),
            ("POST", &format!("{path}/messages"), Some(message), [403, 200, 200, 200]),
            ("GET", "/operators", None, [403, 403, 403, 200]),
            ("GET", "/audit", None, [403, 403, 403, 200]),
            ("POST", "/operators", Some(operator), [403, 403, 403, 201]),
        ];
        for (verb, path, body, expected) in table {
            let (status, seen) = world.town.operator(token, verb, path, body).await;
            assert_eq!(status, expected[who], "{who}: {verb} {path}: {seen}");
            assert!(status != 403 || seen["code"] == "role_too_small");
        }
        let now = world.town.office("GET", &path, None).await.1["version"].as_i64().unwrap();
        let (status, _) = world.town.operator(token, "POST", &moves, Some(step("pending", now))).await;
        assert_eq!(status, [403, 200, 200, 200][who], "taking in charge");
    }
    let (status, _) = world.town.operator("nonsense", "GET", "/cases", None).await;
    assert_eq!(status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_sees_its_own_cases_and_every_reading_is_written_down() {
    let world = World::new().await;
    let device = world.signed_in("Anna").await;
    let id = sent(&device);
    world.settle(&device).await;
    let (_, all) = world.town.office("GET", "/cases?state=submitted", None).await;
    let office = all["items"][0]["office"].clone();
    let (_, theirs) = world.town.office("GET", &format!("/cases?office={}", office.as_str().unwrap()), None).await;
    assert!(theirs["items"].as_array().unwrap().iter().all(|case| case["office"] == office));
    let (_, none) = world.town.office("GET", &format!("/cases?office={}", uuid::Uuid::from_u128(9)), None).await;
    assert!(none["items"].as_array().unwrap().is_empty());
    let (here, insider) = named(&world, "Ida Scuola", "clerk", json!([office])).await;
    let (there, outsider) = named(&world, "Ugo Tributi", "registrar", json!([uuid::Uuid::from_u128(9)])).await;
    let path = format!("/cases/{id}");
    assert_eq!(world.town.operator(&insider, "GET", &path, None).await.0, 200);
    assert_eq!(world.town.operator(&outsider, "GET", &path, None).await.0, 404);
    let (_, queue) = world.town.operator(&outsider, "GET", "/cases", None).await;
    assert!(queue["items"].as_array().unwrap().is_empty());
    let moves = format!("{path}/transitions");
    assert_eq!(world.town.operator(&outsider, "POST", &moves, Some(step("registered", 1))).await.0, 404);
    assert_eq!(world.town.operator(&insider, "POST", &moves, Some(step("pending", 1))).await.0, 200);
    // The papers of a case are seen by whom the case is.
    let bytes = b"%PDF-1.7\nmodulo".to_vec();
    let paper = world.town.bring("modulo.pdf", bytes.clone()).await;
    let message = json!({ "id": uuid::Uuid::from_u128(0x0190_a0ff), "office": "Ufficio Servizi scolastici", "text": "Ecco", "files": [paper] });
    let thread = format!("{path}/messages");
    let (status, _) = world.town.operator(&insider, "POST", &thread, Some(message.clone())).await;
    assert_eq!(status, 422, "what somebody else brought is not theirs to give");
    let door = format!("{}/office/v1/files", world.town.url());
    let brought = reqwest::Client::new().post(door).bearer_auth(&insider).body(bytes).send().await.unwrap();
    assert_eq!(brought.status().as_u16(), 200);
    assert_eq!(world.town.operator(&insider, "POST", &thread, Some(message)).await.0, 200);
    let file = format!("{}/v1/files/{}", world.town.url(), paper["sha256"].as_str().unwrap());
    for (token, expected) in [(&insider, 200), (&outsider, 404)] {
        let read = reqwest::Client::new().get(&file).bearer_auth(token).send().await.unwrap();
        assert_eq!(read.status().as_u16(), expected);
    }
    // Who looked and who moved stands in the audit; who was turned away read nothing, and is named too.
    let (_, audit) = world.town.office("GET", &format!("/audit?matter={id}"), None).await;
    let lines: Vec<(&str, &str)> = audit["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| (line["operator"].as_str().unwrap(), line["deed"].as_str().unwrap()))
        .collect();
    assert_eq!(
        lines,
        [
            (here.as_str(), "read"),
            (here.as_str(), "wrote"),
            (here.as_str(), "moved"),
            (there.as_str(), "refused"),
            (there.as_str(), "refused"),
            (here.as_str(), "read"),
            ("town", "read"),
            ("town", "read")
        ]
    );
    // Nothing of the matter itself is in it.
    assert!(!audit.to_string().contains("Giulia"));
    // Whoever leaves is not believed any more, and stays named.
    assert_eq!(world.town.office("DELETE", &format!("/operators/{here}"), None).await.0, 204);
    assert_eq!(world.town.operator(&insider, "GET", &path, None).await.0, 401);
    let (_, people) = world.town.office("GET", "/operators", None).await;
    let left = people["items"].as_array().unwrap().iter().find(|one| one["id"] == here.as_str()).unwrap();
    assert_eq!((left["name"].as_str(), left["ended"].as_bool()), (Some("Ida Scuola"), Some(true)));
    assert_eq!(world.town.office("DELETE", &format!("/operators/{}", uuid::Uuid::nil()), None).await.0, 404);
    assert!(left.get("token").is_none(), "a token is said once");
}

#[tokio::test(flavor = "multi_thread")]
async fn help_is_given_by_whoever_may_read_what_it_is_about_and_a_clerk_stops_the_clock() {
    let world = World::new().await;
    let device = world.signed_in("Anna").await;
    let id = sent(&device);
    let about = Some(id);
    let help = device.app().handle(NewCase { service: service(&device, "Assistenza"), about }).unwrap().id;
    put(&device, help, "help.text", text("Non capisco la lettera"));
    put(&device, help, "help.how", chosen(&["here"]));
    device.app().handle(SendCase { id: help }).unwrap();
    world.settle(&device).await;
    let (_, seen) = world.town.office("GET", &format!("/cases/{help}"), None).await;
    let helper = named(&world, "Ada Sportello", "reader", json!([seen["office"]])).await.1;
    assert_eq!(world.town.operator(&helper, "GET", &format!("/cases/{id}"), None).await.0, 200);
    let elsewhere = named(&world, "Ugo Tributi", "manager", json!([uuid::Uuid::from_u128(9)])).await.1;
    assert_eq!(world.town.operator(&elsewhere, "GET", &format!("/cases/{id}"), None).await.0, 404);
    // A manager of one office is not over everybody.
    for (verb, path) in [("GET", "/operators"), ("GET", "/audit")] {
        assert_eq!(world.town.operator(&elsewhere, verb, path, None).await.0, 403, "{path}");
    }
    // Only a number is the registrar's to give.
    let clerk = named(&world, "Carlo Banco", "clerk", json!([])).await.1;
    moves(&world, id, &[("registered", None)]).await;
    let (_, seen) = world.town.office("GET", &format!("/cases/{id}"), None).await;
    let mut stops = step("registered", seen["version"].as_i64().unwrap());
    stops["suspends"] = json!(true);
    assert_eq!(world.town.operator(&clerk, "POST", &format!("/cases/{id}/transitions"), Some(stops)).await.0, 200);
}

/// What the audit and a letter's foot show of an operator is one line that reads as it is written.
#[tokio::test(flavor = "multi_thread")]
async fn an_operators_name_is_one_line() {
    let world = World::new().await;
    named(&world, "Rita\r\nLettera\u{7}\u{202e}", "clerk", json!([])).await;
    let (_, seen) = world.town.office("GET", "/operators", None).await;
    let names: Vec<&str> = seen["items"].as_array().unwrap().iter().filter_map(|one| one["name"].as_str()).collect();
    assert!(names.contains(&"Rita Lettera"), "{names:?}");
    let nobody = json!({ "name": "\u{200b}\r\n", "role": "clerk", "offices": [] });
    assert_eq!(world.town.office("POST", "/operators", Some(nobody)).await.0, 422);
}
