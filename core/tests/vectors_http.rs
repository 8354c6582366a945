//! The vectors of contract §8: request heads, responses, and rejections as problem documents.
//!
//! `UPDATE_VECTORS=1 cargo test -p outgoing-to-device --test vectors_http` writes what the library
//! says into the files; then read every line that changed with the contract beside it.

mod support;

use outgoing_to_device::{Actual, Checker, Limits, Outcome, PATH, Policy, check_head};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

type Vector = BTreeMap<String, Box<RawValue>>;

/// What the library says, as members that replace those of the vector.
type Answer = Vec<(&'static str, String)>;

fn text(vector: &Vector, name: &str) -> Option<String> {
    vector.get(name).map(|raw| serde_json::from_str(raw.get()).expect("a string"))
}

/// Compares the answers with the file's expectations, or writes them into it.
fn run(name: &str, given: &[&str], answer: impl Fn(&Vector) -> Answer) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors").join(name);
    let (mut written, mut differences, mut count) = (String::new(), Vec::new(), 0);
    for line in fs::read_to_string(&path).expect("a file of vectors").lines() {
        let vector: Vector = serde_json::from_str(line).expect("JSON");
        let answer = answer(&vector);
        let member = |name: &str| Some(format!("\"{name}\": {}", vector.get(name)?.get()));
        let members = ["id", "says"].iter().chain(given).filter_map(|name| member(name));
        let answers = answer.iter().map(|(name, value)| format!("\"{name}\": {value}"));
        let expected = format!("{{{}}}", members.chain(answers).collect::<Vec<_>>().join(", "));
        if expected != line {
            differences.push(format!("  expected {line}\n  found    {expected}"));
        }
        written += &(expected + "\n");
        count += 1;
    }
    if std::env::var_os("UPDATE_VECTORS").is_some() {
        fs::write(path, written).expect("a file of vectors");
        return;
    }
    assert!(differences.is_empty(), "{} of {count} differ:\n{}", differences.len(), differences.join("\n"));
    assert!(count > 5, "{count}");
}

fn header_fields(fields: &[(&str, &str)]) -> String {
    json!(fields).to_string()
}

#[test]
fn heads() {
    run("head.jsonl", &["path", "method", "target", "fields"], |vector| {
        let fields: Vec<(String, String)> = serde_json::from_str(vector["fields"].get()).expect("pairs");
        let fields = fields.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes()));
        let (method, target) = (text(vector, "method").unwrap(), text(vector, "target").unwrap());
        let path = text(vector, "path").unwrap_or_else(|| PATH.to_owned());
        let verdict = check_head(&Limits::DEFAULT, &path, method.as_bytes(), target.as_bytes(), fields);
        let Err(rejection) = verdict else { return vec![("accepted", "true".to_owned())] };
        let faults: Vec<Value> = rejection
            .faults()
            .map(|fault| {
                let (params, mut found) = (fault.params(), json!({ "code": fault.code().as_str() }));
                for (name, value) in [
                    ("limit", params.limit.map(Value::from)),
                    (
                        "actual",
                        params.actual.map(|actual| match actual {
                            Actual::Number(number) => number.into(),
                            Actual::Type(json_type) => json_type.as_str().into(),
                        }),
                    ),
                    ("expected", params.expected.map(Value::from)),
                ] {
                    found.as_object_mut().unwrap().extend(value.map(|value| (name.to_owned(), value)));
                }
                found
            })
            .collect();
        vec![
            ("accepted", "false".to_owned()),
            ("status", rejection.status().to_string()),
            ("header_fields", header_fields(rejection.header_fields())),
            ("faults", Value::from(faults).to_string()),
        ]
    });
}

#[test]
fn responses() {
    run("response.jsonl", &["json"], |vector| {
        let json = text(vector, "json").unwrap();
        match Checker::new().try_response(json.as_bytes()).expect("memory") {
            Ok(response) => {
                vec![("response", support::quoted(&String::from_utf8(response.to_json()).expect("UTF-8")))]
            }
            Err(rejected) => vec![("faults", support::faults(&rejected))],
        }
    });
}

#[test]
fn problems() {
    run("problem.jsonl", &["body", "policy"], |vector| {
        let policy = vector.get("policy").map_or("{}", |policy| policy.get());
        let policy = Policy::from_json(policy.as_bytes()).expect("a policy");
        let (body, mut checker) = (text(vector, "body").unwrap(), Checker::new());
        let Outcome::Rejected(rejected) = checker.check(&policy, body.as_bytes()) else { panic!("accepted") };
        let mut problem = Vec::new();
        rejected.write_problem(&mut problem).expect("memory");
        vec![
            ("status", rejected.status().to_string()),
            ("header_fields", header_fields(rejected.header_fields())),
            ("problem", String::from_utf8(problem).expect("UTF-8")),
        ]
    });
}
