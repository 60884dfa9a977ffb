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
    torture(&Campaign { seed: 1, ..Campaign::default() })?;
    phones::android()
}

/// The part of the campaign that is run.
#[derive(clap::Args, Default)]
pub(crate) struct Campaign {
    /// Every point, for hours; otherwise a sample of some minutes.
    #[arg(long)]
    full: bool,
    /// Only this part: kill, errors, power, cuts, answers, clock, copies, controls.
    #[arg(long)]
    only: Option<String>,
    /// Of kills and errors only the scenes whose name holds this, such as `a town`.
    #[arg(long)]
    scene: Option<String>,
    /// Which sample.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// The campaign of faults on the programs that were built: a sample, or every point.
pub(crate) fn torture(campaign: &Campaign) -> Done {
    setup::everything()?;
    let Campaign { full, only, scene, seed } = campaign;
    // Thousands of points are worth a build for speed.
    let profile = if *full { "bench-run" } else { "dev" };
    let packages = ["--package", "vicino-headless", "--package", "vicino-server"];
    run(cargo(&["build", "--profile", profile]).args(packages))?;
    let seed = seed.to_string();
    let mut torture = cargo(&["run", "--profile", profile, "--package", "vicino-tests", "--bin", "vicino-torture"]);
    torture.args(["--", "--seed", &seed]);
    if *full {
        torture.arg("--full");
    }
    for (word, value) in [("--only", only), ("--scene", scene)] {
        if let Some(value) = value {
            torture.args([word, value]);
        }
    }
    run(&mut torture)?;
    if *full && only.is_none() && scene.is_none() {
        // What comes from outside, spoilt at random: a minute for each target. Papers are looked at by the program.
        run(&mut cargo(&["build", "--package", "vicino-headless"]))?;
        let mut fuzz =
            cargo(&["test", "--package", "vicino-tests", "--test", "fuzz", "--", "--nocapture", "--test-threads", "2"]);
        return run(fuzz.env("VICINO_FUZZ_SECONDS", "60"));
    }
    Ok(())
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
