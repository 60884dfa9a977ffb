//! A figure, its floor, what must hold.

use serde::Serialize;

/// A line of the table.
#[derive(Serialize)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) unit: &'static str,
    pub(crate) value: f64,
    /// The least it could be, measured in the same run.
    pub(crate) floor: f64,
    pub(crate) ratio: f64,
    /// What must hold, in words.
    pub(crate) must: String,
    pub(crate) holds: bool,
}

impl Row {
    pub(crate) fn new(name: &str, unit: &'static str, value: f64, floor: f64, must: &str, holds: bool) -> Self {
        let ratio = if floor > 0.0 { value / floor } else { 0.0 };
        Self { name: name.to_owned(), unit, value, floor, ratio, must: must.to_owned(), holds }
    }
}

/// The table for people.
pub(crate) fn show(rows: &[Row]) {
    println!("| what | unit | value | floor | ratio | must | holds |\n|---|---|---:|---:|---:|---|---|");
    for row in rows {
        let holds = if row.holds { "yes" } else { "NO" };
        println!(
            "| {} | {} | {:.2} | {:.2} | {:.2} | {} | {holds} |",
            row.name, row.unit, row.value, row.floor, row.ratio, row.must
        );
    }
}

/// The middle of some times, in milliseconds.
pub(crate) fn middle(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
