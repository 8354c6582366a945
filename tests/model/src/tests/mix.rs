//! The generator's mix, and promises that hold for every body.

use std::collections::BTreeSet;

use crate::generate::{Rng, body, line, policy};
use crate::{Outcome, Policy, answer, check};

const BODY_CODES: [&str; 5] = ["empty_body", "body_too_large", "invalid_utf8", "invalid_json", "nesting_too_deep"];

#[test]
fn the_mix_of_bodies() {
    let mut rng = Rng::new(1);
    let (mut accepted, mut rejected, mut refused, mut bytes) = (0, 0, 0, 0);
    let mut codes = BTreeSet::new();
    let rounds = 3000;
    for _ in 0..rounds {
        let body = body(&mut rng);
        bytes += usize::min(body.len(), 20_000);
        let outcome = check(&Policy::default(), &body);
        let Outcome { request, violations, warnings, .. } = &outcome;
        codes.extend(violations.iter().chain(warnings).map(|found| found.code));
        match violations.first() {
            None => accepted += 1,
            Some(first) if BODY_CODES.contains(&first.code) => refused += 1,
            Some(_) => rejected += 1,
        }
        assert_eq!(request.is_some(), violations.is_empty());
    }
    println!("accepted {accepted}, rejected {rejected}, refused {refused}, bytes {bytes}");
    assert!((40..=55).contains(&(accepted * 100 / rounds)), "accepted {accepted}");
    assert!((30..=48).contains(&(rejected * 100 / rounds)), "rejected {rejected}");
    assert!((10..=22).contains(&(refused * 100 / rounds)), "refused {refused}");
    assert!(bytes / rounds < 1500, "{bytes}");
    // Every code that a body can have without `drop` and `keep`.
    assert_eq!(codes.len(), 32, "{codes:?}");
}

#[test]
fn the_mix_of_policies() {
    let mut rng = Rng::new(2);
    let (mut good, mut bad) = (0, 0);
    let mut codes = BTreeSet::new();
    for _ in 0..3000 {
        let Some(text) = policy(&mut rng) else { continue };
        match Policy::from_json(text.as_bytes()) {
            Ok(policy) => {
                good += 1;
                assert_eq!(Policy::from_json(policy.to_json().as_bytes()), Ok(policy));
            }
            Err(faults) => {
                bad += 1;
                codes.extend(faults.into_iter().map(|fault| fault.code));
            }
        }
    }
    println!("good {good}, bad {bad}");
    assert!(good > 600 && bad > 150, "good {good}, bad {bad}");
    let expected = [
        "type_mismatch",
        "missing_field",
        "unknown_field",
        "duplicate_field",
        "invalid_unicode",
        "out_of_range",
        "unknown_channel",
        "policy_conflict",
    ];
    assert_eq!(codes, BTreeSet::from(expected));
}

#[test]
fn lines_are_repeatable_and_answered() {
    let mut rng = Rng::new(3);
    let mut again = Rng::new(3);
    for index in 0..300 {
        let id = format!("g-{index}");
        let text = line(&mut rng, &id);
        assert_eq!(text, line(&mut again, &id));
        let reply = answer(&text);
        assert!(reply.starts_with(&format!("{{\"id\":\"{id}\",\"")), "{reply}");
        assert!(!reply.contains("\"error\":"), "{reply}");
    }
}

/// Warnings by code and normalized place.
fn codes_and_places(outcome: &Outcome) -> BTreeSet<(&'static str, String)> {
    let place = |pointer: &str| pointer.replacen("/applicationDescriptor", "/clientApplicationDescriptor", 1);
    outcome.warnings.iter().map(|found| (found.code, place(&found.pointer))).collect()
}

#[test]
fn normalizing_twice_changes_nothing() {
    let mut rng = Rng::new(4);
    let mut seen = 0;
    for _ in 0..3000 {
        let body = body(&mut rng);
        let policy = policy(&mut rng).unwrap_or_else(|| "{}".to_owned());
        let Ok(mut policy) = Policy::from_json(policy.as_bytes()) else { continue };
        // "warnings taken before the cap"; "the body limit apart".
        (policy.limits.warnings, policy.limits.body) = (1000, 16 * 1024 * 1024);
        let first = check(&policy, &body);
        let Some(request) = &first.request else { continue };
        let second = check(&policy, request);
        assert_eq!(second.request.as_ref(), Some(request));
        assert!(codes_and_places(&second).is_subset(&codes_and_places(&first)));
        seen += 1;
    }
    assert!(seen > 800, "{seen}");
}

#[test]
fn a_mebibyte_of_mistakes_takes_seconds() {
    let many = [
        format!("{{{}\"x\":1}}", "\"qq\":1,".repeat(149_000)),
        format!("[{}1]", "\"\\ud800\",".repeat(116_000)),
        format!("{{\"attachments\":[{}1]}}", "{},".repeat(300_000)),
        format!(
            "{}[{}1]{}",
            format!("{{\"{}\":", "~".repeat(64)).repeat(62),
            "\"\\ud800\",".repeat(100_000),
            "}".repeat(62)
        ),
    ];
    for body in many {
        let outcome = check(&Policy::default(), body.as_bytes());
        assert!(outcome.truncated && outcome.violations.len() == 64);
    }
}
