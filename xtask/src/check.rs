//! What must hold before a change lands: form, lints, walls, what the program is made of, the interface, the phones' type check.

use std::path::PathBuf;

use crate::shell::{Done, cargo, command, run};
use crate::{phones, setup, ui};

pub(crate) fn check(ios_too: bool) -> Done {
    setup::interface()?;
    setup::window()?;
    ui::build()?;
    form()?;
    towns_program()?;
    made_of()?;
    run(&mut cargo(&["test", "--package", "vicino-tests", "--test", "walls", "--test", "rooms", "--test", "shapes"]))?;
    phones::android()?;
    if ios_too { phones::ios() } else { Ok(()) }
}

/// rustfmt and clippy, warnings denied; the interface for its own target.
pub(crate) fn form() -> Done {
    run(&mut cargo(&["fmt", "--all", "--check"]))?;
    run(&mut cargo(&["clippy", "--workspace", "--exclude", "vicino-ui", "--all-targets", "--", "-D", "warnings"]))?;
    let ui = [
        "clippy",
        "--package",
        "vicino-ui",
        "--target",
        "wasm32-unknown-unknown",
        "--profile",
        "wasm",
        "--",
        "-D",
        "warnings",
    ];
    run(&mut cargo(&ui))
}

/// The server as a real town runs it: without the practice town, and with nothing left over that only it had used.
fn towns_program() -> Done {
    let features = ["--no-default-features", "--features", "pdf"];
    run(cargo(&["clippy", "--package", "vicino-server"]).args(features).args(["--", "-D", "warnings"]))
}

/// Licences, sources and bans of everything this program is made of; and what is known against it, where a snapshot of the advisories
/// is at hand in cargo's own folder.
fn made_of() -> Done {
    setup::auditor()?;
    let deny = || command("cargo-deny");
    run(deny().args(["--locked", "check", "--hide-inclusion-graph", "bans", "licenses", "sources"]))?;
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo"))).unwrap_or_default();
    if !home.join("advisory-dbs").is_dir() {
        eprintln!("No snapshot of the advisories is at hand: `cargo deny fetch` brings one. They were not looked at.");
        return Ok(());
    }
    run(deny().args(["--offline", "--locked", "check", "--hide-inclusion-graph", "advisories"]))
}
