//! A device in a process of its own, which takes one step and ends: so that it can be killed on the way.

use std::path::Path;
use std::process::ExitCode;

use world::{Device, ManualClock, Step};

/// The device's folder, the time, and the step as JSON.
#[tokio::main]
async fn main() -> ExitCode {
    let mut said = std::env::args().skip(1);
    let mut next = || said.next().unwrap();
    let (folder, now, step) = (next(), next(), next());
    let device = Device::on(Path::new(&folder), ManualClock::at(now.parse().unwrap()));
    let step: Step = serde_json::from_str(&step).unwrap();
    if step.take(device.app()).await { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
