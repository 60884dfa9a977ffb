//! What is said to a town in lines: cursors, the headers of uploads.

use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};
use tokio::runtime::Runtime;
use world::{Caller, World};

use crate::spoilt::{lines, tried};

/// A town that asks nobody to wait, and a resident of it.
fn open(runtime: &Runtime) -> (World, Caller) {
    runtime.block_on(async {
        let world = World::otherwise(|identity| {
            identity.bounds.calls_per_minute = 10_000_000;
            identity.bounds.address_calls_per_minute = 10_000_000;
        });
        let world = world.await;
        let anna = Caller::resident(&world, "Anna").await;
        (world, anna)
    })
}

#[test]
fn cursors() {
    let runtime = Runtime::new().unwrap();
    let (world, anna) = open(&runtime);
    let page = async || {
        let url = format!("{}/v1/changes?own=&public=&limit=5", anna.url);
        let answer = anna.http.get(url).bearer_auth(anna.token.clone().unwrap()).send().await.unwrap();
        answer.json::<serde_json::Value>().await.unwrap()
    };
    let page = runtime.block_on(page());
    let cursors = ["own", "public"].map(|feed| page[feed]["next"].as_str().unwrap().as_bytes().to_vec());
    tried("cursors", cursors.to_vec(), |bytes| {
        let cursor = String::from_utf8_lossy(bytes);
        let status = runtime.block_on(async {
            let mut url = reqwest::Url::parse(&format!("{}/v1/changes", anna.url)).unwrap();
            url.query_pairs_mut().append_pair("own", &cursor).append_pair("public", &cursor);
            anna.http.get(url).bearer_auth(anna.token.clone().unwrap()).send().await.unwrap().status().as_u16()
        });
        assert!([200, 304, 400, 410, 414, 431].contains(&status), "{cursor:?}: {status}");
    });
    drop(world);
}

#[test]
fn headers_of_uploads() {
    let runtime = Runtime::new().unwrap();
    let (world, anna) = open(&runtime);
    let examples = lines(include_str!("corpus/uploads.txt"));
    tried("uploads", examples, |bytes| {
        let mut url = format!("{}/v1/uploads", anna.url);
        let mut asked = reqwest::header::HeaderMap::new();
        // A line is a verb and headers, a tab between: `POST\tUpload-Length: 5`.
        let mut parts = bytes.split(|byte| *byte == b'\t');
        let verb = parts.next().and_then(|verb| Method::from_bytes(verb).ok()).unwrap_or(Method::POST);
        if verb != Method::POST && verb != Method::OPTIONS {
            url.push_str("/0190a0a0-0000-7000-8000-000000000001");
        }
        for part in parts {
            let mut pair = part.splitn(2, |byte| *byte == b':');
            let name = pair.next().and_then(|name| HeaderName::from_bytes(name).ok());
            let value = pair.next().and_then(|value| HeaderValue::from_bytes(value.trim_ascii()).ok());
            // What frames a request is the client's own.
            if let (Some(name), Some(value)) = (name, value)
                && !["content-length", "transfer-encoding", "host", "connection"].contains(&name.as_str())
            {
                asked.append(name, value);
            }
        }
        let status = runtime.block_on(async {
            let request = anna.http.request(verb.clone(), url).bearer_auth(anna.token.clone().unwrap()).headers(asked);
            // A client may refuse to send what no server would read.
            request.send().await.map(|answer| answer.status().as_u16())
        });
        assert!(status.as_ref().is_ok_and(|status| *status < 500) || status.is_err(), "{verb}: {status:?}");
    });
    runtime.block_on(async { assert_eq!(Caller::nobody(&world).await.call("GET", "/status", None).await, 200) });
}
