//! What is measured, each figure beside a floor of the same run: `cargo xtask bench`.

mod cases;
mod certificates;
mod hostile;
mod list;
mod opening;
mod payments;
mod photo;
mod pouch;
mod row;
mod saving;
mod search;
mod town;
mod weight;

use std::path::PathBuf;
use std::process::ExitCode;

use row::Row;

fn main() -> ExitCode {
    // A process that was started only to look at what somebody brought.
    if let Some(looked) = vicino_pictures::looking::child() {
        return looked;
    }
    let mut words = std::env::args().skip(1);
    let (mut only, mut json) = (None::<String>, None::<PathBuf>);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--only" => only = words.next(),
            "--json" => json = words.next().map(PathBuf::from),
            other => {
                eprintln!("vicino-bench: what is {other}?");
                return ExitCode::FAILURE;
            }
        }
    }
    // A child of ours that measures one photo in a memory of its own.
    if let Some(file) = std::env::var_os("VICINO_BENCH_PHOTO") {
        photo::alone(&PathBuf::from(file));
        return ExitCode::SUCCESS;
    }
    // Others that read a town, or only start, with nothing else in their memory.
    if let Ok(url) = std::env::var("VICINO_BENCH_SYNC") {
        town::alone(&url);
        return ExitCode::SUCCESS;
    }
    if let Some(folder) = std::env::var_os("VICINO_BENCH_START") {
        town::open(&PathBuf::from(folder));
        return ExitCode::SUCCESS;
    }
    if let Some(folder) = std::env::var_os("VICINO_BENCH_DOOR") {
        hostile::be_a_town(&PathBuf::from(folder));
        return ExitCode::SUCCESS;
    }
    if let Ok(at) = std::env::var("VICINO_BENCH_LAPTOP") {
        hostile::be_hostile(&at);
        return ExitCode::SUCCESS;
    }
    if std::env::var_os("VICINO_BENCH_REST").is_some() {
        println!("{}", town::status("VmHWM"));
        return ExitCode::SUCCESS;
    }
    if let Some(folder) = std::env::var_os("VICINO_BENCH_TOWN") {
        cases::be_a_town(&PathBuf::from(folder));
        return ExitCode::SUCCESS;
    }
    type Measure = fn() -> Vec<Row>;
    let measures: [(&str, Measure); 11] = [
        ("saving", saving::measure),
        ("photo", photo::measure),
        ("weight", weight::measure),
        ("list", list::measure),
        ("cases", cases::measure),
        ("payments", payments::measure),
        ("certificates", certificates::measure),
        ("town", town::measure),
        ("sizes", town::sizes),
        ("pouch", pouch::measure),
        ("hostile", hostile::measure),
    ];
    let wanted = |name: &str| only.as_deref().is_none_or(|only| name.contains(only) || only.contains(name));
    let rows: Vec<Row> = measures.iter().filter(|(name, _)| wanted(name)).flat_map(|(_, measure)| measure()).collect();
    row::show(&rows);
    if let Some(path) = json {
        std::fs::write(path, serde_json::to_string_pretty(&rows).unwrap()).unwrap();
    }
    if rows.iter().all(|row| row.holds) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
