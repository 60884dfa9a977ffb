//! What must hold before a change lands: form, lints, walls, the interface, the phones' type check.

use crate::shell::{Done, cargo, run};
use crate::{phones, setup, ui};

pub(crate) fn check(ios_too: bool) -> Done {
    setup::interface()?;
    setup::window()?;
    ui::build()?;
    form()?;
    run(&mut cargo(&["test", "--package", "vicino-tests", "--test", "walls"]))?;
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
