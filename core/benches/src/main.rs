//! Measures ours beside what people would use instead. `tests/bench` is the command to call.

mod data;
mod measure;
mod report;
mod svg;
mod verify;
mod workload;

use benches::contender::Contender;
use benches::ours::{Asked, Ours, OursInC};
use measure::{Bodies, spread};
use std::env;
use std::path::Path;

const USAGE: &str = "\
benches list                                    the contenders
benches versions                                of the C and C++ contenders
benches verify [MUTANTS [FILE]]                 verdicts and outputs beside ours
benches time [--rounds N] [--out FILE] [W…]     interleaved rounds
benches one CONTENDER WORKLOAD [COUNT]          in `counted`, for callgrind and perf; COUNT 0: every body once
benches report DIRECTORY                        README.md and charts from the data there";

/// How much a contender does of what ours does.
#[derive(Clone, Copy, PartialEq)]
pub enum Role {
    Whole,
    /// Of a body with mistakes not all diagnostics.
    Part,
    /// No diagnostics.
    Output,
    /// Only the verdict.
    Verdict,
    /// Not even that.
    Floor,
}

pub struct Entry {
    name: String,
    role: Role,
    contender: Box<dyn Contender>,
}

/// Ours first. C where `tests/bench` says that it was built.
fn contenders() -> Vec<Entry> {
    let mut all = Vec::new();
    let mut add =
        |name: &str, role, contender: Box<dyn Contender>| all.push(Entry { name: name.into(), role, contender });
    add("ours", Role::Whole, Box::new(Ours::new(Asked::Findings)));
    add("ours, check and write", Role::Output, Box::new(Ours::new(Asked::Output)));
    add("ours, check only", Role::Verdict, Box::new(Ours::new(Asked::Verdict)));
    if let Some(library) = env::var_os("BENCH_OURS_IN_C") {
        let library = Path::new(&library);
        add("ours from C", Role::Whole, Box::new(OursInC::load(library, Asked::Findings)));
        add("ours from C, with words", Role::Whole, Box::new(OursInC::load(library, Asked::Words)));
        add("ours from C, check and write", Role::Output, Box::new(OursInC::load(library, Asked::Output)));
    }
    #[cfg(feature = "peers")]
    peers::add(&mut all);
    all
}

#[cfg(feature = "peers")]
mod peers {
    use super::{Entry, Role};
    use benches::cpp::Cpp;
    use benches::floor::Floor;
    use benches::peers::{self, NATIVE, Native, RUST, Work};
    use std::env;
    use std::path::Path;

    const BUILDS: [(&str, &str); 2] = [("portable", ""), ("native", " native")];
    const CPP: [&str; 3] = ["simdjson", "yyjson", "rapidjson"];

    /// Native Rust where `tests/bench` says that it was built.
    pub fn add(all: &mut Vec<Entry>) {
        for (name, utf8) in [("floor: brackets and strings", false), ("floor, and UTF-8", true)] {
            all.push(Entry { name: name.into(), role: Role::Floor, contender: Box::new(Floor { utf8 }) });
        }
        let native = env::var_os("BENCH_NATIVE");
        for (i, &(name, work)) in RUST.iter().enumerate() {
            let role = if work == Work::Whole { Role::Whole } else { Role::Part };
            all.push(Entry { name: name.into(), role, contender: peers::rust(i) });
            if let Some(library) = native.as_ref().filter(|_| i < NATIVE) {
                let contender = Box::new(Native::load(Path::new(library), i));
                all.push(Entry { name: format!("{name} native"), role, contender });
            }
        }
        for name in CPP {
            for (build, suffix) in BUILDS {
                let contender = Box::new(Cpp::load(name, build));
                all.push(Entry { name: format!("{name}{suffix}"), role: Role::Whole, contender });
            }
        }
    }

    pub fn versions() {
        for (build, _) in BUILDS {
            println!("{build}: {}", CPP.map(|name| Cpp::load(name, build).version().to_string()).join(", "));
        }
    }
}

fn bodies(workload: &str, megabytes: usize) -> Result<Bodies, String> {
    if workload == "W5" {
        return Ok(Bodies::new(&workload::mixed(megabytes << 20)));
    }
    if workload::NAMES.contains(&workload) {
        return Ok(Bodies::new(&workload::bodies(workload)));
    }
    Err(format!("no workload {workload}"))
}

fn time(rounds: usize, workloads: &[String], out: Option<&str>) -> Result<(), String> {
    let mut entries = contenders();
    let mut rows = Vec::new();
    for workload in workloads {
        let bodies = bodies(workload, 50)?;
        verify::workload(&mut entries, &bodies)?;
        // A round of W5 is long; a few are enough.
        let rounds = if workload == "W5" { rounds.div_ceil(8) } else { rounds };
        let samples = measure::rounds(&mut entries, &bodies, rounds, 0.001);
        println!("\n{workload}: {} bytes a body, {rounds} rounds; x: how many times as long as ours", bodies.mean());
        for (entry, figures) in entries.iter().zip(&samples) {
            let time = spread(figures.iter().copied());
            let ratio = spread(figures.iter().zip(&samples[0]).map(|(theirs, ours)| theirs / ours));
            let part = if entry.role == Role::Whole { "" } else { "*" };
            println!(
                "{:36}{:10.1} ns   x{:.2} ({:.2}–{:.2}){part}",
                entry.name, time.median, ratio.median, ratio.low, ratio.high
            );
            rows.push(data::Time {
                workload: workload.clone(),
                bytes: bodies.mean(),
                rounds,
                name: entry.name.clone(),
                whole: entry.role == Role::Whole,
                time,
                ratio,
            });
        }
    }
    println!("\n* does less than the others: no diagnostics, not all of them, or nothing but reading");
    out.map_or(Ok(()), |out| data::write_times(Path::new(out), &rows))
}

fn verify(mutants: usize, out: Option<&str>) -> Result<(), String> {
    let mut entries = contenders();
    for workload in workload::NAMES.into_iter().chain(["W5"]) {
        let bodies = bodies(workload, 4)?;
        verify::workload(&mut entries, &bodies)?;
        println!("{workload}: everybody agrees with ours on {} bodies", bodies.len());
    }
    println!("of {mutants} mutated bodies they judge or write otherwise (another verdict):");
    let found = verify::mutants(&mut entries, mutants);
    for (entry, found) in entries.iter().zip(&found) {
        println!("{:36}{:6} ({})", entry.name, found.any, found.verdict);
        if let Some(example) = &found.example {
            println!("  {example}");
        }
    }
    let whole = entries.iter().zip(&found).filter(|(entry, _)| entry.role == Role::Whole).skip(1);
    let rows = whole.map(|(entry, found)| format!("{}\t{mutants}\t{}\t{}", entry.name, found.any, found.verdict));
    out.map_or(Ok(()), |out| data::write(Path::new(out), "contender\tbodies\totherwise\tverdict", rows))
}

/// What callgrind collects: nothing but this.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn counted(entry: &mut Entry, bodies: &Bodies, count: usize) {
    measure::seconds(&mut *entry.contender, bodies, count);
}

fn one(name: &str, workload: &str, count: usize) -> Result<(), String> {
    let entry = contenders().into_iter().find(|entry| entry.name == name);
    let mut entry = entry.ok_or_else(|| format!("no contender {name}"))?;
    let bodies = bodies(workload, 1)?;
    let count = if count == 0 { bodies.len() } else { count };
    measure::seconds(&mut *entry.contender, &bodies, bodies.len().max(8));
    counted(&mut entry, &bodies, count);
    println!("{count}");
    Ok(())
}

fn number(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| format!("{text} is no number\n{USAGE}"))
}

fn run(arguments: &[&str]) -> Result<(), String> {
    match arguments {
        ["list"] => contenders().iter().for_each(|entry| println!("{}", entry.name)),
        #[cfg(feature = "peers")]
        ["versions"] => peers::versions(),
        ["verify"] => verify(20_000, None)?,
        ["verify", mutants] => verify(number(mutants)?, None)?,
        ["verify", mutants, out] => verify(number(mutants)?, Some(out))?,
        ["time", rest @ ..] => {
            let (mut rounds, mut out, mut workloads) = (31, None, Vec::new());
            let mut rest = rest.iter();
            while let Some(argument) = rest.next() {
                match *argument {
                    "--rounds" => rounds = number(rest.next().ok_or(USAGE)?)?,
                    "--out" => out = Some(*rest.next().ok_or(USAGE)?),
                    workload => workloads.push(workload.to_string()),
                }
            }
            if workloads.is_empty() {
                workloads = workload::NAMES.map(String::from).to_vec();
            }
            time(rounds, &workloads, out)?;
        }
        ["one", name, workload] => one(name, workload, 1_000)?,
        ["one", name, workload, count] => one(name, workload, number(count)?)?,
        ["report", directory] => report::write(Path::new(directory))?,
        _ => return Err(USAGE.into()),
    }
    Ok(())
}

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let Err(error) = run(&arguments.iter().map(String::as_str).collect::<Vec<_>>()) {
        eprintln!("{error}");
        std::process::exit(1);
    }
}
