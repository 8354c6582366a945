//! Requests by the line.

mod support;

use flate2::Compression;
use flate2::write::GzEncoder;
use outgoing_to_device::{Checker, Outcome, Policy};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::Stdio;
use support::{check, command, str, w5};

/// What a run has to write, worked out line by line on one thread.
#[derive(Default)]
struct Expected {
    json: String,
    accepted: String,
    rejected: String,
    rejections: usize,
}

fn expected(name: &str, lines: &str) -> Expected {
    let (policy, mut checker) = (Policy::default(), Checker::new());
    let mut expected = Expected::default();
    for (number, line) in (1..).zip(lines.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        let outcome = checker.check(&policy, line.as_bytes());
        let mut json = Vec::new();
        outcome.write_json(&mut json).unwrap();
        let (id, json) = (serde_json::json!(format!("{name}:{number}")), String::from_utf8(json).unwrap());
        let _ = writeln!(expected.json, r#"{{"id":{id},"outcome":{json}}}"#);
        match outcome {
            Outcome::Accepted(accepted) => {
                expected.accepted.push_str(std::str::from_utf8(&accepted.request.to_json()).unwrap());
                expected.accepted.push('\n');
            }
            Outcome::Rejected(_) => {
                let body = serde_json::json!(line);
                let _ = writeln!(expected.rejected, r#"{{"id":{id},"body":{body},"outcome":{json}}}"#);
                expected.rejections += 1;
            }
        }
    }
    expected
}

/// Runs over a file, with every output.
fn run_all(file: &Path, jobs: &str) -> (Option<i32>, [String; 3]) {
    let folder = tempfile::tempdir().unwrap();
    let (accepted, rejected) = (folder.path().join("accepted"), folder.path().join("rejected"));
    let args =
        ["--format", "json", "--jobs", jobs, "--accepted", str(&accepted), "--rejected", str(&rejected), str(file)];
    let run = check(&args, b"");
    // A run that does not come to its end writes none.
    let lines = |file| fs::read_to_string(file).unwrap_or_default();
    (run.status, [run.stdout, lines(accepted), lines(rejected)])
}

#[test]
fn every_thread_count_gives_the_same_lines_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("requests.ndjson");
    let mut lines = w5::requests(3 << 20);
    lines.insert_str(0, "\n   \r\n");
    lines.pop();
    fs::write(&file, &lines).unwrap();
    let Expected { json, accepted, rejected, rejections } = expected(str(&file), &lines);
    assert!(rejections > 100);
    for jobs in ["1", "2", "7"] {
        let (status, outputs) = run_all(&file, jobs);
        assert_eq!(status, Some(1));
        // No assert_eq: megabytes of difference help nobody.
        assert!(outputs == [json.clone(), accepted.clone(), rejected.clone()], "jobs {jobs}");
    }
}

#[test]
fn compressed_inputs_are_recognized() {
    let folder = tempfile::tempdir().unwrap();
    let lines = w5::requests(700 << 10);
    let (first, second) = lines.as_bytes().split_at(lines.len() / 3);
    let gzip = |bytes: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let zstd = |bytes: &[u8]| compress_to_vec(bytes, CompressionLevel::Fastest);
    let skippable = b"\x51\x2A\x4D\x18\x03\x00\x00\x00abc".to_vec();
    for (name, bytes) in [
        ("one.ndjson.gz", gzip(lines.as_bytes())),
        ("two.jsonl.gz", [gzip(first), gzip(second)].concat()),
        ("padded.gz", [gzip(lines.as_bytes()), vec![0; 300_000]].concat()),
        ("one.zst", zstd(lines.as_bytes())),
        ("two.ndjson.zst", [skippable.clone(), zstd(first), skippable, zstd(second)].concat()),
        ("named-otherwise.jsonl", gzip(lines.as_bytes())),
    ] {
        let file = folder.path().join(name);
        fs::write(&file, &bytes).unwrap();
        let (status, [json, accepted, _]) = run_all(&file, "2");
        let expected = expected(str(&file), &lines);
        assert_eq!(status, Some(1), "{name}");
        assert!(json == expected.json && accepted == expected.accepted, "{name}");

        // Of a file that is padded, only the padding would be missing.
        let end = bytes.iter().rposition(|byte| *byte != 0).unwrap();
        fs::write(&file, &bytes[..end - 5]).unwrap();
        let (status, [json, accepted, _]) = run_all(&file, "2");
        assert_eq!(accepted, "", "{name}, cut off");
        assert_eq!(status, Some(2), "{name}, cut off");
        assert!(expected.json.starts_with(&json) && (json.is_empty() || json.ends_with('\n')), "{name}, cut off");
    }
    let run = check(&["--input", "ndjson", "-"], &gzip(lines.as_bytes()));
    assert_eq!(run.status, Some(1), "{}", run.stderr);
}

/// A zstd frame of one raw block (RFC 8878), whose header has the given size in four bytes.
fn frame(size: u32, content: &[u8]) -> Vec<u8> {
    let block = ((content.len() as u32) << 3 | 1).to_le_bytes();
    [b"\x28\xB5\x2F\xFD\x80\x00", size.to_le_bytes().as_slice(), &block[..3], content].concat()
}

#[test]
fn damaged_files_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let mut padded = GzEncoder::new(Vec::new(), Compression::fast());
    padded.write_all(b"{}\n").unwrap();
    let mut padded = padded.finish().unwrap();
    padded.extend_from_slice(b"\0\0\0x");
    for (name, bytes, says) in [
        ("short.zst", frame(4, b"{}\n"), "another size than its header says"),
        ("long.zst", frame(2, b"{}\n"), "another size than its header says"),
        ("none.zst", frame(0, b"{}\n"), "another size than its header says"),
        ("second.zst", [frame(3, b"{}\n"), frame(4, b"{}\n")].concat(), "another size than its header says"),
        ("more.gz", padded, "something follows the zeros behind a gzip member"),
    ] {
        let file = folder.path().join(name);
        fs::write(&file, bytes).unwrap();
        let run = check(&[str(&file)], b"");
        assert_eq!(run.status, Some(2), "{name}: {}", run.stdout);
        assert!(run.stderr.contains(says), "{name}: {}", run.stderr);
    }
    let file = folder.path().join("right.zst");
    fs::write(&file, [frame(3, b"{}\n"), frame(0, b""), frame(3, b"{}\n")].concat()).unwrap();
    let run = check(&[str(&file)], b"");
    assert!(run.stdout.starts_with("2 requests: "), "{}{}", run.stdout, run.stderr);
}

#[test]
fn the_summary_counts_and_says_nothing_private() {
    let good = r#"{"text":"SECRET","clientApplicationDescriptor":{"channelType":"WEB","deviceAddress":"SECRET"}}"#;
    let bad = r#"{"text":"SECRET","SECRET":1,"clientApplicationDescriptor":{"channelType":"WHATSAPP","deviceAddress":"SECRET"}}"#;
    let input = format!("{good}\n{bad}\nSECRET\n{bad}\n{bad}\n{bad}\n");
    let run = check(&["--input", "ndjson", "-"], input.as_bytes());
    assert_eq!(run.status, Some(1));
    assert!(!run.stdout.contains("SECRET") && run.stderr.is_empty(), "{}{}", run.stdout, run.stderr);
    let lines = run.lines();
    assert!(lines[0].starts_with("6 requests: 1 accepted, 5 rejected, 0 with warnings; "), "{}", lines[0]);
    assert_eq!(
        lines[1..],
        [
            "",
            "code                     diagnostics  first places",
            "invalid_json                       1  stdin:3:1",
            "unknown_field                      4  stdin:2:18  stdin:4:18  stdin:5:18",
            "invalid_address                    4  stdin:2:101  stdin:4:101  stdin:5:101",
            "",
            "channel                    accepted   rejected  first rejected",
            "WEB                               1          0",
            "WHATSAPP                          0          4  stdin:2:1  stdin:4:1  stdin:5:1",
            "(no diagnostic names one)          0          1  stdin:3:1",
        ]
    );
    assert_eq!(check(&["--input", "ndjson", "-"], format!("{good}\n").as_bytes()).status, Some(0));
    assert_eq!(check(&["--input", "ndjson", "-"], b"").status, Some(0));
}

#[test]
fn rejected_lines_that_are_not_text_are_kept_in_base64() {
    let folder = tempfile::tempdir().unwrap();
    let rejected = folder.path().join("rejected");
    let run = check(&["--input", "ndjson", "--rejected", str(&rejected), "-"], b"\"\xFF\"\n");
    assert_eq!(run.status, Some(1));
    let line: Value = serde_json::from_str(&fs::read_to_string(rejected).unwrap()).unwrap();
    assert_eq!((&line["id"], &line["body_base64"]), (&"stdin:1".into(), &"Iv8i".into()));
    assert_eq!(line["outcome"]["violations"][0]["code"], "invalid_utf8");
}

#[test]
fn inputs_are_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("requests.ndjson");
    fs::write(&file, "{}\n").unwrap();
    let run = check(&["--accepted", str(&file), str(&file)], b"");
    assert_eq!(run.status, Some(2), "{}", run.stdout);
    assert!(run.stderr.contains("would be overwritten"), "{}", run.stderr);
    assert_eq!(fs::read_to_string(&file).unwrap(), "{}\n");
}

#[test]
fn a_line_longer_than_any_body_is_counted_and_rejected() {
    let good = r#"{"text":"a","clientApplicationDescriptor":{"channelType":"WEB","deviceAddress":"b"}}"#;
    let long = "x".repeat(3 << 20);
    let run = check(&["--input", "ndjson", "--format", "json", "-"], format!("{good}\n{long}\r\n{good}").as_bytes());
    assert_eq!(run.status, Some(1));
    let lines: Vec<Value> = run.lines().iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!((&lines[0]["outcome"]["ok"], &lines[2]["outcome"]["ok"]), (&true.into(), &true.into()));
    // What the checker says of one that is one byte too long, but for the length.
    let mut expected = Vec::new();
    Checker::new().check(&Policy::default(), &[b'x'; (1 << 20) + 1]).write_json(&mut expected).unwrap();
    let expected = String::from_utf8(expected).unwrap().replace("1048577", "3145728");
    assert_eq!(run.lines()[1], format!(r#"{{"id":"stdin:2","outcome":{expected}}}"#));
}

#[test]
fn ids_in_front_of_requests_are_carried() {
    let good = r#"{"text":"a","clientApplicationDescriptor":{"channelType":"WEB","deviceAddress":"b"}}"#;
    let line = |id: &str, body: &str| format!("{id}\t{body}\n");
    let large = format!("{}{good}", " ".repeat((1 << 20) - good.len()));
    let longest = "i".repeat(1024);
    let input = [
        line("7", good),
        line("", good),
        line(" \" ", &good.replace(':', "\t:")),
        "\t \r\n".to_owned(),
        line("empty", "\r"),
        line(&longest, &large),
        line("larger", &format!(" {large}")),
        line("long", &"x".repeat(3 << 20)),
        line("last", good),
    ]
    .concat();
    let folder = tempfile::tempdir().unwrap();
    let rejected = folder.path().join("rejected");
    let run = check(
        &["--ids", "--input", "ndjson", "--format", "json", "--rejected", str(&rejected), "-"],
        input.trim_end().as_bytes(),
    );
    assert_eq!(run.status, Some(1), "{}", run.stderr);
    let ids = |lines: &str| -> Vec<(String, bool)> {
        let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.map(|line| (line["id"].as_str().unwrap().to_owned(), line["outcome"]["ok"] == true)).collect()
    };
    let wanted = [
        ("7", true),
        ("", true),
        (" \" ", true),
        ("empty", false),
        (&longest, true),
        ("larger", false),
        ("long", false),
        ("last", true),
    ];
    let wanted = wanted.map(|(id, accepted)| (id.to_owned(), accepted));
    assert_eq!(ids(&run.stdout), wanted);
    let wanted: Vec<_> = wanted.into_iter().filter(|(_, accepted)| !accepted).collect();
    assert_eq!(ids(&fs::read_to_string(&rejected).unwrap()), wanted);
    // The lengths are those of the requests, the columns those of the lines; ids are in no summary.
    for length in [(1 << 20) + 1, 3 << 20] {
        assert!(run.stdout.contains(&format!(r#""limit":1048576,"actual":{length}"#)), "{length}");
    }
    assert!(run.stderr.contains("body_too_large                     2  stdin:7:8  stdin:8:6\n"), "{}", run.stderr);
    assert!(!run.stderr.contains("larger"), "{}", run.stderr);

    for line in [good.to_owned(), format!("{}\t{good}", "i".repeat(1025)), "x".repeat(3 << 20)] {
        let run = check(&["--ids", "--input", "ndjson", "-"], format!("1\t{good}\n{line}\n").as_bytes());
        assert_eq!(run.status, Some(2));
        let says = "otd-check: stdin:2: with --ids a line is an id of at most 1024 bytes, a tab and a request\n";
        assert_eq!(run.stderr, says);
    }
    assert_eq!(check(&["--ids", "--fix", "x.ndjson"], b"").status, Some(2));
    assert_eq!(check(&["--ids", str(&support::documented("whatsapp.json"))], b"").status, Some(2));
}

/// Reads lines until there are `count`.
fn await_lines(from: &mut impl BufRead, count: usize) -> String {
    let mut text = String::new();
    for _ in 0..count {
        assert!(from.read_line(&mut text).unwrap() > 0, "the output ends early: {text}");
    }
    text
}

#[test]
#[cfg(unix)]
fn an_interrupted_run_leaves_whole_lines_and_says_how_far_it_came() {
    let mut child = command()
        .args(["--input", "ndjson", "--format", "json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    // The last line is not whole yet, and the input stays open and silent.
    stdin.write_all(b"{}\n{}\n{}\n{\"te").unwrap();
    stdin.flush().unwrap();
    let mut lines = await_lines(&mut stdout, 3);
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    std::io::Read::read_to_string(&mut stdout, &mut lines).unwrap();
    let output = child.wait_with_output().unwrap();
    drop(stdin);
    assert_eq!(output.status.code(), Some(130));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("interrupted after stdin:3; what is written is whole"), "{stderr}");
    assert!(stderr.contains("3 requests: 0 accepted, 3 rejected"), "{stderr}");
    assert_eq!(lines.lines().count(), 3);
    assert!(lines.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
}

#[test]
#[cfg(target_os = "linux")]
fn an_interrupted_run_keeps_its_lines_even_if_nobody_can_be_told() {
    let folder = tempfile::tempdir().unwrap();
    let (accepted, full) = (folder.path().join("a"), fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
    let mut command = command();
    command.args(["--input", "ndjson", "--accepted", str(&accepted), "-"]);
    let mut child = command.stdin(Stdio::piped()).stdout(full).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let line = b"{\"text\":\"a\",\"attachments\":[],\"clientApplicationDescriptor\":{\"channelType\":\"WEB\",\"deviceAddress\":\"b\"}}\n";
    stdin.write_all(line).unwrap();
    let part = || fs::read_dir(&folder).unwrap().next().map(|entry| fs::read(entry.unwrap().path()).unwrap());
    while part().is_none_or(|lines| lines.is_empty()) {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(2));
    drop(stdin);
    assert_eq!(part().as_deref(), Some(line.as_slice()));
}

#[test]
#[cfg(target_os = "linux")]
fn memory_does_not_grow_with_the_input() {
    let mut child =
        command().args(["--input", "ndjson", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A hundred MiB of lines, then a hundred MiB of one line.
    let lines = w5::requests(10 << 20);
    let line = vec![b'x'; 10 << 20];
    for bytes in [lines.as_bytes(), &line] {
        for _ in 0..10 {
            stdin.write_all(bytes).unwrap();
        }
    }
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let kib: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains("body_too_large                     1"));
    println!("peak memory: {kib} KiB");
    assert!(kib < 64 << 10, "{kib} KiB");
}

/// The file that the suite measures the rate on.
#[test]
fn a_month_of_requests() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("w5.ndjson");
    let lines = w5::requests(50 << 20);
    let requests = lines.lines().count();
    fs::write(&file, lines).unwrap();
    let run = check(&[str(&file)], b"");
    assert!(run.stdout.starts_with(&format!("{requests} requests: ")), "{}", run.stdout);
    print!("{}", run.stdout);
}
