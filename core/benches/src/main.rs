//! Measures ours beside what people would use instead. `tests/bench` is the command to call.

mod contender;
mod cpp;
mod judge;
mod measure;
mod serde_peers;
mod verify;
mod visitor;
mod workload;
mod write;

use contender::{CheckOnly, Contender, Ours};
use cpp::Cpp;
use measure::{Bodies, spread};
use outgoing_to_device::Policy;
use serde_peers::SerdeJson;
use std::rc::Rc;
use visitor::Buffers;

const USAGE: &str = "time [--rounds N] [WORKLOAD…] | one CONTENDER WORKLOAD COUNT | list";

type Named = (String, Box<dyn Contender>);

/// Ours first, the baseline second.
fn contenders() -> Vec<Named> {
    let policy = Rc::new(Policy::default());
    let mut all: Vec<Named> = Vec::new();
    let mut add = |name: &str, contender: Box<dyn Contender>| all.push((name.into(), contender));
    add("ours", Box::new(Ours::new(&policy)));
    add("serde_json visitor", Box::new(SerdeJson { policy: policy.clone(), buffers: Buffers::default() }));
    add("ours, check only", Box::new(CheckOnly(Ours::new(&policy))));
    for build in ["portable", "native"] {
        for name in ["simdjson", "yyjson", "rapidjson"] {
            add(&format!("{name} {build}"), Box::new(Cpp::load(&policy, name, build)));
        }
    }
    all
}

fn bodies(workload: &str, megabytes: usize) -> Bodies {
    Bodies::new(&match workload {
        "W5" => workload::mixed(megabytes << 20),
        name => workload::bodies(name),
    })
}

fn time(rounds: usize, workloads: &[String]) -> Result<(), String> {
    let (names, mut contenders): (Vec<String>, Vec<_>) = contenders().into_iter().unzip();
    for workload in workloads {
        let bodies = bodies(workload, 8);
        for body in bodies.iter().take(2_000) {
            let ours = verify::answer(&mut *contenders[0], body);
            for (name, contender) in names.iter().zip(&mut contenders) {
                let theirs = verify::answer(&mut **contender, body);
                if name != "ours, check only" && ours != theirs {
                    return Err(format!("{name} differs on {workload}:\n{}\n{}", ours.show(), theirs.show()));
                }
            }
        }
        let samples = measure::rounds(&mut contenders, &bodies, rounds, 0.001);
        println!(
            "\n{workload}: {} bytes a body, {rounds} rounds; ratio: how many times as long as ours",
            bodies.total() / bodies.len()
        );
        for (name, figures) in names.iter().zip(&samples) {
            let time = spread(figures.iter().copied());
            let ratio = spread(figures.iter().zip(&samples[0]).map(|(theirs, ours)| theirs / ours));
            println!("{name:24}{:10.1} ns  x{:.2} ({:.2}–{:.2})", time.median, ratio.median, ratio.low, ratio.high);
        }
    }
    Ok(())
}

fn run(arguments: &[String]) -> Result<(), String> {
    match arguments {
        [command, rest @ ..] if command == "time" => {
            let (rounds, rest) = match rest {
                [option, rounds, rest @ ..] if option == "--rounds" => (rounds.parse().map_err(|_| USAGE)?, rest),
                rest => (31, rest),
            };
            let all = workload::NAMES.map(String::from);
            time(rounds, if rest.is_empty() { &all } else { rest })
        }
        [command, name, workload, count] if command == "one" => {
            let mut all = contenders();
            let (_, contender) = all.iter_mut().find(|(n, _)| n == name).ok_or("no such contender")?;
            let bodies = bodies(workload, 1);
            measure::seconds(&mut **contender, &bodies, count.parse().map_err(|_| USAGE)?);
            Ok(())
        }
        [command] if command == "list" => {
            contenders().iter().for_each(|(name, _)| println!("{name}"));
            Ok(())
        }
        _ => Err(USAGE.into()),
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Err(error) = run(&arguments) {
        eprintln!("{error}");
        std::process::exit(1);
    }
}
