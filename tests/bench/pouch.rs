//! The same ten thousand records, read by this device and by PouchDB from express-pouchdb, where npm has put it:
//! `npm install --prefix tests/bench pouchdb-node express-pouchdb express@4`.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Instant as Stopwatch;

use rusqlite::Connection;
use serde_json::Value;
use world::Meter;
use world::driver::root;

use crate::row::{Row, middle};
use crate::town::{Site, device};

const RECORDS: u64 = 10_000;

pub(crate) fn measure() -> Vec<Row> {
    let home = std::env::var_os("VICINO_POUCHDB").map_or_else(|| root().join("tests/bench"), PathBuf::from);
    if !home.join("node_modules/express-pouchdb").is_dir() {
        eprintln!("PouchDB is not here: npm install --prefix tests/bench pouchdb-node express-pouchdb express@4");
        return Vec::new();
    }
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(beside(home))
}

async fn beside(home: PathBuf) -> Vec<Row> {
    let site = Site::of(RECORDS).await;
    let folder = tempfile::tempdir().unwrap();
    let records = folder.path().join("records.jsonl");
    write_down(&site, &records);
    let theirs = theirs(home, records).await;

    let meter = Meter::before(&site.url).await;
    let app = device(&folder.path().join("device"));
    app.join(&meter.url()).await.unwrap();
    meter.reset();
    let begun = Stopwatch::now();
    assert!(app.sync().await.unwrap().reached);
    let first = (begun.elapsed().as_secs_f64() * 1e3, meter.carried());
    let (mut times, mut bytes) = (Vec::new(), 0);
    for _ in 0..15 {
        meter.reset();
        let begun = Stopwatch::now();
        assert!(app.sync().await.unwrap().reached);
        times.push(begun.elapsed().as_secs_f64() * 1e3);
        bytes = meter.carried();
    }
    let row = |name: &str, unit, ours: f64, theirs: f64| {
        let name = format!("{name}, beside PouchDB");
        Row::new(&name, unit, ours, theirs, "less than PouchDB (floor)", ours < theirs)
    };
    let kilo = |bytes: usize| bytes as f64 / 1e3;
    let number = |part: &str, what: &str| theirs[part][what].as_f64().unwrap();
    vec![
        row("first sync of 10 000 records", "ms", first.0, number("first", "ms")),
        row("its bytes on the wire, both ways", "kB", kilo(first.1), number("first", "bytes") / 1e3),
        row("idle round", "ms", middle(times), number("idle", "ms")),
        row("its bytes on the wire, both ways", "kB", kilo(bytes), number("idle", "bytes") / 1e3),
    ]
}

/// The public records of a town, a line each.
fn write_down(site: &Site, to: &std::path::Path) {
    let register = Connection::open(site.folder.path().join("town.db")).unwrap();
    let mut statement = register.prepare("SELECT body FROM records WHERE owner IS NULL ORDER BY seq").unwrap();
    let mut file = std::io::BufWriter::new(fs::File::create(to).unwrap());
    for body in statement.query_map([], |row| row.get::<_, String>(0)).unwrap() {
        writeln!(file, "{}", body.unwrap()).unwrap();
    }
    file.flush().unwrap();
}

async fn theirs(home: PathBuf, records: PathBuf) -> Value {
    let script = root().join("tests/bench/pouch.mjs");
    let output = tokio::process::Command::new("node").arg(script).arg(home).arg(records).output().await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    serde_json::from_str(said.lines().last().unwrap()).unwrap()
}
