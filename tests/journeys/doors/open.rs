//! The town stays open: whoever is slow, silent, many or hostile takes their own share, and nobody else's.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use world::{Caller, World, made};

/// A connection to the town from an address of this machine.
async fn connected(world: &World, from: &str) -> Option<TcpStream> {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(format!("{from}:0").parse().unwrap()).unwrap();
    socket.connect(world.town.address()).await.ok()
}

/// A client that calls from an address of this machine.
fn client(from: &str) -> reqwest::Client {
    let redirect = reqwest::redirect::Policy::none();
    reqwest::Client::builder().local_address(from.parse::<IpAddr>().unwrap()).redirect(redirect).build().unwrap()
}

/// Returns whether the other side has closed within this time; what it says meanwhile is read.
async fn closed_within(stream: &mut TcpStream, patience: Duration) -> bool {
    let read = async {
        let mut piece = [0; 1024];
        while stream.read(&mut piece).await.is_ok_and(|read| read > 0) {}
    };
    tokio::time::timeout(patience, read).await.is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn heads_bodies_and_silence_end() {
    let world = World::otherwise(|town| {
        town.bounds.head = Duration::from_millis(600);
        town.bounds.call = Duration::from_millis(900);
    })
    .await;
    let patience = Duration::from_secs(4);
    // Nothing at all; half a head; a head that drips; a body that drips; a body that never comes; idle after an answer.
    let mut silent = connected(&world, "127.0.0.1").await.unwrap();
    let mut half = connected(&world, "127.0.0.1").await.unwrap();
    half.write_all(b"GET /status HTTP/1.1\r\nHost: x\r\n").await.unwrap();
    let mut idle = connected(&world, "127.0.0.1").await.unwrap();
    idle.write_all(b"GET /status HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut never = connected(&world, "127.0.0.1").await.unwrap();
    never
        .write_all(
            b"POST /v1/devices HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{",
        )
        .await
        .unwrap();
    let dripping = connected(&world, "127.0.0.1").await.unwrap();
    let drip = tokio::spawn(async move {
        let mut dripping = dripping;
        let _ = dripping
            .write_all(
                b"POST /v1/devices HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n",
            )
            .await;
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(8) {
            if dripping.write_all(b" ").await.is_err() || closed_within(&mut dripping, Duration::from_millis(100)).await
            {
                return begun.elapsed();
            }
        }
        begun.elapsed()
    });
    for (name, stream) in [("silent", &mut silent), ("half", &mut half), ("idle", &mut idle), ("never", &mut never)] {
        assert!(closed_within(stream, patience).await, "{name}");
    }
    assert!(drip.await.unwrap() < patience, "a body that drips");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_takes_its_own_connections_and_no_others() {
    let world = World::otherwise(|town| town.bounds.connections_per_address = 12).await;
    let mut held = Vec::new();
    for _ in 0..60 {
        let mut stream = connected(&world, "127.0.0.2").await.unwrap();
        let _ = stream.write_all(b"GET /status HTTP/1.1\r\n").await;
        held.push(stream);
    }
    let mut open = 0;
    for stream in &mut held {
        open += usize::from(!closed_within(stream, Duration::from_millis(60)).await);
    }
    assert_eq!(open, 12);
    let honest = client("127.0.0.3").get(format!("{}/status", world.town.url())).send();
    assert_eq!(tokio::time::timeout(Duration::from_secs(2), honest).await.unwrap().unwrap().status(), 200);
}

/// An address that has spent its calls shuts out itself: not a session that is refreshed, nor anybody elsewhere.
#[tokio::test(flavor = "multi_thread")]
async fn a_spent_address_shuts_out_nobody_else() {
    let world = World::otherwise(|town| {
        town.bounds.calls_per_minute = 60;
        town.bounds.refreshes_per_minute = 30;
    })
    .await;
    let mut anna = Caller::resident(&world, "Anna").await;
    let url = world.town.url();
    let mut spent = false;
    for _ in 0..80 {
        spent |= anna.http.get(format!("{url}/.well-known/vicino")).send().await.unwrap().status() == 429;
    }
    assert!(spent);
    // Her session goes on, from the very address: it pays for itself.
    let device = anna.device.to_string();
    let fields = |refresh: &str| {
        [
            ("grant_type", "refresh_token".to_owned()),
            ("client_id", device.clone()),
            ("refresh_token", refresh.to_owned()),
        ]
    };
    let refresh = anna.refresh.take().unwrap();
    let reply = anna.http.post(format!("{url}/oauth/token")).form(&fields(&refresh)).send().await.unwrap();
    assert_eq!(reply.status(), 200);
    let reply: Value = reply.json().await.unwrap();
    anna.token = reply["access_token"].as_str().map(str::to_owned);
    assert_eq!(anna.call("GET", "/v1/changes?own=", None).await, 200);
    // A token that is none is paid by whoever shows it.
    let forged = anna.http.post(format!("{url}/oauth/token")).form(&fields("a.b.c")).send().await.unwrap();
    assert_eq!(forged.status(), 429);
    // Everything else is open to everybody elsewhere.
    let elsewhere = client("127.0.0.4");
    let introduced = json!({ "id": made(0x0f01), "secret": "x".repeat(43) });
    assert_eq!(elsewhere.post(format!("{url}/v1/devices")).json(&introduced).send().await.unwrap().status(), 201);
    for path in ["/.well-known/vicino", "/verifica", "/v1/changes?public=", "/status"] {
        assert_eq!(elsewhere.get(format!("{url}{path}")).send().await.unwrap().status(), 200, "{path}");
    }
    // A session has a bucket of its own too.
    let mut shown = reply["refresh_token"].as_str().unwrap().to_owned();
    let mut refused = false;
    for _ in 0..40 {
        let reply = anna.http.post(format!("{url}/oauth/token")).form(&fields(&shown)).send().await.unwrap();
        if reply.status() == 429 {
            refused = true;
            break;
        }
        shown = reply.json::<Value>().await.unwrap()["refresh_token"].as_str().unwrap().to_owned();
    }
    assert!(refused);
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_trusted_proxy_everybody_is_counted_for_themselves() {
    let world = World::otherwise(|town| {
        town.bounds.calls_per_minute = 30;
        town.bounds.devices_per_day = 3;
        town.proxies = vec!["127.0.0.1/32".parse().unwrap()];
    })
    .await;
    let (proxy, direct, url) = (client("127.0.0.1"), client("127.0.0.9"), world.town.url());
    let ask = |http: &reqwest::Client, forwarded: &str| {
        http.get(format!("{url}/status")).header("x-forwarded-for", forwarded.to_owned()).send()
    };
    for _ in 0..40 {
        ask(&proxy, "198.51.100.7").await.unwrap();
    }
    assert_eq!(ask(&proxy, "198.51.100.7").await.unwrap().status(), 429);
    assert_eq!(
        ask(&proxy, "203.0.113.1, 198.51.100.7").await.unwrap().status(),
        429,
        "what the caller wrote is not believed"
    );
    assert_eq!(ask(&proxy, "198.51.100.8").await.unwrap().status(), 200, "somebody else behind the same proxy");
    for n in 0..40 {
        ask(&direct, &format!("198.51.100.{n}")).await.unwrap();
    }
    assert_eq!(ask(&direct, "198.51.100.99").await.unwrap().status(), 429, "whoever is no proxy is believed nothing");
    // New devices of an address are counted by the day; one that is known is as welcome as ever.
    let introduce = |n: u128, from: &str| {
        let body = json!({ "id": made(0xaa00 + n), "secret": "x".repeat(43) });
        proxy.post(format!("{url}/v1/devices")).header("x-forwarded-for", from.to_owned()).json(&body).send()
    };
    let mut given = Vec::new();
    for n in 0..5 {
        given.push(introduce(n, "203.0.113.50").await.unwrap().status().as_u16());
    }
    assert_eq!(given, [201, 201, 201, 429, 429]);
    assert_eq!(introduce(0, "203.0.113.50").await.unwrap().status(), 201);
    assert_eq!(introduce(3, "203.0.113.51").await.unwrap().status(), 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn event_streams_are_bounded_and_end_with_their_session() {
    let world = World::otherwise(|town| {
        town.bounds.streams_per_device = 2;
        town.bounds.streams_per_address = 6;
    })
    .await;
    let anna = Caller::resident(&world, "Anna").await;
    let listen = |http: &reqwest::Client, token: Option<&String>| {
        let request = http.get(format!("{}/v1/events", world.town.url()));
        match token {
            Some(token) => request.bearer_auth(token).send(),
            None => request.send(),
        }
    };
    let mut own = listen(&anna.http, anna.token.as_ref()).await.unwrap();
    let second = listen(&anna.http, anna.token.as_ref()).await.unwrap();
    assert_eq!((own.status(), second.status()), (200.try_into().unwrap(), 200.try_into().unwrap()));
    assert_eq!(listen(&anna.http, anna.token.as_ref()).await.unwrap().status(), 429, "a third one of this device");
    let mut others = Vec::new();
    for _ in 0..6 {
        others.push(listen(&anna.http, None).await.unwrap());
    }
    let open = others.iter().filter(|stream| stream.status() == 200).count();
    assert_eq!(open, 4, "six of this address in all");
    assert_eq!(listen(&client("127.0.0.5"), None).await.unwrap().status(), 200, "elsewhere there is room");
    // A seat is free again when its stream is gone.
    drop((second, others));
    for _ in 0..50 {
        if listen(&anna.http, anna.token.as_ref()).await.unwrap().status() == 200 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // She signs out, on another connection: nothing of hers is told any more, and the stream ends.
    let refresh = anna.refresh.clone().unwrap();
    assert_eq!(anna.form("/oauth/revoke", &[("token", &refresh)]).await.status(), 200);
    let again = Caller::resident(&world, "Anna").await;
    let report = json!({ "category": "roads", "title": "Buca", "details": "Profonda", "place": { "source": "words", "note": "qui" },
        "sent_at": "2026-03-12T07:41:00Z", "photos": [] });
    assert_eq!(again.call("PUT", &format!("/v1/reports/{}", made(0x24)), Some(&report)).await, 201);
    let mut heard = String::new();
    let ended = tokio::time::timeout(Duration::from_secs(5), async {
        while let Ok(Some(piece)) = own.chunk().await {
            heard.push_str(&String::from_utf8_lossy(&piece));
        }
    });
    assert!(ended.await.is_ok(), "the stream ends with its session");
    assert!(!heard.contains("own"), "{heard}");
}

/// A session that the register lost, with a copy that was put back, ends when its resident signs out.
#[tokio::test(flavor = "multi_thread")]
async fn signing_out_of_a_session_the_register_lost_ends_it() {
    let mut world = World::new().await;
    let copy = world.copy_town().await;
    let anna = Caller::resident(&world, "Anna").await;
    world.restore_town(copy).await;
    let url = world.town.url();
    let (refresh, device) = (anna.refresh.clone().unwrap(), anna.device.to_string());
    let post = |path: &str, fields: &[(&str, &str)]| anna.http.post(format!("{url}{path}")).form(fields).send();
    assert_eq!(post("/oauth/revoke", &[("token", &refresh)]).await.unwrap().status(), 200);
    let fields = [("grant_type", "refresh_token"), ("client_id", &device), ("refresh_token", &refresh)];
    assert_eq!(post("/oauth/token", &fields).await.unwrap().status(), 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_never_reads_an_answer_holds_nothing_for_ever() {
    let world = World::otherwise(|town| {
        (town.bounds.call, town.bounds.head) = (Duration::from_millis(900), Duration::from_secs(5));
        town.bounds.connections_per_address = 1;
    })
    .await;
    let mut deaf = connected(&world, "127.0.0.3").await.unwrap();
    let ask = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n".repeat(400);
    // As much as fits: the town stops reading when nobody takes its answers.
    let _ = tokio::time::timeout(Duration::from_millis(500), deaf.write_all(&ask)).await;
    let begun = Instant::now();
    let asked = client("127.0.0.3").get(format!("{}/status", world.town.url())).send().await;
    assert!(asked.is_err(), "its address has one connection, and that is held");
    while client("127.0.0.3").get(format!("{}/status", world.town.url())).send().await.is_err() {
        assert!(begun.elapsed() < Duration::from_secs(20), "it is held for ever");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    drop(deaf);
}
