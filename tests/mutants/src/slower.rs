//! Which mutants that no test catches cost instructions: `tests/bench --check` counts these.

use crate::{Fate, Mutant, Results, build};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// By how many percent a way may grow, as `tests/bench --check` has it.
const BOUND: usize = 5;

pub fn run(folder: &Path, mutants: &[&Mutant], results: &mut Results) {
    let missed: Vec<&Mutant> = mutants.iter().filter(|it| results.fates[&it.name] == Fate::Missed).copied().collect();
    if missed.is_empty() {
        return;
    }
    // What asks for a mutant among operators on bits stands in loops that the compiler would make faster: without
    // these the others are counted in what is nearly the library as it is shipped.
    let (bits, others): (Vec<&Mutant>, Vec<&Mutant>) = missed
        .iter()
        .copied()
        .partition(|it| ["replace | ", "replace & ", "replace ^ "].iter().any(|bits| it.name.contains(bits)));
    let mut slower = 0;
    for features in [&[][..], &["--features", "portable"]] {
        for mutants in [&bits, &others] {
            let left: Vec<&Mutant> =
                mutants.iter().copied().filter(|it| results.fates[&it.name] == Fate::Missed).collect();
            let program = build::short_ways(folder, &left, features);
            let before = ways(&program, 0);
            assert!(!before.is_empty(), "the short ways do not run under callgrind");
            for mutant in left {
                let grown = |(name, count): (String, usize)| {
                    let least = before[&name];
                    (count * 100 > least * (100 + BOUND)).then(|| format!("{name}: {least} instructions, {count}"))
                };
                if let Some(why) = ways(&program, mutant.number).into_iter().find_map(grown) {
                    results.note(mutant, Fate::Slower, &why);
                    slower += 1;
                }
            }
        }
    }
    println!("{slower} of {} mutants that no test catches take more instructions", missed.len());
}

/// Instructions of each short way; of none if the program does not come to its end.
fn ways(program: &Path, mutant: usize) -> BTreeMap<String, usize> {
    let mut command = Command::new("timeout");
    command.args(["-s", "KILL", "300", "core/benches/ways"]).arg(program).env("MUTANT", mutant.to_string());
    let output = command.output().expect("the short ways are counted");
    if !output.status.success() {
        return BTreeMap::new();
    }
    let count = |line: &str| {
        let (name, count) = line.split_once('\t').expect("two columns");
        (name.to_owned(), count.parse().expect("a number"))
    };
    String::from_utf8(output.stdout).expect("names").lines().map(count).collect()
}
