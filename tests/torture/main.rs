//! The campaign: the real programs are killed, cut off, refused by their disk and lied to at every point, and nothing that was said to be
//! saved is lost, doubled or half (`cargo xtask torture`, docs/reliability.md).

mod campaign;
mod copies;
mod cuts;
mod faults;
mod scene;
mod town;
mod truth;

use std::process::ExitCode;

use campaign::{Plan, Tally};

/// The parts of the campaign, each with what it does.
const PARTS: [&str; 6] = ["kill", "errors", "cuts", "answers", "copies", "controls"];

#[tokio::main]
async fn main() -> ExitCode {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (mut plan, mut only) = (Plan { full: false, seed: 1 }, None::<String>);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--full" => plan.full = true,
            "--only" => only = words.next(),
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
            "kill" => faults::kills(plan).await,
            "errors" => faults::errors(plan).await,
            "cuts" => cuts::cuts(plan).await,
            "answers" => cuts::answers().await,
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
