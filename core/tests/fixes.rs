//! Fixes keep what contract §6 promises of them, whatever the body and the policy.
//! `FIXES=1000000 cargo test --release -p outgoing-to-device --test fixes` tries more bodies, and `FIXES_CASES=FILE`
//! those of a file of conformance cases instead.

use model::generate::{self, Rng};
use outgoing_to_device::{Checker, Code, Diagnostic, Group, Outcome, Policy, Severity};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};

const DESCRIPTOR: &str = "/clientApplicationDescriptor";

/// The pointer with the name that the descriptor is normalized to.
fn normalized(pointer: &str) -> String {
    let alias =
        pointer.strip_prefix("/applicationDescriptor").filter(|rest| matches!(rest.bytes().next(), None | Some(b'/')));
    alias.map_or_else(|| pointer.to_owned(), |rest| format!("{DESCRIPTOR}{rest}"))
}

/// What is compared of a diagnostic before and after.
#[derive(Debug)]
struct Found {
    code: Code,
    pointer: String,
    offset: u32,
    is_violation: bool,
}

impl From<Diagnostic<'_>> for Found {
    fn from(diagnostic: Diagnostic<'_>) -> Found {
        Found {
            code: diagnostic.code(),
            pointer: normalized(&diagnostic.pointer().to_string()),
            offset: diagnostic.offset(),
            is_violation: diagnostic.severity() == Severity::Violation,
        }
    }
}

fn found(outcome: &Outcome<'_>) -> Vec<Found> {
    outcome.violations().chain(outcome.warnings()).map(Found::from).collect()
}

/// Whether the pointer leads to the value at `value` or into it.
fn is_in(pointer: &str, value: &str) -> bool {
    pointer.strip_prefix(value).is_some_and(|rest| matches!(rest.bytes().next(), None | Some(b'/')))
}

#[derive(Deserialize)]
struct Case {
    body_base64: String,
    policy: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Vector {
    body: Option<String>,
    policy: Option<Box<RawValue>>,
}

const NO_POLICY: &str = "{}";

/// The bodies that are judged, each under the policy whose text stands beside it.
fn requests() -> Box<dyn Iterator<Item = (String, Vec<u8>)>> {
    let Ok(file) = std::env::var("FIXES_CASES") else { return Box::new(generated_and_vectors()) };
    let lines = BufReader::new(File::open(file).expect("a file of cases")).lines();
    Box::new(lines.map(|line| {
        let case: Case = serde_json::from_str(&line.expect("a line")).expect("a case");
        let policy = case.policy.map_or_else(|| NO_POLICY.to_owned(), |policy| policy.get().to_owned());
        (policy, model::from_base64(&case.body_base64).expect("base64"))
    }))
}

/// Generated bodies, then those of the vectors, whose mistakes have fixes of every kind.
fn generated_and_vectors() -> impl Iterator<Item = (String, Vec<u8>)> {
    let count = std::env::var("FIXES").map_or(10_000, |text| text.parse().expect("a number"));
    let mut rng = Rng::new(29);
    let generated = std::iter::repeat_with(move || {
        let body = generate::body(&mut rng);
        (generate::policy(&mut rng).unwrap_or_else(|| NO_POLICY.to_owned()), body)
    });
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors");
    let files = std::fs::read_dir(folder).expect("tests/vectors").map(|entry| entry.expect("a file").path());
    let vectors =
        files.filter(|path| path.extension().is_some_and(|extension| extension == "jsonl")).flat_map(|path| {
            let text = std::fs::read_to_string(path).expect("a file of vectors");
            let vectors = text.split_terminator('\n').map(|line| serde_json::from_str::<Vector>(line).expect("JSON"));
            vectors.collect::<Vec<_>>()
        });
    let refuse: Vec<_> =
        Code::ALL.iter().filter(|code| code.group() == Group::Warning).map(|code| code.as_str()).collect();
    let refuse = format!(r#"{{"refuse":{refuse:?},"unknownFields":"keep"}}"#);
    let vectors = vectors.flat_map(move |vector| {
        let body = vector.body.map(String::into_bytes);
        let own = vector.policy.map_or_else(|| NO_POLICY.to_owned(), |policy| policy.get().to_owned());
        let policies = [own, r#"{"unknownFields":"drop"}"#.to_owned(), refuse.clone()];
        policies.into_iter().filter_map(move |policy| Some((policy, body.clone()?)))
    });
    generated.take(count).chain(vectors)
}

#[test]
fn a_fix_makes_its_diagnostic_go_and_brings_no_violation_but_those_that_the_contract_excepts() {
    let (mut checker, mut mended) = (Checker::new(), Vec::new());
    let mut seen = BTreeMap::new();
    for (json, body) in requests() {
        let Ok(policy) = Policy::from_json(json.as_bytes()) else { continue };
        let outcome = checker.check(&policy, &body);
        let whole = !outcome.truncated();
        let before = found(&outcome);
        let fixes: Vec<_> = outcome
            .violations()
            .chain(outcome.warnings())
            .filter_map(|diagnostic| {
                let fix = diagnostic.fix()?;
                let edits: Vec<_> =
                    fix.edits().iter().map(|edit| (edit.offset, edit.length, edit.text.to_owned())).collect();
                mended.clear();
                fix.apply(&body, &mut mended).expect("memory");
                Some((Found::from(diagnostic), edits, mended.clone()))
            })
            .collect();
        for (fixed, edits, mended) in fixes {
            let shown = || {
                let [body, mended] = [&body, &mended].map(|text| String::from_utf8_lossy(text));
                format!("{fixed:?} {edits:?}\npolicy {json}\nbody   {body}\nmended {mended}")
            };
            assert!((1..=64).contains(&edits.len()), "{}", shown());
            for pair in edits.windows(2) {
                let [(offset, length, _), (next, ..)] = pair else { unreachable!() };
                assert!(offset + length <= *next, "in order, none overlapping: {}", shown());
            }
            assert!(edits.iter().all(|(_, length, text)| *length > 0 || !text.is_empty()), "{}", shown());
            *seen.entry(fixed.code.as_str()).or_insert(0) += 1;
            if mended.len() > policy.limits().body as usize {
                continue;
            }
            let outcome = checker.check(&policy, &mended);
            // Where the diagnostic would stand now, unless its place is taken away.
            let is_away = edits.iter().any(|(offset, length, _)| (*offset..offset + length).contains(&fixed.offset));
            let before_it = edits.iter().filter(|(offset, ..)| *offset < fixed.offset);
            let place = before_it.fold(i64::from(fixed.offset), |place, (_, length, text)| {
                place - i64::from(*length) + text.len() as i64
            });
            let after = found(&outcome);
            let is_same = |now: &Found| now.code == fixed.code && i64::from(now.offset) == place;
            assert!(is_away || !after.iter().any(is_same), "it is still there: {}", shown());
            if fixed.code == Code::InvalidJson || !whole || outcome.truncated() {
                continue;
            }
            // Of a key that is replaced, the value is one of the field that it names now.
            let renames =
                matches!(fixed.code, Code::UnknownField | Code::DroppedField | Code::KeptField | Code::AliasField);
            let value = if renames {
                let (object, _) = fixed.pointer.rsplit_once('/').expect("a key's pointer");
                let (.., name) = edits.first().expect("an edit");
                normalized(&format!("{object}/{name}"))
            } else {
                fixed.pointer.clone()
            };
            // A channel that is known only now has rules of its own.
            let channel = format!("{DESCRIPTOR}/channelType");
            let makes_channel = is_in(&channel, &value);
            for now in after.iter().filter(|now| now.is_violation) {
                let was = before.iter().any(|then| then.code == now.code && then.pointer == now.pointer);
                let of_value = is_in(&now.pointer, &value);
                let of_channel = makes_channel && (is_in(&now.pointer, DESCRIPTOR) || now.pointer == "/text");
                let refused = now.code.group() == Group::Warning;
                let kept = now.code == Code::TooManyItems;
                assert!(was || of_value || of_channel || refused || kept, "{now:?} is new: {}", shown());
            }
        }
    }
    println!("fixes seen: {seen:?}");
    // Those codes of which the contract has a fix.
    for code in [
        "alias_field",
        "control_character",
        "dropped_field",
        "duplicate_field",
        "invalid_address",
        "invalid_json",
        "invalid_name",
        "invalid_url",
        "kept_field",
        "type_mismatch",
        "unescaped_url",
        "unknown_channel",
        "unknown_field",
    ] {
        assert!(seen.remove(code).is_some_and(|count| count >= 4), "too few fixes of {code}");
    }
    assert!(seen.is_empty(), "other fixes: {seen:?}");
}

#[test]
fn debug_shows_the_edits() {
    let (policy, mut checker) = (Policy::default(), Checker::new());
    let outcome = checker.check(&policy, b"{\"text\":1}");
    let fixes: Vec<_> = outcome.violations().filter_map(|violation| violation.fix()).collect();
    assert_eq!(
        format!("{fixes:?}"),
        r#"[Fix([Edit { offset: 8, length: 0, text: "\"" }, Edit { offset: 9, length: 0, text: "\"" }])]"#
    );
}
