//! The one build, and what has to be taken out of it.

use crate::rewrite::{self, Rewritten};
use crate::{Fate, Mutant, PACKAGE, Results};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A program of tests.
pub struct Program {
    pub name: String,
    pub path: PathBuf,
}

pub const SOURCES: &str = "core/src/";

/// Builds the tests with all mutants that can be in one build; notes those that can't.
pub fn build(folder: &Path, mutants: &[Mutant], results: &mut Results) -> Vec<Program> {
    // The library by itself shows most of what is wrong, and soon.
    let mut whole = false;
    loop {
        let out = [Some(&Fate::Unviable), Some(&Fate::Alone)];
        let inside = mutants.iter().filter(|it| !out.contains(&results.fates.get(&it.name)));
        let (files, lost) = write(&folder.join("tree"), &inside.collect::<Vec<_>>());
        for number in lost {
            results.note(&mutants[number - 1], Fate::Alone, "no place for it");
        }
        let command: &[&str] = if whole { &["test", "--no-run", "--lib", "--tests"] } else { &["check", "--lib"] };
        let messages = cargo(folder, command);
        let errors: Vec<&Value> =
            messages.iter().map(|it| &it["message"]).filter(|it| it["level"] == "error").collect();
        if !errors.is_empty() {
            // An error that is not in a mutant's own text may come from one that is: it can wait.
            let found = |own| -> BTreeMap<usize, (Fate, &Value)> {
                let of =
                    |error| guilty(error, own, &files, mutants).into_iter().map(move |(it, fate)| (it, (fate, error)));
                errors.iter().flat_map(|error| of(*error)).collect()
            };
            let out = Some(found(true)).filter(|it| !it.is_empty()).unwrap_or_else(|| found(false));
            let text: Vec<&str> = errors.iter().filter_map(|error| error["rendered"].as_str()).collect();
            assert!(!out.is_empty(), "the build fails:\n{}", text.join("\n"));
            let alone = out.values().filter(|(fate, _)| *fate == Fate::Alone).count();
            println!("{} mutants do not compile, {alone} can't be in the build", out.len() - alone);
            for (number, (fate, error)) in out {
                let code = error["code"]["code"].as_str().unwrap_or_default();
                let why = format!("{code} {}", error["message"].as_str().unwrap_or_default().replace('\n', " "));
                results.note(&mutants[number - 1], fate, &why);
            }
        } else if whole {
            let tests = messages.iter().filter(|it| it["profile"]["test"] == true && it["executable"].is_string());
            let program = |it: &Value| Program {
                name: it["target"]["name"].as_str().expect("a name").to_owned(),
                path: it["executable"].as_str().expect("a path").into(),
            };
            return tests.map(program).collect();
        } else {
            whole = true;
        }
    }
}

/// Builds what counts the short ways, with these mutants alone; gives the program.
pub fn short_ways(folder: &Path, mutants: &[&Mutant], features: &[&str]) -> PathBuf {
    write(&folder.join("tree"), mutants);
    let target = folder.join("benches");
    let mut command = cargo_in(folder, &target);
    command.args(["build", "--release", "--locked", "--quiet", "--no-default-features", "--bin", "ways"]);
    command.args(["--manifest-path", "core/benches/Cargo.toml"]).args(features);
    assert!(command.status().expect("cargo runs").success(), "what counts the short ways can't be built");
    target.join("release/ways")
}

/// Writes core with these mutants; gives the numbers of those that have no place, too.
fn write(tree: &Path, mutants: &[&Mutant]) -> (BTreeMap<String, Rewritten>, Vec<usize>) {
    let mut files: BTreeMap<String, Rewritten> = BTreeMap::new();
    let mut all_lost = Vec::new();
    let listed = Command::new("git").args(["ls-files", SOURCES]).output().expect("git runs").stdout;
    for name in String::from_utf8(listed).expect("names").lines().filter(|it| it.ends_with(".rs")) {
        let source = fs::read_to_string(name).expect("a source");
        let inside: Vec<&Mutant> = mutants.iter().filter(|it| it.file == name).copied().collect();
        let (mut file, lost) = rewrite::rewrite(&source, &inside);
        all_lost.extend(lost);
        if name == "core/src/lib.rs" {
            file.prepend("#![feature(core_intrinsics, const_eval_select)] ");
            file.text.push_str(rewrite::ASKS);
        }
        let to = tree.join(name);
        if fs::read_to_string(&to).ok().as_ref() != Some(&file.text) {
            fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
            fs::write(to, &file.text).expect("a copy");
        }
        files.insert(name.to_owned(), file);
    }
    (files, all_lost)
}

/// Cargo in the copy.
fn cargo_in(folder: &Path, target: &Path) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(folder.join("tree")).env("CARGO_TARGET_DIR", target).env("RUSTFLAGS", "--cap-lints allow");
    // `rewrite::ASKS` takes what the compiler keeps for the standard library: a way to tell run time
    // from the time when constants are worked out.
    command.env("RUSTC_BOOTSTRAP", "outgoing_to_device").stderr(std::process::Stdio::inherit());
    command
}

/// What cargo says, message by message.
fn cargo(folder: &Path, command: &[&str]) -> Vec<Value> {
    let output = cargo_in(folder, &folder.join("build"))
        .args(command)
        .args(PACKAGE)
        .args(["--locked", "--quiet", "--message-format=json"])
        .env("CARGO_PROFILE_DEV_DEBUG", "none")
        .output()
        .expect("cargo runs");
    let messages = output.stdout.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok());
    let messages: Vec<Value> = messages.collect();
    let errors = messages.iter().any(|it: &Value| it["message"]["level"] == "error");
    assert!(output.status.success() || errors, "cargo {} fails", command.join(" "));
    messages
}

/// The mutants that an error is about, each with what that makes of it: those in whose own text it is, or
/// else all at that place.
fn guilty(error: &Value, own: bool, files: &BTreeMap<String, Rewritten>, mutants: &[Mutant]) -> BTreeMap<usize, Fate> {
    let code = error["code"]["code"].as_str().unwrap_or_default();
    let mut spans = spans(error);
    for child in error["children"].as_array().into_iter().flatten() {
        spans.extend(self::spans(child));
    }
    let mut about = Vec::new();
    for (file, range) in &spans {
        let Some(file) = files.get(file) else { continue };
        let (numbers, its_own) = file.about(range);
        // In a constant the way leads through many calls; the last one asks for a mutant.
        if own == its_own && (code != "E0080" || file.text[range.clone()].starts_with("crate::mutant(")) {
            about.push(numbers);
        }
    }
    let Some(numbers) = about.into_iter().find(|it| !it.is_empty()) else { return BTreeMap::new() };
    let first = &mutants[numbers[0] - 1];
    if code == "E0080" {
        // All mutants of that function would come to light, one after the other.
        let same = mutants.iter().filter(|it| it.file == first.file && it.function == first.function);
        return same.map(|it| (it.number, Fate::Alone)).collect();
    }
    // Does it fail by itself? What stands instead of a body has the function's type to agree with, unless
    // the body says what that is; a name, or an operator of a type, is lacking everywhere. Other errors
    // may come from the two ways side by side.
    let by_itself = match first.genre.as_str() {
        "FnValue" => code == "E0433" || !first.returns.contains("impl "),
        _ => ["", "E0277", "E0368", "E0369", "E0600"].contains(&code),
    };
    let fate = if own && by_itself { Fate::Unviable } else { Fate::Alone };
    numbers.iter().map(|number| (*number, fate)).collect()
}

/// The places of a message in core, those that it is about first: where a macro is called, not where it stands.
fn spans(message: &Value) -> Vec<(String, Range<usize>)> {
    let mut all: Vec<&Value> = message["spans"].as_array().into_iter().flatten().collect();
    all.sort_by_key(|span| span["is_primary"] != true);
    let place = |mut span: &Value| {
        while !span["file_name"].as_str()?.starts_with(SOURCES) {
            span = &span["expansion"]["span"];
        }
        let number = |name: &str| Some(span[name].as_u64()? as usize);
        Some((span["file_name"].as_str()?.to_owned(), number("byte_start")?..number("byte_end")?))
    };
    all.into_iter().filter_map(place).collect()
}
