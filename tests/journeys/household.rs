//! Every caller × every object × every verb: what the household rules let through, and nothing else.

use serde_json::{Value, json};
use world::Caller;
use world::caller::{BACK, VERIFIER};
use world::{World, made};

/// Everyone there is to be: a ward, her parents, her brother, a neighbour, a device, nobody, and a session that has ended.
const NAMES: [&str; 8] = ["giulia", "anna", "luca", "tommaso", "samira", "a device", "nobody", "an ended session"];

async fn everyone(world: &World) -> [Caller; 8] {
    let ended = Caller::resident(world, "Giulia").await;
    assert_eq!(ended.form("/oauth/revoke", &[("token", ended.refresh.as_deref().unwrap())]).await.status(), 200);
    [
        Caller::resident(world, "Giulia").await,
        Caller::resident(world, "Anna").await,
        Caller::resident(world, "Luca").await,
        Caller::resident(world, "Tommaso").await,
        Caller::resident(world, "Samira").await,
        Caller::device(world).await,
        Caller::nobody(world).await,
        ended,
    ]
}

fn report(title: &str) -> Value {
    json!({ "category": "roads", "title": title, "details": "Profonda", "place": { "source": "words", "note": "qui" },
        "sent_at": "2026-03-12T07:41:00Z", "photos": [{ "id": made(77), "sha256": "ab".repeat(32), "size": 5 }] })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wards_report_in_everyones_hands() {
    let world = World::new().await;
    let everyone = everyone(&world).await;
    let giulia = &everyone[0];

    let id = made(1);
    let path = format!("/v1/reports/{id}");
    assert_eq!(giulia.call("PUT", &path, Some(&report("Buca"))).await, 201);
    // An upload of hers, begun and not ended.
    let encoded = |text: &str| base64::Engine::encode(&base64::prelude::BASE64_STANDARD, text);
    let metadata = format!(
        "report {},photo {},sha256 {}",
        encoded(&id.to_string()),
        encoded(&made(77).to_string()),
        encoded(&"ab".repeat(32))
    );
    let begun = giulia
        .http
        .post(format!("{}/v1/uploads", giulia.url))
        .bearer_auth(giulia.token.clone().unwrap())
        .header("tus-resumable", "1.0.0")
        .header("upload-length", "5")
        .header("upload-metadata", metadata)
        .send()
        .await
        .unwrap();
    assert_eq!(begun.status(), 201);
    let upload = begun.headers()["location"].to_str().unwrap().to_owned();

    let words = json!({ "text": "Salve", "sent_at": "2026-03-12T07:41:00Z" });
    let moment = json!({ "sent_at": "2026-03-12T07:41:00Z" });
    let message = |n: usize| format!("{path}/messages/{}", made(0xaa00 + n as u128));
    let withdrawal = format!("{path}/withdrawal");
    let nothing = format!("/v1/files/{}", "0".repeat(64));
    // What each gets for: the same report again, her upload, a message in her thread, a file of nobody's, the feeds, the
    // office, and last the wish to take her report back.
    let mut table: Vec<(&str, String, Option<&Value>, [u16; 8])> = vec![
        ("HEAD", upload.clone(), None, [200, 200, 200, 404, 404, 404, 401, 401]),
        ("GET", nothing, None, [404, 404, 404, 404, 404, 404, 401, 401]),
        ("GET", "/v1/changes?own=".into(), None, [200, 200, 200, 200, 200, 200, 401, 401]),
        ("GET", "/v1/changes?public=".into(), None, [200, 200, 200, 200, 200, 200, 200, 401]),
        ("GET", "/v1/snapshot".into(), None, [404, 404, 404, 404, 404, 404, 404, 404]),
        ("GET", "/office/v1/reports".into(), None, [401; 8]),
        ("GET", format!("/office/v1/reports/{id}"), None, [401; 8]),
        ("POST", format!("/office/v1/reports/{id}/messages"), Some(&words), [401; 8]),
        ("DELETE", upload.clone(), None, [0, 0, 0, 404, 404, 404, 401, 401]),
    ];
    let same = report("Buca");
    table.push(("PUT", path.clone(), Some(&same), [200, 200, 200, 422, 422, 422, 401, 401]));
    for (verb, path, body, expected) in &table {
        for ((caller, name), expected) in
            everyone.iter().zip(NAMES).zip(expected).filter(|(_, expected)| **expected != 0)
        {
            assert_eq!(caller.call(verb, path, *body).await, *expected, "{name}: {verb} {path}");
        }
    }
    for (n, expected) in [201, 201, 201, 404, 404, 404, 401, 401].into_iter().enumerate() {
        assert_eq!(everyone[n].call("PUT", &message(n), Some(&words)).await, expected, "{}: a message", NAMES[n]);
    }
    // The feed of each holds it, or does not.
    for (caller, holds) in everyone.iter().zip([true, true, true, false, false, false]) {
        assert_eq!(caller.own().await.contains(&id.to_string()), holds);
    }
    for (n, expected) in [(4, 404), (3, 404), (5, 404), (6, 401), (7, 401), (1, 201)] {
        assert_eq!(everyone[n].call("PUT", &withdrawal, Some(&moment)).await, expected, "{}: withdrawal", NAMES[n]);
    }
}

/// A child's notice: hers, her parents', and nobody else's; anybody may pay a number they hold, and learns nothing of whose it is.
#[tokio::test(flavor = "multi_thread")]
async fn a_wards_notice_in_everyones_hands() {
    let world = World::new().await;
    let everyone = everyone(&world).await;
    let giulia = &everyone[0];
    let feed = giulia.http.get(format!("{}/v1/changes?own=", giulia.url)).bearer_auth(giulia.token.clone().unwrap());
    let feed: Value = feed.send().await.unwrap().json().await.unwrap();
    let items = feed["own"]["items"].as_array().unwrap();
    let open = |item: &&Value| item["collection"] == "notices" && item["body"]["state"] == "VALID";
    let notice = items.iter().find(open).unwrap();
    let (id, one) = (notice["id"].as_str().unwrap(), &notice["body"]["plans"][0]["installments"][0]);
    let (number, amount) = (one["number"].as_str().unwrap(), &one["amount"]);
    for (caller, holds) in everyone.iter().zip([true, true, true, false, false, false]) {
        assert_eq!(caller.own().await.iter().any(|held| held == id), holds);
    }
    let said = json!({ "number": number, "paid_on": "2026-03-11", "sent_at": "2026-03-12T07:41:00Z" });
    let expected = [201, 201, 201, 404, 404, 404, 401, 401];
    for (n, ((caller, name), expected)) in everyone.iter().zip(NAMES).zip(expected).enumerate() {
        let path = format!("/v1/notices/{id}/declarations/{}", made(0xbb00 + n as u128));
        assert_eq!(caller.call("PUT", &path, Some(&said)).await, expected, "{name}: {path}");
    }
    let cart = |amount: &Value, back: &str| {
        json!({ "return_to": back, "notices": [{ "number": number, "creditor": "77777777777",
            "creditor_name": "Comune di Pietrachiara", "description": "Mensa", "amount": amount }] })
    };
    let expected = [201, 201, 201, 201, 201, 201, 401, 401];
    for (n, ((caller, name), expected)) in everyone.iter().zip(NAMES).zip(expected).enumerate() {
        let path = format!("/v1/carts/{}", made(0xcc00 + n as u128));
        let body = cart(amount, "it.vicino.app:/paid");
        assert_eq!(caller.call("PUT", &path, Some(&body)).await, expected, "{name}: {path}");
        // The same again is the same page; another's cart, or another body under its id, is none.
        if expected == 201 {
            assert_eq!(caller.call("PUT", &path, Some(&body)).await, 200, "{name}: again");
            let other = &everyone[(n + 1) % 5];
            assert_eq!(other.call("PUT", &path, Some(&body)).await, 422, "{name}: another's");
        }
    }
    let path = format!("/v1/carts/{}", made(0xcd00));
    assert_eq!(everyone[0].call("PUT", &path, Some(&cart(&json!(1), "it.vicino.app:/paid"))).await, 422, "another sum");
    for back in
        ["https://evil.example/paid", "http://127.0.0.1:80@evil.example/paid", "http://127.0.0.1:4321/elsewhere"]
    {
        assert_eq!(everyone[0].call("PUT", &path, Some(&cart(amount, back))).await, 422, "{back}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_is_not_as_it_must_be_goes_nowhere() {
    let world = World::new().await;
    let device = Caller::device(&world).await;
    let odd: &[&[(&str, &str)]] = &[
        &[("redirect_uri", "https://evil.example/signed-in")],
        &[("redirect_uri", "http://127.0.0.1:80@evil.example/signed-in")],
        &[("code_challenge_method", "plain")],
        &[("code_challenge", "short")],
        &[("state", "short")],
        &[("response_type", "token")],
        &[("client_id", "018f0000-0000-7000-8000-0000000000ff")],
    ];
    for more in odd {
        let answer = device.http.get(device.page(more)).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{more:?}");
        assert!(!answer.headers().contains_key("location"), "{more:?}");
    }
    let code = device.code("Luca").await;
    let stranger = Caller::device(&world).await;
    let refused = |(status, body): (u16, Value)| (status, body["error"].as_str().unwrap_or_default().to_owned());
    let invalid = (400, String::from("invalid_grant"));
    assert_eq!(refused(stranger.exchange(&code, VERIFIER, BACK).await), invalid, "another device");
    assert_eq!(refused(device.exchange(&code, &"x".repeat(43), BACK).await), invalid, "another verifier");
    assert_eq!(
        refused(device.exchange(&code, VERIFIER, "http://127.0.0.1:1/signed-in").await),
        invalid,
        "another way back"
    );
    let (status, first) = device.exchange(&code, VERIFIER, BACK).await;
    assert_eq!(status, 200);
    // The answer was lost: the same again. Once the device has shown its token, the code is spent and the session ends.
    assert_eq!(device.exchange(&code, VERIFIER, BACK).await.0, 200);
    let shown = Caller { token: first["access_token"].as_str().map(str::to_owned), ..Caller::nobody(&world).await };
    assert_eq!(shown.call("GET", "/v1/changes?own=", None).await, 200);
    assert_eq!(refused(device.exchange(&code, VERIFIER, BACK).await), invalid, "a copy of the code");
    assert_eq!(shown.call("GET", "/v1/changes?own=", None).await, 401, "and what it opened is closed");
    // Too late is too late.
    let code = device.code("Luca").await;
    world.clock.turn(3600);
    assert_eq!(refused(device.exchange(&code, VERIFIER, BACK).await), invalid);
    assert_eq!(device.form("/oauth/token", &[("grant_type", "password")]).await.status(), 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wards_case_in_everyones_hands() {
    let world = World::new().await;
    let everyone = everyone(&world).await;
    let giulia = &everyone[0];
    let page: Value = reqwest::get(format!("{}/v1/changes?limit=1000&public=", world.town.url()))
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let items = page["public"]["items"].as_array().unwrap();
    let library = items.iter().find(|item| {
        item["body"]["title"]
            .as_str()
            .is_some_and(|title| title.contains("biblioteca") && item["collection"] == "services")
    });
    let case = json!({ "service": library.unwrap()["id"], "form_version": 1, "sent_at": "2026-03-12T07:41:00Z", "answers": {
        "who.name": { "text": "Giulia Moretti" }, "who.tax_code": { "text": "MRTGLI14P61X999Y" }, "who.address": { "text": "Via Roma 14" },
        "who.cap": { "text": "52021" }, "end.rules": { "ticked": true } } });
    let id = made(2);
    let path = format!("/v1/cases/{id}");
    assert_eq!(giulia.call("PUT", &path, Some(&case)).await, 201);
    let words = json!({ "text": "Salve", "sent_at": "2026-03-12T07:41:00Z" });
    let moment = json!({ "sent_at": "2026-03-12T07:41:00Z" });
    let under = |room: &str, n: u128| format!("{path}/{room}/{}", made(0xbb00 + n));
    let own = [201, 201, 201, 404, 404, 404, 401, 401];
    for (n, (caller, name)) in (0..).zip(everyone.iter().zip(NAMES)) {
        let expected = own[usize::try_from(n).unwrap()];
        assert_eq!(caller.call("PUT", &under("messages", n), Some(&words)).await, expected, "{name}: a message");
        assert_eq!(
            caller.call("PUT", &under("integrations", n + 50), Some(&words)).await,
            expected,
            "{name}: an answer"
        );
        let again = [200, 200, 200, 422, 422, 403, 401, 401][usize::try_from(n).unwrap()];
        assert_eq!(caller.call("PUT", &path, Some(&case)).await, again, "{name}: the same again");
        for office in ["/office/v1/cases".to_owned(), format!("/office/v1/cases/{id}")] {
            assert_eq!(caller.call("GET", &office, None).await, 401, "{name}: {office}");
        }
        for room in ["transitions", "messages"] {
            let office = format!("/office/v1/cases/{id}/{room}");
            assert_eq!(caller.call("POST", &office, Some(&words)).await, 401, "{name}: {office}");
        }
    }
    for (caller, holds) in everyone.iter().zip([true, true, true, false, false, false]) {
        assert_eq!(caller.own().await.contains(&id.to_string()), holds);
    }
    for (n, expected) in [(3, 404), (4, 404), (5, 404), (6, 401), (7, 401), (1, 201)] {
        assert_eq!(
            everyone[n].call("PUT", &format!("{path}/withdrawal"), Some(&moment)).await,
            expected,
            "{}: withdrawal",
            NAMES[n]
        );
    }
}
