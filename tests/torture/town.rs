//! A town in a process of its own, and devices in theirs: the programs that people run.

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// A program of ours: the one that was built with this one and lies beside it.
fn built(name: &str) -> PathBuf {
    let path = std::env::current_exe().unwrap().with_file_name(name);
    assert!(path.is_file(), "{} is not built; `cargo xtask torture` builds it", path.display());
    path
}

/// The calls that change what is on a disk.
const CHANGES: [&str; 13] = [
    "write",
    "pwrite64",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "fsync",
    "fdatasync",
    "mkdir",
    "mkdirat",
    "ftruncate",
    "openat",
];

/// A call that changes a disk: its name, and the how many-eth of that name it is on its thread, as strace counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Point {
    pub(crate) call: &'static str,
    pub(crate) n: usize,
}

/// What is done to a program at a point, as strace says it.
#[derive(Clone, Copy)]
pub(crate) struct Injection {
    pub(crate) at: Point,
    /// `signal=SIGKILL` or `error=ENOSPC`.
    pub(crate) what: &'static str,
}

/// What is otherwise about a start.
#[derive(Clone, Copy, Default)]
pub(crate) struct Start<'a> {
    /// Where its calls are written down, and what is done to one of them.
    pub(crate) traced: Option<(&'a Path, Option<Injection>)>,
    /// How far its clock is off, as faketime says it: `+730d`.
    pub(crate) clock: Option<&'a str>,
    /// Public records beside those of the practice town.
    pub(crate) records: Option<u64>,
}

/// A program, started so; `-f` follows its threads, `-y` names its files.
fn program(name: &str, start: Start<'_>) -> Command {
    let mut program = Command::new(built(name));
    if let Some((log, injection)) = start.traced {
        program = Command::new("strace");
        // The program is a child of ours, and whoever looks on beside it: what ends it ends it.
        program.args(["-D", "-f", "-y", "-qq", "-o"]).arg(log);
        match injection {
            None => program.args(["-e", &format!("trace={}", CHANGES.join(","))]),
            Some(Injection { at: Point { call, n }, what }) => {
                program.args(["-e", &format!("trace={call}"), "-e", &format!("inject={call}:{what}:when={n}")])
            }
        };
        program.arg(built(name));
    }
    if let Some(clock) = start.clock {
        program.env("LD_PRELOAD", faketime()).env("FAKETIME", clock).env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    }
    program
}

/// The outcome of an injection, by the log of the calls.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Met {
    /// It met a file.
    File,
    /// It met none: the program made fewer such calls this time.
    Nothing,
    /// It met the runtime's own wake-up, a `write` on an eventfd that no disk answers, or something that was said.
    Words,
}

/// What an injection met.
pub(crate) fn met(log: &Path) -> Met {
    let lines = std::fs::read_to_string(log).unwrap_or_default();
    let injected: Vec<&str> = lines.lines().filter(|line| line.contains("(INJECTED)")).collect();
    if injected.iter().any(|line| speaks(line)) {
        Met::Words
    } else if !injected.is_empty() || lines.contains("+++ killed by SIGKILL +++") {
        Met::File
    } else {
        Met::Nothing
    }
}

/// Returns whether a call is said to a screen or to another thread, and to no file (`/dev/shm` holds files).
fn speaks(call: &str) -> bool {
    ["<anon_inode:", "<pipe:", "<socket:", "<TCP", "</dev/null", "</dev/tty", "</dev/pts"]
        .iter()
        .any(|end| call.contains(end))
}

/// The library that turns a program's clock.
fn faketime() -> PathBuf {
    let rooms = std::fs::read_dir("/usr/lib").unwrap().flatten();
    let libraries = rooms.map(|room| room.path().join("faketime/libfaketime.so.1"));
    libraries.into_iter().find(|library| library.exists()).expect("faketime is installed: cargo xtask setup")
}

/// A running town.
pub(crate) struct Town {
    child: Child,
    pub(crate) url: String,
    pub(crate) folder: PathBuf,
    /// Set when the town says that its snapshot could not be made.
    gave_up: Arc<AtomicBool>,
}

impl Town {
    /// Starts the practice town on a folder; nothing when it ended before it listened.
    pub(crate) async fn start(folder: &Path, start: Start<'_>) -> Option<Self> {
        let mut town = program("vicino-server", start);
        town.args(["--practice", "--no-office", "--listen", "127.0.0.1:0", "--data"]).arg(folder);
        if let Some(records) = start.records {
            town.args(["--records", &records.to_string()]);
        }
        let mut child = town.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
        let gave_up = Arc::<AtomicBool>::default();
        let (mut log, flag) = (BufReader::new(child.stderr.take().unwrap()).lines(), gave_up.clone());
        tokio::spawn(async move {
            while let Ok(Some(line)) = log.next_line().await {
                flag.fetch_or(line.contains("snapshot not made"), Ordering::Relaxed);
            }
        });
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = tokio::time::timeout(Duration::from_secs(30), lines.next_line()).await;
        let url = line.ok().and_then(|line| Some(line.ok()??.strip_prefix("listening on ")?.to_owned()));
        if url.is_none() {
            // The next one on this folder finds it free.
            let _ = child.kill().await;
        }
        Some(Self { child, url: url?, folder: folder.to_owned(), gave_up })
    }

    /// Starts it, as a town whose start nobody hinders.
    pub(crate) async fn start_whole(folder: &Path) -> Result<Self, String> {
        Self::start(folder, Start::default())
            .await
            .ok_or_else(|| String::from("the town does not start again by itself"))
    }

    /// Waits until its snapshot is made or given up, or it has ended.
    pub(crate) async fn makes_a_snapshot(&mut self) {
        // A machine that is busy with something else takes its time: a wait that ends too soon would look like a fault.
        let patience = Duration::from_secs(120);
        let (room, begun) = (self.folder.join("snapshots"), std::time::Instant::now());
        let made = || room.join("label").metadata().is_ok_and(|label| label.len() > 0) && !room.join("new.db").exists();
        let waits = || !made() && !self.gave_up.load(Ordering::Relaxed) && begun.elapsed() < patience;
        while waits() && matches!(self.child.try_wait(), Ok(None)) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Ends it at once, as a power cut does.
    pub(crate) async fn kill(&mut self) {
        let _ = self.child.kill().await;
    }

    pub(crate) fn office_token(&self) -> String {
        std::fs::read_to_string(self.folder.join("office.token")).unwrap_or_default().trim().to_owned()
    }
}

/// A change of a town's keys, in a process that ends by itself.
pub(crate) async fn rotate(folder: &Path, start: Start<'_>) {
    let mut rotating = program("vicino-server", start);
    rotating.arg("--rotate-key").arg("--data").arg(folder).stdin(Stdio::null());
    let _ = tokio::time::timeout(Duration::from_secs(60), rotating.kill_on_drop(true).output()).await;
}

/// A device's words in a shell.
pub(crate) async fn device(folder: &Path, words: &[&str]) -> Output {
    ended(program("vicino-headless", Start::default()), folder, words).await
}

/// The same on a device whose clock is off.
pub(crate) async fn device_at(folder: &Path, clock: &str, words: &[&str]) -> Output {
    let start = Start { clock: Some(clock), ..Start::default() };
    ended(program("vicino-headless", start), folder, words).await
}

async fn ended(mut shell: Command, folder: &Path, words: &[&str]) -> Output {
    shell.arg("--data").arg(folder).arg("--key-in-file").args(words).stdin(Stdio::null());
    let ended = tokio::time::timeout(Duration::from_secs(120), shell.kill_on_drop(true).output()).await;
    ended.expect("a word of a shell ends").expect("it starts")
}

/// A device's word in a shell with a fault injected; nothing when the fault met no file.
pub(crate) async fn hindered(folder: &Path, words: &[&str], injection: Injection) -> Option<Output> {
    let log = tempfile::NamedTempFile::new().unwrap();
    let start = Start { traced: Some((log.path(), Some(injection))), ..Start::default() };
    let ended = ended(program("vicino-headless", start), folder, words);
    tokio::pin!(ended);
    loop {
        tokio::select! {
            output = &mut ended => return (met(log.path()) == Met::File).then_some(output),
            // It may wait for the wake-up that was taken from it: it is ended with its future.
            () = tokio::time::sleep(Duration::from_millis(200)) => if met(log.path()) == Met::Words { return None },
        }
    }
}

/// A device's word, and what it did to its files, each byte of it (`strace -xx`).
pub(crate) async fn written(folder: &Path, words: &[&str]) -> (Output, String) {
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut traced = Command::new("strace");
    traced.args(["-f", "-y", "-qqq", "-xx", "-s", "100000000", "-e"]).arg(format!("trace={FILES}"));
    traced.arg("-o").arg(log.path()).arg(built("vicino-headless"));
    let output = ended(traced, folder, words).await;
    (output, std::fs::read_to_string(log.path()).unwrap())
}

/// The calls that change files.
const FILES: &str =
    "openat,lseek,write,pwrite64,pwritev,writev,ftruncate,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat";

/// The points of a device's word to which nothing happens.
pub(crate) async fn points_of(folder: &Path, words: &[&str]) -> Vec<Point> {
    let log = tempfile::NamedTempFile::new().unwrap();
    let start = Start { traced: Some((log.path(), None)), ..Start::default() };
    let output = ended(program("vicino-headless", start), folder, words).await;
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    points(log.path())
}

/// The calls in a log that change something on a disk: what is only opened to be read changes nothing.
pub(crate) fn points(log: &Path) -> Vec<Point> {
    let mut made = std::collections::HashMap::<(&str, &'static str), usize>::new();
    let mut points = std::collections::BTreeSet::new();
    let lines = std::fs::read_to_string(log).unwrap();
    for (thread, line) in lines.lines().filter_map(|line| line.split_once(' ')) {
        let Some((name, rest)) = line.trim_start().split_once('(') else { continue };
        let Some(call) = CHANGES.into_iter().find(|call| *call == name) else { continue };
        let n = made.entry((thread, call)).or_default();
        *n += 1;
        if !speaks(rest) && (call != "openat" || rest.contains("O_CREAT")) {
            points.insert(Point { call, n: *n });
        }
    }
    points.into_iter().collect()
}
