//! The language-neutral vectors of `tests/vectors`, against the library and against the model.
//!
//! `UPDATE_VECTORS=1 cargo test -p outgoing-to-device --test vectors` writes what the library says
//! into the files; then read every line that changed with the contract beside it.

mod support;

use outgoing_to_device::{Checker, Outcome, Policy, UnknownFields};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    id: String,
    says: String,
    body: Option<Box<RawValue>>,
    body_base64: Option<Box<RawValue>>,
    #[serde(default, deserialize_with = "even_null")]
    policy: Option<Box<RawValue>>,
    outcome: Option<Box<RawValue>>,
    policy_faults: Option<Box<RawValue>>,
    /// The policy as it is written, complete.
    written: Option<Box<RawValue>>,
}

/// A policy that is null is not a policy that is absent.
fn even_null<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Box<RawValue>>, D::Error> {
    Box::<RawValue>::deserialize(deserializer).map(Some)
}

impl Vector {
    fn body(&self) -> Vec<u8> {
        let string = |raw: &RawValue| serde_json::from_str::<String>(raw.get()).expect("a string");
        match (&self.body, &self.body_base64) {
            (Some(text), None) => string(text).into_bytes(),
            (None, Some(base64)) => support::from_base64(&string(base64)),
            _ => panic!("{}: either body or body_base64", self.id),
        }
    }

    /// What the library says, as the name of the member and its text.
    fn answer(&self, checker: &mut Checker) -> (&'static str, String) {
        let json = self.policy.as_ref().map_or("{}", |policy| policy.get());
        let policy = match checker.try_policy(json.as_bytes()).expect("memory") {
            Ok(policy) => policy,
            Err(rejected) => return ("policy_faults", support::faults(&rejected)),
        };
        if self.written.is_some() || self.body.is_none() && self.body_base64.is_none() {
            return ("written", policy.to_json());
        }
        ("outcome", support::outcome(&checker.check(&policy, &self.body())))
    }

    /// What the model says, asked as a host is asked.
    fn model(&self) -> String {
        let body = model::base64(&self.body());
        let policy = self.policy.as_ref().map_or(String::new(), |policy| format!(r#","policy":{}"#, policy.get()));
        model::answer(&format!(r#"{{"id":{},"body_base64":"{body}"{policy}}}"#, support::quoted(&self.id)))
    }

    fn expected(&self) -> Option<(&'static str, &str)> {
        let members = [("outcome", &self.outcome), ("policy_faults", &self.policy_faults), ("written", &self.written)];
        let mut given = members.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?.get())));
        let first = given.next();
        assert!(given.next().is_none(), "{}: more than one expectation", self.id);
        first
    }

    /// The line with its expectation replaced.
    fn line(&self, (name, text): &(&str, String)) -> String {
        let mut line = format!(r#"{{"id": {}, "says": {}"#, support::quoted(&self.id), support::quoted(&self.says));
        for (name, value) in [("body", &self.body), ("body_base64", &self.body_base64), ("policy", &self.policy)] {
            if let Some(value) = value {
                line += &format!(r#", "{name}": {}"#, value.get());
            }
        }
        line + &format!(", \"{name}\": {text}}}\n")
    }
}

fn files() -> Vec<(PathBuf, Vec<Vector>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors");
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).expect("tests/vectors").map(|entry| entry.unwrap().path()).collect();
    // Those of contract §8 and the bodies of the field have a form and a runner of their own:
    // vectors_http.rs and field.rs.
    let others = ["head.jsonl", "response.jsonl", "problem.jsonl", "field.jsonl"];
    let other = |path: &PathBuf| others.iter().any(|name| path.ends_with(name));
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl") && !other(path));
    paths.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a file of vectors");
        let parse =
            |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{}: {error}: {line}", path.display()));
        // Miri takes a thousand times as long, and gets every eighth.
        let vectors = text.lines().step_by(if cfg!(miri) { 8 } else { 1 }).map(parse).collect();
        (path, vectors)
    };
    paths.into_iter().map(read).collect()
}

#[test]
fn the_library_agrees_with_every_vector() {
    let update = std::env::var_os("UPDATE_VECTORS").is_some();
    let mut checker = Checker::new();
    let mut ids = HashSet::new();
    let mut differences = Vec::new();
    for (path, vectors) in files() {
        let mut text = String::new();
        for vector in &vectors {
            assert!(ids.insert(vector.id.clone()), "{} stands twice", vector.id);
            let stem = path.file_stem().unwrap().to_str().unwrap();
            assert!(vector.id.starts_with(&format!("{stem}/")), "{} stands in {stem}", vector.id);
            let answer = vector.answer(&mut checker);
            if update {
                text += &vector.line(&answer);
            } else if vector.expected() != Some((answer.0, answer.1.as_str())) {
                differences.push(format!("{}\n  expected {:?}\n  found    {answer:?}", vector.id, vector.expected()));
            }
        }
        if update {
            fs::write(&path, text).expect("a file of vectors");
        }
    }
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), differences.join("\n"));
    assert!(ids.len() > if cfg!(miri) { 100 } else { 800 }, "only {} vectors", ids.len());
}

/// A body that is normalized already is passed on as it stands, so nothing is written: only time is
/// lost where that is not seen.
#[test]
#[cfg_attr(miri, ignore = "reads what the test above has read")]
fn a_normalized_body_is_passed_on_as_it_stands() {
    let mut checker = Checker::new();
    let mut seen = 0;
    for (_, vectors) in files() {
        for vector in vectors.iter().filter(|vector| vector.outcome.is_some()) {
            let json = vector.policy.as_ref().map_or("{}", |policy| policy.get());
            let Ok(policy) = Policy::from_json(json.as_bytes()) else { continue };
            let body = vector.body();
            let Outcome::Accepted(accepted) = checker.check(&policy, &body) else { continue };
            let normalized = accepted.request.to_json();
            let mark = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&body).trim_ascii();
            if let Some(as_it_stands) = accepted.request.as_normalized() {
                assert_eq!(as_it_stands, normalized, "{}", vector.id);
            } else if mark == normalized {
                // Escapes and members that are kept are written again, whether they differ or not.
                let kept = policy.unknown_fields() == UnknownFields::Keep;
                assert!(body.contains(&b'\\') || kept, "{} is normalized", vector.id);
            }
            seen += usize::from(mark == normalized);
        }
    }
    assert!(seen > 20, "only {seen} normalized bodies");
}

#[test]
#[cfg_attr(miri, ignore = "is about the model")]
fn the_model_agrees_with_every_vector() {
    if std::env::var_os("UPDATE_VECTORS").is_some() {
        return;
    }
    let mut differences = Vec::new();
    for vector in files().iter().flat_map(|(_, vectors)| vectors) {
        if vector.written.is_some() {
            continue;
        }
        let (name, outcome) = vector.expected().unwrap_or_else(|| panic!("{} expects nothing", vector.id));
        let (found, expected) =
            (vector.model(), format!(r#"{{"id":{},"{name}":{outcome}}}"#, support::quoted(&vector.id)));
        if found != expected {
            differences.push(format!("  expected {expected}\n  model    {found}"));
        }
    }
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), differences.join("\n"));
}
