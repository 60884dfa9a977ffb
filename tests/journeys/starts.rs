//! Starts: of a town and of a device, cut off, doubled, with a key missing or a file damaged. None needs a hand, but where bytes are gone.

use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use vicino_contract::FailureCode;
use vicino_contract::ipc::{CommandHandler as _, LeavePractice, ListBulletins};
use vicino_server::matters::room;
use vicino_server::{OpenError, TownIdentity, practice, system_clock};
use world::driver::built;
use world::{Device, ManualClock, Wire, World};

/// The real server on a folder; its address, or how it ended.
async fn server(folder: &Path, more: &[&str]) -> Result<(Child, String), Output> {
    // No world of ours is about, which would have chosen how calls are sealed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut town = Command::new(built("vicino-server"));
    town.arg("--data").arg(folder).args(["--name", "Comune di Prova"]).args(more);
    let mut child = town.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    match lines.next_line().await.unwrap() {
        Some(line) => Ok((child, line.strip_prefix("listening on ").unwrap().to_owned())),
        None => Err(child.wait_with_output().await.unwrap()),
    }
}

const ANYWHERE: [&str; 2] = ["--listen", "127.0.0.1:0"];

async fn card(url: &str) -> Value {
    reqwest::get(format!("{url}/.well-known/vicino")).await.unwrap().json().await.unwrap()
}

/// Whatever a first start left half written when it was killed, the next one founds the town, and it changes its key and lets its office in.
#[tokio::test(flavor = "multi_thread")]
async fn a_first_start_that_was_cut_off_is_begun_again() {
    let halves: [(&str, &[u8]); 4] =
        [("keys/0001.key", b""), ("keys/0001.key", b"half a secret"), ("keys/0001.json", b""), ("office.token", b"")];
    for (name, bytes) in halves {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("keys")).unwrap();
        std::fs::write(folder.path().join(name), bytes).unwrap();
        let (mut town, url) = server(folder.path(), &ANYWHERE).await.unwrap_or_else(|why| panic!("{name}: {why:?}"));
        let first = card(&url).await["keys"][0]["kid"].clone();
        let token = std::fs::read_to_string(folder.path().join("office.token")).unwrap();
        let office = reqwest::Client::new().get(format!("{url}/office/v1/reports")).bearer_auth(token.trim());
        assert_eq!(office.send().await.unwrap().status(), 200, "{name}: its office enters");
        town.kill().await.unwrap();
        let rotated =
            Command::new(built("vicino-server")).arg("--data").arg(folder.path()).arg("--rotate-key").output();
        let rotated = rotated.await.unwrap();
        assert!(rotated.status.success(), "{name}: {rotated:?}");
        let (_town, url) = server(folder.path(), &ANYWHERE).await.unwrap();
        assert_eq!(card(&url).await["keys"][1]["kid"], first, "{name}: and keeps the key it was founded with");
    }
}

/// The same arguments once more, or the same folder on another port: the second one says why not, and the first one's devices notice nothing.
#[tokio::test(flavor = "multi_thread")]
async fn one_server_on_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let (_town, url) = server(folder.path(), &ANYWHERE).await.unwrap();
    let boots = || {
        let register = rusqlite::Connection::open(folder.path().join("town.db")).unwrap();
        register.query_row("SELECT count(*) FROM boots", [], |row| row.get::<_, u32>(0)).unwrap()
    };
    let before = boots();
    let same = server(folder.path(), &["--listen", url.strip_prefix("http://").unwrap()]).await.unwrap_err();
    let said = String::from_utf8_lossy(&same.stderr).into_owned();
    assert!(
        said.contains("another program listens there") && !said.lines().last().unwrap().contains("os error"),
        "{said}"
    );
    // Nor is anything else that a start is refused for told in the words of a system or a library.
    let strange = folder.path().join("desks.json");
    std::fs::write(&strange, "{\"roads\"").unwrap();
    let strange = strange.to_str().unwrap();
    for (odd, why) in [
        (["--listen", "nowhere"], "no address to listen on"),
        (["--listen", "192.0.2.1:80"], "192.0.2.1:80: "),
        (["--desks", strange], "desks.json: line 1, column 8"),
        (["--desks", "/nothing/here"], "there is no such file"),
        (["--crest", "/nothing/here"], "there is no such file"),
    ] {
        let town = tempfile::tempdir().unwrap();
        let words = if odd[0] == "--listen" { odd.to_vec() } else { [ANYWHERE, odd].concat() };
        let said = String::from_utf8(server(town.path(), &words).await.unwrap_err().stderr).unwrap();
        let last = said.lines().last().unwrap_or_default();
        assert!(last.contains(why) && !last.contains("os error") && !last.contains("EOF"), "{odd:?}: {said}");
    }
    let other = server(folder.path(), &ANYWHERE).await.unwrap_err();
    let said = String::from_utf8_lossy(&other.stderr).into_owned();
    assert!(said.contains("another program uses this town's folder"), "{said}");
    assert_eq!(boots(), before, "no cursor was made another's");
}

fn real() -> TownIdentity {
    TownIdentity { practice: false, ..practice::identity() }
}

/// A key that is gone is not replaced without a word; put back, the town is itself again.
#[tokio::test(flavor = "multi_thread")]
async fn a_town_with_a_past_is_founded_once() {
    let folder = tempfile::tempdir().unwrap();
    let town = vicino_server::open(folder.path(), real(), system_clock()).unwrap();
    let key = town.key();
    town.register.publish("bulletins", world::made(1), &serde_json::json!({ "title": "Avviso" })).unwrap();
    drop(town);
    let (at, aside) = (folder.path().join("keys/0001.key"), folder.path().join("aside"));
    std::fs::rename(&at, &aside).unwrap();
    assert!(matches!(vicino_server::open(folder.path(), real(), system_clock()), Err(OpenError::KeyIsMissing)));
    let refused = server(folder.path(), &ANYWHERE).await.unwrap_err();
    assert!(String::from_utf8_lossy(&refused.stderr).contains("put it back from its copy"));
    std::fs::rename(aside, at).unwrap();
    assert_eq!(vicino_server::open(folder.path(), real(), system_clock()).unwrap().key(), key);
}

/// A register that is gone, or empty, beside the town's keys is not founded anew without a word; nor is a chain of keys with a hole believed.
#[tokio::test(flavor = "multi_thread")]
async fn a_town_whose_register_is_gone_is_not_founded_anew() {
    let folder = tempfile::tempdir().unwrap();
    let open = || vicino_server::open(folder.path(), real(), system_clock());
    let key = open().unwrap().key();
    let (at, aside) = (folder.path().join("town.db"), folder.path().join("aside"));
    std::fs::rename(&at, &aside).unwrap();
    assert!(matches!(open(), Err(OpenError::RegisterIsMissing)) && !at.exists());
    std::fs::write(&at, b"").unwrap();
    assert!(matches!(open(), Err(OpenError::RegisterIsMissing)));
    let refused = server(folder.path(), &ANYWHERE).await.unwrap_err();
    assert!(String::from_utf8_lossy(&refused.stderr).contains("put town.db back from its copy"));
    std::fs::rename(aside, &at).unwrap();
    assert_eq!(open().unwrap().key(), key);
    vicino_server::rotate(folder.path()).unwrap();
    std::fs::write(folder.path().join("keys/0001.json"), b"{").unwrap();
    assert!(matches!(open(), Err(OpenError::KeyFile(file)) if file == "0001.json"));
}

/// What a town is to say of itself is looked at before it stands on papers and devices.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_town_says_of_itself_is_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    for [flag, value] in [
        ["--name", "Comune di \u{202e}Prova"],
        ["--name", "Comune\u{7}"],
        ["--name", " \u{200b}"],
        ["--ipa-code", "c b648"],
        ["--province", "Lucca"],
        ["--province", "L1"],
        ["--address", "javascript:alert(1)"],
        ["--address", "http://vicino.comune.example"],
        ["--address", "https://qualcuno:parola@vicino.comune.example"],
        ["--address", "https://vicino.comune.example/?a=b"],
        ["--creditor", "00000000000"],
        ["--creditor", "1234567890"],
    ] {
        let mut town = Command::new(built("vicino-server"));
        town.arg("--data").arg(folder.path().join("town")).args(ANYWHERE).args([flag, value]).kill_on_drop(true);
        let refused = tokio::time::timeout(Duration::from_secs(20), town.output()).await.unwrap().unwrap();
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(refused.status.code() == Some(2) && said.contains(flag), "{flag} {value:?}: {said}");
        assert!(!folder.path().join("town").exists(), "nothing is founded");
    }
}

/// A stranger's key signed what arrived while the town's own was missing, as releases before did: with the key put back, the same is signed
/// for again, and no device waits for ever.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_stranger_key_signed_is_signed_again() {
    let mut world = World::new().await;
    let device = world.device().await;
    world.settle(&device).await;
    // A report that is delivered, whose photo was cut off on its way.
    device.report("Prima", 1);
    world.cable.set(Wire::BreaksAfter(60_000));
    let _ = device.app().sync().await.unwrap();
    world.cable.set(Wire::Whole);
    assert_eq!(device.outbox().waiting.len(), 1, "{:?}", device.outbox());
    world.town.stop().await;
    let keys = world.town.folder().join("keys");
    let own = tempfile::tempdir().unwrap();
    for name in ["0001.key", "0001.json"] {
        std::fs::rename(keys.join(name), own.path().join(name)).unwrap();
    }
    std::fs::write(keys.join("0001.key"), [9; 32]).unwrap();
    world.town.start().await;
    world.cable.plug(world.town.address());
    let id = device.report("Mentre la chiave mancava", 1);
    world.clock.turn(3600);
    let round = device.app().sync().await.unwrap();
    assert_eq!((round.reached, round.trouble), (false, Some(FailureCode::NotATown)), "people are told why it waits");
    // Also in a round in which nothing is due and nothing signed.
    let round = device.app().sync().await.unwrap();
    assert_eq!((round.reached, round.trouble), (false, Some(FailureCode::NotATown)));
    assert_eq!(world.town.queue().await.len(), 2, "the town took it");
    assert_eq!(device.outbox().waiting.len(), 3, "and the device does not believe it, nor what is said of the photo");
    world.town.stop().await;
    for name in ["0001.key", "0001.json"] {
        std::fs::rename(own.path().join(name), keys.join(name)).unwrap();
    }
    world.town.start().await;
    world.cable.plug(world.town.address());
    world.settle(&device).await;
    assert!(device.outbox().waiting.is_empty(), "{:?}", device.outbox());
    assert_eq!(device.view(id).photos.len(), 1);
    assert_eq!(world.town.queue().await.len(), 2);
}

/// Leaving the practice town, cut off behind its step, goes on at the next start.
#[tokio::test(flavor = "multi_thread")]
async fn leaving_the_practice_town_goes_on_where_it_was_cut_off() {
    let world = World::new().await;
    let mut device = world.signed_in("Anna").await;
    device.report("Una prova", 1);
    world.settle(&device).await;
    let old = device.own_folder();
    let (copy, bulletins) = (tempfile::tempdir().unwrap(), |device: &Device| {
        device.app().handle(ListBulletins { kind: None, offset: 0, limit: 9 }).unwrap().total
    });
    assert!(bulletins(&device) > 0);
    // What a kill behind the step leaves: the old one and the town's facts are there again, and the intention.
    device.close();
    world::copy_folder(device.folder(), copy.path());
    device.restart();
    device.app().handle(LeavePractice {}).unwrap();
    let newcomer = device.own_folder();
    device.close();
    let name = newcomer.file_name().unwrap();
    world::copy_folder(&newcomer, &copy.path().join("people").join(name));
    std::fs::write(copy.path().join("people/leaving"), name.to_str().unwrap()).unwrap();
    let device = Device::on(copy.path(), ManualClock::at(world.clock.read().timestamp_millis()));
    assert_eq!(device.own_folder().file_name(), Some(name));
    assert!(!copy.path().join("people").join(old.file_name().unwrap()).exists() && bulletins(&device) == 0);
    assert!(!copy.path().join("people/leaving").exists());
}

/// Missing files are noticed when the town starts, and counted in its log.
#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_gone_are_missed() {
    let mut world = World::new().await;
    let device = world.signed_in("Anna").await;
    device.report("Buca", 2);
    world.settle(&device).await;
    assert_eq!(room::missing_files(world.town.town()).unwrap(), 0);
    world.town.stop().await;
    for file in std::fs::read_dir(world.town.folder().join("files")).unwrap() {
        std::fs::remove_file(file.unwrap().path()).unwrap();
    }
    let mut town = Command::new(built("vicino-server"));
    town.args(["--practice", "--no-office", "--data"]).arg(world.town.folder()).args(ANYWHERE);
    let mut town = town.stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
    let mut log = BufReader::new(town.stderr.take().unwrap()).lines();
    let said = tokio::time::timeout(Duration::from_secs(20), async {
        while let Some(line) = log.next_line().await.unwrap() {
            if line.contains("files that matters need") {
                return line;
            }
        }
        String::new()
    });
    assert!(said.await.unwrap().contains("\"missing\":2"));
}
