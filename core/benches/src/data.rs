//! What was measured, as tables that stand beside the report: tabs between columns, a line of names.

use crate::measure::Spread;
use std::fs;
use std::path::Path;

/// A contender on a workload.
#[derive(Clone)]
pub struct Time {
    pub workload: String,
    /// Of a body, on average.
    pub bytes: usize,
    pub rounds: usize,
    pub name: String,
    /// Does all that the others do.
    pub whole: bool,
    /// Nanoseconds for a body.
    pub time: Spread,
    /// How many times as long as ours.
    pub ratio: Spread,
}

const TIMES: &str = "workload\tbytes\trounds\tcontender\twhole\tns low\tns\tns high\tratio low\tratio\tratio high";

pub fn write_times(to: &Path, rows: &[Time]) -> Result<(), String> {
    let row = |row: &Time| {
        let Time { workload, bytes, rounds, name, whole, time, ratio } = row;
        format!(
            "{workload}\t{bytes}\t{rounds}\t{name}\t{whole}\t{:.1}\t{:.1}\t{:.1}\t{:.3}\t{:.3}\t{:.3}",
            time.low, time.median, time.high, ratio.low, ratio.median, ratio.high
        )
    };
    write(to, TIMES, rows.iter().map(row))
}

pub fn write(to: &Path, names: &str, rows: impl Iterator<Item = String>) -> Result<(), String> {
    let text = [names.to_string()].into_iter().chain(rows).fold(String::new(), |text, row| text + &row + "\n");
    fs::write(to, text).map_err(|error| format!("{}: {error}", to.display()))
}

pub fn read_times(from: &Path) -> Result<Vec<Time>, String> {
    read(from)?.iter().map(|row| time(row)).collect()
}

/// What [`write_times`] has written, or wasm/bench in the same columns.
pub fn time(row: &[String]) -> Result<Time, String> {
    let error = || format!("no times: {row:?}");
    let [workload, bytes, rounds, name, whole, figures @ ..] = row else { return Err(error()) };
    let figures: Vec<f64> = figures.iter().filter_map(|figure| figure.parse().ok()).collect();
    let [low, median, high, ratio_low, ratio, ratio_high] = figures[..] else { return Err(error()) };
    Ok(Time {
        workload: workload.clone(),
        bytes: bytes.parse().unwrap_or(0),
        rounds: rounds.parse().unwrap_or(0),
        name: name.clone(),
        whole: whole == "true",
        time: Spread { low, median, high },
        ratio: Spread { low: ratio_low, median: ratio, high: ratio_high },
    })
}

/// The rows below the line of names; none where there is no such file.
pub fn read(from: &Path) -> Result<Vec<Vec<String>>, String> {
    if !from.exists() {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(from).map_err(|error| format!("{}: {error}", from.display()))?;
    Ok(text.lines().skip(1).map(|line| line.split('\t').map(String::from).collect()).collect())
}
