//! A power cut: what was written and not synced is lost, and what was printed as saved is there all the same.
//!
//! strace writes down what a program does to its files, and the folder is made again as a disk has it that keeps what was synced and
//! nothing else. Names are kept as they are given: only a file's bytes wait for their sync.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use tempfile::{TempDir, tempdir};
use world::copy_folder;

use crate::campaign::Tally;
use crate::scene::Scene;
use crate::stage::Stage;
use crate::town::{Town, written};
use crate::truth::{saved, wrongs};

/// What the power is cut after.
const SCENES: [Scene; 5] = [Scene::Report, Scene::Photos, Scene::Case, Scene::Certificate, Scene::Paper];

/// The power is cut while a device prints that something is saved.
pub(crate) async fn cuts() -> Tally {
    let mut tally = Tally::default();
    for scene in SCENES {
        let found = after_a_cut(scene, true).await;
        tally.point(&format!("the power is cut after {}", scene.name()), found);
    }
    tally.told("power", "a device that has saved")
}

/// The same where no sync counts (`synchronous=OFF`): the losses must be found.
pub(crate) async fn control(tally: &mut Tally) {
    for scene in [Scene::Report, Scene::Case, Scene::Paper] {
        let found = after_a_cut(scene, false).await;
        let missed = if found.is_empty() { vec![String::from("the checks do not find it")] } else { Vec::new() };
        tally.point(&format!("control: no sync counts, and the power is cut after {}", scene.name()), missed);
    }
}

async fn after_a_cut(scene: Scene, syncs: bool) -> Vec<String> {
    let folder = tempdir().unwrap();
    let town = Town::start_whole(folder.path()).await.unwrap();
    let mut stage = Stage::new(scene, &town.url).await;
    let device = stage.ready(scene).await;
    let before = tempdir().unwrap();
    copy_folder(device.path(), before.path());
    let words = scene.words(&stage);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (output, log) = written(device.path(), &words).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let left = Disk::of(device.path(), before.path(), syncs).after(&log);
    let promised: Vec<_> = scene.matter().and_then(|matter| saved(&output, matter)).into_iter().collect();
    let mut found = crate::scene::again(scene, left.path(), &stage, &town).await;
    if scene == Scene::Paper {
        let listed = crate::town::device(left.path(), &["papers"]).await;
        if !String::from_utf8_lossy(&listed.stdout).contains(&format!("Prova {}", stage.turn)) {
            found.push(String::from("the paper that was kept is gone"));
        }
    }
    found.extend(wrongs(left.path(), &town, &promised).await);
    found
}

/// A folder as a disk has it.
struct Disk {
    /// Where the program saw it.
    seen: PathBuf,
    /// Tells whether a sync keeps what was written.
    syncs: bool,
    /// What is safe of each file.
    safe: BTreeMap<PathBuf, Vec<u8>>,
    /// What the program sees of each file.
    now: BTreeMap<PathBuf, Vec<u8>>,
    /// How far each open file was written by `write`, which goes on where the last one ended.
    ends: HashMap<String, usize>,
}

impl Disk {
    fn of(seen: &Path, before: &Path, syncs: bool) -> Self {
        let mut safe = BTreeMap::new();
        let mut rooms = vec![before.to_owned()];
        while let Some(room) = rooms.pop() {
            for entry in std::fs::read_dir(room).unwrap().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    rooms.push(path);
                } else {
                    let name = seen.join(path.strip_prefix(before).unwrap());
                    safe.insert(name, std::fs::read(path).unwrap());
                }
            }
        }
        Self { seen: seen.to_owned(), syncs, now: safe.clone(), safe, ends: HashMap::new() }
    }

    /// The folder after everything in the log, and a cut.
    fn after(mut self, log: &str) -> TempDir {
        let mut begun: HashMap<&str, &str> = HashMap::new();
        for line in log.lines() {
            let Some((thread, call)) = line.split_once(' ') else { continue };
            let call = call.trim_start();
            // It is said to be saved: the power goes.
            if call.starts_with("write(1<") {
                break;
            }
            // A call that another thread's cut in two is put together again.
            if let Some(first) = call.strip_suffix(" <unfinished ...>") {
                begun.insert(thread, first);
            } else if let Some(rest) = call.strip_prefix("<... ").and_then(|rest| rest.split_once(" resumed>")) {
                let whole = format!("{}{}", begun.remove(thread).unwrap_or_default(), rest.1);
                self.does(&whole);
            } else {
                self.does(call);
            }
        }
        let left = tempdir().unwrap();
        for (name, bytes) in &self.safe {
            let path = left.path().join(name.strip_prefix(&self.seen).unwrap());
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        left
    }

    /// A call of the system, as strace writes it down.
    fn does(&mut self, call: &str) {
        let Some((name, rest)) = call.split_once('(') else { return };
        if rest.rsplit_once("= ").is_none_or(|(_, answer)| answer.starts_with('-')) {
            return;
        }
        let strings: Vec<Vec<u8>> = rest.split('"').skip(1).step_by(2).map(unescaped).collect();
        let numbers = rest.rsplit('"').next().unwrap_or_default();
        let text = |bytes: &[u8]| PathBuf::from(String::from_utf8_lossy(bytes).into_owned());
        let named = rest.split_once('<').and_then(|(_, path)| path.split_once('>'));
        let file = named.map(|(path, _)| text(&unescaped(path)));
        // A name without a root is within the folder that stands before it.
        let folder = file.clone().unwrap_or_default();
        let path_of = |bytes: &Vec<u8>| folder.join(text(bytes));
        let ours = |path: &PathBuf| path.starts_with(&self.seen);
        match (name, file.filter(ours), strings.as_slice()) {
            ("pwrite64", Some(path), [bytes]) => {
                let at = numbers.split([',', ')']).filter_map(|part| part.trim().parse::<usize>().ok()).nth(1);
                self.write(path, at.unwrap(), bytes);
            }
            ("write", Some(path), [bytes]) => {
                let fd = rest.split('<').next().unwrap_or_default().to_owned();
                let at = self.ends.get(&fd).copied().unwrap_or(0);
                self.ends.insert(fd, at + bytes.len());
                self.write(path, at, bytes);
            }
            ("fsync" | "fdatasync", Some(path), _) if self.syncs => {
                if let Some(now) = self.now.get(&path) {
                    self.safe.insert(path, now.clone());
                }
            }
            ("ftruncate", Some(path), _) => {
                let length = rest.split([',', ')']).nth(1).and_then(|part| part.trim().parse().ok()).unwrap();
                self.now.entry(path).or_default().resize(length, 0);
            }
            ("openat", _, [path]) => {
                let path = path_of(path);
                let empty = rest.contains("O_TRUNC");
                if (rest.contains("O_CREAT") || empty) && ours(&path) {
                    for files in [&mut self.safe, &mut self.now] {
                        let bytes = files.entry(path.clone()).or_default();
                        if empty {
                            bytes.clear();
                        }
                    }
                }
                if let Some((_, fd)) = rest.rsplit_once("= ") {
                    let end = if rest.contains("O_APPEND") { self.now.get(&path).map_or(0, Vec::len) } else { 0 };
                    self.ends.insert(fd.split('<').next().unwrap_or_default().to_owned(), end);
                }
            }
            ("rename" | "renameat" | "renameat2", _, [from, to]) => {
                for files in [&mut self.safe, &mut self.now] {
                    if let Some(bytes) = files.remove(&path_of(from)) {
                        files.insert(path_of(to), bytes);
                    }
                }
            }
            ("unlink" | "unlinkat", _, [path]) => {
                self.safe.remove(&path_of(path));
                self.now.remove(&path_of(path));
            }
            ("lseek", Some(_), _) => {
                let fd = rest.split('<').next().unwrap_or_default().to_owned();
                let at = rest.rsplit_once("= ").and_then(|(_, at)| at.trim().parse().ok()).unwrap();
                self.ends.insert(fd, at);
            }
            (other, Some(path), _) if !other.starts_with("f") => {
                panic!("{other} of {} is not modelled", path.display())
            }
            _ => {}
        }
    }

    fn write(&mut self, path: PathBuf, at: usize, bytes: &[u8]) {
        let file = self.now.entry(path).or_default();
        if file.len() < at + bytes.len() {
            file.resize(at + bytes.len(), 0);
        }
        file.splice(at..at + bytes.len(), bytes.iter().copied());
    }
}

/// The bytes of a string that strace wrote as `\x2f\x74`.
fn unescaped(text: &str) -> Vec<u8> {
    text.split("\\x").skip(1).filter_map(|byte| u8::from_str_radix(byte.get(..2)?, 16).ok()).collect()
}
