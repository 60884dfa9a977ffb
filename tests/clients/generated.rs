//! A client that a generator made of the document: it files a report, asks for a stamped certificate, and pays for it.

use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tempfile::tempdir;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use world::{Caller, World, play};

use crate::tools::{document, ended, here, pip};

#[tokio::test(flavor = "multi_thread")]
async fn a_generated_client_reports_asks_for_a_certificate_and_pays() {
    let world = World::today().await;
    let anna = Caller::resident(&world, "Anna").await;
    let folder = tempdir().unwrap();
    let file = document(&world, folder.path()).await;
    let mut generator = pip("openapi-python-client");
    generator.arg("generate").arg("--path").arg(&file).arg("--output-path").arg(folder.path().join("municipal"));
    generator.args(["--meta", "none", "--fail-on-warning", "--config"]).arg(here().join("generator.yaml"));
    let (output, said) = ended(generator, Duration::from_secs(120)).await;
    assert!(output.status.success(), "{said}");

    let photo = folder.path().join("photo.jpg");
    std::fs::write(&photo, world::photos::of_bytes(30_000)).unwrap();
    let mut client = pip("python");
    client.arg(here().join("resident.py")).arg(world.town.url()).arg(anna.token.clone().unwrap()).arg(&photo);
    client.env("PYTHONPATH", folder.path()).env("PYTHONDONTWRITEBYTECODE", "1");
    let mut client = client.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut steps = BufReader::new(client.stdout.take().unwrap()).lines();
    let reported: Value = step(&mut steps).await;
    assert!(reported["number"].as_str().unwrap().contains('/'), "{reported}");
    let paying = step(&mut steps).await;
    assert_eq!(paying["amount"], 1600);
    let page = format!("{}{}", world.town.url(), paying["page"].as_str().unwrap());
    play(&page, "paid").await.unwrap();
    client.stdin.take().unwrap().write_all(b"paid\n").await.unwrap();
    let issued = step(&mut steps).await;
    assert!(issued["paper"].as_u64().unwrap() > 10_000, "{issued}");
    assert!(client.wait().await.unwrap().success());

    // The office has them too.
    let (_, report) =
        world.town.office("GET", &format!("/reports/{}", reported["report"].as_str().unwrap()), None).await;
    assert_eq!((&report["arrived"][0]["arrived"], &report["number"]), (&Value::from(true), &reported["number"]));
}

async fn step<T: tokio::io::AsyncBufRead + Unpin>(steps: &mut tokio::io::Lines<T>) -> Value {
    let line = tokio::time::timeout(Duration::from_secs(60), steps.next_line()).await.expect("it goes on").unwrap();
    serde_json::from_str(&line.expect("the client has ended: what it says stands above")).unwrap()
}
