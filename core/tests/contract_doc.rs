//! `docs/contract.md`, the law for its readers: every example comes out as it says, in the library and
//! in the model; every code has its part, in the form that the page's head describes; and every
//! citation of a section, anywhere in the repository, leads to a heading.
#![cfg(not(miri))]

mod support;

use outgoing_to_device::{Checker, Code, Limits, PATH, check_head};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const DOC: &str = include_str!("../../docs/contract.md");

/// A fenced block: its line, the words of its info string, its text.
struct Block {
    line: usize,
    info: Vec<String>,
    text: String,
}

/// What stands under one heading.
struct Part {
    heading: String,
    blocks: Vec<Block>,
    /// The lines outside of blocks.
    prose: String,
}

fn parts() -> Vec<Part> {
    let mut parts = Vec::new();
    let mut block: Option<Block> = None;
    let mut comment = false;
    for (index, line) in DOC.lines().enumerate() {
        comment |= line.starts_with("<!--");
        if comment {
            comment = !line.ends_with("-->");
        } else if line.starts_with("```") {
            match block.take() {
                Some(whole) => parts.last_mut().map(|part: &mut Part| part.blocks.push(whole)).expect("a heading"),
                None => {
                    let info = line.trim_start_matches('`').split_whitespace().map(str::to_owned).collect();
                    block = Some(Block { line: index + 1, info, text: String::new() });
                }
            }
        } else if let Some(block) = &mut block {
            block.text.push_str(line);
            block.text.push('\n');
        } else if line.starts_with('#') {
            parts.push(Part { heading: line.to_owned(), blocks: Vec::new(), prose: String::new() });
        } else if let Some(part) = parts.last_mut() {
            part.prose.push_str(line);
            part.prose.push('\n');
        }
    }
    assert!(block.is_none(), "the last block never ends");
    parts
}

/// What comes of a body, in the form of the conformance line, from the library and from the model.
fn answers(policy: &str, body: &[u8]) -> [(&'static str, Value); 2] {
    let mut checker = Checker::new();
    let library = match checker.try_policy(policy.as_bytes()).expect("memory") {
        Err(rejection) => format!(r#"{{"policy_faults":{}}}"#, support::faults(&rejection)),
        Ok(policy) => format!(r#"{{"outcome":{}}}"#, support::outcome(&checker.check(&policy, body))),
    };
    let body = model::base64(body);
    let model = model::answer(&format!(r#"{{"id":"","body_base64":"{body}","policy":{policy}}}"#));
    let value = |text: &str| serde_json::from_str(text).expect("JSON");
    [("the library", value(&library)), ("the model", value(&model))]
}

/// The codes and pointers of a list of diagnostics.
fn named(list: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("a string").to_owned();
    list.as_array().into_iter().flatten().map(|one| (text(&one["code"]), text(&one["pointer"]))).collect()
}

/// The bytes of an example's body.
fn body(block: &Block) -> Vec<u8> {
    let text = block.text.trim_end_matches('\n');
    let mut bytes = match block.info.iter().any(|word| word == "latin1") {
        true => text.chars().map(|c| u8::try_from(u32::from(c)).expect("ISO 8859-1")).collect(),
        false => text.as_bytes().to_vec(),
    };
    if let Some(length) = block.info.iter().find_map(|word| word.strip_prefix("padded=")) {
        bytes.resize(length.parse().expect("a number"), b' ');
    }
    bytes
}

fn head_codes(head: &str) -> Vec<String> {
    let mut lines = head.lines();
    let mut request = lines.next().expect("a request line").split(' ');
    let (method, target) = (request.next().expect("a method"), request.next().expect("a target"));
    let fields = lines.map(|line| line.split_once(": ").expect("a header field"));
    let fields = fields.map(|(name, value)| (name.as_bytes(), value.as_bytes()));
    match check_head(&Limits::DEFAULT, PATH, method.as_bytes(), target.as_bytes(), fields) {
        Ok(()) => Vec::new(),
        Err(rejection) => rejection.faults().map(|fault| fault.code().to_string()).collect(),
    }
}

#[test]
fn every_example_comes_out_as_it_says() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for part in parts() {
        let mut policy = "{}";
        let mut normalized: Vec<(&str, Option<String>)> = Vec::new();
        for block in &part.blocks {
            let info: Vec<&str> = block
                .info
                .iter()
                .map(String::as_str)
                .filter(|word| !word.starts_with("padded=") && *word != "latin1")
                .collect();
            let mut expect = |who: &str, found: String, expected: String| {
                if found != expected {
                    wrong.push(format!("line {}, {who}\n  expected {expected}\n  found    {found}", block.line));
                }
            };
            let one = |code: &str, pointer: &str| vec![(code.to_owned(), pointer.to_owned())];
            let (violations, warnings) = match info[..] {
                ["json", "policy"] => {
                    policy = &block.text;
                    continue;
                }
                ["json", "normalized"] => {
                    assert!(!normalized.is_empty(), "line {}: no example before it", block.line);
                    for (who, request) in normalized.drain(..) {
                        expect(who, format!("{request:?}"), format!("{:?}", Some(block.text.trim_end())));
                    }
                    continue;
                }
                ["json", "policy-rejected", code, pointer] => {
                    for (who, answer) in answers(&block.text, b"") {
                        expect(
                            who,
                            format!("{:?}", named(&answer["policy_faults"])),
                            format!("{:?}", one(code, pointer)),
                        );
                    }
                    count += 1;
                    continue;
                }
                ["json", "policy-accepted"] => {
                    for (who, answer) in answers(&block.text, b"") {
                        expect(who, answer["policy_faults"].to_string(), "null".to_owned());
                    }
                    count += 1;
                    continue;
                }
                ["http", "accepted"] => {
                    expect("the library", format!("{:?}", head_codes(&block.text)), "[]".to_owned());
                    count += 1;
                    continue;
                }
                ["http", "rejected", code] => {
                    expect("the library", format!("{:?}", head_codes(&block.text)), format!("[{code:?}]"));
                    count += 1;
                    continue;
                }
                ["json", "accepted"] => (vec![], vec![]),
                ["json", "rejected", code] => (one(code, ""), vec![]),
                ["json", "rejected", code, pointer] => (one(code, pointer), vec![]),
                ["json", "warned", code, pointer] => (vec![], one(code, pointer)),
                ["text"] => continue,
                _ => panic!("line {}: {info:?} is no label of an example", block.line),
            };
            normalized.clear();
            for (who, answer) in answers(policy, &body(block)) {
                let outcome = &answer["outcome"];
                let found = (outcome["ok"].as_bool(), named(&outcome["violations"]), named(&outcome["warnings"]));
                let expected = (Some(violations.is_empty()), &violations, &warnings);
                expect(who, format!("{found:?}"), format!("{expected:?}"));
                normalized.push((who, outcome["request"].as_str().map(str::to_owned)));
            }
            count += 1;
        }
    }
    assert!(wrong.is_empty(), "{} of {count} examples:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 80, "only {count} examples");
}

#[test]
fn every_code_has_its_part() {
    let parts = parts();
    let at = parts.iter().position(|part| part.heading == "## Codes").expect("the section of codes");
    let codes: Vec<&Part> = parts[at + 1..].iter().collect();
    let headings: Vec<&str> = codes.iter().map(|part| part.heading.as_str()).collect();
    assert_eq!(headings, Code::ALL.iter().map(|code| format!("### `{code}`")).collect::<Vec<_>>());
    for (part, code) in codes.iter().zip(Code::ALL) {
        let group = format!("{:?}", code.group()).to_lowercase();
        let first = part.prose.trim_start().lines().next().unwrap_or_default();
        assert!(first.starts_with(&format!("*{group} · {}", code.severity().as_str())), "{code}: {first}");
        assert!(first.ends_with('*'), "{code}: {first}");
        assert!(part.prose.contains("\n**What to do:** "), "{code} has no remedy");
        let says = |words: &[&str]| {
            part.blocks.iter().any(|block| words.iter().all(|word| block.info.iter().any(|other| other == word)))
        };
        let got = ["rejected", "warned", "policy-rejected"].iter().any(|word| says(&[word, code.as_str()]));
        assert!(got, "{code} has no example that gets it");
        assert!(says(&["accepted"]) || says(&["policy-accepted"]), "{code} has no example without it");
    }
}

/// The sections that a text cites, as `7` or `3.4`; those of an RFC are not meant.
fn citations(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('§').filter_map(|(at, sign)| {
        let before = &text[..at].trim_end();
        let rfc = before.trim_end_matches(|c: char| c.is_ascii_digit()).ends_with("RFC ")
            && before.ends_with(|c: char| c.is_ascii_digit());
        let rest = &text[at + sign.len()..];
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let section = rest[..end].trim_end_matches('.');
        (!rfc && !section.is_empty()).then_some(section)
    })
}

/// The files of the repository that may cite the contract.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let extension = path.extension().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            let made = ["target", "node_modules", "dist", "build", "corpus"].contains(&&*name) || name.starts_with('.');
            if !made {
                sources(&path, found);
            }
        } else if ["rs", "c", "h", "hpp", "cpp", "js", "mjs", "ts", "py", "md", "jsonl", "sh", "toml"]
            .contains(&&*extension)
        {
            found.push(path);
        }
    }
}

#[test]
fn every_citation_leads_to_a_heading() {
    let sections: BTreeSet<String> = parts()
        .iter()
        .filter_map(|part| {
            part.heading
                .trim_start_matches(['#', ' '])
                .split_once(' ')
                .map(|(number, _)| number.trim_end_matches('.').to_owned())
        })
        .filter(|number| number.starts_with(|c: char| c.is_ascii_digit()))
        .collect();
    assert_eq!((1..=9).map(|n| n.to_string()).filter(|n| !sections.contains(n)).count(), 0, "{sections:?}");
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), &mut files);
    let (mut count, mut dangling) = (0, Vec::new());
    for path in files {
        let text = String::from_utf8_lossy(&fs::read(&path).expect("a file")).into_owned();
        for section in citations(&text) {
            count += 1;
            if !sections.contains(section) {
                dangling.push(format!("{}: §{section}", path.display()));
            }
        }
    }
    assert!(dangling.is_empty(), "{dangling:#?}");
    assert!(count > 60, "only {count} citations");
}
