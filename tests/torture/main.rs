//! The campaign: the real programs are killed, cut off, refused by their disk and lied to at every point, and nothing that was said to be
//! saved is lost, doubled or half (`cargo xtask torture`, docs/reliability.md).

mod campaign;
mod clocks;
mod copies;
mod cuts;
mod faults;
mod power;
mod scene;
mod stage;
mod town;
mod towns;
mod truth;

use std::process::ExitCode;

use campaign::{Plan, Tally};

/// The parts of the campaign, each with what it does.
const PARTS: [&str; 8] = ["kill", "errors", "power", "cuts", "answers", "clock", "copies", "controls"];

#[tokio::main]
async fn main() -> ExitCode {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (mut plan, mut only, mut scene) = (Plan { full: false, seed: 1 }, None::<String>, None::<String>);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--full" => plan.full = true,
            "--only" => only = words.next(),
            "--scene" => scene = words.next(),
            "--seed" => plan.seed = words.next().and_then(|seed| seed.parse().ok()).unwrap_or(plan.seed),
            other => {
                eprintln!("vicino-torture: what is {other}?");
                return ExitCode::FAILURE;
            }
        }
    }
    if let Some(part) = only.as_deref().filter(|part| !PARTS.contains(part)) {
        eprintln!("vicino-torture: there is no part called {part}: {}", PARTS.join(", "));
        return ExitCode::FAILURE;
    }
    println!("| part | scene | points | violations |\n|---|---|---:|---:|");
    let mut all = Tally::default();
    for part in PARTS.into_iter().filter(|part| only.as_deref().is_none_or(|only| only == *part)) {
        let done = match part {
            "kill" => hindered(plan, ("kill", scene.as_deref()), &["signal=SIGKILL"]).await,
            "errors" => hindered(plan, ("errors", scene.as_deref()), &["error=ENOSPC", "error=EIO"]).await,
            "power" => power::cuts().await,
            "cuts" => cuts::cuts(plan).await,
            "answers" => cuts::answers().await,
            "clock" => clocks::clocks().await,
            "copies" => copies::copies().await,
            _ => copies::controls().await,
        };
        all.add(done);
    }
    println!("\n{} points, {} violations; seed {}", all.points, all.violations.len(), plan.seed);
    for violation in &all.violations {
        eprintln!("VIOLATION {violation}");
    }
    if all.violations.is_empty() && all.points > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Devices and towns, at each call that changes something; a town's disk is full, or it is killed.
async fn hindered(plan: Plan, part: (&str, Option<&str>), faults: &[&'static str]) -> Tally {
    let mut all = faults::on_devices(plan, part, faults).await;
    for what in faults.iter().take(1) {
        all.add(towns::at_towns(plan, part, what).await);
    }
    all
}
