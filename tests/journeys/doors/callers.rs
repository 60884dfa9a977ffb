//! The table of callers, row by row, with every caller there is: what it says is what the running town does.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use vicino_contract::http::{Role, path};
use vicino_server::http::table::{Brings, Row, TABLE, Who};
use world::{Caller, World, made};

/// A caller, with what the table must make of them.
struct Tried {
    name: &'static str,
    token: Option<String>,
    is: Is,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Is {
    Nobody,
    Stranger,
    Device,
    Resident,
    Operator(Role),
}

/// What the door answers before anything is looked at: nothing, or a status.
fn refused(row: &Row, is: Is) -> Option<u16> {
    match (row.who, is) {
        (Who::Anyone | Who::AnyoneOrKnown, _) => None,
        (Who::Known | Who::Owner | Who::KnownOrOffice, Is::Device | Is::Resident) => None,
        (Who::KnownOrOffice, Is::Operator(_)) => None,
        (Who::Resident, Is::Resident) => None,
        (Who::Resident, Is::Device) => Some(403),
        (Who::Office(least), Is::Operator(role)) => (role < least).then_some(403),
        _ => Some(401),
    }
}

async fn everybody(world: &World) -> Vec<Tried> {
    let mut all = Vec::new();
    let mut add = |name, token, is| all.push(Tried { name, token, is });
    add("nobody", None, Is::Nobody);
    add("a token of nobody's", Some("x".repeat(43)), Is::Stranger);
    let ended = Caller::resident(world, "Giulia").await;
    assert_eq!(ended.form("/oauth/revoke", &[("token", ended.refresh.as_deref().unwrap())]).await.status(), 200);
    add("a session that has ended", ended.token, Is::Stranger);
    // A refresh token opens nothing but another session's tokens, whoever shows it.
    let anna = Caller::resident(world, "Anna").await;
    add("a refresh token as an access token", anna.refresh.clone(), Is::Stranger);
    let lost = Caller::resident(world, "Samira").await;
    let whose = json!({ "tax_code": "HDDSMR79L70X999K" });
    assert_eq!(world.town.office("POST", "/devices/end", Some(whose)).await.0, 200);
    add("a device that was shut out", lost.token, Is::Stranger);
    add("a device", Caller::device(world).await.token, Is::Device);
    add("a resident", anna.token, Is::Resident);
    add("a child", Caller::resident(world, "Giulia").await.token, Is::Resident);
    for (name, role) in
        [("reader", Role::Reader), ("clerk", Role::Clerk), ("registrar", Role::Registrar), ("manager", Role::Manager)]
    {
        let body = json!({ "name": name, "role": role, "offices": [] });
        let (status, named) = world.town.office("POST", "/operators", Some(body)).await;
        assert_eq!(status, 201);
        add(name, named["token"].as_str().map(str::to_owned), Is::Operator(role));
        if role == Role::Manager {
            let (_, gone) = world
                .town
                .office("POST", "/operators", Some(json!({ "name": "via", "role": role, "offices": [] })))
                .await;
            let id = gone["id"].as_str().unwrap();
            assert_eq!(world.town.office("DELETE", &format!("/operators/{id}"), None).await.0, 204);
            add("an operator who left", gone["token"].as_str().map(str::to_owned), Is::Stranger);
        }
    }
    let office = std::fs::read_to_string(world.town.folder().join("office.token")).unwrap();
    add("the town", Some(office.trim().to_owned()), Is::Operator(Role::Manager));
    all
}

/// A path with ids that stand for nothing.
fn filled(path: &str) -> String {
    let nothing = made(0xf111).to_string();
    let digest = "0".repeat(64);
    path.split('/')
        .map(|part| match part {
            "{sha256}" => digest.as_str(),
            part if part.starts_with('{') => nothing.as_str(),
            part => part,
        })
        .collect::<Vec<_>>()
        .join("/")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_with_every_caller() {
    let world = World::otherwise(|town| town.bounds.calls_per_minute = 5_000).await;
    let everybody = everybody(&world).await;
    let document: Value =
        reqwest::get(format!("{}/openapi.json", world.town.url())).await.unwrap().json().await.unwrap();
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let mut tried = 0;
    // Signing out everywhere comes last: nobody is anybody after it.
    let everywhere = |row: &&Row| (row.verb, row.path) == ("DELETE", path::DEVICES);
    let rows = TABLE.iter().filter(|row| row.path != path::EVENTS && !everywhere(row));
    for row in rows.chain(TABLE.iter().filter(everywhere)) {
        let documented: Option<BTreeSet<u16>> = document["paths"][row.path][row.verb.to_lowercase()]["responses"]
            .as_object()
            .map(|all| all.keys().map(|status| status.parse().unwrap()).collect());
        for caller in &everybody {
            let verb = reqwest::Method::from_bytes(row.verb.as_bytes()).unwrap();
            let mut request = http
                .request(verb, format!("{}{}", world.town.url(), filled(row.path)))
                .header("tus-resumable", "1.0.0");
            if let Some(token) = &caller.token {
                request = request.bearer_auth(token);
            }
            if row.brings != Brings::Nothing {
                request = request.json(&json!({ "nonsense": true }));
            }
            let response = request.send().await.unwrap();
            let (status, what) = (response.status().as_u16(), format!("{} {} by {}", row.verb, row.path, caller.name));
            match refused(row, caller.is) {
                Some(expected) => assert_eq!(status, expected, "{what}"),
                None => assert!(status != 500 && (status != 403 || row.path == path::IDENTITY), "{what}: {status}"),
            }
            if let Some(documented) = &documented {
                assert!(documented.contains(&status), "{what}: {status} is not in the OpenAPI document");
            }
            assert_eq!(response.headers()["x-content-type-options"], "nosniff", "{what}");
            let challenged = response.headers().get("www-authenticate").map(|value| value.to_str().unwrap());
            assert_eq!(status == 401, challenged.is_some_and(|scheme| scheme.starts_with("Bearer")), "{what}");
            if caller.token.is_some() {
                let cache = response.headers().get("cache-control").map(|value| value.to_str().unwrap().to_owned());
                let kept = cache
                    .as_deref()
                    .is_some_and(|cache| ["no-store", "private", "no-cache"].iter().any(|word| cache.contains(word)));
                assert!(kept || row.path == path::SNAPSHOT_FILE, "{what}: {cache:?}");
            }
            if row.path.starts_with(path::UPLOADS) {
                assert_eq!(response.headers()["tus-resumable"], "1.0.0", "{what}");
            }
            tried += 1;
        }
    }
    assert_eq!(tried, (TABLE.len() - 1) * everybody.len());
    assert!(everybody.len() >= 12);
}

/// The method of a call is settled by a header for uploads alone.
#[tokio::test(flavor = "multi_thread")]
async fn no_header_changes_the_verb_of_anything_but_uploads() {
    let world = World::new().await;
    let body = json!({ "name": "Ida Conti", "role": "clerk", "offices": [] });
    let (_, named) = world.town.office("POST", "/operators", Some(body)).await;
    let office = std::fs::read_to_string(world.town.folder().join("office.token")).unwrap();
    let url = format!("{}/office/v1/operators/{}", world.town.url(), named["id"].as_str().unwrap());
    let request =
        reqwest::Client::new().post(url).bearer_auth(office.trim()).header("x-http-method-override", "DELETE");
    assert_eq!(request.send().await.unwrap().status(), 405);
    let (_, operators) = world.town.office("GET", "/operators", None).await;
    assert_eq!(operators["items"][0]["ended"], false);
}

/// A town names itself as it was told to, never as a caller calls it.
#[tokio::test(flavor = "multi_thread")]
async fn a_verb_without_a_row_is_not_there() {
    let world = World::new().await;
    let http = reqwest::Client::new();
    for (verb, path) in [("PUT", path::DEVICES), ("DELETE", path::CHANGES), ("POST", path::OPENAPI)] {
        let answer = http.request(verb.parse().unwrap(), format!("{}{path}", world.town.url())).send().await.unwrap();
        assert_eq!(answer.status(), 405, "{verb} {path}");
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff", "{verb} {path}");
        assert!(answer.headers().contains_key("x-ratelimit-limit"), "{verb} {path}: {:?}", answer.headers());
        assert!(!answer.headers()["allow"].to_str().unwrap().contains(verb));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_issuer_is_not_whatever_a_caller_writes() {
    let world = World::new().await;
    let asked = |host: &'static str| {
        let request =
            reqwest::Client::new().get(format!("{}/.well-known/oauth-authorization-server", world.town.url()));
        async move {
            request
                .header("host", host)
                .header("x-forwarded-proto", "https")
                .send()
                .await
                .unwrap()
                .json::<Value>()
                .await
                .unwrap()
        }
    };
    for host in ["evil.example", "evil.example:8787", "127.0.0.1.evil.example", "localhost.evil.example"] {
        assert_eq!(asked(host).await["issuer"], "http://localhost", "{host}");
    }
    assert_eq!(asked("127.0.0.1:8787").await["issuer"], "http://127.0.0.1:8787");
    let sealed = World::otherwise(|town| town.address = Some(String::from("https://vicino.comune.example"))).await;
    let url = format!("{}/.well-known/oauth-authorization-server", sealed.town.url());
    let answer = reqwest::get(url).await.unwrap();
    assert_eq!(answer.headers()["strict-transport-security"], "max-age=31536000");
    assert_eq!(answer.json::<Value>().await.unwrap()["token_endpoint"], "https://vicino.comune.example/oauth/token");
}
