//! Fixes: shown, and applied.

mod support;

use outgoing_to_device::{Code, Group};
use serde_json::Value;
use std::fs;
use support::{Run, check, documented, str};
use tempfile::TempDir;

/// A body of five mistakes, and the same without them.
const BAD: &str = r#"{
  "text": "Your order",
  "clientApplicationDescriptor": {
    "channelType": "VIBR",
    "clientId": 42,
    "clientId": 42,
    "deviceAddress": 79001234567,
  }
}"#;
const GOOD: &str = r#"{
  "text": "Your order",
  "clientApplicationDescriptor": {
    "channelType": "VIBER",
    "clientId": "42",
    "deviceAddress": "79001234567"
  }
}"#;

const CODES: [&str; 5] = ["invalid_json", "duplicate_field", "unknown_channel", "type_mismatch", "type_mismatch"];

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn run(folder: &TempDir, args: &[&str], file: &str) -> Run {
    let path = folder.path().join(file);
    check(&[args, &[str(&path)]].concat(), b"")
}

fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap()
}

#[test]
fn a_fix_stands_under_its_diagnostic() {
    let run = check(&["-"], BAD.replace("67,\n", "67\n").as_bytes());
    let at = |begins: &str| run.lines().iter().position(|line| line.starts_with(begins)).unwrap();
    let fix = at("violation[unknown_channel]") + 4;
    assert_eq!(
        run.lines()[fix..fix + 3],
        ["  = fix:", r#"4 -     "channelType": "VIBR","#, r#"4 +     "channelType": "VIBER","#]
    );
    // A member that goes takes its lines with it.
    let fix = at("violation[duplicate_field]") + 7;
    assert_eq!(
        run.lines()[fix..fix + 4],
        ["  = fix:", r#"5 -     "clientId": 42,"#, r#"6 -     "clientId": 42,"#, r#"5 +     "clientId": 42,"#]
    );
    // No fix, no word of one.
    assert!(!check(&["-"], b"{}").stdout.contains("fix"));
}

#[test]
fn all_fixes_are_applied_and_written_beside_the_input() {
    let folder = folder(&[("bad.json", BAD), ("good.json", GOOD), ("bad.fixed.json", "of an earlier run")]);
    let run_ = run(&folder, &["--fix"], "bad.json");
    assert_eq!(run_.status, Some(0), "{}{}", run_.stdout, run_.stderr);
    assert_eq!((read(&folder, "bad.json"), read(&folder, "bad.fixed.json")), (BAD.to_owned(), GOOD.to_owned()));
    let listed: Vec<&str> = run_.lines().into_iter().filter_map(|line| line.strip_prefix("fixed[")).collect();
    assert_eq!(listed.len(), CODES.len());
    for (line, code) in listed.iter().zip(CODES) {
        assert!(line.starts_with(code), "{line}");
    }
    let fixed = str(&folder.path().join("bad.fixed.json")).to_owned();
    assert!(
        run_.stdout.contains(&format!("bad.json: 5 fixes, written to {fixed}\n{fixed}: accepted\n")),
        "{}",
        run_.stdout
    );

    let json = run(&folder, &["--fix", "--format", "json"], "bad.json");
    let line: Value = serde_json::from_str(&json.stdout).unwrap();
    let codes: Vec<&str> = line["fixes"].as_array().unwrap().iter().map(|fix| fix["code"].as_str().unwrap()).collect();
    assert_eq!(codes, CODES);
    assert_eq!((&line["written"], &line["outcome"]["ok"]), (&fixed.into(), &true.into()));

    // Nothing to fix, nothing to write.
    let good = run(&folder, &["--fix"], "good.json");
    assert_eq!((good.status, folder.path().join("good.fixed.json").exists()), (Some(0), false));
    assert!(good.lines()[0].ends_with("good.json: accepted"), "{}", good.stdout);
}

#[test]
fn in_place_the_input_is_the_fixed_one() {
    let folder = folder(&[("bad.json", BAD), ("bad.ndjson", "{\"text\":\"a\",}\n")]);
    assert_eq!(run(&folder, &["--fix", "--in-place"], "bad.json").status, Some(0));
    assert_eq!(read(&folder, "bad.json"), GOOD);
    assert_eq!(run(&folder, &["--fix", "--in-place"], "bad.ndjson").status, Some(1));
    assert_eq!(read(&folder, "bad.ndjson"), "{\"text\":\"a\"}\n");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 2, "and nothing is left beside them");
}

#[test]
fn a_message_keeps_its_frame() {
    let head = "POST /api/v1/messages/outgoing-to-device HTTP/1.1\r\nAuthorization: Bearer x\r\nContent-Type: application/json\r\n";
    let long = format!("{head}Content-Length: {}\r\n\r\n{BAD}", BAD.len());
    let chunked = format!(
        "{head}Transfer-Encoding: chunked\r\n\r\n14\r\n{}\r\n{:x}\r\n{}\r\n0\r\n\r\n",
        &BAD[..20],
        BAD.len() - 20,
        &BAD[20..]
    );
    let folder = folder(&[("long.http", &long), ("chunked.http", &chunked)]);
    for (name, frame) in [
        ("long", format!("Content-Length: {}\r\n\r\n{GOOD}", GOOD.len())),
        ("chunked", format!("Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{GOOD}\r\n0\r\n\r\n", GOOD.len())),
    ] {
        let run_ = run(&folder, &["--fix"], &format!("{name}.http"));
        assert_eq!(run_.status, Some(0), "{}{}", run_.stdout, run_.stderr);
        assert_eq!(read(&folder, &format!("{name}.fixed.http")), format!("{head}{frame}"));
        // Lines are those of the file.
        let line = if name == "long" { 9 } else { 10 };
        assert!(run_.stdout.contains(&format!("\n{line} -     \"channelType\": \"VIBR\",")), "{}", run_.stdout);
    }
}

/// The same on one line.
fn line(body: &str) -> String {
    body.replace('\n', "")
}

#[test]
fn lines_are_fixed_and_all_others_kept_as_they_are() {
    let (bad, good) = (line(BAD), line(GOOD));
    let block = |body: &str| format!("{body}\r\n\n \t\r\n{good}\n{{}}\n\"\u{7F}\"\n{body}\n");
    // Enough for several blocks, and no line end at the end.
    let input = format!("{}{bad}", block(&bad).repeat(400));
    let folder = folder(&[("in.ndjson", &input), ("good.ndjson", &good)]);
    for jobs in ["1", "3"] {
        let accepted = folder.path().join("accepted");
        let run_ = run(&folder, &["--fix", "--jobs", jobs, "--accepted", str(&accepted)], "in.ndjson");
        assert_eq!(run_.status, Some(1), "{}{}", run_.stdout, run_.stderr);
        assert!(read(&folder, "in.fixed.ndjson") == format!("{}{good}", block(&good).repeat(400)));
        assert_eq!(read(&folder, "accepted").lines().count(), 1201);
        for row in ["type_mismatch                   1602  ", "invalid_json                     801  "] {
            assert!(run_.lines().iter().any(|line| line.starts_with(row)), "{row} {}", run_.stdout);
        }
        assert!(
            run_.stdout.ends_with(&format!("4005 fixes, written to {}\n", str(&folder.path().join("in.fixed.ndjson"))))
        );
    }
    let json = run(&folder, &["--fix", "--format", "json"], "in.ndjson");
    let first: Value = serde_json::from_str(json.lines()[0]).unwrap();
    assert_eq!((first["fixes"].as_array().unwrap().len(), &first["outcome"]["ok"]), (5, &true.into()));
    assert_eq!(run(&folder, &["--fix"], "good.ndjson").status, Some(0));
    assert!(!folder.path().join("good.fixed.ndjson").exists(), "nothing to fix, nothing to write");
}

#[test]
fn a_body_of_a_hundred_fixes_and_more_takes_several_runs() {
    let many = format!(
        "{{{}{}",
        "\"text\":\"a\",".repeat(151),
        &line(GOOD)[1..].replacen("  \"text\": \"Your order\",", "", 1)
    );
    let folder = folder(&[("many.json", &many), ("many.ndjson", &many)]);
    let first = run(&folder, &["--fix"], "many.json");
    assert_eq!(first.status, Some(1));
    assert!(
        first.stdout.contains("100 fixes, written to ") && first.stdout.contains("; stopped after 100, run it again"),
        "{}",
        first.stdout
    );
    let second = run(&folder, &["--fix"], "many.fixed.json");
    assert_eq!(second.status, Some(0), "{}", second.stdout);
    assert!(second.stdout.contains("50 fixes, written to "), "{}", second.stdout);
    let lines = run(&folder, &["--fix"], "many.ndjson");
    assert!(lines.stdout.contains("\nstopped after 100 fixes in 1 request; run it again: "), "{}", lines.stdout);
    let json = run(&folder, &["--fix", "--format", "json"], "many.ndjson");
    assert_eq!(serde_json::from_str::<Value>(&json.stdout).unwrap()["stopped"], true);
}

#[test]
fn what_cannot_be_fixed_is_said_and_left_alone() {
    let packed = ruzstd::encoding::compress_to_vec(
        b"{\"text\":\"a\",}\n".as_slice(),
        ruzstd::encoding::CompressionLevel::Fastest,
    );
    let long = format!("{{}}\n{}\n{{\"text\":\"a\",}}\n", "x".repeat(3 << 20));
    let folder = folder(&[("long.ndjson", &long), ("a.json", BAD), ("a.fixed.json", BAD)]);
    fs::write(folder.path().join("p.ndjson.zst"), &packed).unwrap();
    for (args, file, says) in [
        (&["--fix", "--in-place"][..], "p.ndjson.zst", "it is packed"),
        (&["--fix"], "long.ndjson", "line 2 is longer than any body"),
        (&["--fix", str(&folder.path().join("a.fixed.json"))], "a.json", "would be overwritten"),
        (&["--fix", str(&folder.path().join("a.json"))], "a.json", "each output needs its own"),
    ] {
        let run_ = run(&folder, args, file);
        assert_eq!(run_.status, Some(2), "{args:?}: {}", run_.stdout);
        assert!(run_.stderr.contains(says), "{args:?}: {}", run_.stderr);
        assert!(!folder.path().join("long.fixed.ndjson").exists());
        assert_eq!(fs::read(folder.path().join("p.ndjson.zst")).unwrap(), packed);
    }
    assert_eq!(run(&folder, &["--fix"], "p.ndjson.zst").status, Some(1));
    assert_eq!(read(&folder, "p.fixed.ndjson"), "{\"text\":\"a\"}\n");
    for (args, says) in
        [(&["--fix", "-"][..], "--fix takes files"), (&["--in-place", "-"], "--in-place is said with --fix")]
    {
        let run_ = check(args, b"");
        assert_eq!(run_.status, Some(2));
        assert!(run_.stderr.contains(says), "{}", run_.stderr);
    }
}

#[test]
fn denied_warnings_reject_as_a_policy_has_it() {
    let whatsapp = documented("whatsapp.json");
    assert_eq!(check(&[str(&whatsapp)], b"").status, Some(0));
    let denied = check(&["--deny", "national_number", str(&whatsapp)], b"");
    assert_eq!(denied.status, Some(1));
    assert!(denied.lines()[1].starts_with("violation[national_number]: "), "{}", denied.stdout);
    let folder = folder(&[("policy.json", r#"{"refuse": ["long_text", "national_number"]}"#)]);
    let policy = folder.path().join("policy.json");
    assert_eq!(check(&["--policy", str(&policy), str(&whatsapp)], b"").stdout, denied.stdout);
    let both =
        check(&["--deny", "insecure_url", "--deny", "long_text", "--policy", str(&policy), "--print", "policy"], b"");
    let refused = &serde_json::from_str::<Value>(&both.stdout).unwrap()["refuse"];
    assert_eq!(refused, &serde_json::json!(["national_number", "insecure_url", "long_text"]));
    for code in Code::ALL {
        let status = check(&["--deny", code.as_str(), "--print", "policy"], b"").status;
        assert_eq!(status, Some(if code.group() == Group::Warning { 0 } else { 2 }), "{code}");
    }
    assert!(check(&["--deny", "no_such", "-"], b"").stderr.contains("is no code; --print codes lists them"));
}

#[test]
fn codes_are_explained() {
    for code in Code::ALL {
        let run = check(&["--explain", code.as_str()], b"");
        assert_eq!((run.status, run.lines()[0]), (Some(0), code.as_str()));
        assert!(
            run.lines().len() > 3 && run.lines()[3..].iter().any(|line| line.contains("What to do")),
            "{}",
            run.stdout
        );
    }
    assert_eq!(check(&["--explain", "no_such"], b"").status, Some(2));
}
