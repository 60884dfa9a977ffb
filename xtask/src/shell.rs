//! Other programs, run so that what they say is seen and what they fail at stops us.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The fault, in a sentence.
pub(crate) type Fault = String;
/// Done, or a sentence.
pub(crate) type Done<T = ()> = Result<T, Fault>;

/// The folder of the project.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// Where cargo puts what it builds.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A program that is run in the project's folder.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// The cargo that runs us.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments);
    command
}

/// Runs a program to its end.
pub(crate) fn run(command: &mut Command) -> Done {
    let name = describe(command);
    eprintln!("→ {name}");
    let status = command.status().map_err(|cause| format!("{name}: {cause}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} ended with {status}")) }
}

/// What a program prints.
pub(crate) fn output(command: &mut Command) -> Done<String> {
    let name = describe(command);
    let output = command.stderr(Stdio::inherit()).output().map_err(|cause| format!("{name}: {cause}"))?;
    if !output.status.success() {
        return Err(format!("{name} ended with {}", output.status));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Returns whether this machine has a program of this name.
pub(crate) fn has(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

fn describe(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// A failed call on the file system, with the path it was about.
pub(crate) fn on(path: &Path) -> impl FnOnce(std::io::Error) -> Fault + '_ {
    move |cause| format!("{}: {cause}", path.display())
}
