//! Who may see what: another's things are as good as none, on every route.

use serde_json::{Value, json};
use world::{World, made};

/// A caller with a token, as any program could be.
struct Caller {
    http: reqwest::Client,
    url: String,
    token: Option<String>,
}

impl Caller {
    async fn introduced(world: &World) -> Self {
        let (http, url) = (reqwest::Client::new(), world.town.url());
        let body = json!({ "id": made(u128::from(rand() >> 32)), "secret": "x".repeat(43) });
        let reply: Value =
            http.post(format!("{url}/v1/devices")).json(&body).send().await.unwrap().json().await.unwrap();
        Self { http, url, token: Some(reply["token"].as_str().unwrap().to_owned()) }
    }

    async fn call(&self, verb: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let verb = reqwest::Method::from_bytes(verb.as_bytes()).unwrap();
        let mut request = self.http.request(verb, format!("{}{path}", self.url)).header("tus-resumable", "1.0.0");
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        let (status, kind) = (response.status().as_u16(), response.headers().get("content-type").cloned());
        if status >= 400 && response.content_length() != Some(0) {
            assert_eq!(kind.unwrap(), "application/problem+json", "every refusal is a problem");
        }
        (status, response.json().await.unwrap_or_default())
    }
}

fn rand() -> u64 {
    use std::hash::{BuildHasher as _, Hasher as _};
    std::collections::hash_map::RandomState::new().build_hasher().finish()
}

fn body(title: &str) -> Value {
    json!({ "category": "roads", "title": title, "details": "Profonda", "place": { "source": "words", "note": "qui" },
        "sent_at": "2026-03-12T07:41:00Z", "photos": [] })
}

const REPORT: &str = "/v1/reports/018f0000-0000-7000-8000-000000000001";

#[tokio::test(flavor = "multi_thread")]
async fn a_request_arrives_once_and_its_id_stands_for_nothing_else() {
    let world = World::new().await;
    let (anna, luca) = (Caller::introduced(&world).await, Caller::introduced(&world).await);
    let first = anna.call("PUT", REPORT, Some(body("Buca"))).await;
    let again = anna.call("PUT", REPORT, Some(body("Buca"))).await;
    assert_eq!((first.0, again.0), (201, 200));
    assert_eq!(first.1, again.1, "the same word as the first time");
    let (status, problem) = anna.call("PUT", REPORT, Some(body("Altro"))).await;
    assert_eq!((status, problem["code"].as_str()), (422, Some("id_conflict")));
    let (status, problem) = luca.call("PUT", REPORT, Some(body("Buca"))).await;
    assert_eq!((status, problem["code"].as_str()), (422, Some("id_conflict")));
    assert_eq!(world.town.queue().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_by_every_caller() {
    let world = World::new().await;
    let (anna, luca) = (Caller::introduced(&world).await, Caller::introduced(&world).await);
    let nobody = Caller { http: reqwest::Client::new(), url: world.town.url(), token: None };
    let liar = Caller { http: reqwest::Client::new(), url: world.town.url(), token: Some("x".repeat(43)) };
    assert_eq!(anna.call("PUT", REPORT, Some(body("Buca"))).await.0, 201);
    let message = format!("{REPORT}/messages/018f0000-0000-7000-8000-000000000002");
    let withdrawal = format!("{REPORT}/withdrawal");
    let words = json!({ "text": "Salve", "sent_at": "2026-03-12T07:41:00Z" });
    let moment = json!({ "sent_at": "2026-03-12T07:41:00Z" });
    let file = format!("/v1/files/{}", "0".repeat(64));
    let office = format!("/office/v1/reports/{}", "018f0000-0000-7000-8000-000000000001");
    let step = json!({ "state": "in_charge", "version": 1, "office": "x" });
    // Verb, path, body; then what anna (the owner), luca, nobody and a liar get.
    let table: Vec<(&str, String, Option<Value>, [u16; 4])> = vec![
        ("PUT", message.clone(), Some(words.clone()), [201, 404, 401, 401]),
        ("GET", file, None, [404, 404, 401, 401]),
        ("HEAD", "/v1/uploads/018f0000-0000-7000-8000-000000000009".into(), None, [404, 404, 401, 401]),
        ("DELETE", "/v1/uploads/018f0000-0000-7000-8000-000000000009".into(), None, [404, 404, 401, 401]),
        ("GET", "/v1/changes?own=".into(), None, [200, 200, 401, 401]),
        ("GET", "/v1/changes?public=".into(), None, [200, 200, 200, 401]),
        ("GET", "/office/v1/reports".into(), None, [401, 401, 401, 401]),
        ("GET", office.clone(), None, [401, 401, 401, 401]),
        ("POST", format!("{office}/transitions"), Some(step), [401, 401, 401, 401]),
        ("POST", format!("{office}/messages"), Some(words), [401, 401, 401, 401]),
        ("PUT", withdrawal, Some(moment), [201, 404, 401, 401]),
        ("PUT", REPORT.into(), Some(body("Buca")), [200, 422, 401, 401]),
    ];
    for (verb, path, body, expected) in table {
        // The owner last, so that what others try cannot ride on what the owner did.
        for (caller, expected) in
            [&luca, &nobody, &liar, &anna].into_iter().zip([expected[1], expected[2], expected[3], expected[0]])
        {
            let (status, reply) = caller.call(verb, &path, body.clone()).await;
            assert_eq!(status, expected, "{verb} {path}: {reply}");
        }
    }
    let (_, own) = luca.call("GET", "/v1/changes?own=", None).await;
    assert_eq!(own["own"]["items"].as_array().unwrap().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_request_is_refused_clearly() {
    let world = World::new().await;
    let anna = Caller::introduced(&world).await;
    let code = |(status, problem): (u16, Value)| (status, problem["code"].as_str().unwrap_or_default().to_owned());
    assert_eq!(code(anna.call("PUT", REPORT, Some(json!({"title": 1}))).await), (400, "malformed".into()));
    let mut odd = body("Buca");
    odd["place"] = json!({ "source": "words", "point": { "lat": 99.0, "lon": 0.0 } });
    assert_eq!(code(anna.call("PUT", REPORT, Some(odd)).await), (400, "malformed".into()));
    assert_eq!(code(anna.call("PUT", REPORT, Some(body(" "))).await), (422, "invalid".into()));
    assert_eq!(code(anna.call("PUT", REPORT, Some(body(&"x".repeat(300_000)))).await), (413, "too_large".into()));
    assert_eq!(code(anna.call("PUT", "/v1/reports/nonsense", Some(body("Buca"))).await), (404, "not_found".into()));
    assert_eq!(code(anna.call("POST", REPORT, Some(body("Buca"))).await), (405, "method_not_allowed".into()));
    assert_eq!(code(anna.call("GET", "/v1/nothing", None).await), (404, "not_found".into()));
    assert_eq!(code(anna.call("GET", "/v1/changes?own=nonsense", None).await), (410, "own_cursor_expired".into()));
    let plain = anna
        .http
        .put(format!("{}{REPORT}", anna.url))
        .bearer_auth(anna.token.clone().unwrap())
        .body("{}")
        .send()
        .await
        .unwrap();
    assert_eq!(plain.status(), 415);
    assert!(plain.headers().contains_key("x-ratelimit-remaining"));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_clerks_never_overwrite_each_other() {
    let world = World::new().await;
    let anna = Caller::introduced(&world).await;
    anna.call("PUT", REPORT, Some(body("Buca"))).await;
    let path = "/reports/018f0000-0000-7000-8000-000000000001/transitions";
    let step = |state: &str| json!({ "state": state, "version": 1, "office": "Lavori pubblici", "note": "Visto" });
    assert_eq!(world.town.office("POST", path, Some(step("in_charge"))).await.0, 200);
    let (status, problem) = world.town.office("POST", path, Some(step("resolved"))).await;
    assert_eq!((status, problem["code"].as_str()), (409, Some("stale")));
    let mut silent = step("your_turn");
    silent["version"] = json!(2);
    silent["note"] = json!(" ");
    assert_eq!(world.town.office("POST", path, Some(silent)).await.0, 422, "who asks for more says what");
}

#[tokio::test(flavor = "multi_thread")]
async fn too_often_is_told_when_again() {
    let world = World::new().await;
    let anna = Caller::introduced(&world).await;
    for _ in 0..700 {
        let request =
            anna.http.get(format!("{}/v1/changes?own=&limit=1", anna.url)).bearer_auth(anna.token.clone().unwrap());
        let response = request.send().await.unwrap();
        if response.status() == 429 {
            assert!(response.headers()["retry-after"].to_str().unwrap().parse::<u64>().unwrap() >= 1);
            assert_eq!(response.headers()["content-type"], "application/problem+json");
            return;
        }
    }
    panic!("there is a limit");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_skipped_while_many_write_at_once() {
    let world = World::new().await;
    let anna = std::sync::Arc::new(Caller::introduced(&world).await);
    let writers = (0..8_u128).map(|writer| {
        let anna = anna.clone();
        tokio::spawn(async move {
            for n in 0..12_u128 {
                let path = format!("/v1/reports/{}", made((writer << 32) | (n + 1)));
                assert_eq!(anna.call("PUT", &path, Some(body("Buca"))).await.0, 201);
            }
        })
    });
    let writers: Vec<_> = writers.collect();
    let (mut cursor, mut seen) = (None::<String>, std::collections::BTreeSet::new());
    while seen.len() < 96 {
        // Asked before reading: a page read while the last write was on its way may well be empty.
        let done = writers.iter().all(tokio::task::JoinHandle::is_finished);
        let query = cursor.clone().unwrap_or_default();
        let (status, page) = anna.call("GET", &format!("/v1/changes?limit=5&own={query}"), None).await;
        if status == 429 {
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            continue;
        }
        let page = &page["own"];
        for item in page["items"].as_array().unwrap() {
            assert!(seen.insert(item["id"].as_str().unwrap().to_owned()), "told once");
        }
        cursor = Some(page["next"].as_str().unwrap().to_owned());
        assert!(
            !(done && page["items"].as_array().unwrap().is_empty() && seen.len() < 96),
            "skipped some: {}",
            seen.len()
        );
    }
    for writer in writers {
        writer.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_of_illegal_behaviour_is_private_whatever_the_device_says() {
    let world = World::new().await;
    let anna = Caller::introduced(&world).await;
    let mut body = body("Vetri rotti ogni notte");
    body["category"] = json!("public_order");
    body["private"] = json!(false);
    assert_eq!(anna.call("PUT", REPORT, Some(body)).await.0, 201);
    let id: vicino_domain::ReportId = "018f0000-0000-7000-8000-000000000001".parse().unwrap();
    assert_eq!(world.town.transition(id, "in_charge", "Visto.").await.0, 200);
    let (_, public) = anna.call("GET", "/v1/changes?public=&limit=1000", None).await;
    assert!(!public.to_string().contains("Vetri rotti ogni notte"));
}
