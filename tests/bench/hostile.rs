//! One hostile laptop against a town in a process of its own: what fifty honest devices feel of it.

use std::net::IpAddr;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as B64;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use sha2::Digest as _;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;
use uuid::Uuid;
use vicino_domain::ReportId;
use vicino_pictures::looking::Looker;
use vicino_server::{TownIdentity, practice, system_clock};
use world::photos::{corners, heavy};

use crate::row::Row;

/// Honest devices.
const DEVICES: u8 = 50;
/// How long each of the two times is measured.
const WHILE: Duration = Duration::from_secs(12);
/// A device rests between its calls: nobody's does nothing else.
const REST: Duration = Duration::from_millis(250);
/// The laptop's address.
const LAPTOP: &str = "127.9.9.9";

/// A town of the size of a small one, in this process, for the one that measures.
pub(crate) fn be_a_town(folder: &Path) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let looker = Looker::beside(std::env::current_exe().unwrap());
        let town = practice::open_as(folder, TownIdentity { looker, ..practice::identity() }, system_clock()).unwrap();
        practice::crowd(&town, 3_000, 1).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("{}", listener.local_addr().unwrap());
        vicino_server::serve(listener, town, std::future::pending()).await.unwrap();
    });
}

/// The laptop, in this process, against a town at this address, for the one that measures; until it is ended.
pub(crate) fn be_hostile(at: &str) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async { while hostile(at).join_next().await.is_some() {} });
}

pub(crate) fn measure() -> Vec<Row> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let (quiet, loud) = runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let (_child, at) = town(folder.path()).await;
        let quiet = honest(&at).await;
        // In a process of its own: what it costs its own machine is no cost of the honest devices'.
        let mut laptop = Command::new(std::env::current_exe().unwrap());
        laptop.env("VICINO_BENCH_LAPTOP", &at);
        let _laptop = laptop.kill_on_drop(true).spawn().unwrap();
        tokio::time::sleep(Duration::from_secs(2)).await;
        (quiet, honest(&at).await)
    });
    let must = "≤ 3 × quiet (floor: the same devices with nobody else there)";
    vec![Row::new("fifty honest devices beside one hostile laptop: p95", "ms", loud, quiet, must, loud <= 3.0 * quiet)]
}

async fn town(folder: &Path) -> (Child, String) {
    let mut town = Command::new(std::env::current_exe().unwrap());
    town.env("VICINO_BENCH_DOOR", folder).stdout(Stdio::piped()).kill_on_drop(true);
    let mut child = town.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let at = lines.next_line().await.unwrap().unwrap();
    (child, at)
}

fn client(from: &str) -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let from: IpAddr = from.parse().unwrap();
    reqwest::Client::builder().local_address(from).timeout(Duration::from_secs(30)).build().unwrap()
}

/// An identity as a device makes them.
fn fresh() -> Uuid {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let mut chance = [7; 10];
    chance.iter_mut().zip(MADE.fetch_add(1, Ordering::Relaxed).to_be_bytes()).for_each(|(to, from)| *to = from);
    ReportId::new(chrono::Utc::now(), chance).uuid()
}

/// A device's token.
async fn introduced(http: &reqwest::Client, at: &str) -> Option<String> {
    let body = json!({ "id": fresh(), "secret": "x".repeat(43) });
    let answer = http.post(format!("http://{at}/v1/devices")).json(&body).send().await.ok()?;
    answer.json::<Value>().await.ok()?["token"].as_str().map(str::to_owned)
}

fn report() -> Value {
    json!({ "category": "roads", "title": "Buca in via Roma", "details": "Profonda, davanti al 14", "photos": [],
        "place": { "source": "words", "note": "via Roma" }, "sent_at": "2026-03-12T07:41:00Z" })
}

/// The 95th percentile of the calls of fifty devices, in milliseconds: each reads what changed and sends a report, in turn.
async fn honest(at: &str) -> f64 {
    let mut devices = JoinSet::new();
    for n in 0..DEVICES {
        let at = at.to_owned();
        devices.spawn(async move {
            let http = client(&format!("127.1.0.{}", n + 1));
            let token = introduced(&http, &at).await.unwrap();
            let (mut times, end) = (Vec::new(), Instant::now() + WHILE);
            while Instant::now() < end {
                let begun = Instant::now();
                let read = http.get(format!("http://{at}/v1/changes?own=&limit=50")).bearer_auth(&token).send().await;
                assert!(read.unwrap().error_for_status().unwrap().bytes().await.is_ok());
                times.push(begun.elapsed().as_secs_f64() * 1000.0);
                let begun = Instant::now();
                let path = format!("http://{at}/v1/reports/{}", fresh());
                let sent = http.put(path).bearer_auth(&token).json(&report()).send().await.unwrap();
                assert_eq!(sent.status(), 201, "an honest device is served");
                times.push(begun.elapsed().as_secs_f64() * 1000.0);
                tokio::time::sleep(REST).await;
            }
            times
        });
    }
    let mut all: Vec<f64> = devices.join_all().await.into_iter().flatten().collect();
    all.sort_by(f64::total_cmp);
    all[all.len() * 95 / 100]
}

/// The seven things of one laptop, at once, until they are ended.
fn hostile(at: &str) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    // Connections that say nothing, heads that drip, event streams nobody reads.
    for n in 0..300_u32 {
        let at = at.to_owned();
        tasks.spawn(async move {
            loop {
                let socket = tokio::net::TcpSocket::new_v4().unwrap();
                socket.bind(format!("{LAPTOP}:0").parse().unwrap()).unwrap();
                let Ok(mut wire) = socket.connect(at.parse().unwrap()).await else {
                    tokio::time::sleep(Duration::from_millis(200)).await;
                    continue;
                };
                let head: &[u8] = match n % 3 {
                    0 => b"",
                    1 => b"GET /v1/changes HTTP/1.1\r\nX: ",
                    _ => b"GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n",
                };
                while wire.write_all(head).await.is_ok() && n % 3 == 1 {
                    tokio::time::sleep(Duration::from_millis(500)).await;
                }
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        });
    }
    // Calls as fast as they go, under addresses of their own invention; new devices; the whole town read from the start.
    for n in 0..24_u32 {
        let (at, http) = (at.to_owned(), client(LAPTOP));
        tasks.spawn(async move {
            for turn in 0_u32.. {
                let forged = format!("10.{}.{}.{}", n, turn % 256, turn / 256 % 256);
                if n % 3 == 0 {
                    drop(introduced(&http, &at).await);
                } else {
                    let path = if n % 3 == 1 { "changes?public=&limit=1000" } else { "changes?own=&limit=1000" };
                    let call = http.get(format!("http://{at}/v1/{path}")).header("x-forwarded-for", forged);
                    if let Ok(answer) = call.send().await {
                        drop(answer.bytes().await);
                    }
                }
            }
        });
    }
    // Pictures made to be looked at for ever, or to be gigabytes once opened.
    for picture in [corners(), heavy(), corners(), heavy()] {
        let (at, http) = (at.to_owned(), client(LAPTOP));
        tasks.spawn(async move {
            loop {
                let form = Form::new().part("file", Part::bytes(picture.clone()).file_name("c.png"));
                drop(http.post(format!("http://{at}/verifica")).multipart(form).send().await);
            }
        });
    }
    // Devices that fill the disk.
    for _ in 0..4 {
        let (at, http) = (at.to_owned(), client(LAPTOP));
        tasks.spawn(async move {
            let token = introduced(&http, &at).await.unwrap_or_default();
            loop {
                fill(&http, &at, &token).await;
            }
        });
    }
    tasks
}

/// Announces a photo of four megabytes, and sends its bytes.
async fn fill(http: &reqwest::Client, at: &str, token: &str) {
    let (report, photo, bytes) = (fresh(), fresh(), vec![b'x'; 4_000_000]);
    let digest: String = sha2::Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let mut body = self::report();
    body["photos"] = json!([{ "id": photo, "sha256": digest, "size": bytes.len() }]);
    drop(http.put(format!("http://{at}/v1/reports/{report}")).bearer_auth(token).json(&body).send().await);
    let words = [("report", report.to_string()), ("photo", photo.to_string()), ("sha256", digest)];
    let metadata: Vec<String> = words.iter().map(|(name, word)| format!("{name} {}", B64.encode(word))).collect();
    let begun = http.post(format!("http://{at}/v1/uploads")).bearer_auth(token).header("tus-resumable", "1.0.0");
    let begun = begun.header("upload-length", bytes.len()).header("upload-metadata", metadata.join(",")).send().await;
    let place = begun.ok().and_then(|begun| Some(begun.headers().get("location")?.to_str().ok()?.to_owned()));
    if let Some(place) = place {
        let piece = http.patch(format!("http://{at}{place}")).bearer_auth(token).header("tus-resumable", "1.0.0");
        let piece = piece.header("upload-offset", 0).header("content-type", "application/offset+octet-stream");
        drop(piece.body(bytes).send().await);
    }
}
