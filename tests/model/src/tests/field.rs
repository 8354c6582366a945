//! Bodies after real reports, `tests/vectors/field.jsonl`, each with the answer that is wanted.

use crate::json::{Kind, Member, Value, parse, quote};
use crate::{Diagnostic, Policy, check, check_head};

const CASES: &str = include_str!("../../../vectors/field.jsonl");
const PATH: &str = "/api/v1/messages/outgoing-to-device";

fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let Kind::Object(members) = &value.kind else { return None };
    let named = |member: &&Member| member.key.text().as_deref() == Some(name);
    members.iter().find(named).map(|member| &member.value)
}

fn string(value: &Value) -> String {
    let Kind::String(units) = &value.kind else { panic!("a string is wanted") };
    String::from_utf16(units).expect("no lone surrogate")
}

/// A value as text, compact, so that two are equal if their texts are.
fn compact(line: &str, value: &Value) -> String {
    match &value.kind {
        Kind::String(_) => quote(&string(value)),
        Kind::Array(elements) => {
            let elements: Vec<String> = elements.iter().map(|element| compact(line, element)).collect();
            format!("[{}]", elements.join(","))
        }
        Kind::Object(members) => {
            let member = |member: &Member| {
                let key = member.key.text().expect("no lone surrogate");
                format!("{}:{}", quote(&key), compact(line, &member.value))
            };
            let members: Vec<String> = members.iter().map(member).collect();
            format!("{{{}}}", members.join(","))
        }
        _ => line[value.start..value.end].to_owned(),
    }
}

/// What the cases say of a diagnostic: line, column and some of the parameters are left out.
fn said(diagnostic: &Diagnostic) -> String {
    let mut diagnostic = diagnostic.clone();
    (diagnostic.limit, diagnostic.actual, diagnostic.channel) = (None, None, None);
    if diagnostic.code != "invalid_json" {
        diagnostic.expected = None;
    }
    let place = format!(",\"line\":{},\"column\":{}", diagnostic.line, diagnostic.column);
    diagnostic.to_json().replacen(&place, "", 1)
}

fn list(diagnostics: &[Diagnostic]) -> String {
    let all: Vec<String> = diagnostics.iter().map(said).collect();
    format!("[{}]", all.join(","))
}

fn found(body: &[u8]) -> String {
    let outcome = check(&Policy::default(), body);
    let warnings = list(&outcome.warnings);
    assert!(!outcome.truncated);
    match outcome.request {
        Some(request) => {
            let request = quote(&String::from_utf8(request).expect("UTF-8"));
            format!("{{\"ok\":true,\"request\":{request},\"warnings\":{warnings}}}")
        }
        None => format!("{{\"ok\":false,\"violations\":{},\"warnings\":{warnings}}}", list(&outcome.violations)),
    }
}

/// Whether a whole HTTP message passes: its head, then its body.
fn passes(message: &str) -> String {
    let (head, body) = message.split_once("\r\n\r\n").expect("a head and a body");
    let mut lines = head.split("\r\n");
    let request: Vec<&str> = lines.next().unwrap_or_default().split(' ').collect();
    let fields: Vec<(String, String)> =
        lines.filter_map(|line| line.split_once(": ")).map(|(name, value)| (name.into(), value.into())).collect();
    let limits = Policy::default().limits;
    let faults = check_head(&limits, PATH, request[0], request[1], &fields);
    let ok = faults.is_empty() && check(&Policy::default(), body.as_bytes()).request.is_some();
    format!("{{\"ok\":{ok}}}")
}

#[test]
fn every_case_is_answered_as_wanted() {
    let (mut differences, mut count) = (Vec::new(), 0);
    for line in CASES.lines() {
        let Ok(case) = parse(line.as_bytes(), 64) else { panic!("not JSON: {line}") };
        let of = |name: &str| member(&case, name);
        let id = of("id").map(string).unwrap_or_default();
        let wanted = compact(line, of("want").expect("what is wanted"));
        let found = match (of("body"), of("head")) {
            (Some(body), None) => found(string(body).as_bytes()),
            (None, Some(head)) => passes(&string(head)),
            _ => panic!("{id}: a body or a head"),
        };
        if found != wanted {
            differences.push(format!("{id}\n  wanted {wanted}\n  found  {found}"));
        }
        count += 1;
    }
    assert!(differences.is_empty(), "{} of {count} differ:\n{}", differences.len(), differences.join("\n"));
    assert_eq!(count, 141);
}
