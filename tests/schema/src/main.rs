//! Compares the schemas with the library: `schema-agreement N SEED`.
//!
//! N generated and mutated bodies, a part of them under random policies, go through the library and
//! through two validators, jsonschema here and ajv in a Node process. What must hold:
//!
//! 1. The input schema refuses no body that the library accepts, nor what it writes of it.
//! 2. The normalized schema refuses nothing that the library writes.
//! 3. What the library refuses and a schema accepts has a code that the schema lists as unsaid.

mod ajv;
mod tally;
mod validator;

use ajv::Ajv;
use model::generate::{self, Rng};
use outgoing_to_device::{Checker, Outcome, Policy, Schema};
use serde_json::Value;
use std::collections::BTreeSet;
use std::error::Error;
use std::process::ExitCode;
use tally::{Case, Tally};
use validator::{Validator, Verdict};

/// Bodies that are judged under one policy: compiling the schemas costs as much as some hundreds.
const BATCH: usize = 500;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let numbers = std::env::args().skip(1).map(|word| word.parse()).collect::<Result<Vec<u64>, _>>()?;
    let [count, seed] = numbers[..] else {
        return Err("usage: schema-agreement N SEED".into());
    };
    let mut rng = Rng::new(seed);
    let mut ajv = Ajv::start()?;
    let mut tally = Tally::default();
    vectors(documents, &mut ajv, &mut tally)?;
    let of_vectors = tally.bodies;
    while tally.bodies < of_vectors + count as usize {
        // Half of the bodies are for the default policy.
        let policy = if tally.batches % 2 == 0 { None } else { random_policy(&mut rng) };
        let left = of_vectors + count as usize - tally.bodies;
        let bodies: Vec<Vec<u8>> = (0..BATCH.min(left)).map(|_| generate::body(&mut rng)).collect();
        batch(policy.as_deref(), &bodies, documents, &mut ajv, &mut tally)?;
    }
    tally.print(of_vectors);
    Ok(if tally.failures == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A policy of the generator that has no fault.
fn random_policy(rng: &mut Rng) -> Option<String> {
    let policies = std::iter::repeat_with(|| generate::policy(rng)).flatten();
    policies.take(1000).find(|policy| Policy::from_json(policy.as_bytes()).is_ok())
}

/// The normalized and the input schema of a policy.
type Documents = fn(&Policy) -> [String; 2];

fn documents(policy: &Policy) -> [String; 2] {
    [Schema::Normalized, Schema::Input].map(|schema| policy.schema(schema))
}

/// The bodies of tests/vectors, under their policies.
fn vectors(documents: Documents, ajv: &mut Ajv, tally: &mut Tally) -> Result<(), Box<dyn Error>> {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors");
    let mut files = std::fs::read_dir(directory)?.map(|file| Ok(file?.path())).collect::<std::io::Result<Vec<_>>>()?;
    files.sort();
    let mut by_policy: Vec<(Option<String>, Vec<Vec<u8>>)> = Vec::new();
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "jsonl")) {
        for line in std::fs::read_to_string(file)?.lines() {
            // Policies with lone surrogates, which are refused, are no JSON to serde_json.
            let Ok(line) = serde_json::from_str::<Value>(line) else { continue };
            let body = match (line["body"].as_str(), line["body_base64"].as_str()) {
                (Some(text), _) => text.as_bytes().to_vec(),
                (None, Some(base64)) => ajv::from_base64(base64),
                (None, None) => continue,
            };
            let policy = line.get("policy").map(Value::to_string);
            if policy.as_ref().is_some_and(|policy| Policy::from_json(policy.as_bytes()).is_err()) {
                continue;
            }
            match by_policy.iter_mut().find(|(other, _)| *other == policy) {
                Some((_, bodies)) => bodies.push(body),
                None => by_policy.push((policy, vec![body])),
            }
        }
    }
    by_policy.iter().try_for_each(|(policy, bodies)| batch(policy.as_deref(), bodies, documents, ajv, tally))
}

/// Judges bodies under one policy.
fn batch(
    policy: Option<&str>,
    bodies: &[Vec<u8>],
    documents: Documents,
    ajv: &mut Ajv,
    tally: &mut Tally,
) -> Result<(), Box<dyn Error>> {
    let rules = all_violations(policy.unwrap_or("{}"))?;
    let documents = documents(&rules);
    let schemas: Vec<Value> = documents.iter().map(|text| serde_json::from_str(text)).collect::<Result<_, _>>()?;
    let unsaid: Vec<BTreeSet<&str>> = schemas.iter().map(unsaid).collect();
    let validators = schemas.iter().map(Validator::new).collect::<Result<Vec<_>, _>>()?;

    let mut checker = Checker::new();
    let mut cases: Vec<Case> = Vec::new();
    for body in bodies {
        cases.push(match checker.check(&rules, body) {
            Outcome::Accepted(accepted) => {
                let normalized = accepted.request.to_json();
                Case { body: body.clone(), normalized: Some(normalized), codes: BTreeSet::new() }
            }
            Outcome::Rejected(rejected) => {
                let codes = rejected.violations().map(|violation| violation.code().as_str()).collect();
                Case { body: body.clone(), normalized: None, codes }
            }
        });
    }
    // Every body, and behind them every normalized request.
    let texts: Vec<&[u8]> = cases
        .iter()
        .map(|case| &case.body[..])
        .chain(cases.iter().flat_map(|case| case.normalized.as_deref()))
        .collect();
    let by_jsonschema = texts.iter().map(|text| validators.iter().map(|v| v.judge(text)).collect()).collect();
    let by_ajv = ajv.judge(&documents, &texts)?;
    tally.batches += 1;
    for (name, verdicts) in [("jsonschema", by_jsonschema), ("ajv", by_ajv)] {
        let verdicts: Vec<Vec<Verdict>> = verdicts;
        tally.add(name, policy.unwrap_or("default"), &cases, &verdicts, &unsaid);
    }
    tally.bodies += bodies.len();
    Ok(())
}

/// The policy, with room for every violation: a code that is cut off could be the one that counts.
fn all_violations(policy: &str) -> Result<Policy, Box<dyn Error>> {
    let mut policy: Value = serde_json::from_str(policy)?;
    policy["limits"]["violations"] = 1000.into();
    Policy::from_json(policy.to_string().as_bytes()).map_err(|_| "a policy of the generator".into())
}

/// The codes that a schema leaves to the library.
fn unsaid(schema: &Value) -> BTreeSet<&str> {
    let rows = schema["x-outgoing-to-device-unsaid"].as_array().expect("a list");
    rows.iter().map(|row| row["code"].as_str().expect("a code")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many disagreements the vectors show where the schemas are these.
    fn disagreements(documents: Documents) -> usize {
        let (mut ajv, mut tally) = (Ajv::start().unwrap(), Tally::default());
        vectors(documents, &mut ajv, &mut tally).unwrap();
        assert!(tally.bodies > 500);
        tally.failures
    }

    #[test]
    fn the_schemas_agree() {
        assert_eq!(disagreements(documents), 0);
    }

    /// What is spoiled is noticed: a rule too many, in either schema, and a code that is not listed.
    #[test]
    fn spoiled_schemas_do_not() {
        assert!(disagreements(|policy| documents(policy).map(|text| text.replace("4000", "10"))) > 0);
        assert!(disagreements(|policy| documents(policy).map(|text| text.replace("9007199254740991", "1"))) > 0);
        assert!(disagreements(|policy| documents(policy).map(|text| text.replace("\"too_long\"", "\"blank\""))) > 0);
    }
}
