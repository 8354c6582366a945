//! The library against the model, over generated and mutated bodies and policies.
//!
//! `DIFFERENTIAL=1000000 DIFFERENTIAL_SEED=7 cargo test --release -p outgoing-to-device --test differential`
//! runs more of them, from another seed.

mod support;

use model::generate::{self, Rng};
use outgoing_to_device::Checker;

/// What the library says of a body under a policy file.
fn library(checker: &mut Checker, policy: &str, body: &[u8]) -> String {
    let policy = match checker.try_policy(policy.as_bytes()).expect("memory") {
        Ok(policy) => policy,
        Err(rejected) => return support::faults(&rejected),
    };
    support::outcome(&checker.check(&policy, body))
}

/// What the model says. It is asked as a host is asked.
fn model(policy: &str, body: &[u8]) -> String {
    let answer = model::answer(&format!(r#"{{"id":"","body_base64":"{}","policy":{policy}}}"#, model::base64(body)));
    let answer = answer.strip_suffix('}').expect("an object");
    let outcome = answer.strip_prefix(r#"{"id":"","outcome":"#).or(answer.strip_prefix(r#"{"id":"","policy_faults":"#));
    outcome.expect("an outcome").to_owned()
}

/// A smaller text that still has the property, found by leaving pieces out.
fn shrink(mut text: Vec<u8>, has: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut piece = text.len() / 2;
    while piece > 0 {
        let mut at = 0;
        while at + piece <= text.len() {
            let shorter = [&text[..at], &text[at + piece..]].concat();
            if has(&shorter) {
                text = shorter;
            } else {
                at += piece;
            }
        }
        piece /= 2;
    }
    text
}

#[test]
fn the_library_says_what_the_model_says() {
    let number = |name, default| std::env::var(name).map_or(default, |text| text.parse().expect("a number"));
    let (count, seed) = (number("DIFFERENTIAL", 20_000), number("DIFFERENTIAL_SEED", 1));
    let mut rng = Rng::new(seed);
    let mut checker = Checker::new();
    let mut differences = Vec::new();
    for index in 0..count {
        let body = generate::body(&mut rng);
        let policy = generate::policy(&mut rng).unwrap_or_else(|| "{}".to_owned());
        if library(&mut checker, &policy, &body) == model(&policy, &body) {
            continue;
        }
        let differ = |policy: &str, body: &[u8]| library(&mut Checker::new(), policy, body) != model(policy, body);
        // A difference that only the reused checker shows can't be made smaller.
        let body = if differ(&policy, &body) { shrink(body, |body| differ(&policy, body)) } else { body };
        // An empty body leaves the conformance line a valid policy only if it is JSON.
        let is_json = |text: &[u8]| serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok();
        let smaller = |text: &[u8]| is_json(text) && differ(std::str::from_utf8(text).unwrap_or("{}"), &body);
        let policy = String::from_utf8(shrink(policy.into_bytes(), smaller)).expect("JSON");
        differences.push(format!(
            "number {index} of seed {seed} differs\npolicy  {policy}\nbody    {:?}\nlibrary {}\nmodel   {}",
            String::from_utf8_lossy(&body),
            library(&mut Checker::new(), &policy, &body),
            model(&policy, &body),
        ));
        // A few tell more than the first; many would take long to be made smaller.
        if differences.len() == 8 {
            break;
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n\n"));
}
