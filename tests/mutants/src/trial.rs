//! Which tests reach which mutants, and which of these they catch.

use crate::build::Program;
use crate::{Fate, Mutant, Results};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// A test, which runs in a process of its own.
struct Test<'a> {
    program: &'a Program,
    name: String,
    time: Duration,
    reaches: BTreeSet<usize>,
}

/// Shows every mutant that has no fate yet to the tests that reach it, until one catches it.
pub fn run(folder: &Path, jobs: usize, programs: &[Program], mutants: &[&Mutant], results: &mut Results) {
    let left: Vec<&Mutant> = mutants.iter().filter(|it| !results.fates.contains_key(&it.name)).copied().collect();
    if left.is_empty() {
        return;
    }
    let begin = Instant::now();
    let tests = measure(folder, jobs, programs);
    println!("{} tests ran without a mutant, in {} s", tests.len(), begin.elapsed().as_secs());

    // A test that has caught much for its time comes first. What each has caught, and run for:
    let scores = Mutex::new(tests.iter().map(|test| (1.0, test.time.as_secs_f64() + 0.01)).collect::<Vec<_>>());
    let queue = Mutex::new((left.iter(), 0_usize));
    let results = Mutex::new(results);
    let work = || {
        loop {
            let Some(mutant) = queue.lock().expect("no panic").0.next() else { return };
            let mut reach: Vec<usize> =
                (0..tests.len()).filter(|it| tests[*it].reaches.contains(&mutant.number)).collect();
            let scored = scores.lock().expect("no panic").clone();
            let score = |index: &usize| scored[*index].0 / scored[*index].1;
            reach.sort_by(|a, b| score(b).total_cmp(&score(a)));
            let found = reach.iter().find_map(|index| {
                let test = &tests[*index];
                let begin = Instant::now();
                // A bound for its time as the processor counts it: others may use the machine.
                let bound = 1 + (5.0 * test.time.as_secs_f64()).ceil() as u64;
                let status =
                    command(folder, test.program, &test.name, bound).env("MUTANT", mutant.number.to_string()).status();
                let fate = fate(status.expect("the test runs"));
                let score = &mut scores.lock().expect("no panic")[*index];
                score.1 += begin.elapsed().as_secs_f64();
                score.0 += f64::from(u8::from(fate != Fate::Missed));
                (fate != Fate::Missed).then_some((fate, format!("{} {}", test.program.name, test.name)))
            });
            let (fate, why) = found.unwrap_or((Fate::Missed, format!("{} tests reach it", reach.len())));
            results.lock().expect("no panic").note(mutant, fate, &why);
            let done = &mut queue.lock().expect("no panic").1;
            *done += 1;
            if done.is_multiple_of(200) || *done == left.len() {
                println!("{done} of {} mutants after {} s", left.len(), begin.elapsed().as_secs());
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(work);
        }
    });
}

/// A test in a process of its own, within a time that the processor counts, and memory: a mutant may go on
/// for ever, and take more of it all the while. `timeout` ends one that waits for ever.
fn command(folder: &Path, program: &Program, test: &str, seconds: u64) -> Command {
    let mut command = Command::new("sh");
    let run = r#"ulimit -c 0; ulimit -t "$0"; ulimit -v 8000000; exec timeout -s KILL "$1" "$2" --exact "$3" --test-threads=1"#;
    command.args(["-c", run]);
    command.arg(seconds.to_string()).arg((10 * seconds + 60).to_string()).arg(&program.path).arg(test);
    command.current_dir(folder.join("tree/core"));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn fate(status: ExitStatus) -> Fate {
    use std::os::unix::process::ExitStatusExt;
    // SIGKILL and SIGXCPU, as such or as `timeout` passes them on.
    let killed = [Some(9), Some(24)].contains(&status.signal()) || [Some(137), Some(152)].contains(&status.code());
    match (status.success(), killed) {
        (true, _) => Fate::Missed,
        (false, true) => Fate::Hung,
        (false, false) => Fate::Caught,
    }
}

/// The tests that pass without a mutant. Those that do not read the sources or count what they say.
fn measure<'a>(folder: &Path, jobs: usize, programs: &'a [Program]) -> Vec<Test<'a>> {
    let mut names = Vec::new();
    for program in programs {
        let output = Command::new(&program.path).args(["--list", "--format=terse"]).output().expect("a list of tests");
        let list = String::from_utf8(output.stdout).expect("names");
        names.extend(list.lines().filter_map(|line| Some((program, line.strip_suffix(": test")?.to_owned()))));
    }
    let queue = Mutex::new(names.into_iter());
    let tests = Mutex::new(BTreeMap::new());
    let work = |job: usize| {
        let records = folder.join(format!("records.{job}"));
        loop {
            let Some((program, name)) = queue.lock().expect("no panic").next() else { return };
            fs::write(&records, "").expect("a file");
            let begin = Instant::now();
            let mut command = command(folder, program, &name, 1000);
            let status = command.env("MUTANT", "record").env("MUTANT_RECORDS", &records).status().expect("it runs");
            let time = begin.elapsed();
            if !status.success() {
                println!("left out, since it fails without a mutant: {} {name}", program.name);
                continue;
            }
            let bytes = fs::read(&records).expect("a file");
            let reaches = bytes.chunks_exact(4).map(|it| u32::from_le_bytes([it[0], it[1], it[2], it[3]]) as usize);
            let test = Test { program, name: name.clone(), time, reaches: reaches.collect() };
            tests.lock().expect("no panic").insert((&program.name, name), test);
        }
    };
    std::thread::scope(|scope| {
        for job in 0..jobs {
            scope.spawn(move || work(job));
        }
    });
    tests.into_inner().expect("no panic").into_values().collect()
}
