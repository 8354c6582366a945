//! Bodies and messages, one by one.

mod support;

use outgoing_to_device::{Code, Policy, RequestBuf, Schema};
use serde_json::Value;
use std::fs;
use support::{check, documented, read, str};

const WHATSAPP: &str = r#"{"text":"message","attachments":[],"clientApplicationDescriptor":{"channelType":"WHATSAPP","deviceAddress":"89000000000"}}"#;
const MOBILE: &str = r#"{"text":"message","attachments":[],"clientApplicationDescriptor":{"channelType":"MOBILE","clientId":"012-3456-7890-12","appMarker":"myApp","deviceAddress":"wsfck62auiv00gz14vedivwptm09ahmrhz"}}"#;

#[test]
fn the_documented_requests_are_accepted() {
    for (name, normalized, lines) in [
        ("whatsapp.json", WHATSAPP, 4),
        ("whatsapp.http", WHATSAPP, 4),
        ("mobile.json", MOBILE, 0),
        ("mobile.http", MOBILE, 0),
    ] {
        let run = check(&[str(&documented(name))], b"");
        assert_eq!(run.status, Some(0), "{name}: {}{}", run.stdout, run.stderr);
        assert_eq!(run.lines().last(), Some(&normalized), "{name}");
        assert_eq!(run.lines().len(), 2 + lines, "{name}: {}", run.stdout);
        let run = check(&["--format", "json", str(&documented(name))], b"");
        let line: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(line["id"], str(&documented(name)));
        assert_eq!(line["outcome"]["request"], normalized);
    }
}

#[test]
fn a_diagnostic_stands_under_its_line() {
    let run = check(&["-"], &read("whatsapp.json"));
    let expected = [
        "stdin: accepted, 1 warning",
        "warning[national_number]: The phone number reads as a national one; it is passed on unchanged and may reach a stranger.",
        " --> stdin:6:23 /clientApplicationDescriptor/deviceAddress",
        r#"6 |     "deviceAddress" : "89000000000""#,
        "  |                       ^^^^^^^^^^^^^",
        WHATSAPP,
    ];
    assert_eq!(run.lines(), expected);
}

#[test]
fn a_mobile_request_needs_client_and_marker() {
    let body = String::from_utf8(read("mobile.json")).unwrap();
    let body: String =
        body.split_inclusive('\n').filter(|line| !line.contains("clientId") && !line.contains("appMarker")).collect();
    let run = check(&["-"], body.as_bytes());
    assert_eq!(run.status, Some(1));
    let lines = run.lines();
    assert_eq!(lines[0], "stdin: rejected, 2 violations");
    assert_eq!(lines.len(), 9, "and no normalized body");
    for (at, field) in [(1, "clientId"), (5, "appMarker")] {
        assert_eq!(lines[at], "violation[required_by_channel]: MOBILE requires this field.");
        assert_eq!(lines[at + 1], format!(" --> stdin:4:35 /clientApplicationDescriptor/{field}"));
        assert_eq!(lines[at + 2].find('{').unwrap(), lines[at + 3].find('^').unwrap());
    }
}

/// The one violation of a body, as data.
fn violation(body: &[u8]) -> Value {
    let run = check(&["--format", "json", "-"], body);
    assert_eq!(run.status, Some(1), "{}", run.stderr);
    let line: Value = serde_json::from_str(&run.stdout).unwrap();
    let violations = line["outcome"]["violations"].as_array().unwrap();
    assert_eq!(violations.len(), 1, "{violations:?}");
    violations[0].clone()
}

#[test]
fn large_deep_and_broken_bodies_have_one_violation() {
    let large = violation(&vec![b' '; (1 << 20) + 1]);
    assert_eq!((&large["code"], &large["actual"]), (&"body_too_large".into(), &((1 << 20) + 1).into()));
    let deep = violation(&[b'['; 100_000]);
    assert_eq!((&deep["code"], &deep["offset"]), (&"nesting_too_deep".into(), &64.into()));
    assert_eq!(violation(b" ")["code"], "empty_body");
    let run = check(&["-"], &[b'['; 100_000]);
    assert_eq!(run.lines().len(), 5);
    assert!(run.stdout.len() < 1_000, "a line that long is cut");
}

#[test]
fn ill_formed_utf8_is_found_at_any_byte() {
    let folder = tempfile::tempdir().unwrap();
    let body = read("whatsapp.json");
    let mut files = Vec::new();
    for at in 0..body.len() {
        let mut body = body.clone();
        body[at] = 0xFF;
        let file = folder.path().join(format!("{at}.json"));
        fs::write(&file, body).unwrap();
        files.push(file);
    }
    let mut args = vec!["--format", "json"];
    args.extend(files.iter().map(|file| str(file)));
    let run = check(&args, b"");
    assert_eq!(run.lines().len(), body.len());
    for (at, line) in run.lines().iter().enumerate() {
        let line: Value = serde_json::from_str(line).unwrap();
        let violations = line["outcome"]["violations"].as_array().unwrap();
        assert_eq!(violations.len(), 1);
        assert_eq!((&violations[0]["code"], &violations[0]["offset"]), (&"invalid_utf8".into(), &at.into()));
    }
    assert_eq!(check(&args[2..], b"").status, Some(1));
}

#[test]
fn repeated_fields_show_the_first_one_too() {
    let run = check(&["-"], b"{\n\"text\": 1,\n\"text\": 2}");
    let at = run.lines().iter().position(|line| line.starts_with("violation[duplicate_field]")).unwrap();
    assert_eq!(
        run.lines()[at + 1..at + 6],
        [" --> stdin:3:1 /text", "3 | \"text\": 2}", "  | ^^^^^^", "  = the first one:", "2 | \"text\": 1,",]
    );
    assert_eq!(run.lines()[at + 6], "  | ~~~~~~");
}

#[test]
fn messages_are_judged_by_head_and_body() {
    let message =
        "PUT /elsewhere HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Type: text/plain\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
    let run = check(&["--input", "http", "-"], message.as_bytes());
    assert_eq!(run.status, Some(1));
    let codes = ["not_found", "method_not_allowed", "unauthorized", "unsupported_media_type", "missing_field"];
    let mut rest = run.stdout.as_str();
    for code in codes {
        let at = rest.find(&format!("violation[{code}]")).unwrap_or_else(|| panic!("{code} in {}", run.stdout));
        rest = &rest[at + 1..];
    }
    let run = check(&["--input", "http", "--format", "json", "-"], message.as_bytes());
    let line: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(line["head_faults"][1], serde_json::json!({"code": "method_not_allowed", "expected": "POST"}));
    assert_eq!(line["outcome"]["violations"].as_array().unwrap().len(), 2);

    let head = "POST /api/v1/messages/outgoing-to-device HTTP/1.1\r\nAuthorization: Bearer x\r\nContent-Type: application/json\r\n";
    let chunked: String = MOBILE.as_bytes().chunks(7).fold(String::new(), |text, chunk| {
        format!("{text}{:x}\r\n{}\r\n", chunk.len(), std::str::from_utf8(chunk).unwrap())
    });
    let run = check(
        &["--input", "http", "-"],
        format!("{head}Transfer-Encoding: chunked\r\n\r\n{chunked}0\r\n\r\n").as_bytes(),
    );
    assert_eq!((run.status, run.lines().last()), (Some(0), Some(&MOBILE)));

    // Two lengths: nobody knows what the body is.
    let run = check(
        &["--input", "http", "-"],
        format!("{head}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{{}}").as_bytes(),
    );
    assert_eq!((run.status, run.lines().len()), (Some(1), 3), "{}", run.stdout);
    assert!(run.stdout.contains("violation[invalid_head]"));
    // A length that is not the file's: the file is damaged, and nobody's request.
    let run = check(&["--input", "http", "-"], format!("{head}Content-Length: 3\r\n\r\n{{}}").as_bytes());
    assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""));
    assert!(run.stderr.contains("its Content-Length is 3, but 2 bytes follow"), "{}", run.stderr);
}

#[test]
fn lines_of_a_message_are_those_of_its_file() {
    let head = "POST /api/v1/messages/outgoing-to-device HTTP/1.1\r\nAuthorization: Bearer x\r\nContent-Type: application/json\r\n";
    let body = "{\n\"text\": 1,\n\"text\": \"two\"}";
    let run = check(&["--input", "http", "-"], format!("{head}\r\n{body}").as_bytes());
    for line in [
        " --> stdin:6:9 /text",
        "6 | \"text\": 1,",
        " --> stdin:7:1 /text",
        "7 | \"text\": \"two\"}",
        "6 | \"text\": 1,",
        " --> stdin:5:1 /clientApplicationDescriptor",
    ] {
        assert!(run.lines().contains(&line), "{line:?} in {}", run.stdout);
    }
    // In chunks of 12 bytes, between which there are lines with their lengths.
    let chunks: String = body.as_bytes().chunks(12).fold(String::new(), |text, chunk| {
        format!("{text}{:x}\r\n{}\r\n", chunk.len(), std::str::from_utf8(chunk).unwrap())
    });
    let message = format!("{head}Transfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\n");
    let run = check(&["--input", "http", "-"], message.as_bytes());
    let lines: Vec<&str> = message.lines().collect();
    for (number, column, pointer, begins) in [(8, 9, "/text", "1,"), (11, 1, "/text", "\"text\": ")] {
        assert!(run.stdout.contains(&format!(" --> stdin:{number}:{column} {pointer}")), "{}", run.stdout);
        assert!(lines[number - 1][column - 1..].starts_with(begins), "{lines:?}");
    }
    // As data the places are those of the body.
    let run = check(&["--input", "http", "--format", "json", "-"], message.as_bytes());
    let line: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(line["outcome"]["violations"][1]["line"], 2, "{line}");
}

#[test]
fn data_is_written_byte_for_byte() {
    let policy = Policy::default();
    // Everything that a string may hold raw, in pieces that a text may have.
    let all: Vec<char> = ('\u{20}'..='\u{FFFF}').filter(|c| !matches!(c, '"' | '\\')).collect();
    for piece in all.chunks(1_900) {
        let text: String = piece.iter().collect();
        let body = format!(
            r#"{{"text":"x{text}x","attachments":[],"clientApplicationDescriptor":{{"channelType":"WEB","deviceAddress":"d"}}}}"#
        );
        let normalized = RequestBuf::from_json(&policy, body.as_bytes()).unwrap().as_request().to_json();
        let run = check(&["-"], body.as_bytes());
        assert_eq!(run.stdout.lines().last().unwrap().as_bytes(), normalized);
    }
}

/// Runs in a terminal: what appears there.
#[cfg(target_os = "linux")]
fn on_a_terminal(args: &str) -> String {
    let program = env!("CARGO_BIN_EXE_otd-check");
    let mut script = std::process::Command::new("script");
    let output = script
        .args(["-qec", &format!("'{program}' {args} 2>/dev/null"), "/dev/null"])
        .stdin(std::process::Stdio::null());
    String::from_utf8(output.output().unwrap().stdout).unwrap()
}

#[test]
#[cfg(target_os = "linux")]
fn a_terminal_gets_the_same_json_and_no_commands() {
    let folder = tempfile::tempdir().unwrap();
    let odd = "\u{7F}\u{9B}31m\u{AD}\u{202E}\u{2800}\u{FEFF}\u{E0041}";
    let body = format!(
        r#"{{"text":"a{odd}","attachments":[],"clientApplicationDescriptor":{{"channelType":"WEB","deviceAddress":"d"}}}}"#
    );
    let (body_file, lines_file) = (folder.path().join("b.json"), folder.path().join(format!("l{odd}.ndjson")));
    fs::write(&body_file, &body).unwrap();
    fs::write(&lines_file, &body).unwrap();
    let unseen = |c: char| c.is_control() && c != '\n' || "\u{AD}\u{202E}\u{2800}\u{FEFF}".contains(c);
    for file in [&body_file, &lines_file] {
        for format in ["text", "json"] {
            let shown = on_a_terminal(&format!("--color never --format {format} '{}'", str(file)));
            assert!(!shown.replace("\r\n", "\n").contains(unseen), "{shown:?}");
            let piped = check(&["--format", format, str(file)], b"").stdout;
            for (shown, piped) in shown.lines().zip(piped.lines()).filter(|(_, piped)| piped.starts_with('{')) {
                assert_ne!(shown, piped);
                let json = |text: &str| serde_json::from_str::<Value>(text).unwrap();
                assert_eq!(json(shown), json(piped));
            }
        }
    }
}

#[test]
fn misuse_is_said_and_not_guessed() {
    let folder = tempfile::tempdir().unwrap();
    let odd = folder.path().join("body.txt");
    fs::write(&odd, WHATSAPP).unwrap();
    let (success, whatsapp) = (documented("success.http"), documented("whatsapp.json"));
    for (args, says) in [
        (vec![str(&success)], "this is a response; only requests are checked"),
        (vec![], "no FILE is named"),
        (vec!["--colour"], "--colour"),
        (vec!["--format", "xml", "-"], "\"xml\" is none of: text, json"),
        (vec!["--jobs", "0", "-"], "--jobs takes a number from 1 to 1024"),
        (vec!["--jobs", "2", "-"], "are for files of requests"),
        (vec!["--print", "codes", "-"], "--print takes no FILE"),
        (vec!["no-such-file.json"], "no-such-file.json: "),
        (vec!["."], "."),
        (vec![str(&odd)], "its name does not tell what it holds"),
        (vec![str(&whatsapp), "requests.ndjson"], "need a call each"),
        (vec!["--policy", "no-such-file.json", "-"], "no-such-file.json: "),
    ] {
        let run = check(&args, b"");
        assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""), "{args:?}: {}", run.stderr);
        assert!(run.stderr.starts_with("otd-check: ") && run.stderr.contains(says), "{args:?}: {}", run.stderr);
    }
    assert_eq!(check(&["--input", "body", str(&odd)], b"").status, Some(0));
}

#[test]
fn policies_are_heeded_and_their_faults_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("policy.json");
    fs::write(&file, r#"{"channels": {"WHATSAPP": {"national": {"prefix": "8", "country": "7", "length": 11}}}}"#)
        .unwrap();
    let run = check(&["--policy", str(&file), str(&documented("whatsapp.json"))], b"");
    assert_eq!(run.lines()[1..], [WHATSAPP.replace("89000000000", "79000000000")]);

    fs::write(&file, "{\"limits\": {\n  \"bodi\": 1,\n  \"depth\": 2}}").unwrap();
    let run = check(&["--policy", str(&file), "-"], b"");
    assert_eq!(run.status, Some(2));
    for line in [
        "violation[unknown_field]: No such field is known here; did you mean body?",
        "2 |   \"bodi\": 1,",
        "  |   ^^^^^^",
    ] {
        assert!(run.lines().contains(&line), "{line:?} in {}", run.stdout);
    }
    assert!(run.stdout.contains(":3:12 /limits/depth"));
    let run = check(&["--policy", str(&file), "--format", "json", "-"], b"");
    let line: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(line["policy_faults"].as_array().unwrap().len(), 2);
}

#[test]
fn codes_policies_and_schemas_are_printed() {
    let codes = check(&["--print", "codes"], b"");
    assert_eq!(codes.lines().len(), Code::ALL.len());
    for (line, code) in codes.lines().iter().zip(Code::ALL) {
        assert!(line.starts_with(code.as_str()) && line.ends_with(code.meaning()));
    }
    let policy = check(&["--print", "policy"], b"");
    assert_eq!(Policy::from_json(policy.stdout.as_bytes()), Ok(Policy::default()));
    for schema in Schema::ALL {
        let run = check(&["--print", schema.as_str()], b"");
        assert_eq!((run.status, run.stdout), (Some(0), Policy::default().schema(schema)));
    }
}

#[test]
fn colour_is_for_terminals_and_for_who_asks() {
    let escape = |args: &[&str]| check(args, b"{}").stdout.contains('\x1B');
    assert!(!escape(&["-"]));
    assert!(escape(&["--color", "always", "-"]));
    assert!(!escape(&["--color", "never", "-"]));
}

#[test]
fn nothing_in_a_body_reaches_the_terminal_as_a_command() {
    let body = "{\"text\": \"a\", \"\\u001b[2J\u{202E}\": \"\u{9B}31m\"}";
    let run = check(&["-"], body.as_bytes());
    assert_eq!(run.status, Some(1));
    assert!(run.stdout.contains("␛[2J"), "the pointer shows the key: {}", run.stdout);
    assert!(!run.stdout.chars().any(|c| c.is_control() && c != '\n' || c == '\u{202E}'), "{:?}", run.stdout);
}

#[test]
fn no_more_of_a_body_is_shown_than_the_lines_at_fault() {
    let body = "{\n\"text\": \"SECRET\",\n\"x\": 1,\n\"clientApplicationDescriptor\": {\"channelType\":\n\"WEB\", \"deviceAddress\":\n\"SECRET\"}}";
    let run = check(&["-"], body.as_bytes());
    assert_eq!(run.status, Some(1));
    assert!(!run.stdout.contains("SECRET"), "{}", run.stdout);
}
