//! Resumable uploads against tus 1.0.0, MUST by MUST: core, creation, checksum, termination, expiration.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as B64;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};
use sha2::Digest as _;
use world::{World, made};

/// A device that has announced one photo of these bytes.
struct Sender {
    http: reqwest::Client,
    url: String,
    token: String,
    bytes: Vec<u8>,
}

const REPORT: &str = "018f0000-0000-7000-8000-000000000001";
const PHOTO: &str = "018f0000-0000-7000-8000-000000000002";

impl Sender {
    async fn new(world: &World) -> Self {
        let (http, url) = (reqwest::Client::new(), world.town.url());
        let device = json!({ "id": made(7), "secret": "s".repeat(43) });
        let reply: Value =
            http.post(format!("{url}/v1/devices")).json(&device).send().await.unwrap().json().await.unwrap();
        let token = reply["token"].as_str().unwrap().to_owned();
        let bytes = world::photos::of_bytes(5_000);
        let sender = Self { http, url, token, bytes };
        let report = json!({ "category": "roads", "title": "Buca", "details": "Buca", "place": { "source": "words", "note": "qui" },
            "sent_at": "2026-03-12T07:41:00Z",
            "photos": [{ "id": PHOTO, "sha256": sender.sha256(), "size": sender.bytes.len() }] });
        let put =
            sender.http.put(format!("{}/v1/reports/{REPORT}", sender.url)).bearer_auth(&sender.token).json(&report);
        assert_eq!(put.send().await.unwrap().status(), 201);
        sender
    }

    fn sha256(&self) -> String {
        sha2::Sha256::digest(&self.bytes).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn metadata(&self) -> String {
        format!("report {},photo {},sha256 {}", B64.encode(REPORT), B64.encode(PHOTO), B64.encode(self.sha256()))
    }

    fn bare(&self, verb: &str, path: &str) -> RequestBuilder {
        let verb = Method::from_bytes(verb.as_bytes()).unwrap();
        self.http.request(verb, format!("{}{path}", self.url)).bearer_auth(&self.token)
    }

    fn speak(&self, verb: &str, path: &str) -> RequestBuilder {
        self.bare(verb, path).header("Tus-Resumable", "1.0.0")
    }

    fn creation(&self) -> RequestBuilder {
        let length = self.bytes.len().to_string();
        self.speak("POST", "/v1/uploads").header("Upload-Length", length).header("Upload-Metadata", self.metadata())
    }

    async fn begin(&self) -> String {
        let response = self.creation().send().await.unwrap();
        assert_eq!(response.status(), 201);
        header(&response, "location").unwrap()
    }

    fn piece(&self, place: &str, offset: usize, to: usize) -> RequestBuilder {
        let request = self.speak("PATCH", place).header("Upload-Offset", offset.to_string());
        request.header("Content-Type", "application/offset+octet-stream").body(self.bytes[offset..to].to_vec())
    }

    async fn offset(&self, place: &str) -> String {
        header(&self.speak("HEAD", place).send().await.unwrap(), "upload-offset").unwrap()
    }
}

fn header(response: &Response, name: &str) -> Option<String> {
    response.headers().get(name).map(|value| value.to_str().unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn core_the_version_is_in_every_message() {
    let world = World::new().await;
    let sender = Sender::new(&world).await;
    let place = sender.begin().await;
    for (verb, path) in [("POST", "/v1/uploads"), ("HEAD", &*place), ("PATCH", &*place), ("DELETE", &*place)] {
        let silent = sender.bare(verb, path).send().await.unwrap();
        assert_eq!(silent.status(), 412, "{verb} without a version");
        let other = sender.bare(verb, path).header("Tus-Resumable", "0.2.2").send().await.unwrap();
        assert_eq!((other.status().as_u16(), header(&other, "tus-version").as_deref()), (412, Some("1.0.0")), "{verb}");
        let spoken = sender.speak(verb, path).send().await.unwrap();
        assert_eq!(header(&spoken, "tus-resumable").as_deref(), Some("1.0.0"), "{verb}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn core_options_says_what_is_spoken() {
    let world = World::new().await;
    let sender = Sender::new(&world).await;
    let response = sender.http.request(Method::OPTIONS, format!("{}/v1/uploads", sender.url)).send().await.unwrap();
    assert_eq!(response.status(), 204);
    assert_eq!(header(&response, "tus-version").as_deref(), Some("1.0.0"));
    assert_eq!(header(&response, "tus-extension").as_deref(), Some("creation,checksum,termination,expiration"));
    assert_eq!(header(&response, "tus-max-size").as_deref(), Some("10000000"));
    assert!(header(&response, "tus-checksum-algorithm").unwrap().split(',').any(|word| word == "sha1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn core_head_tells_offset_and_length_and_is_never_stored() {
    let world = World::new().await;
    let sender = Sender::new(&world).await;
    let place = sender.begin().await;
    let response = sender.speak("HEAD", &place).send().await.unwrap();
    assert_eq!(header(&response, "upload-offset").as_deref(), Some("0"), "also when it is nought");
    assert_eq!(header(&response, "upload-length").as_deref(), Some("5000"));
    assert_eq!(header(&response, "upload-metadata"), Some(sender.metadata()));
    assert!(header(&response, "cache-control").unwrap().contains("no-store"));
    let gone = sender.speak("HEAD", "/v1/uploads/018f0000-0000-7000-8000-0000000000ff").send().await.unwrap();
    assert_eq!((gone.status().as_u16(), header(&gone, "upload-offset")), (404, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn core_patch_appends_where_the_last_piece_ended() {
    let world = World::new().await;
    let sender = Sender::new(&world).await;
    let place = sender.begin().await;
    let first = sender.piece(&place, 0, 2_000).send().await.unwrap();
    assert_eq!((first.status().as_u16(), header(&first, "upload-offset").as_deref()), (204, Some("2000")));
    let again = sender.piece(&place, 0, 2_000).send().await.unwrap();
    assert_eq!(again.status(), 409, "not where the last one ended");
    assert_eq!(sender.offset(&place).await, "2000", "and nothing was changed");
    let plain =
        sender.speak("PATCH", &place).header("Upload-Offset", "2000").header("Content-Type", "text/plain").body("x");
    assert_eq!(plain.send().await.unwrap().status(), 415);
    let silent = sender.speak("PATCH", &place).header("Content-Type", "application/offset+octet-stream").body("x");
    assert_eq!(silent.send().await.unwrap().status(), 400, "an offset is required");
    let last = sender.piece(&place, 2_000, 5_000).send().await.unwrap();
    assert_eq!((last.status().as_u16(), header(&last, "upload-offset").as_deref()), (204, Some("5000")));
    assert!(header(&last, "vicino-acknowledgement").is_some(), "and the town signs");
    let file = sender
        .bare("GET", &format!("/v1/files/{}", sender.sha256()))
        .header("Range", "bytes=10-19")
        .send()
        .await
        .unwrap();
    assert_eq!((file.status().as_u16(), file.bytes().await.unwrap().to_vec()), (206, sender.bytes[10..20].to_vec()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_of_a_private_report_is_its_senders_alone() {
    let world = World::new().await;
    let sender = Sender::new(&world).await;
    let other = json!({ "id": made(8), "secret": "o".repeat(43) });
    let other = sender.http.post(format!("{}/v1/devices", sender.url)).json(&other).send().await.unwrap();
    let other: Value = other.json().await.unwrap();
    let other = other["token"].as_str().unwrap();
    let place = sender.begin().await;
    assert_eq!(sender.piece(&place, 0, 5_000).send().await.unwrap().status(), 204);
    let file = format!("/v1/files/{}", sender.sha256());
    assert_eq!(sender.bare("GET", &file).send().await.unwrap().status(), 200, "the sender's own");
    let url = format!("{}{file}", sender.url);
    let strange = sender.http.get(&url).bearer_auth(other).header("Tus-Resumable", "1.0.0").send().await.unwrap();
    assert_eq!(strange.status(), 404, "another device's: as if it were not there");
    let anybody = reqwest::get(&url).await.unwrap();
    assert_eq!(anybody.status(), 401, "nobody's");
}

#[tokio::test(flavor = "multi_thread")]
async fn core_more_bytes_than_announced_are_refused() {
    let world = World::new().await;
    let sender = Sender::new(&world).await;
    let place = sender.begin().await;
    let request = sender.speak("PATCH", &place).header("Upload-Offset", "0");
    let too_many = request.header("Content-Type", "application/offset+octet-stream").body(vec![0; 5_001]);
    assert_eq!(too_many.send().await.unwrap().status(), 413);
}

#[tokio::test(flavor = "multi_thread")]
async fn core_a_method_may_be_said_in_a_header() {
    let world = World::new().await;
    let sender = Sender::new(&world).await;
    let place = sender.begin().await;
    let request = sender.speak("POST", &place).header("X-HTTP-Method-Override", "PATCH").header("Upload-Offset", "0");
    let request = request.header("Content-Type", "application/offset+octet-stream").body(sender.bytes[..100].to_vec());
    assert_eq!(request.send().await.unwrap().status(), 204);
    assert_eq!(sender.offset(&place).await, "100");
    let request = sender.speak("POST", &place).header("X-HTTP-Method-Override", "DELETE");
    assert_eq!(request.send().await.unwrap().status(), 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn creation_wants_a_length_within_the_limit_and_an_announced_file() {
    let world = World::new().await;
    let sender = Sender::new(&world).await;
    let begin = |length: &str| {
        sender.speak("POST", "/v1/uploads").header("Upload-Length", length).header("Upload-Metadata", sender.metadata())
    };
    assert_eq!(begin("10000001").send().await.unwrap().status(), 413);
    for nonsense in ["-1", "5e3", "", "abc"] {
        assert_eq!(begin(nonsense).send().await.unwrap().status(), 400, "{nonsense}");
    }
    assert_eq!(begin("4999").send().await.unwrap().status(), 422, "not what the report announced");
    let deferred = sender
        .speak("POST", "/v1/uploads")
        .header("Upload-Defer-Length", "1")
        .header("Upload-Metadata", sender.metadata());
    assert_eq!(deferred.send().await.unwrap().status(), 400, "that extension is not spoken here");
    let first = sender.begin().await;
    assert!(first.starts_with("/v1/uploads/"));
    assert_eq!(sender.begin().await, first, "the same photo again is the same upload");
}

#[tokio::test(flavor = "multi_thread")]
async fn checksum_vouches_for_a_piece() {
    let world = World::new().await;
    let sender = Sender::new(&world).await;
    let place = sender.begin().await;
    let sha1 = B64.encode(sha1::Sha1::digest(&sender.bytes[..1_000]));
    let sha256 = B64.encode(sha2::Sha256::digest(&sender.bytes[1_000..2_000]));
    let wrong = sender
        .piece(&place, 0, 1_000)
        .header("Upload-Checksum", format!("sha1 {}", B64.encode([0; 20])))
        .send()
        .await
        .unwrap();
    assert_eq!(wrong.status(), 460);
    assert_eq!(sender.offset(&place).await, "0", "a wrong piece is thrown away");
    let right = sender.piece(&place, 0, 1_000).header("Upload-Checksum", format!("sha1 {sha1}")).send().await.unwrap();
    assert_eq!(right.status(), 204);
    let right =
        sender.piece(&place, 1_000, 2_000).header("Upload-Checksum", format!("sha256 {sha256}")).send().await.unwrap();
    assert_eq!(right.status(), 204);
    let unknown = sender.piece(&place, 2_000, 3_000).header("Upload-Checksum", "crc32 AAAA").send().await.unwrap();
    assert_eq!(unknown.status(), 400);
    assert_eq!(sender.offset(&place).await, "2000");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_of_another_digest_is_not_taken() {
    let world = World::new().await;
    let mut sender = Sender::new(&world).await;
    let place = sender.begin().await;
    sender.bytes[17] ^= 1;
    let last = sender.piece(&place, 0, 5_000).send().await.unwrap();
    assert_eq!(last.status(), 460);
    assert_eq!(sender.speak("HEAD", &place).send().await.unwrap().status(), 404, "it is begun again from nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn termination_takes_the_bytes_away() {
    let world = World::new().await;
    let sender = Sender::new(&world).await;
    let place = sender.begin().await;
    sender.piece(&place, 0, 1_000).send().await.unwrap();
    assert_eq!(sender.speak("DELETE", &place).send().await.unwrap().status(), 204);
    for verb in ["HEAD", "DELETE"] {
        assert_eq!(sender.speak(verb, &place).send().await.unwrap().status(), 404, "{verb}");
    }
    assert_eq!(sender.piece(&place, 0, 1_000).send().await.unwrap().status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn expiration_is_told_and_kept() {
    let world = World::new().await;
    let sender = Sender::new(&world).await;
    let begun = sender.creation().send().await.unwrap();
    let place = header(&begun, "location").unwrap();
    let expires = header(&begun, "upload-expires").unwrap();
    assert!(expires.ends_with(" GMT") && chrono::DateTime::parse_from_rfc2822(&expires).is_ok(), "{expires}");
    world.clock.turn(6 * 86_400);
    let piece = sender.piece(&place, 0, 1_000).send().await.unwrap();
    assert!(header(&piece, "upload-expires").unwrap() > String::new());
    world.clock.turn(6 * 86_400);
    assert_eq!(sender.offset(&place).await, "1000", "each piece buys time");
    world.clock.turn(2 * 86_400);
    assert_eq!(sender.speak("HEAD", &place).send().await.unwrap().status(), 410);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_before_a_cut_is_kept() {
    use tokio::io::AsyncWriteExt as _;
    let world = World::new().await;
    let sender = Sender::new(&world).await;
    let place = sender.begin().await;
    let mut wire = tokio::net::TcpStream::connect(world.town.address()).await.unwrap();
    let head = format!(
        "PATCH {place} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n\
         Content-Type: application/offset+octet-stream\r\nContent-Length: 5000\r\n\r\n",
        sender.token
    );
    wire.write_all(head.as_bytes()).await.unwrap();
    wire.write_all(&sender.bytes[..1_234]).await.unwrap();
    wire.flush().await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    drop(wire);
    for _ in 0..50 {
        if sender.offset(&place).await == "1234" {
            let rest = sender.piece(&place, 1_234, 5_000).send().await.unwrap();
            if rest.status() == 204 {
                return;
            }
            assert_eq!(rest.status(), 423, "locked until the town has noticed the cut");
        }
        tokio::time::sleep(std::time::Duration::from_millis(40)).await;
    }
    panic!("{} bytes were kept", sender.offset(&place).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_stopped_before_its_last_word_is_finished_by_an_empty_piece() {
    let mut world = World::new().await;
    let sender = Sender::new(&world).await;
    let place = sender.begin().await;
    sender.piece(&place, 0, 4_000).send().await.unwrap();
    // The town's program ends when the last byte is on its disk and nothing was signed yet.
    let name = place.rsplit('/').next().unwrap();
    world.town.append_to_upload(name, &sender.bytes[4_000..]);
    world.restart_town().await;
    let sender = Sender { url: world.town.url(), ..sender };
    assert_eq!(sender.offset(&place).await, "5000");
    let finished = sender.piece(&place, 5_000, 5_000).send().await.unwrap();
    assert_eq!(finished.status(), 204);
    assert!(header(&finished, "vicino-acknowledgement").is_some());
}

/// Creation asked for again, while a piece is taken and after the last one: the same upload, how far it is, and no bytes that are nobody's.
#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_is_asked_for_again_is_the_same_one() {
    let world = World::new().await;
    let sender = Sender::new(&world).await;
    let place = sender.begin().await;
    let half = sender.bytes.len() / 2;
    assert_eq!(sender.piece(&place, 0, half).send().await.unwrap().status(), 204);
    let again = sender.creation().send().await.unwrap();
    assert_eq!((again.status().as_u16(), header(&again, "location")), (201, Some(place.clone())));
    assert_eq!(header(&again, "upload-offset").as_deref(), Some(half.to_string().as_str()), "it goes on where it was");
    assert!(
        again.headers().keys().all(|name| !name.as_str().starts_with("access-control")),
        "no page of another site calls"
    );
    let (last, others) = tokio::join!(
        sender.piece(&place, half, sender.bytes.len()).send(),
        futures_util::future::join_all((0..5).map(|_| sender.creation().send())),
    );
    assert_eq!(last.unwrap().status(), 204);
    for other in others.into_iter().chain([sender.creation().send().await]) {
        assert_eq!(header(&other.unwrap(), "location"), Some(place.clone()));
    }
    assert_eq!(sender.offset(&place).await, sender.bytes.len().to_string());
    let left: Vec<_> = std::fs::read_dir(world.town.folder().join("uploads")).unwrap().flatten().collect();
    assert!(left.is_empty(), "{left:?}");
}
