//! Reading a town: what changed, the whole of it as one file, and nothing at all.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant as Stopwatch;

use rusqlite::Connection;
use sha2::Digest as _;
use vicino_contract::ipc::{CommandHandler as _, ListPublicReports};
use vicino_core::{App, KeyPlace, Opening};
use vicino_server::feed::snapshot;
use vicino_server::{Town, practice, system_clock};
use world::Meter;

use crate::row::{Row, middle};

/// A practice town of a size, answering on the loopback interface.
pub(crate) struct Site {
    pub(crate) town: Arc<Town>,
    pub(crate) url: String,
    pub(crate) folder: tempfile::TempDir,
}

impl Site {
    /// Founds a town with so many more public records; a snapshot when there are enough.
    pub(crate) async fn of(records: u64) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().unwrap();
        let town = practice::open(folder.path(), system_clock()).unwrap();
        let filled = town.clone();
        tokio::task::spawn_blocking(move || {
            practice::crowd(&filled, records, 1).unwrap();
            snapshot::refresh(&filled).unwrap();
        })
        .await
        .unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(vicino_server::serve(listener, town.clone(), std::future::pending()));
        Self { town, url, folder }
    }

    /// The snapshot as it travels.
    fn snapshot(&self) -> PathBuf {
        let files = fs::read_dir(self.folder.path().join("snapshots")).unwrap();
        let mut files = files.map(|entry| entry.unwrap().path());
        files.find(|path| path.extension().is_some_and(|kind| kind == "zst")).unwrap()
    }
}

pub(crate) fn device(folder: &Path) -> App {
    App::open(Opening { key: KeyPlace::OwnerFile, ..Opening::of(folder) }).unwrap()
}

/// A device that has joined and read everything.
pub(crate) async fn reader(url: &str, folder: &Path) -> App {
    let app = device(folder);
    app.join(url).await.unwrap();
    assert!(app.sync().await.unwrap().reached);
    app
}

pub(crate) fn measure() -> Vec<Row> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
        let mut rows = vec![delta().await];
        rows.extend(first_sync().await);
        rows
    })
}

/// Ten thousand changes, read over the loopback interface a page at a time.
async fn delta() -> Row {
    const RECORDS: u64 = 10_000;
    let site = Site::of(1_000).await;
    let folder = tempfile::tempdir().unwrap();
    let app = reader(&site.url, folder.path()).await;
    let before = total(&app);
    let town = site.town.clone();
    // Nobody makes a snapshot of them: they are read one by one.
    tokio::task::spawn_blocking(move || practice::crowd(&town, RECORDS + 2_000, 2).unwrap()).await.unwrap();
    let begun = Stopwatch::now();
    assert!(app.sync().await.unwrap().reached);
    let seconds = begun.elapsed().as_secs_f64();
    assert!(total(&app) > before + 5_000);
    let read = (RECORDS + 2_000) as f64;
    let floor = read / inserts(&site.folder.path().join("town.db"), RECORDS + 2_000);
    Row::new(
        "10 000 changed records: read, durable, searchable",
        "records/s",
        read / seconds,
        floor,
        "≥ 25 000/s (floor: a bare durable insert of the same bytes)",
        read / seconds >= 25_000.0,
    )
}

fn total(app: &App) -> u32 {
    app.handle(ListPublicReports { offset: 0, limit: 1 }).unwrap().total
}

/// Seconds for the same bodies put into a table of a file of their own, a thousand in a transaction.
fn inserts(register: &Path, records: u64) -> f64 {
    let register = Connection::open(register).unwrap();
    let mut statement = register.prepare("SELECT id, body FROM records ORDER BY seq DESC LIMIT ?1").unwrap();
    let rows = statement.query_map([i64::try_from(records).unwrap()], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let bodies: Vec<(String, String)> = rows.map(Result::unwrap).collect();
    let folder = tempfile::tempdir().unwrap();
    let mut file = Connection::open(folder.path().join("floor.db")).unwrap();
    file.pragma_update(None, "journal_mode", "WAL").unwrap();
    file.pragma_update(None, "synchronous", "FULL").unwrap();
    file.execute_batch("CREATE TABLE records (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT").unwrap();
    let begun = Stopwatch::now();
    for page in bodies.chunks(1000) {
        let tx = file.transaction().unwrap();
        for (id, body) in page {
            tx.prepare_cached("INSERT INTO records VALUES (?1, ?2)").unwrap().execute([id, body]).unwrap();
        }
        tx.commit().unwrap();
    }
    begun.elapsed().as_secs_f64()
}

/// A newcomer in a town of a hundred thousand records, and how much memory that takes.
async fn first_sync() -> Vec<Row> {
    let site = Site::of(100_000).await;
    let (mut times, mut floors) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let app = device(folder.path());
        app.join(&site.url).await.unwrap();
        let begun = Stopwatch::now();
        assert!(app.sync().await.unwrap().reached);
        times.push(begun.elapsed().as_secs_f64());
        assert!(total(&app) > 50_000);
        floors.push(unpacking(&site.snapshot()));
    }
    let (time, floor) = (middle(times), middle(floors));
    let peak = peak_of_a_child(&site.url).await;
    vec![
        Row::new(
            "first sync of 100 000 records by snapshot, searchable",
            "s",
            time,
            floor,
            "≤ 3 s and ≤ 1.5 × (floor: copying, decompressing and hashing the file)",
            time <= 3.0 && time <= 1.5 * floor,
        ),
        Row::new(
            "the device's memory meanwhile, peak",
            "MB",
            peak,
            resting(),
            "≤ 120 MB (floor: this program at rest)",
            peak <= 120.0,
        ),
    ]
}

/// Seconds to copy the file, unpack it durably, and take both digests, one after the other.
fn unpacking(packed: &Path) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let (copy, plain) = (folder.path().join("copy.zst"), folder.path().join("plain.db"));
    let begun = Stopwatch::now();
    fs::copy(packed, &copy).unwrap();
    hash(&copy);
    let mut to = fs::File::create(&plain).unwrap();
    std::io::copy(&mut zstd::Decoder::new(fs::File::open(&copy).unwrap()).unwrap(), &mut to).unwrap();
    to.sync_all().unwrap();
    hash(&plain);
    begun.elapsed().as_secs_f64()
}

fn hash(path: &Path) {
    let (mut file, mut hasher, mut buffer) = (fs::File::open(path).unwrap(), sha2::Sha256::new(), vec![0; 256 * 1024]);
    loop {
        match file.read(&mut buffer).unwrap() {
            0 => break,
            read => hasher.update(&buffer[..read]),
        }
    }
    std::hint::black_box(hasher.finalize());
}

/// The peak of a process that does nothing but the first sync.
async fn peak_of_a_child(url: &str) -> f64 {
    let program = std::env::current_exe().unwrap();
    let output = tokio::process::Command::new(program).env("VICINO_BENCH_SYNC", url).output().await.unwrap();
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
}

/// What the child does: reads the town at this address, and prints the most memory it held, in megabytes.
pub(crate) fn alone(url: &str) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    runtime.block_on(reader(url, folder.path()));
    println!("{}", status("VmHWM"));
}

fn resting() -> f64 {
    let output = std::process::Command::new(std::env::current_exe().unwrap()).env("VICINO_BENCH_REST", "1").output();
    String::from_utf8(output.unwrap().stdout).unwrap().trim().parse().unwrap()
}

/// A line of this process's own memory, in megabytes.
pub(crate) fn status(name: &str) -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1e3
}

/// An idle round against a small and a large town, a start on each, and searches in both.
pub(crate) fn sizes() -> Vec<Row> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
        let (small, hundred, large) = (Site::of(1_000).await, Site::of(100_000).await, Site::of(1_000_000).await);
        let folders: Vec<tempfile::TempDir> = (0..3).map(|_| tempfile::tempdir().unwrap()).collect();
        let mut apps = Vec::new();
        for (site, folder) in [&small, &hundred, &large].into_iter().zip(&folders) {
            apps.push(reader(&site.url, folder.path()).await);
        }
        let mut rows = idle(&[(&small, &apps[0]), (&large, &apps[2])]).await;
        rows.extend(crate::search::measure(&[("100 000", &apps[1], 10.0), ("1 000 000", &apps[2], 30.0)]));
        drop(apps);
        rows.push(start(folders[0].path(), folders[2].path()));
        rows
    })
}

async fn idle(sites: &[(&Site, &App)]) -> Vec<Row> {
    let mut medians = Vec::new();
    let mut rows = Vec::new();
    for (name, (site, app)) in ["1 000", "1 000 000"].into_iter().zip(sites) {
        let mut times = Vec::new();
        for _ in 0..60 {
            let begun = Stopwatch::now();
            assert!(app.sync().await.unwrap().reached);
            times.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        let floor = echo(&site.url).await;
        // The same round once more, through a meter.
        let meter = Meter::before(&site.url).await;
        app.join(&meter.url()).await.unwrap();
        app.sync().await.unwrap();
        meter.reset();
        app.sync().await.unwrap();
        let (requests, body) = meter.read();
        let time = middle(times);
        medians.push(time);
        rows.push(Row::new(
            &format!("idle round, a town of {name}: {requests} request of {body} bytes of body"),
            "ms",
            time,
            floor,
            "≤ 4 ms, one request, ≤ 250 bytes (floor: GET /status)",
            time <= 4.0 && requests == 1 && body <= 250,
        ));
    }
    let (small, large) = (medians[0], medians[1]);
    rows.push(Row::new(
        "idle round, the large town beside the small one",
        "×",
        large / small,
        1.0,
        "≤ 1.5",
        large / small <= 1.5,
    ));
    rows
}

/// The middle time of the smallest answer the server has, in milliseconds.
async fn echo(url: &str) -> f64 {
    let client = reqwest::Client::new();
    let mut times = Vec::new();
    for _ in 0..60 {
        let begun = Stopwatch::now();
        client.get(format!("{url}/status")).send().await.unwrap().bytes().await.unwrap();
        times.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    middle(times)
}

/// From the start of a process to the first list read from its store.
fn start(small: &Path, large: &Path) -> Row {
    let of = |folder: &Path| {
        let times = (0..15).map(|_| {
            let begun = Stopwatch::now();
            let program = std::env::current_exe().unwrap();
            let status = std::process::Command::new(program).env("VICINO_BENCH_START", folder).status().unwrap();
            assert!(status.success());
            begun.elapsed().as_secs_f64() * 1e3
        });
        middle(times.collect())
    };
    // In turn, so that neither has the warmer disk.
    let _ = (of(small), of(large));
    let (small, large) = (of(small), of(large));
    Row::new(
        "start: process to first list, 1 000 000 records beside 1 000",
        "ms",
        large,
        small,
        "≤ 1.2 × (floor: 1 000 records)",
        large <= 1.2 * small,
    )
}

/// What the child does: opens a device and reads its first list.
pub(crate) fn open(folder: &Path) {
    let app = device(folder);
    assert!(!app.handle(ListPublicReports { offset: 0, limit: 50 }).unwrap().rows.is_empty());
}
