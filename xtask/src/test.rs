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
    torture(false, None, 1)?;
    phones::android()
}

/// The campaign of faults on the programs that were built: a sample, or every point.
pub(crate) fn torture(full: bool, only: Option<&str>, seed: u64) -> Done {
    setup::everything()?;
    run(&mut cargo(&["build", "--package", "vicino-headless", "--package", "vicino-server"]))?;
    let seed = seed.to_string();
    let mut torture = cargo(&["run", "--package", "vicino-tests", "--bin", "vicino-torture", "--", "--seed", &seed]);
    if full {
        torture.arg("--full");
    }
    if let Some(only) = only {
        torture.args(["--only", only]);
    }
    run(&mut torture)
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
