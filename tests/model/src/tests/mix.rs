//! The generator's mix, and promises that hold for every body.
//!
//! `MODEL_ROUNDS=50 cargo test --release -p model mix` asks for 50 times as many bodies.

use std::collections::BTreeSet;

use crate::check::survey;
use crate::generate::{Rng, body, line, phone, policy};
use crate::literal::apply;
use crate::promise::{Before, is_kept, moved};
use crate::{Diagnostic, Edit, Outcome, Policy, Tally, answer, check};

const BODY_CODES: [&str; 5] = ["empty_body", "body_too_large", "invalid_utf8", "invalid_json", "nesting_too_deep"];

#[test]
fn the_mix_of_bodies() {
    let mut rng = Rng::new(1);
    let (mut accepted, mut rejected, mut refused, mut bytes) = (0, 0, 0, 0);
    let mut tally = Tally::default();
    let rounds = 3000;
    for _ in 0..rounds {
        let body = body(&mut rng);
        bytes += usize::min(body.len(), 20_000);
        let outcome = check(&Policy::default(), &body);
        tally.outcome(&outcome);
        match outcome.violations.first() {
            None => accepted += 1,
            Some(first) if BODY_CODES.contains(&first.code) => refused += 1,
            Some(_) => rejected += 1,
        }
        assert_eq!(outcome.request.is_some(), outcome.violations.is_empty());
    }
    println!("accepted {accepted}, rejected {rejected}, refused {refused}, bytes {bytes}\n{tally}");
    assert!((40..=55).contains(&(accepted * 100 / rounds)), "accepted {accepted}");
    assert!((30..=48).contains(&(rejected * 100 / rounds)), "rejected {rejected}");
    assert!((10..=22).contains(&(refused * 100 / rounds)), "refused {refused}");
    assert!(bytes / rounds < 1500, "{bytes}");
    // Every code that a body can have without `drop` and `keep`.
    assert_eq!(tally.codes().len(), 32, "{tally}");
    // Some of a code have a related place, or a fix, and some have none.
    for code in ["garbled_text", "unlikely_identifier", "invalid_address", "invalid_url"] {
        let (found, related, _) = tally.of(code);
        assert!(related > 5 && found > related, "{code}: {related} of {found} related");
    }
    let with_and_without = [
        "control_character",
        "duplicate_field",
        "invalid_address",
        "invalid_json",
        "invalid_name",
        "invalid_url",
        "type_mismatch",
        "unescaped_url",
        "unknown_channel",
        "unknown_field",
    ];
    for code in with_and_without {
        let (found, _, fixes) = tally.of(code);
        assert!(fixes > 5 && found > fixes, "{code}: {fixes} of {found} with a fix");
    }
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
        "too_many_items",
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

/// "Apart from a mark and a rule that the host itself has set, nothing ever touches a digit."
#[test]
fn nothing_touches_a_digit() {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let channel = crate::policy::Channel::new("SMS", &["phone"]);
    let (mut seen, mut rng) = (0, Rng::new(10));
    for _ in 0..30_000 {
        let valid = rng.chance(70);
        let text = crate::text::trimmed(&phone(&mut rng, valid));
        let Some(address) = crate::address::check(&channel, &text) else { continue };
        let written = digits(&text);
        let expected = if text.contains('+') { &written } else { written.strip_prefix("00").unwrap_or(&written) };
        assert_eq!(digits(&address.normalized), *expected, "{text:?}");
        // Read again, it is the same, and nothing new is said of it.
        let again = crate::address::check(&channel, &address.normalized).expect("an address");
        assert_eq!(again.normalized, address.normalized, "{text:?}");
        assert!(again.national <= address.national && again.unlikely <= address.unlikely, "{text:?}");
        seen += 1;
    }
    assert!(seen > 10_000, "{seen}");
}

/// Warnings by code and normalized place.
fn codes_and_places(outcome: &Outcome) -> BTreeSet<(&'static str, String)> {
    let place = |pointer: &str| pointer.replacen("/applicationDescriptor", "/clientApplicationDescriptor", 1);
    outcome.warnings.iter().map(|found| (found.code, place(&found.pointer))).collect()
}

#[test]
fn normalizing_twice_changes_nothing() {
    let mut seen = 0;
    for (mut policy, body) in bodies(4, 3000) {
        // "warnings taken before the cap"; "the body limit apart".
        (policy.limits.warnings, policy.limits.body) = (1000, 16 * 1024 * 1024);
        let first = check(&policy, &body);
        let Some(request) = &first.request else { continue };
        let second = check(&policy, request);
        assert_eq!(second.request.as_ref(), Some(request), "{}", String::from_utf8_lossy(request));
        let (new, old) = (codes_and_places(&second), codes_and_places(&first));
        assert!(new.is_subset(&old), "{new:?} {old:?} {}", String::from_utf8_lossy(&body));
        seen += 1;
    }
    assert!(seen > 800, "{seen}");
}

/// Bodies and the policies that they are checked under.
fn bodies(seed: u64, count: usize) -> impl Iterator<Item = (Policy, Vec<u8>)> {
    let mut rng = Rng::new(seed);
    let rounds: usize = std::env::var("MODEL_ROUNDS").map_or(1, |text| text.parse().expect("a number"));
    (0..count * rounds).filter_map(move |_| {
        let body = body(&mut rng);
        let policy = policy(&mut rng).unwrap_or_else(|| "{}".to_owned());
        Some((Policy::from_json(policy.as_bytes()).ok()?, body))
    })
}

/// The edits that the contract lists keep the promise that it makes of them: none had to be withheld.
#[test]
fn every_fix_keeps_its_promise() {
    let mut seen = 0;
    for (policy, body) in bodies(5, 2000) {
        let Some(survey) = survey(&policy, &body) else { continue };
        let before = Before::of(&policy, &body);
        for found in survey.violations.iter().chain(&survey.warnings).take(100) {
            let Some(fix) = &found.fix else { continue };
            assert!(is_kept(&policy, &body, &before, found, fix), "{found:?}\n{}", String::from_utf8_lossy(&body));
            seen += 1;
        }
    }
    assert!(seen > 700, "{seen}");
}

/// The same, told from outcomes only, with as many diagnostics as a policy can have.
#[test]
fn a_fix_makes_its_diagnostic_go() {
    let mut seen = 0;
    for (mut policy, body) in bodies(6, 2000) {
        (policy.limits.violations, policy.limits.warnings, policy.limits.body) = (1000, 1000, 16 * 1024 * 1024);
        let before = check(&policy, &body);
        for found in before.violations.iter().chain(&before.warnings).take(20) {
            let Some(fix) = &found.fix else { continue };
            let after = check(&policy, &apply(&body, fix));
            let mut all = after.violations.iter().chain(&after.warnings);
            if found.code == "invalid_json" {
                // What else is wrong is seen only then, and behind it.
                let next = all.find(|next| BODY_CODES.contains(&next.code));
                assert!(next.is_none_or(|next| next.offset >= found.offset), "{found:?}");
            } else if let Some(offset) = moved(found.offset, fix) {
                assert!(!all.any(|other| (other.code, other.offset) == (found.code, offset)), "{found:?}");
            }
            seen += 1;
        }
    }
    assert!(seen > 700, "{seen}");
}

#[test]
fn edits_stand_in_order_and_carry_nothing_of_a_message() {
    let mut seen = 0;
    for (policy, body) in bodies(7, 2000) {
        let outcome = check(&policy, &body);
        let names: Vec<&str> = policy.channels.iter().map(|channel| channel.name.as_str()).collect();
        for found in outcome.violations.iter().chain(&outcome.warnings) {
            let Some(fix) = &found.fix else { continue };
            assert!((1..=64).contains(&fix.len()));
            let (mut end, mut removed) = (0, false);
            for Edit { offset, length, text } in fix {
                // None overlaps, and neighbouring removals are one.
                let neighbours = removed && text.is_empty() && *offset == end;
                assert!(*offset >= end && !neighbours && offset + length <= body.len(), "{found:?}");
                (end, removed) = (offset + length, text.is_empty());
                let is_a_mark = ["", "\"", "_", "/"].contains(&text.as_str());
                let is_encoded = text.len() == 3 && text.starts_with('%');
                let is_a_name = Some(text) == found.suggestion.as_ref();
                assert!(is_a_mark || is_encoded || is_a_name, "{found:?}");
                assert!(text.is_ascii() || names.contains(&text.as_str()));
                seen += 1;
            }
            assert!(String::from_utf8(apply(&body, fix)).is_ok() || String::from_utf8(body.clone()).is_err());
        }
    }
    assert!(seen > 700, "{seen}");
}

/// "Fixes are applied one at a time, with a check between": that comes to an end.
#[test]
fn fixing_on_and_on_ends() {
    let (mut seen, mut most) = (0, 0);
    for (policy, mut body) in bodies(8, 1000) {
        let mut steps = 0;
        loop {
            let outcome = check(&policy, &body);
            let mut all = outcome.violations.iter().chain(&outcome.warnings);
            let Some(fix) = all.find_map(|found| found.fix.clone()) else { break };
            body = apply(&body, &fix);
            steps += 1;
            assert!(steps < 500, "{}", String::from_utf8_lossy(&body));
        }
        seen += steps;
        most = most.max(steps);
    }
    println!("{seen} fixes, {most} in one body");
    assert!(seen > 300, "{seen}");
}

/// "nothing else changes" under a policy that refuses warnings.
#[test]
fn refused_warnings_only_change_their_list() {
    let mut seen = 0;
    for (policy, body) in bodies(9, 3000) {
        let mut tolerant = Policy { refuse: Vec::new(), ..policy.clone() };
        let mut policy = policy;
        for limits in [&mut policy.limits, &mut tolerant.limits] {
            (limits.violations, limits.warnings) = (1000, 1000);
        }
        let (refusing, tolerating) = (check(&policy, &body), check(&tolerant, &body));
        let is_refused = |found: &Diagnostic| policy.refuse.iter().any(|code| code == found.code);
        let (refused, warnings): (Vec<_>, Vec<_>) = tolerating.warnings.iter().cloned().partition(is_refused);
        // The order of those at one place is that of the codes.
        let mut violations = [tolerating.violations.clone(), refused.clone()].concat();
        let mut found = refusing.violations.clone();
        for list in [&mut violations, &mut found] {
            list.sort_by_key(|one| (one.offset, one.code, one.pointer.clone()));
        }
        if refusing.truncated || tolerating.truncated {
            continue;
        }
        assert_eq!((&found, &refusing.warnings), (&violations, &warnings));
        assert_eq!(refusing.request, tolerating.request.filter(|_| refused.is_empty()));
        seen += usize::from(!refused.is_empty());
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn a_mebibyte_of_mistakes_takes_seconds() {
    let many = [
        format!("{{{}\"x\":1}}", "\"qq\":1,".repeat(149_000)),
        format!("{{{}\"x\":1}}", "\"mes\":1,".repeat(20_000)),
        format!("{{{}\"x\":1}}", "\"text\":1,".repeat(20_000)),
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
