//! Nobody is somebody else: ids a device may choose, whose things are whose, what a household's wishes are to each other.

use serde_json::{Value, json};
use uuid::Uuid;
use vicino_contract::http::ResidentRecord;
use vicino_server::access::residents;
use world::{Caller, World, made};

/// Introduces a device under an id: the status, and its token if it got one.
async fn introduced(world: &World, id: Uuid) -> (u16, Option<String>) {
    let nobody = Caller::nobody(world).await;
    let body = json!({ "id": id, "secret": "x".repeat(43) });
    let reply = nobody.http.post(format!("{}/v1/devices", nobody.url)).json(&body).send().await.unwrap();
    let status = reply.status().as_u16();
    (status, reply.json::<Value>().await.unwrap()["token"].as_str().map(str::to_owned))
}

async fn own_items(caller: &Caller) -> Vec<Value> {
    let url = format!("{}/v1/changes?limit=1000&own=", caller.url);
    let page = caller.http.get(url).bearer_auth(caller.token.clone().unwrap()).send().await.unwrap();
    page.json::<Value>().await.unwrap()["own"]["items"].as_array().unwrap().clone()
}

fn ids_of(items: &[Value], collection: &str) -> Vec<Uuid> {
    let of = items.iter().filter(|item| item["collection"] == collection);
    of.map(|item| item["id"].as_str().unwrap().parse().unwrap()).collect()
}

fn report(title: &str) -> Value {
    json!({ "category": "roads", "title": title, "details": "Profonda", "place": { "source": "words", "note": "qui" },
        "sent_at": "2026-03-12T07:41:00Z", "photos": [] })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_introduces_itself_as_anybody_is_refused() {
    let world = World::new().await;
    let anna = Caller::resident(&world, "Anna").await;
    let items = own_items(&anna).await;
    // A parent, the children and the other parent: all of whose ids a child or a spouse reads in their own record.
    let mut somebody = ids_of(&items, "residents");
    for item in items.iter().filter(|item| item["collection"] == "residents") {
        let household = item["body"]["household"].as_array().unwrap();
        somebody.extend(household.iter().map(|member| member["id"].as_str().unwrap().parse::<Uuid>().unwrap()));
    }
    // Every other space of ids that somebody may read: their matters, the town's own things, an operator.
    somebody.extend(["notices", "cases", "holdings", "payments"].iter().flat_map(|of| ids_of(&items, of)));
    let public: Value =
        reqwest::get(format!("{}/v1/changes?limit=1000&public=", anna.url)).await.unwrap().json().await.unwrap();
    let public = public["public"]["items"].as_array().unwrap().clone();
    somebody.extend(
        ["services", "offices", "bulletins", "public_reports", "streets"]
            .iter()
            .flat_map(|of| ids_of(&public, of).into_iter().take(2)),
    );
    let operator = json!({ "name": "Ida Conti", "role": "clerk", "offices": [] });
    let (_, named) = world.town.office("POST", "/operators", Some(operator)).await;
    somebody.push(named["id"].as_str().unwrap().parse().unwrap());
    // A register may give its people ids of any version: theirs are nobody else's all the same.
    let samira = own_items(&Caller::resident(&world, "Samira").await).await;
    let samira = samira.iter().find(|item| item["collection"] == "residents").unwrap();
    let mut samira: ResidentRecord = serde_json::from_value(samira["body"].clone()).unwrap();
    samira.id = made(0x5a);
    residents::register(world.town.town(), &samira).unwrap();
    somebody.push(samira.id);
    assert!(somebody.len() > 15, "{}", somebody.len());
    for id in somebody {
        let (status, token) = introduced(&world, id).await;
        assert!([400, 422].contains(&status) && token.is_none(), "{id}: {status}");
    }
    assert_eq!(introduced(&world, made(0x5b)).await.0, 201);
    assert_eq!(introduced(&world, made(0x5b)).await.0, 201, "the same device again");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_a_device_chooses_is_a_uuid_v7_and_nobodys() {
    let world = World::new().await;
    let anna = Caller::resident(&world, "Anna").await;
    let sent = json!({ "text": "Salve", "sent_at": "2026-03-12T07:41:00Z" });
    let mine = made(0x71);
    assert_eq!(anna.call("PUT", &format!("/v1/reports/{mine}"), Some(&report("Buca"))).await, 201);
    let public: Value =
        reqwest::get(format!("{}/v1/changes?limit=1000&public=", anna.url)).await.unwrap().json().await.unwrap();
    let published = ids_of(public["public"]["items"].as_array().unwrap(), "public_reports")[0];
    for (id, expected) in [
        (Uuid::from_u128(9), 400),
        (Uuid::nil(), 400),
        (Uuid::max(), 400),
        ("0190a0a0-0000-4000-8000-000000000001".parse().unwrap(), 400),
        (published, 400),
        (anna.device, 422),
        (mine, 200),
    ] {
        assert_eq!(anna.call("PUT", &format!("/v1/reports/{id}"), Some(&report("Buca"))).await, expected, "{id}");
    }
    let messages = format!("/v1/reports/{mine}/messages");
    assert_eq!(anna.call("PUT", &format!("{messages}/{}", Uuid::from_u128(9)), Some(&sent)).await, 400);
    assert_eq!(anna.call("PUT", &format!("{messages}/{mine}"), Some(&sent)).await, 422, "a report's id for a message");
    assert_eq!(anna.call("PUT", &format!("{messages}/{}", made(0x72)), Some(&sent)).await, 201);
    let mut photographed = report("Lampione");
    photographed["photos"] = json!([{ "id": Uuid::from_u128(3), "sha256": "ab".repeat(32), "size": 5 }]);
    assert_eq!(anna.call("PUT", &format!("/v1/reports/{}", made(0x73)), Some(&photographed)).await, 400);
}

/// What the town published, imported or was founded with has no acknowledgement: nobody takes its place.
#[tokio::test(flavor = "multi_thread")]
async fn what_has_no_acknowledgement_is_not_overwritten_by_a_stranger() {
    let world = World::new().await;
    let (samira, device) = (Caller::resident(&world, "Samira").await, Caller::device(&world).await);
    let town = world.town.town();
    let id = made(0x14);
    let public = json!({ "id": id, "category": "roads", "title": "Frana", "details": "", "place": { "source": "words", "note": "qui" },
        "state": "in_charge", "received_at": "2026-03-12T07:41:00Z" });
    town.register.publish("public_reports", id, &public).unwrap();
    let path = format!("/v1/reports/{id}");
    for caller in [&samira, &device] {
        assert_eq!(caller.call("PUT", &path, Some(&report("Frana"))).await, 422);
    }
    let page: Value =
        reqwest::get(format!("{}/v1/changes?limit=1000&public=", samira.url)).await.unwrap().json().await.unwrap();
    let items = page["public"]["items"].as_array().unwrap();
    assert!(items.iter().any(|item| item["id"] == json!(id) && item["deleted"] != json!(true)), "it is still there");

    // A case of Giulia's that the town has from elsewhere.
    let giulia = Caller::resident(&world, "Giulia").await;
    let seeded = ids_of(&own_items(&giulia).await, "cases");
    let library = ids_of_service(&world, "biblioteca").await;
    let case = json!({ "service": library, "form_version": 1, "sent_at": "2026-03-12T07:41:00Z", "answers": {} });
    for id in seeded {
        let status = samira.call("PUT", &format!("/v1/cases/{id}"), Some(&case)).await;
        assert!([400, 422].contains(&status), "{status}");
        assert!(giulia.own().await.contains(&id.to_string()));
    }
}

async fn ids_of_service(world: &World, title: &str) -> Uuid {
    let page: Value = reqwest::get(format!("{}/v1/changes?limit=1000&public=", world.town.url()))
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let items = page["public"]["items"].as_array().unwrap();
    let named = |item: &&Value| {
        item["collection"] == "services" && item["body"]["title"].as_str().is_some_and(|text| text.contains(title))
    };
    items.iter().find(named).unwrap()["id"].as_str().unwrap().parse().unwrap()
}

/// What one parent took back is the same yes for the other and for the child, each signed for the bytes they sent.
#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawal_by_one_of_a_household_is_a_yes_to_all_of_it() {
    let world = World::new().await;
    let (giulia, anna, luca) = (
        Caller::resident(&world, "Giulia").await,
        Caller::resident(&world, "Anna").await,
        Caller::resident(&world, "Luca").await,
    );
    let samira = Caller::resident(&world, "Samira").await;
    let path = format!("/v1/reports/{}", made(0x29));
    assert_eq!(giulia.call("PUT", &path, Some(&report("Buca"))).await, 201);
    let withdrawal = format!("{path}/withdrawal");
    let at = |minute: u8| json!({ "sent_at": format!("2026-03-12T07:{minute:02}:00Z") });
    assert_eq!(anna.call("PUT", &withdrawal, Some(&at(1))).await, 201);
    assert_eq!(luca.call("PUT", &withdrawal, Some(&at(2))).await, 200);
    assert_eq!(giulia.call("PUT", &withdrawal, Some(&at(3))).await, 200);
    assert_eq!(anna.call("PUT", &withdrawal, Some(&at(1))).await, 200);
    assert_eq!(samira.call("PUT", &withdrawal, Some(&at(4))).await, 404);
    // A yes a device can believe: signed, for the bytes it sent.
    let request = giulia.http.put(format!("{}{withdrawal}", giulia.url)).bearer_auth(giulia.token.clone().unwrap());
    let reply: Value = request.json(&at(3)).send().await.unwrap().json().await.unwrap();
    let keys = [world.town.town().key()];
    let word = vicino_contract::jws::verify(
        vicino_contract::jws::Kind::Acknowledgement,
        reply["acknowledgement"].as_str().unwrap(),
        &keys,
    )
    .unwrap();
    let word: Value = serde_json::from_slice(&word).unwrap();
    let bytes = serde_json::to_vec(&at(3)).unwrap();
    let digest: String =
        <sha2::Sha256 as sha2::Digest>::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!((word["kind"].as_str(), word["body_sha256"].as_str()), (Some("withdrawal"), Some(digest.as_str())));
    assert!(!word["number"].as_str().unwrap().is_empty());
}
