//! What npm and pip have put beside these tests.

use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

use tokio::process::Command;
use world::World;
use world::driver::root;

/// The folder with the tools and their settings.
pub(crate) fn here() -> PathBuf {
    root().join("tests/clients")
}

/// A program of npm.
pub(crate) fn npm(name: &str) -> Command {
    command(here().join("node_modules/.bin").join(name))
}

/// A program of pip.
pub(crate) fn pip(name: &str) -> Command {
    command(here().join("venv/bin").join(name))
}

fn command(program: PathBuf) -> Command {
    assert!(program.exists(), "{} is missing: cargo xtask setup", program.display());
    let mut command = Command::new(program);
    command.current_dir(here()).kill_on_drop(true).env("NO_COLOR", "1");
    command
}

/// What a program said, once it has ended.
pub(crate) async fn ended(mut command: Command, within: Duration) -> (Output, String) {
    let output = tokio::time::timeout(within, command.output()).await.expect("it ends").expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output, said)
}

/// The document as the running town gives it, in a file.
pub(crate) async fn document(world: &World, folder: &Path) -> PathBuf {
    let file = folder.join("openapi.json");
    let answer = reqwest::get(format!("{}/openapi.json", world.town.url())).await.unwrap();
    std::fs::write(&file, answer.bytes().await.unwrap()).unwrap();
    file
}
