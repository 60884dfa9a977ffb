//! A device in a shell: the program that people run, in a folder of its own.

use std::path::Path;
use std::process::Output;

use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Command;

use crate::driver::built;

/// A device's folder, and its program.
pub struct Shell {
    pub folder: TempDir,
}

impl Default for Shell {
    fn default() -> Self {
        Self::new()
    }
}

impl Shell {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A device that has joined the town at this address.
    pub async fn joined(url: &str) -> Self {
        let shell = Self::new();
        let output = shell.run(&["join", url]).await;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        shell
    }

    pub async fn run(&self, words: &[&str]) -> Output {
        let mut shell = Command::new(built("vicino-headless"));
        shell.arg("--data").arg(self.folder.path()).arg("--key-in-file").args(words);
        shell.output().await.unwrap()
    }

    /// The code it ended with, and the last line of JSON that a script reads.
    pub async fn json(&self, words: &[&str]) -> (Option<i32>, Value) {
        let output = self.run(&[&["--json"], words].concat()).await;
        let text = if output.stdout.is_empty() { output.stderr } else { output.stdout };
        let text = String::from_utf8(text).unwrap();
        let line = text.lines().last().unwrap_or_default();
        (output.status.code(), serde_json::from_str(line).unwrap_or_else(|_| panic!("{words:?}: {text}")))
    }
}

/// Keeps a file under this name; returns its path.
pub fn keep(folder: &Path, name: &str, bytes: &[u8]) -> String {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}
