//! Long attacks on the command line. `tests/suites/tools-deep` runs them.
#![cfg(target_os = "linux")]

mod support;

use flate2::Compression;
use flate2::write::GzEncoder;
use outgoing_to_device::{Policy, RequestBuf};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use std::fs;
use std::io::{Read, Write};
use std::process::Stdio;
use std::thread;
use std::time::Duration;
use support::{caught, check, command, finish, str, w5};

#[test]
#[ignore = "takes long"]
fn a_signal_at_any_moment_leaves_whole_lines_and_the_old_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("in.ndjson"), w5::requests(30 << 20)).unwrap();
    let whole =
        check(&["--accepted", str(&path("all")), "--rejected", str(&path("none")), str(&path("in.ndjson"))], b"");
    assert_eq!(whole.status, Some(1));
    let (accepted, rejected) = (fs::read(path("all")).unwrap(), fs::read(path("none")).unwrap());
    let mut interrupted = 0;
    for round in 0..40_u64 {
        fs::write(path("a"), "old").unwrap();
        let mut run = command();
        let (a, r, input) = (path("a"), path("r"), path("in.ndjson"));
        run.args(["--format", "json", "--accepted", str(&a), "--rejected", str(&r), str(&input)]);
        let child = caught(&mut run).spawn().unwrap();
        let pid = child.id().to_string();
        let killer = thread::spawn(move || {
            thread::sleep(Duration::from_millis(13 * round));
            let signal = if round % 2 == 0 { "-INT" } else { "-TERM" };
            let _ = std::process::Command::new("kill").args([signal, &pid]).stderr(Stdio::null()).status();
        });
        let run = finish(child);
        killer.join().unwrap();
        assert!(run.stdout.is_empty() || run.stdout.ends_with('\n'));
        let parts = |prefix: &str| {
            let entries = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
            let name = |path: &std::path::Path| path.file_name().unwrap().to_str().unwrap().to_owned();
            let mut found = entries.filter(|path| name(path).starts_with(prefix) && name(path).ends_with(".part"));
            let part = found.next();
            assert!(found.next().is_none());
            part.map(|path| (fs::read(&path).unwrap(), fs::remove_file(&path).unwrap()).0).unwrap_or_default()
        };
        match run.status {
            Some(130) => {
                interrupted += 1;
                assert_eq!(fs::read(&a).unwrap(), b"old");
                assert!(!r.exists());
                for (part, whole) in [(parts("a."), &accepted), (parts("r."), &rejected)] {
                    assert!(whole.starts_with(&part) && (part.is_empty() || part.ends_with(b"\n")));
                }
            }
            // Too early for the handler, or too late.
            None => assert_eq!(fs::read(&a).unwrap(), b"old"),
            status => {
                assert_eq!(status, Some(1), "{}", run.stderr);
                assert!(fs::read(&a).unwrap() == accepted && fs::read(&r).unwrap() == rejected);
                fs::remove_file(&r).unwrap();
            }
        }
        let _ = (parts("a."), parts("r."));
    }
    println!("interrupted {interrupted} times of 40");
    assert!(interrupted > 5);
}

#[test]
#[ignore = "takes long"]
fn every_character_comes_through_a_pipe() {
    let policy = Policy::default();
    let all: Vec<char> = ('\u{20}'..=char::MAX).filter(|c| !matches!(c, '"' | '\\')).collect();
    for piece in all.chunks(990) {
        let text: String = piece.iter().collect();
        let body = format!(
            r#"{{"text":"x{text}x","clientApplicationDescriptor":{{"channelType":"WEB","deviceAddress":"d"}}}}"#
        );
        let normalized = RequestBuf::from_json(&policy, body.as_bytes()).unwrap().as_request().to_json();
        let run = check(&["-"], body.as_bytes());
        assert_eq!(run.stdout.lines().last().unwrap().as_bytes(), normalized);
    }
}

#[test]
#[ignore = "takes long"]
fn files_that_end_too_early_are_errors_wherever_they_end() {
    let folder = tempfile::tempdir().unwrap();
    let lines = w5::requests(200 << 10);
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(lines.as_bytes()).unwrap();
    let expected = check(&["--input", "ndjson", "--format", "json", "-"], lines.as_bytes()).stdout;
    for (name, bytes) in
        [("in.gz", gzip.finish().unwrap()), ("in.zst", compress_to_vec(lines.as_bytes(), CompressionLevel::Fastest))]
    {
        let file = folder.path().join(name);
        for end in (4..bytes.len()).step_by(bytes.len() / 300).chain(bytes.len() - 12..bytes.len()) {
            fs::write(&file, &bytes[..end]).unwrap();
            let run = check(&["--format", "json", str(&file)], b"");
            assert_eq!(run.status, Some(2), "{name} {end}");
            let json = run.stdout.replace(str(&file), "stdin");
            assert!(expected.starts_with(&json) && (json.is_empty() || json.ends_with('\n')), "{name} {end}");
        }
    }
}

#[test]
#[ignore = "takes long"]
fn bombs_and_endless_lines_take_no_memory() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bomb.gz");
    let mut gzip = GzEncoder::new(fs::File::create(&file).unwrap(), Compression::best());
    let mebibyte = vec![b' '; 1 << 20];
    for part in 0..1_024 {
        gzip.write_all(&mebibyte).unwrap();
        if part % 2 == 1 {
            gzip.write_all(b"x\n").unwrap();
        }
    }
    gzip.finish().unwrap();
    let mut child = command().args(["--format", "json", str(&file)]).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdout = String::new();
    let mut output = child.stdout.take().unwrap();
    let mut first = [0; 1];
    output.read_exact(&mut first).unwrap();
    output.read_to_string(&mut stdout).unwrap();
    let status = child.wait().unwrap();
    assert_eq!((status.code(), stdout.lines().count()), (Some(1), 512));
    assert!(stdout.lines().all(|line| line.contains(r#""code":"body_too_large""#)));
    let run = std::process::Command::new("bash")
        .args(["-c", r#"ulimit -v 400000; exec "$0" "$1""#, env!("CARGO_BIN_EXE_otd-check"), str(&file)])
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(1), "{}", String::from_utf8_lossy(&run.stderr));
}
