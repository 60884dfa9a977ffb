//! The verbs of this project: `cargo xtask --help` lists them.

mod check;
mod dev;
mod phones;
mod run;
mod setup;
mod shell;
mod test;
mod ui;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Builds, runs, tests and measures Vicino.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Install what the machine lacks: system packages, the wasm target, npm packages.
    Setup,
    /// Build the interface into ui/dist.
    Ui,
    /// Set everything up and open the app's window on the practice town.
    Run(run::RunArgs),
    /// Answer as the practice town on 127.0.0.1:8787.
    Serve {
        /// Where to listen; port 0 takes a free one.
        #[arg(long, default_value = "127.0.0.1:8787")]
        listen: String,
    },
    /// Serve the interface while it is written: what is saved is built again, and the open page loads it.
    Dev {
        /// Only build it, for the window of `cargo tauri dev`.
        #[arg(long)]
        window: bool,
    },
    /// Set everything up and run every test.
    Test,
    /// rustfmt, clippy, the walls, the interface, and the phones' type check.
    Check {
        /// Also for aarch64-apple-ios.
        #[arg(long)]
        phones: bool,
    },
    /// Bundle the app as a Debian package.
    Bundle,
    /// Kill, cut off and lie to the real programs at every point, and look for what was lost.
    Torture(test::Campaign),
    /// Measure, each figure beside a floor of the same run.
    Bench {
        /// Only the rows whose name holds this.
        #[arg(long)]
        only: Option<String>,
        /// Write the rows to this file, as JSON.
        #[arg(long)]
        json: Option<std::path::PathBuf>,
    },
}

fn main() -> ExitCode {
    let done = match Cli::parse().verb {
        Verb::Setup => setup::everything(),
        Verb::Ui => setup::interface().and_then(|()| ui::build()),
        Verb::Run(args) => run::run(&args),
        Verb::Serve { listen } => run::serve(&listen),
        Verb::Dev { window: false } => dev::dev(),
        Verb::Dev { window: true } => dev::window(),
        Verb::Test => test::test(),
        Verb::Check { phones } => check::check(phones),
        Verb::Bundle => run::bundle(),
        Verb::Torture(campaign) => test::torture(&campaign),
        Verb::Bench { only, json } => test::bench(only.as_deref(), json.as_deref()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("xtask: {fault}");
            ExitCode::FAILURE
        }
    }
}
