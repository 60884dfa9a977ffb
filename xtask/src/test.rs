//! Every test, and every measurement.

use std::path::Path;

use crate::shell::{Done, cargo, has, run};
use crate::{check, phones, setup, ui};

/// Sets everything up and runs what must hold, cheapest first.
pub(crate) fn test() -> Done {
    setup::everything()?;
    ui::build()?;
    check::form()?;
    // The window and the programs that the tests drive.
    run(&mut cargo(&["build", "--package", "vicino"]))?;
    run(&mut cargo(&["build", "--package", "vicino-headless", "--package", "vicino-server"]))?;
    if has("cargo-nextest") {
        run(&mut cargo(&["nextest", "run", "--workspace", "--exclude", "vicino-ui", "--no-fail-fast"]))?;
    } else {
        run(&mut cargo(&["test", "--workspace", "--exclude", "vicino-ui", "--no-fail-fast"]))?;
    }
    phones::android()
}

/// Measures, in a build for speed.
pub(crate) fn bench(only: Option<&str>, json: Option<&Path>) -> Done {
    setup::everything()?;
    ui::build()?;
    let mut bench =
        cargo(&["run", "--profile", "bench-run", "--package", "vicino-tests", "--bin", "vicino-bench", "--"]);
    if let Some(only) = only {
        bench.args(["--only", only]);
    }
    if let Some(json) = json {
        bench.arg("--json").arg(json);
    }
    run(&mut bench)
}
