//! Bodies after public reports of people who send messages for a living (`tests/vectors/field.jsonl`), each
//! with what the contract makes of it.

use outgoing_to_device::{Checker, Code, Diagnostic, Outcome, Policy};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    id: String,
    /// The text as it would be sent; a case of a whole HTTP message has none.
    body: Option<String>,
    want: Want,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Want {
    ok: bool,
    request: Option<String>,
    #[serde(default)]
    violations: Vec<Finding>,
    #[serde(default)]
    warnings: Vec<Finding>,
}

/// What is compared of a diagnostic.
#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Finding {
    code: String,
    pointer: String,
    offset: u32,
    length: u32,
    related: Option<Place>,
    expected: Option<String>,
    suggestion: Option<String>,
    belongs_to: Option<String>,
    fix: Option<Vec<Edit>>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Place {
    offset: u32,
    length: u32,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Edit {
    offset: u32,
    length: u32,
    text: String,
}

impl From<Diagnostic<'_>> for Finding {
    fn from(diagnostic: Diagnostic<'_>) -> Finding {
        let params = diagnostic.params();
        let expected = params.expected.filter(|_| diagnostic.code() == Code::InvalidJson);
        let edit = |edit: &outgoing_to_device::Edit<'_>| Edit {
            offset: edit.offset,
            length: edit.length,
            text: edit.text.into(),
        };
        Finding {
            code: diagnostic.code().to_string(),
            pointer: diagnostic.pointer().to_string(),
            offset: diagnostic.offset(),
            length: diagnostic.length(),
            related: diagnostic.related().map(|span| Place { offset: span.offset, length: span.length }),
            expected: expected.map(String::from),
            suggestion: params.suggestion.map(String::from),
            belongs_to: params.belongs_to.map(String::from),
            fix: diagnostic.fix().map(|fix| fix.edits().iter().map(edit).collect()),
        }
    }
}

#[test]
fn every_body_of_the_field_gets_what_is_wanted() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/field.jsonl");
    let text = std::fs::read_to_string(path).unwrap();
    let (policy, mut checker) = (Policy::default(), Checker::new());
    let (mut count, mut wrong) = (0, Vec::new());
    for line in text.lines() {
        let case: Case = serde_json::from_str(line).unwrap();
        let Some(body) = &case.body else { continue };
        count += 1;
        let outcome = checker.check(&policy, body.as_bytes());
        let request = match &outcome {
            Outcome::Accepted(accepted) => Some(String::from_utf8(accepted.request.to_json()).unwrap()),
            Outcome::Rejected(_) => None,
        };
        let violations: Vec<Finding> = outcome.violations().map(Finding::from).collect();
        let warnings: Vec<Finding> = outcome.warnings().map(Finding::from).collect();
        let want = case.want;
        if (outcome.is_accepted(), &request, &violations, &warnings)
            != (want.ok, &want.request, &want.violations, &want.warnings)
        {
            wrong.push(format!(
                "{}: {body}\n  want {:?} {:?}\n       {:?}\n  got  {request:?} {violations:?}\n       {warnings:?}",
                case.id, want.request, want.violations, want.warnings
            ));
        }
    }
    assert!(count >= 140, "{count} bodies");
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}
