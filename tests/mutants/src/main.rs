//! Tests the mutants that `cargo mutants --list` names, all in one build: each is behind a call that asks
//! for its number, which the environment has. What can't be in that build is left to cargo-mutants.
//!
//!     mutants FOLDER JOBS [ARGUMENT of cargo mutants]…
//!
//! runs in the repository's root. The folder gets a copy of it, the build, and `results`: a line for each
//! mutant as it is done. A run that was interrupted goes on there, unless core or what tests it has
//! changed. At the end these files list the chosen mutants by their names: `unviable`, `caught`, `hung`,
//! `slower`, `missed`, and `alone` for cargo-mutants.

mod build;
mod rewrite;
mod slower;
#[cfg(test)]
mod tests;
mod trial;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::path::Path;
use std::process::Command;

const PACKAGE: [&str; 4] = ["-p", "outgoing-to-device", "--features", "serde,schema,http"];

/// A small change of core, as cargo-mutants lists it. Lines and columns count from 1.
#[derive(Clone, Default)]
struct Mutant {
    number: usize,
    name: String,
    file: String,
    genre: String,
    replacement: String,
    start: (usize, usize),
    end: (usize, usize),
    function: String,
    returns: String,
}

/// What becomes of a mutant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Fate {
    Unviable,
    Caught,
    Hung,
    /// Nothing shows it but instructions.
    Slower,
    Missed,
    Alone,
}

const FATES: [(Fate, &str); 6] = [
    (Fate::Unviable, "unviable"),
    (Fate::Caught, "caught"),
    (Fate::Hung, "hung"),
    (Fate::Slower, "slower"),
    (Fate::Missed, "missed"),
    (Fate::Alone, "alone"),
];

/// The file `results`, and what is in it.
struct Results {
    file: File,
    fates: BTreeMap<String, Fate>,
}

impl Results {
    /// Goes on with the file, if it is of the same sources.
    fn open(path: &Path, sources: u64) -> Results {
        let head = format!("sources {sources:016x}");
        let text = fs::read_to_string(path).unwrap_or_default();
        let known = text.lines().next() == Some(&head);
        let line = |line: &str| {
            let mut cells = line.split('\t');
            let word = cells.next()?;
            Some((cells.next()?.to_owned(), FATES.iter().find(|(_, it)| *it == word)?.0))
        };
        // Instructions are soon counted, and each time.
        let again = |(name, fate)| (name, if fate == Fate::Slower { Fate::Missed } else { fate });
        let fates = if known { text.lines().filter_map(line).map(again).collect() } else { BTreeMap::new() };
        if !known {
            fs::write(path, format!("{head}\n")).expect("a file for the results");
        }
        Results { file: File::options().append(true).open(path).expect("the results"), fates }
    }

    fn note(&mut self, mutant: &Mutant, fate: Fate, why: &str) {
        let (_, word) = FATES.iter().find(|(it, _)| *it == fate).expect("every fate has a word");
        writeln!(self.file, "{word}\t{}\t{why}", mutant.name).expect("a line of results");
        self.fates.insert(mutant.name.clone(), fate);
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, jobs, choice @ ..] = &arguments[..] else { panic!("usage: mutants FOLDER JOBS [ARGUMENT]…") };
    let folder = std::path::absolute(folder).expect("a folder");
    let jobs = jobs.parse().expect("a number of jobs");
    fs::create_dir_all(&folder).expect("a folder");
    let mutants = list(&[]);
    let chosen: BTreeSet<String> = list(choice).into_iter().map(|it| it.name).collect();
    let chosen: Vec<&Mutant> = mutants.iter().filter(|it| chosen.contains(&it.name)).collect();

    let mut results = Results::open(&folder.join("results"), copy(&folder.join("tree")));
    let programs = build::build(&folder, &mutants, &mut results);
    trial::run(&folder, jobs, &programs, &chosen, &mut results);
    slower::run(&folder, &chosen, &mut results);

    for (fate, word) in FATES {
        let names = chosen.iter().map(|it| &it.name).filter(|it| results.fates[*it] == fate);
        fs::write(folder.join(word), names.map(|name| format!("{name}\n")).collect::<String>()).expect("a list");
    }
}

/// The mutants that cargo-mutants knows, numbered from 1.
fn list(choice: &[String]) -> Vec<Mutant> {
    let mut command = Command::new("cargo");
    let output = command.args(["mutants", "--list", "--json"]).args(PACKAGE).args(choice).output();
    let output = output.expect("cargo mutants runs");
    assert!(output.status.success(), "cargo mutants: {}", String::from_utf8_lossy(&output.stderr));
    let list: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).expect("a list");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let number = |value: &serde_json::Value| value.as_u64().expect("a number") as usize;
    let place = |value: &serde_json::Value| (number(&value["line"]), number(&value["column"]));
    let mutant = |(index, it): (usize, &serde_json::Value)| Mutant {
        number: index + 1,
        name: text(&it["name"]),
        file: text(&it["file"]),
        genre: text(&it["genre"]),
        replacement: text(&it["replacement"]),
        start: place(&it["span"]["start"]),
        end: place(&it["span"]["end"]),
        function: text(&it["function"]["function_name"]),
        returns: text(&it["function"]["return_type"]),
    };
    list.iter().enumerate().map(mutant).collect()
}

/// Copies the files that git knows, apart from core's own code, and gives a number that tells apart the states of
/// all that a mutant is built from and tested with.
fn copy(tree: &Path) -> u64 {
    let files = Command::new("git").args(["ls-files", "-z"]).output().expect("git runs").stdout;
    let mut sources = DefaultHasher::new();
    for name in String::from_utf8(files).expect("names").split_terminator('\0') {
        let Ok(bytes) = fs::read(name) else { continue };
        let tested = ["core/", "schema/", "tests/model/", "tests/vectors/", "Cargo"];
        if tested.iter().any(|it| name.starts_with(it)) && !name.starts_with("core/benches/") {
            (name, &bytes).hash(&mut sources);
        }
        let to = tree.join(name);
        // Cargo builds anew what has been written.
        let rewritten = name.starts_with(build::SOURCES) && name.ends_with(".rs");
        if !rewritten && fs::read(&to).ok().as_ref() != Some(&bytes) {
            fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
            fs::write(&to, &bytes).expect("a copy");
        }
    }
    sources.finish()
}
