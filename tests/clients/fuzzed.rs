//! Thousands of calls that a fuzzer makes of the document, as each of five callers, with every check it has. A longer run than that of
//! the test command: `VICINO_FUZZ_EXAMPLES=200`.

use std::path::Path;
use std::time::Duration;

use serde_json::json;
use tempfile::tempdir;
use world::{Caller, World};

use crate::tools::{document, ended, pip};

/// What ends the caller's own session: called by somebody who is then done.
const GOODBYES: [&str; 3] = ["sign-out-everywhere", "sign-out-there", "sign-out"];
/// A stream that does not end by itself; `tests/journeys` listens to it.
const STREAM: &str = "listen";

/// A town where nobody is asked to wait: what a meter refuses would say nothing of what is behind it.
async fn patient() -> World {
    World::otherwise(|identity| {
        let bounds = &mut identity.bounds;
        for often in [
            &mut bounds.calls_per_minute,
            &mut bounds.address_calls_per_minute,
            &mut bounds.words_kilobytes_per_day,
            &mut bounds.devices_per_day,
            &mut bounds.carts_per_hour,
            &mut bounds.certificates_per_day,
            &mut bounds.signatures_per_day,
        ] {
            *often = 10_000_000;
        }
    })
    .await
}

/// Returns whether the fuzzer finds nothing in what this document says of the town, and what it said.
async fn fuzzed(world: &World, document: &Path, token: Option<&str>, wanted: &[&str]) -> (bool, String) {
    let examples = std::env::var("VICINO_FUZZ_EXAMPLES").unwrap_or_else(|_| String::from("8"));
    let mut fuzzer = pip("st");
    fuzzer.arg("run").arg(document).args(["--url", &world.town.url(), "--checks", "all", "--seed", "1"]);
    fuzzer.args(["--max-examples", &examples, "--generation-database", "none"]).args(wanted);
    if let Some(token) = token {
        fuzzer.args(["--header", &format!("Authorization: Bearer {token}")]);
    }
    let (output, said) = ended(fuzzer, Duration::from_secs(1_800)).await;
    (output.status.success(), said)
}

async fn nothing_is_found(world: &World, token: Option<&str>, wanted: &[&str]) {
    let folder = tempdir().unwrap();
    let file = document(world, folder.path()).await;
    let (fine, said) = fuzzed(world, &file, token, wanted).await;
    let at = said.find("= FAILURES =").or_else(|| said.find("= ERRORS =")).unwrap_or(0);
    assert!(fine, "{}", said.get(at..).unwrap_or(&said));
    // It did call.
    let called = said.lines().find(|line| line.contains(" generated")).unwrap_or(&said);
    let count: usize = called.trim().split(' ').next().unwrap().parse().unwrap();
    assert!(count > 20, "{called}");
}

async fn as_a(token: Option<String>, world: &World) {
    let without: Vec<&str> = GOODBYES.iter().chain([&STREAM]).flat_map(|id| ["--exclude-operation-id", *id]).collect();
    nothing_is_found(world, token.as_deref(), &without).await;
    let goodbyes: Vec<&str> = GOODBYES.iter().flat_map(|id| ["--include-operation-id", *id]).collect();
    nothing_is_found(world, token.as_deref(), &goodbyes).await;
}

async fn operator(world: &World, role: &str) -> Option<String> {
    let (status, named) = world.town.office("POST", "/operators", Some(json!({ "name": "Prova", "role": role }))).await;
    assert_eq!(status, 201, "{named}");
    named["token"].as_str().map(str::to_owned)
}

/// A fuzzer that finds nothing anywhere shows nothing.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_document_leaves_out_is_found() {
    let world = patient().await;
    let folder = tempdir().unwrap();
    let file = document(&world, folder.path()).await;
    let spoilt = std::fs::read_to_string(&file).unwrap().replace("\"401\":", "\"402\":");
    std::fs::write(&file, spoilt).unwrap();
    let (fine, said) = fuzzed(&world, &file, None, &["--include-operation-id", "read-devices"]).await;
    assert!(!fine && said.contains("Undocumented status code"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_calls() {
    as_a(None, &patient().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_calls() {
    let world = patient().await;
    as_a(Caller::device(&world).await.token, &world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resident_calls() {
    let world = patient().await;
    as_a(Caller::resident(&world, "Anna").await.token, &world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_calls() {
    let world = patient().await;
    as_a(operator(&world, "clerk").await, &world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_calls() {
    let world = patient().await;
    as_a(operator(&world, "manager").await, &world).await;
}
