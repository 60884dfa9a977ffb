//! Searching as one types, with words chosen to be as hard as they come.

use std::time::Instant as Stopwatch;

use vicino_contract::ipc::{CommandHandler as _, Find};
use vicino_core::App;

use crate::row::{Row, middle};

/// Every beginning of these is typed: words of everywhere, of one letter, of nowhere, two that are common and never
/// together, many at once, forms of a word, numbers, nonsense.
const TYPED: &[&str] = &[
    "via roma",
    "di",
    "a",
    "e",
    "l",
    "comune di pietrachiara",
    "lavori in corso",
    "strada buca marciapiede lampione acqua",
    "buca deliberazione",
    "segnalazione graduatoria bando mensa",
    "certificati",
    "carta d’identità",
    "1",
    "12 marzo",
    "zzzzz",
    "qwerty uiop",
    "del della dei delle",
    "perché",
    "scuola via",
];

/// Measures each device: its size in words, and the milliseconds that must hold.
pub(crate) fn measure(devices: &[(&str, &App, f64)]) -> Vec<Row> {
    devices.iter().map(|(size, app, most)| of(size, app, *most)).collect()
}

fn of(size: &str, app: &App, most: f64) -> Row {
    let mut times = Vec::new();
    // Twice: the first time the file is cold, which counts too.
    for _ in 0..2 {
        for text in TYPED {
            let letters: Vec<char> = text.chars().collect();
            for end in 1..=letters.len() {
                let text: String = letters[..end].iter().collect();
                let begun = Stopwatch::now();
                let found = app.handle(Find { text: text.clone(), only: None }).unwrap();
                let time = begun.elapsed().as_secs_f64() * 1e3;
                if std::env::var_os("VICINO_BENCH_SAY").is_some() {
                    eprintln!("{time:7.2} ms  {} {text}", if found.complete { ' ' } else { '…' });
                }
                times.push(time);
            }
        }
    }
    times.sort_by(f64::total_cmp);
    let worst = times[times.len() * 99 / 100];
    Row::new(
        &format!("search as one types, {size} records, p99"),
        "ms",
        worst,
        middle(times),
        &format!("≤ {most} ms (floor: the middle one)"),
        worst <= most,
    )
}
