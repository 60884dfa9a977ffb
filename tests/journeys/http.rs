//! The words of HTTP, as other people's clients and caches speak them (RFC 9110, 6749, 6750, 7009).

use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use world::{Caller, World, made};

async fn asked(caller: &Caller, method: Method, path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = caller.http.request(method, format!("{}{path}", caller.url));
    request = request.bearer_auth(caller.token.clone().unwrap());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

/// What a device polls is told to be the same by any cache between.
#[tokio::test(flavor = "multi_thread")]
async fn still_so_is_told_in_every_way_a_cache_asks() {
    let world = World::new().await;
    let anna = Caller::resident(&world, "Anna").await;
    let first = asked(&anna, Method::GET, "/v1/changes?own=&limit=1000", &[]).await;
    let page: Value = first.json().await.unwrap();
    let path = format!("/v1/changes?own={}", page["own"]["next"].as_str().unwrap());
    let second = asked(&anna, Method::GET, &path, &[]).await;
    let tag = header(&second, "etag").to_owned();
    let opaque = tag.strip_prefix("W/").expect("one tag for every encoding is a weak one (section 8.8.1)").to_owned();
    assert!(header(&second, "vary").contains("authorization"), "{second:?}");
    for named in [tag.clone(), opaque, format!("\"other\", {tag}"), String::from("*")] {
        let again = asked(&anna, Method::GET, &path, &[("if-none-match", &named), ("accept-encoding", "gzip")]).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{named}");
        // Whoever keeps it goes by these (section 15.4.5).
        assert_eq!(header(&again, "etag"), tag);
        assert!(header(&again, "cache-control").contains("private"));
        for varies in ["authorization", "accept-encoding"] {
            assert!(header(&again, "vary").contains(varies), "{again:?}");
        }
    }
    // In whichever encoding the page travels, its tag holds.
    let plain = Client::builder().no_gzip().no_brotli().no_zstd().no_deflate().build().unwrap();
    for encoding in ["br", "zstd", "identity"] {
        let page = plain.get(format!("{}{path}", anna.url)).bearer_auth(anna.token.clone().unwrap());
        let page = page.header("accept-encoding", encoding).send().await.unwrap();
        let travelled = header(&page, "content-encoding");
        assert_eq!(if travelled.is_empty() { "identity" } else { travelled }, encoding);
        assert!(header(&page, "vary").contains("accept-encoding") && header(&page, "etag") == tag, "{page:?}");
    }
    let other = asked(&anna, Method::GET, &path, &[("if-none-match", "\"other\"")]).await;
    assert_eq!(other.status(), StatusCode::OK);
}

/// A file in parts, in whatever way a part is asked for.
#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_a_file_is_what_was_asked_for() {
    let world = World::new().await;
    let device = world.signed_in("Anna").await;
    let id = device.report("Buca", 1);
    world.settle(&device).await;
    let (_, report) = world.town.office("GET", &format!("/reports/{id}"), None).await;
    let path = format!("/v1/files/{}", report["arrived"][0]["sha256"].as_str().unwrap());
    let anna = Caller::resident(&world, "Anna").await;
    let whole = asked(&anna, Method::GET, &path, &[]).await;
    let tag = header(&whole, "etag").to_owned();
    // A strong tag names the very bytes, and ranges are of them: they travel as they are.
    assert!(tag.starts_with('"'), "{tag}");
    let squeezed = asked(&anna, Method::GET, &path, &[("accept-encoding", "gzip, br, zstd")]).await;
    assert_eq!((header(&squeezed, "content-encoding"), header(&squeezed, "etag")), ("", tag.as_str()));
    let length = whole.bytes().await.unwrap().len();
    for (range, status, bytes) in [
        ("bytes=0-9", 206, 10),
        ("bytes=-99999999", 206, length),
        ("bytes=5-999999999999999999999999", 206, length - 5),
        ("items=0-1", 200, length),
        ("bytes=0-1,4-5", 200, length),
    ] {
        let part = asked(&anna, Method::GET, &path, &[("range", range)]).await;
        assert_eq!(part.status().as_u16(), status, "{range}");
        assert_eq!(part.bytes().await.unwrap().len(), bytes, "{range}");
    }
    let beyond = asked(&anna, Method::GET, &path, &[("range", "bytes=999999999-")]).await;
    assert_eq!(
        (beyond.status().as_u16(), header(&beyond, "content-range")),
        (416, format!("bytes */{length}").as_str())
    );
    // A condition on another version means the whole; a head has no part.
    let held = asked(&anna, Method::GET, &path, &[("range", "bytes=0-9"), ("if-range", &tag)]).await;
    assert_eq!(held.status().as_u16(), 206);
    let head = asked(&anna, Method::HEAD, &path, &[("range", "bytes=0-9")]).await;
    assert_eq!((head.status().as_u16(), header(&head, "content-length")), (200, length.to_string().as_str()));
    let moved = asked(&anna, Method::GET, &path, &[("range", "bytes=0-9"), ("if-range", "\"other\"")]).await;
    assert_eq!(moved.status().as_u16(), 200);
    let same = asked(&anna, Method::GET, &path, &[("if-none-match", &tag)]).await;
    assert_eq!(same.status().as_u16(), 304);
}

/// Whoever is refused is told how to be let in, and how much they may ask.
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_says_what_would_let_in() {
    let world = World::otherwise(|town| town.bounds.calls_per_minute = 3).await;
    let nobody = Caller::nobody(&world).await;
    let url = format!("{}/v1/changes?own=", nobody.url);
    let refused = nobody.http.get(&url).send().await.unwrap();
    assert_eq!(refused.status().as_u16(), 401);
    assert!(header(&refused, "www-authenticate").starts_with("Bearer"), "{:?}", refused.headers());
    let device = Caller::device(&world).await;
    for _ in 0..10 {
        let answer = asked(&device, Method::GET, "/v1/changes?own=", &[]).await;
        if answer.status().as_u16() == 429 {
            assert_eq!(header(&answer, "x-ratelimit-limit"), "3");
            assert!(!header(&answer, "retry-after").is_empty());
            return;
        }
    }
    panic!("nobody was told that it is too often");
}

/// A token that is revoked is good for nothing, of whichever kind it is; a field that is there twice means nothing.
#[tokio::test(flavor = "multi_thread")]
async fn revoked_is_revoked_and_twice_is_nothing() {
    let world = World::new().await;
    let anna = Caller::resident(&world, "Anna").await;
    let access = anna.token.clone().unwrap();
    assert_eq!(asked(&anna, Method::GET, "/v1/changes?own=", &[]).await.status().as_u16(), 200);
    assert_eq!(anna.form("/oauth/revoke", &[("token", &access)]).await.status().as_u16(), 200);
    let refused = asked(&anna, Method::GET, "/v1/changes?own=", &[]).await;
    assert_eq!(refused.status().as_u16(), 401);
    assert_eq!(header(&refused, "www-authenticate"), "Bearer realm=\"vicino\", error=\"invalid_token\"");
    let nobody = anna.http.get(format!("{}/v1/changes?own=", anna.url)).send().await.unwrap();
    assert_eq!(nobody.status().as_u16(), 401);
    assert!(!header(&nobody, "www-authenticate").contains("error"), "RFC 6750 section 3.1: no token, no error");
    let device = anna.device.to_string();
    let refresh = anna.refresh.clone().unwrap();
    let fields = [("grant_type", "refresh_token"), ("client_id", device.as_str()), ("refresh_token", refresh.as_str())];
    assert_eq!(anna.form("/oauth/token", &fields).await.status().as_u16(), 400, "nor does its session go on");
    // A token that is not revoked is not said to be; nor is none.
    let introduced = Caller::device(&world).await;
    let own = introduced.token.clone().unwrap();
    let refused = introduced.form("/oauth/revoke", &[("token", &own)]).await;
    assert_eq!(refused.json::<Value>().await.unwrap(), json!({ "error": "unsupported_token_type" }));
    for malformed in [&[("token_type_hint", "x")][..], &[("token", "one"), ("token", "two")], &[("token", "")]] {
        let refused = introduced.form("/oauth/revoke", malformed).await;
        assert_eq!(refused.status().as_u16(), 400);
        assert_eq!(
            refused.json::<Value>().await.unwrap(),
            json!({ "error": "invalid_request" }),
            "RFC 7009 section 2.2.1"
        );
    }
    assert_eq!(introduced.form("/oauth/revoke", &[("token", "unknown")]).await.status().as_u16(), 200);
    let luca = Caller::resident(&world, "Luca").await;
    let (device, refresh) = (luca.device.to_string(), luca.refresh.clone().unwrap());
    let twice = [
        ("grant_type", "refresh_token"),
        ("client_id", device.as_str()),
        ("refresh_token", refresh.as_str()),
        ("refresh_token", "other"),
    ];
    assert_eq!(luca.form("/oauth/token", &twice).await.status().as_u16(), 400);
}

/// A digest is written in one way: in capitals it would announce a photo that never arrives.
#[tokio::test(flavor = "multi_thread")]
async fn a_digest_in_capitals_is_malformed() {
    let world = World::new().await;
    let caller = Caller::device(&world).await;
    let report = |digest: String| {
        json!({ "category": "roads", "title": "Buca", "details": "x", "place": { "source": "words", "note": "qui" },
            "sent_at": "2026-03-12T07:41:00Z", "photos": [{ "id": made(0x24), "sha256": digest, "size": 5 }] })
    };
    let path = format!("/v1/reports/{}", made(0x23));
    assert_eq!(caller.call("PUT", &path, Some(&report("AB".repeat(32)))).await, 400);
    assert_eq!(caller.call("PUT", &path, Some(&report("ab".repeat(32)))).await, 201);
    // A client of another making asks for a stamped certificate as the OpenAPI document says it travels.
    let document: Value =
        Client::new().get(format!("{}/openapi.json", caller.url)).send().await.unwrap().json().await.unwrap();
    let stamp = &document["components"]["schemas"]["StampDuty"]["oneOf"];
    assert_eq!(stamp[0]["enum"], json!(["due"]), "{stamp}");
    assert!(stamp[1]["properties"]["exempt"].is_object(), "{stamp}");
}

/// A file has a name, and neither a path nor several lines; letters that lie about themselves are taken out of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_called_by_a_name_alone() {
    let world = World::new().await;
    let device = world.signed_in("Anna").await;
    let report = device.report("Buca", 0);
    world.settle(&device).await;
    let anna = Caller::resident(&world, "Anna").await;
    let message = |n: u128, name: &str| {
        let file =
            json!({ "id": made(n), "sha256": "0".repeat(64), "size": 5, "name": name, "media": "application/pdf" });
        json!({ "text": "Ecco.", "files": [file], "sent_at": "2026-03-12T07:41:00Z" })
    };
    let odd = ["a\r\nb.pdf", "a\u{0}b.pdf", "../../x.pdf", "C:\\x.pdf", "\u{200b}", "", &"x".repeat(256)];
    for (n, name) in (0x50..).zip(odd) {
        let path = format!("/v1/reports/{report}/messages/{}", made(n));
        assert_eq!(anna.call("PUT", &path, Some(&message(n + 0x100, name))).await, 400, "{name:?}");
    }
    let path = format!("/v1/reports/{report}/messages/{}", made(0x70));
    assert_eq!(anna.call("PUT", &path, Some(&message(0x71, "fattura\u{202e}gpj.pdf"))).await, 201);
    let (_, seen) = world.town.office("GET", &format!("/reports/{report}"), None).await;
    assert_eq!(seen["messages"][0]["files"][0]["name"], "fatturagpj.pdf", "{seen}");
}

/// Malformed requests get the answer their protocol prescribes: OAuth's, a web page's, the office API's.
#[tokio::test(flavor = "multi_thread")]
async fn odd_questions_have_their_answers() {
    let world = World::new().await;
    let nobody = Caller::nobody(&world).await;
    // RFC 6749 section 3.1 and 5.2.
    let twice = [("grant_type", "refresh_token"), ("client_id", "x"), ("client_id", "y")];
    let refused = nobody.form("/oauth/token", &twice).await;
    assert_eq!((refused.status().as_u16(), header(&refused, "cache-control")), (400, "no-store"));
    assert_eq!(refused.json::<Value>().await.unwrap(), json!({ "error": "invalid_request" }));
    let page = format!("{}&state=two", nobody.page(&[("state", "one")]));
    assert_eq!(page.matches("state=").count(), 2, "{page}");
    let refused = nobody.http.get(&page).send().await.unwrap();
    assert!(refused.status() == 400 || header(&refused, "location").contains("invalid_request"), "{refused:?}");
    // A page is not refused for how somebody names a language.
    for odd in ["lang=latino-sine-flexione", "lang=it&lang=en", "lang"] {
        let page = nobody.http.get(format!("{}/verifica?{odd}", nobody.url)).send().await.unwrap();
        assert_eq!(page.status(), StatusCode::OK, "{odd}");
    }
    // An office is told what it asked for, and what it brought.
    assert_eq!(world.town.office("GET", "/cases?office=anagrafe", None).await.0, 400);
    assert_eq!(world.town.office("GET", &format!("/cases?office={}", made(1)), None).await.0, 200);
    assert_eq!(world.town.office("POST", "/files", None).await.0, 415, "nothing is no paper");
}
