//! A town in a process of its own, and devices in theirs: the programs that people run.

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use world::driver::built;

/// What is done to a program's calls of the system, as strace says it.
#[derive(Clone)]
pub(crate) struct Injection {
    /// The calls, such as `write,fsync`.
    pub(crate) calls: &'static str,
    /// `signal=SIGKILL` or `error=ENOSPC`.
    pub(crate) what: &'static str,
    /// At which of them.
    pub(crate) when: usize,
}

/// A program, with an injection where there is one, told in a log; `-f` follows its threads, `-y` names its files.
fn program(name: &str, injection: Option<(&Injection, &Path)>) -> Command {
    let Some((Injection { calls, what, when }, log)) = injection else { return Command::new(built(name)) };
    let mut traced = Command::new("strace");
    // The program is a child of ours, and whoever looks on beside it: what ends it ends it.
    traced.args(["-D", "-f", "-y", "-qqq", "-o"]).arg(log).args(["-e", &format!("trace={calls}")]);
    traced.args(["-e", &format!("inject={calls}:{what}:when={when}")]).arg(built(name));
    traced
}

/// A running town.
pub(crate) struct Town {
    child: Child,
    pub(crate) url: String,
    pub(crate) folder: PathBuf,
}

impl Town {
    /// Starts the practice town on a folder; nothing when it ended before it listened.
    pub(crate) async fn start(folder: &Path, injection: Option<&Injection>) -> Option<Self> {
        let mut town = program("vicino-server", injection.map(|injection| (injection, Path::new("/dev/null"))));
        town.args(["--practice", "--no-office", "--listen", "127.0.0.1:0", "--data"]).arg(folder);
        let mut child = town.stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = tokio::time::timeout(Duration::from_secs(60), lines.next_line()).await.ok()?.ok()??;
        let url = line.strip_prefix("listening on ")?.to_owned();
        Some(Self { child, url, folder: folder.to_owned() })
    }

    /// Starts it, as a town whose start nobody hinders.
    pub(crate) async fn start_whole(folder: &Path) -> Result<Self, String> {
        Self::start(folder, None).await.ok_or_else(|| String::from("the town does not start again by itself"))
    }

    /// Ends it at once, as a power cut does.
    pub(crate) async fn kill(&mut self) {
        let _ = self.child.kill().await;
    }

    pub(crate) fn office_token(&self) -> String {
        std::fs::read_to_string(self.folder.join("office.token")).unwrap_or_default().trim().to_owned()
    }
}

/// A device's words in a shell.
pub(crate) async fn device(folder: &Path, words: &[&str]) -> Output {
    ended(program("vicino-headless", None), folder, words).await
}

async fn ended(mut shell: Command, folder: &Path, words: &[&str]) -> Output {
    shell.arg("--data").arg(folder).arg("--key-in-file").args(words).stdin(Stdio::null());
    let ended = tokio::time::timeout(Duration::from_secs(120), shell.kill_on_drop(true).output()).await;
    ended.expect("a word of a shell ends").expect("it starts")
}

/// A device's word in a shell with a fault injected; nothing when the fault met no file.
///
/// The runtime wakes itself by `write` on an eventfd, which no disk answers: an error there says nothing of the program.
pub(crate) async fn hindered(folder: &Path, words: &[&str], injection: &Injection) -> Option<Output> {
    let log = tempfile::NamedTempFile::new().unwrap();
    let met_no_file = || {
        let lines = std::fs::read_to_string(log.path()).unwrap();
        lines.lines().any(|line| line.contains("(INJECTED)") && line.contains("<anon_inode:[eventfd]>"))
    };
    let ended = ended(program("vicino-headless", Some((injection, log.path()))), folder, words);
    tokio::pin!(ended);
    loop {
        tokio::select! {
            output = &mut ended => return (!met_no_file()).then_some(output),
            // It may wait for the wake-up that was taken from it: it is ended with its future.
            () = tokio::time::sleep(Duration::from_millis(200)) => if met_no_file() { return None },
        }
    }
}

/// How many of these calls a program makes, on the thread that makes most of them.
pub(crate) async fn count(folder: &Path, words: &[&str], calls: &str) -> usize {
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut traced = Command::new("strace");
    traced.args(["-f", "-qqq", "-o"]).arg(log.path()).args(["-e", &format!("trace={calls}")]);
    traced.arg(built("vicino-headless")).arg("--data").arg(folder).arg("--key-in-file").args(words);
    traced.stdin(Stdio::null()).output().await.unwrap();
    let mut threads = std::collections::BTreeMap::<String, usize>::new();
    for line in std::fs::read_to_string(log.path()).unwrap().lines() {
        let thread = line.split(' ').next().unwrap_or_default().to_owned();
        *threads.entry(thread).or_default() += 1;
    }
    threads.into_values().max().unwrap_or(0)
}
