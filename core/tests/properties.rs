//! What holds of every request, whatever it says and however it is laid out.

mod support;

use model::generate::{self, Rng};
use outgoing_to_device::{Checker, Code, Outcome, Policy, RequestBuf, Severity};
use proptest::prelude::*;
use serde::de::IgnoredAny;
use std::collections::{HashMap, HashSet};
use support::duplicates::{self, Json};
use support::faults::{self, At};
use support::tree::{self, Tree, write};

fn codes(outcome: &Outcome<'_>) -> Vec<&'static str> {
    outcome.violations().map(|violation| violation.code().as_str()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(384))]

    #[test]
    fn a_valid_request_is_accepted_in_any_layout(tree in tree::request(), layouts in (tree::layout(), tree::layout())) {
        let policy = Policy::default();
        let (mut one, mut other) = (Checker::new(), Checker::new());
        let (first, second) = (write(&tree, &layouts.0), write(&tree, &layouts.1));
        let (first, second) = (one.check(&policy, &first.body), other.check(&policy, &second.body));
        let (Outcome::Accepted(first), Outcome::Accepted(second)) = (&first, &second) else {
            return Err(TestCaseError::fail(format!("{:?} {:?}", codes(&first), codes(&second))));
        };
        // The layout makes no difference.
        prop_assert_eq!(first.request.to_json(), second.request.to_json());
        let pointers = |warnings: outgoing_to_device::Diagnostics<'_>| -> HashSet<String> {
            warnings.map(|warning| format!("{} {}", warning.code(), warning.pointer())).collect()
        };
        prop_assert_eq!(pointers(first.warnings()), pointers(second.warnings()));
    }

    #[test]
    fn one_fault_gives_its_code_at_its_place(tree in tree::request(), layout in tree::layout(), which in 0..faults::COUNT) {
        let mut tree = tree;
        let fault = faults::put(&mut tree, which);
        let written = write(&tree, &layout);
        let (offset, length) = match fault.at {
            At::Key => (written.place(&fault.pointer).key.start, written.place(&fault.pointer).key.len()),
            At::Value => (written.place(&fault.pointer).value.start, written.place(&fault.pointer).value.len()),
            At::Brace => {
                let (object, _) = fault.pointer.rsplit_once('/').expect("a pointer");
                (written.place(object).value.start, 1)
            }
        };
        let (policy, mut checker) = (Policy::default(), Checker::new());
        let outcome = checker.check(&policy, &written.body);
        let found: Vec<_> = outcome
            .violations()
            .map(|found| (found.code(), found.pointer().to_string(), found.offset() as usize, found.length() as usize))
            .collect();
        prop_assert_eq!(found, [(fault.code, fault.pointer, offset, length)]);
    }

    #[test]
    fn a_fault_of_the_bytes_comes_alone_at_its_place(
        tree in tree::request(), layout in tree::layout(), at in any::<prop::sample::Index>(), kind in 0..3
    ) {
        let mut body = write(&tree, &layout).body;
        while body.last().is_some_and(u8::is_ascii_whitespace) {
            body.pop();
        }
        // At a whole character behind the opening bracket.
        let start = body.iter().position(|byte| *byte == b'{').unwrap() + 1;
        let mut at = start + at.index(body.len() - start);
        while !std::str::from_utf8(&body).unwrap().is_char_boundary(at) {
            at += 1;
        }
        let (code, offset) = match kind {
            0 => {
                body.truncate(at);
                (Code::InvalidJson, at)
            }
            1 => {
                body.insert(at, 0xFF);
                (Code::InvalidUtf8, at)
            }
            _ => {
                body.push(b']');
                (Code::InvalidJson, body.len() - 1)
            }
        };
        let (policy, mut checker) = (Policy::default(), Checker::new());
        let outcome = checker.check(&policy, &body);
        let found: Vec<_> = outcome.violations().map(|found| (found.code(), found.offset() as usize)).collect();
        prop_assert_eq!(found, [(code, offset)]);
        prop_assert_eq!(outcome.warnings().len(), 0);
    }

    #[test]
    fn no_private_value_is_ever_shown(tree in tree::request(), layout in tree::layout(), which in 0..=faults::COUNT) {
        const MARKER: &str = "Qz7";
        let mut tree = tree;
        if which < faults::COUNT {
            faults::put(&mut tree, which);
        }
        mark(&mut tree, MARKER);
        let written = write(&tree, &layout);
        let (policy, mut checker) = (Policy::default(), Checker::new());
        let outcome = checker.check(&policy, &written.body);
        let mut shown = format!("{outcome:?}");
        for diagnostic in outcome.violations().chain(outcome.warnings()) {
            shown += &format!("{diagnostic} {diagnostic:?} {} {:?}", diagnostic.message(), diagnostic.to_owned());
        }
        match &outcome {
            Outcome::Accepted(accepted) => {
                shown += &format!("{:?} {:?}", accepted.request.to_owned(), accepted.request.attachments().next());
            }
            Outcome::Rejected(rejected) => {
                let mut problem = Vec::new();
                rejected.write_problem(&mut problem).unwrap();
                rejected.write_diagnostics_json(Severity::Violation, &mut problem).unwrap();
                let error = RequestBuf::from_json(&policy, &written.body).unwrap_err();
                shown += &format!("{} {error} {error:?}", String::from_utf8(problem).unwrap());
            }
        }
        shown += &format!("{checker:?}");
        prop_assert!(!shown.contains(MARKER), "{}", shown);
    }

    #[test]
    fn no_private_value_of_a_policy_or_a_response_is_shown(word in "Qz7[a-zA-Z]{0,9}") {
        for json in [
            format!(r#"{{"unknownFields": "{word}", "channels": {{"WEB": {{"address": "{word}", "requires": ["{word}"]}}}}}}"#),
            format!(r#"{{"channels": {{"WHATSAPP": {{"national": {{"prefix": "{word}", "country": 1, "length": 2}}}}}}}}"#),
        ] {
            let error = Policy::from_json(json.as_bytes()).unwrap_err();
            let shown = format!("{error} {error:?}");
            prop_assert!(!shown.contains("Qz7"), "{}", shown);
        }
        let response = format!(r#"{{"id": 1, "threadId": "{word}", "clientId": 1, "clientExternalId": "{word}", "agentId": 1}}"#);
        let error = outgoing_to_device::Response::from_json(response.as_bytes()).unwrap_err();
        let response = outgoing_to_device::Response::from_json(response.replace(&format!(r#": "{word}", "clientId"#), r#": 2, "clientId"#).as_bytes()).unwrap();
        let shown = format!("{error} {error:?} {response:?} {:?}", response.as_ref());
        prop_assert!(!shown.contains("Qz7"), "{}", shown);
    }
}

/// Puts the marker into every string that has a private place.
fn mark(tree: &mut Tree, marker: &str) {
    match tree {
        Tree::Text(text) => text.push_str(marker),
        Tree::Raw(raw) => {
            if let Some(start) = raw.strip_suffix('"') {
                *raw = format!("{start}{marker}\"");
            }
        }
        Tree::List(items) => items.iter_mut().for_each(|item| mark(item, marker)),
        Tree::Object(members) => members.iter_mut().for_each(|(_, value)| mark(value, marker)),
    }
}

/// What a warning says, with its place as the normalized request spells it.
fn normalized_warnings(outcome: &Outcome<'_>) -> HashMap<String, usize> {
    let mut warnings = HashMap::new();
    for warning in outcome.warnings() {
        let pointer = warning.pointer().to_string();
        let pointer = match pointer.strip_prefix("/applicationDescriptor") {
            Some(rest) => format!("/clientApplicationDescriptor{rest}"),
            None => pointer,
        };
        *warnings.entry(format!("{} {pointer}", warning.code())).or_default() += 1;
    }
    warnings
}

#[test]
fn a_normalized_request_stays_as_it_is() {
    let mut rng = Rng::new(7);
    let (mut checker, mut again) = (Checker::new(), Checker::new());
    let mut accepted_requests = 0;
    for _ in 0..3_000 {
        let body = generate::body(&mut rng);
        let policy = generate::policy(&mut rng).unwrap_or_else(|| "{}".to_owned());
        let Ok(policy) = Policy::from_json(policy.as_bytes()) else { continue };
        let outcome = checker.check(&policy, &body);
        let Outcome::Accepted(accepted) = &outcome else { continue };
        let normalized = accepted.request.to_json();
        assert!(normalized.len() <= outgoing_to_device::max_normalized_len(body.len()));
        if normalized.len() > policy.limits().body as usize {
            continue;
        }
        accepted_requests += 1;
        let once_more = again.check(&policy, &normalized);
        let Outcome::Accepted(same) = &once_more else {
            panic!("{:?} of {}", codes(&once_more), String::from_utf8_lossy(&body))
        };
        assert_eq!(same.request.to_json(), normalized);
        assert!(same.request.as_normalized().is_none_or(|stands| stands == normalized));
        if !accepted.truncated() && !same.truncated() {
            let (before, after) = (normalized_warnings(&outcome), normalized_warnings(&once_more));
            for (warning, count) in after {
                assert!(before.get(&warning).is_some_and(|before| count <= *before), "{warning} is new");
            }
        }
        // serde_json reads the same values.
        let value: serde_json::Value = serde_json::from_slice(&normalized).expect("JSON");
        assert_eq!(value["text"], accepted.request.text());
        assert_eq!(value["clientApplicationDescriptor"]["deviceAddress"], accepted.request.device_address());
        assert_eq!(value["attachments"].as_array().map(Vec::len), Some(accepted.request.attachments().len()));
        // An owned request says the same.
        assert_eq!(accepted.request.to_owned().as_request().to_json(), normalized);
    }
    assert!(accepted_requests > 1_000, "{accepted_requests}");
}

#[test]
fn json_is_what_serde_json_takes_and_duplicates_are_all_found() {
    let policy = Policy::from_json(br#"{"limits": {"violations": 1000}}"#).unwrap();
    let mut checker = Checker::new();
    let mut rng = Rng::new(11);
    let (mut well_formed, mut ill_formed, mut repeated) = (0, 0, 0);
    for _ in 0..5_000 {
        let mut body = generate::body(&mut rng);
        if rng.chance(50) && !body.is_empty() {
            let at = rng.below(body.len());
            body[at] = rng.pick(b"{}[],:\"\\ue01.-+ \n\0\x1F\x7F\x80\xC3\xFF");
        }
        let outcome = checker.check(&policy, &body);
        let first = outcome.violations().next().map(|violation| violation.code());
        if matches!(first, Some(Code::NestingTooDeep | Code::BodyTooLarge)) {
            continue;
        }
        let text = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&body);
        let is_json = std::str::from_utf8(text).is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok());
        let refused = matches!(first, Some(Code::EmptyBody | Code::InvalidUtf8 | Code::InvalidJson));
        assert_eq!(is_json, !refused, "{:?}", String::from_utf8_lossy(&body));
        if refused {
            ill_formed += 1;
            continue;
        }
        well_formed += 1;
        // serde_json refuses lone surrogates in what it keeps.
        if let Ok(json) = serde_json::from_slice::<Json>(text) {
            let found = outcome.violations().filter(|violation| violation.code() == Code::DuplicateField).count();
            assert_eq!(found, duplicates::count(&json, 100), "{:?}", String::from_utf8_lossy(&body));
            repeated += usize::from(found > 0);
        }
    }
    assert!(well_formed > 2_000 && ill_formed > 500 && repeated > 50, "{well_formed} {ill_formed} {repeated}");
}

#[test]
fn the_library_writes_outcomes_as_they_are() {
    let mut rng = Rng::new(13);
    let mut checker = Checker::new();
    let mut out = Vec::new();
    for _ in 0..2_000 {
        let body = generate::body(&mut rng);
        let policy = generate::policy(&mut rng).unwrap_or_else(|| "{}".to_owned());
        out.clear();
        let expected = match checker.try_policy(policy.as_bytes()).expect("memory") {
            Ok(policy) => {
                let outcome = checker.check(&policy, &body);
                outcome.write_json(&mut out).expect("memory");
                support::outcome(&outcome)
            }
            Err(rejected) => {
                rejected.write_diagnostics_json(Severity::Violation, &mut out).expect("memory");
                support::faults(&rejected)
            }
        };
        assert_eq!(String::from_utf8_lossy(&out), expected);
    }
}

#[test]
fn a_policy_is_written_whole_and_reads_back_equal() {
    let mut rng = Rng::new(17);
    let mut read = 0;
    while read < 500 {
        let Some(json) = generate::policy(&mut rng) else { continue };
        let Ok(policy) = Policy::from_json(json.as_bytes()) else { continue };
        read += 1;
        let written = policy.to_json();
        let again = Policy::from_json(written.as_bytes()).unwrap_or_else(|error| panic!("{error} in {written}"));
        assert!(policy == again && again.to_json() == written, "{json}\n{written}");
    }
}
