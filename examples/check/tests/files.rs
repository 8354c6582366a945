//! No run harms a file: neither those that it reads, nor those that it would write.
#![cfg(unix)]

mod support;

use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use support::{Run, caught, check, command, finish};
use tempfile::TempDir;

const GOOD: &str =
    r#"{"text":"a","attachments":[],"clientApplicationDescriptor":{"channelType":"WEB","deviceAddress":"b"}}"#;

/// A folder with an input of one good request and one bad, a policy, and an old result.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("in.ndjson", &*input()), ("policy.json", "{}"), ("old", "old\n"), ("body.json", GOOD)] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn input() -> String {
    format!("{GOOD}\n{{}}\n")
}

fn in_folder(folder: &TempDir, args: &[&str]) -> Run {
    finish(caught(command().current_dir(folder).args(args).stdin(Stdio::null())).spawn().unwrap())
}

/// The same with a file for the standard output.
fn into_file(folder: &TempDir, args: &[&str], stdout: File) -> Run {
    let mut command = command();
    command.current_dir(folder).args(args).stdin(Stdio::null()).stdout(stdout).stderr(Stdio::piped());
    finish(command.spawn().unwrap())
}

fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap()
}

/// The names in the folder, sorted.
fn names(folder: &TempDir) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn no_name_of_a_file_that_is_read_can_be_written_to() {
    let folder = folder();
    fs::hard_link(folder.path().join("in.ndjson"), folder.path().join("hard")).unwrap();
    symlink("in.ndjson", folder.path().join("soft.ndjson")).unwrap();
    let before = names(&folder);
    for args in [
        ["--accepted", "in.ndjson", "in.ndjson"],
        ["--accepted", "./in.ndjson", "in.ndjson"],
        ["--accepted", "hard", "in.ndjson"],
        ["--rejected", "hard", "soft.ndjson"],
        ["--rejected", "soft.ndjson", "in.ndjson"],
        ["--policy=policy.json", "--accepted=policy.json", "in.ndjson"],
    ] {
        let run = in_folder(&folder, &args);
        assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""), "{args:?}: {}", run.stderr);
        assert!(run.stderr.contains("would be overwritten"), "{args:?}: {}", run.stderr);
    }
    let stdin = File::open(folder.path().join("in.ndjson")).unwrap();
    let mut from_stdin = command();
    from_stdin.current_dir(&folder).args(["--input", "ndjson", "--accepted", "hard", "-"]).stdin(stdin);
    let run = finish(caught(&mut from_stdin).spawn().unwrap());
    assert_eq!(run.status, Some(2));
    assert!(run.stderr.contains("the same file as stdin"), "{}", run.stderr);
    assert_eq!((read(&folder, "in.ndjson"), read(&folder, "policy.json")), (input(), "{}".to_owned()));
    assert_eq!(names(&folder), before);
}

#[test]
fn the_standard_output_is_no_input() {
    let folder = folder();
    for (output, args) in [
        ("in.ndjson", &["--format", "json", "in.ndjson"][..]),
        ("body.json", &["body.json"]),
        ("policy.json", &["--policy", "policy.json", "--print", "policy"]),
    ] {
        let before = read(&folder, output);
        let append = || OpenOptions::new().append(true).open(folder.path().join(output)).unwrap();
        let run = into_file(&folder, args, append());
        assert_eq!((run.status, read(&folder, output)), (Some(2), before), "{args:?}");
        assert!(run.stderr.contains("it is the standard output, too"), "{args:?}: {}", run.stderr);
    }
    // Nor is it a second way to an output.
    let output = OpenOptions::new().append(true).open(folder.path().join("old")).unwrap();
    let run = into_file(&folder, &["--format", "json", "--accepted", "old", "in.ndjson"], output);
    assert_eq!((run.status, read(&folder, "old")), (Some(2), "old\n".to_owned()), "{}", run.stderr);
}

#[test]
fn two_outputs_are_two_files() {
    let folder = folder();
    fs::hard_link(folder.path().join("old"), folder.path().join("hard")).unwrap();
    symlink("new", folder.path().join("soft")).unwrap();
    for (accepted, rejected) in [("new", "new"), ("new", "./new"), ("new", "soft"), ("old", "./old"), ("old", "hard")] {
        let run = in_folder(&folder, &["--accepted", accepted, "--rejected", rejected, "in.ndjson"]);
        assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""), "{accepted} {rejected}: {}", run.stderr);
    }
    assert_eq!(read(&folder, "old"), "old\n");
    // What is no file can be shared.
    let run = in_folder(&folder, &["--accepted", "/dev/null", "--rejected", "/dev/null", "in.ndjson"]);
    assert_eq!(run.status, Some(1), "{}", run.stderr);
}

#[test]
fn an_output_takes_its_name_when_it_is_whole() {
    let folder = folder();
    fs::set_permissions(folder.path().join("old"), fs::Permissions::from_mode(0o600)).unwrap();
    symlink("old", folder.path().join("soft")).unwrap();
    symlink("new", folder.path().join("dangling")).unwrap();
    let mut before = names(&folder);
    let run = in_folder(&folder, &["--accepted", "soft", "--rejected", "dangling", "in.ndjson"]);
    assert_eq!(run.status, Some(1), "{}", run.stderr);
    assert_eq!(read(&folder, "old"), format!("{GOOD}\n"));
    assert!(read(&folder, "new").starts_with(r#"{"id":"in.ndjson:2","body":"{}""#));
    assert!(fs::symlink_metadata(folder.path().join("soft")).unwrap().is_symlink(), "the link leads to the new file");
    assert_eq!(fs::metadata(folder.path().join("old")).unwrap().permissions().mode() & 0o777, 0o600);
    before.push("new".to_owned());
    before.sort();
    assert_eq!(names(&folder), before, "and nothing is left beside them");
}

#[test]
fn a_run_that_fails_leaves_the_old_output_as_it_was() {
    let folder = folder();
    let before = names(&folder);
    for args in [
        &["--accepted", "old", "missing.ndjson"][..],
        &["--accepted", "old", "in.ndjson", "missing.ndjson"],
        &["--accepted", "old", "--rejected", "no/such/folder", "in.ndjson"],
        &["--accepted", "old", "--rejected", ".", "in.ndjson"],
        &["--accepted", "old", "--policy", "missing.json", "in.ndjson"],
    ] {
        let run = in_folder(&folder, args);
        assert_eq!((run.status, read(&folder, "old")), (Some(2), "old\n".to_owned()), "{args:?}: {}", run.stderr);
        assert_eq!(names(&folder), before, "{args:?}");
    }
    // Many lines, then a damaged end: the lines before it are kept under a name of their own.
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    let line = format!("{GOOD}\n");
    for _ in 0..20_000 {
        packed.write_all(line.as_bytes()).unwrap();
    }
    let packed = packed.finish().unwrap();
    fs::write(folder.path().join("cut.gz"), &packed[..packed.len() - 9]).unwrap();
    let run = in_folder(&folder, &["--accepted", "old", "cut.gz"]);
    assert_eq!((run.status, read(&folder, "old")), (Some(2), "old\n".to_owned()), "{}", run.stderr);
    let part = names(&folder).into_iter().find(|name| name.starts_with("old.") && name.ends_with(".part")).unwrap();
    assert!(
        run.stdout.contains(&format!(
            "old is not written; the lines so far are in {}",
            folder.path().canonicalize().unwrap().join(&part).display()
        )),
        "{}",
        run.stdout
    );
    let lines = read(&folder, &part);
    assert!(lines.len() >= line.len() && lines.replace(&line, "").is_empty(), "whole lines");
    // The sums are of the lines that are there.
    let summed: usize = run.lines()[1].split(' ').next().unwrap().parse().unwrap();
    assert_eq!(summed, lines.len() / line.len());
}

#[test]
fn what_could_not_be_written_does_not_count() {
    let folder = folder();
    for args in [["--accepted", "/dev/full", "in.ndjson"], ["--rejected", "/dev/full", "in.ndjson"]] {
        let run = in_folder(&folder, &args);
        assert_eq!(run.status, Some(2));
        assert!(run.stderr.contains("/dev/full: No space left"), "{}", run.stderr);
        assert!(run.stdout.starts_with("0 requests: 0 accepted, 0 rejected"), "{}", run.stdout);
    }
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let run = into_file(&folder, &["--format", "json", "in.ndjson"], full);
    assert_eq!(run.status, Some(2));
    assert!(
        run.stderr.contains("0 requests: ") && run.stderr.contains("cannot write: No space left"),
        "{}",
        run.stderr
    );
}

#[test]
fn pipes_are_read_and_written_as_they_come() {
    let folder = folder();
    let run = Command::new("bash")
        .current_dir(&folder)
        .args(["-c", r#""$0" --accepted >(cat >accepted) --rejected /dev/stdout <(cat in.ndjson) --input ndjson"#])
        .arg(env!("CARGO_BIN_EXE_otd-check"))
        .output()
        .unwrap();
    let stdout = String::from_utf8(run.stdout).unwrap();
    assert_eq!(run.status.code(), Some(1), "{stdout}{}", String::from_utf8_lossy(&run.stderr));
    assert!(stdout.starts_with("{\"id\":"), "{stdout}");
    let written = || fs::read_to_string(folder.path().join("accepted")).is_ok_and(|text| text == format!("{GOOD}\n"));
    assert!((0..500).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        written()
    }));
}

/// Runs under limits of the shell.
fn limited(limits: &str, args: &[&str], folder: &Path) -> Run {
    let mut shell = Command::new("bash");
    shell
        .current_dir(folder)
        .arg("-c")
        .arg(format!(r#"{limits}; exec "$0" "$@""#))
        .arg(env!("CARGO_BIN_EXE_otd-check"));
    finish(caught(shell.args(args).stdin(Stdio::null())).spawn().unwrap())
}

#[test]
fn any_number_of_files_is_read_one_after_another() {
    let folder = folder();
    let mut args = vec!["--jobs".to_owned(), "2".to_owned()];
    for number in 0..300 {
        let name = format!("{number}.ndjson");
        fs::write(folder.path().join(&name), input()).unwrap();
        args.push(name);
    }
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let run = limited("ulimit -n 40", &args, folder.path());
    assert_eq!(run.status, Some(1), "{}", run.stderr);
    assert!(run.stdout.starts_with("600 requests: 300 accepted, 300 rejected"), "{}", run.stdout);
    // One that is missing is found before the first is read.
    fs::remove_file(folder.path().join("299.ndjson")).unwrap();
    let run = limited("ulimit -n 40", &args, folder.path());
    assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""));
}

#[test]
#[cfg(target_os = "linux")]
fn where_threads_are_scarce_fewer_do_and_none_is_said() {
    let folder = folder();
    // Threads count by user. One that nobody else uses has none; who is not root uses bash's own limit.
    let user = 70_000 + std::process::id();
    let root = fs::metadata("/proc/self").is_ok_and(|about| std::os::unix::fs::MetadataExt::uid(&about) == 0);
    let program = folder.path().join("otd-check");
    fs::copy(env!("CARGO_BIN_EXE_otd-check"), &program).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    if !root {
        eprintln!("not root: the user's own threads would count");
        return;
    }
    let run = |threads: u32, jobs: &str| {
        let mut setpriv = Command::new("setpriv");
        setpriv.current_dir(&folder).args([&format!("--reuid={user}"), &format!("--regid={user}"), "--clear-groups"]);
        setpriv.args([
            "bash",
            "-c",
            &format!(r#"ulimit -u {threads}; exec ./otd-check "$@""#),
            "bash",
            "--jobs",
            jobs,
            "in.ndjson",
        ]);
        finish(caught(setpriv.stdin(Stdio::null())).spawn().unwrap())
    };
    // The program itself, Ctrl-C's, the reader and one worker.
    let fewer = run(4, "64");
    assert_eq!(fewer.status, Some(1), "{}{}", fewer.stdout, fewer.stderr);
    assert!(fewer.stdout.starts_with("2 requests: "), "{}", fewer.stdout);
    for threads in 1..4 {
        let none = run(threads, "64");
        assert_eq!((none.status, none.stdout.as_str()), (Some(2), ""), "{threads}: {}", none.stderr);
        assert!(none.stderr.starts_with("otd-check: ") && !none.stderr.contains("panicked"), "{}", none.stderr);
    }
}

#[test]
fn rejected_requests_fail_no_pipeline_that_does_not_want_it() {
    let folder = folder();
    assert_eq!(in_folder(&folder, &["in.ndjson"]).status, Some(1));
    assert_eq!(in_folder(&folder, &["--exit-zero", "in.ndjson"]).status, Some(0));
    assert_eq!(check(&["--exit-zero", "-"], b"{}").status, Some(0));
    assert_eq!(in_folder(&folder, &["--exit-zero", "missing.ndjson"]).status, Some(2));
}
