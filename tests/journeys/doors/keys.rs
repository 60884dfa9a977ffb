//! A key is its thumbprint, one that was changed opens nothing, and the day a key leaks is played.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use axum::http::HeaderMap;
use reqwest::multipart::Form;
use serde_json::{Value, json};
use uuid::Uuid;
use vicino_contract::FailureCode;
use vicino_contract::http::{CARD_SIGNATURE, CertificateClaims};
use vicino_contract::ipc::{CheckText, CommandHandler as _, GetReceipt, GetTown, ListCertificates, Verdict};
use vicino_contract::jws::{Kind, TownSigner};
use vicino_domain::certificate::CertificateKind;
use world::driver::built;
use world::{Caller, Device, ManualClock, World};

use crate::steps::certificate_page::page;
use crate::steps::certificates::{ask, exempt, settle, shown};

/// A false town: a card of its maker's choice, signed by whom they like, at an address of its own.
async fn false_town(card: Value, signer: &TownSigner) -> String {
    let bytes = serde_json::to_vec(&card).unwrap();
    let signature = signer.sign_detached(Kind::Card, &bytes);
    let answer = Arc::new((bytes, signature));
    let card = move || {
        let (bytes, signature) = (answer.0.clone(), answer.1.clone());
        async move {
            let mut headers = HeaderMap::new();
            headers.insert("content-type", "application/json".parse().unwrap());
            headers.insert(CARD_SIGNATURE, signature.parse().unwrap());
            (headers, bytes)
        }
    };
    let router = axum::Router::new().route("/.well-known/vicino", axum::routing::get(card));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

/// The seed a thief copied.
fn seed(world: &World, n: usize) -> TownSigner {
    let bytes = std::fs::read(world.town.folder().join(format!("keys/{n:04}.key"))).unwrap();
    TownSigner::from_seed(bytes.try_into().unwrap())
}

/// A command of the server on the town's folder, as `docs/security.md` has it.
fn command(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let done = Command::new(built("vicino-server")).arg("--data").arg(folder).args(arguments).output().unwrap();
    (
        done.status.success(),
        format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr)),
    )
}

fn signed(signer: &TownSigner, card: &mut Value) {
    card["keys"] = json!([signer.public()]);
    card["succession"] = json!([]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fingerprint_on_the_screen_is_the_key_that_signs() {
    let world = World::new().await;
    let (mut card, thief) = (world.town.card().await, TownSigner::from_seed([9; 32]));
    let truth = card["keys"][0]["kid"].clone();
    signed(&thief, &mut card);
    // The true town's name over the thief's key; the same key twice; the thief's own name is shown as what it is.
    let mut lying = card.clone();
    lying["keys"][0]["kid"] = truth.clone();
    let mut sealing = card.clone();
    sealing["sealers"] = json!([{ "kid": truth, "x": thief.public().x() }]);
    let mut twice = card.clone();
    twice["keys"] = json!([thief.public(), thief.public()]);
    let mut given_up = card.clone();
    given_up["compromised"] = json!([{ "kid": thief.public().kid(), "since": "2026-03-01T00:00:00Z" }]);
    for (name, card) in
        [("another's name", lying), ("a sealer", sealing), ("twice", twice), ("given up by itself", given_up)]
    {
        let device = Device::new(ManualClock::new());
        let url = false_town(card, &thief).await;
        assert_eq!(device.app().join(&url).await.unwrap_err().code, FailureCode::NotATown, "{name}");
        assert_eq!(device.app().has_joined().unwrap(), (false, false), "{name}");
    }
    let own = Device::new(ManualClock::new());
    own.app().join(&false_town(card, &thief).await).await.unwrap();
    let shown = own.app().handle(GetTown {}).unwrap();
    assert_ne!(shown.fingerprint.replace(' ', ""), truth.as_str().unwrap(), "what is compared is what signs");
}

/// A device of before that had believed a name another key bore: it asks for a town anew, and keeps what was written on it.
#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_believed_a_false_name_chooses_its_town_anew() {
    let world = World::new().await;
    let mut device = world.device().await;
    let report = device.report("Buca", 0);
    let file = device.own_folder();
    device.close();
    let mut store = private_store(&file);
    let (card, keys) = store.town();
    let forged = |json: &str| {
        let mut value: Value = serde_json::from_str(json).unwrap();
        let list = if value.is_array() { &mut value } else { &mut value["keys"] };
        list[0]["x"] = json!(TownSigner::from_seed([9; 32]).public().x());
        value.to_string()
    };
    store.set_town(&forged(&card), &forged(&keys));
    drop(store);
    device.restart();
    assert_eq!(device.app().has_joined().unwrap(), (false, false));
    device.app().join(&world.cable.url()).await.unwrap();
    world.settle(&device).await;
    assert!(
        device.app().handle(GetReceipt { matter: report.into() }).is_ok(),
        "what was written is delivered to the true town"
    );
}

/// The private store of a device, opened with its key as the device does.
struct Store(rusqlite::Connection);

fn private_store(folder: &Path) -> Store {
    let key: String =
        std::fs::read(folder.join("store.key")).unwrap().iter().map(|byte| format!("{byte:02x}")).collect();
    let store = rusqlite::Connection::open(folder.join("private.db")).unwrap();
    store.pragma_update(None, "key", format!("x'{key}'")).unwrap();
    Store(store)
}

impl Store {
    fn town(&self) -> (String, String) {
        self.0.query_row("SELECT card, keys FROM town", [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
    }

    fn set_town(&mut self, card: &str, keys: &str) {
        self.0.execute("UPDATE town SET card = ?1, keys = ?2", [card, keys]).unwrap();
    }
}

fn refresh_of(signer: &TownSigner, session: Uuid, device: Uuid, resident: Uuid) -> String {
    let claims = json!({ "session": session, "device": device, "resident": resident, "generation": 1, "exp": 4_000_000_000_i64 });
    signer.sign(Kind::Refresh, &serde_json::to_vec(&claims).unwrap())
}

async fn refreshed(caller: &Caller, token: &str) -> u16 {
    let device = caller.device.to_string();
    let fields = [("grant_type", "refresh_token"), ("client_id", device.as_str()), ("refresh_token", token)];
    caller.form("/oauth/token", &fields).await.status().as_u16()
}

/// A key that was changed, wherever a copy of its seed lies, opens nothing: no session that never was, no certificate that was never
/// given, no successor of its own.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_was_changed_opens_nothing_any_more() {
    let mut world = World::new().await;
    let device = world.signed_in("Anna").await;
    let (thief, before) = (seed(&world, 1), Caller::resident(&world, "Luca").await);
    vicino_server::rotate(world.town.folder()).unwrap();
    assert!(!world.town.folder().join("keys/0001.key").exists(), "the seed is destroyed with the change");
    world.restart_town().await;
    device.app().join(&world.cable.url()).await.unwrap();
    world.settle(&device).await;
    let url = world.town.url();
    let luca = Caller { url: url.clone(), ..Caller::device(&world).await };
    let anna = device.app().handle(ListCertificates {}).unwrap().people[0].id.uuid();
    assert_eq!(
        refreshed(&luca, &refresh_of(&thief, Uuid::from_u128(1), luca.device, anna)).await,
        400,
        "a session that never was"
    );
    // Whoever had signed in before goes on: the register knows their session.
    let before = Caller { url: url.clone(), ..before };
    assert_eq!(refreshed(&before, before.refresh.as_deref().unwrap()).await, 200);
    // The key vouches for nobody any more, where its successor is known.
    let mut card = world.town.card().await;
    let evil = TownSigner::from_seed([9; 32]);
    card["keys"] = json!([evil.public(), thief.public()]);
    card["succession"] = json!([thief.sign(Kind::Successor, &serde_json::to_vec(&evil.public()).unwrap())]);
    let refused = device.app().join(&false_town(card, &evil).await).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::OtherTown);
    // A certificate that nobody was ever given.
    let word = forged(&world, "2026/999999");
    let said = page(
        &world,
        Form::new().text("text", thief.sign(Kind::Certificate, &serde_json::to_vec(&word).unwrap())),
        "en",
    )
    .await
    .1;
    assert!(said.contains("not in the register") && !said.contains("genuine"), "{said}");
}

fn forged(world: &World, number: &str) -> CertificateClaims {
    let today = vicino_domain::town_day(world.clock.read());
    CertificateClaims {
        iss: "x_prova".into(),
        kind: CertificateClaims::KIND.into(),
        number: number.into(),
        name: "Anna Berti".into(),
        born_on: "1986-05-14".parse().unwrap(),
        says: vec!["è proprietaria della piazza".into()],
        on: today,
        until: None,
        document: String::new(),
    }
}

/// The day a key leaks, by the commands of `docs/security.md`; nothing acknowledged is lost by it.
#[tokio::test(flavor = "multi_thread")]
async fn the_day_a_key_leaks() {
    let mut world = World::new().await;
    let device = world.signed_in("Anna").await;
    let report = device.report("Lampione", 0);
    let id = ask(&device, "Anna", &[CertificateKind::Residence], exempt());
    settle(&world, &device).await;
    let view = shown(&device, id);
    let (number, (text, _)) = (view.number.unwrap(), view.word.unwrap());
    let (thief, anna) = (seed(&world, 1), Caller::resident(&world, "Anna").await);
    let kid = thief.public().fingerprint();

    // The day: stop, change the key, give the old one up, start.
    world.town.stop().await;
    let folder = world.town.folder().to_owned();
    let (refused, why) = command(&folder, &["--revoke-key", &kid]);
    assert!(!refused && why.contains("--rotate-key"), "{why}");
    assert!(command(&folder, &["--rotate-key"]).0);
    let at = (world.clock.read() - chrono::TimeDelta::hours(1)).to_rfc3339();
    let (done, said) = command(&folder, &["--revoke-key", &kid, "--since", &at]);
    assert!(done, "{said}");
    world.town.start().await;
    world.cable.plug(world.town.address());

    // The card names it; what it signs is no acknowledgement, no session, no card, no successor.
    let card = world.town.card().await;
    assert_eq!(card["compromised"][0]["kid"], thief.public().kid());
    let anna = Caller { url: world.town.url(), ..anna };
    assert_eq!(refreshed(&anna, anna.refresh.as_deref().unwrap()).await, 400, "everybody signs in again");
    device.app().join(&world.cable.url()).await.unwrap();
    let mut stolen = card.clone();
    signed(&thief, &mut stolen);
    assert_eq!(device.app().join(&false_town(stolen, &thief).await).await.unwrap_err().code, FailureCode::OtherTown);
    // With a date before the day, too: no device can tell, the town's register can.
    let check = |text: &str| device.app().handle(CheckText { text: text.into() }).unwrap().verdict;
    let forgery = CertificateClaims { on: "2026-01-10".parse().unwrap(), ..forged(&world, &number) };
    let forgery = thief.sign(Kind::Certificate, &serde_json::to_vec(&forgery).unwrap());
    assert_eq!(check(&forgery), Verdict::Compromised);
    assert_eq!(check(&text), Verdict::Compromised, "a true one too: whoever has it is sent to the town");
    let asked = |text: String| Form::new().text("text", text);
    assert!(page(&world, asked(forgery), "en").await.1.contains("not in the register"));
    assert!(page(&world, asked(text), "en").await.1.contains("genuine"), "what the town gave is genuine");

    // Nothing acknowledged is lost: the receipt of before is still shown, and a new report is signed for by the new key.
    assert!(device.app().handle(GetReceipt { matter: report.into() }).is_ok());
    device.app().sign_in_as("Anna").await.unwrap();
    let after = device.report("Buca", 0);
    world.settle(&device).await;
    let receipt = device.app().handle(GetReceipt { matter: after.into() }).unwrap();
    assert_ne!(receipt.fingerprint, kid);
    assert_eq!(world.town.queue().await.len(), 2, "each once");
}
