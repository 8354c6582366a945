//! README.md and charts, from the tables that the parts of `tests/bench` left.

use crate::data::{self, Time};
use crate::measure::Spread;
use crate::svg::{self, Bar};
use crate::workload;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// How many times as long as ours the fastest contender is to take (issue "Speed and size").
const AIMS: [(&str, f64, f64); 6] =
    [("W1", 2.5, 1.85), ("W1v", 1.25, 1.1), ("W2", 1.45, 1.35), ("W3", 1.6, 1.55), ("W4", 1.4, 1.1), ("W5", 1.4, 1.3)];

const INTRODUCTION: &str = "\
# Speed and size, measured

Made by `tests/bench`; the figures that this is made of stand in [data](data). Every contender reads, judges and
writes the same bodies by the same rules, which are this library's own functions, so that only reading, collecting and
writing differ; before it is timed, its verdicts, diagnostics and output are compared with ours on every body of the
workload.

- **Time** is the processor time of the thread, a body at a time, in rounds that interleave all contenders in a new order
  each. Figures are medians; whiskers and ranges are the middle half of the rounds. **Ratios** are medians of the ratios
  within each round: how many times as long as ours. Bars start at zero.
- **Ours** does all that the others do: it checks, writes the normalized request, and reads code and pointer of every
  diagnostic, warnings too. From C it does the same by `otd_check` and `otd_diagnostics_of`; “with words” is `otd_report_of`,
  which adds line, column, parameters and message of every diagnostic.
- Where a contender has a build for this machine (`-march=native`, `-C target-cpu=native`) that is faster than its
  portable one (x86-64-v2 with PCLMUL for C and C++, x86-64 for Rust), the chart shows that one. Ours is portable, without
  unsafe code.
- What the peers need not do, though ours does: offsets and lengths of diagnostics; telling where a body is
  no JSON; lone surrogates one by one; the limits of nesting; the hints of unknown names. simdjson reads bodies that are
  followed by padding, so it copies nothing, which is its best case.
- The C and C++ contenders call the shared rules once for an attachment and once for the message, which costs a call.
";

const WHY: &str = "
## Where the time goes, and the floor

Shares of the instructions that ours takes, counted by callgrind and put to what they are for by the source file that
they come from (core/benches/profile). Rules are a part that every contender has: the same functions judge the same values.
";

/// Less and less of the work.
const FLOORS: [(&str, &str); 5] = [
    ("ours", "ours"),
    ("ours, check and write", "without reading diagnostics"),
    ("ours, check only", "and without output"),
    ("floor, and UTF-8", "only brackets, ends of strings and UTF-8: no keys, no duplicates, no rules"),
    ("floor: brackets and strings", "and without UTF-8"),
];

const WEB: &str = "
## Node and Chromium

Nanoseconds a body of the processor's time, less is better; × how many times as long as ours, which is the first line of
each table; in brackets the middle half of the rounds. The peers judge what `JSON.parse` made of the text, by fewer rules:
no address syntax, no normalizing, no warnings, no unknown names' hints (wasm/bench). libphonenumber-js stands where the
rule for phone numbers is counted in. `check` makes the normalized request, too. `JSON.parse alone` judges nothing.
From objects ours has to write the text first; a page has text or bytes.

Aims: verdict from text 2.5 times as fast as ajv standalone in Node, 2 times in Chromium, and 3.5 times as fast as zod;
from bytes 4 times as fast as decoding, parsing and ajv; with every diagnostic read not behind zod and valibot.
";

pub fn write(directory: &Path) -> Result<(), String> {
    let data = directory.join("data");
    let times = data::read_times(&data.join("time.tsv"))?;
    let mut text = String::from(INTRODUCTION);
    text.push('\n');
    for row in data::read(&data.join("machine.tsv"))? {
        let _ = writeln!(text, "- {}", row.join(": "));
    }
    aims(&mut text, &times);
    for workload in AIMS.map(|(name, ..)| name) {
        let times: Vec<&Time> = times.iter().filter(|time| time.workload == workload).collect();
        if !times.is_empty() {
            put(&directory.join(format!("{workload}.svg")), &chart(workload, &times))?;
            table(&mut text, workload, &times);
        }
    }
    why(&mut text, &times, &data::read(&data.join("profile.tsv"))?);
    instructions(&mut text, &data::read(&data.join("instructions.tsv"))?, data::read(&data.join("ways.tsv"))?.len());
    disagreements(&mut text, &data::read(&data.join("verify.tsv"))?);
    sizes(directory, &mut text, &data::read(&data.join("sizes.tsv"))?)?;
    web(directory, &mut text, &data::read(&data.join("web.tsv"))?)?;
    put(&directory.join("README.md"), &text)
}

fn put(to: &Path, text: &str) -> Result<(), String> {
    fs::write(to, text).map_err(|error| format!("{}: {error}", to.display()))
}

/// The fastest of those that do the whole work and are not ours.
fn fastest<'t>(times: &[&'t Time]) -> Option<&'t Time> {
    let peers = times.iter().filter(|time| time.whole && !is_ours(time));
    peers.min_by(|a, b| a.ratio.median.total_cmp(&b.ratio.median)).copied()
}

fn is_ours(time: &Time) -> bool {
    time.name.starts_with("ours")
}

fn aims(text: &mut String, times: &[Time]) {
    text.push_str(
        "\n## Against the fastest contender\n\n\
         How many times as long as ours it takes; “from C” is the same against ours through the C interface. The floor\n\
         only finds brackets and the ends of strings, with the library's own scanning: without, and with a check of UTF-8.\n\n\
         | workload | ns, ours | fastest contender | ns | from Rust | aim | from C | aim | ns, floor |\n\
         |---|--:|---|--:|--:|--:|--:|--:|--:|\n",
    );
    let [.., (utf8, _), (strings, _)] = FLOORS;
    for (workload, aim, aim_c) in AIMS {
        let times: Vec<&Time> = times.iter().filter(|time| time.workload == workload).collect();
        let named = |name: &str| times.iter().find(|time| time.name == name);
        let (Some(peer), Some(rust)) = (fastest(&times), named("ours")) else { continue };
        let c = named("ours from C").map_or("–".into(), |c| times_(peer.ratio.median / c.ratio.median));
        let floor = |name: &str| named(name).map_or("–".into(), |floor| figure(floor.time.median));
        let _ = writeln!(
            text,
            "| {workload} | {} | {} | {} | {} | {aim} | {c} | {aim_c} | {}, {} |",
            figure(rust.time.median),
            peer.name,
            figure(peer.time.median),
            times_(peer.ratio.median),
            floor(strings),
            floor(utf8),
        );
    }
}

fn table(text: &mut String, workload: &str, times: &[&Time]) {
    let (bytes, rounds) = (times[0].bytes, times[0].rounds);
    let _ = write!(
        text,
        "\n## {workload}: {}\n\n![{workload}]({workload}.svg)\n\n{bytes} bytes a body, {rounds} rounds.\n\n\
         | contender | ns a body | middle half | MB/s | × ours | middle half |\n|---|--:|--:|--:|--:|--:|\n",
        workload::meaning(workload)
    );
    for time in times {
        let _ = writeln!(
            text,
            "| {}{} | {} | {}–{} | {:.0} | {} | {:.2}–{:.2} |",
            time.name,
            if time.whole { "" } else { " *" },
            figure(time.time.median),
            figure(time.time.low),
            figure(time.time.high),
            bytes as f64 / time.time.median * 1e3,
            times_(time.ratio.median),
            time.ratio.low,
            time.ratio.high
        );
    }
    text.push_str("\n\\* does less: no diagnostics, or of a rejected body not all of them; the floors only read.\n");
}

/// Ours and the better build of each peer that does the whole work, the fastest first.
fn chart(workload: &str, times: &[&Time]) -> String {
    let base = |time: &Time| time.name.trim_end_matches(" native").to_string();
    let mut shown: Vec<&Time> = Vec::new();
    for time in times.iter().filter(|time| time.whole) {
        match shown.iter_mut().find(|other| base(other) == base(time)) {
            Some(other) if time.ratio.median < other.ratio.median => *other = time,
            Some(_) => {}
            None => shown.push(time),
        }
    }
    shown.sort_by(|a, b| a.ratio.median.total_cmp(&b.ratio.median));
    let title = format!("{workload}: {}", workload::meaning(workload));
    svg::chart(&title, SUBTITLE, figure, &bars(&shown))
}

const SUBTITLE: &str = "nanoseconds a body, less is better; × how many times as long as ours; whisker: the middle half";

fn bars(times: &[&Time]) -> Vec<Bar> {
    let bar = |time: &&Time| Bar {
        label: time.name.clone(),
        value: time.time,
        figure: format!("{} ns · ×{}", figure(time.time.median), times_(time.ratio.median)),
        ours: is_ours(time),
    };
    times.iter().map(bar).collect()
}

/// Where the time goes, and how little of it would be left for a reader that does nothing else.
fn why(text: &mut String, times: &[Time], rows: &[Vec<String>]) {
    if rows.is_empty() {
        return;
    }
    text.push_str(WHY);
    let workloads = distinct(rows.iter().map(|row| row[0].as_str()));
    let header = |text: &mut String| {
        let _ = writeln!(text, "\n| | {} |\n|---|{}", workloads.join(" | "), "--:|".repeat(workloads.len()));
    };
    header(text);
    for part in distinct(rows.iter().map(|row| row[1].as_str())) {
        let share = |workload: &&str| {
            let row = rows.iter().find(|row| row[0] == **workload && row[1] == part);
            row.map_or("–".into(), |row| format!("{} %", row[2]))
        };
        let _ = writeln!(text, "| {part} | {} |", workloads.iter().map(share).collect::<Vec<_>>().join(" | "));
    }
    header(text);
    for (name, what) in FLOORS {
        let share = |workload: &&str| {
            let row = times.iter().find(|time| time.name == name && time.workload == **workload);
            row.map_or("–".into(), |time| format!("{} ns, ×{}", figure(time.time.median), times_(time.ratio.median)))
        };
        let _ = writeln!(text, "| {what} | {} |", workloads.iter().map(share).collect::<Vec<_>>().join(" | "));
    }
}

fn instructions(text: &mut String, rows: &[Vec<String>], ways: usize) {
    if rows.is_empty() {
        return;
    }
    text.push_str("\n## Instructions a body\n\nCounted by callgrind; portable builds only.\n\n| contender |");
    let workloads: Vec<&str> =
        AIMS.iter().map(|(name, ..)| *name).filter(|name| rows.iter().any(|row| row[1] == *name)).collect();
    workloads.iter().for_each(|name| text.push_str(&format!(" {name} |")));
    text.push_str("\n|---|");
    workloads.iter().for_each(|_| text.push_str("--:|"));
    let mut names: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
    names.dedup();
    for name in names {
        let _ = write!(text, "\n| {name} |");
        for workload in &workloads {
            let count = rows.iter().find(|row| row[0] == name && row[1] == *workload);
            let _ = write!(text, " {} |", count.map_or("", |row| &row[2]));
        }
    }
    let _ = writeln!(
        text,
        "\n\n[ways.tsv](data/ways.tsv) has the instructions of {ways} small bodies, each for a short way through the library;\n\
         `tests/bench --check` looks after all of them."
    );
}

fn disagreements(text: &mut String, rows: &[Vec<String>]) {
    if rows.is_empty() {
        return;
    }
    text.push_str(
        "\n## Where the contenders disagree\n\n\
         On the workloads all that do the whole work agree with ours on verdict, diagnostics and output. Of bodies with random\n\
         mutations (bytes, brackets, escapes, keys), most of which are no JSON any more, so many are judged or written\n\
         otherwise:\n\n| contender | bodies | otherwise | with another verdict |\n|---|--:|--:|--:|\n",
    );
    for row in rows {
        let _ = writeln!(text, "| {} |", row.join(" | "));
    }
}

fn sizes(directory: &Path, text: &mut String, rows: &[Vec<String>]) -> Result<(), String> {
    if rows.is_empty() {
        return Ok(());
    }
    text.push_str("\n## Sizes\n");
    for section in distinct(rows.iter().map(|row| row[0].as_str())) {
        let rows: Vec<&Vec<String>> = rows.iter().filter(|row| row[0] == section).collect();
        let _ = writeln!(text, "\n### {section}\n");
        if section == "Web" {
            text.push_str("Bundled and minified by esbuild.\n\n![Web](sizes-web.svg)\n\n");
            put(&directory.join("sizes-web.svg"), &web_sizes(&rows))?;
            text.push_str("| | bytes | gzip | brotli | |\n|---|--:|--:|--:|---|\n");
        } else if section == "Crates" {
            text.push_str("| | crates | |\n|---|--:|---|\n");
        } else {
            text.push_str("| | bytes | |\n|---|--:|---|\n");
        }
        for row in &rows {
            let _ = writeln!(text, "| {} |", row[1..].join(" | "));
        }
    }
    Ok(())
}

/// By what is sent: brotli.
fn web_sizes(rows: &[&Vec<String>]) -> String {
    let bytes = |row: &[String]| row.get(4).and_then(|bytes| bytes.parse::<f64>().ok());
    let ours = rows.iter().find(|row| row[1] == "ours, one file").and_then(|row| bytes(row));
    let bar = |row: &&Vec<String>| {
        let bytes = bytes(row)?;
        Some(Bar {
            label: row[1].clone(),
            value: exact(bytes),
            figure: format!("{} · ×{}", figure(bytes), times_(bytes / ours?)),
            ours: row[1].starts_with("ours") || row[1].starts_with("outgoing"),
        })
    };
    let bars: Vec<Bar> = rows.iter().filter_map(bar).collect();
    svg::chart(
        "What a browser loads",
        "bytes, minified and compressed by brotli; × beside ours in one file",
        figure,
        &bars,
    )
}

/// In the order in which they come.
fn distinct<'t>(all: impl Iterator<Item = &'t str>) -> Vec<&'t str> {
    let mut seen = Vec::new();
    for one in all {
        if !seen.contains(&one) {
            seen.push(one);
        }
    }
    seen
}

/// Rows of wasm/bench: where it runs, what it is given, and the figures of a contender.
fn web(directory: &Path, text: &mut String, rows: &[Vec<String>]) -> Result<(), String> {
    if rows.is_empty() {
        return Ok(());
    }
    text.push_str(WEB);
    for place in distinct(rows.iter().map(|row| row[0].as_str())) {
        let _ = writeln!(text, "\n### {place}");
        let file = place.split(' ').next().unwrap_or_default().to_lowercase();
        for from in distinct(rows.iter().map(|row| row[1].as_str())) {
            let of_group = rows.iter().filter(|row| row[0] == place && row[1] == from);
            let times = of_group.map(|row| data::time(&row[2..])).collect::<Result<Vec<Time>, String>>()?;
            let kinds = distinct(times.iter().map(|time| time.workload.as_str()));
            // Pictures for text, which is what arrives.
            if from == "text" {
                text.push('\n');
                for (number, kind) in kinds.iter().enumerate() {
                    let svg = format!("{file}-{}.svg", number + 1);
                    let times: Vec<&Time> = times.iter().filter(|time| time.workload == *kind).collect();
                    put(&directory.join(&svg), &web_chart(&format!("{place}, from text: {kind}"), &times))?;
                    let _ = writeln!(text, "![{kind}]({svg})");
                }
            }
            web_table(text, from, &kinds, &times);
        }
    }
    Ok(())
}

/// A line a contender, a column a kind of body.
fn web_table(text: &mut String, from: &str, kinds: &[&str], times: &[Time]) {
    let _ = writeln!(text, "\n| from {from} | {} |\n|---|{}", kinds.join(" | "), "--:|".repeat(kinds.len()));
    for name in distinct(times.iter().map(|time| time.name.as_str())) {
        let _ = write!(text, "| {name} |");
        for kind in kinds {
            let time = times.iter().find(|time| time.name == name && time.workload == *kind);
            let _ = match time {
                Some(Time { time, ratio, .. }) => write!(
                    text,
                    " {} ns, ×{} ({:.2}–{:.2}) |",
                    figure(time.median),
                    times_(ratio.median),
                    ratio.low,
                    ratio.high
                ),
                None => write!(text, " |"),
            };
        }
        text.push('\n');
    }
}

fn web_chart(title: &str, times: &[&Time]) -> String {
    let mut shown: Vec<&Time> = times.iter().filter(|time| time.whole).copied().collect();
    shown.sort_by(|a, b| a.ratio.median.total_cmp(&b.ratio.median));
    svg::chart(title, SUBTITLE, figure, &bars(&shown))
}

fn figure(value: f64) -> String {
    match value {
        10_000.0.. => {
            let thousands = (value / 1000.0).trunc();
            format!("{thousands:.0},{:03.0}", (value - thousands * 1000.0).trunc())
        }
        100.0.. => format!("{value:.0}"),
        _ if value.fract() == 0.0 => format!("{value:.0}"),
        _ => format!("{value:.1}"),
    }
}

fn times_(ratio: f64) -> String {
    format!("{ratio:.2}")
}

fn exact(value: f64) -> Spread {
    Spread { low: value, median: value, high: value }
}
