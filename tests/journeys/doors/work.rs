//! Work for strangers is bounded: pictures, answers, joins; and a town that is told to stop stops.

use std::net::IpAddr;
use std::process::Stdio;
use std::time::Duration;

use reqwest::multipart::{Form, Part};
use serde_json::json;
use sha2::Digest as _;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use vicino_contract::FailureCode;
use world::driver::built;
use world::photos::{corners, heavy};
use world::{Caller, Device, ManualClock, World, made};

/// The server as a town runs it, and its address.
async fn server(folder: &std::path::Path) -> (Child, String) {
    let mut server = Command::new(built("vicino-server"));
    server.args(["--listen", "127.0.0.1:0", "--practice", "--no-office", "--data"]).arg(folder);
    let mut child = server.stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = tokio::time::timeout(Duration::from_secs(60), lines.next_line()).await.unwrap().unwrap().unwrap();
    (child, line.strip_prefix("listening on ").unwrap().to_owned())
}

fn client(from: &str) -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().local_address(from.parse::<IpAddr>().unwrap()).build().unwrap()
}

fn picture(bytes: Vec<u8>) -> Form {
    Form::new().part("file", Part::bytes(bytes).file_name("c.png"))
}

/// Three who bring what is made to be looked at for ever, three who bring gigabytes, three who are silent: a fourth has their code checked,
/// and the town ends when it is told to, with all of them still there.
#[tokio::test(flavor = "multi_thread")]
async fn hostile_and_silent_senders_never_shut_the_page_nor_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let (mut child, url) = server(folder.path()).await;
    let mut sent = Vec::new();
    for (n, bytes) in [corners(), corners(), corners(), heavy(), heavy(), heavy()].into_iter().enumerate() {
        let (http, url) = (client(&format!("127.0.1.{n}")), format!("{url}/verifica"));
        sent.push(tokio::spawn(async move {
            http.post(url).multipart(picture(bytes)).send().await.map(|answer| answer.status().as_u16())
        }));
    }
    let mut silent = Vec::new();
    for n in 0..3 {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind(format!("127.0.2.{n}:0").parse().unwrap()).unwrap();
        let mut wire = socket.connect(url.strip_prefix("http://").unwrap().parse().unwrap()).await.unwrap();
        let head = "POST /verifica HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 9000\r\n\r\n--x\r\n";
        wire.write_all(head.as_bytes()).await.unwrap();
        silent.push(wire);
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let fourth = client("127.0.3.1").post(format!("{url}/verifica")).multipart(Form::new().text("text", "ciao")).send();
    let answer = tokio::time::timeout(Duration::from_secs(45), fourth).await.unwrap().unwrap();
    assert_eq!(answer.status(), 200);
    let mut answered = Vec::new();
    for one in sent {
        answered.push(tokio::time::timeout(Duration::from_secs(60), one).await.unwrap().unwrap().unwrap());
    }
    assert_eq!(answered, [200; 6], "each is told that it was not read");
    // Again, and now the town is told to stop while they are looked at.
    for n in 0..3 {
        let (http, url, bytes) = (client(&format!("127.0.4.{n}")), format!("{url}/verifica"), corners());
        tokio::spawn(async move { http.post(url).multipart(picture(bytes)).send().await.map(drop) });
    }
    let _stream = client("127.0.5.1").get(format!("{url}/v1/events")).send().await.unwrap();
    let mut half = tokio::net::TcpStream::connect(url.strip_prefix("http://").unwrap()).await.unwrap();
    half.write_all(b"GET /status HTTP/1.1\r\n").await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let pid = child.id().unwrap().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    let ended = tokio::time::timeout(Duration::from_secs(10), child.wait()).await;
    assert!(ended.is_ok_and(|status| status.unwrap().success()), "SIGTERM ends the server");
}

/// A false town at an address: it answers whatever is asked with these bytes, for as long as anybody listens.
async fn answers(head: &'static str, body: Vec<u8>, endless: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut wire, _)) = listener.accept().await {
            let body = body.clone();
            tokio::spawn(async move {
                let mut asked = [0; 4096];
                let _ = wire.read(&mut asked).await;
                let _ = wire.write_all(head.as_bytes()).await;
                while wire.write_all(&body).await.is_ok() && endless {}
                let _ = wire.shutdown().await;
            });
        }
    });
    url
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_reads_no_more_of_an_answer_than_a_town_would_say() {
    let device = Device::new(ManualClock::new());
    // 400 MB that travel as some kB; and an answer without end.
    let bomb = zstd::encode_all(std::io::repeat(b' ').take_std(400_000_000), 19).unwrap();
    assert!(bomb.len() < 100_000);
    let zstd = answers(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: zstd\r\nconnection: close\r\n\r\n",
        bomb,
        false,
    )
    .await;
    let endless = answers(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n",
        vec![b' '; 65_536],
        true,
    )
    .await;
    for url in [&zstd, &endless] {
        peak();
        let before = peak();
        let refused = tokio::time::timeout(Duration::from_secs(25), device.app().join(url)).await.unwrap();
        assert_eq!(refused.unwrap_err().code, FailureCode::NotATown);
        let most = peak();
        assert!(most < before + 100_000, "kB of memory at the peak: {before} before, {most} since");
    }
    // A device that has joined is answered so in its town's place, whatever it asks: nothing is lost, and it comes to rest.
    let world = World::new().await;
    let joined = world.device().await;
    joined.report("Buca", 0);
    for url in [&zstd, &endless] {
        world.cable.plug(url.trim_start_matches("http://").parse().unwrap());
        peak();
        let before = peak();
        let _ = tokio::time::timeout(Duration::from_secs(60), joined.app().sync()).await.unwrap();
        let most = peak();
        assert!(most < before + 200_000, "kB of memory at the peak: {before} before, {most} since");
        assert_eq!(joined.outbox().waiting.len(), 1, "it waits for its town");
    }
    // An address that names two hosts is meant to be misread.
    let there = world.town.address();
    for address in [
        format!("http://comune.example@{there}"),
        format!("http://comune.example:x@{there}"),
        format!("http://:x@{there}"),
        String::new(),
        String::from("ftp://127.0.0.1"),
        String::from("http://comune.example"),
    ] {
        assert_eq!(device.app().join(&address).await.unwrap_err().code, FailureCode::NotAnAddress, "{address}");
    }
    device.app().join(&format!("http://{there}/?da=poster#qui")).await.unwrap();
}

/// The most memory this process has held since this was last asked, in kB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    let most = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    // Begins to count anew (proc(5), `/proc/pid/clear_refs`).
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    most
}

/// `Read::take`, on a reader by value.
trait TakeStd: std::io::Read + Sized {
    fn take_std(self, bytes: u64) -> std::io::Take<Self> {
        std::io::Read::take(self, bytes)
    }
}
impl TakeStd for std::io::Repeat {}

/// Photos are pictures also at the town: what is none, or says who took it, is not taken.
#[tokio::test(flavor = "multi_thread")]
async fn a_photo_that_is_none_is_not_taken() {
    let world = World::new().await;
    let device = Caller::device(&world).await;
    let clean = vicino_pictures::photo::develop(&world::photos::noise(640, 480, 3)).unwrap().jpeg;
    let exif = [&clean[..2], &[0xff, 0xe1, 0, 10], b"Exif\0\0MM", &clean[2..]].concat();
    let behind = [&clean[..], b"<script>alert(1)</script>"].concat();
    let heavy = vec![0xff; 3_000];
    let tried = [
        (clean, 204),
        (exif, 422),
        (behind, 422),
        (b"<html><script>".to_vec(), 422),
        (b"MZ\x90\0".repeat(50), 422),
        (heavy, 422),
    ];
    for (n, (bytes, expected)) in (0_u128..).zip(tried) {
        let digest: String = sha2::Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let (report, photo) = (made(0x9000 + n), made(0x9100 + n));
        let body = json!({ "category": "roads", "title": "Buca", "details": "Profonda", "place": { "source": "words", "note": "qui" },
            "sent_at": "2026-03-12T07:41:00Z", "photos": [{ "id": photo, "sha256": digest, "size": bytes.len() }] });
        assert_eq!(device.call("PUT", &format!("/v1/reports/{report}"), Some(&body)).await, 201);
        let encoded = |text: &str| base64::Engine::encode(&base64::prelude::BASE64_STANDARD, text);
        let metadata = format!(
            "report {},photo {},sha256 {}",
            encoded(&report.to_string()),
            encoded(&photo.to_string()),
            encoded(&digest)
        );
        let token = device.token.clone().unwrap();
        let begun =
            device.http.post(format!("{}/v1/uploads", device.url)).bearer_auth(&token).header("tus-resumable", "1.0.0");
        let begun =
            begun.header("upload-length", bytes.len()).header("upload-metadata", metadata).send().await.unwrap();
        assert_eq!(begun.status(), 201);
        let place = format!("{}{}", device.url, begun.headers()["location"].to_str().unwrap());
        let piece =
            device.http.patch(&place).bearer_auth(&token).header("tus-resumable", "1.0.0").header("upload-offset", "0");
        let sent = piece.header("content-type", "application/offset+octet-stream").body(bytes).send().await.unwrap();
        assert_eq!(sent.status().as_u16(), expected, "photo {n}");
        let read = device.call("GET", &format!("/v1/files/{digest}"), None).await;
        assert_eq!(read == 200, expected == 204, "photo {n}");
    }
}
